"""The size of a factor w σ'(z): log10 |σ'(z)| on a grid, sup |σ'|, and what each float format loses.

All of it is computed in balls here; the page multiplies logarithms, and decides where a power is lost in whole numbers.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.dyadic import fraction
from symgrad.arithmetic.events import kink_events
from symgrad.network.activation import read_activation
from symgrad.numbers.bound.slope_bound import greatest_slope
from symgrad.numbers.magnitude.float_format import FORMATS, FloatFormat
from symgrad.numbers.magnitude.magnitude import Magnitude
from symgrad.ops.record import Elementwise
from symgrad.serve.fields import Fields, text
from symgrad.serve.limits import Limits

FIRST, STEP, COUNT = Fraction(-8), Fraction(1, 20), 321
"""The grid of z: -8, -7.95, …, 8."""
DIGITS = 60
BITS = 96


def task(fields: Fields, seconds: float = Limits.seconds) -> dict[str, Any]:
    """Return the slopes of an activation, a name or a formula, and what is known of their size.

    >>> found = task({"activation": "logistic"})
    >>> found["steepest"]["exact"], found["slopes"][160]
    ('1/4', -0.6020599913279624)
    """
    return sizes(text(fields, "activation") or "logistic")


@lru_cache(maxsize=64)
def sizes(activation: str) -> dict[str, Any]:
    """Return what the page needs of one activation."""
    record = read_activation(activation)
    with kink_events() as kinks:
        logs = slopes(record)
    return {
        "activation": activation,
        "first": float(FIRST),
        "step": float(STEP),
        "slopes": logs,
        "kink": kinks.met,
        "steepest": _ends(greatest_slope(record)),
    }


def slopes(record: Elementwise) -> list[float | None]:
    """Return log10 |f'(z)| on the grid, each the nearest float64; None where the slope is 0."""
    A = arithmetic("ball", DIGITS)
    with A.working():
        slope = record.slope_on(A)
        return [_log10(slope(A.number(FIRST + k * STEP))) for k in range(COUNT)]


def _log10(x: arb) -> float | None:
    size = abs(arb(x))
    return None if not size > 0 else float((size.log() / arb(10).log()).mid())


def _ends(x: Magnitude | None) -> dict[str, Any] | None:
    """Return rational numbers between which a size lies, in text; None for one that has no bound."""
    if x is None:
        return None
    if x.exact is not None:
        low = high = x.exact
    else:
        ball = x.ball(BITS)
        low, high = fraction(ball.lower()), fraction(ball.upper())
    exact = str(x.exact) if x.exact is not None and len(str(x.exact)) <= 24 else None
    return {"exact": exact, "digits": x.to(10), "low": str(low), "high": str(high)}


def formats() -> list[dict[str, Any]]:
    """Return for each float format from where it makes of a number something else: m 2^e, and whether at it too.

    >>> [f["zero"] for f in formats() if f["name"] == "fp32"]
    [{'m': '1', 'e': -150, 'at': True}]
    """
    return [
        {
            "name": f.name,
            "subnormal": _dyadic(f.subnormal, at=False),
            "zero": _dyadic(f.zero, at=True),
            "overflow": _dyadic(f.overflow, at=f.overflow_is_beyond),
            "beyond": f.beyond,
        }
        for f in FORMATS.values()
        if _is_usual(f)
    ]


def _is_usual(f: FloatFormat) -> bool:
    return not f.name.startswith("fp8")


def _dyadic(q: Fraction, at: bool) -> dict[str, Any]:
    """Return q as m 2^e with an odd m."""
    m, e = q.numerator, 1 - q.denominator.bit_length()
    while m % 2 == 0:
        m, e = m // 2, e + 1
    return {"m": str(m), "e": e, "at": at}
