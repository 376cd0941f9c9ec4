"""Where a supremum can be: a stationary point, a kink, an end, a plateau, a limit, or an undecided piece."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, log10

from flint import arb, ctx

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.dyadic import fraction
from symgrad.arithmetic.interval import Interval, Intervals, OutsideDomain
from symgrad.deadline import Deadline
from symgrad.errors import SymgradError
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.dual import Dual
from symgrad.numbers.extremum.newton import sharpen
from symgrad.numbers.extremum.objective import Objective
from symgrad.numbers.extremum.simplest import simplest
from symgrad.numbers.extremum.symmetry import has_value, is_stationary
from symgrad.numbers.magnitude.magnitude import Magnitude

EXACTLY = 120
"""Bits to which a place is known before the simplest fraction in it is tried as the exact place."""
SIMPLE = 10**9
"""Bound of the numerator and the denominator of such a fraction."""


@dataclass(eq=False)
class Candidate:
    """A place where f may have its supremum, with enclosures of the place and of the value there.

    kind: "stationary", "kink", "jump", "end", "plateau", "limit" or "open"; attained: whether f has this value at a
    point of the domain, None where that is not known. The exact place, where it is known, is ``at``, or ``turns`` π.
    """

    f: Objective
    kind: str
    box: Interval
    deadline: Deadline
    attained: bool | None = True
    at: Fraction | None = None
    turns: Fraction | None = None
    range: Interval | None = None
    limit: Fraction | None = None
    toward: str = ""
    method: str = ""
    open_low: bool = False
    open_high: bool = False
    """Whether the ends of a plateau do not belong to it."""
    _place: Interval | None = field(default=None, repr=False)

    def place(self, bits: int) -> Interval:
        """Enclose the place to so many bits, as far as its kind allows."""
        if self.at is not None:
            return _point(self.at, bits)
        if self.turns is not None:
            A = _slopes(bits).below
            with A.working():
                found: Interval = A.number(self.turns) * A.pi
                return found
        if self.kind != "stationary":
            return self.box
        if self._place is None or bits > EXACTLY:
            self._place = sharpen(self.f, self._place or self.box, max(bits, EXACTLY), self.deadline)
            self._try_exact_place(self._place)
        return self._place

    def _try_exact_place(self, X: Interval) -> None:
        A = _slopes(EXACTLY)
        q = simplest(X)
        if _is_simple(q):
            with A.working():
                slope = self.f.slope(_point(q, EXACTLY), A).slope
            known = slope is None or (slope.lo == 0 and slope.hi == 0)
            if known or (slope.lo <= 0 <= slope.hi and is_stationary(self.f, q)):
                self.at = q
            return
        with A.working():
            turns = simplest(X / A.below.pi)
        if _is_simple(turns) and is_stationary(self.f, turns, pi=True):
            self.turns = turns

    @property
    def exact_place(self) -> str | None:
        """The exact place as text: 1/2, 5π/6; None where it is not known."""
        if self.turns is not None:
            above, below = self.turns.numerator, self.turns.denominator
            times = {1: "", -1: "-"}.get(above, str(above))
            return f"{times}π" + ("" if below == 1 else f"/{below}")
        return None if self.at is None else str(self.at)

    @property
    def exact_formula(self) -> Formula | None:
        """The exact place as a formula; None where it is not known."""
        q = self.at if self.turns is None else self.turns
        return None if q is None else read_formula(f"{q}" if self.turns is None else f"({q})*pi")

    def value(self, bits: int) -> Interval:
        """Enclose the value of f at the place, or the limit."""
        if self.limit is not None:
            return _point(self.limit, bits)
        if self.range is not None:
            return self._sharper_range(self.range, bits)
        if self.exact_value is not None:
            return _point(self.exact_value, bits)
        at = self._representative()
        X = self.place(bits) if at is None else _point(at, bits)
        A = _slopes(bits + 16)
        with A.working():
            return self._by_mean_value(X, A)

    def _sharper_range(self, known: Interval, bits: int) -> Interval:
        """Return the range over an undecided piece again, with less rounding."""
        if self.kind != "open" or not (self.box.lo.is_finite() and self.box.hi.is_finite()):
            return known
        A = _slopes(bits + 16).below
        with A.working():
            try:
                found = self.f.range(self.box, A)
                inside = self.f.range(_point(simplest(self.box), bits + 16), A)
            except OutsideDomain:
                return known
        return Interval(max(known.lo, inside.lo), min(known.hi, found.hi))

    def _by_mean_value(self, X: Interval, A: Dual) -> Interval:
        direct = self.f.range(X, A.below)
        if X.lo is X.hi:
            return direct
        m = ((X.lo + X.hi) / 2).mid()
        try:
            slope = self.f.slope(X, A).slope
            if slope is None or not (X.lo <= m <= X.hi):
                return direct
            around: Interval = self.f.range(Interval(m, m), A.below) + slope * (X - Interval(m, m))
        except OutsideDomain:
            return direct
        return Interval(max(direct.lo, around.lo), min(direct.hi, around.hi))

    @cached_property
    def exact_value(self) -> Fraction | None:
        """The exact value, where the place is exact and f is closed in the rational numbers there."""
        if self.limit is not None:
            return self.limit
        if self.kind == "stationary":
            self.place(EXACTLY)
        at = self._representative()
        if at is None:
            return None if self.turns is None else self._simple_value(self.turns, pi=True)
        A = arithmetic("exact")
        try:
            found = self.f.at(A, A.number(at))
        except (SymgradError, ZeroDivisionError):
            return self._simple_value(at)
        return Fraction(int(found.p), int(found.q))

    def _simple_value(self, q: Fraction, pi: bool = False) -> Fraction | None:
        """Return the value at q, or q π, where it is a simple fraction."""
        S = _slopes(EXACTLY)
        with S.working():
            near = self.f.range(self.place(EXACTLY) if pi else _point(q, EXACTLY), S.below)
        if not (near.lo.is_finite() and near.hi.is_finite()):
            return None
        if near.lo == near.hi:
            return fraction(near.lo)
        value = simplest(near)
        return value if _is_simple(value) and has_value(self.f, q, value, pi) else None

    def _representative(self) -> Fraction | None:
        """Return an exact place at which f has the value."""
        if self.kind != "plateau":
            return self.at
        lo, hi = self.box.lo, self.box.hi
        if not lo.is_finite() and not hi.is_finite():
            return Fraction(0)
        lo, hi = lo if lo.is_finite() else (hi - 1).lower(), hi if hi.is_finite() else (lo + 1).upper()
        if self.open_low or self.open_high:
            third = (hi - lo) / 3
            lo, hi = (lo + third).mid(), (hi - third).mid()
        return simplest(Interval(lo, hi))

    def place_magnitude(self) -> Magnitude:
        """The place as a Magnitude."""
        return _magnitude(self.place, self.at, fixed=self.kind != "stationary")

    def value_magnitude(self) -> Magnitude:
        """The value of the formula, with its own sign, as a Magnitude."""
        sign, exact = self.f.sign, self.exact_value
        signed = None if exact is None else sign * exact
        return _magnitude(lambda bits: _signed(self.value(bits), sign), signed, fixed=self.range is not None)


def _is_simple(q: Fraction) -> bool:
    return q.denominator < SIMPLE and abs(q.numerator) < SIMPLE


def _signed(x: Interval, sign: int) -> Interval:
    return x if sign > 0 else -x


def _magnitude(enclose: object, exact: Fraction | None, fixed: bool) -> Magnitude:
    def ball(bits: int) -> arb:
        found: Interval = enclose(bits)  # type: ignore[operator]
        with ctx.workprec(bits + 32):
            return found.ball()

    return Magnitude(ball, exact, fixed and exact is None)


def _slopes(bits: int) -> Dual:
    return Dual(Intervals(max(ceil((bits - 8) * log10(2)), 1)))


def _point(q: Fraction, bits: int) -> Interval:
    A = _slopes(bits).below
    with A.working():
        found: Interval = A.number(q)
        return found
