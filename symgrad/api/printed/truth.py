"""What the letters of a page are worth: quantities, functions and derivatives of a network at drawn values, in balls.

Nothing here uses the rules that a closed form is made by: derivatives are those of backpropagation, slopes and
immediate derivatives those of Taylor numbers, whose own arithmetic differentiates.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from symgrad.algebra.expression import Apply, Expression, Quantity, written
from symgrad.algebra.expression_tree import inside, reads
from symgrad.algebra.index import Index, Place
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import free_symbols
from symgrad.api.printed.known import SUMS, Known, Names
from symgrad.arithmetic import arithmetic
from symgrad.calculus.backward import Cotangents, backward
from symgrad.calculus.forward import Compiler, forward, instances
from symgrad.calculus.values.values import Values
from symgrad.evidence.draw import Draw
from symgrad.network.equation import Equation
from symgrad.network.functions import LINEAR, OF_TWO
from symgrad.network.schedule import scheduled
from symgrad.ops.record import Elementwise
from symgrad.ops.unit import Unit
from symgrad.ops.vector import VectorWitness
from symgrad.reading.page.array.kinds import Block, Multiple, Ones, Spread, Value, entrywise, is_array, is_number
from symgrad.reading.page.array.sizes import entry_places, unit_change
from symgrad.reading.page.lexicon import shown
from symgrad.reading.page.value import Given, Key
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Call, Name


class Functions:
    """Functions by their printed names, in balls; slopes are taken by Taylor numbers."""

    def __init__(self, known: Names, digits: int) -> None:
        self.known = known
        self.A, self.T = arithmetic("ball", digits), arithmetic("taylor", digits)

    def function(self, call: Call, x: list[Value]) -> Value:
        """Return f(x), f'(x) entry by entry, or the derivative by one argument, in the shape of that argument."""
        printed = call.function
        f = self.known.function(Name(printed.base, printed.accents, printed.below, printed.above, printed.bracket))
        if len(x) == 2 and printed == Name(printed.base) and printed.base in OF_TWO:
            f = LINEAR[OF_TWO[printed.base]].value
        if (spread := _of_spread(printed.base, f, self.A, x)) is not None:
            return spread
        if f is None or printed.primes > 2 or any(isinstance(v, Multiple | Spread | Ones | Block) for v in x):
            raise NotUnderstoodError(f"the function {shown(printed)}")
        if printed.primes:
            [argument] = x
            return self._slope(f, argument) if printed.primes == 1 else self._second_slope(f, argument)
        return self._partial(f, x, call.by - 1) if call.by else _of_vectors(f, self.A, x)

    def _slope(self, f: Any, x: Any) -> Any:
        with self.T.working():
            found = _tangents(f(self.T, self.T.variable(x)))  # type: ignore[attr-defined]
        if not isinstance(f, Elementwise) or not f.kink:
            return found
        at_kink = [not t.is_finite() or t.rad() > 2**-40 for t in np.ravel(found)]  # both slopes there: a convention
        return f.slope_at(self.A, x) if any(at_kink) else found

    def _second_slope(self, f: Any, x: Any) -> Any:
        """Return f'' as Taylor numbers have it of the rule of f'."""
        if not isinstance(f, Elementwise):
            raise NotUnderstoodError("the second derivative of what is no function of a number")
        with self.T.working():
            return _tangents(f.slope_at(self.T, self.T.variable(x)))  # type: ignore[attr-defined]

    def _partial(self, f: Any, x: list[Any], position: int) -> Any:
        if not 0 <= position < len(x):
            raise NotUnderstoodError("a derivative by an argument that is not there")
        found = np.empty(np.shape(x[position]), dtype=object)
        with self.T.working():
            for place in entry_places(x[position]):
                lifted = [self._direction(v, place if i == position else None) for i, v in enumerate(x)]
                found[place] = _tangents(_of_vectors(f, self.T, lifted))
        return found if found.shape else found[()]

    def _direction(self, x: Any, place: tuple[int, ...] | None) -> Any:
        direction = np.zeros(np.shape(x), dtype=object)
        if place is not None:
            direction[place] = 1
        return self.T.variable(x, direction if direction.shape else direction[()])  # type: ignore[attr-defined]


class Truth(Functions):
    """A network at drawn values; every call is made inside ``with truth.A.working():``.

    step: whether ∂⁺ holds the steps before fixed, and not all else that the equation reads.
    """

    def __init__(self, known: Known, draw: Draw, digits: int, step: bool = False) -> None:
        super().__init__(known, digits)
        self.digits = digits
        self.position, self.spelled = known.position, known.spelled
        self.network, self.depth, self.step = draw.network, draw.depth, step
        self.draw = draw
        with self.A.working():
            self.values = draw.values(self.A)
            self.compiler = Compiler(self.values)
            forward(self.network, self.values, self.compiler)
        self.quantities = known.quantities
        self.asked_immediate = False
        self._cotangents: dict[Key, list[Cotangents]] = {}

    def given(self) -> Given:
        """Return what a page is read with."""
        A = self.A
        constants = {"pi": A.pi, "e": A.exp(A.number(1))}
        return Given(
            self.quantities, self.quantity, self.function, self.derivative, A.number, constants, self.size, self.slope
        )

    # --- quantities -----------------------------------------------------------------------------------------

    def quantity(self, name: str, index: Place) -> Value:
        """Return a quantity, a vector as a column; of a dimension its size."""
        layers = self.values.env.get(name, {})
        if index in layers:
            return column(layers[index])
        size = self.size(name, index)
        if size is None:
            raise NotUnderstoodError(f"{name} has no layer {index}")
        return self.A.number(Fraction(size))

    def size(self, name: str, index: Place) -> int | None:
        """Return the size of a dimension, or the value of a parameter k of A^k; None for any other name."""
        if index is None and Quantity(name) in self.network.exponents:
            return self.A.whole(self.values.env[name][None])
        if isinstance(index, tuple):
            return None
        found = self.values.sizes.get(Dimension(name, index))
        return None if found is None or name in self.values.env else found[0]

    # --- derivatives ----------------------------------------------------------------------------------------

    def derivative(self, of: Key, wrt: Key, immediate: bool) -> Value:
        """Return ∂of/∂wrt by name, in numerator layout; of an array by a matrix there is a column for each entry."""
        if immediate:
            self.asked_immediate = True
            return self._immediate(of, wrt)
        if of not in self._cotangents:
            self._cotangents[of] = [self.cotangents(of, unit) for unit in self._units(of)]
        target = self.value(wrt)
        rows = [found.get(wrt[0], {}).get(wrt[1]) for found in self._cotangents[of]]
        return self._laid_out(of, wrt, [_filled(r, target) for r in rows])

    def cotangents(self, of: Key, seed: Any) -> Cotangents:
        """Return the pull-backs of a cotangent of ``of`` to every quantity."""
        return backward(self.network, self.values, self.symbol(of), seed, self.compiler, self.network.names)

    def value(self, q: Key) -> Any:
        """Return a quantity as the network has it."""
        try:
            return self.values.env[q[0]][q[1]]
        except KeyError:
            raise NotUnderstoodError(f"{q[0]} has no layer {q[1]}") from None

    def symbol(self, q: Key) -> Quantity:
        """Return the quantity of a name and its indices."""
        return self.network.arranged(written(*q))

    @property
    def ends(self) -> dict[str, int]:
        """What the letters are worth that the ranges of indices end with, as the page writes them."""
        ends = {**self.values.ends, self.network.depth_symbol: self.depth}
        return {self.position(s): n for s, n in ends.items()}

    def _units(self, q: Key) -> list[Any]:
        x = self.value(q)
        one, zero = self.A.number(1), self.A.number(0)
        if not isinstance(x, np.ndarray):
            return [one]
        return [unit_change(x, place, one, zero) for place in entry_places(x)]

    def slope(self, printed: Name, wrt: Key) -> Value:
        """Return ∂loss/∂a of a scalar function that one equation calls with a among its arguments, as a row."""
        f = self.known.function(printed)
        found = {
            (call.arguments, position, tuple((s, at[s]) for s in sorted(free_symbols(call))))
            for e in self.network.equations
            for call, spans in _calls(e.value)
            if f is not None and self.known.function(Name(self.spelled(call.op.name))) == f
            for step in self.numbers(e.target)
            for at in _under(spans, step)
            for position, x in enumerate(call.arguments)
            if isinstance(x, Quantity) and (x.name, x.place(at)) == wrt
        }
        if len(found) != 1 or f is None:
            raise NotUnderstoodError(f"the function {shown(printed)} of {wrt[0]}")
        [(arguments, position, numbers)] = found
        raw = [self.compiler(a)(dict(numbers)) for a in arguments]
        if isinstance(f, VectorWitness):
            return self._jacobian(f, raw, position)
        slope = self._partial(f, [column(x) for x in raw], position)
        return slope.T if isinstance(slope, np.ndarray) else slope

    def function(self, call: Call, x: list[Value]) -> Value:
        """Return f(x), f'(x), or J_f(x) and a derivative by one argument of an opaque function of vectors."""
        printed = call.function
        inner = printed.below[0] if printed.base == "J" and len(printed.below) == 1 else printed
        f = self.known.function(inner) if isinstance(inner, Name) else None
        if isinstance(f, Unit) and len(x) == f.shown < len(f.letters):
            x = [*x, *self._read_besides(f)]
        if not isinstance(f, VectorWitness) or not all(is_array(v) or is_number(v) for v in x):
            return super().function(call, x)
        raw = [v.reshape(-1) if is_array(v) else v for v in x] + [self._size_of(f)]
        if inner is not printed or call.by:
            return self._jacobian(f, raw, max(call.by, 1) - 1)
        return column(f.value(self.A, *raw))

    def _read_besides(self, f: Unit) -> list[Value]:
        """Return what the definition of a unit reads besides its letters, which is the same at every call."""
        found = [c.arguments[f.shown :] for e in self.network.equations for c, _ in _calls(e.value) if c.op.record == f]
        if len(set(found)) != 1 or any(free_symbols(a) for a in found[0]):
            raise NotUnderstoodError(f"what {f.name} reads besides its arguments")
        return [column(self.compiler(a)({self.network.depth_symbol: self.depth})) for a in found[0]]

    def _size_of(self, f: VectorWitness) -> Any:
        """Return ones of the size of the value of f, which every call of it has."""
        calls = ((c, e) for e in self.network.equations for c, _ in _calls(e.value) if c.op.record == f)
        found = [self.compiler(c.arguments[-1])(at) for c, e in calls for at in self.numbers(e.target)[:1]]
        if len({np.shape(x) for x in found}) != 1:
            raise NotUnderstoodError("a function of vectors whose size is not one")
        return found[0]

    def _jacobian(self, f: VectorWitness, x: list[Any], position: int) -> Value:
        """Return ∂f/∂x of a vector f, with a column for each entry of one argument."""
        columns = []
        with self.T.working():
            for place in entry_places(x[position]):
                lifted = [self._direction(v, place if i == position else None) for i, v in enumerate(x)]
                columns.append(np.reshape(np.array(_tangents(f.value(self.T, *lifted)), dtype=object), (-1, 1)))
        return np.hstack(columns)

    def along(self, op: Op, x: list[Any], position: int) -> Value:
        """Return the derivative of the value of an operation by one argument, a column for each of its entries."""
        columns = []
        with self.T.working():
            for place in entry_places(x[position]):
                lifted = [self._direction(v, place if i == position else None) for i, v in enumerate(x)]
                columns.append(np.reshape(np.array(_tangents(op.value(self.T, *lifted)), dtype=object), (-1, 1)))
        found = np.hstack(columns)
        return found[0, 0] if found.shape == (1, 1) and not np.ndim(x[position]) else found

    def numbers(self, target: Quantity) -> list[dict[str, int]]:
        """Return the numbers of the letters of a left side, for each quantity that it stands for."""
        network = self.network
        if network.grid:
            return [i.at for i in scheduled(network, self.values.ends) if i.equation.target == target]
        ends = {**self.values.ends, network.depth_symbol: self.depth}
        steps = [ends]
        if isinstance(target.index, Index):
            steps = [{**ends, network.symbol: j} for j in range(1, self.depth + 1)]
        return [inner for at in steps for _, inner in instances(network, target, at)]

    def _laid_out(self, of: Key, wrt: Key, rows: list[Any]) -> Value:
        """Arrange ∂of/∂wrt, given as a row for each entry of of: of a number by a matrix as that matrix turned."""
        if not isinstance(self.value(of), np.ndarray):
            x = rows[0]
            return x.T if np.ndim(x) == 2 else x.reshape(1, -1) if isinstance(x, np.ndarray) else x
        return np.vstack([np.reshape(np.array(r, dtype=object), (1, -1)) for r in rows])

    def pulled(self, of: Key, wrt: Key, seed: Any, scope: str = "total") -> Any:
        """Return the pull-back of a cotangent of ``of`` to wrt, row by row, or None for 0.

        scope: "total"; "equation", through the equation of of alone; "step", through its step alone.
        """
        if scope == "total":
            found = self.cotangents(of, seed).get(wrt[0], {}).get(wrt[1])
            return None if found is None else np.reshape(np.array(found, dtype=object), -1)
        return np.reshape(np.array(seed, dtype=object), -1).dot(self._through_one(of, wrt, scope == "step"))

    def _immediate(self, of: Key, wrt: Key) -> Value:
        changed = self.value(wrt)
        rows = self._through_one(of, wrt, self.step)
        return self._laid_out(of, wrt, [np.reshape(r, np.shape(changed)) if np.ndim(changed) else r[0] for r in rows])

    def _through_one(self, of: Key, wrt: Key, step: bool) -> Any:
        """Return ∂⁺of/∂wrt, through the equation of of alone or through its step alone, as a matrix."""
        through = list(self._path(of, wrt, step))
        columns = [self._tangent(through, of, wrt, place) for place in entry_places(self.value(wrt))]
        return np.hstack([np.reshape(np.array(c, dtype=object), (-1, 1)) for c in columns])

    def _path(self, of: Key, wrt: Key, step: bool) -> Iterator[tuple[Equation, dict[str, int]]]:
        """Yield the equations that a change goes through, with the number of their index symbol."""
        network = self.network
        q = self.symbol(of)
        equation = next((e for e in network.equations if _defines(e, q)), None)
        if equation is None:
            raise NotUnderstoodError(f"∂⁺ of {of[0]}, which no equation defines")
        in_step = equation in network.steps
        last = q.index if in_step and isinstance(q.index, int) else self.depth
        ends = {**self.values.ends, network.depth_symbol: self.depth}
        at = {**ends, network.symbol: last} if in_step else ends
        if network.grid:
            yield from self._of_grid(q)
            return
        group = next(g for g in (network.openings, network.steps, network.closings) if equation in g)
        earlier = wrt[1] is None or (isinstance(wrt[1], int) and wrt[1] < self.depth)
        if step and equation in network.closings and earlier:
            yield from (
                (e, n) for e in network.steps for _, n in instances(network, e.target, {**ends, network.symbol: last})
            )
        for e in group[: group.index(equation)] if step else ():
            yield from ((e, n) for _, n in instances(network, e.target, at))
        yield from ((equation, n) for place, n in instances(network, equation.target, at) if place == of[1])

    def _of_grid(self, q: Quantity) -> Iterator[tuple[Equation, dict[str, int]]]:
        for i in scheduled(self.network, self.values.ends):
            if (i.equation.target.name, i.place) == (q.name, q.place({})):
                yield i.equation, i.at

    def _tangent(
        self, through: list[tuple[Equation, dict[str, int]]], of: Key, wrt: Key, place: tuple[int, ...]
    ) -> Any:
        with self.T.working():
            values = Values(self.network, self.T, self.depth)
            values.sizes, values.ends = self.values.sizes, self.values.ends
            for name, index in {key for e, at in through for key in self._read(e, at)}:
                if index in self.values.env.get(name, {}):
                    values.env.setdefault(name, {})[index] = self._lifted((name, index), wrt, place)
            compiler = Compiler(values)
            for e, at in through:
                name, index = e.target.name, e.target.place(at)
                if (name, index) != wrt:
                    values.env.setdefault(name, {})[index] = compiler(e.value)(at)
            return _tangents(values.env[of[0]][of[1]])

    def _read(self, e: Equation, at: dict[str, int]) -> Iterator[Key]:
        """Yield what an equation reads; of what stands under a sum, all that has its name."""
        for q, spans in reads(e.value):
            if spans:
                yield from ((q.name, index) for index in self.values.env.get(q.name, {}))
            else:
                yield q.name, q.place(at)

    def _lifted(self, q: Key, wrt: Key, place: tuple[int, ...]) -> Any:
        """Return the value of a quantity as a Taylor number: a variable in one place of wrt, else a constant."""
        x = self.values.env[q[0]][q[1]]
        if not isinstance(x, np.ndarray):
            return self.T.variable(x, 1 if q == wrt else 0)  # type: ignore[attr-defined]
        direction = np.zeros(x.shape, dtype=object)
        if q == wrt:
            direction[place] = 1
        return self.T.variable(x, direction)  # type: ignore[attr-defined]


def _of_spread(name: str, f: Any, A: Any, x: list[Any]) -> Value:
    """Return rowsum(𝟏 v) or colsum(u 𝟏ᵀ), which have any number of rows, or of columns, again; None for all others."""
    axis = {"rowsum": 0, "rowmean": 0, "colsum": 1, "colmean": 1}.get(name)
    match x:
        case [Spread(np.ndarray() as inner, along)] if along == axis and f == SUMS[name]:
            return Spread(f(A, inner), along)
    return None


def _of_vectors(f: Any, A: Any, x: list[Any]) -> Value:
    """Return f of arrays, where a column stands for a vector."""
    return column(f(A, *(v[:, 0] if np.ndim(v) == 2 and v.shape[1] == 1 else v for v in x)))


def column(x: Any) -> Value:
    """Return a vector as a column; numbers and matrices stay as they are."""
    return x.reshape(-1, 1) if isinstance(x, np.ndarray) and x.ndim == 1 else x


def _filled(x: Any, like: Any) -> Any:
    """Return 0 in the shape of ``like`` for a cotangent that there is none of."""
    if x is not None:
        return x
    return entrywise(lambda v: v * 0, like) if isinstance(like, np.ndarray) else like * 0


def _calls(e: Expression, spans: tuple[Span, ...] = ()) -> Iterator[tuple[Apply, tuple[Span, ...]]]:
    """Yield the calls of scalar functions and of functions of vectors in an expression, with the sums above them."""
    if isinstance(e, Apply) and e.op.kind in ("scalar", "vector", "unit"):
        yield e, spans
    spans = (*spans, e.range) if isinstance(e, IndexSum) else spans
    for x in inside(e):
        yield from _calls(x, spans)


def _defines(e: Equation, q: Quantity) -> bool:
    if e.target.name != q.name:
        return False
    stepwise = isinstance(e.target.index, Index) and isinstance(q.index, int) and q.index >= 1
    return stepwise or e.target.index == q.index


def _under(spans: tuple[Span, ...], at: dict[str, int]) -> Iterator[dict[str, int]]:
    """Yield the numbers of the letters that sums bind, with those that are known."""
    if not spans:
        yield at
        return
    for n in spans[0].numbers(at):
        yield from _under(spans[1:], {**at, spans[0].symbol: n})


def _tangents(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return np.frompyfunc(lambda v: v.tangent, 1, 1)(x)
    return x.tangent
