"""The numbers that the equations of a Hessian times a direction give, in any arithmetic; linear in the depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from symgrad.algebra.differential import Cotangent
from symgrad.algebra.expression import Constant, Expression, Quantity
from symgrad.algebra.expression_tree import inside, replaced
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move
from symgrad.arithmetic.events import float_events, kink_events
from symgrad.calculus.along import DOT, dotted
from symgrad.calculus.backward_numbers import asked_name, of_asked
from symgrad.calculus.backward_values import BackwardValues, Numbers, numberings
from symgrad.calculus.closed_form import check_depth
from symgrad.calculus.equations.backward_equation import BackwardEquation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.hessian_vector import HessianVectorPass
from symgrad.calculus.normal.term import ONE
from symgrad.calculus.numeric import idle, tell
from symgrad.calculus.values.read import read_values
from symgrad.calculus.values.values import Values
from symgrad.errors import IndexRangeError, NotDefined
from symgrad.network.bind import Binding, bind_expression, bind_map


class HessianVectorValues:
    """The products at values of the parameters and of the direction; called inside ``arithmetic.working()``."""

    def __init__(self, h: HessianVectorPass, values: Values, functions: Mapping[str, Binding] | None = None) -> None:
        self.h, self.values = h, values
        self.functions = functions or {}
        self.depth = {**values.ends, h.network.depth_symbol: values.depth}
        self.compiler = Compiler(values)
        of = move(h.of, self.depth)
        read = {e.target for e in h.forward}
        forward(values.network, values, self.compiler, wanted={of, *read})
        self.first = BackwardValues(h.first, values, self.compiler, self._bound)
        self.instances: dict[Quantity, tuple[BackwardEquation, Numbers]] = {}
        for e in h.second:
            for at in numberings(e.ranges, self.depth):
                self.instances[move(e.wrt, at)] = e, at
        self.found: dict[Quantity, Any] = {}

    def _bound(self, m: LinearMap) -> LinearMap:
        return bind_map(m, self.functions) if self.functions else m

    def products(self) -> Iterator[Quantity]:
        """Yield the quantities of the products, at numbers for their indices."""
        for e in self.h.products:
            for at in numberings(e.ranges, self.depth):
                yield move(e.wrt, at)

    def product(self, q: Quantity) -> Any:
        """Return R{∂of/∂q}, what it reads computed before it."""
        pending = [(q, False)]
        while pending:
            x, entered = pending.pop()
            if x in self.found:
                continue
            if x not in self.instances:
                raise NotDefined(f"no equation gives the product at {x}", todo="ask for it: wrt=[...]")
            e, at = self.instances[x]
            read = list(self._read(e, at))
            if entered:
                for c in read:
                    self._put(c)
                self.found[x] = self._total(e, at)
            else:
                pending.append((x, True))
                pending += [(c.wrt, False) for c in read if c.of == self.h.along and c.wrt not in self.found]
        return self.found[q]

    def _read(self, e: BackwardEquation, at: Numbers) -> Iterator[Cotangent]:
        """Yield the cotangents that an equation reads, each term of a sum for itself."""
        for s in e.summands:
            yield from self._cotangents(s.value, s.sums, at)

    def _cotangents(self, e: Expression, sums: tuple[Span, ...], at: Numbers) -> Iterator[Cotangent]:
        pending = [(e, sums)]
        while pending:
            x, under = pending.pop()
            if isinstance(x, Cotangent):
                yield from (Cotangent(x.of, move(x.wrt, inner)) for inner in numberings(under, at))
            spans = (*under, x.range) if isinstance(x, IndexSum) else under
            pending += [(y, spans) for y in inside(x)]

    def _put(self, c: Cotangent) -> None:
        """Let the value of a cotangent be known by its name."""
        value = self.found[c.wrt] if c.of == self.h.along else self.first[c.wrt]
        self.values.env.setdefault(_name(c).name, {})[c.wrt.place({})] = value

    def _total(self, e: BackwardEquation, at: Numbers) -> Any:
        total = self._zeros(move(e.wrt, at))
        for s in e.summands:
            value, front = (self.compiler(bind_expression(_evaluable(x), self.functions)) for x in (s.value, s.front))
            for inner in numberings(s.sums, at):
                total = total + front(inner) * value(inner)
        return total

    def _zeros(self, q: Quantity) -> Any:
        shape, A = self.values.shape(q), self.values.arithmetic
        return A.array(np.zeros(shape, dtype=int), shape)


def evaluate(
    h: HessianVectorPass,
    given: Mapping[str, Any],
    direction: Mapping[str, Any],
    arithmetic: str = "float",
    digits: int | None = None,
    depth: int | None = None,
) -> dict[str, Any]:
    """Return the product at a user's values, by the name of each parameter that was asked for."""
    check_depth(depth)
    network = h.network
    unread = idle(network, {h.of, h.along}) - {x for q in h.first.asked for x in (q.name, dotted(q).name)}
    moved = {_dotted_name(name): x for name, x in direction.items()}
    values = read_values(network, {**given, **moved}, arithmetic, digits, h.first.depth or depth, unread)
    at_depth = {**values.ends, network.depth_symbol: values.depth}
    for a in h.first.assumptions:
        if not a.holds(at_depth):
            raise IndexRangeError(f"these equations hold for {a}", todo="give another depth")
    with values.arithmetic.working(), float_events() as events, kink_events() as kinks:
        found = HessianVectorValues(h, values)
        result = {asked_name(q): of_asked(h.products, found.product, network, q, at_depth) for q in h.first.asked}
    tell(f"the Hessian-vector product of {h.of} was evaluated", arithmetic, events, kinks)
    return result


def _dotted_name(name: str) -> str:
    base, bracket, index = name.partition("[")
    return f"{base}{DOT}{bracket}{index}"


def _name(c: Cotangent) -> Quantity:
    return Quantity(f"{c.of.name}/{c.wrt.name}", c.wrt.index, c.wrt.further, c.wrt.ahead)


def _evaluable(e: Expression) -> Expression:
    """Return e with names for its cotangents; ones that take the shape of what they stand beside are 1."""

    def known(x: Expression) -> Expression | None:
        match x:
            case Cotangent():
                return _name(x)
            case Constant("1", shape) if 0 in shape:
                return ONE
        return None

    return replaced(e, known)
