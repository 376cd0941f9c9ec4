"""The mean of a polynomial in random variables whose moments are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from symgrad.claims import require
from symgrad.claims.kind import Claim
from symgrad.errors import ModelError
from symgrad.network.formula import Formula, read_formula


@dataclass(frozen=True)
class Moments(Claim):
    """E[formula] = value, for a polynomial in random variables of which some moments are given.

    given: (monomial, its mean), as (w, 0), (w^2, v). The variables in the monomials are random, and independent of
    each other but for those of one group in ``together``.
    """

    kind: ClassVar[str] = "moments"

    formula: Formula
    given: tuple[tuple[Formula, Formula], ...]
    value: Formula
    together: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        for f in (self.value, *(mean for _, mean in self.given)):
            for variable in f.variables:
                require.free_of("a mean", self.random, variable)
        grouped = [name for group in self.together for name in group]
        for name in grouped:
            require.known("random variable", name, self.random)
        if len(set(grouped)) != len(grouped):
            raise ModelError("a random variable stands in two groups", todo="put it into one of them")

    @property
    def random(self) -> tuple[str, ...]:
        """The random variables."""
        return tuple(dict.fromkeys(v for monomial, _ in self.given for v in monomial.variables))

    def __str__(self) -> str:
        return f"E[{self.formula}] = {self.value}" + "".join(f", E[{m}] = {mean}" for m, mean in self.given)


def moments(formula: str, given: Mapping[str, str], value: str, together: Sequence[Sequence[str]] = ()) -> Moments:
    """Return the claim of the mean of a polynomial in random variables, whose own moments are given.

    They are independent, but for those of one group in ``together``.

    >>> print(moments("(w*x)^2", {"w": "0", "w^2": "v", "x^2": "q"}, "v*q"))
    E[(w*x)^2] = v*q, E[w] = 0, E[w^2] = v, E[x^2] = q
    """
    means = tuple((read_formula(monomial), read_formula(mean)) for monomial, mean in given.items())
    return Moments(read_formula(formula), means, read_formula(value), tuple(map(tuple, together)))
