"""Files with one index a name: nothing is to be found there, and the other files of this folder are not needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import inside, nodes, quantities
from symgrad.algebra.index import Affine, Index
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import substitute
from symgrad.network.equation import Equation
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.statement import DomainLine, PaddedLine, RangeLine, ShapeLine, Statement


@dataclass(frozen=True)
class Arrangement:
    """The lines of a file, each quantity with the index of the recurrence apart from those of families.

    symbol: the index of the recurrence. end: the last of it, "" where it is to be found. ranges: by letter, of
    families; of all indices in a grid. letters: by name those of the indices that are no recurrence. ends: of all
    ranges; depths: those of the recurrences of a grid.
    """

    symbol: str
    statements: list[Statement]
    equations: list[Equation]
    end: str = ""
    ranges: dict[str, Span] = field(default_factory=dict)
    letters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: dict[str, Span] = field(default_factory=dict)
    ends: frozenset[str] = frozenset()
    depths: tuple[str, ...] = ()
    grid: bool = False


def plain_lines(statements: Sequence[Statement], equations: Sequence[Equation]) -> Arrangement:
    """Return the lines of a plain file, in which every step has the same index symbol."""
    symbol = next((e.target.index.symbol for e in equations if isinstance(e.target.index, Index)), "j")
    return Arrangement(symbol, list(statements), [_with_symbol(e, symbol) for e in equations])


def is_plain(statements: Sequence[Statement], equations: Sequence[Equation]) -> bool:
    """Tell whether a file has one index a name, no sums over indices, and a single chain of steps."""
    targets = [s.target for s in statements if isinstance(s, ShapeLine | DomainLine)]
    all_quantities = [*targets, *(q for e in equations for q in (e.target, *quantities(e.value)))]
    return not (
        any(q.further for q in all_quantities)
        or any(isinstance(s, RangeLine | PaddedLine) for s in statements)
        or any(isinstance(p, Affine) for q in all_quantities for p in q.indices)
        or any(isinstance(x, IndexSum) for e in equations for x in nodes(e.value))
        or _branches(equations)
    )


def _branches(equations: Sequence[Equation]) -> bool:
    """Tell whether equations with one index a name are no single chain: b[t] reads b[t+1], or c[0] reads h[T]."""
    stepped = {e.target.name for e in equations if isinstance(e.target.index, Index)}
    ends = set()
    for e in equations:
        for q in quantities(e.value):
            if isinstance(q.index, Index) and q.name in stepped:
                if not isinstance(e.target.index, Index):
                    ends.add(q.index.symbol)
                if q.index.offset > 0 if isinstance(e.target.index, Index) else e.target.index is not None:
                    return True
    return len(ends) > 1


def _with_symbol(e: Equation, symbol: str) -> Equation:
    """Write every step with the same index symbol."""
    if not isinstance(e.target.index, Index) or e.target.index.symbol == symbol:
        return e
    value = replaced_letters(e.value, {e.target.index.symbol: Index(symbol)}, e.line)
    return Equation(Quantity(e.target.name, Index(symbol)), value, e.line)


def replaced_letters(e: Expression, renames: Mapping[str, Index], line: Line) -> Expression:
    """Replace index symbols; the parts of the new expression stand where those of the old one do."""
    new = substitute(e, renames)
    pending = [(e, new)]
    while pending:
        old, other = pending.pop()
        line.keep(old, other)
        pending += zip(inside(old), inside(other), strict=True)
    return new
