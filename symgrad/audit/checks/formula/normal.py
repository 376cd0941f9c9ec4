"""Formulas with their terms and their factors in a fixed order: which are the same without any calculation?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symgrad.reading.tree import Apply, Big, Node, Number

Normal = tuple[object, ...]


def differ_in_signs(left: Node, right: Node) -> bool:
    """Tell whether two sides have the same terms but for their signs, as in a condition at two ends."""
    unsigned = (sorted(repr((str(term[1]).lstrip("-"), *term[2:])) for term in _summands(n, 1)) for n in (left, right))
    return next(unsigned) == next(unsigned)


def normal(node: Node) -> Normal:
    """Return a formula with its terms and its factors in a fixed order, and nothing multiplied out.

    >>> from symgrad.reading.tree import Symbol
    >>> a, b, c = map(Symbol, "abc")
    >>> normal(Apply("-", (a, Apply("-", (b, c))))) == normal(Apply("+", (Apply("-", (c, b)), a)))
    True
    """
    match node:
        case Apply("+" | "-" | "neg"):
            return ("+", *sorted(_summands(node, 1), key=repr))
        case Apply("*" | "/" | "^"):
            number, factors = _factors(node)
            return ("*", str(number), *sorted(factors, key=repr))
        case Apply(name, arguments, primes):
            return (name, primes, *map(normal, arguments))
        case Big(sign, variable, low, high, body):
            return (sign, variable, normal(low), normal(high), normal(body))
        case Number(value):
            return ("number", str(value))
    return (repr(node),)


def _summands(node: Node, sign: int) -> Iterator[Normal]:
    match node:
        case Apply("+", (a, b)):
            yield from (*_summands(a, sign), *_summands(b, sign))
        case Apply("-", (a, b)):
            yield from (*_summands(a, sign), *_summands(b, -sign))
        case Apply("neg", (a,)):
            yield from _summands(a, -sign)
        case Apply("*" | "/" | "^"):
            number, factors = _factors(node)
            yield ("*", str(sign * number), *sorted(factors, key=repr))
        case _:
            yield ("*", str(sign), normal(node))


def _factors(node: Node) -> tuple[Fraction, list[Normal]]:
    match node:
        case Number(value):
            return value, []
        case Apply("neg", (a,)):
            number, factors = _factors(a)
            return -number, factors
        case Apply("*", (a, b)):
            (m, first), (n, second) = _factors(a), _factors(b)
            return m * n, first + second
        case Apply("/", (a, b)):
            (m, first), (n, second) = _factors(a), _factors(b)
            if n:
                return m / n, first + _inverted(second)
        case Apply("^", (base, Apply("neg", (power,)))):
            number, factors = _factors(Apply("^", (base, power)))
            return Fraction(1) / (number or Fraction(1)), _inverted(factors)
        case Apply("^", (base, power)):
            number, factors = _factors(base)
            if number in (0, 1):
                return number, [_raised(factor, normal(power)) for factor in factors]
            return Fraction(1), [("^", normal(base), normal(power))]
    return Fraction(1), [normal(node)]


def _inverted(factors: list[Normal]) -> list[Normal]:
    return [factor[1] if factor[0] == "/" else ("/", factor) for factor in factors]  # type: ignore[misc]


def _raised(factor: Normal, power: Normal) -> Normal:
    return ("/", ("^", factor[1], power)) if factor[0] == "/" else ("^", factor, power)
