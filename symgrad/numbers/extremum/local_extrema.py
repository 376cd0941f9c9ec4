"""All local extrema of a function of one variable, each enclosed, and what stays undecided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.deadline import Deadline
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.candidate import Candidate
from symgrad.numbers.extremum.domain import RealDomain
from symgrad.numbers.extremum.end import End, limit
from symgrad.numbers.extremum.extremum import find_domain
from symgrad.numbers.extremum.objective import INTERVALS, Objective
from symgrad.numbers.extremum.piece import Piece
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
    domain: str | tuple[object, object] | RealDomain | None = None,
    timeout: float | None = 30,
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
    for i, (p, q) in enumerate(zip(pieces, (*pieces[1:], None), strict=True)):
        if p.kind in ("peak", "valley"):
            what = "maximum" if p.kind == "peak" else "minimum"
            yield LocalExtremum(what, Candidate(f, "stationary", p.box, forever))
        elif p.kind == "open":
            yield LocalExtremum("undecided", Candidate(f, "open", p.box, forever, attained=None, range=p.range))
        elif p.kind == "jump" and 0 < i < len(pieces) - 1:
            at_jump = _at_jump(f, pieces[i - 1], p, pieces[i + 1])
            if at_jump is not None:
                yield LocalExtremum(at_jump, Candidate(f, "jump", p.box, forever, at=p.corner))
        if q is not None and p.right is not None and q.left is not None and p.right * q.left < 0:
            yield LocalExtremum("maximum" if p.right > 0 else "minimum", kink(f, forever, p))


def _at_jump(f: Objective, before: Piece, jump: Piece, after: Piece) -> str | None:
    """Return what the value at a jump is among those beside it: the greatest, the least, neither, or "undecided"."""
    signs = [_beside(f, jump, slope, side) for slope, side in ((before.right, 1), (after.left, -1))]
    if None in signs:
        return "undecided"
    if 0 in signs or signs[0] != signs[1]:
        return None
    return "maximum" if signs[0] == 1 else "minimum"


def _beside(f: Objective, jump: Piece, slope: int | None, side: int) -> int | None:
    """Return 1 where the value at the jump is greater than all close by on one side, -1 less, 0 the same, None."""
    if slope is None or jump.corner is None:
        return None
    exact, near, _ = limit(f, End(jump.corner, side, attained=False), Deadline(None))
    with INTERVALS.working():
        there = near if exact is None else INTERVALS.number(exact)
        if jump.range.lo > there.hi or jump.range.hi < there.lo:
            return 1 if jump.range.lo > there.hi else -1
    if exact is None or Candidate(f, "jump", jump.box, Deadline(None), at=jump.corner).exact_value != exact:
        return None
    return slope * side  # f runs into its value: from below where it rises toward it
