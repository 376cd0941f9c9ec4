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
    """target := value, an equation of a network, for every step or for one, z[2]; it needs no evidence."""

    kind: ClassVar[str] = "definition"

    network: Network
    target: Quantity

    def __post_init__(self) -> None:
        self._general()

    @property
    def equation(self) -> Equation:
        """The equation that gives the target; of z[2] it is that of z[j] at j = 2."""
        general, index = self._general(), self.target.index
        if general.target == self.target or not isinstance(index, int):
            return general
        return general.at(self.network.symbol, index)

    def _general(self) -> Equation:
        """Return the equation as the network has it; UnknownName where there is none."""
        name, index = self.target.name, self.target.index
        exact = [e for e in self.network.equations if e.target == self.target]
        of_each_step = [
            e for e in self.network.steps if e.target.name == name and isinstance(index, int) and index >= 1
        ]
        for equation in (*exact, *of_each_step):
            return equation
        raise UnknownName("equation for", str(self.target), [str(e.target) for e in self.network.equations])

    def __str__(self) -> str:
        e = self._general()
        where = "" if e.target == self.target else f", {self.network.symbol} = {self.target.index}"
        return f"{self.target} := {e.line.quote(e.value)}{where}"
