"""An equation or an inequality between formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from symgrad.claims import require
from symgrad.claims.kind import Claim
from symgrad.errors import UnknownName
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.domain import Domain, read_domain

RELATIONS = ("=", "≤", "<", "≥", ">", "≈")
ASCII = {"<=": "≤", ">=": "≥", "==": "=", "~": "≈"}


@dataclass(frozen=True)
class Relation(Claim):
    """left relation right, for all values of the variables in a domain; a variable without one is real.

    ``left ≈ 1.728e26`` says that the number on the left, rounded to the digits shown, is the decimal on the right.
    """

    kind: ClassVar[str] = "relation"

    left: Formula
    relation: str
    right: Formula
    domain: Domain = ()

    def __post_init__(self) -> None:
        require.known("relation", self.relation, RELATIONS)
        require.domain(self.domain)

    def difference(self, A: Any, values: Mapping[str, Any]) -> Any:
        """Return in an arithmetic what must be 0 for =, and positive or not negative for an inequality."""
        left, right = (f(A, **{name: values[name] for name in f.variables}) for f in (self.left, self.right))
        return left - right if self.relation in ("=", "≥", ">") else right - left

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}" + "".join(f", {i}" for i in self.domain)


def claim(text: str, *where: str, functions: Mapping[str, str] | None = None) -> Relation:
    """Return the claim that a line states: ``claim("abs(w)*logistic'(z) <= abs(w)/4", "w >= 4")``.

    A relation is one of = ≤ < ≥ > ≈ (or == <= >= ~); ``where`` gives the intervals of the variables, and
    ``functions`` binds names: {"sigma": "logistic"}. Raises ReadError for what is not a formula.

    >>> print(claim("logistic'(z) <= 1/4"))
    logistic'(z) ≤ 1/4
    """
    left, relation, right = sides(text)
    return Relation(read_formula(left, functions), relation, read_formula(right, functions), read_domain(*where))


def sides(text: str) -> tuple[str, str, str]:
    """Split a line at its relation.

    >>> sides("x^2 >= 0")
    ('x^2', '≥', '0')
    """
    for sign in (*ASCII, *RELATIONS):
        left, found, right = text.partition(sign)
        if found:
            return left.strip(), ASCII.get(sign, sign), right.strip()
    raise UnknownName("relation in", text, RELATIONS)
