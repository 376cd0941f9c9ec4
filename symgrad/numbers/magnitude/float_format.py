"""The float formats: which numbers they have, and what they make of a number of any size."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from flint import ctx

from symgrad.arithmetic.dyadic import ball, fraction
from symgrad.errors import UnknownName
from symgrad.numbers.magnitude.magnitude import Magnitude


class Rounded(NamedTuple):
    """What a format makes of a number: its kind, and the value that is left (None: infinity or NaN)."""

    kind: str
    """normal, subnormal, zero, inf or nan."""
    value: Fraction | None


@dataclass(frozen=True)
class FloatFormat:
    """A binary format: ``precision`` bits of significand, normal numbers from 2^emin to ``largest``.

    Subnormal numbers are multiples of 2^(emin - precision + 1). Rounding is to nearest, ties to even. What
    is beyond ``largest`` by half a unit in the last place or more becomes ``beyond``: inf, or nan in a
    format that has no infinity.

    >>> FORMATS["fp16"].largest, FORMATS["fp16"].overflow
    (Fraction(65504, 1), Fraction(65520, 1))
    """

    name: str
    precision: int
    emin: int
    largest: Fraction
    beyond: str
    source: str

    @property
    def smallest(self) -> Fraction:
        """The smallest positive number, a subnormal one."""
        return Fraction(2) ** (self.emin - self.precision + 1)

    @property
    def smallest_normal(self) -> Fraction:
        """2^emin."""
        return Fraction(2) ** self.emin

    @property
    def zero(self) -> Fraction:
        """The largest number that is rounded to 0: half of the smallest, a tie that goes to the even 0."""
        return self.smallest / 2

    @property
    def subnormal(self) -> Fraction:
        """The number below which what is left is subnormal; it is itself a tie that goes to 2^emin."""
        return self.smallest_normal - self.smallest / 2

    @property
    def overflow(self) -> Fraction:
        """largest and half a unit in its last place."""
        return self.largest + self._unit / 2

    @property
    def overflow_is_beyond(self) -> bool:
        """Whether the tie at ``overflow`` is rounded up: where ``largest`` has an odd significand."""
        return (self.largest / self._unit) % 2 == 1

    @property
    def _unit(self) -> Fraction:
        bits = self.largest.numerator.bit_length()
        return Fraction(2) ** (bits - self.precision)

    def round(self, x: Magnitude) -> Rounded:
        """Return what the format makes of x, rounded once."""
        if x.sign == 0 or self.is_zero(x):
            return Rounded("zero", Fraction(0))
        if self.is_beyond(x):
            return Rounded(self.beyond, None)
        q = x.exact if x.exact is not None else _near(x, self)
        exponent = max(_exponent(abs(q)), self.emin)
        unit = Fraction(2) ** (exponent - self.precision + 1)
        value = round(q / unit) * unit
        return Rounded("normal" if abs(value) >= self.smallest_normal else "subnormal", value)

    def is_zero(self, x: Magnitude) -> bool:
        """Tell whether x is rounded to 0."""
        return compare(x, self.zero) <= 0

    def is_below_normal(self, x: Magnitude) -> bool:
        """Tell whether what is left of x is subnormal or 0."""
        return compare(x, self.subnormal) < 0

    def is_beyond(self, x: Magnitude) -> bool:
        """Tell whether x overflows."""
        order = compare(x, self.overflow)
        return order > 0 or (order == 0 and self.overflow_is_beyond)


def compare(x: Magnitude, threshold: Fraction) -> int:
    """Return the sign of |x| - threshold. A number that is not equal to a dyadic threshold is told from it."""
    if x.exact is not None:
        return (abs(x.exact) > threshold) - (abs(x.exact) < threshold)
    bits = 64
    while True:
        with ctx.workprec(bits):
            distance = abs(x.ball(bits)) - ball(threshold)
        if distance > 0 or distance < 0:
            return 1 if distance > 0 else -1
        bits *= 2


def _exponent(q: Fraction) -> int:
    """Return the exponent of the power of two at or below q."""
    guess = q.numerator.bit_length() - q.denominator.bit_length()
    return guess if q >= Fraction(2) ** guess else guess - 1


def _near(x: Magnitude, format_: FloatFormat) -> Fraction:
    """Return a fraction that every rounding of the format treats as it treats x, which is no tie."""
    bits = 64
    while True:
        with ctx.workprec(bits):
            ball = x.enclose(bits)
            low, high = (fraction(end) for end in (ball.lower(), ball.upper()))
        if low * high > 0 and format_.round(_point(low)) == format_.round(_point(high)):
            return low
        bits *= 2


def _point(q: Fraction) -> Magnitude:
    return Magnitude(lambda bits: ball(q), q)


def _ieee(name: str, precision: int, emax: int, source: str) -> FloatFormat:
    largest = (2 - Fraction(2) ** (1 - precision)) * Fraction(2) ** emax
    return FloatFormat(name, precision, 1 - emax, largest, "inf", source)


FORMATS = {
    f.name: f
    for f in (
        FloatFormat("fp8_e4m3", 4, -6, Fraction(448), "nan", "OCP 8-bit floating point (2023), E4M3: no infinity"),
        _ieee("fp8_e5m2", 3, 15, "OCP 8-bit floating point (2023), E5M2"),
        _ieee("fp16", 11, 15, "IEEE 754-2019, binary16"),
        _ieee("bf16", 8, 127, "bfloat16: the exponents of binary32, 8 bits of significand"),
        _ieee("fp32", 24, 127, "IEEE 754-2019, binary32"),
        _ieee("fp64", 53, 1023, "IEEE 754-2019, binary64"),
    )
}
"""The formats of deep learning, by name.

fp8_e4m3 is the one of the OCP standard and of the hardware (``float8_e4m3fn`` in ml_dtypes): it has no
infinity, its largest number is 448, and what overflows is NaN. The IEEE-like e4m3 with an infinity and the
largest number 240 (``float8_e4m3``) is another format.
"""


def float_format(name: str) -> FloatFormat:
    """Return the format of this name."""
    if name not in FORMATS:
        raise UnknownName("float format", name, FORMATS)
    return FORMATS[name]
