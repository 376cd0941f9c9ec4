"""One letter of a sum of letters found from the others, k = j - i + 1 of i + k - 1 = j, and what its range says.

The letter k = 1, ..., K is gone then, and i runs only as far as 1 ≤ j - i + 1 ≤ K.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from symgrad.algebra.index import Bindings, Index, Position, coefficient, difference, minus, symbols, times
from symgrad.algebra.span import Span, holds
from symgrad.algebra.substitution import moved
from symgrad.errors import NotDefined

LEFT_OUT = (
    "a sum leaves out a letter of a sum of letters, which is no range of its other letters",
    "",
    "write two sums, and subtract: 'sum[i](sum[j](...)) - sum[i](...)'",
)
"""What is said of sum[i](sum[j != i](x[i-j])), with what to write."""


def solved(p: Position, r: Position, spans: Collection[Span]) -> tuple[Span, Position] | None:
    """Return the sum whose letter is found from p = r, and that letter: k = j - i + 1 of i + k - 1 = j.

    It is the outermost one that no other sum ends with. None where every coefficient is 2 or more.
    """
    candidates = [s for s in spans if abs(coefficient(p, s.symbol)) == 1]
    ends = symbols(p for s in spans for p in (s.lower, s.upper))
    own = next((s for s in candidates if s.symbol not in ends), candidates[-1] if candidates else None)
    if own is None:
        return None
    c = coefficient(p, own.symbol)
    return own, times(c, minus(r, minus(p, times(c, Index(own.symbol)))))


def conditions_at(own: Span, p: Position) -> tuple[Position, ...]:
    """Return what is 0 or more where the letter of a span is p, within its range; what it leaves out is not asked."""
    if own.without:
        raise NotDefined(*LEFT_OUT)
    ends = (minus(p, own.lower), minus(own.upper, p))
    return (*ends, *moved(own.within, {own.symbol: p}))


def limited_by(
    spans: Collection[Span],
    conditions: Collection[Position],
    known: Mapping[str, Span],
    assume: Callable[[Position], None],
) -> list[Span]:
    """Return spans in which some positions are 0 or more; what no letter of them stands in is assumed."""
    found = list(spans)
    for w in conditions:
        letters = {**known, **{s.symbol: s for s in found}}
        n = next((n for n in reversed(range(len(found))) if found[n].symbol in symbols((w,))), None)
        if n is not None:
            others = {s: span for s, span in letters.items() if s != found[n].symbol}
            found[n] = found[n].limited((w,), lambda p, others=others: holds(p, others))  # type: ignore[misc]
        elif not holds(w, letters):
            assume(w)
    return found


def cleaned(spans: Collection[Span], known: Mapping[str, Span]) -> list[Span]:
    """Return spans without the conditions that always hold where known letters are in their ranges."""
    every = {**known, **{s.symbol: s for s in spans}}
    found = []
    for s in spans:
        others = {x: span for x, span in every.items() if x != s.symbol}
        found.append(s.limited((), lambda p, others=others: holds(p, others)) if s.within else s)  # type: ignore[misc]
    return found


def from_its_letter(span: Span, known: Mapping[str, Span], assume: Callable[[Position], None]) -> Span:
    """Return Σ_{t=s} of Σ_{t=max(1,s)}, where s = 0, ..., T is a letter of Y: that s is 1 or more is assumed."""
    number, letter = (next((p for p in span.lowers if isinstance(p, kind)), None) for kind in (int, Index))
    if not isinstance(number, int) or not isinstance(letter, Index) or letter.symbol not in known:
        return span
    if span.lower != number or difference(known[letter.symbol].lower, number - letter.offset) != -1:
        return span  # more than what comes first would be left out
    assume(letter - number)
    others = tuple(w for w in span.within if w != minus(Index(span.symbol), letter))
    return span._replace(lower=letter, within=others)


def put_in(span: Span, bindings: Bindings) -> Span:
    """Replace letters of a span by what is written with the letters of others, among them perhaps its own."""
    (lower, upper), without = moved((span.lower, span.upper), bindings), moved(span.without, bindings)
    if span.symbol in symbols(without):
        raise NotDefined(*LEFT_OUT)
    found = Span(span.symbol, lower, upper, without, moved(span.within, bindings))
    return _with_ends_of_others(found) if span.symbol in symbols((lower, upper)) else found


def _with_ends_of_others(span: Span) -> Span:
    """Return a span whose ends are not written with its own letter: k ≤ n + k - 2 is a condition, n ≥ 2."""
    own = Index(span.symbol)
    lowers = [p for p in span.lowers if span.symbol not in symbols((p,))]
    uppers = [p for p in span.uppers if span.symbol not in symbols((p,))]
    if not lowers or not uppers:
        raise NotDefined(f"how far {span.symbol} runs is not known", todo="give numbers for the ranges")
    ends = [minus(own, span.lower), minus(span.upper, own)]
    return Span(span.symbol, lowers[0], uppers[0], span.without, (*span.within, *ends))
