"""Magnitudes: real numbers of any size, exact or enclosed, of which no digit is shown that is not sure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log2
from typing import TYPE_CHECKING, Any

from flint import arb, ctx

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.scientific import ball_mantissa, digits_of, exact_mantissa
from symgrad.errors import NotDefined, ValuesError

if TYPE_CHECKING:
    import pandas

Enclosure = Callable[[int], arb]
"""Precision in bits -> a ball that holds the number; narrower for a higher precision, where it can be."""

MOST_DIGITS = 1_000_000
HOPELESS = 2.0**-8
"""Relative radius of an enclosure from which no digit is awaited at a higher precision."""
KEPT = 1024
"""Bits of a number that is pickled and has no exact value."""
PLAIN = range(-4, 16)
"""Powers of ten at which a number is written without one: 0.00012, 1234.5."""


@dataclass(frozen=True, eq=False)
class Magnitude:
    """A real number x by its enclosures, with its exact value where it has one that can be formed.

    >>> x = magnitude(Fraction(1, 3))
    >>> x.sign, x.to(5), x.latex(5), x.exact
    (1, '0.33333', '0.33333', Fraction(1, 3))
    """

    enclose: Enclosure
    exact: Fraction | None = None
    fixed: bool = False
    """Whether a higher precision does not narrow the enclosure."""

    @property
    def sign(self) -> int | None:
        """-1, 0 or 1; None where the enclosure holds 0 and is no point."""
        if self.exact is not None:
            return (self.exact > 0) - (self.exact < 0)
        for bits in (64, 512, 4096):
            ball = self.ball(bits)
            if ball > 0 or ball < 0 or ball.is_exact():
                return (ball > 0) - (ball < 0)
        return None

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same exact number; enclosures alone do not say that two numbers are equal."""
        if not isinstance(other, Magnitude):
            return NotImplemented
        return self is other or (self.exact is not None and self.exact == other.exact)

    def __hash__(self) -> int:
        return id(self) if self.exact is None else hash(self.exact)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle an exact number as it is, any other as a ball of some 300 digits, which a higher precision keeps."""
        if self.exact is not None:
            return _exactly, (self.exact,)
        held = self.ball(KEPT)
        ends = (*held.mid().man_exp(), *held.rad().man_exp())
        return _in_ball, (*map(int, ends), self.fixed or not held.is_exact())

    def ball(self, bits: int = 64) -> arb:
        """Return an enclosure that was computed with a precision of so many bits."""
        with ctx.workprec(bits):
            return self.enclose(bits)

    def rounded(self, digits: int) -> tuple[int, int, int] | None:
        """Return (mantissa, power of ten of its first digit, its number of digits) of |x|, correctly rounded, x ≠ 0.

        A tie, which only an exact value can be, goes to the even digit. Where the enclosure leaves fewer digits
        sure, there are fewer; None where there is none.
        """
        check_digits(digits)
        if self.exact is not None:
            return (*exact_mantissa(abs(self.exact), digits), digits)
        bits = ceil(digits * log2(10)) + 32
        for doublings in range(6):
            with ctx.workprec(bits << doublings):
                ball = abs(self.enclose(bits << doublings))
                found = ball_mantissa(ball, digits)
            if found is not None:
                return (*found, digits)
            if self.fixed or ball.rad() > HOPELESS * abs(ball.mid()):
                break
        return _fewer(ball, digits, bits << doublings)

    def to(self, digits: int = 10) -> str:
        """Return x correctly rounded to so many significant digits, or to as many as are sure.

        >>> magnitude(Fraction(3, 2) ** 149).to(4), magnitude(arb(2).sqrt().str(5)).to(30)
        ('1.728e26', '1.4142')
        """
        return self.written(digits, _plain)

    def enclosed(self, digits: int = 10) -> str:
        """Return the digits as ``to`` does; where fewer are sure than were asked for, the two ends.

        >>> magnitude("1.41 +/- 0.01").enclosed(5)
        'between 1.39999 and 1.42001'
        """
        if self.sign == 0:
            return "0"
        found = self.rounded(digits)
        if found is not None and found[2] == digits:
            return self.to(digits)
        return "between {} and {}".format(*self.ends(max(digits if self.fixed is False else 6, 5)))

    def latex(self, digits: int = 10) -> str:
        r"""Return x as LaTeX.

        >>> magnitude(Fraction(3, 2) ** 149).latex(4)
        '1.728 \\times 10^{26}'
        """
        return self.written(digits, lambda mantissa, power: rf"{mantissa} \times 10^{{{power}}}")

    def written(self, digits: int, scientific: Callable[[str, int], str]) -> str:
        """Return x as ``to`` does, where a mantissa and an exponent are written as ``scientific`` says."""
        if self.sign == 0:
            return "0"
        found = self.rounded(digits)
        if found is None:
            low, high = self.ends()
            return f"[{low}, {high}]"
        return _decimal("-" if self.sign == -1 else "", *found, scientific)

    def ends(self, digits: int = 6) -> tuple[str, str]:
        """Return two decimals between which x lies."""
        bits = 64 + ceil(digits * log2(10))
        with ctx.workprec(bits):
            ball = self.enclose(bits)
            low, high = magnitude_of_ball(ball.lower()), magnitude_of_ball(ball.upper())
        return _outward(low, digits, -1), _outward(high, digits, 1)

    def log10(self) -> Magnitude:
        """Return the decimal logarithm of |x|.

        >>> magnitude(Fraction(1, 1000)).log10().to(5)
        '-3.0000'
        """
        if self.sign == 0:
            raise NotDefined("0 has no logarithm", todo="ask for the logarithm of another number")

        def enclose(bits: int) -> arb:
            return abs(self.enclose(bits)).log() / arb(10).log()

        return Magnitude(enclose, fixed=self.fixed)

    def __float__(self) -> float:
        return float(self.exact) if self.exact is not None else float(self.ball())

    def __str__(self) -> str:
        return self.to()

    def __repr__(self) -> str:
        return f"Magnitude({self.to()})"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def to_frame(numbers: Mapping[str, Magnitude], digits: int = 10) -> pandas.DataFrame:
    """Return magnitudes by name as a table: their digits, as text, the sign, and log10 as a float, which any size has.

    The index has the names; a number that is 0, or may be, has no logarithm. Needs pandas.

    >>> table = to_frame({f"L = {L}": magnitude(Fraction(1, 2) ** L) for L in (150, 10_000)}, 4)
    >>> table["value"].to_list(), f"{table['log10'].iloc[1]:.3f}"
    (['7.006e-46', '5.012e-3011'], '-3010.300')
    """
    from symgrad.numbers.frame import frame

    rows = (
        {"value": x.to(digits), "sign": x.sign, "log10": float(x.log10()) if x.sign else None} for x in numbers.values()
    )
    found = frame(rows)
    found.index = list(numbers)
    return found


def magnitude(x: Any) -> Magnitude:
    """Return a number, exact or a ball, as a Magnitude; text is a decimal, a fraction, or a ball.

    A float stands for its binary value. "1.41 +/- 0.01" is a ball.
    """
    if isinstance(x, Magnitude):
        return x
    if isinstance(x, arb) or (isinstance(x, str) and ("+/-" in x)):
        return magnitude_of_ball(arb(x))
    if isinstance(x, Fraction):
        q = x
    else:
        from symgrad.arithmetic.literal import exact

        q = exact(x)
    return Magnitude(lambda bits: ball(q), q)


def _exactly(q: Fraction) -> Magnitude:
    return magnitude(q)


def _in_ball(mid: int, mid_exponent: int, radius: int, radius_exponent: int, fixed: bool) -> Magnitude:
    with ctx.workprec(2 * KEPT):
        held = arb((mid, mid_exponent), (radius, radius_exponent))
    return Magnitude(lambda bits: held, fixed=fixed)


def magnitude_of_ball(x: arb) -> Magnitude:
    """Return the number that a ball encloses."""
    if not x.is_finite():
        raise ValuesError(f"the ball {x} is not finite", todo="compute it with more digits")
    if not x.is_exact():
        return Magnitude(lambda bits: x, fixed=True)
    mantissa, exponent = x.man_exp()
    if abs(exponent) > 100_000:
        return Magnitude(lambda bits: x)
    two_to = Fraction(2) ** int(exponent)
    return Magnitude(lambda bits: x, int(mantissa) * two_to)


def check_digits(digits: int, most: int = MOST_DIGITS) -> int:
    """Return a number of digits, or raise ValuesError where it is out of range."""
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= most:
        raise ValuesError(f"{digits} digits were asked for", todo=f"ask for 1 to {most:,} digits")
    return digits


def _fewer(ball: arb, digits: int, bits: int) -> tuple[int, int, int] | None:
    """Find the most digits that are sure, by halving."""
    sure, unsure, best = 0, digits, None
    with ctx.workprec(bits):
        while unsure - sure > 1:
            middle = (sure + unsure) // 2
            found = ball_mantissa(ball, middle)
            if found is None:
                unsure = middle
            else:
                sure, best = middle, (*found, middle)
    return best


def _decimal(minus: str, mantissa: int, power: int, length: int, scientific: Callable[[str, int], str]) -> str:
    text = digits_of(mantissa)
    if power not in PLAIN or power >= length:
        return scientific(minus + text[0] + ("." + text[1:] if length > 1 else ""), power)
    if power < 0:
        return minus + "0." + "0" * (-power - 1) + text
    return minus + text[: power + 1] + ("." + text[power + 1 :] if length > power + 1 else "")


def _plain(mantissa: str, power: int) -> str:
    return f"{mantissa}e{power}"


def _outward(x: Magnitude, digits: int, direction: int) -> str:
    """Return a decimal of few digits that is not above x (direction -1) or not below it (1); x is a point."""
    if x.sign == 0:
        return "0"
    found = x.rounded(digits)
    assert found is not None  # x is a point
    mantissa, power, length = found
    away = (x.sign or 1) * direction  # whether the size grows
    if x.exact is None or away * (mantissa - abs(x.exact) / Fraction(10) ** (power - length + 1)) < 0:
        mantissa += away
    if mantissa == 10**length:
        mantissa, power = mantissa // 10, power + 1
    elif mantissa < 10 ** (length - 1):
        mantissa, power = mantissa * 10 + 9, power - 1
    return _decimal("-" if x.sign == -1 else "", mantissa, power, length, _plain)
