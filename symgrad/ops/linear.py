"""Operations of linear algebra: @, .T, sum, softmax and its logarithm, each one record with all its rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symgrad.algebra.expression import Apply, Argument, Constant, Expression, expression
from symgrad.algebra.op import Op, Rule
from symgrad.algebra.shape import Mismatch, Shape, multiply, show


def _matmul_jacobian(M: Any, x: tuple[Argument, Argument], out: Shape) -> tuple[Any, ...]:
    (A, left), (B, right) = x
    if len(left) == 2:
        return M.right(B), M.matrix(A)
    if len(right) == 1:
        return M.row(B, left), M.row(A, right)
    return M.transpose(M.matrix(B)), M.compose(M.right(A), M.swap())


def _matmul_pullback(A: Any, g: Any, _: Any, x: Any, y: Any) -> tuple[Any, ...]:
    match A.rank(x), A.rank(y):
        case 2, 1:
            return A.outer(g, y), A.matmul(A.transpose(x), g)
        case 2, 2:
            return A.matmul(g, A.transpose(y)), A.matmul(A.transpose(x), g)
        case 1, 1:
            return g * y, g * x
    return A.matmul(y, g), A.outer(x, g)


MATMUL = Op(
    "@",
    shape=multiply,
    value=Rule(lambda A: A.matmul),
    jacobian=_matmul_jacobian,
    pullback=_matmul_pullback,
)

TRANSPOSE = Op(
    "T",
    shape=lambda s: s[::-1],
    value=lambda A, x: A.transpose(x),
    jacobian=lambda M, x, out: (M.swap() if len(out) == 2 else M.IDENTITY,),
    pullback=lambda A, g, _, x: (A.transpose(g),),
    linear=True,
    arity=1,
)

OUTER = Op(
    "outer",
    shape=lambda s, r: (*s, *r),
    value=lambda A, x, y: A.outer(x, y),
    jacobian=lambda M, x, out: (M.transpose(M.right(x[1].e)), M.compose(M.swap(), M.transpose(M.right(x[0].e)))),
    pullback=lambda A, g, _, x, y: (A.matmul(g, y), A.matmul(A.transpose(g), x)),
    arity=2,
)
"""x yᵀ of two vectors: what the gradient by a weight is made of."""

SUM = Op(
    "sum",
    shape=lambda s: (),
    value=lambda A, x: A.total(x),
    jacobian=lambda M, x, out: (M.row(Constant("1", x[0].shape), x[0].shape) if x[0].shape else M.IDENTITY,),
    pullback=lambda A, g, _, x: (g * A.ones_like(x),),
    arity=1,
    kind="function",
)


def _by_rows(name: str) -> Callable[[Shape], Shape]:
    def shape(s: Shape) -> Shape:
        if not s:
            raise Mismatch(f"{name} needs a vector or a matrix, not a {show(s)}")
        return s

    return shape


def _each(A: Any, f: Callable[..., Any], *x: Any) -> Any:
    """Return f of vectors, or of each row of matrices."""
    return A.rows(f, *x) if A.rank(x[0]) == 2 else f(*x)


def _softmax_jacobian(M: Any, x: tuple[Argument], out: Shape) -> tuple[Any, ...]:
    # d p_i / d x_k = p_i (1[i = k] - p_k), that is diag(p) - p p^T; of rows, dP = P * dX - P * ((P * dX) 1 1^T)
    p: Expression = Apply(SOFTMAX, (x[0].e,))
    if len(out) == 2:
        sums = M.compose(M.transpose(M.right(Constant("1", out[1:]))), M.right(Constant("1", out[1:])))
        rank_one = M.compose(M.scale(expression(-1)), M.diagonal(p), sums, M.diagonal(p))
    else:
        rank_one = M.compose(M.scale(expression(-1)), M.column(p), M.row(p, out))
    return (M.add(M.diagonal(p), rank_one),)


def _log_softmax_jacobian(M: Any, x: tuple[Argument], out: Shape) -> tuple[Any, ...]:
    # d ln p_i / d x_k = 1[i = k] - p_k, that is I - 1 p^T; of rows, dX - (P * dX) 1 1^T
    p: Expression = Apply(SOFTMAX, (x[0].e,))
    ones = Constant("1", out[-1:])
    if len(out) == 2:
        rank_one = M.compose(M.scale(expression(-1)), M.transpose(M.right(ones)), M.right(ones), M.diagonal(p))
    else:
        rank_one = M.compose(M.scale(expression(-1)), M.column(ones), M.row(p, out))
    return (M.add(M.IDENTITY, rank_one),)


SOFTMAX = Op(
    "softmax",
    shape=_by_rows("softmax"),
    value=lambda A, x: _each(A, A.softmax, x),
    jacobian=_softmax_jacobian,
    pullback=lambda A, g, p, x: (_each(A, lambda d, q: q * (d - A.total(q * d)), g, p),),
    reads_output=True,
    arity=1,
    kind="function",
)
"""softmax of a vector, or of each row of a matrix."""

LOG_SOFTMAX = Op(
    "log_softmax",
    shape=_by_rows("log_softmax"),
    value=lambda A, x: -_each(A, A.neg_log_softmax, x),
    jacobian=_log_softmax_jacobian,
    pullback=lambda A, g, y, x: (_each(A, lambda d, r: d - A.exp(r) * A.total(d), g, y),),
    reads_output=True,
    arity=1,
    kind="reduction",
    record="log_softmax",
)
"""ln softmax of a vector, or of each row of a matrix."""

STOP_GRADIENT = Op(
    "stop_gradient",
    shape=lambda s: s,
    value=lambda A, x: A.stopped(x),
    jacobian=lambda M, x, out: (M.ZERO,),
    pullback=lambda A, g, _, x: (g * 0,),
    arity=1,
    kind="function",
    text="sg",
    latex=r"\operatorname{sg}",
)
"""x, whose derivative is taken for 0."""
