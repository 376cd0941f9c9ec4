"""Parts of arrays in equations: x[2], W[1,2], W[:,1], x[1:k]; places are counted from 1, both ends are included.

A name with an index is one of a family or of the steps, w[j], unless it is declared, or defined, as an array without
an index: of ``W: (m, n)`` the entry W[1,2].
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from symgrad.algebra.dimension import Size, named, plus
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import inside, rebuilt
from symgrad.algebra.index import Position, parts, symbols
from symgrad.algebra.shape import Dimension, Shape
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
    """Tells which names with indices are arrays of which an entry is meant: those that stand without an index too."""

    def __init__(self, declared: Mapping[str, Shape], defined: Collection[str], written: Iterable[Quantity]) -> None:
        """declared: the shapes of names that are declared without an index. written: every quantity of the file."""
        self.sizes = frozenset(n.name for shape in declared.values() for d in shape for n in named(d))
        indexed = {q.name for q in written if any(not self._is_place(p) for p in q.indices)}
        self.ranks = {name: len(shape) for name, shape in declared.items() if shape and name not in indexed}
        self.defined = {name for name in defined if name not in indexed and name not in declared}

    def _is_place(self, p: Position) -> bool:
        return symbols((p,)) <= self.sizes

    def reads_entry(self, q: Quantity) -> bool:
        """Tell whether q is an entry of an array, W[1,2], and no quantity of a family or of a step."""
        return bool(q.indices) and (self.ranks.get(q.name) == len(q.indices) or q.name in self.defined)

    def written(self, e: Expression, line: Line) -> Expression:
        """Return e with entries in the place of what was read as quantities with an index."""
        if isinstance(e, Quantity) and self.reads_entry(e):
            sizes = [_size(p) for p in e.indices]

            def fail(what: str, todo: str) -> NoReturn:
                line.fail(what, todo, line.span(e)[0])

            for n in sizes:
                if isinstance(n, int) and n < 1:
                    fail(f"there is no entry {n} of {e.name}", "entries are counted from 1")
            return line.keep(e, parted(Quantity(e.name), sizes, fail))
        new = rebuilt(e, lambda x: self.written(x, line))
        return e if all(a is b for a, b in zip(inside(e), inside(new), strict=True)) else line.keep(e, new)


def _size(p: Position) -> Size:
    """Return an index whose letters are dimensions as a place."""
    terms, offset = parts(p)
    total: Size = offset
    for symbol, times in terms:
        total = plus(total, Dimension(symbol), times)
    return total
