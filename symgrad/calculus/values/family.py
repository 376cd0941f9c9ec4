"""Values of families, x[l,i], and of their members; the ends of ranges that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symgrad.algebra.dimension import named
from symgrad.algebra.dimension import number as number_of
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Position, minus, number, parts, symbols
from symgrad.algebra.shape import Dimension
from symgrad.algebra.span import Span
from symgrad.calculus.values.put import check_domain, one_value
from symgrad.calculus.values.values import Values
from symgrad.errors import ValuesError


def check_sums(values: Values) -> None:
    """Check the sizes that are sums of dimensions; one dimension that nothing else has follows from them."""
    for d, n, q in values.sums:
        index = {m: _at_depth(values, m) for m in named(d)}
        unknown = {key for key in index.values() if key not in values.sizes}
        if len(unknown) == 1:
            [key] = unknown
            sizes = {m: values.sizes[k][0] if k != key else 0 for m, k in index.items()}
            least = number_of(d, sizes)
            each = number_of(d, {**sizes, **{m: 1 for m, k in index.items() if k == key}}) - least
            if each and (n - least) % each == 0 and (n - least) // each > 0:
                values.sizes[key] = (n - least) // each, str(q)
        found = number_of(d, {m: values.size(m, {}) for m in named(d)})
        if found != n:
            known = ", ".join(f"{k} is {values.sizes[k][0]} in {values.sizes[k][1]}" for k in index.values())
            raise ValuesError(
                f"{q} has {n} entries along {d}, which is {found}: {known}", todo=f"give {q} in shapes that fit"
            )


def _at_depth(values: Values, d: Dimension) -> Dimension:
    return Dimension(d.name, values.depth + d.index.offset if isinstance(d.index, Index) else d.index)


def put_members(values: Values, given: Mapping[str, Any]) -> None:
    """Take the numbers of the letters that stand for single members of families."""
    ends = {values.network.depth_symbol: values.depth, **values.ends}
    for letter, span in values.network.members.items():
        numbers = list(span.numbers(ends))
        if given.get(letter) not in numbers or isinstance(given[letter], bool):
            raise ValuesError(
                f"{letter} is the index of one member, and {given.get(letter, 'no number')} is given for it",
                todo=f'give "{letter}" as a whole number from {numbers[0]} to {numbers[-1]}',
            )
        values.ends[letter] = int(given[letter])


def check_ends(values: Values) -> None:
    """Find the ends of ranges that are sizes of dimensions, and check that all are known."""
    for span in values.network.ranges.values():
        for symbol in span.free - set(values.ends) - ({values.network.depth_symbol} - {*values.network.depths}):
            if Dimension(symbol) not in values.sizes:
                raise ValuesError(
                    f"no value says what {symbol} is, the end of the range of {span.symbol}",
                    todo=f"give a value with the index {span.symbol}",
                )
            values.ends[symbol] = values.sizes[Dimension(symbol)][0]
    values.ends |= {s: values.sizes[Dimension(s)][0] for s in values.network.counted_entries}


def put_family(values: Values, q: Quantity, data: Any, batched: bool) -> None:
    """Take values with one axis, or nested lists, for each index, from the left."""
    network, known = values.network, values.env.setdefault(q.name, {})
    spans: list[Span | None] = [
        s if p == Index(s.symbol) else None for p, s in zip(q.further, network.extents(q), strict=True)
    ]
    if q.index is not None:
        spans.insert(q.ahead, None)

    def take(positions: tuple[Position, ...], data: Any, place: tuple[int, ...]) -> None:
        if not positions:
            one = Quantity(q.name, None, place) if q.index is None else _placed(q, place)
            known[one.place({})] = one_value(values, one, data, batched)
            check_domain(network, one, data)
            return
        first, *others = positions
        span = spans[len(place)]
        if isinstance(first, int) or (span is None and q.index is None):
            return take(tuple(others), data, (*place, _known_end(values, first)))
        if not isinstance(data, list | tuple) and not np.ndim(data):
            raise ValuesError(
                f"{q} has an axis of its own for {first}, and a single number was given",
                todo=f"give {q.name} as a list with an entry for each {first}",
            )
        if span is not None:
            _note_size(values, span, len(data), str(q))
            wanted = range(_known_end(values, span.lower), _known_end(values, span.upper) + 1)
        else:
            wanted = range(network.first_index(q.name), network.last_index(q.name, values.depth) + 1)
        if len(data) != len(wanted):
            raise ValuesError(
                f"{q} has {first} = {wanted.start} to {wanted.stop - 1}: {len(wanted)} entries, not {len(data)}",
                todo=f"give {q.name} with {len(wanted)} entries for {first}",
            )
        for n, item in zip(wanted, data, strict=True):
            take(tuple(others), item, (*place, n))

    take(q.indices, data, ())


def _placed(q: Quantity, place: tuple[int, ...]) -> Quantity:
    return Quantity(q.name, place[q.ahead], place[: q.ahead] + place[q.ahead + 1 :], q.ahead)


def _known_end(values: Values, p: Position) -> int:
    ends = _known(values)
    for symbol in sorted(symbols((p,)) - ends.keys()):
        raise ValuesError(f"no value says what {symbol} is in {p}, the end of a range", todo=f"give {symbol} by others")
    return number(p, ends)


def _known(values: Values) -> dict[str, int]:
    sizes = {d.name: n for d, (n, _) in values.sizes.items() if d.index is None}
    depth = {} if values.network.grid else {values.network.depth_symbol: values.depth}
    return {**sizes, **depth, **values.ends}


def _note_size(values: Values, span: Span, count: int, source: str) -> None:
    """Note what the letter is worth that gives a range as many members: the n of 1..n+K-1, where K is known."""
    lower, upper = span.lower, span.upper
    if isinstance(lower, int) and isinstance(upper, Index):
        values.end(upper.symbol, lower + count - 1 - upper.offset, source)
        return
    known = _known(values)
    terms, offset = parts(minus(upper, lower) + 1)
    unknown = [(s, c) for s, c in terms if s not in known]
    if len(unknown) != 1:
        return
    [(symbol, c)] = unknown
    rest = count - offset - sum(n * known[s] for s, n in terms if s in known)
    if rest % c or rest // c < 1:
        raise ValuesError(
            f"{source} has {count} entries for {span.symbol} = {lower}, ..., {upper}, which no {symbol} gives",
            todo=f"give {source} with other entries: {symbol} is 1 or more",
        )
    values.end(symbol, rest // c, source)
