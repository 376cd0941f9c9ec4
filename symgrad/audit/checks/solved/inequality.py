r"""A linear inequality and the next step of its solution: 3 - 2x > 7 \implies x < -2."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import WHOLE
from symgrad.audit.checks.solved.linked import doubt_of
from symgrad.audit.checks.solved.roots import quotient
from symgrad.audit.checks.solved.statement import Statement, place_of, statements
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import Apply, Number, symbols, walk

KIND = "solution"
TURNED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}


@dataclass(frozen=True)
class Half:
    """The numbers on one side of an end: above it or below, with it or without."""

    letter: str
    end: fmpq
    above: bool
    closed: bool


def inequality(case: Case) -> Judgement | None:
    """Judge a linear inequality that follows from the one before it; None where it follows from none.

    It is refuted where it leaves out numbers, more than the end and what lies between two integers, for which the one
    before it holds.
    """
    found = statements(case.passage, case.reading)
    place = place_of(case, found)
    if not place or found[place].before.kind not in ("then", "row"):
        return None
    before, own = half(found[place - 1]), half(found[place])
    if before is None or own is None or before.letter != own.letter:
        return None
    if before == own:
        return Judgement(Word.CONFIRMED, reason="it follows from the inequality before it", kind=KIND)
    doubt = doubt_of(case.passage)
    if doubt or not found[place].before.signs or found[place].before.kind != "then" or not _leaves_out(before, own):
        return unchecked("perhaps no step of a calculation", KIND)
    value = f"{own.letter} {'>' if before.above else '<'}{'=' if before.closed else ''} {before.end}"
    return Judgement(Word.REFUTED, value.replace(">=", "≥").replace("<=", "≤"), "it does not follow", KIND)


def _leaves_out(before: Half, own: Half) -> bool:
    """Tell whether numbers that satisfy one inequality do not satisfy the other, by more than a step to integers."""
    if before.above != own.above:
        return True
    if before.letter.partition("_")[0] in WHOLE or (own.end.q == 1 and abs(own.end - before.end) <= 1):
        return False
    return bool(own.end > before.end if own.above else own.end < before.end)


def half(statement: Statement) -> Half | None:
    """Return the numbers for which a linear inequality of one letter holds; None for other statements."""
    nodes, relations = statement.nodes, statement.chain.relations
    if len(nodes) != 2 or relations[0] not in TURNED:
        return None
    letters = symbols(nodes[0]) | symbols(nodes[1])
    if len(letters) != 1 or any(isinstance(n, Number) and n.places for side in nodes for n in walk(side)):
        return None
    [letter] = letters
    found = quotient(Apply("-", nodes), letter)
    if found is None or found[1].degree() > 0 or found[0].degree() != 1:
        return None
    factor = found[1][0]
    constant, slope = found[0][0] / factor, found[0][1] / factor
    relation = relations[0] if slope > 0 else TURNED[relations[0]]
    return Half(letter, -constant / slope, relation in (">", "≥"), relation in ("≤", "≥"))
