"""A network is its equations: the equations of one step, what they start from, and what closes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from symgrad.algebra.differential import Change, Cotangent, Partial
from symgrad.algebra.dimension import named
from symgrad.algebra.expression import Apply, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import applications, nodes, quantities, reads
from symgrad.algebra.index import Affine, Index, Position, difference, minus, symbols
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Shape, shape_at
from symgrad.algebra.span import Span, holds, reach
from symgrad.algebra.substitution import move
from symgrad.errors import IndexRangeError, ModelError, UnknownName
from symgrad.network.advice import meant_as_index
from symgrad.network.constant import MEANING
from symgrad.network.domain import Assumption, Domain
from symgrad.network.equation import Equation, general
from symgrad.network.graph import lags
from symgrad.network.grid import grid_parameters
from symgrad.network.suspicion import notes
from symgrad.ops.power import MATRIX_POWER


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
    ranges: Mapping[str, Span] = field(default_factory=dict, repr=False)
    """By letter what the indices of families run through."""
    letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """By name the letters of the further indices: of x[l,i] it is ("i",)."""
    grid: tuple[Equation, ...] = ()
    """The equations of a network that is no chain, in place of openings, steps and closings: two recurrences, or one
    that runs backwards, or a step that reads a sum of steps. All indices of its quantities are further ones."""
    depths: tuple[str, ...] = ()
    """The letters that the recurrences of a grid end with."""
    members: Mapping[str, Span] = field(default_factory=dict, repr=False)
    """The letters of single members of families, as o in log(p[o]), with the range that each lies in."""

    derivatives: Mapping[str, tuple[Quantity, Quantity]] = field(default_factory=dict, repr=False)
    """Quantities that are derivatives, ∂E/∂x, by their names: what is derived, and by what."""

    def __eq__(self, other: object) -> bool:
        """Tell whether two networks have the same equations, read from the same text."""
        if self is other or type(self) is not type(other):
            return self is other
        return all(getattr(self, f.name) == getattr(other, f.name) for f in reversed(fields(self)))

    def __hash__(self) -> int:
        return hash((self.text, self.name, self.bindings, self.forms))

    def shape(self, q: Quantity) -> Shape:
        """Return the shape of a quantity; at index 3 a per-layer shape (n[l], n[l-1]) is (n[3], n[2])."""
        if q in self.shapes:
            return self.shapes[q]
        if not q.indices:
            return ()
        own, bindings = general(q, self.symbol, self.letters)
        return shape_at(self.shapes.get(own, ()), bindings)

    def general(self, q: Quantity) -> Quantity:
        """Return the quantity at its general index: w[j] for w[3] and for w[j-1], x[l,i] for x[2,k]."""
        return general(q, self.symbol, self.letters)[0]

    def spans(self, q: Quantity) -> tuple[Span, ...]:
        """Return the ranges of the further indices of a quantity, in their order."""
        return tuple(self.ranges[letter] for letter in self.letters.get(q.name, ()))

    def extents(self, q: Quantity) -> tuple[Span, ...]:
        """Return the ranges of the further indices of a parameter, wider where x[t+1] is read."""
        spans = list(self.spans(q))
        defined = any(e.target.name == q.name for e in self.equations)
        for e in () if defined else self.equations:
            for r, under in reads(e.value):
                own = {s.symbol: s for s in (*self.free(e), *under)}
                for n, p in enumerate(r.further if r.name == q.name else ()):
                    if own.keys() & symbols((p,)):
                        (first, last), (lower, upper) = reach(p, own), spans[n][1:3]
                        lower = first if not holds(minus(p, lower), own) and holds(minus(lower, first), {}) else lower
                        upper = last if not holds(minus(upper, p), own) and holds(minus(last, upper), {}) else upper
                        spans[n] = Span(spans[n].symbol, lower, upper)
        return tuple(spans)

    def free(self, e: Equation) -> tuple[Span, ...]:
        """Return the ranges of the indices that the left side of an equation leaves open, the recurrence's first."""
        own = symbols(e.target.indices)
        steps = (Span(self.symbol, 1, Index(self.depth_symbol)),) if isinstance(e.target.index, Index) else ()
        return (*steps, *(s for s in self.spans(e.target) if s.symbol in own))

    def domains(self, q: Quantity) -> tuple[Domain, ...]:
        """Return what is assumed of the values of a quantity; of w[3] what is declared of w[j]."""
        keys = (q, self.general(q)) if q.indices else (q,)
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
            case Change(q) | Cotangent(_, q):
                return self.shape(q)
            case IndexSum():
                return self.shape_of(e.body)
            case Constant():
                return e.own_shape
        return ()

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """Every equation, in the order of evaluation."""
        return (*self.openings, *self.steps, *self.closings, *self.grid)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Equation, ...]]:
        """The equations by the names that they define: of a state its step, and perhaps where it starts."""
        found: dict[str, tuple[Equation, ...]] = {}
        for e in self.equations:
            found[e.target.name] = (*found.get(e.target.name, ()), e)
        return found

    @cached_property
    def compound(self) -> bool:
        """Whether an equation reads at a sum of letters, x[i+k-1]."""
        return any(isinstance(p, Affine) for e in self.equations for q in quantities(e.value) for p in q.indices)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Sentences on names that may have been meant as something else: `wh` for w*h."""
        return notes(self)

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names that the steps define."""
        return frozenset(e.target.name for e in self.steps)

    @cached_property
    def exponents(self) -> frozenset[Quantity]:
        """The parameters k that are exponents of a matrix, A^k."""
        applied = (x for e in self.equations for x in applications(e.value) if x.op == MATRIX_POWER)
        return frozenset(n for x in applied if isinstance(n := x.arguments[1], Quantity))

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
        if self.grid:
            return grid_parameters(self)
        given = {e.target for e in (*self.openings, *self.closings)}
        found: dict[Quantity, None] = {}
        for q in self._reads():
            if isinstance(q.index, Index):
                if q.name not in self.defined:
                    found[self.general(q)] = None
            elif q not in given and not self._is_layer(q):
                whole = self.general(q) if q.further else q
                if whole not in given:
                    found[whole] = None
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
        assert isinstance(q.index, int)  # as that of a layer is
        return q.index if q.name in self.defined else q.index - self.last_index(q.name, 0)

    def first_index(self, name: str) -> int:
        """Return the first index that an indexed parameter has: 1, or 0 where a step reads w[j-1]."""
        first = 1 - max(self.lags.get(name, {0}), default=0)
        for q, spans in self._after:
            for s in spans:
                if q.name == name and isinstance(q.index, Index) and q.index.symbol == s.symbol:
                    first = min(first, q.index.offset + s.lower) if isinstance(s.lower, int) else first
        return first

    def last_index(self, name: str, depth: int) -> int:
        """Return the last index that an indexed parameter has at a depth."""
        last = depth - min(self.lags.get(name, {0}), default=0) if name in self.lags else 0
        for q, spans in self._after:
            if q.name == name and isinstance(q.index, Index):
                last = max(last, depth + q.index.offset + _beyond(q.index.symbol, spans, self.depth_symbol))
        return last

    @cached_property
    def index_letters(self) -> frozenset[str]:
        """The letters of families and of sums, and those that ranges end with."""
        spans = [*self.ranges.values(), *(s for e in self.equations for _, under in reads(e.value) for s in under)]
        return frozenset((*self.ranges, *self.members)).union(self.bound_letters, *(s.free for s in spans))

    @cached_property
    def open_letters(self) -> frozenset[str]:
        """The letters that an end of a sum is written with and that nothing gives a number: k of sum[t:k+1:T](…)."""
        own = {self.symbol, self.depth_symbol, *self.depths, *self.members}
        own = own.union(*(s.free for s in self.ranges.values()))
        found: set[str] = set()
        for e in self.equations:
            letters = symbols(e.target.indices)
            for _, under in reads(e.value):
                for n, s in enumerate(under):  # an end may be written with the letters of the sums outside
                    found |= s.free - letters - {x.symbol for x in under[:n]}
        return frozenset(found - own)

    @cached_property
    def counted_entries(self) -> frozenset[str]:
        """The letters at which sums over entries of arrays end: sizes of parameters, as the n of sum[i:1:n](x[i])."""
        known = {n.name for q in self.parameters for d in self.shape(q) for n in named(d)}
        return self.open_letters & known

    def check_open(self) -> None:
        """Raise IndexRangeError where an end of a sum has a letter that stands for no number."""
        for letter in sorted(self.open_letters - self.counted_entries):
            raise IndexRangeError(
                f"a sum of {self.name} ends at {letter}, and {letter} has no number",
                todo=f"write the number itself, or an equation for every {letter}: 'e[{letter}] = sum[...](...)'",
            )

    @cached_property
    def bound_letters(self) -> frozenset[str]:
        """The letters that sums and products over an index bind in the equations."""
        return frozenset(x.symbol for e in self.equations for x in nodes(e.value) if isinstance(x, IndexSum))

    def reads_sums(self, name: str) -> bool:
        """Tell whether a sum over the steps reads what carries a name."""
        return any(
            q.name == name and q.index and symbols((q.index,)) & {s.symbol for s in spans} for q, spans in self._after
        )

    @cached_property
    def _after(self) -> tuple[tuple[Quantity, tuple[Span, ...]], ...]:
        """What is read after the last step, with the sums that it stands under."""
        return tuple(r for e in self.closings for r in reads(e.value))

    def _reads(self) -> Iterator[Quantity]:
        for e in self.equations:
            yield from quantities(e.value)

    @cached_property
    def names(self) -> dict[str, int]:
        """Every quantity's name, and how many indices it carries."""
        targets = [e.target for e in self.equations]
        return {q.name: len(q.indices) for q in [*targets, *self._reads()]}

    def _meant(self, q: Quantity) -> str:
        """Return what to write where b1 or b_1 stands for b[1]; the empty text where it does not."""
        name, index = (None if q.indices else meant_as_index(q.name)) or ("", "")
        return f"write '{name}[{index}]' for the {name} of index {index}." if self.names.get(name) else ""

    def resolve(self, q: Quantity, depth: int | None = None) -> Quantity:
        """Check that the model has the quantity q, and put the depth in the place of its symbol."""
        q = self.arranged(q)
        if q.name not in self.names:
            meaning = MEANING.get(q.name, "a dimension" if self._is_dimension(q.name) else "")
            if meaning:
                raise ModelError(
                    f"{q.name} is {meaning} in this model, and no quantity",
                    where=f"model {self.name}",
                    todo="write the model with a quantity of another name in its place",
                )
            raise UnknownName("quantity", str(q), self.names, f"model {self.name}", self._meant(q))
        indexed = self.names[q.name]
        if bool(indexed) != bool(q.indices):
            carries, has = ("an", "none") if indexed else ("no", "one")
            entry = "; an entry of it is derived by --form product alone" * bool(self.shape(Quantity(q.name)))
            raise ModelError(
                f"{q.name} carries {carries} index in this model, and {q} has {has}",
                where=f"model {self.name}",
                todo=f"write {q.name}[1] or {q.name}[{self.depth_symbol}]" if indexed else f"write {q.name}{entry}",
            )
        if len(q.indices) != indexed:
            general = self.general(self.example(q.name))
            many = "1 index" if indexed == 1 else f"{indexed} indices"
            places = {1: "[i]", 2: "[i,j]"}.get(len(self.shape(general)))
            entry = f"; an entry of it is {q.name}[{q.indices[0]}]{places}" if places and indexed == 1 else ""
            raise ModelError(
                f"{q.name} carries {many} in this model, and {q} has {len(q.indices)}",
                where=f"model {self.name}",
                todo=f"write {general}, or numbers in its place{entry}",
            )
        if self.grid:
            return q if depth is None else move(q, dict.fromkeys(self.depths, depth))
        if isinstance(q.index, Index) and q.index.symbol != self.depth_symbol and self.names.get(q.index.symbol) == 0:
            raise ModelError(
                f"{q.index.symbol} is a quantity of this model, and not the index of {q.name}",
                where=f"model {self.name}",
                todo=f"write another letter for the index, or a number: {q.name}[1]",
            )
        if isinstance(q.index, Index) and q.index.symbol == self.depth_symbol and depth is not None:
            q = q.at(depth + q.index.offset)
        self._check_range(q, depth)
        return q

    def arranged(self, q: Quantity) -> Quantity:
        """Return a quantity as it is written, x[l,i], with the index of the recurrence apart from the further ones."""
        letters = self.letters.get(q.name)
        if letters is None or (q.further and q.index is None):
            return q
        known = self.example(q.name)
        if len(known.indices) != len(q.indices):
            raise ModelError(
                f"{q.name} carries {len(known.indices)} indices in this model, and {q} has {len(q.indices)}",
                where=f"model {self.name}",
                todo=f"write {self.general(known)}, or numbers in its place",
            )
        positions = q.indices
        family = known.index is None and not self.grid
        for p, span in zip(positions if family else (), self.spans(known), strict=False):
            _check_in(q, p, span)
        if known.index is None:
            return Quantity(q.name, None, positions)
        n = known.ahead
        return Quantity(q.name, positions[n], positions[:n] + positions[n + 1 :], n)

    def example(self, name: str) -> Quantity:
        """Return a quantity of this name, as it is written somewhere."""
        return self._examples[name]

    @cached_property
    def _examples(self) -> dict[str, Quantity]:
        """One of the quantities of each name, one that carries indices where there is one."""
        every = [*(e.target for e in self.equations), *self._reads()]
        return {q.name: q for q in sorted(every, key=lambda q: len(q.indices))}

    def _is_dimension(self, name: str) -> bool:
        return any(n.name == name for shape in self.shapes.values() for d in shape for n in named(d))

    def _check_range(self, q: Quantity, depth: int | None) -> None:
        if not isinstance(q.index, int):
            if isinstance(q.index, Index) and q.index.symbol == self.depth_symbol and q.index.offset > 0:
                raise IndexRangeError(
                    f"{q} lies beyond the last layer, {self.depth_symbol}", todo="give an earlier index"
                )
            return
        if q in {e.target for e in self.openings}:
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


def _beyond(symbol: str, spans: tuple[Span, ...], depth_symbol: str) -> int:
    """Return how far beyond the depth a symbol runs that a sum binds."""
    for s in spans:
        if s.symbol == symbol and isinstance(s.upper, Index) and s.upper.symbol == depth_symbol:
            return s.upper.offset
    return 0


def _check_in(q: Quantity, p: Position, span: Span) -> None:
    low, high = (difference(p, end) for end in (span.lower, span.upper))
    if (low is not None and low < 0) or (high is not None and high > 0):
        raise IndexRangeError(
            f"{q} does not exist: {span.symbol} runs from {span.lower} to {span.upper}",
            todo=f"give an index from {span.lower} to {span.upper}",
        )
