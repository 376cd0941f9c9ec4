"""sup |f'|, sup |f| and the range of activations, and the critical weight 1 / sup |f'|.

Closed where it is closed; else enclosed, by the certified extrema of f' and f.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from flint import arb

from symgrad.algebra.expression import Apply, Quantity
from symgrad.errors import SymgradError
from symgrad.network.activation import read_activation
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.extremum import Extremum, maximise, minimise
from symgrad.numbers.magnitude.magnitude import Magnitude, magnitude
from symgrad.ops.elementwise import activations
from symgrad.ops.function import elementwise_function, slope
from symgrad.ops.record import Elementwise

_X = Quantity("x")


@cache
def greatest_slope(record: Elementwise) -> Magnitude | None:
    """Return sup |f'(x)| over all real x; exact where it is closed, None where f' has no bound.

    Where f' jumps, its values on both sides count.

    >>> from symgrad.ops.elementwise import elementwise
    >>> greatest_slope(elementwise("logistic")).exact, greatest_slope(elementwise("silu")).to(10)
    (Fraction(1, 4), '1.099839320')
    """
    if record.steepest is not None:
        return magnitude(Fraction(record.steepest(*record.values)))
    return certified_slope(record)


@cache
def certified_slope(record: Elementwise) -> Magnitude | None:
    """Return sup |f'(x)| by the certified extrema of f' alone, an enclosure that does not know what is closed."""
    return _size(Formula(f"{record.name}'(x)", Apply(slope(record.name, record), (_X,))))


@cache
def greatest_value(record: Elementwise) -> Magnitude | None:
    """Return sup |f(x)| over all real x, None where f is unbounded.

    >>> from symgrad.ops.elementwise import elementwise
    >>> greatest_value(elementwise("tanh")).to(3), greatest_value(elementwise("relu"))
    ('1.00', None)
    """
    return _size(Formula(f"{record.name}(x)", Apply(elementwise_function(record.name, record), (_X,))))


@cache
def range_of(record: Elementwise) -> tuple[Fraction, Fraction] | None:
    """Return inf f and sup f over all real x where both are rational, else None.

    >>> from symgrad.ops.elementwise import elementwise
    >>> range_of(elementwise("logistic")), range_of(elementwise("silu"))
    ((Fraction(0, 1), Fraction(1, 1)), None)
    """
    return _ends(Formula(f"{record.name}(x)", Apply(elementwise_function(record.name, record), (_X,))))


@cache
def slope_range(record: Elementwise) -> tuple[Fraction, Fraction] | None:
    """Return inf f' and sup f' over all real x where both are rational, else None.

    >>> from symgrad.ops.elementwise import elementwise
    >>> slope_range(elementwise("logistic")), slope_range(elementwise("hard_swish"))
    ((Fraction(0, 1), Fraction(1, 4)), (Fraction(-1, 2), Fraction(3, 2)))
    """
    return _ends(Formula(f"{record.name}'(x)", Apply(slope(record.name, record), (_X,))))


def _ends(formula: Formula) -> tuple[Fraction, Fraction] | None:
    ends = [e.value.exact for e in _extrema(formula) if e.value is not None and e.value.exact is not None]
    return (ends[1], ends[0]) if len(ends) == 2 else None


def critical_weight(activation: str | Elementwise) -> Magnitude:
    """Return the |w| at which the bound of the growth per layer, |w| sup |f'|, is exactly 1.

    Below it the gradient of a chain vanishes, whatever the biases are. Exact where sup |f'| is closed.
    Raises UnknownName, or SymgradError where the slope has no bound or is 0.

    >>> critical_weight("logistic").exact, critical_weight("gelu").to(10)
    (Fraction(4, 1), '0.8858148004')
    """
    record = read_activation(activation)
    sup = greatest_slope(record)
    if sup is None or sup.sign == 0:
        how = "has no bound" if sup is None else "is 0"
        raise SymgradError(f"the slope of {record.name} {how}: no weight is critical", todo="take an activation")
    return Magnitude(lambda bits: 1 / sup.enclose(bits), None if sup.exact is None else 1 / sup.exact)


def critical_weights() -> dict[str, Magnitude]:
    """Return the critical weight of every activation of the registry.

    >>> [name for name, weight in critical_weights().items() if weight.exact == 4]
    ['logistic']
    """
    return {record.name: critical_weight(record) for record in activations()}


def _extrema(formula: Formula) -> tuple[Extremum, ...]:
    """Return the supremum and the infimum over the real line; nothing where the function is not defined there."""
    try:
        return maximise(formula, "x", timeout=None), minimise(formula, "x", timeout=None)
    except SymgradError:
        return ()


def _size(formula: Formula) -> Magnitude | None:
    values = [e.value for e in _extrema(formula)]
    if len(values) < 2 or values[0] is None or values[1] is None:
        return None
    return _larger(values[0], values[1])


def _larger(top: Magnitude, bottom: Magnitude) -> Magnitude:
    """Return the larger of |top| and |bottom|; where they cannot be told apart, a ball that holds it."""
    if top.exact is not None and bottom.exact is not None:
        return top if abs(top.exact) >= abs(bottom.exact) else _absolute(bottom)
    x, y = abs(top.ball(128)), abs(bottom.ball(128))
    if x > y or y > x:
        return _absolute(top if x > y else bottom)
    return Magnitude(lambda bits: arb.max(abs(top.enclose(bits)), abs(bottom.enclose(bits))))


def _absolute(x: Magnitude) -> Magnitude:
    return Magnitude(lambda bits: abs(x.enclose(bits)), None if x.exact is None else abs(x.exact), x.fixed)
