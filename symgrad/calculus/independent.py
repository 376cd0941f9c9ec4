"""The derivative through recurrences that do not read each other: a product for each of them, at any depth.

A bidirectional network has f_t from f_{t-1} and b_t from b_{t+1}, and neither reads the other: a path from x_k to o_t
goes through one of them, forward where k ≤ t and backward where k ≥ t.

    ∂o_t/∂x_k = 1{k ≤ t} ∂o_t/∂f_t (∏_{j=k+1}^{t} ∂f_j/∂f_{j-1}) ∂f_k/∂x_k
              + 1{k ≥ t} ∂o_t/∂b_t (∏_{j=t}^{k-1} ∂b_j/∂b_{j+1}) ∂b_k/∂x_k
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Apply, Number, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Position, difference, fresh
from symgrad.algebra.index_sum import index_number
from symgrad.algebra.linear_map import LinearMap, Scale
from symgrad.algebra.map_algebra import IDENTITY, ZERO
from symgrad.algebra.substitution import substitute
from symgrad.calculus.jacobian import local_jacobian, through
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.ops.piecewise import indicator


@dataclass(frozen=True)
class Recurrence:
    """A state that each step reads of the step before, lag -1, or of the step after it, lag 1."""

    state: str
    lag: int
    names: frozenset[str]
    """What reads the state and is read by it, itself included."""


@lru_cache(maxsize=64)
def independent(network: Network) -> Independent | None:
    """Return the recurrences of a grid whose quantities carry one letter and the same one; None for another grid."""
    if not network.grid or len(network.depths) != 1:
        return None
    found = Independent(network)
    return found if found.fits else None


@dataclass(frozen=True)
class Independent:
    """A grid of which each equation stands at a step t, or at none."""

    network: Network

    @cached_property
    def letter(self) -> str:
        """The letter of a step, which is none of a user's."""
        return "step"

    @cached_property
    def equations(self) -> dict[str, Equation]:
        """The equations of a step by their names, each after those of the same step that it reads."""
        found: dict[str, Equation] = {}
        for e in self.network.grid:
            match e.target.further:
                case (Index(symbol, 0),):
                    at = {symbol: Index(self.letter)}
                    target = self.at(e.target.name, Index(self.letter))
                    found[e.target.name] = Equation(target, substitute(e.value, at), e.line)
        return found

    @cached_property
    def fits(self) -> bool:
        """Whether every index is that of a step, and each recurrence has one state."""
        plain = all(len(q.further) < 2 for e in self.network.grid for q in (e.target, *quantities(e.value)))
        read = [p for e in self.equations.values() for p in self._read(e)]
        own = all(isinstance(p, int) or (isinstance(p, Index) and p.symbol == self.letter) for p in read)
        given = all(len(self.network.by_name[name]) == 1 for name in self.equations)
        return plain and own and given and all(c is not None for c in self._components)

    def _read(self, e: Equation) -> Iterator[Position]:
        for q in quantities(e.value):
            yield from q.further if q.name in self.equations else ()

    def at(self, name: str, p: Position) -> Quantity:
        """Return a quantity at a step."""
        return Quantity(name, None, (p,))

    # --- recurrences ------------------------------------------------------------------------------------

    def _reached(self, name: str) -> set[str]:
        """Return the names that a name is computed from."""
        found: set[str] = set()
        pending = [name]
        while pending:
            for q in quantities(self.equations[pending.pop()].value):
                if q.name in self.equations and q.name not in found:
                    found.add(q.name)
                    pending.append(q.name)
        return found

    @cached_property
    def _components(self) -> list[Recurrence | None]:
        """The recurrences; None for one that has several states, or runs both ways."""
        reached = {name: self._reached(name) for name in self.equations}
        circles = {frozenset(y for y in xs if x in reached[y]) for x, xs in reached.items() if x in xs}
        return [self._recurrence(names) for names in circles]

    def _recurrence(self, names: frozenset[str]) -> Recurrence | None:
        reads = {
            (q.name, q.further[0].offset)
            for name in names
            for q in quantities(self.equations[name].value)
            if q.name in names and isinstance(q.further[0], Index)
        }
        lags = {(name, offset) for name, offset in reads if offset}
        if len(lags) != 1:
            return None
        [(state, lag)] = lags
        return Recurrence(state, lag, names) if lag in (-1, 1) else None

    @cached_property
    def recurrences(self) -> dict[str, Recurrence]:
        """The recurrences by their states."""
        return {r.state: r for r in self._components if r is not None}

    # --- one step -----------------------------------------------------------------------------------------

    @cached_property
    def _in_order(self) -> list[Equation]:
        done: dict[str, None] = {}

        def reads(name: str) -> Iterator[str]:
            for q in quantities(self.equations[name].value):
                if q.name in self.equations and q.further[0] == Index(self.letter):
                    yield q.name

        for start in self.equations:
            pending = [(start, False)]
            while pending:
                name, leaving = pending.pop()
                if leaving:
                    done[name] = None
                elif name not in done:
                    pending.append((name, True))
                    pending += [(r, False) for r in reads(name) if r not in done]
        return [self.equations[name] for name in done]

    @cached_property
    def _stepwise(self) -> Network:
        """The network whose equations have the letter of a step."""
        return replace(self.network, grid=tuple(self.equations.values()))

    def row(self, name: str, *held: str) -> dict[Quantity, LinearMap]:
        """Return the derivative of a quantity at a step by the states, by what is held and by what is given."""
        stops = [self.at(x, Index(self.letter)) for x in (*self.recurrences, *held) if x in self.equations]
        e = self.equations[name]
        before = self._in_order[: self._in_order.index(e)]
        found = through(self._stepwise, before, local_jacobian(self._stepwise, e), *stops)
        return {q: map_tree.unnamed(m) for q, m in found.items()}

    def jacobian(self, r: Recurrence) -> LinearMap:
        """Return ∂f/∂f, of the state at a step by that of the step that it reads."""
        return self.row(r.state).get(self.at(r.state, Index(self.letter, r.lag)), ZERO)


def independent_form(network: Network, of: Quantity, wrt: Quantity) -> LinearMap | None:
    """Return ∂of/∂wrt at a symbolic depth; None where two recurrences lie on one path, or an index has another form."""
    grid = independent(network)
    if grid is None or of.name not in grid.equations or len(of.further) != 1 or len(wrt.further) > 1:
        return None
    [at] = of.further
    return _Paths(grid, of, wrt, at).total()


@dataclass(frozen=True)
class _Paths:
    grid: Independent
    of: Quantity
    wrt: Quantity
    at: Position

    def total(self) -> LinearMap | None:
        """Return the sum over the recurrences that lie between, and the paths that meet none."""
        grid = self.grid
        states = {
            name: r
            for name, r in grid.recurrences.items()
            if self._depends(name) and (name == self.of.name or name in grid._reached(self.of.name))
        }
        if any(other in grid._reached(name) for name in states for other in states if other != name):
            return None
        parts: list[LinearMap] = []
        row: dict[Quantity, LinearMap] = {grid.at(self.of.name, Index(grid.letter)): IDENTITY}
        if self.of.name not in states:
            row = grid.row(self.of.name, self.wrt.name)
        for q, m in row.items():
            here = map_tree.at_index(m, {grid.letter: self.at})
            if q.name in states:
                found = self._through(states[q.name], here, q)
            elif q.name == self.wrt.name:
                found = self._direct(q, here)
            else:
                found = ZERO
            if found is None:
                return None
            parts.append(found)
        return M.add(*parts)

    def _depends(self, name: str) -> bool:
        grid = self.grid
        names = {name, *grid._reached(name)}
        read = {q.name for n in names for q in quantities(grid.equations[n].value)}
        return self.wrt.name in names | read

    def _direct(self, q: Quantity, m: LinearMap) -> LinearMap | None:
        """Return what a path through no state gives: by a parameter of all steps, or of this one."""
        if not q.further:
            return m
        gap = difference(self._position(q, self.at), self.wrt.further[0])
        return None if gap is None else m if gap == 0 else ZERO

    def _position(self, q: Quantity, step: Position) -> Position:
        [p] = q.further
        return step + p.offset if isinstance(p, Index) else p

    def _through(self, r: Recurrence, m: LinearMap, read: Quantity) -> LinearMap | None:
        """Return m (∏ J_j) E_n for each step n at which the parameter enters, where that lies on the way."""
        start = self._position(read, self.at)
        if self.wrt.name == r.state:
            return self._enters(r, m, start, self.wrt.further[0], IDENTITY)
        parts: list[LinearMap] = []
        for q, entry in self.grid.row(r.state, self.wrt.name).items():
            if q.name != self.wrt.name:
                continue
            if not q.further:
                parts.append(self._summed(r, m, start, entry))
                continue
            [p] = q.further
            if not isinstance(p, Index):
                return None
            found = self._enters(r, m, start, self.wrt.further[0] - p.offset, entry)
            if found is None:
                return None
            parts.append(found)
        return M.add(*parts)

    def _enters(
        self, r: Recurrence, m: LinearMap, start: Position, step: Position, entry: LinearMap
    ) -> LinearMap | None:
        """Return 1{n ≤ start} m (∏_{j=n+1}^{start} J_j) E_n for n = step; with ≥ where a recurrence runs backwards."""
        gap = difference(start, step)
        first, last = self._ends(r)
        outside = [difference(step, first), difference(last, step)]
        allowed = -1 if self.wrt.name == r.state else 0  # f_0 is where it starts
        if any(d is not None and d < allowed for d in outside):
            return ZERO
        if gap is not None and gap * r.lag > 0:
            return ZERO
        on_the_way: LinearMap = IDENTITY
        start_of_all = first - 1 if r.lag < 0 else last + 1
        if gap is None and step != start_of_all:
            sides = (index_number(step), index_number(start))
            on_the_way = Scale(Apply(indicator("<=" if r.lag < 0 else ">="), sides))
        here = map_tree.at_index(entry, {self.grid.letter: step})
        return M.compose(on_the_way, m, self._product(r, start, step), here)

    def _ends(self, r: Recurrence) -> tuple[Position, Position]:
        [span] = self.grid.network.spans(self.grid.network.by_name[r.state][0].target)
        return span.lower, span.upper

    def _summed(self, r: Recurrence, m: LinearMap, start: Position, entry: LinearMap) -> LinearMap:
        """Return Σ_n m (∏ J_j) E_n over all steps n on the way."""
        first, last = self._ends(r)
        n = self._letter("k")
        here = map_tree.at_index(entry, {self.grid.letter: Index(n)})
        body = M.compose(m, self._product(r, start, Index(n)), here)
        return M.indexed_sum(n, first if r.lag < 0 else start, start if r.lag < 0 else last, body)

    def _letter(self, letter: str) -> str:
        network = self.grid.network
        used = {p.symbol for q in (self.of, self.wrt) for p in q.further if isinstance(p, Index)}
        return fresh(letter, used | {*network.names, *network.depths, *network.bound_letters})

    def _product(self, r: Recurrence, start: Position, step: Position) -> LinearMap:
        if difference(start, step) == 0:
            return IDENTITY
        j = self._letter("j")
        body = map_tree.at_index(self.grid.jacobian(r), {self.grid.letter: Index(j)})
        if r.lag < 0:
            return map_tree.product(j, step + 1, start, body, True)
        return map_tree.product(j, start, step - 1, body, False)


def decided(m: LinearMap) -> LinearMap:
    """Return a map in which conditions between numbers are 1 or 0."""

    def one(x: LinearMap) -> LinearMap | None:
        match x:
            case Scale(Apply(op, (Number(a), Number(b)))) if op == indicator("<="):
                return IDENTITY if a <= b else ZERO
            case Scale(Apply(op, (Number(a), Number(b)))) if op == indicator(">="):
                return IDENTITY if a >= b else ZERO
        return None

    return map_tree.replaced(m, one)
