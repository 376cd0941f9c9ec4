"""How a printed number stands to the value that it is for: exact, rounded, truncated, or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, fmpq

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.arithmetic.dyadic import fraction
from symgrad.arithmetic.scientific import scientific
from symgrad.audit.finding import Word
from symgrad.reading.tree import Apply, Node, Number

LARGEST = 4_000
"""Powers of 10 up to which a number is written from its digits, and not from its logarithm."""
CLOSE, COARSE = Fraction(1, 100), Fraction(1, 20)
FEW, SURE = 3, 3
FLOAT_DIGITS, FLOAT_ERROR = 14, Fraction(1, 10**13)
"""A number of at least SURE digits that is off by more than FEW units of its last digit is no rounded one."""
"""An approximation off by less is a note; zeros at the end of an integer excuse no more."""

LONGEST_DECIMAL = 6
"""Digits of an exact decimal that is shown whole."""

LAST_DIGIT = Fraction(1, 4)
"""A value that is rounded up though it ought to be rounded down is off by less."""


@dataclass(frozen=True)
class PrintedNumber:
    """A number as an author prints it.

    unit: one in its last digit. coarse: the same where zeros at the end do not count. exact: an integer without a
    point, a power of 10 or a suffix. mantissa: the digits after the point before 10^k. power: k of a bare 10^k.
    """

    value: Fraction
    unit: Fraction
    coarse: Fraction
    exact: bool
    mantissa: int | None = None
    power: int | None = None

    @property
    def digits(self) -> int:
        """Digits from the first that is not 0 to the last."""
        return len(str(abs(self.value / self.unit).__floor__()).lstrip("0"))

    @property
    def places(self) -> int:
        """Digits after the point."""
        digits = 0
        unit = self.unit
        while unit < 1:
            unit, digits = unit * 10, digits + 1
        return digits


def printed(node: Node) -> PrintedNumber | None:
    """Return a printed number, 3.7 × 10^26 or -0.5 or 150K or 10^7; None for anything else.

    >>> printed(Number(Fraction(37, 10), "3.7", 1)).unit
    Fraction(1, 10)
    """
    match node:
        case Number(value, text, places, scale):
            unit = Fraction(10) ** -places * scale
            zeros = len(text) - len(text.rstrip("0")) if places == 0 and text.isdecimal() else 0
            return PrintedNumber(value, unit, unit * 10**zeros, places == 0 and scale == 1)
        case Apply("/", (inner, Number(_, "%"))):
            found = printed(inner)
            if found is None or found.power is not None or found.mantissa is not None:
                return None
            return PrintedNumber(found.value / 100, found.unit / 100, found.coarse / 100, False)
        case Apply("neg", (inner,)):
            found = printed(inner)
            if found is None or found.power is not None:
                return None
            return PrintedNumber(-found.value, found.unit, found.coarse, found.exact, found.mantissa)
        case Apply("*", (Number(value, _, places, 1), Apply("^", (Number(ten), exponent)))) if ten == 10:
            k = _whole(exponent)
            if k is not None:
                unit = Fraction(10) ** (k - places)
                return PrintedNumber(value * Fraction(10) ** k, unit, unit, False, places)
        case Apply("^", (Number(_, "10"), exponent)):
            k = _whole(exponent)
            if k is not None:
                return PrintedNumber(Fraction(10) ** k, Fraction(10) ** k, Fraction(10) ** k, k >= 0, 0, k)
    return None


def _whole(node: Node) -> int | None:
    match node:
        case Number(value) if value.denominator == 1 and abs(value) < 100_000:
            return int(value)
        case Apply("neg", (Number(value),)) if value.denominator == 1 and abs(value) < 100_000:
            return -int(value)
    return None


def judged(value: arb | fmpq, p: PrintedNumber, relation: str) -> tuple[Word, str]:
    """Return the verdict on a printed number for a value, with the reason."""
    error = abs(arb(value) - exact_ball(p.value))
    if isinstance(value, fmpq) and error == 0:
        return Word.CONFIRMED, "exact"
    if not error.is_finite():
        return Word.UNCHECKED, "the value is too large or not defined"
    off = error / abs(arb(value)) if value != 0 else error
    near = bool(off < exact_ball(CLOSE))
    if p.exact and relation == "=" and p.power is None and bool(error > 0):
        if error <= exact_ball(p.coarse / 2) and p.coarse > 1 and off <= exact_ball(COARSE):
            return Word.NOTE, "rounded"
        return (Word.NOTE, "rounded") if near and error < 1 else (Word.REFUTED, "")
    if p.power is not None and (relation == "≈" or p.power < 0):
        ratio = arb(value) / exact_ball(p.value)
        if relation == "≈" and exact_ball(Fraction(1, 10)) < ratio**2 < 10:
            return Word.CONFIRMED, "the nearest power of 10"
        if exact_ball(Fraction(1, 10)) < ratio < 10:
            return Word.NOTE, "the order of magnitude"
        return Word.REFUTED, ""
    if error <= exact_ball(p.unit / 2):
        return Word.CONFIRMED, "rounded"
    if error <= exact_ball(p.coarse / 2) and off <= exact_ball(COARSE):
        return Word.CONFIRMED, "rounded"
    if error <= exact_ball(p.unit) and abs(arb(value)) >= abs(exact_ball(p.value)):
        return Word.NOTE, "truncated"
    if error <= exact_ball(p.unit) and off < exact_ball(LAST_DIGIT):
        return Word.NOTE, "off in the last digit"
    if p.digits >= FLOAT_DIGITS and off < exact_ball(FLOAT_ERROR):
        return Word.NOTE, "as floating point computes it"
    sure = p.digits >= SURE and bool(error > exact_ball(FEW * p.coarse))
    if near and not sure:
        return Word.NOTE, f"off by {_percent(off)} %"
    return Word.REFUTED, ""


def _percent(off: arb) -> str:
    return f"{float(100 * off):.1g}"


def as_printed(value: arb | fmpq, p: PrintedNumber) -> str:
    """Return the value with as many digits as the author printed, in the same form; a short exact decimal is whole.

    >>> printed = PrintedNumber(Fraction(31, 10), Fraction(1, 10), Fraction(1, 10), False)
    >>> as_printed(fmpq(25, 8), printed), as_printed(fmpq(22, 7), printed)
    ('3.125', '3.1')
    """
    if value != 0 and (size := _exponent(value)) is not None and abs(size) > LARGEST:
        return _huge(arb(value), size)
    middle = fraction(value if isinstance(value, fmpq) else arb(value).mid())
    if middle == 0:
        return "0"
    if p.power is not None or p.mantissa is not None:
        digits, exponent = scientific(middle, digits=max(p.mantissa or 0, 1) + 1)
        return f"{digits} × 10^{exponent}"
    if (exact := _terminating(value, p)) is not None:
        return exact
    digits, exponent = scientific(middle, digits=6)
    if not -4 <= exponent <= 15:
        digits, exponent = scientific(middle, digits=3)
        return f"{digits} × 10^{exponent}"
    places = max(p.places, 0 if middle.denominator == 1 else 2 - exponent if p.exact else 0)
    return _decimal(middle, max(places, -exponent))


def _terminating(value: arb | fmpq, p: PrintedNumber) -> str | None:
    """Return an exact decimal of few digits as it is; None for any other value."""
    if not isinstance(value, fmpq):
        return None
    exact = fraction(value)
    places = next((n for n in range(LONGEST_DECIMAL + 1) if (exact * 10**n).denominator == 1), None)
    if places is None or abs(exact) >= 10**9 or len(str(abs(exact * 10**places).numerator)) > LONGEST_DECIMAL:
        return None
    return _decimal(exact, max(places, p.places))


def _exponent(value: arb | fmpq) -> int | None:
    """Return the power of 10 in a number, from its logarithm; None where a ball does not tell."""
    log10 = abs(arb(value)).log() / arb(10).log()
    return int(log10.mid().floor().unique_fmpz()) if log10.is_finite() else None


def _huge(value: arb, exponent: int) -> str:
    mantissa = (abs(value).log() - exponent * arb(10).log()).exp()
    return f"{'-' if value < 0 else ''}{mantissa.str(3, radius=False)} × 10^{exponent}"


def _decimal(x: Fraction, places: int) -> str:
    digits = str(round(abs(x) * 10**places)).rjust(places + 1, "0")
    sign = "-" if x < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits
