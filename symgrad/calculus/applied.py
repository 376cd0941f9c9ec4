"""How authors write what a cotangent is multiplied by: (Wᵀ δ) ⊙ σ'(z), w δ σ'(z)."""

from __future__ import annotations

from dataclasses import replace

from symgrad.algebra import map_algebra as M
from symgrad.algebra.differential import Cotangent
from symgrad.algebra.expression import ADD, MUL, SUB, Apply, Expression, Number, Quantity
from symgrad.algebra.expression_tree import replaced
from symgrad.algebra.linear_map import Compose, Diagonal, LinearMap, Scale, Sum
from symgrad.algebra.op import Op
from symgrad.calculus.items.means import with_means
from symgrad.calculus.normal.product import times
from symgrad.calculus.normal.term import ZERO, written
from symgrad.calculus.normal.total import summands, total
from symgrad.calculus.normal.transposition import named
from symgrad.calculus.output import output_of
from symgrad.calculus.rank import rank
from symgrad.calculus.simplified import in_front
from symgrad.network.network import Network
from symgrad.ops.function import Symbols, elementwise_function
from symgrad.ops.linear import MATMUL
from symgrad.ops.piecewise import one_if
from symgrad.ops.record import Elementwise


def applied_form(network: Network, e: Expression) -> Expression:
    """Return an expression as authors write it: (Wᵀ δ) ⊙ 1{z > 0}, P ⊙ (δ_P - (P ⊙ δ_P) 𝟏 𝟏ᵀ), w δ σ'(z).

    Where the network has a quantity P = softmax(S), it stands for softmax(S); a factor that the terms of a sum share
    stands before it; products entry by entry begin with the cotangent, and end with a slope.
    """
    e = by_output(network, e)
    e = _ordered(network, _shared(network, e) if rank(network, e) else _inner(network, e))
    return with_means(network, in_front(network, e) if rank(network, e) == 1 else e)


def _inner(network: Network, e: Expression) -> Expression:
    """Return a number with the cotangent before what it is multiplied by: δᵀ (a ⊙ h + b), for aᵀ (δ ⊙ h) + bᵀ δ."""
    found: dict[Expression, list[Expression]] = {}
    rest: list[Expression] = []
    for t in summands(network, e):
        arrays = [f for f, n in t.factors.items() if isinstance(f, Apply) and f.op == MATMUL and n == 1]
        met = _cotangent_of(network, arrays[0]) if len(arrays) == 1 else None
        if met is None:
            rest.append(written(network, t))
            continue
        g, others = met
        scalars = replace(t, factors={f: n for f, n in t.factors.items() if f != arrays[0]})
        found.setdefault(g, []).append(times(network, written(network, scalars), others))
    terms = [Apply(MATMUL, (g, total(network, *others))) for g, others in found.items()]
    return total(network, *terms, *rest) if terms else e


def _cotangent_of(network: Network, e: Apply) -> tuple[Expression, Expression] | None:
    """Return δ and a ⊙ h of aᵀ (δ ⊙ h), of vectors."""
    if any(rank(network, x) != 1 for x in e.arguments):
        return None
    factors = [f for x in e.arguments for f in _factors(x)]
    cotangents = [f for f in factors if isinstance(f, Cotangent)]
    others = [f for f in factors if not isinstance(f, Cotangent)]
    if len(cotangents) != 1 or not others or any(map(named, others)):
        return None
    return cotangents[0], _product(others)


def indicators(network: Network, e: Expression) -> Expression:
    """Return an expression in which the slope of a rectifier is what it is, 1{z > 0}."""
    return replaced(e, lambda x: _indicator(network, x))


def _indicator(network: Network, e: Expression) -> Expression | None:
    match e:
        case Apply(Op(kind="slope", record=Elementwise() as f) as op, (x,)):
            slope = f.slope_at(Symbols(), x)
            if not (isinstance(slope, Apply) and slope.op.name == "step"):
                return None
            output = output_of(network, elementwise_function(op.name, f), x)
            if f.slope_of_output is not None and not isinstance(x, Quantity) and isinstance(output, Quantity):
                slope = f.slope_at_output(Symbols(), output)  # 1{Z > 0}, and not 1{X W > 0}
            return _indicator(network, slope)
        case Apply(Op(name="step", kind="function"), (x,)):
            return one_if(x, ">", ZERO)
    return None


def by_output(network: Network, e: Expression) -> Expression:
    """Return e with the quantities of the network that are f(x) in the place of f(x)."""
    return replaced(e, lambda x: _by_name(network, x))


def _by_name(network: Network, e: Expression) -> Expression | None:
    """Return the quantity that is f(x) in the network."""
    match e:
        case Apply(Op(kind="function") as f, (x,)):
            found = output_of(network, f, x)
            return found if isinstance(found, Quantity) else None
    return None


def _shared(network: Network, e: Expression) -> Expression:
    """Return a sum with a factor in front that all its terms share: P ⊙ G - P ⊙ (r 𝟏ᵀ) is P ⊙ (G - r 𝟏ᵀ)."""
    terms = list(summands(network, e))
    if len(terms) < 2 or not rank(network, e):
        return e
    first, *others = terms
    common = [f for f, n in first.factors.items() if n == 1 and rank(network, f) and not named(f)]
    common = [f for f in common if all(t.factors.get(f) == 1 for t in others)]
    if not common:
        return e
    rest = []
    for t in terms:
        kept = {f: n for f, n in t.factors.items() if f not in common}
        rest.append(written(network, replace(t, factors=kept)))
    inner = total(network, *rest)
    for f in reversed(common):  # P ⊙ (G - r 𝟏ᵀ), and (Wᵀ δ + ∂ℓ/∂s) ⊙ σ'(z)
        inner = Apply(MUL, (inner, f)) if is_slope(f) else Apply(MUL, (f, inner))
    return inner


def _ordered(network: Network, e: Expression) -> Expression:
    match e:
        case Apply(op, arguments) if op != MUL:
            return Apply(op, tuple(_ordered(network, a) for a in arguments))
        case Apply():
            factors = [_ordered(network, f) for f in _factors(e)]
            scalars = [f for f in factors if not rank(network, f)]
            arrays = [f for f in factors if rank(network, f)]
            scalars.sort(key=_place_of_number)
            sums = [f for f in arrays if isinstance(f, Apply) and f.op in (ADD, SUB)]
            led = bool(sums) and named(sums[0]) and not any(named(f) for f in arrays if f not in sums)
            if not (led and not any(map(is_slope, arrays))):
                arrays.sort(key=_place_of_array)  # P ⊙ (G - r 𝟏ᵀ) stays as it is
            return _product([_product(scalars), _product(arrays)] if scalars and arrays else scalars or arrays)
    return e


def _factors(e: Expression) -> list[Expression]:
    match e:
        case Apply(op, (x, y)) if op == MUL:
            return [*_factors(x), *_factors(y)]
    return [e]


def _place_of_number(e: Expression) -> int:
    return 1 if named(e) else 2 if is_slope(e) else 0


def _place_of_array(e: Expression) -> int:
    return 0 if named(e) else 2 if is_slope(e) else 1


def is_slope(e: Expression) -> bool:
    """Tell whether an expression is the slope of a function, σ'(z)."""
    return isinstance(e, Apply) and e.op.kind == "slope"


def joined(network: Network, m: LinearMap) -> LinearMap:
    """Return a map in whose sums the diagonal terms are one: diag(g) - diag(h) is diag(g - h)."""
    match m:
        case Compose(maps):
            return M.compose(*[joined(network, x) for x in maps])
        case Sum(maps):
            found = [joined(network, x) for x in maps]
            values = [_diagonal(network, x) for x in found]
            diagonals = [v for v in values if v is not None]
            if len(diagonals) < 2:
                return M.add(*found)
            rest = [x for x, v in zip(found, values, strict=True) if v is None]
            return M.add(M.diagonal(total(network, *diagonals)), *rest)
    return m


def _diagonal(network: Network, m: LinearMap) -> Expression | None:
    """Return v where m is diag(v), or a multiple of it."""
    match m:
        case Diagonal(v):
            return v
        case Compose((Scale(Number() as n), Diagonal(v))):
            return times(network, n, v)
    return None


def _product(factors: list[Expression]) -> Expression:
    first, *others = factors
    for f in others:
        first = Apply(MUL, (first, f))
    return first
