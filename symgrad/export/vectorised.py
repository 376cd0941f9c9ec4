"""The derivative of a matrix by a matrix as a matrix of its own: ∂vec(Y)/∂vec(X) = Bᵀ ⊗ A of Y = A X B.

vec puts the columns of a matrix one below the other. Maps dX ↦ A dX B, their multiples and sums are of this form.
"""

from __future__ import annotations

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Apply, Constant, Expression
from symgrad.algebra.linear_map import Compose, Identity, LinearMap, Matrix, Right, Scale, Sum, Transpose
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.rank import rank
from symgrad.export.maps import ONE, MapTypesetter
from symgrad.export.math import Infix, Math, Paren, Terms, row
from symgrad.export.typeset import PRODUCT, terms
from symgrad.ops.linear import MATMUL

IDENTITY = Constant("I", (0, 0))


def kronecker(m: LinearMap, t: MapTypesetter) -> Math | None:
    """Return the matrix of a map of matrices, in the layout of the typesetter; None where it is no such map."""
    parts = [_term(x, t) for x in (m.maps if isinstance(m, Sum) else (m,))]
    found = [p for p in parts if p is not None]
    if len(found) < len(parts) or isinstance(m, Identity):
        return None
    return Terms(tuple(x for p in found for x in terms(p))) if len(found) > 1 else found[0]


def _term(m: LinearMap, t: MapTypesetter) -> Math | None:
    left: Expression | None = None
    right: Expression | None = None
    scalars: list[LinearMap] = []
    for x in m.maps if isinstance(m, Compose) else (m,):
        match x:
            case Scale():
                scalars.append(x)
            case Matrix(A):
                left = _times(left, A)
            case Transpose(Matrix(A)):
                left = _times(left, transposed(t.network, A))
            case Right(B) if rank(t.network, B) == 2:
                right = _times(right, transposed(t.network, B))
            case Transpose(Right(B)) if rank(t.network, B) == 2:
                right = _times(right, B)
            case Identity():
                pass
            case _:
                return None
    factors = [right or IDENTITY, left or IDENTITY]
    if t.layout == "denominator":
        factors = [transposed(t.network, x) for x in factors]
    product: Math = Infix("⊗", *(_tight(t, x) for x in factors))
    if not scalars:
        return product
    front = t.map(M.compose(*scalars), True)
    if len(terms(front)) > 1:
        return row(Paren(front), Paren(product))
    [(sign, size)] = terms(front)
    whole = product if size == ONE else row(size, Paren(product))
    return Terms(((sign, whole),)) if sign == "-" else whole


def _tight(t: MapTypesetter, e: Expression) -> Math:
    math, strength = t.strong(e)
    return math if strength > PRODUCT else Paren(math)


def _times(x: Expression | None, y: Expression) -> Expression:
    return y if x is None else Apply(MATMUL, (x, y))
