"""A formula as a polynomial in one letter, by the values of the others."""

from __future__ import annotations

from collections.abc import Mapping

from flint import fmpq

from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, symbols
from symgrad.reading.value import Value, evaluate

HIGHEST = 8


def coefficients(node: Node, letter: str, letters: Mapping[str, Value]) -> list[Value]:
    """Return the coefficients, from the constant on; raises NotUnderstoodError for what is no polynomial.

    >>> from fractions import Fraction
    >>> x, one = Symbol("x"), Number(Fraction(1), "1")
    >>> coefficients(Apply("^", (Apply("+", (x, one)), Number(Fraction(2), "2"))), "x", {})
    [1, 2, 1]
    """
    if letter not in symbols(node):
        value = evaluate(node, letters)
        if isinstance(value, list):
            raise NotUnderstoodError("a vector in a polynomial")
        return [value]
    match node:
        case Symbol():
            return [fmpq(0), fmpq(1)]
        case Apply("neg", (a,)):
            return [-c for c in coefficients(a, letter, letters)]
        case Apply("+" | "-" as sign, (a, b)):
            one, other = (coefficients(n, letter, letters) for n in (a, b))
            size = max(len(one), len(other))
            one, other = (c + [fmpq(0)] * (size - len(c)) for c in (one, other))
            return [x + y if sign == "+" else x - y for x, y in zip(one, other, strict=True)]
        case Apply("*", (a, b)):
            return product(coefficients(a, letter, letters), coefficients(b, letter, letters))
        case Apply("/", (a, b)) if letter not in symbols(b):
            below = evaluate(b, letters)
            if not (below > 0 or below < 0):
                raise NotUnderstoodError("a division by 0")
            return [c / below for c in coefficients(a, letter, letters)]
        case Apply("^", (a, Number(power))) if power.denominator == 1 and 0 <= power <= HIGHEST:
            found: list[Value] = [fmpq(1)]
            for _ in range(int(power)):
                found = product(found, coefficients(a, letter, letters))
            return found
    raise NotUnderstoodError("no polynomial")


def product(one: list[Value], other: list[Value]) -> list[Value]:
    """Return the product of two polynomials."""
    if len(one) + len(other) > 2 * HIGHEST + 2:
        raise NotUnderstoodError("a high power")
    found: list[Value] = [fmpq(0)] * (len(one) + len(other) - 1)
    for i, x in enumerate(one):
        for k, y in enumerate(other):
            found[i + k] = found[i + k] + x * y
    return found
