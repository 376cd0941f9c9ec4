"""An equation solved for one of its letters: v = u + a t gives t = (v - u) / a."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.identity import perhaps_imaginary
from symgrad.audit.checks.formula.points import WHOLE, compare
from symgrad.audit.checks.solved.fit import Equation
from symgrad.audit.checks.solved.linked import Linked
from symgrad.audit.checks.solved.statement import base_of
from symgrad.audit.checks.solved.values import values_of
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.doubt.edits import edited
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import Derivative, Integral, Node, Number, Symbol, Tuple, Unknown, substituted, symbols, walk

KIND = "solution"
MOST_EDITS = 120
ZERO = Number(Fraction(0), "0")


def solved_for(case: Case, link: Linked) -> Judgement | None:
    """Judge a formula for a letter of the equation before it; None where the equation does not have this letter.

    It is refuted where all other letters of the equation stand in it, and one slip makes it right.
    """
    equation, values = _equation(link), values_of(link.own)
    if equation is None or not values or link.own.chain.relations[0] != "=":
        return None
    inside = symbols(equation[0]) | symbols(equation[1])
    letter = next((x for x in (_named(link), base_of(link.own)) if x in inside), "")
    outside = frozenset().union(*map(symbols, values))
    if not letter or letter in outside or not outside - WHOLE <= inside or not outside:
        return None
    if any(map(_is_unclear, (*equation, *values))) or perhaps_imaginary(*equation, *values):
        return None
    words = [_word(equation, letter, value, case.domain) for value in values]
    if all(w is Word.CONFIRMED for w in words):
        return Judgement(Word.CONFIRMED, reason="it solves the equation for this letter", kind=KIND)
    if Word.REFUTED not in words or outside != inside - {letter}:
        return unchecked("perhaps a solution", KIND)
    return _wrong(link, equation, letter, values)


def _named(link: Linked) -> str:
    node = link.own.nodes[0]
    return node.name if isinstance(node, Symbol) else ""


def _equation(link: Linked) -> Equation | None:
    """Return the equation right before an answer; None where it is a chain, or equates no formulas."""
    last = link.equations[-1]
    if not last.is_equation or len(last.nodes) != 2:
        return None
    return last.nodes[0], last.nodes[1]


def _is_unclear(node: Node) -> bool:
    return any(isinstance(n, Unknown | Derivative | Integral | Tuple) for n in walk(node)) or "∞" in symbols(node)


def _word(equation: Equation, letter: str, value: Node, domain: ClaimDomain) -> Word:
    """Return whether a formula in the place of a letter makes an equation true, at points, or for positive letters."""
    left, right = (substituted(side, letter, value) for side in equation)
    if (word := compare(left, right, domain=domain).word) in (Word.CONFIRMED, Word.REFUTED):
        return word
    letters = sorted(symbols(left) | symbols(right))
    for negative in ("", *letters):  # roots are defined where one letter is negative, or none
        signs = ((Symbol(x), "<" if x == negative else ">", ZERO) for x in letters)
        found = compare(left, right, domain=ClaimDomain((*domain.bounds, *signs))).word
        if found in (Word.CONFIRMED, Word.REFUTED):
            return found
    return Word.UNCHECKED


def _wrong(link: Linked, equation: Equation, letter: str, values: tuple[Node, ...]) -> Judgement:
    """Return the judgement of a formula that does not solve an equation: refuted where a slip explains it."""
    if link.doubt:
        return unchecked(f"it does not solve the equation; the text says “{link.doubt}”", KIND)
    if link.joint.kind != "then" or len(link.equations) > 1 or len(link.answers) > 1 or len(values) > 1:
        return unchecked("perhaps no solution of this equation alone", KIND)
    everywhere = ClaimDomain()
    for said, other in islice(edited(values[0], symbols(values[0])), MOST_EDITS):
        if letter not in symbols(other) and _word(equation, letter, other, everywhere) is Word.CONFIRMED:
            return Judgement(Word.REFUTED, reason=f"it does not solve the equation: {said}", kind=KIND)
    return unchecked("it does not solve the equation, and no slip of the pen explains it", KIND)
