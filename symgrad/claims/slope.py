"""The derivative of a formula by one of its variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symgrad.claims import require
from symgrad.claims.kind import Claim
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.domain import Domain, read_domain


@dataclass(frozen=True)
class Slope(Claim):
    """The derivative of a formula by a variable is the formula ``slope``, over a domain."""

    kind: ClassVar[str] = "slope"

    formula: Formula
    variable: str
    slope: Formula
    domain: Domain = ()

    def __post_init__(self) -> None:
        require.domain(self.domain)

    def __str__(self) -> str:
        return f"d/d{self.variable} ({self.formula}) = {self.slope}" + "".join(f", {i}" for i in self.domain)


def slope(formula: str, variable: str, value: str, *where: str, functions: Mapping[str, str] | None = None) -> Slope:
    """Return the claim that the derivative of a formula by a variable is another formula.

    >>> print(slope("z*tanh(z)", "z", "tanh(z) + z*tanh'(z)"))
    d/dz (z*tanh(z)) = tanh(z) + z*tanh'(z)
    """
    return Slope(read_formula(formula, functions), variable, read_formula(value, functions), read_domain(*where))
