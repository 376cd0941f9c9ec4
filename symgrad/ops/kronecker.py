"""kron(A, B) and vec(X), the columns of X one below the other, each one record; what they are in products and traces.

    vec(A X B) = (Bᵀ ⊗ A) vec(X),    tr(A ⊗ B) = tr(A) tr(B)

Their Jacobians are made of products with rows and columns of ones: A ⊗ B is (I ⊗ 𝟏) A (I ⊗ 𝟏ᵀ) ⊙ (𝟏 𝟏ᵀ ⊗ B).
"""

from __future__ import annotations

from typing import Any

from symgrad.algebra.dimension import product
from symgrad.algebra.expression import MUL, Apply, Argument, Constant, Expression
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Mismatch, Shape, show
from symgrad.errors import NotDefined
from symgrad.ops.linear import MATMUL, OUTER, TRANSPOSE
from symgrad.ops.matrix import TRACE


def _matrices(name: str, *shapes: Shape) -> None:
    for s in shapes:
        if len(s) != 2:
            raise Mismatch(f"{name} is of matrices, not of a {show(s)}")


def _kron_shape(a: Shape, b: Shape) -> Shape:
    _matrices("kron", a, b)
    return product(a[0], b[0]), product(a[1], b[1])


def _kron_jacobian(M: Any, x: tuple[Argument, Argument], out: Shape) -> tuple[Any, ...]:
    (A, (m, n)), (B, (p, q)) = x
    ones = [Constant("1", s) for s in ((m, n), (p, q), (p, 1), (1, q), (m, 1), (1, n))]
    eyes = [Constant("I", (k, k)) for k in (m, n, p, q)]
    by_a = M.compose(M.Diagonal(_kron(ones[0], B)), M.matrix(_kron(eyes[0], ones[2])), M.Right(_kron(eyes[1], ones[3])))
    by_b = M.compose(M.Diagonal(_kron(A, ones[1])), M.matrix(_kron(ones[4], eyes[2])), M.Right(_kron(ones[5], eyes[3])))
    return by_a, by_b


def _kron_pullback(A: Any, g: Any, _: Any, x: Any, y: Any) -> tuple[Any, ...]:
    (m, n), (p, q) = x.shape[:2], y.shape[:2]
    blocks = [[A.part(A.part(g, i * p, p, 0), j * q, q, 1) for j in range(n)] for i in range(m)]
    by_x = A.joined([A.joined([_cell(A, A.total(b * y)) for b in r], 1) for r in blocks], 0)
    by_y = sum((x[i, j] * blocks[i][j] for i in range(m) for j in range(n)), start=0 * blocks[0][0])
    return by_x, by_y


def _cell(A: Any, number: Any) -> Any:
    return A.lifted(A.lifted(number, 0), 0)


KRON = Op(
    "kron",
    shape=_kron_shape,
    value=lambda A, x, y: A.kron(x, y),
    jacobian=_kron_jacobian,
    pullback=_kron_pullback,
    arity=2,
)


def _kron(x: Expression, y: Expression) -> Expression:
    return Apply(KRON, (x, y))


def _vec_shape(s: Shape) -> Shape:
    _matrices("vec", s)
    return (product(s[0], s[1]),)


def _vec_jacobian(M: Any, x: tuple[Argument], out: Shape) -> tuple[Any, ...]:
    [(_, (m, n))] = x
    column = _kron(Constant("I", (n, n)), Constant("1", (m, 1)))  # which column each entry is of
    copies = _kron(Constant("1", (n, 1)), Constant("I", (m, m)))
    return (M.compose(M.Right(Constant("1", (n,))), M.Diagonal(column), M.matrix(copies)),)


def _vec_pullback(A: Any, g: Any, _: Any, x: Any) -> tuple[Any, ...]:
    m, n = x.shape[:2]
    return (A.joined([A.lifted(A.part(g, k * m, m, 0), 1) for k in range(n)], 1),)


VEC = Op(
    "vec",
    shape=_vec_shape,
    value=lambda A, x: A.joined([x[:, k] for k in range(x.shape[1])], 0),
    jacobian=_vec_jacobian,
    pullback=_vec_pullback,
    arity=1,
    kind="function",
    latex=r"\operatorname{vec}",
)


def product_with_vec(x: Expression, y: Expression) -> Apply | None:
    """Return (A ⊗ B) vec(X) as vec(B X Aᵀ); None for any other product."""
    match x, y:
        case Apply(kron, (A, B)), Apply(vec, (X,)) if kron == KRON and vec == VEC:
            return Apply(VEC, (Apply(MATMUL, (Apply(MATMUL, (B, X)), Apply(TRANSPOSE, (A,)))),))
        case Apply(first, (X,)), Apply(second, (Y,)) if first == second == VEC:  # vec(X)ᵀ vec(Y)
            return Apply(TRACE, (Apply(MATMUL, (Apply(TRANSPOSE, (X,)), Y)),))
    return None


def trace_of_kron(x: Expression) -> Apply | None:
    """Return tr(A ⊗ B) as tr(A) tr(B); None for any other trace."""
    match x:
        case Apply(op, (A, B)) if op == KRON:
            return Apply(MUL, (Apply(TRACE, (A,)), Apply(TRACE, (B,))))
    return None


def _no_derivative(*_: Any) -> Any:
    raise NotDefined("a second derivative was asked for", todo="only first derivatives are formed")


UNVEC = Op(
    "unvec",
    shape=lambda s, m, n: (*m, *n),
    value=lambda A, g, m, n: _vec_pullback(A, g, None, A.outer(m, n))[0],
    jacobian=_no_derivative,
    pullback=_no_derivative,
    arity=3,
)
"""The matrix with m rows and n columns of which a vector holds the columns, one below the other."""


def columns_met(x: Expression, y: Expression) -> Expression | None:
    """Return the products that a Jacobian of vec is made of, or its transpose, as vec(X) or as unvec(g); else None."""
    match x, y:
        case Apply(mul, factors), Constant("1", (_,)) if mul == MUL and len(factors) == 2:
            for mask, copies in (factors, factors[::-1]):
                match mask, copies:
                    case Apply(k, (Constant("I"), Constant("1", (_, 1)))), Apply(op, (Apply(r, (one, _)), X)):
                        if k == r == KRON and op == MATMUL and isinstance(one, Constant) and one.kind == "1":
                            return Apply(VEC, (X,))
        case Apply(turn, (Apply(k, (Constant("1", (n, 1)), Constant("I", (m, _)))),)), Apply(mul, factors) if (
            turn == TRANSPOSE and k == KRON and mul == MUL and len(factors) == 2
        ):
            for mask, spread in (factors, factors[::-1]):
                match mask, spread:
                    case Apply(r, (Constant("I"), Constant("1", (_, 1)))), Apply(op, (g, Constant("1"))):
                        if r == KRON and op == OUTER:
                            return Apply(UNVEC, (g, Constant("1", (m,)), Constant("1", (n,))))
    return None
