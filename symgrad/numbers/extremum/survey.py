"""The survey of a domain: its pieces from end to end, and the candidates for the supremum between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise

from flint import arb

from symgrad.arithmetic.dyadic import fraction
from symgrad.arithmetic.interval import INFINITY, Interval, OutsideDomain
from symgrad.deadline import Deadline
from symgrad.numbers.extremum.branch_and_bound import Search, undefined
from symgrad.numbers.extremum.candidate import Candidate
from symgrad.numbers.extremum.domain import RealDomain
from symgrad.numbers.extremum.end import End, limit
from symgrad.numbers.extremum.ends import beyond
from symgrad.numbers.extremum.objective import INTERVALS, Objective
from symgrad.numbers.extremum.piece import Beyond, Piece
from symgrad.numbers.extremum.symmetry import has_value, is_defined

SAMPLES = 24


@dataclass(frozen=True, eq=False)
class Survey:
    """The pieces of f over a domain, left to right, the candidates, and where f is unbounded, if it is."""

    f: Objective
    domain: RealDomain
    pieces: tuple[Piece, ...]
    candidates: tuple[Candidate, ...]
    floor: arb
    boxes: int
    complete: bool
    unbounded: str | None = None


def survey(f: Objective, domain: RealDomain, deadline: Deadline, with_all: bool = False) -> Survey:
    """Return the pieces of f over a domain, and where its supremum can be."""
    search = Search(f, deadline, with_all)
    with INTERVALS.working():
        left, right = _ends(f, domain)
        search.sample(_samples(domain))
        k_left, piece_left = _tail(search, left, domain)
        k_right, piece_right = _tail(search, right, domain)
        core = Interval(_inner(left, k_left), _inner(right, k_right))
        search.sample(core.lo + (core.hi - core.lo) * k / SAMPLES for k in range(1, SAMPLES))
        middle = [] if core.lo > core.hi else search.pieces(core)
        pieces = _joined([p for p in (piece_left, *middle, piece_right) if p is not None])
        if search.constant and all(p.range.lo.is_finite() and p.range.hi.is_finite() for p in pieces):
            pieces = tuple(replace(p, kind="flat", left=0, right=0) for p in pieces)
        for p in pieces:
            if isinstance(p, Beyond) and p.unbounded:
                return Survey(f, domain, pieces, (), search.floor, search.boxes, search.complete, str(p.end))
        candidates = _absorbed(tuple(_candidates(f, deadline, pieces, left, right)))
    return Survey(f, domain, pieces, candidates, search.floor, search.boxes, search.complete)


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Return the pieces; a jump at which two boxes met is one."""
    return tuple(p for i, p in enumerate(pieces) if not (i and p.kind == "jump" and _same_jump(p, pieces[i - 1])))


def _same_jump(p: Piece, q: Piece) -> bool:
    return q.kind == "jump" and p.corner == q.corner


def _ends(f: Objective, domain: RealDomain) -> tuple[End, End]:
    return (End(domain.low, -1, not domain.open_low), End(domain.high, 1, not domain.open_high))


def _tail(search: Search, end: End, domain: RealDomain) -> tuple[int, Beyond] | tuple[None, None]:
    """Return the piece beyond the boxes at an end, or None where boxes reach the end itself."""
    if end.at is not None:
        q = INTERVALS.number(end.at)
        if end.attained and q.lo == q.hi and search.f.continuous:
            return None, None
        try:
            if search.f.range(q).width.is_finite() and search.f.continuous:
                return None, None
        except OutsideDomain as error:
            if end.attained and not is_defined(search.f, end.at):
                raise undefined(search.f, q, error) from None
        return beyond(search, end, _least(domain))
    other = domain.low if end.side > 0 else domain.high
    return beyond(search, end, 2 if other is None else max(2, abs(int(other)).bit_length() + 1))


def _least(domain: RealDomain) -> int:
    """Return k such that 2^-k is less than a quarter of the domain."""
    if domain.low is None or domain.high is None:
        return 2
    width = domain.high - domain.low
    return max(2, (4 / width).__ceil__().bit_length() + 1)


def _inner(end: End, k: int | None) -> arb:
    """Return where the boxes end: at the tail, or at the end itself, rounded outward."""
    if k is not None:
        return end.place(k)
    assert end.at is not None
    q = INTERVALS.number(end.at)
    return q.hi if end.side > 0 else q.lo


def _samples(domain: RealDomain) -> list[arb]:
    places = [Fraction(n, 2) for n in (*range(-8, 9), -100, 100, -31, 31)]
    ends = {Fraction(0), domain.low or Fraction(0), domain.high or Fraction(0)}
    kept = {
        end + p
        for end in ends
        for p in places
        if (domain.low is None or end + p > domain.low) and (domain.high is None or end + p < domain.high)
    }
    return [INTERVALS.number(x).lo for x in sorted(kept) if x.denominator & (x.denominator - 1) == 0]


def _candidates(
    f: Objective, deadline: Deadline, pieces: tuple[Piece, ...], left: End, right: End
) -> Iterator[Candidate]:
    yield from (Candidate(f, "stationary", p.box, deadline) for p in pieces if p.kind == "peak")
    yield from _plateaus(f, deadline, pieces, left, right)
    yield from _undecided(f, deadline, pieces)
    for p, q in pairwise(pieces):
        if p.right == 1 and q.left == -1:
            yield kink(f, deadline, p)
    for p, jump, q in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if jump.kind == "jump":
            yield from _at_jump(f, deadline, p, jump, q)
    first, last = pieces[0], pieces[-1]
    for piece, end, slope in ((first, left, first.left), (last, right, last.right)):
        if isinstance(piece, Beyond) and end.at is not None and end.attained and not f.continuous:
            yield Candidate(f, "end", INTERVALS.number(end.at), deadline, at=end.at, toward=str(end), method="value")
        if slope == end.side and piece.kind != "low":
            yield from _at_end(f, deadline, piece, end)


def kink(f: Objective, deadline: Deadline, before: Piece) -> Candidate:
    """f turns where a piece ends, and its slope jumps there, or is 0 on no side beside it."""
    at = before.corner if before.corner is not None else fraction(before.box.hi)
    return Candidate(f, "kink", INTERVALS.number(at), deadline, at=at)


def _at_jump(f: Objective, deadline: Deadline, before: Piece, jump: Piece, after: Piece) -> Iterator[Candidate]:
    """f may jump at a number: its value there, and its limits from the sides from which it rises toward it."""
    assert jump.corner is not None
    value = Candidate(f, "jump", jump.box, deadline, at=jump.corner)
    yield value
    for slope, side, name in ((before.right, 1, "below"), (after.left, -1, "above")):
        if slope == side:
            end = End(jump.corner, side, attained=False)
            found = _limit(f, deadline, end, jump.box, f"{end} from {name}")
            if found.limit is None or found.limit != value.exact_value:
                yield found


def _absorbed(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return the candidates; a number at the open end of a plateau, where f has the plateau's value, closes it."""
    plateaus = [c for c in candidates if c.kind == "plateau"]
    absorbed = []
    for c in candidates:
        if c.kind in ("jump", "end") and c.at is not None and c.exact_value is not None:
            Q = INTERVALS.number(c.at)
            below = [p for p in plateaus if p.open_high and p.box.hi == Q.hi and p.exact_value == c.exact_value]
            above = [p for p in plateaus if p.open_low and p.box.lo == Q.lo and p.exact_value == c.exact_value]
            for p in below:
                p.open_high = False
            for p in above:
                p.open_low = False
            absorbed += [c] if below or above else []
    return tuple(c for c in candidates if c not in absorbed)


def _at_end(f: Objective, deadline: Deadline, piece: Piece, end: End) -> Iterator[Candidate]:
    """f rises toward this end: its supremum there is the value at the end, or the limit."""
    if isinstance(piece, Beyond):
        infinite = Interval(INFINITY, INFINITY) if end.side > 0 else Interval(-INFINITY, -INFINITY)
        box = infinite if end.at is None else INTERVALS.number(end.at)
        found = _limit(f, deadline, end, box, str(end), piece.range)
        closed = end.at is not None and end.attained
        if closed and end.at is not None and found.limit is not None and has_value(f, end.at, found.limit):
            if f.continuous:
                yield replace(found, kind="end", at=end.at, attained=True, range=None)
            return
        yield replace(found, attained=None) if closed and f.continuous else found
        return
    assert end.at is not None
    box = INTERVALS.number(end.at)
    kind = "end" if end.attained else "limit"
    yield Candidate(f, kind, box, deadline, attained=end.attained, at=end.at, toward=str(end), method="value")


def _limit(
    f: Objective, deadline: Deadline, end: End, box: Interval, toward: str, known: Interval | None = None
) -> Candidate:
    """Return the limit of f toward an end, which f does not take there."""
    exact, X, method = limit(f, end, deadline)
    values = X if known is None else Interval(max(X.lo, known.lo), min(X.hi, known.hi))
    found = Candidate(f, "limit", box, deadline, attained=False, range=values, limit=exact)
    return replace(found, toward=toward, method=method)


def _plateaus(
    f: Objective, deadline: Deadline, pieces: tuple[Piece, ...], left: End, right: End
) -> Iterator[Candidate]:
    """Yield each run of constant pieces that no neighbour rises above."""
    for flat, run in groupby(range(len(pieces)), key=lambda i: pieces[i].kind == "flat"):
        if flat:
            indices = list(run)
            i, j = indices[0], indices[-1]
            before = pieces[i - 1].right if i else None
            after = pieces[j + 1].left if j + 1 < len(pieces) else None
            if before != -1 and after != 1:
                box = Interval(pieces[i].box.lo, pieces[j].box.hi)
                ends = (_is_open(f, pieces[i], left, i == 0), _is_open(f, pieces[j], right, j + 1 == len(pieces)))
                low, high = (e or _beside_jump(pieces, n) for e, n in zip(ends, (i - 1, j + 1), strict=True))
                yield Candidate(f, "plateau", box, deadline, open_low=low, open_high=high)


def _is_open(f: Objective, piece: Piece, end: End, last: bool) -> bool:
    """Tell whether an end of a plateau that is the end of the domain is known to belong to it."""
    return last and end.at is not None and (not end.attained or (isinstance(piece, Beyond) and not f.continuous))


def _beside_jump(pieces: tuple[Piece, ...], i: int) -> bool:
    return 0 <= i < len(pieces) and pieces[i].kind == "jump"


def _undecided(f: Objective, deadline: Deadline, pieces: tuple[Piece, ...]) -> Iterator[Candidate]:
    for is_open, run in groupby(pieces, key=lambda p: p.kind == "open"):
        if is_open:
            parts = list(run)
            box = Interval(parts[0].box.lo, parts[-1].box.hi)
            values = parts[0].range
            for p in parts[1:]:
                values = values.hull(p.range)
            reached = f.continuous and not any(isinstance(p, Beyond) for p in parts)
            yield Candidate(f, "open", box, deadline, attained=True if reached else None, range=values)
