"""The solver of the closed form: how X leaves the states, how Y enters them, and the product of steps between.

∂X/∂Y = R (∏_{j=m+1}^{σ} J_j) E_m,      R = ∂X/∂S_σ,   E_m = ∂⁺S_m/∂Y.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Position, difference, fresh, symbols
from symgrad.algebra.index_sum import Bound
from symgrad.algebra.linear_map import Identity, LinearMap, Named, Zero
from symgrad.algebra.map_algebra import IDENTITY, ZERO
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move
from symgrad.calculus.assumption import Assumption, Distinct
from symgrad.calculus.bound import apart, bound, collapse, moved_key, under
from symgrad.calculus.jacobian import through
from symgrad.calculus.state import Component, step_jacobian, step_row
from symgrad.network.graph import general
from symgrad.network.network import Network

Rows = dict[tuple[Position, tuple[Span, ...]], dict[Component, LinearMap]]
"""How X depends on the states, by the step at which they stand and the sums that bind its letter."""

Place = tuple[Position, tuple[Span, ...], Component]
"""A part of the state at a step, and the sums that bind the letter of the step."""

Vector = Mapping[Component, LinearMap]
"""A block row or a block column over the state, by its entries that are not zero."""


@dataclass(frozen=True)
class Exit:
    """How X depends on the state at step σ (row), and on what it reads directly."""

    position: Position
    row: Vector
    shared: bool = False
    """Whether X has other exits besides."""
    spans: tuple[Span, ...] = ()
    """The sums that X takes over such steps; the last of them binds the letter of the position."""


@dataclass(frozen=True)
class Entry:
    """How y acts on the state at step m."""

    of: Quantity
    position: Position
    column: Vector
    shared: bool = False
    """Whether y acts on other steps besides."""


class Solver:
    """One derivative: the network, X and Y, and the assumptions that were needed on the way."""

    def __init__(self, network: Network, of: Quantity, wrt: Quantity, depth: int | None) -> None:
        self.network, self.of, self.wrt, self.depth = network, of, wrt, depth
        self.assumptions: list[Assumption | Distinct] = []
        self.jacobian = step_jacobian(network)
        used = {q.index.symbol for q in (of, wrt) if isinstance(q.index, Index)} | {network.depth_symbol}
        used |= set(network.names)  # ∑_{k=1}^{L} of what reads a parameter k would say something else
        used |= symbols((*of.further, *wrt.further)).union(network.ranges, network.bound_letters)
        self.product_symbol = fresh(network.symbol, used)
        self.sum_symbol = fresh("k", used | {self.product_symbol})

    # --- the total derivative -------------------------------------------------------------------------

    def total(self) -> LinearMap:
        """Add the paths to Y itself and those through opening equations that read Y."""
        self._keep_apart_from_fixed_reads()
        terms = [self._by(self.wrt)]
        for target in self._openings_that_read(self.wrt):
            before = list(self.assumptions)
            target = self.of if general(target) == general(self.of) else target
            by = self._by(target)
            if by == ZERO:
                self.assumptions = before
                continue
            row = through(self.network, self.network.openings, {target: IDENTITY}, self.wrt)
            spans = self._letters(target) if target != self.of else []
            for key, inner in row.items():
                read, m = key, M.compose(by, inner)
                for span in reversed(spans):
                    read, m = under(span, read, m)
                terms.append(collapse(read, m, self.wrt, self))
        self._keep_apart_from_openings()
        if self.of == self.wrt:
            return IDENTITY
        return M.add(*terms)

    def _by(self, y: Quantity) -> LinearMap:
        """Return ∂X/∂y with the openings held fixed."""
        if self.of == y:
            return IDENTITY
        exits, direct = self._exits(y)
        terms = [self._term(x, e) for x in exits for e in self._entries(y)]
        return M.add(*terms, *(self._shared(x, y) for x in exits), direct)

    def _term(self, exit_: Exit, entry: Entry) -> LinearMap:
        if exit_.spans:
            return self._summed_term(exit_, entry)
        if not self._precedes(entry.position, exit_.position):
            return ZERO
        return self._assemble(exit_, entry)

    def _summed_term(self, exit_: Exit, entry: Entry) -> LinearMap:
        """Return Σ_t R_t (∏_{j=m+1}^{t} J_j) E_m over the t from m on."""
        *outer, span = exit_.spans
        assert isinstance(exit_.position, Index)  # the letter that the sum binds
        first = entry.position - exit_.position.offset
        later = difference(first, span.lower)
        early = isinstance(first, int)
        if later is None:  # a number comes before a letter: Σ_{t>k} ∂ℓ_t/∂s_0
            larger, smaller = (span.lower, first) if early else (first, span.lower)
            self.assumptions.append(Assumption(larger, smaller))
        if difference(span.upper, first) is None and (later is None or later > 0):
            self.assumptions.append(Assumption(span.upper, first))
        span = span._replace(lower=span.lower if (early if later is None else later < 0) else first)
        term = M.summed(span, self._assemble(exit_, entry))
        for s in reversed(outer):
            term = M.summed(s, term)
        return term

    def _assemble(self, exit_: Exit, entry: Entry) -> LinearMap:
        """Return R (∏_{j=m+1}^{σ} J_j) E_m, over the components that lie on a path from E to R."""
        row, column, start = self._named_row(exit_), self._named_column(entry), entry.position
        if difference(exit_.position, start) == 0:
            return M.dot(row, column)
        kept = self._between(exit_.row, entry.column)
        if not kept:
            return ZERO
        step = M.block([[self._named_entry(p, q) for q in kept] for p in kept])
        body = map_tree.at_index(step, {self.network.symbol: Index(self.product_symbol)})
        steps = map_tree.product(self.product_symbol, start + 1, exit_.position, body)
        left = M.block([[row.get(p, ZERO) for p in kept]])
        right = M.block([[column.get(q, ZERO)] for q in kept])
        return M.compose(left, steps, right)

    # --- the names of the parts -----------------------------------------------------------------------

    def _name(self, of: Quantity, wrt: Quantity, m: LinearMap, scope: str) -> LinearMap:
        """Return m under its name."""
        inner = m.map if isinstance(m, Named) and (m.of, m.wrt) == (of, wrt) else m
        return m if isinstance(m, Identity | Zero) else Named(of, wrt, inner, scope)

    def _named_row(self, exit_: Exit) -> dict[Component, LinearMap]:
        if exit_.shared or exit_.spans:
            return dict(exit_.row)  # X acts through another exit too: this part of it has no name of its own
        scope = "step" if len(exit_.row) > 1 else "total"
        return {c: self._name(self.of, c.at(exit_.position), m, scope) for c, m in exit_.row.items()}

    def _named_column(self, entry: Entry) -> dict[Component, LinearMap]:
        scope = "step" if entry.shared else "total"
        return {c: self._name(c.at(entry.position), entry.of, m, scope) for c, m in entry.column.items()}

    def _named_entry(self, p: Component, q: Component) -> LinearMap:
        j, m = Index(self.network.symbol), self.jacobian[p].get(q, ZERO)
        if q.name in self.network.fixed:
            return m  # at some j the step also reads q at a number: ∂p_j/∂q_{j-1} would be more than m
        return self._name(p.at(j), q.at(j - 1), m, "step" if len(self.jacobian) > 1 else "total")

    def _between(self, row: Vector, column: Vector) -> list[Component]:
        forward = _reach(column, lambda c: [p for p in self.jacobian if c in self.jacobian[p]])
        backward = _reach(row, lambda c: list(self.jacobian.get(c, {})))
        return [c for c in self.jacobian if c in forward and c in backward]

    def _precedes(self, m: Position, sigma: Position) -> bool:
        """Decide m ≤ σ; where that is not known it is assumed, and the assumption kept."""
        gap = difference(sigma, m)
        if gap is not None:
            return gap >= 0
        if isinstance(sigma, int) and sigma <= 0:
            self.assumptions.append(Assumption(m, 1))
            return False
        self.assumptions.append(Assumption(sigma, m))
        return True

    def _meets(self, p: Position, q: Position) -> bool:
        """Decide p = q for two positions of one quantity; where that is not known, p > q is assumed."""
        gap = difference(p, q)
        if gap is None and Assumption(q, p + 1) not in self.assumptions:
            self.assumptions.append(Assumption(p, q + 1))
        return gap == 0

    # --- what ``collapse`` asks ------------------------------------------------------------------------

    def same(self, p: Position, r: Position, family: bool) -> bool:
        """Decide whether an index is that of y; of two members of a family it is assumed that they differ."""
        if p == r or not family:
            return p == r or self._meets(p, r)
        if difference(p, r) is None:
            self.assumptions.append(Distinct(p, r))
        return False

    def assume(self, larger: Position, smaller: Position) -> None:
        """Keep an assumption."""
        self.assumptions.append(Assumption(larger, smaller))

    def distinct(self, p: Position, r: Position) -> None:
        """Keep the assumption that two members of a family are not the same."""
        self.assumptions.append(Distinct(p, r))

    def known(self) -> Mapping[str, Span]:
        """Return what the letters of members run through that X and Y have."""
        pairs = [pair for q in (self.of, self.wrt) for pair in zip(q.further, self.network.extents(q), strict=True)]
        return {p.symbol: s._replace(symbol=p.symbol) for p, s in pairs if isinstance(p, Index) and not p.offset}

    def whole(self, q: Quantity) -> tuple[Span, ...]:
        """Return the ranges of all indices of q: a sum over the whole of one leaves no member out."""
        spans = list(self.network.spans(q))
        if q.index is not None:
            spans.insert(q.ahead, Span("", self.network.first_index(q.name), 0))
        return tuple(spans)

    def _keep_apart_from_fixed_reads(self) -> None:
        """Assume that Y = w[k] comes after the w[1] that an equation reads."""
        y = self.wrt
        if isinstance(y.index, Index):
            equations = self.network.steps if self._is_step_quantity(y) else self.network.equations
            for q in (q for e in equations for q in quantities(e.value)):
                if q.name == y.name and isinstance(q.index, int):
                    self.assumptions.append(Assumption(y.index, q.index + 1))

    def _openings_that_read(self, y: Quantity) -> list[Quantity]:
        """Return what the openings define from y, itself or through others, in their order."""
        found = {general(y): y}
        for e in self.network.openings:  # each after those it reads
            if any(general(q) in found for q in quantities(e.value)):
                found[general(e.target)] = self._apart(e.target)
        return list(found.values())[1:]

    def _letters(self, target: Quantity) -> list[Span]:
        """Return the ranges of the letters that a member of a family stands at."""
        pairs = zip(target.further, self.network.spans(target), strict=True)
        return [span._replace(symbol=p.symbol) for p, span in pairs if isinstance(p, Index)]

    def _apart(self, target: Quantity) -> Quantity:
        """Return a member of a family under letters that neither X nor Y has."""
        used = symbols((*self.of.indices, *self.wrt.indices))
        renames: dict[str, Position] = {}
        for p in target.further:
            if isinstance(p, Index) and p.symbol in used:
                renames[p.symbol] = Index(fresh(p.symbol, used.union(self.network.ranges, self.network.bound_letters)))
        return move(target, renames)

    def _keep_apart_from_openings(self) -> None:
        """Assume that Y = s[k] comes after the s[0] that an opening reads, where X depends on the opening."""
        name, index = self.wrt.name, self.wrt.index
        if not isinstance(index, Index) or name not in self.network.defined:
            return
        before = list(self.assumptions)
        numbers = [
            q.index
            for opening, reads in self.network.opening_reads.items()
            for q in reads
            if q.name == name and isinstance(q.index, int) and self._by(opening) != ZERO
        ]
        self.assumptions = [*before, *(Assumption(index, n + 1) for n in numbers)]

    # --- how X depends on the states ------------------------------------------------------------------

    def _exits(self, y: Quantity) -> tuple[list[Exit], LinearMap]:
        """Return how X depends on states, and how on y directly."""
        rows: Rows = {}
        direct: list[LinearMap] = []
        for read, m in self._reads_of(y).items():
            if not self._is_step_quantity(read):
                direct.append(collapse(read, m, y, self))
                continue
            if isinstance(read, Bound):
                read, m = apart(read, m, symbols((*self.of.indices, *y.indices)))
            for place, path in self._back_under(read, m, y) if isinstance(read, Bound) else self._back(read, m, y):
                if place is None:
                    direct.append(path)
                else:
                    position, spans, component = place
                    row = rows.setdefault((position, spans), {})
                    row[component] = M.add(row.get(component, ZERO), path)
        exits = [Exit(position, row, len(rows) > 1, spans) for (position, spans), row in rows.items()]
        return exits, M.add(*direct)

    def _reads_of(self, y: Quantity) -> Mapping[Quantity, LinearMap]:
        """Return X's row over quantities at given layers, parameters and openings."""
        if self._is_step_quantity(self.of):
            return {self.of: IDENTITY}
        row = through(self.network, self.network.closings, {self.of: IDENTITY}, y)
        if self.depth is None:
            return row
        at_depth: dict[Quantity, LinearMap] = {}
        for q, m in row.items():
            moved, placed = moved_key(q, m, {self.network.depth_symbol: self.depth})
            if not isinstance(q, Bound):
                self.network.resolve(q, self.depth)
            at_depth[moved] = M.add(at_depth[moved], placed) if moved in at_depth else placed
        return at_depth

    def _is_step_quantity(self, q: Quantity) -> bool:
        """Tell whether q stands at a step, or at the boundary that the recurrence starts from."""
        return q.name in self.network.defined

    def _back(self, read: Quantity, m: LinearMap, y: Quantity) -> Iterator[tuple[Place | None, LinearMap]]:
        """Yield how X depends, through a quantity of a step, on the last state before it; None for y itself.

        What is no state is carried back through its own step.
        """
        position = read.index
        assert position is not None  # step quantities carry an index
        if isinstance(position, int) and position <= 0:
            yield (0, (), Component(read.name, -position)), m
        elif Component(read.name) in self.jacobian:
            yield (position, (), Component(read.name)), m
        else:
            same_step = self._is_step_quantity(y) and y.index is not None and self._meets(position, y.index)
            start = read.at(Index(self.network.symbol))
            for q, inner in step_row(self.network, start, y.name if same_step else None).items():
                key, placed = moved_key(q, inner, {self.network.symbol: position})
                lag = -q.index.offset if isinstance(q.index, Index) else 0
                if self._is_step_quantity(q) and lag >= 1:
                    yield (position - 1, (), Component(q.name, lag - 1)), M.compose(m, placed)
                elif q == y and not symbols(q.indices):
                    yield None, M.compose(m, Named(read, y, placed))
                else:
                    yield None, collapse(key, M.compose(m, placed), y, self)

    def _back_under(self, read: Bound, m: LinearMap, y: Quantity) -> Iterator[tuple[Place | None, LinearMap]]:
        """Yield how Σ_t depends on the states at t and on y; what is no state is carried back to these in its step."""
        position, spans = read.index, self._of_the_step(read)
        assert isinstance(position, Index)  # a letter that the sum binds
        if Component(read.name) in self.jacobian:
            yield (position, spans, Component(read.name)), m
            return
        held = {c.name for c in self.jacobian} | ({y.name} if self._is_step_quantity(y) else set())
        start = bound(read.one.at(Index(self.network.symbol)), tuple(s for s in read.spans if s not in spans))
        for q, inner in step_row(self.network, start, *sorted(held - {read.name})).items():
            key, placed = moved_key(q, inner, {self.network.symbol: position})
            lag = -q.index.offset if isinstance(q.index, Index) else 0
            component = Component(q.name, max(lag - 1, 0))
            if isinstance(q.index, Index) and component in self.jacobian:
                yield (position - min(lag, 1), spans, component), M.compose(m, placed)
            elif q.name == y.name:
                path = M.compose(m, Named(read.one, y, placed) if q == y and not symbols(q.indices) else placed)
                for span in reversed(spans):
                    key, path = under(span, key, path)
                yield None, collapse(key, path, y, self)

    def _of_the_step(self, read: Bound) -> tuple[Span, ...]:
        """Return the sums of a key that bind the letter of the step, and those that its range depends on."""
        assert isinstance(read.index, Index)
        wanted, kept = {read.index.symbol}, []
        for span in reversed(read.spans):
            if span.symbol in wanted:
                kept.append(span)
                wanted |= span.free
        return tuple(reversed(kept))

    # --- how Y enters the states ----------------------------------------------------------------------

    def _entries(self, y: Quantity) -> Iterator[Entry]:
        """Yield each step at which y, standing at an index of its own, acts on the state."""
        if y.index is None:
            return
        if y.name in self.network.defined:
            if isinstance(y.index, int) and y.index <= 0:
                yield Entry(y, 0, {c: IDENTITY for c in self.jacobian if c == Component(y.name, -y.index)})
            else:
                read = y.at(Index(self.network.symbol))
                column = self._column(y.index, read, y.name)
                if isinstance(y.index, Index) and Component(y.name, 1) in self.jacobian:
                    self.assumptions.append(Assumption(y.index, 0))  # s[-1] is another part of the state at step 0
                state = Component(y.name)
                if isinstance(y.index, Index) and state in column and len(column) > 1:
                    self.assumptions.append(Assumption(y.index, 1))  # at 0 nothing else of that step follows
                yield Entry(y, y.index, column)
            return
        lags = sorted(self.network.lags.get(y.name, ()))
        for lag in lags:
            m = y.index + lag
            if isinstance(m, Index) and self.network.first_index(y.name) + lag < 1:
                self.assumptions.append(Assumption(m, 1))
            if not (isinstance(m, int) and m < 1):
                read = y.at(Index(self.network.symbol, -lag))
                yield Entry(y, m, self._column(m, read), shared=len(lags) > 1)

    def _column(self, m: Position, read: Quantity, stop: str | None = None) -> Vector:
        """Return ∂S_m/∂read along the paths inside step m."""
        column = {}
        for c in self.jacobian:
            if c.lag == 0:
                row = step_row(self.network, Quantity(c.name, Index(self.network.symbol)), stop)
                keys = [k for k in row if k.name == read.name and k.index == read.index]
                by = M.add(*(collapse(k, row[k], read, self) for k in keys))
                if by != ZERO:
                    column[c] = map_tree.at_index(by, {self.network.symbol: m})
        return column

    def _shared(self, exit_: Exit, y: Quantity) -> LinearMap:
        """Return the sum over the steps of what a quantity does that every step reads."""
        if isinstance(exit_.position, int) and exit_.position < 1:
            return ZERO
        k = Index(self.sum_symbol)
        column = {c: Named(Quantity(c.name, k), y, m) for c, m in self._column(k, y).items()}
        if isinstance(y.index, Index) or not column:
            return ZERO
        if not isinstance(exit_.position, int) and not exit_.spans:
            self.assumptions.append(Assumption(exit_.position, 1))
        entry = Entry(y, k, column, shared=True)
        total = M.indexed_sum(self.sum_symbol, 1, exit_.position, self._assemble(exit_, entry))
        for span in reversed(exit_.spans):
            total = M.summed(span, total)
        return total


def _reach(start: Vector, neighbours: Callable[[Component], Iterable[Component]]) -> set[Component]:
    found: set[Component] = set()
    pending = list(start)
    while pending:
        c = pending.pop()
        if c not in found:
            found.add(c)
            pending += neighbours(c)
    return found
