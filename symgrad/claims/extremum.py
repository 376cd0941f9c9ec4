"""The greatest or least value of a formula, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symgrad.claims import require
from symgrad.claims.decimal import decimal
from symgrad.claims.kind import Claim
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.domain import Interval, read_domain

EXTREMA = ("maximum", "minimum")


@dataclass(frozen=True)
class Extremum(Claim):
    """The maximum or minimum of a formula over an interval is ``value``, at the one place ``at``.

    Both are decimals, rounded to the digits shown.
    """

    kind: ClassVar[str] = "extremum"

    sense: str
    formula: Formula
    domain: Interval
    value: str
    at: str

    def __post_init__(self) -> None:
        require.known("extremum", self.sense, EXTREMA)
        require.domain((self.domain,))
        decimal(self.value), decimal(self.at)

    def __str__(self) -> str:
        return f"{self.sense} of {self.formula} over {self.domain} is {self.value}, only at {self.at}"


def extremum(
    sense: str, formula: str, where: str, value: str, at: str, functions: Mapping[str, str] | None = None
) -> Extremum:
    """Return the claim that a formula has its maximum (or minimum) over an interval at one place, in decimals.

    >>> print(extremum("maximum", "sqrt(w) - w", "w >= 0", "0.25", "0.25"))
    maximum of sqrt(w) - w over w ≥ 0 is 0.25, only at 0.25
    """
    [interval] = read_domain(where)
    return Extremum(sense, read_formula(formula, functions), interval, value, at)
