"""What is known while backward equations are written."""

from __future__ import annotations

from symgrad.algebra.expression import Quantity
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.meeting import Back
from symgrad.calculus.readers import Readers
from symgrad.network.equation import Equation
from symgrad.network.network import Network


class Writing:
    """The network, the number and the form of a pass, and what is found on the way."""

    def __init__(self, network: Network, of: Quantity, depth: int | None, form: str) -> None:
        self.network, self.of, self.depth, self.form = network, of, depth, form
        self.readers = Readers(network, of, depth)
        self.by_name: dict[str, list[Back]] = {}
        self.assumptions: list[Assumption] = []
        self.passed: dict[str, Equation] = {}
        """The activations whose cotangents go on at once, with their equations."""
