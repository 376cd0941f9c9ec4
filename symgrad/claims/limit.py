"""What a formula tends to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symgrad.claims import require
from symgrad.claims.kind import Claim
from symgrad.errors import ModelError
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.domain import Domain, read_domain

INFINITE = ("oo", "-oo")


@dataclass(frozen=True)
class Limit(Claim):
    """formula → value as variable → point; the point and the value may be infinite: "oo", "-oo"."""

    kind: ClassVar[str] = "limit"

    formula: Formula
    variable: str
    point: str
    value: Formula
    domain: Domain = ()

    def __post_init__(self) -> None:
        require.domain(self.domain)
        if self.point not in INFINITE and read_formula(self.point).variables:
            raise ModelError(f"the point {self.point} is no number", todo="give a number, oo or -oo")
        require.free_of("the limit", self.value.variables, self.variable)

    def __str__(self) -> str:
        return f"{self.formula} → {self.value} as {self.variable} → {self.point}" + "".join(
            f", {i}" for i in self.domain
        )


def limit(
    formula: str, variable: str, point: str, value: str, *where: str, functions: Mapping[str, str] | None = None
) -> Limit:
    """Return the claim that formula → value as variable → point; "oo" is infinity.

    >>> print(limit("tanh(z)", "z", "oo", "1"))
    tanh(z) → 1 as z → oo
    """
    return Limit(read_formula(formula, functions), variable, point, read_formula(value, functions), read_domain(*where))
