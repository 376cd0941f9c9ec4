"""A network is its equations: the equations of one step, what they start from, and what closes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from symgrad.algebra.expression import Apply, Constant, Expression, Partial, Quantity, quantities
from symgrad.algebra.index import Index
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension, Shape, shape_at
from symgrad.errors import IndexRangeError, ModelError, UnknownName
from symgrad.network.constant import MEANING
from symgrad.network.domain import Assumption, Domain
from symgrad.network.equation import Equation
from symgrad.network.graph import lags
from symgrad.network.suspicion import notes


@dataclass(frozen=True, eq=False)
class Network:
    """The equations of a network.

    openings: unindexed or boundary equations that read no layer (``K = A@B``, ``s[0] = tanh(v)``).
    steps: one step of the recurrence, for ``symbol`` = 1, 2, ..., each equation after those it reads.
    closings: unindexed equations that read ``a[L]``, where L is the depth.
    """

    name: str
    openings: tuple[Equation, ...]
    steps: tuple[Equation, ...]
    closings: tuple[Equation, ...]
    symbol: str
    depth_symbol: str
    functions: Mapping[str, Op] = field(repr=False)
    shapes: Mapping[Quantity, Shape] = field(repr=False)
    """Shapes of unindexed and boundary quantities; of an indexed one under the key name[symbol]."""
    text: str = field(repr=False)
    bindings: tuple[tuple[str, str], ...] = ()
    """Functions bound after reading: (("sigma", "tanh"),)."""
    forms: tuple[str, ...] = ()
    """Parameters replaced after reading: ("W[l] = 1.5*I",)."""
    assumptions: tuple[Assumption, ...] = ()
    """What is declared of the values of parameters: (y: simplex,); of an indexed one under name[symbol]."""

    def shape(self, q: Quantity) -> Shape:
        """Return the shape of a quantity; at index 3 a per-layer shape (n[l], n[l-1]) is (n[3], n[2])."""
        if q in self.shapes:
            return self.shapes[q]
        if q.index is None:
            return ()
        return shape_at(self.shapes.get(Quantity(q.name, Index(self.symbol)), ()), {self.symbol: q.index})

    def domains(self, q: Quantity) -> tuple[Domain, ...]:
        """Return what is assumed of the values of a quantity; of w[3] what is declared of w[j]."""
        keys = (q, Quantity(q.name, Index(self.symbol))) if q.index is not None else (q,)
        return tuple(a.domain for a in self.assumptions if a.target in keys)

    def shape_of(self, e: Expression) -> Shape:
        """Return the shape of an expression of the network's quantities."""
        match e:
            case Quantity():
                return self.shape(e)
            case Apply(op, arguments):
                return op.shape(*map(self.shape_of, arguments))
            case Partial(_, _, value):
                return self.shape_of(value)
            case Constant():
                return e.own_shape
        return ()

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """Every equation, in the order of evaluation."""
        return (*self.openings, *self.steps, *self.closings)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Equation, ...]]:
        """The equations by the names that they define: of a state its step, and perhaps where it starts."""
        found: dict[str, tuple[Equation, ...]] = {}
        for e in self.equations:
            found[e.target.name] = (*found.get(e.target.name, ()), e)
        return found

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Sentences on names that may have been meant as something else: `wh` for w*h."""
        return notes(self)

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names that the steps define."""
        return frozenset(e.target.name for e in self.steps)

    @cached_property
    def fixed(self) -> frozenset[str]:
        """The states that a step reads at a number, itself or through an opening: at j = 1 it reads s[0] twice.

        s[j] = s[j-1] + s[0] does, and s[j] = s[j-1] + m with m = 2*s[0].
        """
        read = {q for e in self.steps for q in quantities(e.value)}
        read = read.union(*(self.opening_reads.get(q, ()) for q in read))
        return self.defined & {q.name for q in read if isinstance(q.index, int)}

    @cached_property
    def opening_reads(self) -> Mapping[Quantity, frozenset[Quantity]]:
        """For each quantity that an opening defines, the boundary values that it is computed from."""
        found: dict[Quantity, frozenset[Quantity]] = {}
        for e in self.openings:  # each after those it reads
            reads = set(quantities(e.value))
            direct = {q for q in reads if isinstance(q.index, int) and q.name in self.defined}
            found[e.target] = frozenset(direct.union(*(found.get(q, ()) for q in reads)))
        return found

    @cached_property
    def lags(self) -> dict[str, set[int]]:
        """For each indexed name the lags with which one step reads it."""
        return lags(self.steps, self.symbol)

    @cached_property
    def parameters(self) -> tuple[Quantity, ...]:
        """What the equations read and do not define: weights, inputs, targets, boundary values.

        An indexed parameter stands as name[symbol], a boundary value as name[0]. A layer that is read by its
        number, w[1], belongs to w[symbol].
        """
        given = {e.target for e in (*self.openings, *self.closings)}
        found: dict[Quantity, None] = {}
        for q in self._reads():
            if isinstance(q.index, Index):
                if q.name not in self.defined:
                    found[Quantity(q.name, Index(self.symbol))] = None
            elif q not in given and not self._is_layer(q):
                found[q] = None
        for name, steps in self.lags.items():
            if name in self.defined:
                for lag in range(1, max(steps) + 1):
                    if Quantity(name, 1 - lag) not in given:
                        found[Quantity(name, 1 - lag)] = None
        return tuple(found)

    def _is_layer(self, q: Quantity) -> bool:
        """Tell whether q is one layer, by its number, of a quantity that every step or the last one has."""
        if not isinstance(q.index, int):
            return False
        return (
            q.index > 0 if q.name in self.defined else q.name in self._layered and q.index >= self.first_index(q.name)
        )

    @cached_property
    def _layered(self) -> frozenset[str]:
        """The names that are read with a symbolic index."""
        return frozenset(q.name for q in self._reads() if isinstance(q.index, Index))

    def least_depth(self, of: Quantity) -> int:
        """Return the smallest depth at which everything exists that ``of`` is computed from."""
        read = {of}
        for e in reversed(self.closings):
            if e.target in read:
                read |= set(quantities(e.value))
        closed = read - {of} if any(e.target == of for e in self.closings) else set()
        fixed = (q for e in self.steps for q in quantities(e.value) if isinstance(q.index, int))
        return max([1, *map(self._depth_of, (*closed, *fixed))])

    def _depth_of(self, q: Quantity) -> int:
        if isinstance(q.index, Index):
            return self.first_index(q.name) - q.index.offset
        if q.index is None or not self._is_layer(q):
            return 1
        return q.index if q.name in self.defined else q.index - self.last_index(q.name, 0)

    def first_index(self, name: str) -> int:
        """Return the first index that an indexed parameter has: 1, or 0 where a step reads w[j-1]."""
        return 1 - max(self.lags.get(name, {0}), default=0)

    def last_index(self, name: str, depth: int) -> int:
        """Return the last index that an indexed parameter has at a depth."""
        last = depth - min(self.lags.get(name, {0}), default=0) if name in self.lags else 0
        for e in self.closings:
            for q in quantities(e.value):
                if q.name == name and isinstance(q.index, Index):
                    last = max(last, depth + q.index.offset)
        return last

    def _reads(self) -> Iterator[Quantity]:
        for e in self.equations:
            yield from quantities(e.value)

    @cached_property
    def names(self) -> dict[str, bool]:
        """Every quantity's name, and whether it carries an index."""
        targets = [e.target for e in self.equations]
        return {q.name: q.index is not None for q in [*targets, *self._reads()]}

    def resolve(self, q: Quantity, depth: int | None = None) -> Quantity:
        """Check that the model has the quantity q, and put the depth in the place of its symbol."""
        if q.name not in self.names:
            meaning = MEANING.get(q.name, "a dimension" if self._is_dimension(q.name) else "")
            if meaning:
                raise ModelError(
                    f"{q.name} is {meaning} in this model, and no quantity",
                    where=f"model {self.name}",
                    todo="write the model with a quantity of another name in its place",
                )
            raise UnknownName("quantity", str(q), self.names, where=f"model {self.name}")
        indexed = self.names[q.name]
        if indexed != (q.index is not None):
            carries, has = ("an", "none") if indexed else ("no", "one")
            raise ModelError(
                f"{q.name} carries {carries} index in this model, and {q} has {has}",
                where=f"model {self.name}",
                todo=f"write {q.name}[1] or {q.name}[{self.depth_symbol}]" if indexed else f"write {q.name}",
            )
        if (
            isinstance(q.index, Index)
            and q.index.symbol != self.depth_symbol
            and not self.names.get(q.index.symbol, True)
        ):
            raise ModelError(
                f"{q.index.symbol} is a quantity of this model, and not the index of {q.name}",
                where=f"model {self.name}",
                todo=f"write another letter for the index, or a number: {q.name}[1]",
            )
        if isinstance(q.index, Index) and q.index.symbol == self.depth_symbol and depth is not None:
            q = Quantity(q.name, depth + q.index.offset)
        self._check_range(q, depth)
        return q

    def _is_dimension(self, name: str) -> bool:
        return any(isinstance(d, Dimension) and d.name == name for shape in self.shapes.values() for d in shape)

    def _check_range(self, q: Quantity, depth: int | None) -> None:
        if isinstance(q.index, Index):
            if q.index.symbol == self.depth_symbol and q.index.offset > 0:
                raise IndexRangeError(
                    f"{q} lies beyond the last layer, {self.depth_symbol}", todo="give an earlier index"
                )
            return
        if q.index is None or q in {e.target for e in self.openings}:
            return
        boundary = q in self.parameters
        first = 1 if q.name in self.defined else self.first_index(q.name)
        last = None if depth is None else depth
        if depth is not None and q.name not in self.defined:
            last = self.last_index(q.name, depth)
        if not boundary and (q.index < first or (last is not None and q.index > last)):
            upto = str(last) if last is not None else self.depth_symbol
            raise IndexRangeError(
                f"{q} does not exist: the index of {q.name} runs from {first} to {upto}",
                where=f"model {self.name}",
                todo=f"give an index from {first} to {upto}",
            )
