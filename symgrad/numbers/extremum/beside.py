"""f close to a simple number q: the slope's sign on each side, where enclosures over boxes do not decide.

With x = q - 1/z and x = q + 1/z the two sides are tails in z, on which what cancels at q cancels exactly: a
kink at 1/3, and the fourfold zero of cos(x) - 1 + x²/2, are decided, and at a jump the two sides are kept apart.
"""

from __future__ import annotations

from fractions import Fraction

from symgrad.arithmetic.dyadic import fraction
from symgrad.arithmetic.interval import Interval, OutsideDomain
from symgrad.numbers.extremum.end import End, slope_sign
from symgrad.numbers.extremum.objective import INTERVALS, Objective
from symgrad.numbers.extremum.piece import Piece
from symgrad.numbers.extremum.simplest import simplest
from symgrad.numbers.tail.monomial import TryFurther

SIMPLE = 64
"""A number of denominator d is simple in a box of a width below 1/(64 d²): by chance there is none so simple."""


def simple_number(box: Interval) -> Fraction | None:
    """Return the simplest number of a box, None where it is there by chance."""
    q = simplest(box)
    return None if box.width * q.denominator**2 * SIMPLE > 1 else q


def sides(f: Objective, box: Interval, q: Fraction) -> list[Piece] | None:
    """Return the pieces of a box to the left and to the right of a number q in it, or None.

    Between them q itself is a piece, a jump, where f may not be continuous.
    """
    try:
        values = f.range(box)
        Q = INTERVALS.number(q)
        at, found = [] if f.continuous else [Piece("jump", Q, f.range(Q), corner=q)], []
        for side, part in ((1, Interval(box.lo, Q.hi)), (-1, Interval(Q.lo, box.hi))):
            reach = q - fraction(box.lo) if side > 0 else fraction(box.hi) - q
            if reach > 0:
                sign = _sign(f, q, side, reach)
                if sign is None:
                    return None
                found.append(Piece("monotone" if sign else "flat", part, values, sign, sign, corner=q))
            found += at if side > 0 else []
    except (TryFurther, OutsideDomain):
        return None
    return found


def _sign(f: Objective, q: Fraction, side: int, reach: Fraction) -> int | None:
    """Return the sign of the slope from q as far as ``reach`` on one side: x = q - side/z, z ≥ 2^k ≤ 1/reach."""
    inverse = 1 / reach
    k = int(inverse).bit_length() - 1
    _, slope = f.tail(k, q, side)
    return slope_sign(f, End(q, side), k, slope)
