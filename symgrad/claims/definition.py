"""An equation of a network as a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast

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
        if self._found() is None:
            raise UnknownName("equation for", str(self.target), [str(e.target) for e in self.network.equations])

    @property
    def equation(self) -> Equation:
        """The equation that gives the target; of z[2] it is that of z[j] at j = 2."""
        found = self._found()
        assert found is not None  # as of __post_init__
        return found

    def _found(self) -> Equation | None:
        for e in self.network.equations:
            if e.target == self.target:
                return e
        general = self._general()
        return general and general.at(self.network.symbol, cast(int, self.target.index))

    def _general(self) -> Equation | None:
        """Return the equation of every step, where the target is of one step alone."""
        if not isinstance(self.target.index, int) or self.target.index < 1:
            return None
        return next((e for e in self.network.steps if e.target.name == self.target.name), None)

    def __str__(self) -> str:
        e = self.equation
        if e in self.network.equations:
            return f"{e.target} := {e.line.quote(e.value)}"
        general = cast(Equation, self._general())
        return f"{e.target} := {e.line.quote(general.value)}, {self.network.symbol} = {e.target.index}"
