"""What all layouts of claims share: formulas, intervals and decimals in one notation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, singledispatch

from symgrad.algebra.expression import Quantity
from symgrad.claims.decimal import read_decimal
from symgrad.claims.kind import Claim
from symgrad.errors import UnknownName
from symgrad.export.lines import GROUP
from symgrad.export.math import Call, Infix, Math, Num, Paren, Part, Scientific, Symbol, Terms
from symgrad.export.notation import Notation
from symgrad.export.typeset import Typesetter
from symgrad.network.formula import Formula, scalars
from symgrad.numbers.extremum.domain import Domain, RealDomain

INFINITY = Symbol("∞", r"\infty")
INFINITE: dict[str, Math] = {"oo": INFINITY, "-oo": Terms((("-", INFINITY),))}
MEAN = Symbol("E", r"\operatorname{E}")


@dataclass(frozen=True)
class ClaimPage:
    """A page in a notation and a layout. ``label``: the number of the claim's equation in the source."""

    notation: Notation
    layout: str = "numerator"
    label: str = ""

    @cached_property
    def writer(self) -> Typesetter:
        """What writes formulas."""
        return Typesetter(scalars(), self.notation)

    def formula(self, formula: Formula) -> Math:
        """Write a formula."""
        return self.writer.expression(formula.expression)

    def variable(self, name: str) -> Math:
        """Write a variable of formulas."""
        return self.writer.quantity(Quantity(name))

    def right(self, relation: str, formula: Formula) -> Math:
        """Write the right side of a relation; that of ≈ is a decimal, as it was written."""
        is_decimal = relation == "≈" and read_decimal(formula.text) is not None
        return decimal(formula.text) if is_decimal else self.formula(formula)

    def given(self, domain: Domain) -> tuple[str | Math, ...]:
        """Write "for w ≥ 4, 0 < y ≤ 1"; a variable that runs through all real numbers goes without saying."""
        said = [self.interval(i) for i in domain if (i.low, i.high) != (None, None)]
        return ("for ", *listed(said)) if said else ()

    def interval(self, i: RealDomain) -> Math:
        """Write 0 < y ≤ 1, or y ∈ ℝ."""
        x = self.variable(i.variable)
        if i.low is None and i.high is None:
            return Infix("∈", x, Symbol("ℝ", r"\mathbb{R}"))
        if i.low is None:
            return Infix("<" if i.open_high else "≤", x, Num(i.high or Fraction(0)))
        if i.high is None:
            return Infix(">" if i.open_low else "≥", x, Num(i.low))
        below = Infix("<" if i.open_low else "≤", Num(i.low), x)
        return Infix("<" if i.open_high else "≤", below, Num(i.high))


@singledispatch
def laid_out(claim: Claim, page: ClaimPage) -> Iterator[Part]:
    """Yield the equation of a claim, where it holds, and what its letters stand for: one function for each kind."""
    raise UnknownName("layout of a claim", claim.kind, (t.__name__ for t in laid_out.registry if t is not object))


def listed(items: Iterable[Math]) -> tuple[str | Math, ...]:
    """Put commas between items."""
    return tuple(x for i, m in enumerate(items) for x in ((", ", m) if i else (m,)))


def enclosed(m: Math) -> Math:
    """Put a parenthesis around what is not a call."""
    return m if isinstance(m, Call) else Paren(m)


def decimal(text: str) -> Math:
    """Write a decimal as it was written, 0.50 and not 1/2; one with many digits may be broken over lines."""
    mantissa, e, exponent = text.strip().lower().partition("e")
    if e:
        return Scientific(mantissa, int(exponent))
    return Symbol(mantissa, mantissa) if len(mantissa) <= GROUP else Num(Fraction(mantissa))
