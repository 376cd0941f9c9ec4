"""A product of exponentials over the steps is the exponential of a sum: ∏ exp(d_j a) = exp((Σ d_j) a)."""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Apply, Number
from symgrad.algebra.index import Position
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.linear_map import Diagonal, LinearMap, Scale
from symgrad.algebra.substitution import free_symbols
from symgrad.calculus.normal.term import Term, written
from symgrad.calculus.normal.total import summands, term, total
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.function import elementwise_function


def exponential_of_sum(
    network: Network, symbol: str, lower: Position, upper: Position, body: LinearMap
) -> LinearMap | None:
    """Return ∏_j diag(exp(c_j a)) as diag(exp((Σ_j c_j) a)), for factors that are exponentials; else None."""
    if not isinstance(body, Scale | Diagonal) or symbol not in map_tree.free_symbols(body):
        return None
    e = body.c if isinstance(body, Scale) else body.v
    exponents = []
    for factor, n in (whole := term(network, e)).factors.items():
        match factor:
            case Apply(op, (x,)) if op.name == "exp" and n.denominator == 1:
                exponents.append(x if n == 1 else Number(n) * x)
            case _:
                return None
    if whole.number != 1 or not exponents or len(list(summands(network, total(network, *exponents)))) > 1:
        return None
    inner = term(network, total(network, *exponents))
    moving = {b: n for b, n in inner.factors.items() if symbol in free_symbols(b)}
    fixed = Term(inner.number, {b: n for b, n in inner.factors.items() if b not in moving}, 0)
    summed = written(network, Term(Fraction(1), moving, max((rank(network, b) for b in moving), default=0)))
    exponent = written(network, fixed * term(network, IndexSum(symbol, lower, upper, summed)))
    found = Apply(elementwise_function("exp", ELEMENTWISE["exp"]), (exponent,))
    return M.scale(found) if isinstance(body, Scale) else M.diagonal(found)
