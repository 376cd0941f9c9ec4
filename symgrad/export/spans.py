"""How what a sum runs through is written: k = max(1, j-n+1), ..., min(K, j), and conditions, 2i+1 ≤ j ≤ 2i+K."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symgrad.algebra.index import Index, Position, coefficient, combined, minus, parts, plus, times
from symgrad.algebra.span import Span
from symgrad.export.math import Call, Chain, Math, Symbol

Writer = Callable[[Position], Math]
"""Writes an index."""


def ends(span: Span, write: Writer) -> tuple[Math, Math]:
    """Write the ends of a sum: 1 and K, or max(1, j-n+1) and min(K, j) where there are several."""
    lower, upper = (_end(*pair, write) for pair in (("max", span.lowers), ("min", span.uppers)))
    return lower, upper


def _end(name: str, found: tuple[Position, ...], write: Writer) -> Math:
    shown = tuple(map(write, found))
    return shown[0] if len(shown) == 1 else Call(Symbol(name, rf"\{name}"), shown)


def conditions(span: Span, write: Writer) -> Iterator[Math]:
    """Write the conditions that are no ends: 2 i + 1 ≤ j ≤ 2 i + K of j - 2 i - 1 ≥ 0 and K - j + 2 i ≥ 0."""
    left = list(span.conditions)
    while left:
        first = left.pop(0)
        second = next((w for w in left if coefficient(w, span.symbol) == -coefficient(first, span.symbol)), None)
        terms, offset = parts(first)
        if second is None:
            larger = combined(((s, n) for s, n in terms if n > 0), max(offset, 0))
            smaller = minus(larger, first)
            falls = isinstance(larger, int)  # s ≤ 2, and not 2 ≥ s
            yield Chain(
                (write(smaller), write(larger)) if falls else (write(larger), write(smaller)), ("≤" if falls else "≥",)
            )
            continue
        left.remove(second)
        if plus(first, second) == 0:  # 2 i - 1 = j
            first = first if coefficient(first, span.symbol) > 0 else second
            terms, offset = parts(first)
            side = combined(((s, n) for s, n in terms if n > 0), offset)
            yield Chain((write(side), write(minus(side, first))), ("=",))
            continue
        middle = combined(((s, n) for s, n in terms if coefficient(second, s) == -n and s != span.symbol), 0)
        own = times(coefficient(first, span.symbol), Index(span.symbol))
        if not isinstance(middle, Index):
            own, middle = 0, plus(middle, own)
        low, high = minus(plus(middle, own), first), plus(second, plus(middle, own))
        sides = (minus(low, own), middle, minus(high, own))  # 2 i + 1 ≤ j ≤ 2 i + K: the window of i has j
        yield Chain(tuple(map(write, sides)), ("≤", "≤"))
