"""The mean of a formula over a normal variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symgrad.claims import require
from symgrad.claims.kind import Claim
from symgrad.claims.relation import RELATIONS, sides
from symgrad.errors import ModelError
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.domain import Domain, read_domain


@dataclass(frozen=True)
class Expectation(Claim):
    """E[formula] relation value, where ``variable`` is normal with mean 0 and variance 1, over a domain of the others.

    ``E[formula] ≈ 0.394`` says that the mean, rounded to the digits shown, is the decimal on the right.
    """

    kind: ClassVar[str] = "expectation"

    formula: Formula
    variable: str
    relation: str
    value: Formula
    domain: Domain = ()

    def __post_init__(self) -> None:
        require.known("relation", self.relation, RELATIONS)
        require.domain(self.domain)
        require.free_of("the mean", self.value.variables, self.variable)
        if any(i.variable == self.variable for i in self.domain):
            raise ModelError(
                f"{self.variable} is normal, and runs through all real numbers",
                todo=f"give no interval of {self.variable}",
            )

    def __str__(self) -> str:
        return f"E[{self.formula}] {self.relation} {self.value}" + "".join(f", {i}" for i in self.domain)


def expectation(text: str, *where: str, variable: str = "z", functions: Mapping[str, str] | None = None) -> Expectation:
    """Return the claim of a mean over a normal variable: ``expectation("relu(sqrt(q)*z)^2 = q/2", "q > 0")``.

    The variable has the mean 0 and the variance 1. The relation is one of = ≤ < ≥ > ≈, as of ``claim``.

    >>> print(expectation("tanh(z)^2 ~ 0.3943"))
    E[tanh(z)^2] ≈ 0.3943
    """
    left, relation, right = sides(text)
    formula, value = read_formula(left, functions), read_formula(right, functions)
    return Expectation(formula, variable, relation, value, read_domain(*where))
