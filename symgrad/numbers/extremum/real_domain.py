"""An interval over which a variable runs, its ends rational or infinite."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

REACH = 8
"""How far from its finite end, or from 0, points are drawn where an interval has no end."""


@dataclass(frozen=True)
class RealDomain:
    """low .. high with rational ends; None is infinite, and an end is open or belongs to the interval."""

    variable: str
    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = True
    open_high: bool = True

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite."""
        return self.low is not None and self.high is not None

    @property
    def middle(self) -> Fraction:
        """A point inside: halfway between the ends, or 1 from the one end, or 0."""
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        if self.low is not None:
            return self.low + 1
        return Fraction(0) if self.high is None else self.high - 1

    def holds(self, q: Fraction) -> bool:
        """Tell whether a number belongs to the interval."""
        above = self.low is None or q > self.low or (q == self.low and not self.open_low)
        return above and (self.high is None or q < self.high or (q == self.high and not self.open_high))

    def draw(self, random: Random, reach: int = REACH) -> Fraction:
        """Draw a point of the interval: a fraction of it with an odd denominator, another each time.

        reach: how far points go where it has no end.
        """
        low, high = self.low, self.high
        if low is None:
            low = -Fraction(reach) if high is None else high - reach
        if high is None:
            high = low + 2 * reach if self.low is None else low + reach
        n = 2 * random.randint(2**10, 2**11) + 1
        return low + (high - low) * Fraction(random.randint(1, n - 1), n)

    def __str__(self) -> str:
        x = self.variable
        below = "" if self.low is None else f"{self.low} {'<' if self.open_low else '≤'} "
        above = "" if self.high is None else f" {'<' if self.open_high else '≤'} {self.high}"
        if below and not above:
            return f"{x} {'>' if self.open_low else '≥'} {self.low}"
        return f"{below}{x}{above}" if above else f"{x} real"
