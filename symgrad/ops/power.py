"""Powers and exponentials of square matrices: A A ⋯ A and e^A, which act on the whole matrix and not entry by entry."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symgrad.algebra.expression import DIV, MUL, NEG, Apply, Argument, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Position, fresh
from symgrad.algebra.index_sum import IndexNumber
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Mismatch, Shape, show
from symgrad.algebra.substitution import free_symbols
from symgrad.errors import NotDefined
from symgrad.ops.linear import MATMUL

MOST_FACTORS = 20
"""Factors of a power whose derivative is written out."""


def power_of(A: Expression, n: Expression, shape: Shape) -> Expression:
    """Return A^n: of n = 0 it is I, of n = 1 it is A."""
    if isinstance(n, Number) and n.value in (0, 1):
        return A if n.value else Constant("I", shape)
    return Apply(MATRIX_POWER, (A, n))


def _power_shape(A: Shape, n: Shape) -> Shape:
    if len(A) != 2 or A[0] != A[1] or n:
        raise Mismatch(f"matrix_power needs a square matrix and a number, not {show(A)} and {show(n)}")
    return A


def _power_value(A: Any, x: Any, n: Any) -> Any:
    found, base, left = None, x, A.whole(n)
    if left < 0:
        base, left = A.inv(x), -left
    while left:
        if left & 1:
            found = base if found is None else A.matmul(found, base)
        left >>= 1
        base = A.matmul(base, base) if left else base
    return A.eye(len(x)) if found is None else found


def _power_jacobian(M: Any, x: tuple[Argument, Argument], out: Shape) -> tuple[Any, ...]:
    # d(A^n) = Σ_i A^i dA A^(n-1-i)
    (A, shape), (n, _) = x

    def term(i: Expression, rest: Expression) -> Any:
        before, after = power_of(A, i, shape), power_of(A, rest, shape)
        return M.compose(M.matrix(before), M.IDENTITY if after == Constant("I", shape) else M.right(after))

    if isinstance(n, Number) and 0 <= n.value <= MOST_FACTORS:
        count = int(n.value)
        return M.add(*[term(Number(Fraction(i)), Number(Fraction(count - 1 - i))) for i in range(count)]), M.ZERO
    symbol = fresh("i", free_symbols(A) | free_symbols(n) | {q.name for e in (A, n) for q in quantities(e)})
    i = IndexNumber(Index(symbol))
    return M.indexed_sum(symbol, 0, position_of(n) - 1, term(i, n - 1 - i)), M.ZERO


def position_of(n: Expression) -> Position:
    """Return an exponent as the end of a sum; the parameter k stands there as the index k does."""
    match n:
        case Number(value):
            return int(value)
        case IndexNumber(position):
            return position
        case Quantity(name, None):
            return Index(name)
    raise NotDefined("the exponent of a matrix is no number", todo=EXPONENTS)


EXPONENTS = "write a whole number, an index, or a parameter that is declared an integer: 'k: integer'"


def _power_pullback(A: Any, g: Any, _: Any, x: Any, n: Any) -> tuple[Any, ...]:
    # Horner: the cotangent of the first factor is g (xᵀ)^(n-1), and so on from one to the next
    turned, count = A.transpose(x), A.whole(n)
    total, before = None, A.eye(len(x))
    for i in range(count):
        term = A.matmul(A.matmul(before, g), _power_value(A, turned, A.number(count - 1 - i)))
        total = term if total is None else total + term
        before = A.matmul(before, turned)
    return (g * 0 if total is None else total), A.number(0)


MATRIX_POWER = Op(
    "matrix_power",
    shape=_power_shape,
    value=_power_value,
    jacobian=_power_jacobian,
    pullback=_power_pullback,
    arity=2,
)
"""A^n of a square matrix A and a whole number n."""


def _exponential_shape(*shapes: Shape) -> Shape:
    *numbers, A = shapes
    if any(numbers) or len(A) != 2 or A[0] != A[1]:
        raise Mismatch(f"expm needs a square matrix, not a {show(A)}")
    return A


def _direction(A: Any, x: Any, e: Any) -> Any:
    """Return the derivative of e^x in the direction e: what stands above the diagonal in exp [[x, e], [0, x]]."""
    n = len(x)
    return A.expm(A.blocks([[x, e], [e * 0, x]]))[:n, n:]


EXPM: Op = Op(
    "expm",
    shape=_exponential_shape,
    value=lambda A, *x: A.expm(x[0] if len(x) == 1 else x[0] * x[1]),
    jacobian=lambda M, x, out: (
        M.column(Apply(MATMUL, (x[1].e, Apply(EXPM, (x[0].e, x[1].e))))),
        M.undefined(
            "the derivative of expm by its matrix is no product of matrices",
            "differentiate by the number in front, t in expm(t*A), or evaluate it: model.gradients(...)",
        ),
    ),
    pullback=lambda A, g, y, s, x: (
        A.total(g * A.matmul(x, y)),
        s * _direction(A, s * A.transpose(x), g),
    ),
    reads_output=True,
    arity=1,
)
"""e^(s A) of a number s and a square matrix A: equations call it with the one argument s*A."""


def exponential(e: Expression, is_number: Any) -> Apply:
    """Return the exponential of s A, with what is a number in front of the matrix apart.

    is_number(x): whether an expression is a number.
    """
    s, A = _parted(e, is_number)
    return Apply(EXPM, (s, A))


def _parted(e: Expression, is_number: Any) -> tuple[Expression, Expression]:
    match e:
        case Apply(op, (x, y)) if op == MUL and is_number(x):
            s, A = _parted(y, is_number)
            return _times(x, s), A
        case Apply(op, (x, y)) if op in (MUL, DIV) and is_number(y):
            s, A = _parted(x, is_number)
            return _times(s, y) if op == MUL else s / y, A
        case Apply(op, (x,)) if op == NEG:
            s, A = _parted(x, is_number)
            return (Number(-s.value) if isinstance(s, Number) else -s), A
    return Number(Fraction(1)), e


def _times(x: Expression, y: Expression) -> Expression:
    one = Number(Fraction(1))
    return x if y == one else y if x == one else x * y


POWERS: dict[str, Op] = {"matrix_power": MATRIX_POWER, "expm": EXPM}
"""The powers of matrices by the name that equations call."""
