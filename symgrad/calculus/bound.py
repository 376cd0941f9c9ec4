"""Derivatives by quantities under sums: Σ_t ∂ℓ_t/∂s_t ds_t keeps ∂ℓ_t/∂s_t by s_t, and that t runs from 1 to T.

A row has a key for each quantity that something depends on. A key ``Bound(s[t], t = 1..T)`` stands for s at all values
of t: its map is the term of one of them. ``collapse`` is the derivative by one of them, s_m, where t is m.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import quantities, replaced
from symgrad.algebra.index import (
    Affine,
    Bindings,
    Index,
    Position,
    combined,
    difference,
    minus,
    parts,
    symbols,
)
from symgrad.algebra.index_sum import Bound, IndexSum
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move, moved
from symgrad.calculus.limits import cleaned, conditions_at, from_its_letter, limited_by, put_in, solved
from symgrad.network.network import Network


def spans_of(q: Quantity) -> tuple[Span, ...]:
    """Return the sums that a key stands under."""
    return q.spans if isinstance(q, Bound) else ()


def one(q: Quantity) -> Quantity:
    """Return the quantity of a key."""
    return q.one if isinstance(q, Bound) else q


def bound(q: Quantity, spans: tuple[Span, ...]) -> Quantity:
    """Return a quantity as the key under sums."""
    return Bound(q.name, q.index, q.further, q.ahead, spans) if spans else one(q)


def under(span: Span, q: Quantity, m: LinearMap) -> tuple[Quantity, LinearMap]:
    """Return a term m dq under one more sum: its letter stays in the key where q depends on it, else m is summed."""
    spans = spans_of(q)
    if span.symbol in symbols(q.indices).union(*(symbols((s.lower, s.upper, *s.within)) for s in spans)):
        return bound(one(q), (span, *spans)), m
    for n, s in enumerate(spans):
        if span.symbol in symbols(s.without):  # Σ_i Σ_{k≠i} m dq_k is Σ_k (Σ_{i≠k} m) dq_k
            left_out = [p for p in s.without if span.symbol in symbols((p,))]
            kept = s._replace(without=tuple(p for p in s.without if p not in left_out))
            backwards = [Index(s.symbol, -p.offset) for p in left_out if isinstance(p, Index)]
            span = span._replace(without=(*span.without, *backwards))
            spans = (*spans[:n], kept, *spans[n + 1 :])
    return bound(one(q), spans), M.summed(span, m)


def meets(target: Quantity, q: Quantity) -> bool:
    """Tell whether an equation of ``target`` gives what a key stands for."""
    if target.name != q.name or target.index != q.index or len(target.further) != len(q.further):
        return False
    return all(isinstance(p, Index) or p == r for p, r in zip(target.further, q.further, strict=True))


def below(target: Quantity, q: Quantity, m: LinearMap, r: Quantity, inner: LinearMap) -> tuple[Quantity, LinearMap]:
    """Carry m dq on to what the equation of q, written for ``target``, reads of r: the key of r and its map."""
    bindings: dict[str, Position] = {
        p.symbol: k for p, k in zip(target.further, q.further, strict=True) if isinstance(p, Index)
    }
    outer = spans_of(q)
    for s in outer:
        bindings[f"'{s.symbol}"] = Index(s.symbol)  # no letter has this name: it keeps others away from this one
    r, inner = moved_key(r, inner, bindings)
    term = M.compose(m, inner)
    for span in reversed(outer):
        r, term = under(span, r, term)
    return r, term


def moved_key(q: Quantity, m: LinearMap, bindings: Bindings) -> tuple[Quantity, LinearMap]:
    """Replace index symbols in a key and its map; the letters that it binds itself give way."""
    spans = []
    for span in spans_of(q):
        span, bindings = span.at(bindings, lambda: symbols(q.indices) | map_tree.free_symbols(m))
        spans.append(span)
    return bound(move(one(q), bindings), tuple(spans)), map_tree.at_index(m, bindings)


def apart(q: Quantity, m: LinearMap, letters: Collection[str]) -> tuple[Quantity, LinearMap]:
    """Return a key and its map with other letters for those of its sums that are among ``letters``."""
    return moved_key(q, m, {f"'{letter}": Index(letter) for letter in letters}) if spans_of(q) else (q, m)


def put(paths: dict[Quantity, list[LinearMap]], q: Quantity, m: LinearMap) -> None:
    """Add a term to a row; sums over the same quantity are one sum, whatever their letters are."""
    if isinstance(q, Bound) and q not in paths:
        for known in paths:
            if isinstance(known, Bound) and (renames := _renames(known, q)) is not None:
                own = {s.symbol for s in q.spans}
                if not set(renames.values()) & (map_tree.free_symbols(m) - own):
                    paths[known].append(map_tree.at_index(m, {s: Index(t) for s, t in renames.items() if s != t}))
                    return
    paths.setdefault(q, []).append(m)


def _renames(known: Bound, q: Bound) -> dict[str, str] | None:
    """Return what letters to put for those that q binds, so that it is ``known``; None where it is not."""
    if (known.name, len(known.spans), len(known.indices)) != (q.name, len(q.spans), len(q.indices)):
        return None
    renames = {s.symbol: t.symbol for s, t in zip(q.spans, known.spans, strict=True)}
    indices = {s: Index(t) for s, t in renames.items()}
    spans = tuple(_renamed(s, renames[s.symbol], indices) for s in q.spans)
    return renames if spans == known.spans and move(q.one, indices) == known.one else None


def _renamed(s: Span, symbol: str, indices: Bindings) -> Span:
    lower, upper = moved((s.lower, s.upper), indices)
    return Span(symbol, lower, upper, moved(s.without, indices), moved(s.within, indices))


def named_by_sum(network: Network, of: Quantity, m: LinearMap) -> LinearMap:
    """Return ∂loss/∂o_t as ∂L/∂o_t where L = Σ_t loss(o_t, ...), and nothing else reads what the loss reads."""
    value = next((e.value for e in network.closings if e.target == of), None)
    if not isinstance(value, IndexSum) or value.kind != "sum" or not isinstance(value.body, Apply):
        return m
    own = [q.name for q in quantities(value.body)]
    elsewhere = {q.name for e in network.equations if e.target != of for q in quantities(e.value)}
    each = all(value.symbol in symbols(q.indices) for q in quantities(value.body))
    if not each or len(set(own)) < len(own) or elsewhere & set(own):
        return m
    function = Quantity(value.body.op.name)

    def named(e: Expression) -> Expression | None:
        if isinstance(e, Partial) and e.of == function and e.wrt.name in own:
            return Partial(of, e.wrt, e.value, e.immediate)
        return None

    return map_tree.rewrite(m, lambda e: replaced(e, named))


class Order(Protocol):
    """What is known of indices; where it is not, it is assumed and kept."""

    def same(self, p: Position, r: Position, family: bool) -> bool:
        """Decide p = r; ``family``: for an index that is no recurrence."""

    def assume(self, larger: Position, smaller: Position) -> None:
        """Assume larger ≥ smaller."""

    def distinct(self, p: Position, r: Position) -> None:
        """Assume that two members of a family are not the same."""

    def known(self) -> Mapping[str, Span]:
        """Return what letters run through that X and Y have."""

    def whole(self, q: Quantity) -> tuple[Span, ...]:
        """Return the whole range of each index of q."""


def collapse(q: Quantity, m: LinearMap, y: Quantity, order: Order) -> LinearMap:
    """Return the derivative by y of a term m dq under the sums of the key q: that at which q is y, or 0.

    What remains of the sums are those over letters that do not make q: Σ_{t≥k} where k ≤ t.
    """
    if q.name != y.name or len(q.indices) != len(y.indices):
        return M.ZERO
    q, m = apart(q, m, symbols(y.indices))
    spans = list(spans_of(q))
    for n, (p, r) in enumerate(zip(q.indices, y.indices, strict=True)):
        if isinstance(p, Affine) and symbols((p,)) & {s.symbol for s in spans}:
            found = _solved(q, m, n, r, spans, order)
            if found is None:
                return M.ZERO
            q, m, spans = found
            continue
        own = next((s for s in spans if isinstance(p, Index) and p.symbol == s.symbol), None)
        if own is None:
            if not order.same(p, r, family=not (y.index is not None and n == y.ahead)):
                return M.ZERO
            continue
        assert isinstance(p, Index)  # a letter that a sum binds
        at = r - p.offset
        spans.remove(own)
        whole = order.whole(y)[n] if not p.offset else None
        limited = _within(own, at, spans, whole, order)
        if limited is None:
            return M.ZERO
        at_y = {own.symbol: at}
        q, m = move(one(q), at_y), map_tree.at_index(m, at_y)
        spans = [put_in(s, at_y) for s in limited]
    for span in reversed(spans):
        m = M.summed(span, m)
    return m


def _solved(
    q: Quantity, m: LinearMap, n: int, r: Position, spans: list[Span], order: Order
) -> tuple[Quantity, LinearMap, list[Span]] | None:
    """Return a key and its map where its n-th index, a sum of letters, is r, with the sums that remain; None for 0."""
    p = q.indices[n]
    found = solved(p, r, spans)
    if found is None:  # 2 i - 1 = r: the sum over i has at most one term
        both = (minus(p, r), minus(r, p))
        return q, m, _limited(spans, both, order)
    own, at = found
    rest, conditions = [s for s in spans if s is not own], conditions_at(own, at)
    if any(isinstance(w, int) and w < 0 for w in conditions):
        return None
    limited = _limited(rest, conditions, order)
    at_y = {own.symbol: at}
    return move(one(q), at_y), map_tree.at_index(m, at_y), cleaned([put_in(s, at_y) for s in limited], order.known())


def _limited(spans: list[Span], conditions: Collection[Position], order: Order) -> list[Span]:
    known = order.known()
    found = limited_by(spans, conditions, known, lambda w: _assumed(w, order))
    return [from_its_letter(s, known, lambda w: _assumed(w, order)) for s in found]


def _assumed(w: Position, order: Order) -> None:
    """Assume that a position is 0 or more: j ≥ i of j - i."""
    terms, offset = parts(w)
    larger = combined(((s, n) for s, n in terms if n > 0), max(offset, 0))
    order.assume(larger, combined(((s, -n) for s, n in terms if n < 0), max(-offset, 0)))


def _within(own: Span, p: Position, spans: list[Span], whole: Span | None, order: Order) -> list[Span] | None:
    """Return the other sums where the letter of one is p, within its range; None where it never is."""
    affine = isinstance(own.lower, Affine) or isinstance(own.upper, Affine)
    if affine or own.within or any(own.symbol in symbols(s.within) for s in spans):
        conditions = conditions_at(own, p)
        if any(isinstance(w, int) and w < 0 for w in conditions):
            return None
        return _limited(spans, conditions, order)
    limited = list(spans)
    for larger, smaller, upper in ((p, own.lower, False), (own.upper, p, True)):
        end = own.upper if upper else own.lower
        gap = difference(larger, smaller)
        if gap is not None and gap < 0:
            return None
        other = next((s for s in limited if isinstance(end, Index) and end.symbol == s.symbol), None)
        if other is not None and isinstance(end, Index):  # k ≤ t + c: t from k - c on
            n, ends = limited.index(other), p - end.offset
            if upper:
                limited[n] = other._replace(lower=_larger(other.lower, ends, order))
            else:
                limited[n] = other._replace(upper=ends)
        elif gap is None and (whole is None or end != (whole.upper if upper else whole.lower)):
            order.assume(larger, smaller)
    for w in own.without:
        other = next((s for s in limited if isinstance(w, Index) and w.symbol == s.symbol), None)
        if other is not None and isinstance(w, Index):
            limited[limited.index(other)] = other._replace(without=(*other.without, p - w.offset))
        elif difference(p, w) == 0:
            return None
        elif difference(p, w) is None:
            order.distinct(p, w)
    return limited


def _larger(p: Position, r: Position, order: Order) -> Position:
    gap = difference(p, r)
    if gap is None:
        order.assume(r, p)
    return p if gap is not None and gap > 0 else r
