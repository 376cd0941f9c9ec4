"""All local extrema of a function of one variable, each enclosed, and what stays undecided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.deadline import Deadline
from symgrad.numbers.extremum.branch_and_bound import Piece
from symgrad.numbers.extremum.candidate import Candidate
from symgrad.numbers.extremum.domain import Interval as Domain
from symgrad.numbers.extremum.extremum import find_domain
from symgrad.numbers.extremum.objective import Objective
from symgrad.numbers.extremum.survey import kink, survey
from symgrad.numbers.magnitude.magnitude import Magnitude


@dataclass(frozen=True, eq=False)
class LocalExtremum:
    """A local extremum inside the domain; what: "maximum", "minimum", or "undecided" for a piece that is open."""

    what: str
    candidate: Candidate

    @property
    def at(self) -> Magnitude:
        """The place."""
        return self.candidate.place_magnitude()

    @property
    def value(self) -> Magnitude:
        """The value."""
        return self.candidate.value_magnitude()


def local_extrema(
    expression: str | Formula,
    variable: str | None = None,
    domain: str | tuple[object, object] | Domain | None = None,
    timeout: float | None = 60,
) -> tuple[LocalExtremum, ...]:
    """Return every local extremum inside a domain, from left to right; "undecided" pieces stand among them.

    >>> [(e.what, e.at.to(5)) for e in local_extrema("sin(x)", domain="[0, 6]")]
    [('maximum', '1.5708'), ('minimum', '4.7124')]
    """
    formula = expression if isinstance(expression, Formula) else read_formula(expression, file="expression")
    interval = find_domain(formula, variable, domain)
    f = Objective(formula, interval.variable)
    found = survey(f, interval, Deadline(timeout), with_all=True)
    return tuple(_between(f, found.pieces))


def _between(f: Objective, pieces: tuple[Piece, ...]) -> Iterator[LocalExtremum]:
    forever = Deadline(None)
    for p, q in zip(pieces, (*pieces[1:], None), strict=True):
        if p.kind in ("peak", "valley"):
            what = "maximum" if p.kind == "peak" else "minimum"
            yield LocalExtremum(what, Candidate(f, "stationary", p.box, forever))
        elif p.kind == "open":
            yield LocalExtremum("undecided", Candidate(f, "open", p.box, forever, attained=None, range=p.range))
        if q is not None and p.right is not None and q.left is not None and p.right * q.left < 0:
            yield LocalExtremum("maximum" if p.right > 0 else "minimum", kink(f, forever, p))
