"""The backward equations of a network: the cotangent of each quantity by those of the quantities that read it.

    ∂E/∂X_l = (W_{l+1}ᵀ ∂E/∂Z_{l+1}) + ...,    ∂E/∂W_k = ∂E/∂Z_k X_{k-1}ᵀ

They are the closed form applied from the left, step by step: what a book prints where the states are matrices, whose
Jacobians are no matrices. An equation holds for the steps from ``lower`` to ``upper``; the last ones stand apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent
from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import nodes, quantities, reads
from symgrad.algebra.index import Index, Position, difference
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.substitution import move
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.layout import array
from symgrad.network.equation import Equation


@dataclass(frozen=True)
class BackwardEquation:
    """∂of/∂wrt = value, for the index of wrt from lower to upper where it is a symbol."""

    wrt: Quantity
    value: LinearMap
    lower: Position | None = None
    upper: Position | None = None


@dataclass(frozen=True)
class Recursion:
    """The equation of the gradient that was asked for, and those of the cotangents in it."""

    answer: BackwardEquation
    equations: tuple[BackwardEquation, ...]
    assumptions: tuple[Assumption, ...]


def recursion(form: ClosedForm) -> Recursion | None:
    """Return the backward equations of a closed form of a number; None where they have no such form.

    That is where an equation reads a state at a fixed step beyond 0, or an index is not known to lie before another.
    """
    writer = _Writer(form)
    if writer.irregular:
        return None
    answer = writer.equation(form.wrt)
    if answer is None:
        return None
    others = list(writer.others())
    if None in others:
        return None
    found = _read([answer], [e for e in others if e is not None])
    return Recursion(BackwardEquation(form.wrt, answer), tuple(found), tuple(writer.assumptions))


def _read(values: list[LinearMap], equations: list[BackwardEquation]) -> list[BackwardEquation]:
    """Return the equations that the answer and they themselves read; those of a name with an index go together."""
    wanted: set[tuple[str, int | None]] = set()
    pending = list(values)
    while pending:
        found = {_key(q) for e in map_tree.expressions(pending.pop()) for q in cotangents(e)} - wanted
        wanted |= found
        pending += [e.value for e in equations if _key(e.wrt) in found]
    return [e for e in equations if _key(e.wrt) in wanted]


def _key(q: Quantity) -> tuple[str, int | None]:
    return q.name, q.index if isinstance(q.index, int) and q.index < 1 else None


def cotangents(e: Expression) -> Iterator[Quantity]:
    """Yield what the cotangents in an expression are by."""
    return (x.wrt for x in nodes(e) if isinstance(x, Cotangent))


class _Writer:
    """Writes the equations of one network and one number ``of``."""

    def __init__(self, form: ClosedForm) -> None:
        self.form, self.network, self.of, self.wrt = form, form.network, form.of, form.wrt
        network = form.network
        self.stepwise = self.of.name in network.defined
        depth: Position = Index(network.depth_symbol) if form.depth is None else form.depth
        self.last: Position = depth if not self.stepwise or self.of.index is None else self.of.index
        self.depth = depth
        self.step = Index(network.symbol)
        used = {q.index.symbol for q in (self.of, self.wrt) if isinstance(q.index, Index)}
        self.symbol = next(s for s in (network.symbol, "j", "k", "m", "i", "r") if s not in used)
        self.sum_symbol = next(
            s for s in ("k", "m", "i", "r", "p", "n") if s not in {*used, self.symbol, *network.names}
        )
        self.assumptions: list[Assumption] = []
        self.reached = self._reached()

    @property
    def irregular(self) -> bool:
        """Whether an equation reads a state at a step, s[2], so that one step is unlike the others.

        s[0], which is no step, has an equation of its own; but the one of s[k] may be that.
        """
        equations = (*self.network.openings, *self.network.steps, *self._closings)
        if any(q.further or spans for e in equations for q, spans in reads(e.value)):
            return True
        read = {q for e in (*self.network.steps, *self._closings) for q in quantities(e.value)}
        fixed = {(q.name, q.index) for q in read if isinstance(q.index, int) and q.name in self.network.defined}
        general = not isinstance(self.wrt.index, int) and self.wrt.name in {name for name, _ in fixed}
        early = self.stepwise and isinstance(self.last, int) and self.last < 1
        return early or general or any(index > 0 for _, index in fixed)

    @property
    def _closings(self) -> tuple[Equation, ...]:
        return () if self.stepwise else self.network.closings

    def _reached(self) -> set[str]:
        """Return the names on the paths from wrt to of."""
        equations = self.network.equations
        below, above = {self.wrt.name}, {self.of.name}
        for _ in equations:
            below |= {e.target.name for e in equations if any(q.name in below for q in quantities(e.value))}
            above |= {q.name for e in equations if e.target.name in above for q in quantities(e.value)}
        return below & above

    # --- one equation -------------------------------------------------------------------------------------

    def equation(self, q: Quantity) -> LinearMap | None:
        """Return ∂of/∂q as a sum over what reads q: the cotangent of the reader after its local Jacobian."""
        parts: list[LinearMap] = []
        for m, target, shared in self._readers(q):
            if self._is_zero(target):
                continue
            known = M.IDENTITY if target == self.of else M.row(Cotangent(self.of, target), self.network.shape(target))
            path = M.compose(known, m)
            if array(self.network, path, 0, len(self.network.shape(q)), "numerator") is None:
                return None
            if shared:
                unread = (k for k in count() if not self._is_zero(Quantity(target.name, self.last - k)))
                path = M.indexed_sum(self.sum_symbol, 1, self.last - next(unread), path)
            parts.append(path)
        return M.add(*parts)

    def _is_zero(self, target: Quantity) -> bool:
        """Tell whether nothing reads one of the last steps, as X_L where E reads X_{L-1} alone."""
        if target == self.of or target.index is None or target.name not in self.network.defined:
            return False
        back = difference(self.last, target.index)
        if back is None or not 0 <= back < self._apart(target.name):
            return False
        held = len(self.assumptions)
        zero = self.equation(target) == M.ZERO
        del self.assumptions[held:]
        return zero

    def _readers(self, q: Quantity) -> Iterator[tuple[LinearMap, Quantity, bool]]:
        """Yield the local Jacobian of each equation that reads q, its target, and whether that is one at each step."""
        for equation in (*self.network.openings, *self._closings):
            if equation.target.name in self.reached:
                for read, m in local_jacobian(self.network, equation).items():
                    at = {} if self.form.depth is None else {self.network.depth_symbol: self.form.depth}
                    if self._same(move(read, at), q):
                        yield map_tree.at_index(m, at), equation.target, False
        for equation in self.network.steps:
            if equation.target.name in self.reached:
                for read, m in local_jacobian(self.network, equation).items():
                    if read.name == q.name:
                        yield from self._step_readers(q, equation, read, m)

    def _step_readers(
        self, q: Quantity, equation: Equation, read: Quantity, m: LinearMap
    ) -> Iterator[tuple[LinearMap, Quantity, bool]]:
        if not isinstance(read.index, Index):
            if read == q:
                at = {self.network.symbol: Index(self.sum_symbol)}
                yield map_tree.at_index(m, at), move(equation.target, at), True
            return
        assert q.index is not None
        position = q.index - read.index.offset
        if self._is_a_step(position):
            at_step: dict[str, Position] = {self.network.symbol: position}
            yield map_tree.at_index(m, at_step), move(equation.target, at_step), False

    def _is_a_step(self, p: Position) -> bool:
        """Decide 1 ≤ p ≤ the last step; where that is not known it is assumed."""
        gap = difference(self.last, p)
        if gap is None:
            self.assumptions.append(Assumption(self.last, p))
        elif gap < 0:
            return False
        return not (isinstance(p, int) and p < 1)

    def _same(self, read: Quantity, q: Quantity) -> bool:
        if read.name != q.name:
            return False
        if read == q:
            return True
        if read.index is None or q.index is None:
            return False
        gap = difference(read.index, q.index)
        if gap is None:  # the general step, or wrt at an index of its own: before the last steps
            self.assumptions.append(Assumption(read.index, q.index + 1))
        return gap == 0

    # --- the equations of the others ------------------------------------------------------------------------

    def others(self) -> Iterator[BackwardEquation | None]:
        """Yield the equations of the cotangents that the answer and they themselves read, the last steps first."""
        targets = [e.target for e in (*self._closings[::-1], *self.network.steps[::-1], *self.network.openings[::-1])]
        for target in targets:
            if target.name not in self.reached or target == self.of:
                continue
            if target.name in self.network.defined and isinstance(target.index, Index):
                yield from self._of_steps(target.name)
            elif target != self.wrt:
                value = self.equation(target)
                yield None if value is None else BackwardEquation(target, value)

    def _of_steps(self, name: str) -> Iterator[BackwardEquation | None]:
        apart = self._apart(name)
        for k in range(apart):
            q = Quantity(name, self.last - k)
            if q != self.of and not self._before(q.index):
                value = self.equation(q)
                yield None if value is None else BackwardEquation(q, value)
        lower, upper = self._lowest(name), self.last - apart
        length = difference(upper, lower)
        if length is not None and length < 0:
            return
        held = len(self.assumptions)
        general = self.equation(Quantity(name, Index(self.symbol)))
        del self.assumptions[held:]  # they say that the general step comes before the last ones: so does its range
        if general is None:
            yield None
        elif length == 0:
            at = {self.symbol: upper}
            yield BackwardEquation(Quantity(name, upper), map_tree.at_index(general, at))
        else:
            yield BackwardEquation(Quantity(name, Index(self.symbol)), general, lower, upper)

    def _before(self, p: Position | None) -> bool:
        return isinstance(p, int) and p < 1

    def _apart(self, name: str) -> int:
        """Return how many of the last steps have equations of their own, as later ones do not read them."""
        read = (q for e in self._closings for q in quantities(e.value) if q.name == name)
        offsets = [-q.index.offset + 1 for q in read if isinstance(q.index, Index)]
        own = 1 if name == self.of.name else 0
        return max([own, *offsets, *self.network.lags.get(name, ())])

    def _lowest(self, name: str) -> Position:
        """Return the first step whose cotangent of this name is asked for."""
        index = self.wrt.index
        if index is None or (isinstance(index, int) and index < 1):
            return 1
        lags = self.network.lags.get(self.wrt.name, {0})
        return index + (1 if name == self.wrt.name else min(lags, default=0))
