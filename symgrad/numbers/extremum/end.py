"""f toward an end that no box reaches, infinity or one side of a number: its slope's sign, its limit, its growth."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.interval import INFINITY, Interval, OutsideDomain
from symgrad.deadline import Deadline, attempt
from symgrad.numbers.extremum.objective import INTERVALS, Objective
from symgrad.numbers.tail.monomial import TryFurther
from symgrad.numbers.tail.tail import Tail

STARTS = (2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 26, 32, 45, 64)
"""k of the tails z >= 2^k that are tried."""
FAR = (64, 256, 1024)
SECONDS = 10


@dataclass(frozen=True)
class End:
    """One end of a domain: ``at`` None is infinity; ``side`` is 1 for the right end, -1 for the left one."""

    at: Fraction | None
    side: int
    attained: bool = True

    def place(self, k: int) -> arb:
        """Return where the tail of 2^k begins, rounded toward the inside."""
        if self.at is None:
            return self.side * arb(2) ** k
        place = ball(self.at) - self.side * arb(2) ** -k
        return place.lower() if self.side > 0 else place.upper()

    def box(self, k: int) -> Interval:
        """Return the part of the domain that the tail covers."""
        if self.at is None:
            far = INFINITY
            return Interval(self.place(k), far) if self.side > 0 else Interval(-far, self.place(k))
        q = INTERVALS.number(self.at)
        return Interval(self.place(k), q.hi) if self.side > 0 else Interval(q.lo, self.place(k))

    def __str__(self) -> str:
        if self.at is None:
            return "oo" if self.side > 0 else "-oo"
        return str(self.at)


def slope_sign(f: Objective, end: End, k: int, slope: Tail | None) -> int | None:
    """Return the sign of the slope on a tail, 0 where f is constant, None where it is not decided."""
    if slope is None or (not slope.terms and not slope.rest):
        return 0
    return _sign(slope) or (_weak_sign(f, end, k, slope) if f.analytic else 0) or None


def _sign(slope: Tail) -> int:
    try:
        B = slope.coefficient
    except TryFurther:
        return 0
    return 1 if B.lo > 0 else -1 if B.hi < 0 else 0


def _weak_sign(f: Objective, end: End, k: int, slope: Tail) -> int:
    """An analytic f whose slope is >= 0 on the tail, and that is not constant, rises."""
    try:
        B = slope.coefficient
        first, later = (f.range(Interval(x, x)) for x in (end.place(k), end.place(k + 1)))
    except (TryFurther, OutsideDomain):
        return 0
    if first.lo > later.hi or first.hi < later.lo:
        return 1 if B.lo >= 0 else -1 if B.hi <= 0 else 0
    return 0


def grows(f: Objective, end: End, deadline: Deadline) -> bool:
    """Tell whether f is seen to grow beyond all bounds toward an end: some tail has a rate that grows, times c > 0."""
    for k in (*STARTS, *FAR):
        if deadline.left == 0:
            return False
        try:
            value, _ = f.tail(k, end.at, end.side)
            if value.grows:
                return True
        except (TryFurther, OutsideDomain):
            continue
    return False


def limit(f: Objective, end: End, deadline: Deadline) -> tuple[Fraction | Any | None, Interval, str]:
    """Return the limit of f toward an end: exact where it is known, an enclosure, and the method.

    The enclosure is the range of f on a far tail; an exact limit that lies outside of it is dropped.
    """
    enclosure = Interval(-INFINITY, INFINITY)
    for k in (*STARTS, *FAR):
        if deadline.left == 0:
            return None, enclosure, "tail"
        try:
            value, _ = f.tail(k, end.at, end.side)
            enclosure = _meet(enclosure, value.range)
        except (TryFurther, OutsideDomain):
            continue
        if value.limit is not None:
            return value.limit, enclosure, "tail"
    found = _by_sympy(f, end)
    if found is not None and found.is_Rational and enclosure.width.is_finite():
        q = Fraction(int(found.p), int(found.q))
        ball = INTERVALS.number(q)
        if ball.lo <= enclosure.hi and ball.hi >= enclosure.lo:
            return q, enclosure, "SymPy limit"
    return None, enclosure, "tail"


def _meet(x: Interval, y: Interval) -> Interval:
    return Interval(max(x.lo, y.lo), min(x.hi, y.hi))


def _by_sympy(f: Objective, end: End) -> Any:
    import sympy

    from symgrad.arithmetic import arithmetic

    x = sympy.Dummy(f.variable, real=True)
    infinity = sympy.oo if end.side > 0 else -sympy.oo
    at = infinity if end.at is None else sympy.Rational(end.at.numerator, end.at.denominator)
    side = "-" if end.side > 0 else "+"
    return attempt(lambda: sympy.limit(f.at(arithmetic("symbolic"), x), x, at, side), None, SECONDS, (Exception,))
