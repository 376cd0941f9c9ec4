"""The normal form of a derived expression: numbers in front, equal factors as powers, equal terms collected.

A term is a number times factors, each with an exponent: (1/2) 2 r is r, (p - y)/(p (1 - p)) · p (1 - p) is p - y.
Only what calculus puts together is opened; what stands inside a function stays as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from symgrad.algebra.decimals import decimal
from symgrad.algebra.expression import ADD, DIV, MUL, NEG, POW, SUB, Apply, Constant, Expression, Number
from symgrad.algebra.expression_tree import nodes
from symgrad.calculus.normal.term import ONE, ZERO, Term, atom, is_ones, scalars_apart, written
from symgrad.calculus.normal.transposition import factors_of, transposed
from symgrad.calculus.normal.units import inner_with_unit, picked
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER, SUM, TRANSPOSE
from symgrad.ops.matrix import DIAG, INV
from symgrad.ops.power import MATRIX_POWER, power_of

LARGEST = 100
"""A number in an exponent that may be written out as a power: 2^(g + 3) is 8 2^g."""


def term(network: Network, e: Expression) -> Term:
    """Return an expression as a term, its numbers and its scalar factors taken out of products of matrices."""
    match e:
        case Number(value):
            return Term(value)
        case Apply(op, (x,)) if op == NEG:
            return Term(Fraction(-1)) * term(network, x)
        case Apply(op, (x, y)) if op == MUL:
            return picked(network, term(network, x) * term(network, y))
        case Apply(op, (x, y)) if op == DIV and (below := term(network, y)).number:
            return term(network, x) * below.power(Fraction(-1))
        case Apply(op, (x,)) if op.name == "power" and (n := Fraction(op.record)).denominator == 1:
            inner = term(network, x)
            if inner.number or n > 0:
                open_ = len(inner.factors) <= 1 or not inner.axes  # of arrays a power stays as it was written
                return inner.power(n) if open_ else Term(Fraction(1), {x: n}, inner.axes)
        case Apply(op, (x, n)) if op == POW and (added := _whole_part(network, n)):
            return term(network, Apply(POW, (x, total(network, n - added)))) * term(network, x).power(added)
        case Apply(op, (x, Constant("1"))) if op == MATMUL and _rows_add_to_one(network, x):
            return atom(network, Constant("1", network.shape_of(e)))
        case Apply(op, (Apply(product, (x, Constant("1"))), Constant("1"))) if (op, product) == (
            OUTER,
            MATMUL,
        ) and _rows_add_to_one(network, x):
            return Term(Fraction(1), {}, 2)  # 1 in every entry
        case Apply(op, (Constant("1"), Constant("1"))) if op == OUTER:
            return Term(Fraction(1), {}, 2)
        case Apply(op, (x, y)) if op in (MATMUL, OUTER):
            (left, u), (right, v) = (_apart(network, z) for z in (x, y))
            if op == MATMUL and (met := _cancelled(network, u, v) or inner_with_unit(network, u, v)) is not None:
                return left * right * term(network, met)
            if left != Term(Fraction(1)) or right != Term(Fraction(1)):
                return left * right * atom(network, Apply(op, (u, v)))
        case Apply(op, (x,)) if op == INV and (found := _inverse(network, x)) != e:
            return term(network, found)
        case Apply(op, (Apply(turn, (x,)),)) if op == DIAG and turn == TRANSPOSE:
            return term(network, Apply(DIAG, (x,)))
        case Apply(op, (x,)) if op == TRANSPOSE:
            turned = transposed(network, x)
            return atom(network, turned) if turned == e else term(network, turned)
        case Apply(op, (x,)) if op == SUM and (whole := _entries_total(network, x)) is not None:
            found = normal(network, whole)
            if isinstance(found, Number):
                return Term(found.value)
    return atom(network, e)


def _rows_add_to_one(network: Network, x: Expression) -> bool:
    from symgrad.calculus.totals import rows_add_to_one

    return rows_add_to_one(network, x)


def _entries_total(network: Network, x: Expression) -> Expression | None:
    from symgrad.calculus.totals import entries_total

    return entries_total(network, x, normal)


def _apart(network: Network, e: Expression) -> tuple[Term, Expression]:
    """Return the number and the scalar factors of what is multiplied, and the array; ones keep their shape."""
    return (Term(Fraction(1)), e) if is_ones(e) else scalars_apart(network, term(network, e))


def _whole_part(network: Network, n: Expression) -> Fraction:
    """Return the whole number that is added in an exponent, -1 in g - 1; a number alone is the exponent itself."""
    if not (isinstance(n, Apply) and n.op in (ADD, SUB)):
        return Fraction(0)
    numbers = (t.number for t in summands(network, n) if not t.factors and t.number.denominator == 1)
    return next((q for q in numbers if abs(q) <= LARGEST), Fraction(0))


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
            key = (frozenset((factors_of(base), n) for base, n in t.factors.items()), t.axes)
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


def number_apart(network: Network, e: Expression) -> tuple[Fraction, Expression]:
    """Return the number that all terms of a sum share, and the rest: 2 and x - 2 y of 2 x - 4 y."""
    terms = [t for t in summands(network, e) if t.number]
    if not terms:
        return Fraction(1), e
    shared = content([t.number for t in terms])
    rest = [written(network, Term(t.number / shared, t.factors, t.axes)) for t in terms]
    return shared, total(network, *rest)


def content(numbers: Sequence[Fraction]) -> Fraction:
    """Return the number to put in front of a sum: that of x/2 + y/4 is 1/4; a decimal has no common denominator.

    >>> content([Fraction(1, 2), Fraction(3, 4)]), content([Fraction(1), Fraction("1.702")])
    (Fraction(1, 4), Fraction(1, 1))
    """
    if len(set(numbers)) > 1 and any(decimal(q) for q in numbers):
        return Fraction(1)
    return Fraction(gcd(*(q.numerator for q in numbers)), lcm(*(q.denominator for q in numbers)))


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


def normal(network: Network, e: Expression) -> Expression:
    """Return the normal form of an expression."""
    return total(network, e)


def _cancelled(network: Network, u: Expression, v: Expression) -> Expression | None:
    """Return u v where an inverse meets its matrix or powers of one matrix meet; None where they do not."""
    *before, x = factors_of(u)
    y, *after = factors_of(v)
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
