"""Write the slopes of bound functions out: σ'(z_j) as a_j (1 - a_j), ∂C/∂a_L as a_L - y.

Three forms: "folded" keeps σ' and ∂C/∂a_L; "unfolded" writes them by the output of the layer, or by its
input where the output does not give them; "inputs" also replaces every defined quantity by its equation.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Expression, Number, Quantity
from symgrad.algebra.expression_tree import inside, quantities, rebuilt, replaced
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    IndexedSum,
    LinearMap,
    Product,
    Scale,
    Sum,
    Transpose,
)
from symgrad.algebra.map_algebra import compose
from symgrad.algebra.map_tree import at_index, expressions, product, rewrite
from symgrad.algebra.op import Op
from symgrad.algebra.substitution import substitute
from symgrad.algebra.tree import fold
from symgrad.calculus.normal.folded import numbers_folded, unstopped
from symgrad.calculus.normal.term import written
from symgrad.calculus.normal.total import term
from symgrad.calculus.output import as_output, by_name, output_of
from symgrad.errors import NotDefined, TooLarge, UnknownName
from symgrad.network.network import Network
from symgrad.ops.function import Symbols, elementwise_function, second_rule
from symgrad.ops.loss import Loss
from symgrad.ops.record import Elementwise

FORMS = ("folded", "unfolded", "inputs")
LARGEST_TREE = 10_000
"""Nodes beyond which a derivative is not written by the inputs."""
LONGEST_DENOMINATOR = 10**12
"""Of a parameter that is written as a number."""
DEEPEST_TREE = 200
"""Nodes inside each other beyond which it is not."""


def unfolded(network: Network, m: LinearMap, form: str, of: Quantity | None = None) -> LinearMap:
    """Return a map between quantities of a network, written in one of the three forms; of: what is derived."""
    if form not in FORMS:
        raise UnknownName("form", form, FORMS)
    m = rewrite(m, unstopped)
    if form == "folded":
        return rewrite(fused(network, m), lambda e: by_name(network, _known(network, e), of))
    m = rewrite(m, lambda e: by_name(network, numbers_folded(_unfold(network, e)), of))
    if form == "unfolded":
        return m
    _check_size(network, m)
    return rewrite(m, lambda e: _inputs(network, e))


def fused(network: Network, m: LinearMap) -> LinearMap:
    """Return m where a loss meets the output that it is made for: ∂C/∂p diag(logistic'(z)) is (p - y)ᵀ.

    So it is where the slope of the output cancels what the slope of the loss divides by: the product has a value
    wherever z has one, though p (1 - p) is 0 in float64 for a large z.
    """
    return _fused(network, m, _by_output)


def stable(network: Network, m: LinearMap, depth: int | None = None) -> LinearMap:
    """Return the same map to be evaluated: where a loss meets its output, its derivative is taken by the input z.

    depth: what the depth is in m, where it is a number.
    """
    return _fused(network, m, partial(_by_input, depth))


Meeting = Callable[[Network, Expression, Expression], Expression | None]
"""What ∂C/∂p and f'(z) are together, or None."""


def _fused(network: Network, m: LinearMap, meeting: Meeting) -> LinearMap:
    match m:
        case Compose(maps):
            kept: list[LinearMap] = []
            pending = [_fused(network, y, meeting) for y in reversed(maps)]
            while pending:
                x = pending.pop()
                match x:
                    case Product(symbol, int(lower), int(upper), body, True) if kept and _ends_in_loss(kept[-1]):
                        rest = product(symbol, lower, upper - 1, body)  # the last step meets the loss
                        last = at_index(body, {symbol: upper})
                        steps = last.maps if isinstance(last, Compose) else (last,)
                        if upper >= lower and _met(network, kept[-1], steps[0], meeting) is not None:
                            pending += [rest, *reversed(steps)]
                            continue
                met = _met(network, kept[-1], x, meeting) if kept else None
                if met is None:
                    kept.append(x)
                else:
                    kept[-1] = met
            return compose(*kept)
        case Sum() | IndexedSum() | Block():
            return map_tree.rebuilt(m, lambda x: _fused(network, x, meeting))
    return m


def _ends_in_loss(m: LinearMap) -> bool:
    match m:
        case Transpose(Column(Partial())) | Scale(Partial()):
            return True
    return False


def _met(network: Network, left: LinearMap, right: LinearMap, meeting: Meeting) -> LinearMap | None:
    """Return ∂C/∂p ∂p/∂z as one row or one number."""
    match left, right:
        case Transpose(Column(v)), Diagonal(d):
            together = meeting(network, v, d)
            return None if together is None else Transpose(Column(together))
        case Scale(v), Scale(d):
            together = meeting(network, v, d)
            return None if together is None else Scale(together)
    return None


def _by_output(network: Network, loss: Expression, slope: Expression) -> Expression | None:
    """Return their product where it does not divide any more."""
    if not isinstance(loss, Partial):
        return None
    left, right = (term(network, numbers_folded(_unfold(network, e))) for e in (loss, slope))
    whole = left * right
    if min(left.factors.values(), default=0) >= 0 or min(whole.factors.values(), default=0) < 0:
        return None
    return written(network, whole)


def _by_input(depth: int | None, network: Network, loss: Expression, slope: Expression) -> Expression | None:
    loss = loss.value if isinstance(loss, Partial) else loss
    match loss, slope:
        case Apply(Op(kind="partial", place=0, record=Loss() as record), (a, y)), Apply(Op(kind="slope") as op, (z,)):
            rules = dict(record.by_input)
            made = as_output(network, a)
            if op.record is None or op.record.name not in rules or made is None or made.op.record != op.record:
                return None
            if z in (made.arguments[0], _at_depth(network, made.arguments[0], depth)):
                together: Expression = rules[op.record.name](Symbols(network.shape_of), z, y)
                return together
    return None


def _at_depth(network: Network, e: Expression, depth: int | None) -> Expression:
    return e if depth is None else substitute(e, {network.depth_symbol: depth})


def _known(network: Network, e: Expression) -> Expression:
    """Write what has no symbol in books: the slope of exp, ln, sin by its value, ∂_1 quadratic(W x, y) as W x - y."""
    match e:
        case Partial(of, _, value) if not any(x.target == of for x in network.equations):
            known = _known(network, value)
            return e if known == value else known
        case Partial():
            return e
        case Apply(Op(kind="partial", record=Loss()) as op):
            if op.name in (op.record.name, *op.record.aliases):
                return numbers_folded(_unfold(network, e))
        case Apply(op, (x,)) if op.kind == "slope" and op.record is not None and op.record.written:
            if op.name in (op.record.name, *op.record.aliases):
                return numbers_folded(op.record.slope_at(_Symbols(long_parameters(network, op.record)), x))
    return rebuilt(e, lambda x: _known(network, x))


def _unfold(network: Network, e: Expression) -> Expression:
    match e:
        case Partial(_, _, value):
            is_loss = isinstance(value, Apply) and isinstance(value.op.record, Loss)
            return _unfold(network, value) if is_loss else e
        case Apply(op, arguments) if op.kind == "partial" and isinstance(op.record, Loss):
            position = op.place or 0
            written: Expression = op.record.partial(position)(Symbols(network.shape_of), *arguments)
            return written
        case Apply(Op(kind="second slope", record=Elementwise() as f) as op, (x,)):
            output = output_of(network, elementwise_function(op.name, f), x)
            if f.slope_of_output is None or not isinstance(output, Quantity):
                return substituted(second_rule(f).expression, Quantity("x"), x)
            from symgrad.ops.composed import derivative

            y = Quantity("x")
            slope = f.slope_at_output(Symbols(), y)
            return substituted(slope * derivative(slope, y), y, output)
        case Apply(op, (x,)) if op.kind == "slope" and op.record is not None:
            symbols = _Symbols(long_parameters(network, op.record))
            output = output_of(network, elementwise_function(op.name, op.record), x)
            if op.record.slope_of_output is None or (op.record.written and not isinstance(output, Quantity)):
                by_input: Expression = op.record.slope_at(symbols, x)
                return by_input
            by_output: Expression = op.record.slope_at_output(symbols, output)
            return by_output
    return rebuilt(e, lambda x: _unfold(network, x))


def substituted(e: Expression, variable: Quantity, value: Expression) -> Expression:
    """Return an expression with a value in the place of its variable."""
    return replaced(e, lambda x: value if x == variable else None)


def long_parameters(network: Network, record: Elementwise) -> dict[Fraction, str]:
    """Return the parameters of a function that are written by their names: SELU's numbers have 60 decimals."""
    return {
        value: name
        for name, value in record.parameters
        if value.denominator > LONGEST_DENOMINATOR and name not in network.names
    }


class _Symbols(Symbols):
    """Writes rules out, with names for long numbers."""

    def __init__(self, names: dict[Fraction, str]) -> None:
        self.names = names

    def number(self, q: Fraction | int) -> Expression:  # type: ignore[override]  # static where it needs no names
        """Return q as an expression."""
        return Quantity(self.names[Fraction(q)]) if q in self.names else Number(Fraction(q))


def _inputs(network: Network, e: Expression) -> Expression:
    """Replace defined quantities by their equations, until parameters are left."""

    def put(x: Expression) -> Expression | None:
        definition = _definition(network, x) if isinstance(x, Quantity) else None
        return None if definition is None else _inputs(network, definition)

    return replaced(e, put)


def _definition(network: Network, q: Quantity) -> Expression | None:
    for equation in network.equations:
        if equation.target == q:
            return equation.value
    if q.name in network.defined:
        if isinstance(q.index, Index):
            raise NotDefined(
                f"{q} cannot be written by the inputs at a symbolic depth", todo="give the depth as a number, such as 3"
            )
        if isinstance(q.index, int) and q.index >= 1:
            [equation] = [e for e in network.steps if e.target.name == q.name]
            return substitute(equation.value, {network.symbol: q.index})
    return None


class _Size(NamedTuple):
    """How many nodes an expression has, and how deep they are nested."""

    nodes: int
    nesting: int


def _check_size(network: Network, m: LinearMap) -> None:
    """Measure the written-out map without writing it out; raise TooLarge where it would not be readable."""
    sizes = _sizes(network, m)
    total = 0
    for e in expressions(m):
        size = _size(e, sizes)
        total += size.nodes
        too_many = f"more than {LARGEST_TREE:,} nodes" if total > LARGEST_TREE else ""
        too_deep = f"more than {DEEPEST_TREE} functions inside each other" if size.nesting > DEEPEST_TREE else ""
        if too_many or too_deep:
            raise TooLarge(
                f"written by the inputs, this derivative has {too_many or too_deep}",
                todo="use the folded or the unfolded form, or evaluate it at numbers",
            )


def _sizes(network: Network, m: LinearMap) -> dict[Quantity, _Size]:
    """Return the size of each defined quantity up to the last step that m reads."""
    last = max((q.index for e in expressions(m) for q in quantities(e) if isinstance(q.index, int)), default=0)
    sizes: dict[Quantity, _Size] = {}
    for opening in network.openings:
        sizes[opening.target] = _size(opening.value, sizes)
    for j in range(1, last + 1):
        for equation in network.steps:
            size = _size(substitute(equation.value, {network.symbol: j}), sizes)
            sizes[Quantity(equation.target.name, j)] = _Size(min(size.nodes, LARGEST_TREE + 1), size.nesting)
    return sizes


def _size(e: Expression, sizes: dict[Quantity, _Size]) -> _Size:
    def size(x: Expression, of: Callable[[Expression], _Size]) -> _Size:
        match x:
            case Quantity():
                return sizes.get(x, _Size(1, 1))
            case Partial(_, _, value):
                return of(value)
        parts = list(map(of, inside(x)))
        return _Size(1 + sum(p.nodes for p in parts), 1 + max((p.nesting for p in parts), default=0))

    return fold(e, inside, size)
