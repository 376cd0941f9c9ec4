"""sup |f'| and sup |f| of activations, from their certified extrema, and the critical weight 1 / sup |f'|."""

from __future__ import annotations

from functools import cache

from flint import arb

from symgrad.algebra.expression import Apply, Quantity
from symgrad.network.formula import Formula
from symgrad.numbers.extremum import Extremum, maximise, minimise
from symgrad.numbers.magnitude import Magnitude
from symgrad.ops.activation import ACTIVATIONS
from symgrad.ops.function import elementwise_function, slope
from symgrad.ops.record import Elementwise

_X = Quantity("x")


@cache
def greatest_slope(record: Elementwise) -> Magnitude:
    """Return sup |f'(x)| over all real x; exact where it is closed.

    Where f' jumps, its values on both sides count.

    >>> from symgrad.ops.elementwise import elementwise
    >>> greatest_slope(elementwise("logistic")).exact, greatest_slope(elementwise("silu")).to(10)
    (Fraction(1, 4), '1.099839320')
    """
    found = _size(Formula(f"{record.name}'(x)", Apply(slope(record.name, record), (_X,))))
    assert found is not None  # the slopes of the registry are bounded
    return found


@cache
def greatest_value(record: Elementwise) -> Magnitude | None:
    """Return sup |f(x)| over all real x, None where f is unbounded.

    >>> from symgrad.ops.elementwise import elementwise
    >>> greatest_value(elementwise("tanh")).to(3), greatest_value(elementwise("relu"))
    ('1.00', None)
    """
    return _size(Formula(f"{record.name}(x)", Apply(elementwise_function(record.name, record), (_X,))))


def critical_weight(record: Elementwise) -> Magnitude:
    """Return the |w| at which the bound of the growth per layer, |w| sup |f'|, is exactly 1.

    >>> from symgrad.ops.elementwise import elementwise
    >>> critical_weight(elementwise("logistic")).exact
    Fraction(4, 1)
    """
    sup = greatest_slope(record)
    return Magnitude(lambda bits: 1 / sup.enclose(bits), None if sup.exact is None else 1 / sup.exact)


def critical_weights() -> dict[str, Magnitude]:
    """Return the critical weight of every activation of the registry."""
    return {record.name: critical_weight(record) for record in ACTIVATIONS}


def _size(formula: Formula) -> Magnitude | None:
    high, low = maximise(formula, "x", timeout=None), minimise(formula, "x", timeout=None)
    if high.value is None or low.value is None:
        return None
    return _larger(high, low)


def _larger(high: Extremum, low: Extremum) -> Magnitude:
    """Return the larger of |high| and |low|; where they cannot be told apart, a ball that holds it."""
    top, bottom = high.value, low.value
    assert top is not None
    assert bottom is not None
    if top.exact is not None and bottom.exact is not None:
        return top if abs(top.exact) >= abs(bottom.exact) else _absolute(bottom)
    x, y = abs(top.ball(128)), abs(bottom.ball(128))
    if x > y or y > x:
        return top if x > y else _absolute(bottom)
    return Magnitude(lambda bits: arb.max(abs(top.enclose(bits)), abs(bottom.enclose(bits))))


def _absolute(x: Magnitude) -> Magnitude:
    return Magnitude(lambda bits: abs(x.enclose(bits)), None if x.exact is None else abs(x.exact), x.fixed)
