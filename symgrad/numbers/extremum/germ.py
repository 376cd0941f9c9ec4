"""f close to a simple number q: the slope's sign on each side, where enclosures over boxes do not decide.

With x = q - 1/z and x = q + 1/z the two sides are tails in z, on which what cancels at q cancels exactly: a
kink at 1/3, and the fourfold zero of cos(x) - 1 + x²/2, are decided.
"""

from __future__ import annotations

from fractions import Fraction

from symgrad.arithmetic.dyadic import fraction
from symgrad.arithmetic.interval import Interval, OutsideDomain
from symgrad.numbers.extremum.branch_and_bound import Piece, Search
from symgrad.numbers.extremum.ends import End, slope_sign
from symgrad.numbers.extremum.objective import INTERVALS
from symgrad.numbers.extremum.simplest import simplest
from symgrad.numbers.tail.monomial import TryFurther

SIMPLE = 64
"""A number of denominator d is simple in a box of a width below 1/(64 d²): by chance there is none so simple."""


def sides(search: Search, box: Interval) -> list[Piece] | None:
    """Return the pieces of a box to the left and to the right of the simplest number in it, or None.

    f must be continuous on the box.
    """
    q = simplest(box)
    if box.width * q.denominator**2 * SIMPLE > 1 or not search.patience or not search.f.continuous:
        return None
    search.patience -= 1
    try:
        values = search.f.range(box)
        Q, found = INTERVALS.number(q), []
        for side, part in ((1, Interval(box.lo, Q.hi)), (-1, Interval(Q.lo, box.hi))):
            reach = q - fraction(box.lo) if side > 0 else fraction(box.hi) - q
            if reach == 0:
                continue
            sign = _sign(search, q, side, reach)
            if sign is None:
                return None
            found.append(Piece("monotone" if sign else "flat", part, values, sign, sign, corner=q))
    except (TryFurther, OutsideDomain):
        return None
    return found


def _sign(search: Search, q: Fraction, side: int, reach: Fraction) -> int | None:
    """Return the sign of the slope from q as far as ``reach`` on one side: x = q - side/z, z ≥ 2^k ≤ 1/reach."""
    inverse = 1 / reach
    k = int(inverse).bit_length() - 1
    _, slope = search.f.tail(k, q, side)
    return slope_sign(search, End(q, side), k, slope)
