"""An equation of a network as a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symgrad.algebra.expression import Quantity
from symgrad.claims.kind import Claim
from symgrad.errors import UnknownName
from symgrad.network.equation import Equation
from symgrad.network.network import Network


@dataclass(frozen=True)
class Definition(Claim):
    """target := value, an equation of a network; it needs no evidence."""

    kind: ClassVar[str] = "definition"

    network: Network
    target: Quantity

    def __post_init__(self) -> None:
        targets = [e.target for e in self.network.equations]
        if self.target not in targets:
            raise UnknownName("equation for", str(self.target), map(str, targets))

    @property
    def equation(self) -> Equation:
        """The equation that gives the target."""
        return next(e for e in self.network.equations if e.target == self.target)

    def __str__(self) -> str:
        return f"{self.target} := {self.equation.line.quote(self.equation.value)}"
