"""The solver of the closed form: how X leaves the states, how Y enters them, and the product of steps between.

∂X/∂Y = R (∏_{j=m+1}^{σ} J_j) E_m,      R = ∂X/∂S_σ,   E_m = ∂⁺S_m/∂Y.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Quantity, quantities
from symgrad.algebra.index import Index, Position, difference
from symgrad.algebra.linear_map import IDENTITY, ZERO, Identity, LinearMap, Named, Zero
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.jacobian import through
from symgrad.calculus.state import Component, step_jacobian, step_row
from symgrad.network.network import Network

Vector = Mapping[Component, LinearMap]
"""A block row or a block column over the state, by its entries that are not zero."""


@dataclass(frozen=True)
class Exit:
    """How X depends on the state at step σ (row), and on what it reads directly."""

    position: Position
    row: Vector
    shared: bool = False
    """Whether X has other exits besides."""


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
        self.assumptions: list[Assumption] = []
        self.jacobian = step_jacobian(network)
        used = {q.index.symbol for q in (of, wrt) if isinstance(q.index, Index)} | {network.depth_symbol}
        used |= set(network.names)  # ∑_{k=1}^{L} of what reads a parameter k would say something else
        self.product_symbol = _fresh(network.symbol, used)
        self.sum_symbol = _fresh("k", used | {self.product_symbol})

    # --- the total derivative -------------------------------------------------------------------------

    def total(self) -> LinearMap:
        """Add the paths to Y itself and those through opening equations that read Y."""
        self._keep_apart_from_fixed_reads()
        terms = [self._by(self.wrt)]
        for target in self._openings_that_read(self.wrt):
            before = list(self.assumptions)
            by = self._by(target)
            if by == ZERO:
                self.assumptions = before
                continue
            row = through(self.network, self.network.openings, {target: IDENTITY}, self.wrt)
            terms.append(M.compose(by, row.get(self.wrt, ZERO)))
        self._keep_apart_from_openings()
        if self.of == self.wrt:
            return IDENTITY
        return M.add(*terms)

    def _by(self, y: Quantity) -> LinearMap:
        """Return ∂X/∂y with the openings held fixed."""
        exits, direct = self._exits(y)
        ordered = ((x, e) for x in exits for e in self._entries(y) if self._precedes(e.position, x.position))
        terms = [self._assemble(x, e) for x, e in ordered] + [self._shared(x, y) for x in exits]
        return M.add(*terms, direct)

    def _assemble(self, exit_: Exit, entry: Entry) -> LinearMap:
        """Return R (∏_{j=m+1}^{σ} J_j) E_m, over the components that lie on a path from E to R."""
        row, column, start = self._named_row(exit_), self._named_column(entry), entry.position
        if difference(exit_.position, start) == 0:
            return M.dot(row, column)
        kept = self._between(exit_.row, entry.column)
        if not kept:
            return ZERO
        step = M.block([[self._named_entry(p, q) for q in kept] for p in kept])
        body = M.at_index(step, {self.network.symbol: Index(self.product_symbol)})
        steps = M.product(self.product_symbol, start + 1, exit_.position, body)
        left = M.block([[row.get(p, ZERO) for p in kept]])
        right = M.block([[column.get(q, ZERO)] for q in kept])
        return M.compose(left, steps, right)

    # --- the names of the parts -----------------------------------------------------------------------

    def _name(self, of: Quantity, wrt: Quantity, m: LinearMap, scope: str) -> LinearMap:
        """Return m under its name."""
        inner = m.map if isinstance(m, Named) and (m.of, m.wrt) == (of, wrt) else m
        return m if isinstance(m, Identity | Zero) else Named(of, wrt, inner, scope)

    def _named_row(self, exit_: Exit) -> dict[Component, LinearMap]:
        if exit_.shared:
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
        found = {y: None}
        for e in self.network.openings:  # each after those it reads
            if any(q in found for q in quantities(e.value)):
                found[e.target] = None
        return list(found)[1:]

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
        rows: dict[Position, dict[Component, LinearMap]] = {}
        direct: list[LinearMap] = []
        if self.of == y:
            return [], IDENTITY
        for read, m in self._reads_of(y).items():
            if self._is_step_quantity(read):
                for place, path in self._back(read, y):
                    if place is None:
                        direct.append(M.compose(m, path))
                    else:
                        position, component = place
                        row = rows.setdefault(position, {})
                        row[component] = M.add(row.get(component, ZERO), M.compose(m, path))
            elif read.name == y.name and self._same_place(read, y):
                direct.append(m)
        exits = [Exit(position, row, shared=len(rows) > 1) for position, row in rows.items()]
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
            moved = self.network.resolve(q, self.depth)
            placed = M.at_index(m, {self.network.depth_symbol: self.depth})
            at_depth[moved] = M.add(at_depth[moved], placed) if moved in at_depth else placed
        return at_depth

    def _same_place(self, x: Quantity, y: Quantity) -> bool:
        return x == y or (x.index is not None and y.index is not None and self._meets(x.index, y.index))

    def _is_step_quantity(self, q: Quantity) -> bool:
        """Tell whether q stands at a step, or at the boundary that the recurrence starts from."""
        return q.name in self.network.defined

    def _back(self, read: Quantity, y: Quantity) -> Iterator[tuple[tuple[Position, Component] | None, LinearMap]]:
        """Yield how a quantity of a step depends on the parts of the last state before it; None for y itself.

        What is no state is carried back through its own step.
        """
        position = read.index
        assert position is not None  # step quantities carry an index
        if isinstance(position, int) and position <= 0:
            yield (0, Component(read.name, -position)), IDENTITY
        elif Component(read.name) in self.jacobian:
            yield (position, Component(read.name)), IDENTITY
        else:
            same_step = self._is_step_quantity(y) and y.index is not None and self._meets(position, y.index)
            for q, m in step_row(self.network, read.name, y.name if same_step else None).items():
                placed = M.at_index(m, {self.network.symbol: position})
                if isinstance(q.index, Index):
                    lag = -q.index.offset
                    if self._is_step_quantity(q) and lag >= 1:
                        yield (position - 1, Component(q.name, lag - 1)), placed
                    elif q.name == y.name and y.index is not None and self._meets(position - lag, y.index):
                        yield None, placed
                elif q == y:
                    yield None, Named(read, y, placed)

    # --- how Y enters the states ----------------------------------------------------------------------

    def _entries(self, y: Quantity) -> Iterator[Entry]:
        """Yield each step at which y, standing at an index of its own, acts on the state."""
        if y.index is None:
            return
        if y.name in self.network.defined:
            if isinstance(y.index, int) and y.index <= 0:
                yield Entry(y, 0, {c: IDENTITY for c in self.jacobian if c == Component(y.name, -y.index)})
            else:
                read = Quantity(y.name, Index(self.network.symbol))
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
                read = Quantity(y.name, Index(self.network.symbol, -lag))
                yield Entry(y, m, self._column(m, read), shared=len(lags) > 1)

    def _column(self, m: Position, read: Quantity, stop: str | None = None) -> Vector:
        """Return ∂S_m/∂read along the paths inside step m."""
        column = {}
        for c in self.jacobian:
            if c.lag == 0:
                row = step_row(self.network, c.name, stop)
                if read in row:
                    column[c] = M.at_index(row[read], {self.network.symbol: m})
        return column

    def _shared(self, exit_: Exit, y: Quantity) -> LinearMap:
        """Return the sum over the steps of what a quantity does that every step reads."""
        if isinstance(exit_.position, int) and exit_.position < 1:
            return ZERO
        k = Index(self.sum_symbol)
        column = {c: Named(Quantity(c.name, k), y, m) for c, m in self._column(k, y).items()}
        if isinstance(y.index, Index) or not column:
            return ZERO
        if not isinstance(exit_.position, int):
            self.assumptions.append(Assumption(exit_.position, 1))
        entry = Entry(y, k, column, shared=True)
        return M.indexed_sum(self.sum_symbol, 1, exit_.position, self._assemble(exit_, entry))


def _reach(start: Vector, neighbours: Callable[[Component], Iterable[Component]]) -> set[Component]:
    found: set[Component] = set()
    pending = list(start)
    while pending:
        c = pending.pop()
        if c not in found:
            found.add(c)
            pending += neighbours(c)
    return found


def _fresh(wanted: str, used: set[str]) -> str:
    letters = (wanted, "j", "k", "m", "i", "r", "p", "q", "l")
    return next(s for s in chain(letters, (f"k{n}" for n in count(1))) if s not in used)
