"""A recurrence and its closed form: a_{n+1} = 2 a_n + 1 with a_0 = 0 has a_n = 2^n - 1."""

from __future__ import annotations

import re

from flint import arb, fmpq

from symgrad.audit.case import Case
from symgrad.audit.checks.solved.fit import FAILS
from symgrad.audit.checks.solved.linked import Linked
from symgrad.audit.checks.solved.statement import Statement
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import Node, Symbol, Unknown, symbols, walk
from symgrad.reading.value import Value, evaluate

KIND = "recurrence"
_TERM = re.compile(r"([A-Za-z]+)_([nkmtij])(?:([+-])(\d))?\Z")
FIRST, LAST = 4, 12
"""Places at which a recurrence is tried."""


def closed_form(case: Case, link: Linked) -> Judgement | None:
    """Judge the closed form of a recurrence; None where the equation right before it is none."""
    del case
    equation, own = link.equations[-1], link.own.nodes
    if not equation.is_equation or len(equation.nodes) != 2 or link.own.chain.relations[0] != "=":
        return None
    term = _TERM.match(own[0].name) if isinstance(own[0], Symbol) else None
    if term is None or term[3] or not _is_recurrence(equation, term[1], term[2]):
        return None
    name, letter, body = term[1], term[2], own[1]
    if not symbols(body) <= {letter} or any(isinstance(n, Unknown) for n in walk(body)):
        return unchecked("a closed form with other letters", KIND)
    tried = [_holds(equation, name, letter, body, n) for n in range(FIRST, LAST)]
    begins = [_has(s, name, letter, body) for s in link.given]
    if None in tried or None in begins:
        return unchecked("a closed form that has no value", KIND)
    if all(tried) and all(begins):
        return Judgement(Word.CONFIRMED, reason="it solves the recurrence", kind=KIND)
    if link.doubt or link.joint.kind not in ("then", "has") or (any(tried) and not all(tried)):
        return unchecked("perhaps a solution", KIND)
    reason = "it does not begin with what is given" if all(tried) else "it does not solve the recurrence"
    return Judgement(Word.REFUTED, reason=reason, kind=KIND)


def _is_recurrence(equation: Statement, name: str, letter: str) -> bool:
    """Tell whether an equation relates terms of a sequence to each other, and has no other letters."""
    found = [_TERM.match(x) for n in equation.nodes for x in symbols(n) - {letter}]
    same = [m for m in found if m is not None and m[1] == name and m[2] == letter]
    return len(same) == len(found) and len({m[0] for m in same}) > 1


def _term_at(body: Node, letter: str, n: int) -> Value:
    return evaluate(body, {letter: fmpq(n)})


def _holds(equation: Statement, name: str, letter: str, body: Node, n: int) -> bool | None:
    """Tell whether the terms around one place satisfy a recurrence; None where they have no values."""
    values: dict[str, Value] = {letter: fmpq(n)}
    try:
        for x in frozenset().union(*map(symbols, equation.nodes)):
            if (term := _TERM.match(x)) and term[1] == name:
                values[x] = _term_at(body, letter, n + int(f"{term[3] or '+'}{term[4] or 0}"))
        left, right = (evaluate(side, values) for side in equation.nodes)
        return _is_zero(left - right)
    except FAILS:
        return None


def _has(statement: Statement, name: str, letter: str, body: Node) -> bool | None:
    """Tell whether a closed form begins with a term that is given, a_0 = 0; None where that is not known."""
    first = statement.nodes[0]
    found = re.match(rf"{name}_(\d+)\Z", first.name) if isinstance(first, Symbol) else None
    if found is None:
        return None
    try:
        return _is_zero(_term_at(body, letter, int(found[1])) - evaluate(statement.nodes[1], {}))
    except FAILS:
        return None


def _is_zero(x: Value) -> bool:
    return bool(x == 0) if isinstance(x, fmpq) else isinstance(x, arb) and bool(x.contains(0))
