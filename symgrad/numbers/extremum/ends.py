"""The piece beyond all boxes, at an end of the domain: infinity, or an open end where f is undefined."""

from __future__ import annotations

from symgrad.arithmetic.interval import INFINITY, Interval, OutsideDomain
from symgrad.numbers.extremum.branch_and_bound import Search
from symgrad.numbers.extremum.end import STARTS, End, grows, slope_sign
from symgrad.numbers.extremum.piece import Beyond
from symgrad.numbers.tail.monomial import TryFurther
from symgrad.numbers.tail.tail import Tail


def beyond(search: Search, end: End, least: int) -> tuple[int, Beyond]:
    """Return k and the piece from 2^k on, for the least k >= ``least`` at which it is decided.

    An open piece, with the best range that was found, is given back where no tail decides.
    """
    best: tuple[int, Beyond] | None = None
    for k in [k for k in STARTS if k >= least] or [least, 2 * least]:
        if search.deadline.left == 0:
            search.complete = False
            break
        try:
            value, slope = search.f.tail(k, end.at, end.side)
            piece = _piece(search, end, k, value, slope)
        except (TryFurther, OutsideDomain):
            continue
        if piece.kind != "open" or piece.unbounded:
            return k, piece
        if best is None or piece.range.hi < best[1].range.hi:
            best = k, piece
    if best is not None:
        return best
    k = max(least, 4)
    return k, Beyond("open", end.box(k), Interval(-INFINITY, INFINITY), end=end)


def _piece(search: Search, end: End, k: int, value: Tail, slope: Tail | None) -> Beyond:
    values, box = value.range, end.box(k)
    if values.hi < search.floor and not search.with_all:
        return Beyond("low", box, values, end=end)
    sign = slope_sign(search.f, end, k, slope)
    rises = sign == end.side and not values.hi.is_finite()
    unbounded = value.grows or (rises and grows(search.f, end, search.deadline))
    if sign is None:
        return Beyond("open", box, values, end=end, unbounded=unbounded)
    return Beyond("monotone" if sign else "flat", box, values, sign, sign, end=end, unbounded=unbounded)
