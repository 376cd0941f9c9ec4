"""Matrices of derivatives by name beside what they are, where z_1 := x² + y² is defined before."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import chains_of
from symgrad.reading.tree import Derivative, Node, Symbol, Tuple, symbols

KIND = "jacobian"


def jacobian(case: Case) -> Judgement | None:
    """Judge (∂z/∂x, ∂z/∂y) = (2 x, 2 y), entry by entry; None for anything else."""
    if case.relation != "=" or not isinstance(case.left, Tuple) or not isinstance(case.right, Tuple):
        return None
    named, found = _entries(case.left), _entries(case.right)
    if not named or not all(isinstance(n, Derivative) and isinstance(n.body, Symbol) for row in named for n in row):
        return None
    if [len(row) for row in named] != [len(row) for row in found]:
        return unchecked("matrices of different sizes", KIND)
    known = _defined(case)
    pairs = zip((n for row in named for n in row), (v for row in found for v in row), strict=True)
    for name, value in pairs:
        assert isinstance(name, Derivative)
        assert isinstance(name.body, Symbol)
        body = known.get(name.body.name)
        if body is None:
            return unchecked(f"{name.body.name} is not defined", KIND)
        if name.variable not in symbols(body):
            return unchecked(f"{name.body.name} does not depend on {name.variable}", KIND)
        said = compare(Derivative(body, name.variable), value, name.variable)
        if said.word is not Word.CONFIRMED:
            return Judgement(said.word, reason=said.reason, kind=KIND)
    return Judgement(Word.CONFIRMED, reason="entry by entry, at points", kind=KIND)


def _entries(matrix: Tuple) -> list[tuple[Node, ...]]:
    return [row.items for row in matrix.items if isinstance(row, Tuple)]


def _defined(case: Case) -> dict[str, Node]:
    """Return the formulas that the page has defined last, by their letters."""
    found: dict[str, Node] = {}
    for kind, text in case.passage.known:
        for chain in chains_of(text) if kind == "formula" else ():
            left, right = (side.node for side in chain.sides[:2]) if chain.relations == (":=",) else (None, None)
            if isinstance(left, Symbol) and right is not None:
                found[left.name] = right
    return found
