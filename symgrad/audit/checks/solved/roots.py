"""The roots of an equation between rational functions of one letter, all of them, isolated by balls."""

from __future__ import annotations

from functools import lru_cache

from flint import acb, fmpq, fmpq_poly

from symgrad.arithmetic.dyadic import rational
from symgrad.reading.tree import Apply, Node, Number, Symbol

HIGHEST = 12
"""The degree up to which roots are computed."""
LONGEST = 2_000
"""Bits of a coefficient."""
Quotient = tuple[fmpq_poly, fmpq_poly]


@lru_cache(maxsize=256)
def roots(left: Node, right: Node, letter: str) -> tuple[acb, ...] | None:
    """Return all complex numbers that solve an equation; None where it is none of rational functions, or none at all.

    A real root has an imaginary part of exactly 0.

    >>> x, four = Symbol("x"), Number(__import__("fractions").Fraction(4), "4")
    >>> sorted(float(r.real) for r in roots(Apply("*", (x, x)), four, "x"))
    [-2.0, 2.0]
    """
    found = quotient(Apply("-", (left, right)), letter)
    if found is None or found[0] == 0:
        return None
    above, below = found
    if above.degree() < 1:
        return ()
    distinct = above // above.gcd(above.derivative())
    return tuple(r for r, _ in distinct.complex_roots() if not _at(below, r).contains(0))


def _at(polynomial: fmpq_poly, x: acb) -> acb:
    value = acb(0)
    for c in reversed(polynomial.coeffs()):
        value = value * x + acb(c)
    return value


def quotient(node: Node, letter: str) -> Quotient | None:
    """Return a formula as a quotient of polynomials of its letter; None for what is none, or large."""
    found = _quotient(node, letter)
    if found is None or any(p.degree() > HIGHEST or _bits(p) > LONGEST for p in found):
        return None
    return found


def _bits(p: fmpq_poly) -> int:
    return max((max(abs(int(c.p)), int(c.q)).bit_length() for c in p.coeffs()), default=0)


def _quotient(node: Node, letter: str) -> Quotient | None:
    one = fmpq_poly([1])
    match node:
        case Number(value):
            return fmpq_poly([rational(value)]), one
        case Symbol(name) if name == letter:
            return fmpq_poly([0, 1]), one
        case Apply("neg", (inner,)):
            found = quotient(inner, letter)
            return None if found is None else (-found[0], found[1])
        case Apply("^", (base, exponent)):
            return _power(quotient(base, letter), quotient(exponent, letter))
        case Apply("+" | "-" | "*" | "/" as sign, (a, b)):
            left, right = quotient(a, letter), quotient(b, letter)
            return None if left is None or right is None else _joined(sign, left, right)
    return None


def _joined(sign: str, x: Quotient, y: Quotient) -> Quotient | None:
    (a, b), (c, d) = x, y
    if sign == "*":
        return a * c, b * d
    if sign == "/":
        return (a * d, b * c) if c != 0 else None
    if b == d:
        return (a + c, b) if sign == "+" else (a - c, b)
    return (a * d + c * b, b * d) if sign == "+" else (a * d - c * b, b * d)


def _power(base: Quotient | None, exponent: Quotient | None) -> Quotient | None:
    if base is None or exponent is None or exponent[0].degree() > 0 or exponent[1] != fmpq_poly([1]):
        return None
    value = fmpq(exponent[0][0])
    if value.q != 1 or abs(value) > HIGHEST:
        return None
    n = int(value.p)
    above, below = base if n >= 0 else (base[1], base[0])
    return None if below == 0 else (above ** abs(n), below ** abs(n))
