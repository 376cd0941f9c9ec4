"""Laws that a text gives by a formula: the constant that makes a density one, and the law at values of its letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from flint import arb, fmpq

from symgrad.audit.bycases.function import ByCases
from symgrad.audit.chance.candidates import Candidate
from symgrad.audit.chance.laws.formula import by_density, by_distribution, mass
from symgrad.audit.chance.laws.law import Law
from symgrad.audit.chance.laws.listed import listed
from symgrad.audit.chance.laws.named import POSITIVE, REAL, WIDER, Convention
from symgrad.audit.chance.said.density import read
from symgrad.audit.chance.said.stated import DENSITY, DISTRIBUTION, Stated
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Symbol, symbols
from symgrad.reading.value import UndefinedError, Value

BY_FORMULA = (DENSITY, DISTRIBUTION)


@dataclass(frozen=True)
class ByFormula(Candidate):
    """A law by its density, or by its distribution function."""

    function: ByCases = field(default=ByCases("f", "x", 0, ()))
    is_density: bool = True

    @property
    def others(self) -> tuple[str, ...]:
        """The letters beside the variable."""
        inside = {x for c in self.function.cases for x in symbols(c.value)}
        sides = (s.node for c in self.function.cases for w in c.where for chain in w for s in chain.sides)
        inside |= {x for node in sides if node is not None for x in symbols(node)}
        return tuple(sorted(inside - {self.function.letter, "∞"}))

    def law(self, letters: Mapping[str, Value]) -> Law:
        """Return the law, where letters have values; raises UndefinedError where it is none then."""
        given = {x: letters[x] for x in self.others if x in letters}
        build = by_density if self.is_density else by_distribution
        return build(self.function.parts(given), self.function.letter, given)

    def named(self) -> Mapping[str, Value]:
        """Return the constant that makes the density integrate to 1, where it is the only letter."""
        if len(self.others) != 1 or not self.is_density:
            return {}
        value = _constant(self.function, self.others[0])
        return {} if value is None else {self.others[0]: value}

    def kinds(self) -> Iterator[tuple[str, str]]:
        """Yield each letter beside the variable; it is positive, but between two letters a < x < b as they are."""
        ends: dict[str, str] = {}
        for chain in (chain for c in self.function.cases for w in c.where for chain in w):
            match chain.sides[0].node, chain.sides[-1].node:
                case Symbol(low), Symbol(high) if len(chain.sides) == 3 and set(chain.relations) <= {"<", "≤"}:
                    ends |= {low: REAL, high: WIDER}
        yield from ((x, ends.get(x, POSITIVE)) for x in self.others)


@lru_cache(maxsize=128)
def _constant(f: ByCases, letter: str) -> Value | None:
    """Return the value of a letter for which a density integrates to 1; None where it is no factor or term of it."""
    found = []
    for n in (1, 2, 3):
        try:
            found.append(mass(f.parts({letter: fmpq(n)}), f.letter, {letter: fmpq(n)}))
        except (NotUnderstoodError, UndefinedError):
            return None
    step = found[1] - found[0]
    if not arb(found[2] - found[1] - step).contains(0) or arb(step).contains(0):
        return None
    return (1 - found[0]) / step + 1


def by_formula(said: Stated) -> tuple[Candidate, ...]:
    """Return the law that a formula states; nothing where it is not read."""
    function = read(said)
    if function is None:
        return ()
    return (ByFormula(Convention(listed, ()), (), (), function, said.name == DENSITY),)
