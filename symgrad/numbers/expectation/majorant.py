"""How fast a function grows: |h(z)| ≤ c |z|^m e^(k |z|) for all real z with |z| ≥ 1, by rules that follow its formula.

    sum        |x + y| ≤ (c + c') |z|^max(m, m') e^(max(k, k') |z|)      for |z| ≥ 1
    product    |x y| ≤ c c' |z|^(m + m') e^((k + k') |z|)
    exp        |e^x| ≤ e^|x| ≤ e^(c |z|)                                where |x| ≤ c |z|
    bounded    m = k = 0 where the range of x over the whole line is finite
    relu, negative part, |x| ≤ |x|;  ln(1 + e^x) ≤ |x| + 1;  sqrt x ≤ x + 1;  ln x ≤ x + 1 where x ≥ 1

So the Gaussian mean of h beyond |z| = R has a bound that is proved and not guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.arithmetic.interval import INFINITY, ZERO, Interval, Intervals, point
from symgrad.arithmetic.protocol import Arithmetic, Function
from symgrad.errors import NotDefined, ValuesError

_A = Intervals()
_LINE = Interval(-INFINITY, INFINITY)


class Growing:
    """A function of z: its range over all real z, and c, m, k."""

    __slots__ = ("c", "k", "m", "range")

    def __init__(self, range_: Interval, c: arb, m: int = 0, k: arb = ZERO) -> None:
        if range_.lo.is_nan() or range_.hi.is_nan():
            range_ = _LINE
        if range_.lo.is_finite() and range_.hi.is_finite():
            c, m, k = max(abs(range_.lo), abs(range_.hi)), 0, ZERO
        self.range, self.c, self.m, self.k = range_, arb(c.upper()), m, arb(k.upper())

    def __add__(self, other: Any) -> Any:
        other = _growing(other)
        return Growing(self.range + other.range, self.c + other.c, max(self.m, other.m), max(self.k, other.k))

    __radd__ = __add__

    def __neg__(self) -> Growing:
        return Growing(-self.range, self.c, self.m, self.k)

    def __sub__(self, other: Any) -> Any:
        return self + (-_growing(other))

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        other = _growing(other)
        return Growing(self.range * other.range, self.c * other.c, self.m + other.m, self.k + other.k)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self * _reciprocal(_growing(other))

    def __rtruediv__(self, other: Any) -> Any:
        return _growing(other) * _reciprocal(self)

    def __pow__(self, n: int) -> Growing:
        if n < 0:
            return _reciprocal(self**-n)
        return Growing(self.range**n, self.c**n, self.m * n, self.k * n)


def _growing(x: Any) -> Growing:
    return x if isinstance(x, Growing) else Growing(point(arb(x)), abs(arb(x)))


def _reciprocal(x: Growing) -> Growing:
    range_ = x.range.reciprocal()
    if not (range_.lo.is_finite() and range_.hi.is_finite()):
        raise _unbounded("1/x")
    return Growing(range_, ZERO)


def _unbounded(name: str) -> NotDefined:
    return NotDefined(
        f"no bound of {name} far out is known, so the mean may not exist",
        todo="give a formula in z that grows at most as a power of z times e^(k |z|)",
    )


def _by_range(name: str) -> Function:
    """Return the method of a function whose range must be finite."""

    def method(_: Any, x: Growing) -> Growing:
        found = getattr(_A, name)(x.range)
        if not (found.lo.is_finite() and found.hi.is_finite()):
            raise _unbounded(name)
        return Growing(found, ZERO)

    return method


def _at_most(name: str, plus: int, applies: Callable[[Interval], bool] = lambda _: True) -> Function:
    """Return the method of a function with |f(x)| ≤ |x| + plus where the range of x ``applies``."""

    def method(_: Any, x: Growing) -> Growing:
        found = getattr(_A, name)(x.range)
        if not (applies(x.range) or (found.lo.is_finite() and found.hi.is_finite())):
            raise _unbounded(name)
        return Growing(found, x.c + plus, x.m, x.k)

    return method


def _exponential(name: str) -> Function:
    """Return the method of a function with |f(x)| ≤ e^|x|."""

    def method(_: Any, x: Growing) -> Growing:
        found = getattr(_A, name)(x.range)
        if found.lo.is_finite() and found.hi.is_finite():
            return Growing(found, ZERO)
        if x.m > 1 or x.k != 0:
            raise _unbounded(name)
        return Growing(found, arb(1) if x.m else x.c.exp(), 0, x.c if x.m else ZERO)

    return method


class Growth(Arithmetic):
    """Functions of z by their growth.

    >>> A = Growth()
    >>> silu = A.variable() * A.logistic(A.variable())
    >>> silu.c, silu.m, silu.k
    (1.00000000000000, 1, 0)
    """

    name = "growth"
    rigorous = True

    def describe(self) -> str:
        """Return the name in words."""
        return "bounds of growth"

    def variable(self) -> Growing:
        """Return z."""
        return Growing(_LINE, arb(1), 1)

    def number(self, q: Fraction | int) -> Growing:
        """Return the constant q."""
        return Growing(_A.number(q), ZERO)

    def constant(self, x: arb) -> Growing:
        """Return a constant, a real ball."""
        return Growing(point(x), ZERO)

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Arrays are not taken."""
        raise ValuesError("a growth is that of one number", todo="give a number")

    @property
    def pi(self) -> Growing:
        """The circle's number."""
        return Growing(_A.pi, ZERO)

    exp = _exponential("exp")
    expm1 = _exponential("expm1")
    sinh = _exponential("sinh")
    cosh = _exponential("cosh")
    log = _at_most("log", 1, lambda x: bool(x.lo >= 1))
    log1p = _at_most("log1p", 1, lambda x: bool(x.lo >= 0))
    sqrt = _at_most("sqrt", 1)
    relu = _at_most("relu", 0)
    negative_part = _at_most("negative_part", 0)
    abs = _at_most("abs", 0)
    softplus = _at_most("softplus", 1)
    sin = _by_range("sin")
    cos = _by_range("cos")
    tan = _by_range("tan")
    atan = _by_range("atan")
    tanh = _by_range("tanh")
    erf = _by_range("erf")
    erfc = _by_range("erfc")
    logistic = _by_range("logistic")
    sign = _by_range("sign")
    step = _by_range("step")

    def power(self, x: Growing, y: Any) -> Growing:
        """Return x**y for an int y, or where it is bounded."""
        if isinstance(y, int):
            return x**y
        found = _A.power(x.range, y.range)
        if not (found.lo.is_finite() and found.hi.is_finite()):
            raise _unbounded("a power with a broken exponent")
        return Growing(found, ZERO)

    def ones_like(self, x: Growing) -> Growing:
        """Return 1."""
        return self.number(1)

    def zeros_like(self, x: Growing) -> Growing:
        """Return 0."""
        return self.number(0)


def mean_beyond(h: Growing, R: arb) -> arb:
    """Return an upper bound of E[|h(z)|; |z| > R] for a standard normal z, where R ≥ 1 and R ≥ 4 k.

    Beyond R ≥ 4 k, e^(k z - z²/2) ≤ e^(-z²/4); and ∫_R^∞ z^m e^(-s z²) dz = Γ((m + 1)/2, s R²) / (2 s^((m + 1)/2)).

    >>> mean_beyond(Growth().variable(), arb(2)) >= 2 * (-arb(2)).exp() / (2 * arb.pi()).sqrt()
    True
    """
    s = arb(1) / 2 if h.k == 0 else arb(1) / 4
    order = arb(h.m + 1) / 2
    integral = (s * R**2).gamma_upper(order) / (2 * s**order)
    return (2 * h.c * integral / (2 * arb.pi()).sqrt()).upper()
