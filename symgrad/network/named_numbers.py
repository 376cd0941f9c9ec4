"""Names of constants and of dimensions where equations use them as numbers."""

from __future__ import annotations

from collections.abc import Sequence

from symgrad.algebra.dimension import named as dimensions_in
from symgrad.algebra.expression_tree import quantities
from symgrad.network.constant import MEANING, with_numbers
from symgrad.network.equation import Equation
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.statement import DomainLine, ShapeLine, Statement


def constant_names(statements: Sequence[Statement], equations: Sequence[Equation]) -> frozenset[str]:
    """Return which of I, ones, e and pi the file does not declare, define or read with an index."""
    named = {s.target.name for s in statements if isinstance(s, ShapeLine | DomainLine)}
    named |= {d.name for s in statements if isinstance(s, ShapeLine) for size in s.shape for d in dimensions_in(size)}
    named |= {e.target.name for e in equations}
    named |= {q.name for e in equations for q in quantities(e.value) if q.indices}
    return frozenset(MEANING) - named


def size_names(statements: Sequence[Statement], equations: Sequence[Equation]) -> frozenset[tuple[str, bool]]:
    """Return the names of the dimensions, with whether they carry an index; none is a quantity too."""
    sizes: dict[tuple[str, bool], Line] = {}
    for s in statements:
        for size in s.shape if isinstance(s, ShapeLine) else ():
            for d in dimensions_in(size):
                sizes.setdefault((d.name, d.index is not None), s.line)
    declared = [(s.target, s.line) for s in statements if isinstance(s, ShapeLine | DomainLine)]
    for q, line in (*declared, *((e.target, e.line) for e in equations)):
        if (of := sizes.get((q.name, q.index is not None))) is not None:
            line.fail(
                f"{q} is a dimension in line {of.number}, and cannot be a quantity too",
                f"in an equation {q} is the size itself; give the quantity another name",
            )
    return frozenset(sizes)


def with_named_numbers(e: Equation, constants: frozenset[str], sizes: frozenset[tuple[str, bool]]) -> Equation:
    """Return an equation with the constants and the sizes that it uses as the numbers that they are."""
    value = with_numbers(e.value, e.line, constants, sizes)
    return e if value is e.value else Equation(e.target, value, e.line)
