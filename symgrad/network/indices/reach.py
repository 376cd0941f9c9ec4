"""What slots of parameters run through that sums of letters number, x[i+k-1]: as far as they are read.

x[i+k-1] for i = 1, ..., n and k = 1, ..., K reads x from 1 to n+K-1.
"""

from __future__ import annotations

from collections.abc import Sequence

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities, reads
from symgrad.algebra.index import Affine, Index, Position, fresh, minus, symbols
from symgrad.algebra.span import Span, holds, reach
from symgrad.network.equation import Equation
from symgrad.network.indices.ranges import Ranges, Slot, slots_of
from symgrad.network.syntax.index_sum import END
from symgrad.network.syntax.line import Line


def letters_of(found: Ranges, e: Equation) -> dict[str, Span]:
    """Return what the letters of a left side run through."""
    own = [p.symbol for p in e.target.indices if isinstance(p, Index)]
    return {s: found.span(s)._replace(symbol=s) for s in own}


def derived_slots(found: Ranges, equations: Sequence[Equation]) -> dict[Slot, str]:
    """Return the slots of parameters whose range is what is read, each with the root of its letter, or "".

    Sums of letters number them, or a letter of a sum that ends with others, K[k] in sum[k:0:t](K[k]*x[t-k]).
    """
    defined = {found.root(found.slots[s]) for e in equations for s, _ in slots_of(e.target) if s in found.slots}
    names = {e.target.name for e in equations}
    read: dict[Slot, str] = {}
    for e in equations:
        for q, spans in reads(e.value):
            bound = {s.symbol for s in spans if s.upper != END}
            for slot, p in slots_of(q) if q.name not in names else ():
                if isinstance(p, Affine) or (isinstance(p, Index) and p.symbol in bound):
                    read[slot] = found.root(found.slots[slot]) if slot in found.slots else ""
    return {slot: r for slot, r in read.items() if r not in {*found.declared, *found.ends, *defined}}


def give_ranges(found: Ranges, equations: Sequence[Equation]) -> None:
    """Let slots of parameters run through what is read of them."""
    used = {s for e in equations for s in _letters(e)} | {s.partition(":")[0] for s in found.slots.values()}
    used |= {*found.declared, *(q.name for e in equations for q in (e.target, *quantities(e.value)))}
    used |= {s for p in found.ends.values() for s in symbols((p,))} | found.ending
    for e in equations:
        _check_letters(found, e)
    known: dict[str, tuple[Position, Position]] = {}
    for e in equations:
        for q, spans in reads(e.value):
            letters = {**letters_of(found, e), **{s.symbol: s for s in spans}}
            for slot, p in slots_of(q):
                if slot in found.derived and not isinstance(p, int):
                    key = found.derived[slot] or str(slot)
                    known[key] = _hull(known.get(key), reach(p, letters), q, e.line)
    taken = {span.symbol for span in found.declared.values()}
    for slot, root in found.derived.items():
        if slot not in found.slots or root not in found.declared:
            plain = root.partition(":")[0]
            letter = plain if plain and plain not in taken else fresh("j", used)
            used.add(letter)
            taken.add(letter)
            if root and root != letter:
                found.roots[root] = letter
            found.declared[letter] = Span(letter, *known[root or str(slot)])
            found.slots.setdefault(slot, letter)


def _check_letters(found: Ranges, e: Equation) -> None:
    """Check that each letter of a sum of letters runs through something, or ends something."""
    ends = {s for p in found.ends.values() for s in symbols((p,))} | found.ending | set(found.members)
    own = symbols(e.target.indices)
    summed = {s.symbol for _, spans in reads(e.value) for s in spans}
    for q, spans in reads(e.value):
        for n, s in enumerate(spans):
            for letter in sorted(s.free & summed - own - {x.symbol for x in spans[:n]}):
                what = f"the sum over {s.symbol} ends with {letter}, which stands for a number inside another sum only"
                e.line.fail(what, f"let the sum over {letter} stand outside, or use another letter", e.line.span(q)[0])
        known = {*symbols(e.target.indices), *(s.symbol for s in spans), *ends, *found.declared}
        for p in q.indices:
            for letter in sorted(symbols((p,)) - known if isinstance(p, Affine) else ()):
                e.line.fail(
                    f"nothing says what {letter} runs through in {q}",
                    f"sum over it, 'sum[{letter}:1:K](...)', or let it number what the equation defines",
                    e.line.span(q)[0],
                )


def _letters(e: Equation) -> set[str]:
    read = {s for q in quantities(e.value) for s in symbols(q.indices)}
    return read.union(*({s.symbol, *s.free} for _, spans in reads(e.value) for s in spans))


def _hull(
    known: tuple[Position, Position] | None, more: tuple[Position, Position], q: Quantity, line: Line
) -> tuple[Position, Position]:
    if known is None:
        return more
    ends = []
    for a, b, upper in ((known[0], more[0], False), (known[1], more[1], True)):
        larger, smaller = (a, b) if holds(minus(a, b), {}) else (b, a)
        if not holds(minus(larger, smaller), {}):
            line.fail(
                f"{q.name} is read up to {a} and up to {b}" if upper else f"{q.name} is read from {a} and from {b}",
                f"declare the range of its index: '{q.name}[j]: ()' and 'j: range(1, M+1)'",
                line.span(q)[0],
            )
        ends.append(larger if upper else smaller)
    return ends[0], ends[1]
