"""Horizons: the first depth at which a float format loses a power b^n, the bound of a gradient at depth n.

|b|^n is strictly monotone in n (|b| is neither 0 nor 1), so the first n beyond a threshold T has a closed form:

    b^n ≤ T:  n = ⌈ln T / ln b⌉        b^n < T:  n = ⌊ln T / ln b⌋ + 1        (|b| < 1)
    b^n ≥ T:  n = ⌈ln T / ln b⌉        b^n > T:  n = ⌊ln T / ln b⌋ + 1        (|b| > 1)

The quotient is enclosed, and where an integer lies in the enclosure the power itself is compared, exactly.
The exact power is rounded once; a product that is rounded at each step may stall before or after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from flint import arb, ctx

from symgrad.arithmetic.dyadic import ball
from symgrad.errors import ValuesError
from symgrad.numbers.frame import frame
from symgrad.numbers.magnitude.float_format import FORMATS, FloatFormat, float_format
from symgrad.numbers.magnitude.magnitude import Magnitude
from symgrad.numbers.magnitude.power import Power, read_power
from symgrad.numbers.notebook import table

MOST_BITS = 2**14

if TYPE_CHECKING:
    import pandas

Sequence = Callable[[int], Magnitude]
"""n -> |b|^n."""


class Loss(NamedTuple):
    """The first depths at which a format loses |b|^n; None: at no depth."""

    format: FloatFormat
    subnormal: int | None
    """What is left is subnormal, and not 0: digits are lost."""
    zero: int | None
    overflow: int | None

    def record(self) -> dict[str, Any]:
        """Return the row as plain data."""
        return {
            "format": self.format.name,
            "subnormal": self.subnormal,
            "zero": self.zero,
            "overflow": self.overflow,
            "beyond": self.format.beyond,
        }


@dataclass(frozen=True, eq=False)
class Horizon:
    """The horizons of |base|^n in the float formats.

    >>> horizon("1.5", ["fp16", "fp32"])
    |1.5|^n: fp16 lost at 28, fp32 lost at 219
    """

    name: str
    sequence: Sequence
    losses: tuple[Loss, ...]
    base: Any = None
    """What it was asked of."""

    def __repr__(self) -> str:
        lost = (min((n for n in loss[1:] if n is not None), default=None) for loss in self.losses)
        told = (f"{loss.format.name} lost at {n or 'no depth'}" for loss, n in zip(self.losses, lost, strict=True))
        return f"|{self.name}|^n: {', '.join(told)}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the base and the formats; a base that is no text of a number, as a ball."""
        return horizon, (self.base, tuple(loss.format.name for loss in self.losses))

    def __getitem__(self, format_: str) -> Loss:
        return {loss.format.name: loss for loss in self.losses}[float_format(format_).name]

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each format, with the depths from which it is lost; needs pandas.

        >>> horizon("1.5", ["fp16", "fp32"]).to_frame()[["format", "overflow"]].values.tolist()
        [['fp16', 28], ['fp32', 219]]
        """
        return frame(loss.record() for loss in self.losses)

    def _repr_html_(self) -> str:
        """Show the table in a notebook."""
        head = ("format", "subnormal from", "0 from", "overflow from")
        rows = [(x.format.name, *("" if n is None else str(n) for n in x[1:])) for x in self.losses]
        return table(f"the depth n at which |{self.name}|^n is lost", head, rows)

    @property
    def shrinks(self) -> bool:
        """Whether |base| < 1."""
        return any(loss.zero is not None for loss in self.losses)

    @property
    def deepest(self) -> int:
        """The largest depth of the table, 0 if no format ever loses the power."""
        return max((n for loss in self.losses for n in loss[1:] if n is not None), default=0)

    def curve(self, points: int = 100) -> list[tuple[int, float]]:
        """Return depth and log10 |base|^depth, up to a little beyond the last horizon: for a plot."""
        last = max(self.deepest * 11 // 10, 1)
        depths = sorted({last * k // points for k in range(points + 1)})
        return [(n, float(self.sequence(n).log10())) for n in depths]

    def levels(self) -> list[tuple[str, float, float | None]]:
        """Return for each format its name, and log10 of what is lost in it and of where the loss begins.

        Where the power shrinks: what is rounded to 0, and what is subnormal. Else what overflows, and None.
        """
        if self.shrinks:
            return [(f.name, _log10(f.zero), _log10(f.subnormal)) for f, *_ in self.losses]
        return [(f.name, _log10(f.overflow), None) for f, *_ in self.losses]


def horizon(base: Any, formats: Iterable[str] = tuple(FORMATS)) -> Horizon:
    """Return the horizons of |base|^n for a number, text such as "0.5" or "sqrt(2)", or a Magnitude.

    Raises ValuesError where the power is the same at every depth: |base| is 0 or 1.

    >>> horizon("0.5")["fp32"].zero, horizon("1.5", ["fp16"]).deepest
    (150, 28)
    """
    if isinstance(base, Magnitude) and base.exact is None:
        name, sequence, growth = base.to(10), _powers(base), compare_to_one(base)
    else:
        power = read_power(base.exact if isinstance(base, Magnitude) else base, 1)
        name = base.strip() if isinstance(base, str) else str(power.radicand)
        growth = compare_to_one(power.magnitude)

        def sequence(n: int) -> Magnitude:
            return Power(abs(power.radicand), n, power.degree).magnitude

        if power.radicand == 0:
            raise ValuesError("a power of 0 is 0 from depth 1 on", todo="give a base that is not 0")
    if growth == 0:
        raise ValuesError(f"|{name}|^n is 1 at every depth: no format loses it", todo="give another base")
    chosen = [float_format(f) for f in formats]
    return Horizon(name, sequence, tuple(_loss(sequence, f, growth) for f in chosen), base)


def compare_to_one(x: Magnitude) -> int:
    """Return the sign of |x| - 1; ValuesError where the enclosure cannot be told from 1."""
    if x.exact is not None:
        return (abs(x.exact) > 1) - (abs(x.exact) < 1)
    for bits in (64, 512, 4096):
        ball = abs(x.ball(bits))
        if ball > 1 or ball < 1:
            return 1 if ball > 1 else -1
    raise ValuesError(f"{x} cannot be told from 1", todo="give an exact base")


def _powers(base: Magnitude) -> Sequence:
    def sequence(n: int) -> Magnitude:
        def enclose(bits: int) -> arb:
            with ctx.workprec(bits + n.bit_length() + 16):
                return abs(base.enclose(bits + n.bit_length() + 16)) ** n

        return Magnitude(enclose, fixed=base.fixed)

    return sequence


def _loss(sequence: Sequence, f: FloatFormat, growth: int) -> Loss:
    if growth > 0:
        return Loss(f, None, None, _first(sequence, f.overflow, f.is_beyond))
    subnormal, zero = _first(sequence, f.subnormal, f.is_below_normal), _first(sequence, f.zero, f.is_zero)
    return Loss(f, subnormal if subnormal < zero else None, zero, None)


def _first(sequence: Sequence, threshold: Fraction, lost: Callable[[Magnitude], bool]) -> int:
    """Return the first n at which the power is lost, from the enclosure of ln T / ln b."""
    base = sequence(1)
    bits, most = 64, max(MOST_BITS, 4 * _size(base))
    while True:
        with ctx.workprec(bits):
            quotient = ball(threshold).log() / base.ball(bits).log()
            ends = [end.floor().unique_fmpz() for end in (quotient.lower(), quotient.upper())]
        if None not in ends:  # else the base is not told from 1 by so many bits
            low, high = map(int, ends)
            if high - low <= 1:
                break
        if bits > most:
            raise ValuesError("the base is not enclosed well enough", todo="give it exactly, or with more digits")
        bits *= 2
    n = max(low, 0)
    while not lost(sequence(n)):
        n += 1
    return n


def _size(x: Magnitude) -> int:
    """Return the bits of an exact number, which tell it from 1."""
    return 0 if x.exact is None else max(x.exact.numerator.bit_length(), x.exact.denominator.bit_length())


def _log10(q: Fraction) -> float:
    with ctx.workprec(64):
        return float(ball(q).log() / arb(10).log())
