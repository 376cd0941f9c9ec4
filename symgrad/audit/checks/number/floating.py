"""The value of a calculation as a program computes it, in float64: (1 + 10^-15) - 1 is 1.11 × 10^-15 there."""

from __future__ import annotations

import math
from collections.abc import Callable

from flint import arb

from symgrad.audit.checks.number.rounding import PrintedNumber
from symgrad.reading.tree import Apply, Node, Number, Symbol, walk

LOST = arb("1e-15")
"""The part of the largest number in a sum that float64 does not keep."""
OPERATIONS: dict[str, Callable[..., float]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "^": lambda x, y: x**y,
    "neg": lambda x: -x,
    "e": lambda: math.e,
    "abs": abs,
    "ln": math.log,
    "log": math.log,
    **{name: getattr(math, name) for name in ("exp", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan")},
}


def floated(node: Node) -> float | None:
    """Return what float64 arithmetic makes of a calculation; None where it has none or ends.

    >>> from fractions import Fraction
    >>> tenth, fifth = Number(Fraction(1, 10), "0.1"), Number(Fraction(1, 5), "0.2")
    >>> floated(Apply("+", (tenth, fifth)))
    0.30000000000000004
    """
    try:
        found = _value(node)
    except (ArithmeticError, ValueError, TypeError, RecursionError):
        return None
    return found if isinstance(found, float) and math.isfinite(found) else None


def is_cancelled(node: Node, error: arb) -> bool:
    """Tell whether an error is below what float64 loses where large numbers cancel: 25 n² - 16 n² - 9 n² = 1.

    >>> from fractions import Fraction
    >>> large = Number(Fraction(10**16), "1" + 16 * "0")
    >>> is_cancelled(Apply("-", (large, large)), arb(1)), is_cancelled(large, arb(100))
    (True, False)
    """
    if not any(isinstance(n, Apply) and n.name in "+-" for n in walk(node)):
        return False
    sizes = [abs(x) for n in walk(node) if (x := floated(n)) is not None]
    return bool(error < LOST * arb(max(sizes, default=0.0)))


def _is_far(x: float, exact: arb) -> bool:
    return bool(abs(arb(x) - exact) > abs(exact) * arb("1e-13"))


def _value(node: Node) -> float:
    match node:
        case Number(value):
            return float(value)
        case Symbol("pi"):
            return math.pi
        case Apply(name, arguments, 0) if name in OPERATIONS:
            return OPERATIONS[name](*map(_value, arguments))
    raise TypeError


def is_computed(left: Node, right: Node, exact: tuple[arb, arb], shown: PrintedNumber | None) -> bool:
    """Tell whether two sides are the same in float64 alone, as far as the digits of a printed number go.

    exact: their true values, from which float64 must be far on one side at least.
    """
    x, y = floated(left), floated(right)
    if x is None or y is None or not (_is_far(x, exact[0]) or _is_far(y, exact[1])):
        return False
    if shown is None:
        return x == y
    return abs(x - float(shown.value)) <= float(shown.unit) * 0.5000001
