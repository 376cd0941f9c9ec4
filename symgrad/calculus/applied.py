"""How authors write what a cotangent is multiplied by: (Wᵀ δ) ⊙ σ'(z), w δ σ'(z)."""

from __future__ import annotations

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import MUL, Apply, Expression, Number
from symgrad.algebra.linear_map import Compose, Diagonal, LinearMap, Scale, Sum
from symgrad.calculus.normal import named, times, total
from symgrad.calculus.rank import rank
from symgrad.network.network import Network


def applied_form(network: Network, e: Expression) -> Expression:
    """Return an expression whose products entry by entry begin with the cotangent: δ ⊙ o, where o ⊙ δ stands.

    Of numbers, what a cotangent is multiplied by stands before it, and a slope behind it: w δ σ'(z).
    """
    match e:
        case Apply(op, arguments) if op != MUL:
            return Apply(op, tuple(applied_form(network, a) for a in arguments))
        case Apply():
            factors = [applied_form(network, f) for f in _factors(e)]
            scalars = [f for f in factors if not rank(network, f)]
            arrays = [f for f in factors if rank(network, f)]
            scalars.sort(key=_place_of_number)
            arrays.sort(key=_place_of_array)
            return _product([_product(scalars), _product(arrays)] if scalars and arrays else scalars or arrays)
    return e


def _factors(e: Expression) -> list[Expression]:
    match e:
        case Apply(op, (x, y)) if op == MUL:
            return [*_factors(x), *_factors(y)]
    return [e]


def _place_of_number(e: Expression) -> int:
    return 1 if named(e) else 2 if _is_slope(e) else 0


def _place_of_array(e: Expression) -> int:
    return 0 if named(e) else 2 if _is_slope(e) else 1


def _is_slope(e: Expression) -> bool:
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
