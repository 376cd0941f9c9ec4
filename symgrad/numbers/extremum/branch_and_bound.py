"""Branch and bound over an interval: pieces on which f rises, falls, is constant, or turns exactly once.

Each piece comes with a proof by enclosures: a slope of one sign; a second derivative of one sign, with the
slope's signs at both ends; a range below a value that f takes elsewhere ("low"). Pieces that stay undecided
when they are narrow, or when the time is over, are "open" and say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from flint import arb

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.interval import Interval, OutsideDomain, point
from symgrad.deadline import Deadline, TimeUp
from symgrad.errors import ValuesError
from symgrad.numbers.extremum.beside import sides, simple_number
from symgrad.numbers.extremum.objective import Local, Objective
from symgrad.numbers.extremum.piece import Piece

NARROW = Fraction(1, 2**44)
"""Width, relative to the place, at which a piece is bisected no more."""
SMALL = Fraction(1, 2**10)
"""Width, relative to the place, from which on the two sides of a simple number are looked at."""
PATIENCE = 100
"""How often that is tried."""
MANY = 3000
"""Boxes after which f may be a constant that does not look like one: sin(x)^2 + cos(x)^2."""
MOST_BOXES = 200_000


class Search:
    """The pieces of f over an interval; ``floor`` is a lower bound of the supremum of f.

    with_all: keep pieces that lie below the floor, so that every local extremum is found.
    """

    def __init__(self, f: Objective, deadline: Deadline, with_all: bool = False) -> None:
        self.f, self.deadline, self.with_all = f, deadline, with_all
        self.analytic = f.analytic
        self.floor = arb("-inf")
        self.boxes = 0
        self.complete = True
        self.patience = PATIENCE
        self.constant = False

    def sample(self, points: Iterable[arb]) -> None:
        """Raise the floor to the values at points; where f is not defined nothing is learnt."""
        for x in points:
            try:
                self._raise(self.f.range(Interval(x, x)))
            except OutsideDomain:
                continue

    def pieces(self, core: Interval) -> list[Piece]:
        """Return the pieces of f on an interval, from left to right."""
        stack, done = [core], []
        while stack:
            box = stack.pop()
            try:
                self.deadline.check()
                if self.boxes >= MOST_BOXES:
                    raise TimeUp
            except TimeUp:
                self.complete = False
                done += [self._left_open(b) for b in [box, *reversed(stack)]]
                break
            self.boxes += 1
            if self.boxes == MANY and self._is_constant(core):
                self.constant = True
                return [Piece("flat", core, self.f.range(core), 0, 0)]
            piece = self._decide(box)
            if piece is not None:
                done.append(piece)
            elif small(box) and (sides := self._sides(box)) is not None:
                done += sides
            elif narrow(box):
                done.append(self._left_open(box))
            else:
                cut = _cut(box)
                stack += [Interval(cut, box.hi), Interval(box.lo, cut)]
        return done

    def _is_constant(self, core: Interval) -> bool:
        """Tell whether f is defined on the whole core, and SymPy finds it to be constant there."""
        from symgrad.numbers.extremum.symmetry import is_constant

        try:
            values = self.f.range(core)
        except OutsideDomain:
            return False
        return self.analytic and values.lo.is_finite() and values.hi.is_finite() and is_constant(self.f)

    def _sides(self, box: Interval) -> list[Piece] | None:
        q = simple_number(box) if self.patience else None
        if q is None:
            return None
        self.patience -= 1
        return sides(self.f, box, q)

    def _left_open(self, box: Interval) -> Piece:
        try:
            return Piece("open", box, self.f.range(box))
        except OutsideDomain:
            return Piece("open", box, Interval(-arb("inf"), arb("inf")))

    def _raise(self, values: Interval) -> None:
        if values.lo.is_finite() and values.lo > self.floor:
            self.floor = values.lo

    def _decide(self, box: Interval) -> Piece | None:
        """Return the piece that a box is, or None where it must be bisected."""
        try:
            values = self.f.range(box)
        except OutsideDomain as error:
            if error.nowhere or narrow(box):
                raise undefined(self.f, box, error) from None
            return None
        if values.hi < self.floor and not self.with_all:
            return Piece("low", box, values)
        try:
            local = self.f.slope(box)
        except OutsideDomain:
            return None
        if local.slope is None or (local.slope.lo == 0 and local.slope.hi == 0):
            return Piece("flat", box, values, 0, 0)
        sign = self._sign(local.slope, box)
        if sign:
            return Piece("monotone", box, values, sign, sign)
        if not local.slope.lo.is_finite() or not local.slope.hi.is_finite():
            return None
        values = self._by_mean_value(box, local, values)
        if values.hi < self.floor and not self.with_all:
            return Piece("low", box, values)
        return self._by_curvature(box, values)

    def _sign(self, slope: Interval, box: Interval) -> int:
        """Return the sign of a slope; 0 not decided. An analytic f whose slope is >= 0, not all 0, rises."""
        if slope.lo > 0 or slope.hi < 0:
            return 1 if slope.lo > 0 else -1
        if self.analytic and (slope.lo == 0 or slope.hi == 0):
            middle = point(_cut(box))
            try:
                inside = self.f.slope(middle).slope
            except OutsideDomain:
                return 0
            if inside is not None and (inside.lo > 0 or inside.hi < 0):
                return 1 if inside.lo > 0 else -1
        return 0

    def _by_mean_value(self, box: Interval, local: Local, values: Interval) -> Interval:
        """Sharpen the range: f(x) lies in f(m) + f'(X) (X - m)."""
        m = point(_cut(box))
        try:
            middle = self.f.range(m)
        except OutsideDomain:
            return values
        self._raise(middle)
        around: Interval = middle + local.slope * (box - m)
        return Interval(max(values.lo, around.lo), min(values.hi, around.hi))

    def _by_curvature(self, box: Interval, values: Interval) -> Piece | None:
        try:
            bend = self.f.curvature(box).curvature
            if bend is None or not (bend.lo > 0 or bend.hi < 0):
                return None
            first, last = (self.f.slope(Interval(x, x)).slope for x in (box.lo, box.hi))
        except OutsideDomain:
            return None
        if first is None or last is None:
            return None
        turn = 1 if bend.lo > 0 else -1
        # the slope is strictly monotone: it rises (turn 1) or falls (turn -1) from first to last
        if _at_least_0(first, turn):
            return Piece("monotone", box, values, turn, turn)
        if _at_least_0(last, -turn):
            return Piece("monotone", box, values, -turn, -turn)
        if _below_0(first, turn) and _below_0(last, -turn):
            return Piece("valley" if turn > 0 else "peak", box, values, -turn, turn)
        return None


def _at_least_0(slope: Interval, sign: int) -> bool:
    return bool(slope.lo >= 0 if sign > 0 else slope.hi <= 0)


def _below_0(slope: Interval, sign: int) -> bool:
    return bool(slope.hi < 0 if sign > 0 else slope.lo > 0)


def narrow(box: Interval) -> bool:
    """Tell whether a box is too narrow to be bisected."""
    return _within(box, NARROW, arb(2) ** -20)


def small(box: Interval) -> bool:
    """Tell whether a box is small enough for f to be looked at from a number in it."""
    return _within(box, SMALL, arb(1))


def _within(box: Interval, ratio: Fraction, least: arb) -> bool:
    size = max(abs(box.lo), abs(box.hi), least)
    return bool(box.width <= size * ball(ratio))


def _cut(box: Interval) -> arb:
    """Return where a box is bisected: off the middle, geometrically where its ends differ much in size."""
    lo, hi = box.lo, box.hi
    if lo > 0 and hi > 8 * lo:
        return (lo * hi).sqrt().mid()
    if hi < 0 and lo < 8 * hi:
        return -((lo * hi).sqrt().mid())
    if hi - lo > 64 and (lo == 0 or hi == 0):
        return arb(37) / 8 if lo == 0 else -arb(37) / 8
    if lo < 0 < hi and hi - lo > 64:
        return arb(3) / 8 if hi > -lo else -arb(3) / 8
    return (lo + (hi - lo) * 487 / 1024).mid()


def undefined(f: Objective, box: Interval, error: OutsideDomain) -> ValuesError:
    """Return the error that says where f is not defined."""
    where = f"{f.variable} in {box}"
    return ValuesError(
        f"{f.formula} is not defined on the whole domain: {error.what}",
        where=f"at {where}",
        todo=f"leave the place out of the domain: an open end such as ({f.variable} > a), or two domains",
    )
