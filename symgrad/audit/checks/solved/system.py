"""A system of equations and its solution: x + y = 3, x - y = -1 give x = 1, y = 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flint import fmpq, fmpq_mat

from symgrad.arithmetic.dyadic import rational
from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.formula.polynomial import terms
from symgrad.audit.checks.number.link import judge
from symgrad.audit.checks.number.rounding import as_printed, judged, printed
from symgrad.audit.checks.solved.linked import Linked
from symgrad.audit.checks.solved.statement import Statement
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import Node, Number, Symbol, Tuple, Unknown, substituted, symbols, walk

KIND = "solution"
MOST = 6
"""Letters of a system."""
Values = dict[str, Node]


def solution_of_system(case: Case, link: Linked) -> Judgement | None:
    """Judge the solution of several equations; None where there are not several.

    Of linear equations each number is compared with the only solution; of others all are put in, and nothing refuted.
    """
    del case
    equations = [s for s in link.equations if s.is_equation and len(s.nodes) == 2]
    own = _values((link.own,))
    letters = sorted(frozenset().union(*(symbols(n) for s in equations for n in s.nodes)))
    if len(letters) < 2 or len(equations) != len(link.equations) or not own or not own.keys() <= set(letters):
        return None
    if any(isinstance(s.nodes[0], Symbol) and s.nodes[0].name in own and is_closed(s.nodes[1]) for s in equations):
        return None
    if any(isinstance(n, Unknown | Tuple) for s in equations for side in s.nodes for n in walk(side)):
        return None
    only = _only_solution(equations, letters) if len(letters) <= MOST else None
    if only is not None:
        return _compared(link, own, only)
    values = _values(link.statements[_first_answer(link) :])
    if not set(letters) <= values.keys() or not all(_holds(s, values) for s in equations):
        return unchecked("perhaps a solution", KIND)
    return Judgement(Word.CONFIRMED, reason="it solves all of the equations", kind=KIND)


def _first_answer(link: Linked) -> int:
    return next(i for i, s in enumerate(link.statements) if s is link.equations[-1]) + 1


def _values(statements: Sequence[Statement]) -> Values:
    """Return what statements say that letters are, (x, y) = (1, 2) and x = 1, the first of each."""
    found: Values = {}
    for statement in statements:
        match statement.nodes:
            case (Symbol(name), value) if is_closed(value):
                found.setdefault(name, value)
            case (Tuple(names), Tuple(values)) if len(names) == len(values) and all(map(is_closed, values)):
                found |= {n.name: v for n, v in zip(names, values, strict=True) if isinstance(n, Symbol)}
    return found


def _only_solution(equations: Sequence[Statement], letters: Sequence[str]) -> Mapping[str, fmpq] | None:
    """Return the only solution of linear equations; None where there is none, or not only one."""
    rows = [_row(s, letters) for s in equations]
    found = [row for row in rows if row is not None]
    if len(found) < len(rows) or len(found) < len(letters):
        return None
    matrix, rank = fmpq_mat(found).rref()
    size = len(letters)
    diagonal = all(matrix[i, i] == 1 for i in range(size))
    return {x: matrix[i, size] for i, x in enumerate(letters)} if rank == size and diagonal else None


def _row(statement: Statement, letters: Sequence[str]) -> list[fmpq] | None:
    left, right = (terms(n) for n in statement.nodes)
    if left is None or right is None:
        return None
    total = {m: left.get(m, Fraction(0)) - right.get(m, Fraction(0)) for m in {**left, **right}}
    if any(sum(power for _, power in m) > 1 for m in total):
        return None
    row = [total.get(((x, 1),), Fraction(0)) for x in letters]
    return [rational(x) for x in (*row, -total.get((), Fraction(0)))]


def _compared(link: Linked, own: Values, only: Mapping[str, fmpq]) -> Judgement:
    """Compare numbers with the only solution of a system."""
    right, found = ", ".join(f"{x} = {only[x]}" for x in own), []
    for x, value in own.items():
        p = printed(value)
        exact = judge([Number(Fraction(int(only[x].p), int(only[x].q)), str(only[x])), value], "=")[0]
        word = exact if p is None else judged(only[x], p, link.own.chain.relations[0])[0]
        found.append(word)
        right = as_printed(only[x], p) if p is not None and len(own) == 1 else right
    if all(w is Word.CONFIRMED for w in found):
        return Judgement(Word.CONFIRMED, reason="it solves all of the equations", kind=KIND)
    if Word.REFUTED not in found:
        return Judgement(Word.NOTE, right, "rounded", KIND)
    decimal = any(isinstance(n, Number) and n.places for s in link.equations for side in s.nodes for n in walk(side))
    if link.doubt or decimal or link.joint.kind not in ("then", "has", "of"):
        why = f"the text says “{link.doubt}”" if link.doubt else "perhaps of other equations"
        return Judgement(Word.UNCHECKED, right, f"it does not solve the equations; {why}", KIND)
    return Judgement(Word.REFUTED, right, "it does not solve the equations", KIND)


def _holds(statement: Statement, values: Values) -> bool:
    left, right = statement.nodes
    for x, value in values.items():
        left, right = substituted(left, x, value), substituted(right, x, value)
    return is_closed(left) and is_closed(right) and judge([left, right], "=")[0] is Word.CONFIRMED
