"""Reverse accumulation over the unrolled network: backpropagation, by the pull-backs of the operations.

It shares with the closed forms the equations and nothing else: no linear maps, no step Jacobian.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from symgrad.algebra.expression import MUL, Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Place
from symgrad.algebra.index_sum import IndexNumber, IndexSum
from symgrad.algebra.op import Op
from symgrad.calculus.forward import Compiler, Evaluator, Numbers, instances
from symgrad.calculus.output import as_output
from symgrad.calculus.values.values import Values
from symgrad.errors import ModelError
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.schedule import scheduled
from symgrad.ops.loss import Loss

Cotangents = dict[str, dict[Place, Any]]
"""By name and index: the derivative of the chosen quantity, in the shape of the quantity."""

Pull = Callable[[Any, Numbers], None]
"""A compiled pull-back of an expression: (cotangent, index numbers); adds to the cotangents."""


def backward(
    network: Network,
    values: Values,
    of: Quantity,
    seed: Any,
    compiler: Compiler,
    wanted: Collection[str],
    tape: Tape | None = None,
) -> Cotangents:
    """Return the cotangents of the quantities with the names ``wanted``, for the cotangent ``seed`` of ``of``.

    ``values`` holds the forward values. The cost is linear in the depth; what a step defines and is not wanted
    is let go as soon as it is pulled back. tape: an empty one that pulls back by rules of its own.
    """
    tape = tape or Tape(values, compiler, wanted)
    depth, symbol = values.depth, network.symbol
    last = of.index if isinstance(of.index, int) else depth
    at = {**values.ends, network.depth_symbol: depth}
    tape.add(of.name, of.place(at), seed)
    if network.grid:
        pulls = {e: tape.through(e) for e in network.grid}
        for i in reversed(scheduled(network, values.ends)):
            g, pull = tape.found.get(i.equation.target.name, {}).get(i.place), pulls[i.equation]
            if g is not None and pull is not None:
                pull(g, i.at)
    for equation in reversed(network.closings):
        tape.pull(equation, at)
    steps = []
    for equation in reversed(network.steps):
        name = equation.target.name
        cotangents = tape.found.setdefault(name, {})
        steps.append((equation, tape.through(equation), cotangents.get if name in wanted else cotangents.pop))
    for j in range(min(last, depth), 0, -1):
        at[symbol] = j
        for equation, pull, take in steps:
            if equation.target.further:
                tape.pull(equation, at)
                continue
            g = take(j, None)
            if g is not None and pull is not None:
                pull(g, at)
    at = {**values.ends, network.depth_symbol: depth}
    for equation in reversed(network.openings):
        tape.pull(equation, at)
    for name, index, g in tape.passed_by:
        tape.add(name, index, g)
    return tape.found


class Tape:
    """The cotangents that are known so far, and the pull-backs of equations that add to them."""

    def __init__(self, values: Values, compiler: Compiler, wanted: Collection[str]) -> None:
        self.values, self.A, self.compile, self.wanted = values, values.arithmetic, compiler, wanted
        self.found: Cotangents = {}
        self.passed_by: list[tuple[str, Place, Any]] = []
        """Cotangents of outputs that a loss was pulled back past, to what they are made of."""

    def add(self, name: str, index: Place, g: Any) -> None:
        """Add to the cotangent of a quantity."""
        known = self.found.setdefault(name, {})
        known[index] = known[index] + g if index in known else g

    def pull(self, equation: Equation, at: Numbers) -> None:
        """Pull the cotangents of what one equation defines at a step, or outside the steps."""
        known = self.found.get(equation.target.name, {})
        pull = self.through(equation)
        for place, inner in instances(self.values.network, equation.target, at):
            g = known.get(place)
            if g is not None and pull is not None:
                pull(g, inner)

    def through(self, equation: Equation) -> Pull | None:
        """Return the pull-back of the right side of an equation, whose value is known as that of its target."""
        return self.compiled(equation.value, self.compile(equation.target))

    def compiled(self, e: Expression, value: Evaluator | None = None) -> Pull | None:
        """Return the pull-back of an expression, None where it reads no quantity; ``value`` gives its value."""
        match e:
            case Quantity():
                return self.leaf(e) if self._is_asked(e) else None
            case Number() | Constant() | IndexNumber():
                return None
            case IndexSum():
                return self._over(e)
            case Apply(Op(record=Loss())) if (past := self.past_output(e)) is not None:
                return past
            case Apply(_, arguments):
                pulls = [self._fitted(e, a) for a in arguments]
                if any(pulls):
                    inputs = [self.compile(a) for a in arguments]
                    return self.node(e, value or self.compile(e), inputs, pulls)
                return None
        raise ModelError(f"{e} cannot be differentiated")

    def _is_asked(self, q: Quantity) -> bool:
        """Tell whether the cotangent of q is wanted, or leads to one that may be."""
        return q.name in self.wanted or q.name in self.values.network.by_name

    def leaf(self, q: Quantity) -> Pull:
        """Return the pull-back of a quantity: it adds to the cotangent."""
        match q:
            case Quantity(name, Index(symbol, offset), ()) | Quantity(name, None, (Index(symbol, offset),)):
                known = self.found.setdefault(name, {})

                def add_at(g: Any, at: Numbers) -> None:
                    index = at[symbol] + offset
                    known[index] = known[index] + g if index in known else g

                return add_at
        return lambda g, at: self.add(q.name, q.place(at), g)

    def node(self, e: Apply, value: Evaluator, inputs: list[Evaluator], pulls: list[Pull | None]) -> Pull:
        """Return the pull-back of an operation, by its rule, to its arguments."""
        return _applied(e.op, e.op.pullback_on(self.A), value, inputs, pulls)

    def _over(self, e: IndexSum) -> Pull | None:
        """Return the pull-back of a sum, the same cotangent for each term; of a product, that times the others."""
        pull, span = self.compiled(e.body), e.range
        if pull is None:
            return None
        if e.kind == "sum":

            def to_each(g: Any, at: Numbers) -> None:
                for k in span.numbers(at):
                    pull(g, {**at, span.symbol: k})

            return to_each
        factor = self.compile(e.body)

        def to_each_times_others(g: Any, at: Numbers) -> None:
            places = [{**at, span.symbol: k} for k in span.numbers(at)]
            factors = [factor(p) for p in places]
            for n, p in enumerate(places):
                others = g
                for x in (*factors[:n], *factors[n + 1 :]):
                    others = others * x
                pull(others, p)

        return to_each_times_others

    def past_output(self, e: Apply) -> Pull | None:
        """Return the pull-back of C(a, y) to z, where a = f(z) and the loss has a rule for f; None where it has not.

        It has a value where f'(z) is 0 and ∂C/∂a is infinite in float64.
        """
        a, y = e.arguments
        made = as_output(self.values.network, a)
        rules = dict(e.op.record.by_input)
        if made is None or made.op.record is None or made.op.record.name not in rules:
            return None
        [z] = made.arguments
        rule, A, target = rules[made.op.record.name], self.A, None
        pull, at_z, at_a, at_y = self.compiled(z), self.compile(z), self.compile(a), self.compile(y)
        if any(q.name in self.wanted or q.name in self.values.network.defined for q in quantities(y)):
            target = self.compiled(y)

        def past(g: Any, at: Numbers) -> None:
            if pull is not None:
                pull(g * rule(A, at_z(at), at_y(at)), at)
            if target is not None:
                target(g * e.op.record.partial(1)(A, at_a(at), at_y(at)), at)
            if isinstance(a, Quantity) and a.name in self.wanted:
                self.passed_by.append((a.name, a.place(at), g * e.op.record.partial(0)(A, at_a(at), at_y(at))))

        return past

    def _fitted(self, e: Expression, argument: Expression) -> Pull | None:
        """Return the pull-back of an argument of e; where it is broadcast to e, its cotangent is a sum."""
        pull, A, network = self.compiled(argument), self.A, self.values.network
        own = len(network.shape_of(argument))
        if pull is None or own >= len(network.shape_of(e)):
            return pull
        return lambda g, at: pull(A.total(g) if A.rank(g) > own else g, at)


def _applied(op: Op, rule: Callable[..., Any], y: Evaluator, inputs: list[Evaluator], pulls: list[Pull | None]) -> Pull:
    """Return the pull-back of y = op(x_1, ...). Of y and the x_i it computes what the rule reads, and no more."""
    if op.linear:
        inputs = [_unread] * len(inputs)
    if not op.reads_output:
        y = _unread
    kept = [_drop if pull is None else pull for pull in pulls]
    if op == MUL and None in pulls:
        [(pull, other)] = [(p, x) for p, x in zip(pulls, reversed(inputs), strict=True) if p is not None]
        return lambda g, at: pull(g * other(at), at)
    match inputs, kept:
        case [x], [pull]:
            return lambda g, at: pull(rule(g, y(at), x(at))[0], at)
        case [x_1, x_2], [pull_1, pull_2]:

            def both(g: Any, at: Numbers) -> None:
                g_1, g_2 = rule(g, y(at), x_1(at), x_2(at))
                pull_1(g_1, at)
                pull_2(g_2, at)

            return both

    def several(g: Any, at: Numbers) -> None:
        for pull, change in zip(kept, rule(g, y(at), *[x(at) for x in inputs]), strict=True):
            pull(change, at)

    return several


def _unread(at: Numbers) -> Any:
    """Stand for a value that the rule does not read."""
    return None


def _drop(g: Any, at: Numbers) -> None:
    """Take the cotangent of what reads no quantity."""
