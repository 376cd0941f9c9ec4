"""The best approximation: the parameters that make the largest error least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from symgrad.claims import require
from symgrad.claims.decimal import decimal
from symgrad.claims.kind import Claim
from symgrad.errors import ModelError
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.domain import RealDomain, read_domain


@dataclass(frozen=True)
class Minimax(Claim):
    """No parameters make the largest |error| over an interval less than ``value``, and ``parameters`` reach it.

    parameters: (name, decimal), rounded to the digits shown, as ``value``. points: where the error has
    alternating signs and its largest size, from left to right.
    """

    kind: ClassVar[str] = "minimax"

    error: Formula
    domain: RealDomain
    parameters: tuple[tuple[str, str], ...]
    points: tuple[str, ...]
    value: str

    def __post_init__(self) -> None:
        require.domain((self.domain,))
        for text in (self.value, *self.points, *(q for _, q in self.parameters)):
            decimal(text)
        names = {self.domain.variable, *(name for name, _ in self.parameters)}
        for variable in self.error.variables:
            require.known("variable of the error", variable, names)
        if len(names) != 1 + len(self.parameters):
            raise ModelError("a name stands for two parameters", todo="give each parameter a name of its own")

    def __str__(self) -> str:
        names = ", ".join(name for name, _ in self.parameters)
        return f"the least max |{self.error}| over {self.domain}, for all {names}, is {self.value}"


def minimax(
    error: str,
    where: str,
    parameters: Mapping[str, str],
    points: Sequence[str],
    value: str,
    functions: Mapping[str, str] | None = None,
) -> Minimax:
    """Return the claim that ``value`` is the least max |error| over an interval, for all values of the parameters.

    parameters: the best ones. points: where the error has this size, with alternating signs.

    >>> print(minimax("c - x", "0 <= x <= 1", {"c": "0.5"}, ("0", "1"), "0.5"))
    the least max |c - x| over 0 ≤ x ≤ 1, for all c, is 0.5
    """
    [interval] = read_domain(where)
    return Minimax(read_formula(error, functions), interval, tuple(parameters.items()), tuple(points), value)
