"""The greatest or least value of a formula, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symgrad.claims import require
from symgrad.claims.decimal import read_decimal
from symgrad.claims.kind import Claim
from symgrad.errors import ValuesError
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.domain import RealDomain, read_domain

EXTREMA = ("maximum", "minimum")


@dataclass(frozen=True)
class Extremum(Claim):
    """The maximum or minimum of a formula over an interval is ``value``, at the one place ``at``.

    A decimal, as 0.4477, is rounded to the digits shown; anything else, as 1/4, 0 or sqrt(2), is exact.
    """

    kind: ClassVar[str] = "extremum"

    sense: str
    formula: Formula
    domain: RealDomain
    value: str
    at: str

    def __post_init__(self) -> None:
        require.known("extremum", self.sense, EXTREMA)
        require.domain((self.domain,))
        for text in (self.value, self.at):
            exact_number(text)

    def __str__(self) -> str:
        return f"{self.sense} of {self.formula} over {self.domain} is {self.value}, only at {self.at}"


def exact_number(text: str) -> Formula | None:
    """Return the number that a text states exactly, as a formula; None for a decimal, which is rounded.

    >>> print(exact_number("1/4"), exact_number("0.25"))
    1/4 None
    """
    if set(text.lower()) & {".", "e"} and read_decimal(text) is not None:
        return None
    found = read_formula(text, file="number")
    if found.variables:
        raise ValuesError(
            f"{text!r} is no number: it mentions {found.variables[0]}", todo="write 0.4477, 1/4 or sqrt(2)"
        )
    return found


def extremum(
    sense: str, formula: str, where: str, value: str, at: str, functions: Mapping[str, str] | None = None
) -> Extremum:
    """Return the claim that a formula has its maximum (or minimum) over an interval at one place.

    value, at: decimals, rounded to the digits shown, or exact numbers: "1/4", "0", "sqrt(2)".

    >>> print(extremum("maximum", "sqrt(w) - w", "w >= 0", "0.25", "0.25"))
    maximum of sqrt(w) - w over w ≥ 0 is 0.25, only at 0.25
    >>> print(extremum("maximum", "sqrt(w) - w", "w >= 0", "1/4", "1/4"))
    maximum of sqrt(w) - w over w ≥ 0 is 1/4, only at 1/4
    """
    [interval] = read_domain(where)
    return Extremum(sense, read_formula(formula, functions), interval, value, at)
