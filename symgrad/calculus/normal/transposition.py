"""The transpose of an expression, which matrices are symmetric, and the factors of a product."""

from __future__ import annotations

from functools import lru_cache

from symgrad.algebra.differential import Change, Cotangent, Partial
from symgrad.algebra.expression import ADD, DIV, MUL, NEG, SUB, Apply, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import nodes
from symgrad.calculus.parts import turned
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER, TRANSPOSE
from symgrad.ops.matrix import DIAG, INV
from symgrad.ops.power import EXPM, MATRIX_POWER


def transposed(network: Network, e: Expression) -> Expression:
    """Return eᵀ: products turn round, (Aᵀ)ᵀ is A, a vector is a column and stays one.

    A sum, or a product entry by entry, is turned as a whole, unless a cotangent or a change stands in it, which has
    a name in either layout.
    """
    if rank(network, e) < 2:
        return e
    match e:
        case Constant("I"):
            return e
        case Apply() if (other := turned(e)) is not None:
            return other
        case Quantity() if is_symmetric(network, e):
            return e
        case Constant("1", (m, n)):
            return Constant("1", (n, m))
        case Apply(op, (x,)) if op == TRANSPOSE:
            return x
        case Apply(op, (x,)) if op == NEG:
            return Apply(NEG, (transposed(network, x),))
        case Apply(op, (x, y)) if op == MATMUL:
            return Apply(MATMUL, (transposed(network, y), transposed(network, x)))
        case Apply(op, (x, y)) if op == OUTER:
            return Apply(OUTER, (y, x))
        case Apply(op, (x,)) if op == DIAG:
            return e
        case Apply(op, (A, n)) if op == MATRIX_POWER:
            return Apply(op, (transposed(network, A), n))
        case Apply(op, (s, A)) if op == EXPM:
            return Apply(op, (s, transposed(network, A)))
        case Apply(op, (x,)) if op == INV and _shows_symmetry(network, x):
            return e
        case Apply(op, (x, y)) if op in (MUL, DIV, ADD, SUB) and (
            named(e) or not (rank(network, x) and rank(network, y))
        ):
            return Apply(op, (transposed(network, x), transposed(network, y)))
    return Apply(TRANSPOSE, (e,))


@lru_cache(maxsize=4096)
def is_symmetric(network: Network, q: Quantity) -> bool:
    """Tell whether a matrix is symmetric: it is declared so, or its equation shows it, as K = X @ X.T does."""
    defined = [e.value for e in network.openings if e.target == q]
    return any(d.symmetric for d in network.domains(q)) or any(_shows_symmetry(network, v) for v in defined)


def _shows_symmetry(network: Network, e: Expression) -> bool:
    """Tell whether an expression is symmetric by the way it is put together; a number is, beside a matrix."""
    if rank(network, e) < 2:
        return not rank(network, e)
    match e:
        case Constant("I"):
            return True
        case Quantity():
            return is_symmetric(network, e)
        case Apply(op, (x, y)) if op == OUTER:
            return x == y
        case Apply(op, _) if op == MATMUL:
            return factors_of(transposed(network, e)) == factors_of(e)
        case Apply(op, arguments) if op in (ADD, SUB, MUL, DIV, NEG, INV, TRANSPOSE, MATRIX_POWER, EXPM):
            return all(_shows_symmetry(network, a) for a in arguments)
        case Apply(op, (x,)):
            return op == DIAG or (op.name == "power" and _shows_symmetry(network, x))
    return False


def factors_of(e: Expression) -> tuple[Expression, ...]:
    """Return the factors of a product of matrices, however it is put together."""
    match e:
        case Apply(op, (x, y)) if op == MATMUL:
            return factors_of(x) + factors_of(y)
    return (e,)


def named(e: Expression) -> bool:
    """Tell whether a cotangent, a change or a partial derivative by its name stands in e."""
    return any(isinstance(x, Cotangent | Change | Partial) for x in nodes(e))
