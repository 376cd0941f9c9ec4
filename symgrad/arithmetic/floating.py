"""float64 numbers (NumPy), one at a time or in a batch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symgrad.arithmetic.blas import TINY, product
from symgrad.arithmetic.events import float_events as float_events
from symgrad.arithmetic.events import signal_underflow
from symgrad.arithmetic.literal import entries, exact, require_shape
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.arithmetic.scalars import Function
from symgrad.errors import ValuesError

HARMLESS = np.float64(700)
"""1 + exp(-x) is 1 long before x = 700; at 746, exp(-x) underflows, which would be reported for nothing."""

SQUARED = 340.0
"""cosh(x)² is a number below this x."""


def _of_math(f: Callable[[float], float]) -> Function:
    """Return the method x -> f(x), entry by entry, of a function that numpy has not."""
    each = np.frompyfunc(f, 1, 1)

    def method(_: Any, x: Any) -> Any:
        y = np.asarray(each(x), dtype=np.float64) if isinstance(x, np.ndarray) else np.float64(f(x))
        if f is math.erfc and np.any(y < TINY):
            signal_underflow()
        return y

    return method


def _largest(x: Any) -> Any:
    return np.maximum.reduce(np.abs(x), axis=None) if isinstance(x, np.ndarray) else abs(x)


class Floating(Arithmetic):
    """float64: each function is accurate to a few ulps wherever its result is a normal number.

    Nothing tells of an underflow by default: compute inside ``with float_events() as events:``.

    >>> A = Floating()
    >>> A.logistic(A.array([-700, 0, 700], (3,)))
    array([9.85967654e-305, 5.00000000e-001, 1.00000000e+000])
    """

    name = "float"

    def describe(self) -> str:
        """Return the name in words."""
        return "float64"

    def number(self, q: Fraction | int) -> Any:
        """Return q, correctly rounded."""
        return _round(Fraction(q))

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Return the user's data as a value of this shape, each number correctly rounded."""
        if isinstance(data, np.ndarray) and data.dtype.kind in "fiu":
            require_shape(data.shape, shape)
            values = np.array(data, dtype=np.float64)
            if not np.isfinite(values).all():
                raise ValuesError("an array with inf or nan was given", todo="give finite numbers")
        else:
            exactly = entries(data, shape)
            values = np.array([_round(exact(x)) for x in exactly.flat]).reshape(shape)
        return values if shape else values[()]

    @property
    def minus_infinity(self) -> Any:
        """-∞."""
        return -np.inf

    @property
    def pi(self) -> Any:
        """The circle's number, correctly rounded."""
        return np.float64(np.pi)

    exp = np.exp
    expm1 = np.expm1
    log = np.log
    log1p = np.log1p
    sqrt = np.sqrt
    sin = np.sin
    cos = np.cos
    tan = np.tan
    atan = np.arctan
    sinh = np.sinh
    cosh = np.cosh
    tanh = np.tanh
    erf = _of_math(math.erf)
    erfc = _of_math(math.erfc)
    abs = np.abs
    sign = np.sign

    def relu(self, x: Any) -> Any:
        """Return max(x, 0)."""
        return np.maximum(x, 0.0)

    def negative_part(self, x: Any) -> Any:
        """Return min(x, 0)."""
        return np.minimum(x, 0.0)

    def minimum(self, x: Any, y: Any) -> Any:
        """Return min(x, y)."""
        return np.minimum(x, float(y) if isinstance(y, int) else y)

    def select(self, c: Any, x: Any, y: Any) -> Any:
        """Return x where c is 1, y where it is 0, entry by entry."""
        found = np.where(c == 1, x, y)
        return found if found.ndim else found[()]

    def matmul(self, x: Any, y: Any) -> Any:
        """Return x y as numpy's ``@`` has it for ranks 1 and 2; of two vectors, a number."""
        return product(x, y)

    def outers(self, x: Sequence[Any], y: Sequence[Any]) -> Any:
        """Return the sum over k of the matrices x_ki y_kj: a product of two matrices."""
        return product(np.array(x).T, np.array(y))

    def inv(self, x: Any) -> Any:
        """Return x⁻¹ of a square matrix, inf where it has none."""
        try:
            return np.linalg.inv(x)
        except np.linalg.LinAlgError:
            return np.ones_like(x) / np.zeros_like(x)  # which numpy tells of

    def expm(self, x: Any) -> Any:
        """Return e^x of a square matrix."""
        from scipy.linalg import expm

        return expm(x)

    def det(self, x: Any) -> Any:
        """Return the determinant of a square matrix."""
        return np.linalg.det(x)

    def logdet(self, x: Any) -> Any:
        """Return ln |det x| of a square matrix, where nothing overflows."""
        return np.linalg.slogdet(x)[1]

    def step(self, x: Any) -> Any:
        """Return 1 for x > 0, 0 for x <= 0."""
        return np.heaviside(x, 0.0)

    def power(self, x: Any, y: Any) -> Any:
        """Return x**y for x > 0, and for all x if y is an int."""
        return x**y

    def logistic(self, x: Any) -> Any:
        """Return 1 / (1 + e^-x) as e^x / (1 + e^x), where nothing overflows; 1 long before x = 700."""
        e = np.exp(np.minimum(x, HARMLESS))
        return e / (1.0 + e)

    def slope_of(self, name: str) -> Function | None:
        """Return the slope of a function of this name in fewer steps than its rule takes; None where there is none.

        tanh' = 1 / cosh², and the logistic function's a quarter of that at x/2, as long as no square overflows.
        """
        return {"tanh": self._tanh_slope, "logistic": self._logistic_slope}.get(name)

    def _tanh_slope(self, x: Any) -> Any:
        if _largest(x) < SQUARED:
            return 1.0 / np.cosh(x) ** 2
        return 4.0 * self.logistic(2.0 * x) * self.logistic(-2.0 * x)

    def _logistic_slope(self, x: Any) -> Any:
        if _largest(x) < 2 * SQUARED:
            return 0.25 / np.cosh(0.5 * x) ** 2
        return self.logistic(x) * self.logistic(-x)

    def softplus(self, x: Any) -> Any:
        """Return ln(1 + e^x) as max(x, 0) + ln(1 + e^-|x|), where nothing overflows."""
        return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(np.minimum(x, HARMLESS))))

    def softmax(self, x: Any) -> Any:
        """Return e^x_i / sum_k e^x_k of a vector; the relative error of entry i is |x_i - max x| ulps."""
        if self.rank(x) == 0:
            return self.ones_like(x)
        e = np.exp(x - x.max(axis=0))
        return e / e.sum(axis=0)

    def logsumexp(self, x: Any) -> Any:
        """Return ln sum_k e^x_k of a vector; the error is a few ulps of max x or of 1."""
        if self.rank(x) == 0:
            return x
        top = x.max(axis=0)
        return top + np.log(np.exp(np.maximum(x - top, -HARMLESS)).sum(axis=0))

    def neg_log_softmax(self, x: Any) -> Any:
        """Return -ln softmax(x)_i of a vector, accurate also for the largest x_i, where it is small."""
        if self.rank(x) == 0:
            return self.zeros_like(x)
        beside, rest = self._beside(x)
        return np.log1p(rest) - beside

    def softmax_error(self, x: Any, y: Any) -> Any:
        """Return p sum_k y_k - y with p = softmax(x) as p_i sum_(k != i) y_k - y_i (1 - p_i), with no 1 - p_i of 0."""
        if self.rank(x) == 0:
            return self.zeros_like(x)
        beside, rest = self._beside(x)
        powers, total = np.exp(beside), 1.0 + rest
        others = np.where(self._is_first_zero(beside), rest, total - powers)
        return (powers * (self.total(y) - y) - y * others) / total

    def _beside(self, x: Any) -> tuple[Any, Any]:
        """Return x - max x, and the sum of its exponentials without the first that is 1."""
        beside = x - x.max(axis=0)
        powers = np.where(self._is_first_zero(beside), 0.0, np.exp(beside))
        return beside, powers.sum(axis=0)

    @staticmethod
    def _is_first_zero(x: Any) -> Any:
        """Tell of each entry whether it is the first along the first axis that is 0."""
        return (x == 0) & (np.cumsum(x == 0, axis=0) == 1)

    def largest(self, x: Any) -> Any:
        """Return max_i x_i of a vector."""
        return x.max(axis=0) if self.rank(x) else x

    def at_largest(self, x: Any) -> Any:
        """Return 1 in the place of the first entry of a vector that is its largest, 0 in all others."""
        if self.rank(x) == 0:
            return self.ones_like(x)
        return self._is_first_zero(x - x.max(axis=0)).astype(np.float64)

    def choose(self, x: Any, if_zero: Function, otherwise: Function, *values: Any) -> Any:
        """Return if_zero(*values) where x is exactly 0, else otherwise(*values), entry by entry."""
        if not any(isinstance(v, np.ndarray) for v in (x, *values)):
            return (if_zero if x == 0 else otherwise)(*values)
        x, *values = np.broadcast_arrays(x, *values)  # type: ignore[assignment]
        zero = x == 0
        found = np.empty(x.shape)
        for place, f in ((zero, if_zero), (~zero, otherwise)):
            if place.any():
                found[place] = f(*(v[place] for v in values))
        return found

    def eye(self, n: int) -> Any:
        """Return the n x n identity matrix."""
        return np.eye(n)

    def _constant(self, q: int, x: Any) -> Any:
        return np.full(x.shape, float(q)) if isinstance(x, np.ndarray) else np.float64(q)


def _round(q: Fraction) -> Any:
    try:
        x = np.float64(q.numerator / q.denominator)
    except OverflowError:
        raise ValuesError("a number is larger than any float64", todo="use arithmetic='mp'") from None
    if q and abs(x) < TINY:
        signal_underflow()
    return x
