"""Where a condition holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symgrad.claims import require
from symgrad.claims.kind import Claim
from symgrad.claims.relation import Relation, claim
from symgrad.network.formula import Formula, read_formula

INEQUALITIES = ("≤", "<", "≥", ">")


@dataclass(frozen=True)
class Solutions(Claim):
    """A condition, an inequality, holds where low ≤ variable ≤ high and nowhere else, for all values of the others.

    low, high: formulas in the other variables, whose domain is that of the condition; None is infinite.
    """

    kind: ClassVar[str] = "solutions"

    condition: Relation
    variable: str
    low: Formula | None
    high: Formula | None

    def __post_init__(self) -> None:
        require.known("relation of a condition", self.condition.relation, INEQUALITIES)
        for end in (self.low, self.high):
            require.free_of("an end", end.variables if end else (), self.variable)

    @property
    def strict(self) -> bool:
        """Whether the condition is < or >."""
        return self.condition.relation in ("<", ">")

    def __str__(self) -> str:
        low, high = self.low or "-oo", self.high or "oo"
        return f"{self.condition} exactly for {self.variable} in [{low}, {high}]"


def solutions(
    condition: str, variable: str, low: str, high: str, *where: str, functions: Mapping[str, str] | None = None
) -> Solutions:
    """Return the claim that a condition holds for low ≤ variable ≤ high and nowhere else; an end may be oo.

    >>> print(solutions("w*exp(z) >= 1", "z", "-log(w)", "oo", "w > 0"))
    w*exp(z) ≥ 1, w > 0 exactly for z in [-log(w), oo]
    """
    ends = (None if end in ("oo", "-oo") else read_formula(end, functions) for end in (low, high))
    return Solutions(claim(condition, *where, functions=functions), variable, *ends)
