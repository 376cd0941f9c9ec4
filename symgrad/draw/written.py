"""The equations of a network written out: each at numbers for its indices, with the quantities that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice, product

from symgrad.algebra.expression import ADD, MUL, Apply, Expression, Quantity
from symgrad.algebra.expression_tree import everywhere, reads
from symgrad.algebra.index import coefficient, symbols
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move, substitute
from symgrad.errors import SymgradError
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.schedule import under

LARGEST = 200
"""Quantities that a drawing may have."""
FEW = 3
"""The size of a family for which none is given."""
PRODUCTS = {"@", "*"}


@dataclass(frozen=True)
class Written:
    """One equation at numbers.

    terms: its products of quantities, of which each is read in no other place. value: as the network has it.
    equation: at numbers, with its sums written out.
    """

    target: Quantity
    reads: tuple[Quantity, ...]
    terms: tuple[tuple[Quantity, ...], ...]
    value: Expression
    equation: Equation
    step: tuple[int, ...]
    """The numbers of its indices; () for an equation without any."""


def written_out(network: Network, depth: int, ends: Mapping[str, int] | None = None) -> tuple[Written, ...]:
    """Return the equations of a network of so many steps, each after those that it reads.

    ends: sizes of families, {"n": 4}; a family has three members where nothing is given.
    Raises SymgradError where there are more than 200.

    >>> from symgrad.network.read import read_builtin
    >>> found = written_out(read_builtin("seq_rnn"), 1)
    >>> [str(w.target) for w in found], [[str(q) for q in term] for term in found[0].terms]
    (['a[1]', 's[1]', 'o[1]', 'e[1]', 'E'], [['U', 'x[1]'], ['W', 's[0]'], ['b']])
    """
    known = sizes(network, depth, ends or {})
    found: list[Written] = []
    if network.grid:
        from symgrad.network.schedule import scheduled

        pairs = [(i.equation, i.at) for i in scheduled(network, known)]
    else:
        pairs = list(islice(_pairs(network, known), LARGEST + 1))
    if len(pairs) > LARGEST:
        raise SymgradError(f"more than {LARGEST} quantities do not fit on a page", todo="give fewer steps, or sizes")
    for e, at in pairs:
        own = tuple(at[s.symbol] for s in network.free(e))
        found.append(_written(network, e, at, own, known))
    return tuple(found)


def sizes(network: Network, depth: int, given: Mapping[str, int]) -> dict[str, int]:
    """Return numbers for the letters with which the ranges of a network end."""
    spans = [*network.ranges.values(), *(s for e in network.equations for _, own in reads(e.value) for s in own)]
    found = dict.fromkeys((network.depth_symbol, *network.depths), depth)
    bound = {s.symbol for s in spans} | {network.symbol}
    for s in spans:
        for letter in sorted(s.free - bound - found.keys()):
            ahead = not isinstance(s.lower, int) and coefficient(s.lower, letter) < 0
            found[letter] = 1 if ahead else FEW
    for letter in network.members:
        found.setdefault(letter, 1)
    return {**found, **given}


def _pairs(network: Network, known: Mapping[str, int]) -> Iterator[tuple[Equation, dict[str, int]]]:
    """Yield each equation with numbers for its letters, a step after the other."""
    for e in network.openings:
        yield from _at(network, e, network.free(e), known)
    for n in range(1, known[network.depth_symbol] + 1):
        for e in network.steps:
            own = tuple(s for s in network.free(e) if s.symbol != network.symbol)
            yield from _at(network, e, own, {**known, network.symbol: n})
    for e in network.closings:
        yield from _at(network, e, network.free(e), known)


def _at(
    network: Network, e: Equation, spans: tuple[Span, ...], known: Mapping[str, int]
) -> Iterator[tuple[Equation, dict[str, int]]]:
    for numbers in product(*(s.numbers(known) for s in spans)):
        yield e, {**known, **{s.symbol: n for s, n in zip(spans, numbers, strict=True)}}


def _written(
    network: Network, e: Equation, at: Mapping[str, int], step: tuple[int, ...], known: Mapping[str, int]
) -> Written:
    read: dict[Quantity, None] = {}
    for q, spans in reads(e.value):
        for here in under(spans, at):
            there = move(q, here)
            if not _is_zero(network, there, known):
                read.setdefault(there)
    terms = [t for t in _terms(e.value, at) if not any(_is_zero(network, q, known) for q in t)]
    single = tuple(t for t in terms if all(sum(q in s for s in terms) == 1 for q in t) and _once(e, t, at))
    target = move(e.target, at)
    numbered = replace(e, target=target, value=_summed(e.value, at))
    return Written(target, tuple(read), single, e.value, numbered, step)


def _summed(e: Expression, at: Mapping[str, int]) -> Expression:
    """Return an expression at numbers, with its sums and products over an index written out."""

    def written(x: Expression) -> Expression:
        if not isinstance(x, IndexSum):
            return x
        terms = [substitute(x.body, {x.symbol: n}) for n in x.range.numbers(at)]
        return reduce(lambda a, b: Apply(ADD if x.kind == "sum" else MUL, (a, b)), terms) if terms else x

    return everywhere(substitute(e, at), written)


def _is_zero(network: Network, q: Quantity, known: Mapping[str, int]) -> bool:
    """Tell whether q is of a step before the first, or beyond the ends of a padded family: it is 0 there."""
    if isinstance(q.index, int) and q.index < 0:
        return True
    if q.name not in network.by_name:
        return False
    recurrent = {network.depth_symbol, *network.depths}
    for letter, p in zip(network.letters.get(q.name, ()), q.further, strict=False):
        span = network.ranges[letter]
        if symbols((span.upper,)).isdisjoint(recurrent) and isinstance(p, int) and p not in span.numbers(known):
            return True
    return False


def _terms(e: Expression, at: Mapping[str, int]) -> Iterator[tuple[Quantity, ...]]:
    """Yield the products of quantities that are added up in e, also under a function of one argument."""
    match e:
        case Quantity():
            yield (move(e, at),)
        case IndexSum(kind="sum"):
            for here in under((e.range,), at):
                yield from _terms(e.body, here)
        case Apply(op, arguments) if op.name in PRODUCTS:
            factors = list(_factors(e))
            if all(isinstance(f, Quantity) for f in factors):
                yield tuple(move(f, at) for f in factors if isinstance(f, Quantity))
            else:
                for f in factors:
                    yield from _terms(f, at)
        case Apply(op, arguments) if op.kind in ("function", "operator"):
            for x in arguments:
                yield from _terms(x, at)


def _factors(e: Expression) -> Iterator[Expression]:
    if isinstance(e, Apply) and e.op.name in PRODUCTS:
        for x in e.arguments:
            yield from _factors(x)
    elif isinstance(e, Apply) and e.op.name in ("T",):
        yield from _factors(e.arguments[0])
    else:
        yield e


def _once(e: Equation, term: tuple[Quantity, ...], at: Mapping[str, int]) -> bool:
    """Tell whether the equation reads each quantity of a term once."""
    count: dict[Quantity, int] = {}
    for q, spans in reads(e.value):
        for here in under(spans, at):
            there = move(q, here)
            count[there] = count.get(there, 0) + 1
    return all(count.get(q) == 1 for q in term)
