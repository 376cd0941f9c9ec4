"""The normal form of a derived expression: numbers in front, equal factors as powers, equal terms collected.

A term is a number times factors, each with an exponent: (1/2) 2 r is r, (p - y)/(p (1 - p)) · p (1 - p) is p - y.
Only what calculus puts together is opened; what stands inside a function stays as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from symgrad.algebra.decimals import decimal
from symgrad.algebra.differential import Change, Cotangent, Partial
from symgrad.algebra.expression import ADD, DIV, MUL, NEG, SUB, Apply, Constant, Expression, Number, Quantity, power
from symgrad.algebra.expression_tree import inside, nodes, rebuilt
from symgrad.algebra.tree import fold
from symgrad.calculus.rank import rank
from symgrad.calculus.totals import entries_total, rows_add_to_one
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER, STOP_GRADIENT, SUM, TRANSPOSE
from symgrad.ops.matrix import DIAG, INV, TRACE
from symgrad.ops.power import EXPM, MATRIX_POWER, power_of

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


@dataclass(frozen=True)
class Term:
    """number · ∏ factor^exponent, entry by entry where a factor is an array; the factors in their order.

    ``shape`` is the number of axes, which outlives a factor that is cancelled: x ⊘ x are ones.
    """

    number: Fraction
    factors: Mapping[Expression, Fraction] = field(default_factory=dict)
    axes: int = 0

    def __mul__(self, other: Term) -> Term:
        factors = dict(self.factors)
        for base, exponent in other.factors.items():
            factors[base] = factors.get(base, Fraction(0)) + exponent
        kept = {base: n for base, n in factors.items() if n}
        return Term(self.number * other.number, kept, max(self.axes, other.axes))

    def power(self, n: Fraction) -> Term:
        """Return the n-th power, for an integer n."""
        return Term(Fraction(self.number ** int(n)), {base: k * n for base, k in self.factors.items() if n}, self.axes)


def term(network: Network, e: Expression) -> Term:
    """Return an expression as a term, its numbers and its scalar factors taken out of products of matrices."""
    match e:
        case Number(value):
            return Term(value)
        case Apply(op, (x,)) if op == NEG:
            return Term(Fraction(-1)) * term(network, x)
        case Apply(op, (x, y)) if op == MUL:
            return term(network, x) * term(network, y)
        case Apply(op, (x, y)) if op == DIV and (below := term(network, y)).number:
            return term(network, x) * below.power(Fraction(-1))
        case Apply(op, (x,)) if op.name == "power" and (n := Fraction(op.record)).denominator == 1:
            inner = term(network, x)
            if inner.number or n > 0:
                open_ = len(inner.factors) <= 1 or not inner.axes  # of arrays a power stays as it was written
                return inner.power(n) if open_ else Term(Fraction(1), {x: n}, inner.axes)
        case Apply(op, (x, Constant("1"))) if op == MATMUL and rows_add_to_one(network, x):
            return _atom(network, Constant("1", network.shape_of(e)))
        case Apply(op, (Apply(product, (x, Constant("1"))), Constant("1"))) if (op, product) == (
            OUTER,
            MATMUL,
        ) and rows_add_to_one(network, x):
            return Term(Fraction(1), {}, 2)  # 1 in every entry
        case Apply(op, (Constant("1"), Constant("1"))) if op == OUTER:
            return Term(Fraction(1), {}, 2)
        case Apply(op, (x, y)) if op in (MATMUL, OUTER):
            (left, u), (right, v) = (_apart(network, z) for z in (x, y))
            if op == MATMUL and (met := _cancelled(network, u, v)) is not None:
                return left * right * term(network, met)
            if left != Term(Fraction(1)) or right != Term(Fraction(1)):
                return left * right * _atom(network, Apply(op, (u, v)))
        case Apply(op, (x,)) if op == INV and (found := _inverse(network, x)) != e:
            return term(network, found)
        case Apply(op, (Apply(turn, (x,)),)) if op == DIAG and turn == TRANSPOSE:
            return term(network, Apply(DIAG, (x,)))
        case Apply(op, (x,)) if op == TRANSPOSE:
            turned = transposed(network, x)
            return _atom(network, turned) if turned == e else term(network, turned)
        case Apply(op, (x,)) if op == SUM and (whole := entries_total(network, x, normal)) is not None:
            found = normal(network, whole)
            if isinstance(found, Number):
                return Term(found.value)
    return _atom(network, e)


def _atom(network: Network, e: Expression) -> Term:
    return Term(Fraction(1), {} if is_ones(e) else {e: Fraction(1)}, rank(network, e))


def is_ones(e: Expression) -> bool:
    """Tell whether e is an array of ones."""
    return isinstance(e, Constant) and e.kind == "1"


def scalars_apart(network: Network, t: Term) -> tuple[Term, Expression]:
    """Return the number and the scalar factors of a term, and the array that is left."""
    scalars = {f: n for f, n in t.factors.items() if not rank(network, f)}
    arrays = {f: n for f, n in t.factors.items() if f not in scalars}
    return Term(t.number, scalars), written(network, Term(Fraction(1), arrays, t.axes))


def _apart(network: Network, e: Expression) -> tuple[Term, Expression]:
    """Return the number and the scalar factors of what is multiplied, and the array; ones keep their shape."""
    return (Term(Fraction(1)), e) if is_ones(e) else scalars_apart(network, term(network, e))


def written(network: Network, t: Term) -> Expression:
    """Return a term as an expression: -(λ/2) u ∘ v ⊘ w."""
    if not t.number:
        return ZERO
    t = _without_roots(t)
    scalars = [(f, n) for f, n in t.factors.items() if not rank(network, f)]
    arrays = [(f, n) for f, n in t.factors.items() if rank(network, f)]
    above, below = _halves(scalars)
    size = abs(t.number)
    if below or above:
        is_decimal = size.numerator != 1 and decimal(size)  # 1.702 z, not 851 z/500
        p, q = (size, Fraction(1)) if is_decimal else (Fraction(size.numerator), Fraction(size.denominator))
        front = _divided(_times([Number(p)] * (p != 1) + above), _times([Number(q)] * (q != 1) + below))
    else:
        front = Number(size)
    body = _quotient(arrays, t.axes)
    if body is None:
        whole = front
    elif front == ONE:
        whole = body
    elif isinstance(body, Apply) and body.op == DIV and body.arguments[0] == ONE:
        whole = Apply(DIV, (front, body.arguments[1]))
    else:
        whole = Apply(MUL, (front, body))
    return whole if t.number > 0 else Number(-size) if whole == Number(size) else Apply(NEG, (whole,))


def _without_roots(t: Term) -> Term:
    """Return a term with one power of the root of x, or of x, for both: (√x)² is x, and √x/x is 1/√x."""
    for base, n in t.factors.items():
        match base:
            case Apply(op, (x,)) if op.name == "sqrt" and (n in (2, -2) or x in t.factors):
                halves = n + 2 * t.factors.get(x, Fraction(0))
                others = {b: k for b, k in t.factors.items() if b not in (base, x)}
                whole = Term(Fraction(1), {x: halves / 2} if halves % 2 == 0 else {base: halves}, t.axes)
                return _without_roots(Term(t.number, others, t.axes) * (whole if halves else Term(Fraction(1))))
    return t


def _halves(factors: Iterable[tuple[Expression, Fraction]]) -> tuple[list[Expression], list[Expression]]:
    """Return what stands above and what below a fraction bar."""
    above: list[Expression] = []
    below: list[Expression] = []
    for base, n in factors:
        (above if n > 0 else below).append(base if abs(n) == 1 else Apply(power(abs(n)), (base,)))
    return above, below


def _times(factors: list[Expression]) -> Expression:
    whole: Expression | None = None
    for f in factors:
        whole = f if whole is None else Apply(MUL, (whole, f))
    return ONE if whole is None else whole


def _divided(above: Expression, below: Expression) -> Expression:
    return above if below == ONE else Apply(DIV, (above, below))


def _diagonal(arrays: list[tuple[Expression, Fraction]]) -> list[tuple[Expression, Fraction]]:
    """Write I ∘ v 𝟏ᵀ as diag(v)."""
    match arrays:
        case [(Constant("I"), n), (Apply(op, (v, Constant("1"))), k)] if n == k == 1 and op == OUTER:
            return [(Apply(DIAG, (v,)), Fraction(1))]
        case [(Apply(op, _), _), (Constant("I"), _)] if op == OUTER:
            return _diagonal(arrays[::-1])
    return arrays


def _inverse(network: Network, x: Expression) -> Expression:
    """Return x⁻¹: of Aᵀ it is A⁻ᵀ, of A⁻¹ it is A."""
    match x:
        case Constant("I"):
            return x
        case Apply(op, (A,)) if op == INV:
            return A
        case Apply(op, (A,)) if op == TRANSPOSE:
            return Apply(TRANSPOSE, (Apply(INV, (A,)),))
    return Apply(INV, (x,))


def _quotient(arrays: list[tuple[Expression, Fraction]], axes: int) -> Expression | None:
    arrays = _diagonal(arrays)
    if not arrays:
        return Constant("1", ANY[:axes]) if axes else None
    above, below = _halves(arrays)
    return _divided(_times(above), _times(below))


ANY = (0, 0)
"""The axes of an array of ones whose shape its place on the page gives."""


def total(network: Network, *terms: Expression) -> Expression:
    """Return the sum of expressions; multiples of the same term are one, where the first of them stands.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.formula import scalars
    >>> r = Quantity("r")
    >>> total(scalars(), r * Fraction(1, 2), r * Fraction(1, 2)) == r
    True
    """
    found: dict[tuple[frozenset[tuple[tuple[Expression, ...], Fraction]], int], Term] = {}
    for e in terms:
        for t in summands(network, e):
            key = (frozenset((_factors(base), n) for base, n in t.factors.items()), t.axes)
            known = found.get(key)
            found[key] = t if known is None else Term(known.number + t.number, known.factors, known.axes)
    whole: Expression | None = None
    kept = [t for t in found.values() if t.number]
    first = next((i for i, t in enumerate(kept) if t.number > 0), 0)  # -x + y is y - x
    for t in [*kept[first : first + 1], *kept[:first], *kept[first + 1 :]]:
        if whole is None:
            whole = written(network, t)
        elif t.number < 0:
            whole = Apply(SUB, (whole, written(network, Term(-t.number, t.factors, t.axes))))
        else:
            whole = Apply(ADD, (whole, written(network, t)))
    return ZERO if whole is None else whole


def summands(network: Network, e: Expression) -> Iterator[Term]:
    """Yield the terms of a sum."""
    match e:
        case Apply(op, (x, y)) if op in (ADD, SUB):
            yield from summands(network, x)
            sign = Term(Fraction(1 if op == ADD else -1))
            yield from (sign * t for t in summands(network, y))
        case Apply(op, (x,)) if op == NEG:
            yield from (Term(Fraction(-1)) * t for t in summands(network, x))
        case _:
            yield term(network, e)


def size(e: Expression) -> int:
    """Return the number of nodes of an expression."""
    return 1 + sum(map(size, e.arguments)) if isinstance(e, Apply) else 1


def normal(network: Network, e: Expression) -> Expression:
    """Return the normal form of an expression."""
    return total(network, e)


def numbers_folded(e: Expression) -> Expression:
    """Do the arithmetic of numbers that a rule leaves: (1 - 1) x + 1 y is y."""
    if not isinstance(e, Apply):
        return e
    x = tuple(map(numbers_folded, e.arguments))
    values = [a.value if isinstance(a, Number) else None for a in x]
    match e.op.name, values:
        case "+" | "-" | "*" as sign, [Fraction() as a, Fraction() as b]:
            return Number(a + b if sign == "+" else a - b if sign == "-" else a * b)
        case "neg", [Fraction() as a]:
            return Number(-a)
        case "+", [0, _]:
            return x[1]
        case ("+" | "-", [_, 0]) | ("*" | "/", [_, 1]):
            return x[0]
        case "*", [1, _]:
            return x[1]
        case "*", [0, _] | [_, 0]:
            return Number(Fraction(0))
        case "exp", [0] if e.op.kind == "function":
            return ONE
    return Apply(e.op, x)


def unstopped(e: Expression) -> Expression:
    """Return the value of a derived expression, in which nothing is differentiated any more: of sg(x) it is x."""
    if not any(isinstance(x, Apply) and x.op == STOP_GRADIENT for x in nodes(e)):
        return e

    def valued(x: Expression, of: Callable[[Expression], Expression]) -> Expression:
        match x:
            case Apply(op, (y,)) if op == STOP_GRADIENT:
                return of(y)
            case Apply(op, (y, z)) if op == SUB and of(y) == of(z):
                return ZERO
        return rebuilt(x, of)

    return numbers_folded(fold(e, inside, valued))


# --- products of arrays -----------------------------------------------------------------------------


def times(network: Network, x: Expression, y: Expression) -> Expression:
    """Return x y entry by entry, where a number multiplies every entry."""
    return written(network, term(network, x) * term(network, y))


def matmul(network: Network, x: Expression, y: Expression) -> Expression:
    """Return x @ y, with what is a number in front; A (u vᵀ) is (A u) vᵀ, and a matrix of ones is 𝟏 𝟏ᵀ."""
    (left, u), (right, v) = (_apart(network, z) for z in (x, y))
    if not left.number or not right.number:
        return ZERO
    u, v = _rank_one(u), _rank_one(v)
    match u, v:
        case Constant("I"), _:
            inner = v
        case _, Constant("I"):
            inner = u
        case _, Apply(op, (a, b)) if op == OUTER and rank(network, u) == 2:
            inner = outer(network, matmul(network, u, a), b)
        case Apply(op, (Constant("I"), X)), Constant("1", (_,)) if op == MUL:
            inner = Apply(DIAG, (X,))
        case _ if (met := _cancelled(network, u, v)) is not None:
            inner = met
        case Apply(op, (a, b)), _ if op == OUTER and rank(network, v) == 2:
            inner = outer(network, a, matmul(network, transposed(network, v), b))
        case _:
            inner = Apply(MATMUL, (u, v))
    return written(network, left * right * term(network, inner))


def _cancelled(network: Network, u: Expression, v: Expression) -> Expression | None:
    """Return u v where an inverse meets its matrix or powers of one matrix meet; None where they do not."""
    *before, x = _factors(u)
    y, *after = _factors(v)
    if rank(network, x) < 2 or rank(network, y) < 2:
        return None
    if _inverse(network, x) == y or x == _inverse(network, y):
        rest = [*before, *after]
        return _product(rest) if rest else Constant("I", network.shape_of(x))
    (A, n), (B, k) = _power(x), _power(y)
    if A == B and (MATRIX_POWER in (_op(x), _op(y)) or _has_powers(network)):
        whole = power_of(A, total(network, n, k), network.shape_of(A))
        return _product([*before, whole, *after])
    return None


def _op(e: Expression) -> object:
    return e.op if isinstance(e, Apply) else None


def _power(e: Expression) -> tuple[Expression, Expression]:
    """Return A and n of A^n; any other matrix is the first power of itself."""
    match e:
        case Apply(op, (A, n)) if op == MATRIX_POWER:
            return A, n
    return e, ONE


def _product(factors: list[Expression]) -> Expression:
    whole = factors[0]
    for x in factors[1:]:
        whole = Apply(MATMUL, (whole, x))
    return whole


@lru_cache(maxsize=256)
def _has_powers(network: Network) -> bool:
    """Tell whether an equation raises a matrix to a power: then A A is A² on the page too."""
    return any(_op(x) == MATRIX_POWER for e in network.equations for x in nodes(e.value))


def _rank_one(e: Expression) -> Expression:
    """Write a matrix of ones as 𝟏 𝟏ᵀ."""
    match e:
        case Constant("1", (m, n)) if 1 not in (m, n):
            return Apply(OUTER, (Constant("1", (m,)), Constant("1", (n,))))
    return e


def outer(network: Network, x: Expression, y: Expression) -> Expression:
    """Return x yᵀ of two vectors, with what is a number in front."""
    match x, y:
        case Constant("1", (m,)), Constant("1", (n,)):
            return Constant("1", (m, n))
    return written(network, term(network, Apply(OUTER, (x, y))))


def inner(network: Network, x: Expression, y: Expression) -> Expression:
    """Return ⟨x, y⟩: x y of numbers, xᵀ y of vectors, the sum over all entries of x ∘ y of matrices."""
    axes = max(rank(network, x), rank(network, y))
    if not axes:
        return times(network, x, y)
    for one, other in ((x, y), (y, x)) if axes == 2 else ():
        front, matrix = scalars_apart(network, term(network, other))
        if isinstance(one, Constant) and one.kind == "I":
            return written(network, front * _atom(network, Apply(TRACE, (matrix,))))
        if isinstance(matrix, Apply) and matrix.op == OUTER and not _is_spread(matrix):  # ⟨A, u vᵀ⟩ is uᵀ A v
            column, row = matrix.arguments
            return written(network, front * term(network, inner(network, column, matmul(network, one, row))))
    scalars, both = scalars_apart(network, term(network, x) * term(network, y))
    ((left, u), (right, v)) = (scalars_apart(network, term(network, z)) for z in (x, y))
    if axes == 1 and not is_ones(u) and not is_ones(v) and size(both) >= size(u) + size(v):
        return written(network, left * right * _atom(network, Apply(MATMUL, (u, v))))
    return written(network, scalars * _atom(network, Apply(SUM, (both,))))


def _is_spread(e: Apply) -> bool:
    """Tell whether u vᵀ has a vector of ones in it: a broadcast, whose place is in sums entry by entry."""
    return any(map(is_ones, e.arguments))


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
            return _factors(transposed(network, e)) == _factors(e)
        case Apply(op, arguments) if op in (ADD, SUB, MUL, DIV, NEG, INV, TRANSPOSE, MATRIX_POWER, EXPM):
            return all(_shows_symmetry(network, a) for a in arguments)
        case Apply(op, (x,)):
            return op == DIAG or (op.name == "power" and _shows_symmetry(network, x))
    return False


def _factors(e: Expression) -> tuple[Expression, ...]:
    """Return the factors of a product of matrices, however it is put together."""
    match e:
        case Apply(op, (x, y)) if op == MATMUL:
            return _factors(x) + _factors(y)
    return (e,)


def named(e: Expression) -> bool:
    """Tell whether a cotangent, a change or a partial derivative by its name stands in e."""
    return any(isinstance(x, Cotangent | Change | Partial) for x in nodes(e))
