"""The derivative of one quantity of a network by another, in closed form, for any depth.

With the state S_j and the Jacobian J_j of one step, for a quantity Y that enters at step m,

    ∂X/∂Y = R (∏_{j=m+1}^{σ} J_j) E_m,      R = ∂X/∂S_σ,   E_m = ∂⁺S_m/∂Y,

where σ is the last step whose state X depends on. Several entries add; a parameter that every step
shares enters at every step, so its derivative is the sum over m = 1..σ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, count
from typing import NamedTuple

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Quantity, quantities
from symgrad.algebra.index import Index, Position, at, difference
from symgrad.algebra.linear_map import IDENTITY, ZERO, Identity, LinearMap, Named, Zero
from symgrad.calculus.jacobian import through
from symgrad.calculus.state import Component, step_jacobian, step_row
from symgrad.errors import IndexRangeError
from symgrad.network.network import Network
from symgrad.network.suspicion import notes_on_zero
from symgrad.network.syntax import read_quantity

Vector = Mapping[Component, LinearMap]
"""A block row or a block column over the state, by its entries that are not zero."""


class Assumption(NamedTuple):
    """larger ≥ smaller, for two positions whose order the model does not settle.

    >>> print(Assumption(Index("L", -1), 1))
    L ≥ 2
    """

    larger: Position
    smaller: Position

    def __str__(self) -> str:
        shift = self.larger.offset if isinstance(self.larger, Index) else 0
        left = Index(self.larger.symbol) if isinstance(self.larger, Index) else self.larger
        return f"{left} ≥ {self.smaller - shift}".replace("-", " - ").replace("+", " + ")

    def holds(self, numbers: Mapping[str, int]) -> bool:
        """Tell whether the assumption holds where the index symbols stand for numbers."""
        larger, smaller = at(self.larger, numbers), at(self.smaller, numbers)
        return isinstance(larger, int) and isinstance(smaller, int) and larger >= smaller


@dataclass(frozen=True)
class ClosedForm:
    """∂of/∂wrt of a network as one linear map, with what was assumed of the indices."""

    network: Network
    of: Quantity
    wrt: Quantity
    depth: int | None
    map: LinearMap
    assumptions: tuple[Assumption, ...] = ()
    reason: str = ""
    """Why the derivative is 0, where it is."""

    @property
    def named(self) -> LinearMap:
        """The map with the names of its parts, whatever ``map`` is: ∂C/∂a_L (∏ ∂a_j/∂a_{j-1}) ∂a_1/∂b_1, and inside
        each name those of single equations: the chain rule as it is written.
        """
        return _solved(self.network, self.of, self.wrt, self.depth).map

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on names that may have been meant as something else, above all where the derivative is 0."""
        zero = notes_on_zero(self.network, self.of, self.wrt) if self.map == ZERO else ()
        return tuple(dict.fromkeys((*zero, *self.network.notes)))


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


def derive(network: Network, of: Quantity, wrt: Quantity, depth: int | None = None) -> ClosedForm:
    """Return ∂of/∂wrt, total, in closed form; products over layers are left standing.

    >>> from symgrad.network.read import read_builtin
    >>> [str(a) for a in derive(read_builtin("chain"), Quantity("C"), Quantity("b", 1)).assumptions]
    ['L ≥ 1']
    """
    solved = _solved(network, of, wrt, depth)
    written = M.unnamed(solved.map, stays=_acts_at_every_step)
    reason = "" if written != ZERO else _why_zero(solved)
    return replace(solved, map=written, reason=reason)


@lru_cache(maxsize=1024)
def _solved(network: Network, of: Quantity, wrt: Quantity, depth: int | None) -> ClosedForm:
    """Return the closed form with the names of its parts."""
    check_depth(depth)
    of, wrt = network.resolve(of, depth), network.resolve(wrt, depth)
    least = network.least_depth(of)
    if depth is not None and depth < least:
        raise IndexRangeError(
            f"{of} reads layers that a network of depth {depth} does not have",
            where=f"model {network.name}",
            todo=f"give a depth of {least} or more",
        )
    solver = _Solver(network, of, wrt, depth)
    total = solver.total()
    if depth is None and least > 1:
        solver.assumptions.append(Assumption(Index(network.depth_symbol), least))
    return ClosedForm(network, of, wrt, depth, total, strongest(solver.assumptions))


def _acts_at_every_step(name: Named) -> bool:
    """Tell whether a name is ∂⁺s_k/∂W, by a parameter that each step reads: its map has no symbol of its own."""
    return name.scope == "step" and name.wrt.index is None


def closed_form(network: Network, of: str, wrt: str, depth: int | None = None) -> ClosedForm:
    """Return ∂of/∂wrt for quantities given as text: "C", "b[1]"."""
    return derive(network, read_quantity(of, "--of"), read_quantity(wrt, "--wrt"), depth)


def strongest(assumptions: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """Drop the assumptions that follow from others: of L ≥ k and L ≥ k + 1 the second stays.

    >>> [str(a) for a in strongest([Assumption(Index("L"), 0), Assumption(Index("L", -1), 1)])]
    ['L ≥ 2']
    """
    kept: dict[tuple[str, str], Assumption] = {}
    for larger, smaller in assumptions:
        shift = larger.offset if isinstance(larger, Index) else 0
        top = Index(larger.symbol) if isinstance(larger, Index) else larger
        assumption = Assumption(top, smaller - shift)
        key = tuple(p.symbol if isinstance(p, Index) else "" for p in assumption)
        known = kept.setdefault(key, assumption)  # type: ignore[arg-type]  # two names
        if (difference(assumption.smaller, known.smaller) or 0) > (difference(assumption.larger, known.larger) or 0):
            kept[key] = assumption  # type: ignore[index]
    return tuple(kept.values())


def check_depth(depth: int | None) -> None:
    """Raise IndexRangeError unless the depth is a number of layers, or None for a symbolic one."""
    if depth is None:
        return
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
        raise IndexRangeError(f"the depth is {depth!r}", todo="give a whole number of layers, 1 or more")
    if depth > 10_000_000:
        raise IndexRangeError(f"a depth of {depth:,} is too large to write out", todo="leave the depth symbolic")


class _Solver:
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
        terms = [self._term(exit_, entry) for exit_ in exits for entry in self._entries(y)]
        terms += [self._shared(exit_, y) for exit_ in exits]
        return M.add(*terms, direct)

    def _term(self, exit_: Exit, entry: Entry) -> LinearMap:
        if not self._precedes(entry.position, exit_.position):
            return ZERO
        return self._assemble(exit_, entry)

    def _assemble(self, exit_: Exit, entry: Entry) -> LinearMap:
        """Return R (∏_{j=m+1}^{σ} J_j) E_m, over the components that lie on a path from E to R."""
        row, column, start = self._named_row(exit_), self._named_column(entry), entry.position
        if difference(exit_.position, start) == 0:
            return M.dot(row, column)
        kept = self._between(exit_.row, entry.column)
        if not kept:
            return ZERO
        symbol = self.product_symbol
        body = M.at_index(
            M.block([[self._named_entry(p, q) for q in kept] for p in kept]),
            {self.network.symbol: Index(symbol)},
        )
        steps = M.product(symbol, start + 1, exit_.position, body)
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
                self._follow(read, m, y, rows, direct)
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

    def _follow(
        self,
        read: Quantity,
        m: LinearMap,
        y: Quantity,
        rows: dict[Position, dict[Component, LinearMap]],
        direct: list[LinearMap],
    ) -> None:
        """Add to rows how X depends, through ``read``, on the last state before it."""
        position = read.index
        assert position is not None  # step quantities carry an index
        if isinstance(position, int) and position <= 0:
            self._put(rows, 0, Component(read.name, -position), m)
        elif Component(read.name) in self.jacobian:
            self._put(rows, position, Component(read.name), m)
        else:
            self._follow_back(read, m, y, rows, direct)

    def _follow_back(
        self,
        read: Quantity,
        m: LinearMap,
        y: Quantity,
        rows: dict[Position, dict[Component, LinearMap]],
        direct: list[LinearMap],
    ) -> None:
        """Carry a quantity that is no state back through its own step, to the state before."""
        position = read.index
        assert position is not None
        here = {self.network.symbol: position}
        same_step = self._is_step_quantity(y) and y.index is not None and self._meets(position, y.index)
        for q, inner in step_row(self.network, read.name, y.name if same_step else None).items():
            placed = M.at_index(M.compose(inner), here)
            path = M.compose(m, placed)
            if isinstance(q.index, Index):
                lag = -q.index.offset
                if q.name in self.network.defined and lag >= 1:
                    self._put(rows, position - 1, Component(q.name, lag - 1), path)
                elif q.name == y.name and y.index is not None and self._meets(position - lag, y.index):
                    direct.append(path)
            elif q == y:
                direct.append(M.compose(m, Named(read, y, placed)))

    @staticmethod
    def _put(rows: dict[Position, dict[Component, LinearMap]], position: Position, c: Component, m: LinearMap) -> None:
        row = rows.setdefault(position, {})
        row[c] = M.add(row[c], m) if c in row else m

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


def _why_zero(solved: ClosedForm) -> str:
    """Say why the derivative is 0."""
    x, y = solved.of, solved.wrt
    if solved.map != ZERO:
        return f"the paths from {y} to {x} cancel each other"
    if x.index is not None and y.index is not None:
        gap = difference(y.index, x.index)
        if gap is not None and gap > 0:
            return f"{y} comes after {x}, so {x} does not depend on it"
    return f"no path of the graph leads from {y} to {x}"


def _reach(start: Vector, neighbours: object) -> set[Component]:
    found: set[Component] = set()
    pending = list(start)
    while pending:
        c = pending.pop()
        if c not in found:
            found.add(c)
            pending += neighbours(c)  # type: ignore[operator]
    return found


def _fresh(wanted: str, used: set[str]) -> str:
    letters = (wanted, "j", "k", "m", "i", "r", "p", "q", "l")
    return next(s for s in chain(letters, (f"k{n}" for n in count(1))) if s not in used)
