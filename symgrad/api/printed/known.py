"""What the names on a page stand for, by the network and the notation it is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from symgrad.algebra.dimension import named
from symgrad.algebra.shape import Dimension
from symgrad.export.notation import Notation
from symgrad.network.functions import LINEAR, OF_TWO, called
from symgrad.network.network import Network
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.linear import LOG_SOFTMAX
from symgrad.ops.loss import LOSSES
from symgrad.ops.record import Elementwise
from symgrad.ops.reduction import OPS, Reduction
from symgrad.ops.reduction import REDUCTIONS as BY_NAME
from symgrad.ops.unit import Unit
from symgrad.ops.vector import VectorWitness
from symgrad.reading.page.document import formula
from symgrad.reading.page.lexicon import Entry, Lexicon
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Call, Name

Function = Callable[..., Any]
"""A function of an arithmetic A and of its arguments in A."""


class Names(Protocol):
    """What a page is read with: the names of its quantities and of its functions."""

    @property
    def quantities(self) -> Lexicon:
        """The names of quantities."""

    def function(self, printed: Name) -> Function | None:
        """Return the function of a name without primes."""


@dataclass(frozen=True)
class Known:
    """The names of a network, as a notation spells them. notation: without the names that would clash."""

    network: Network
    notation: Notation

    @cached_property
    def quantities(self) -> Lexicon:
        """Every quantity, and the dimensions, which stand for their size."""
        names = {n: i for n, i in self.network.names.items() if n not in self.network.derivatives}
        names |= {d.name: int(d.index is not None) for d in self._dimensions() if d.name not in names}
        spelled = self.notation.names
        entries = (Entry(n, spelled.get(n, n), i, self._above(n), self._axes(n)) for n, i in names.items())
        return Lexicon(tuple(entries), self.notation.index)

    def _above(self, name: str) -> int | None:
        """Return which index of a name is the recurrence's: in some notations it stands above the name."""
        if name not in self.network.names:
            return 0
        known = self.network.example(name)
        return None if known.index is None else known.ahead

    def _axes(self, name: str) -> int:
        """Return the number of axes of a quantity."""
        return len(self.network.shape(self.network.example(name))) if name in self.network.names else 0

    def _dimensions(self) -> Iterator[Dimension]:
        for shape in self.network.shapes.values():
            yield from (n for d in shape for n in named(d))

    def spelled(self, name: str) -> str:
        """Return how the page spells a name, a letter by its ASCII name."""
        return self.notation.names.get(name, name)

    def position(self, symbol: str) -> str:
        """Return how the page writes an index symbol."""
        return self.notation.indices.get(symbol, symbol)

    def function(self, printed: Name) -> Function | None:
        """Return the function of a name without primes: the network's own, else one of the records."""
        try:
            found = self._own.find(printed)
            if found is not None:
                return self._values[found.name]
            found = RECORDS.find(printed)
        except NotUnderstoodError:
            return None
        return None if found is None or found.power is not None else of_record(found.name)

    @cached_property
    def _values(self) -> dict[str, Function]:
        ops = {**self.network.functions, **REDUCTIONS, **called(self.network)}
        kept = Elementwise | VectorWitness | Unit
        values = {name: op.record if isinstance(op.record, kept) else op.value for name, op in ops.items()}
        return {**SUMS, **OF_COLUMNS, **values}

    @cached_property
    def _own(self) -> Lexicon:
        """The functions that the equations call, by their name there and by the name that their record prints."""
        entries = {Entry(name, name) for name in (*LINEAR, *REDUCTIONS, *SUMS, *OF_COLUMNS) if name.isidentifier()}
        of_one = {name: op for name, op in LINEAR.items() if name not in OF_TWO.values()}  # max(x, y) is found by max
        entries |= {Entry(name, op.text) for name, op in of_one.items() if op.text.isidentifier()}
        entries -= {Entry(name, name) for name in OF_TWO.values()}
        for name, op in called(self.network).items():
            entries.add(Entry(name, self.notation.names.get(name, name)))
            if isinstance(op.record, Elementwise) and name in (op.record.name, *op.record.aliases):
                entries |= {Entry(name, word) for word in words(op.record)}
        return Lexicon(tuple(entries))


def words(record: Elementwise) -> set[str]:
    r"""Return how a record prints its name: ReLU; and in LaTeX, \operatorname{ReLU} or \ln."""
    latex = formula(rf"{record.latex}(x)").sides
    printed = {latex[0].function.base} if latex and isinstance(latex[0], Call) else set()
    return {record.text, *printed}


def of_record(name: str) -> Function:
    """Return the function of an entry of ``RECORDS``."""
    if name in ELEMENTWISE:
        return ELEMENTWISE[name]
    if name in LOSSES:
        return LOSSES[name].value
    return lambda A, *x: getattr(A, {"sum": "total"}.get(name, name))(*x)


REDUCTIONS = {**OPS, LOG_SOFTMAX.name: LOG_SOFTMAX}
"""Functions of vectors and of the rows of matrices, by their printed names."""


def _by_rows(f: Function) -> Function:
    """Return X -> f(row) in every entry of a row; of a vector, which is a column, of each entry alone."""
    return lambda A, x: A.rows(lambda r: f(A, r) * A.ones_like(r), x if A.rank(x) == 2 else x[:, None])


def _by_columns(f: Function) -> Function:
    by_rows = _by_rows(f)
    return lambda A, x: A.transpose(by_rows(A, A.transpose(x if A.rank(x) == 2 else x[:, None])))


SUMS = {
    f"{of}{what}": by(f)
    for of, by in (("row", _by_rows), ("col", _by_columns))
    for what, f in (("sum", lambda A, r: A.total(r)), ("mean", lambda A, r: A.total(r) / A.size(r)))
}
"""Sums over rows and columns, which have the shape of what they are of."""


def _of_each_column(record: Reduction) -> Function:
    return lambda A, x: A.rows(lambda r: record.value(A, r), A.transpose(x))


OF_COLUMNS = {r.of_column: _of_each_column(r) for r in BY_NAME.values() if r.of_column not in SUMS}
"""Functions of each column of a matrix."""

TABLE = ("inv", "expm", "sum", "softmax", "logsumexp", "step", "sign", "relu", "negative_part", "abs", "sqrt")
"""Functions that every number system has, and that a rule may write."""

RECORDS = Lexicon(
    tuple(
        {
            **{(r.name, word): Entry(r.name, word) for r in ELEMENTWISE.values() for word in (r.name, *words(r))},
            **{(name, name): Entry(name, name) for name in (*LOSSES, *TABLE)},
        }.values()
    )
)
