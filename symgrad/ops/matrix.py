"""Functions of matrices: tr, det, logdet, inv, diag, each one record with all its rules."""

from __future__ import annotations

from typing import Any

from symgrad.algebra.expression import Apply, Argument, Constant, Expression, expression
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Mismatch, Shape, show
from symgrad.ops.linear import TRANSPOSE


def _square(name: str, s: Shape) -> Shape:
    if len(s) != 2 or s[0] != s[1]:
        raise Mismatch(f"{name} needs a square matrix, not a {show(s)}")
    return s


def _number_of(name: str) -> Any:
    def shape(s: Shape) -> Shape:
        _square(name, s)
        return ()

    return shape


def inverse(x: Expression) -> Expression:
    """Return x⁻¹ as an expression."""
    return Apply(INV, (x,))


def _inverse_transposed(x: Expression) -> Expression:
    return Apply(TRANSPOSE, (inverse(x),))


TRACE = Op(
    "tr",
    shape=_number_of("tr"),
    value=lambda A, x: A.total(A.diagonal(x)),
    jacobian=lambda M, x, out: (M.row(Constant("I", x[0].shape), x[0].shape),),
    pullback=lambda A, g, _, x: (A.diagonal(g * A.ones_like(A.diagonal(x))),),
    arity=1,
    kind="function",
    latex=r"\operatorname{tr}",
)

DET: Op = Op(
    "det",
    shape=_number_of("det"),
    value=lambda A, x: A.det(x),
    jacobian=lambda M, x, out: (M.row(Apply(DET, (x[0].e,)) * _inverse_transposed(x[0].e), x[0].shape),),
    pullback=lambda A, g, d, x: (g * d * A.transpose(A.inv(x)),),
    reads_output=True,
    arity=1,
    kind="function",
    latex=r"\det",
)

LOGDET = Op(
    "logdet",
    shape=_number_of("logdet"),
    value=lambda A, x: A.logdet(x),
    jacobian=lambda M, x, out: (M.row(_inverse_transposed(x[0].e), x[0].shape),),
    pullback=lambda A, g, _, x: (g * A.transpose(A.inv(x)),),
    arity=1,
    kind="function",
)
"""ln |det x|."""


def _inv_jacobian(M: Any, x: tuple[Argument], out: Shape) -> tuple[Any, ...]:
    # x x⁻¹ = I, so d(x⁻¹) = -x⁻¹ dx x⁻¹
    y = inverse(x[0].e)
    return (M.compose(M.scale(expression(-1)), M.matrix(y), M.right(y)),)


def _inv_pullback(A: Any, g: Any, y: Any, x: Any) -> tuple[Any, ...]:
    turned = A.transpose(y)
    return (-A.matmul(A.matmul(turned, g), turned),)


INV = Op(
    "inv",
    shape=lambda s: _square("inv", s),
    value=lambda A, x: A.inv(x),
    jacobian=_inv_jacobian,
    pullback=_inv_pullback,
    reads_output=True,
    arity=1,
)


def _diag_shape(s: Shape) -> Shape:
    if len(s) == 1:
        return (s[0], s[0])
    return _square("diag", s)[:1]


def _diag_jacobian(M: Any, x: tuple[Argument], out: Shape) -> tuple[Any, ...]:
    # diag(v) = I ∘ v 𝟏ᵀ, and the diagonal of a matrix X is (I ∘ X) 𝟏
    n = max(out, x[0].shape, key=len)
    spread, only = M.right(Constant("1", n[:1])), M.diagonal(Constant("I", n))
    return (M.compose(only, M.transpose(spread)) if len(out) == 2 else M.compose(spread, only),)


DIAG = Op(
    "diag",
    shape=_diag_shape,
    value=lambda A, x: A.diagonal(x),
    jacobian=_diag_jacobian,
    pullback=lambda A, g, _, x: (A.diagonal(g),),
    arity=1,
    kind="function",
    linear=True,
    latex=r"\operatorname{diag}",
)
"""The square matrix with a vector on its diagonal; of a square matrix the vector that stands there."""

MATRIX: dict[str, Op] = {op.name: op for op in (TRACE, DET, LOGDET, INV, DIAG)}
"""The functions of matrices by the name that equations call, without those of ``linear``."""
