"""Parts of arrays in equations: x[2], W[1,2], W[:,1], x[1:k]; places are counted from 1, both ends are included.

A name with an index is one of a family or of the steps, w[j], unless it is declared, or defined, as an array without
an index: of ``W: (m, n)`` the entry W[1,2].
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from symgrad.algebra.dimension import Size, named, plus
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import inside, quantities, rebuilt
from symgrad.algebra.index import Index, Position, parts, symbols
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.shape import Dimension, Shape
from symgrad.network.equation import Equation
from symgrad.ops.part import COLUMN, COLUMNS, ENTRY, ROW, ROWS, place, slice_of

if TYPE_CHECKING:  # it reads parts
    from symgrad.network.syntax.line import Line


@dataclass(frozen=True)
class Through:
    """The places first, ..., last."""

    first: Size
    last: Size

    @property
    def length(self) -> Size:
        """How many they are."""
        return plus(plus(self.last, self.first, -1), 1)

    def of(self, e: Expression, axis: int) -> Expression:
        """Return the part of an array."""
        return Apply(slice_of(axis), (e, place(self.first), place(self.length)))


Part = Size | Through | None
"""A place, several, or a whole axis."""
Fail = Callable[[str, str], NoReturn]


def parted(e: Expression, places: Sequence[Part], fail: Fail) -> Expression:
    """Return a part of a vector (one place) or of a matrix (two)."""
    for p in places:
        if isinstance(p, Through) and isinstance(p.length, int) and p.length < 1:
            fail(f"the slice {p.first}:{p.last} is empty", "both ends belong to it: x[1:3] are x_1, x_2, x_3")
    match places:
        case [None] | [None, None]:
            fail("this is the whole array", "write it without places: x")
        case [Through() as several]:
            return several.of(e, ROWS)
        case [int() | Dimension() as one]:
            return Apply(ENTRY, (e, place(one)))
        case [row, column]:
            return _of_matrix(e, row, column)
    fail(f"{len(places)} places", "an entry of a vector is x[2], of a matrix W[1,2]")


def _of_matrix(e: Expression, row: Part, column: Part) -> Expression:
    single = row is not None and not isinstance(row, Through)
    if isinstance(row, Through):
        e = row.of(e, ROWS)
    elif row is not None:
        e = Apply(ROW, (e, place(row)))
    if isinstance(column, Through):
        return column.of(e, ROWS if single else COLUMNS)
    return e if column is None else Apply(ENTRY if single else COLUMN, (e, place(column)))


class Arrays:
    """Tells which names with indices are arrays of which an entry is meant.

    An entry by numbers or dimensions is one of what is declared, or defined, without an index; by a letter that a sum
    or a left side gives a range, one of what is defined so, or is read without an index as well: else it is a family.
    """

    def __init__(self, lines: Iterable[tuple[Quantity, Shape | None]], equations: Sequence[Equation]) -> None:
        """lines: what the file declares, with its shape where that is what is declared."""
        lines, reads = list(lines), [q for e in equations for q in quantities(e.value)]
        targets = [e.target for e in equations]
        self.with_index = {q.name for q in (*targets, *(q for q, _ in lines)) if q.indices}
        plain = {q.name: shape for q, shape in lines if shape is not None and q.name not in self.with_index}
        self.sizes = frozenset(n.name for _, shape in lines for d in shape or () for n in named(d))
        by_letter = {q.name for q in (*targets, *reads) if not symbols(q.indices) <= self.sizes}
        whole = {q.name for q in reads if not q.indices}
        self.defined = {q.name for q in targets if not q.indices} - self.with_index - set(plain)
        self.ranks = {name: len(s) for name, s in plain.items() if s and (name in whole or name not in by_letter)}
        self.ranks |= {q.name: len(plain[q.name]) for q in targets if plain.get(q.name)}

    def reads_entry(self, q: Quantity, letters: frozenset[str]) -> bool:
        """Tell whether q is an entry of an array, W[1,2], and no quantity of a family or of a step.

        letters: those that have a range where q stands.
        """
        if not q.indices or not symbols(q.indices) <= self.sizes | letters:
            return False
        return self.ranks.get(q.name) == len(q.indices) or q.name in self.defined

    def written(self, e: Equation, ranges: Collection[str]) -> Equation:
        """Return an equation with entries in the place of what was read as quantities with an index."""
        value = self._written(e.value, e.line, frozenset((*ranges, *symbols(e.target.indices))))
        return e if value is e.value else replace(e, value=value)

    def _written(self, e: Expression, line: Line, letters: frozenset[str]) -> Expression:
        if isinstance(e, Quantity) and self.reads_entry(e, letters):
            sizes = [_place(p, self.sizes) for p in e.indices]

            def fail(what: str, todo: str) -> NoReturn:
                line.fail(what, todo, line.span(e)[0])

            for n in sizes:
                if isinstance(n, int) and n < 1:
                    fail(f"there is no entry {n} of {e.name}", "entries are counted from 1")
            return line.keep(e, parted(Quantity(e.name), sizes, fail))
        inner = letters | {e.symbol} if isinstance(e, IndexSum) else letters
        new = rebuilt(e, lambda x: self._written(x, line, inner))
        return e if all(a is b for a, b in zip(inside(e), inside(new), strict=True)) else line.keep(e, new)


def _place(p: Position, sizes: Collection[str]) -> Size:
    """Return an index as a place: a letter is a dimension, or the number that an index has."""
    terms, offset = parts(p)
    total: Size = offset
    for symbol, times in terms:
        total = plus(total, Dimension(symbol) if symbol in sizes else Dimension("", Index(symbol)), times)
    return total
