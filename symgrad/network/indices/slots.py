"""Which range each index of each name runs through, and where each range ends.

Letters that stand in the same place of one name run through the same range. A sum without ends, ``sum[t](...)``, runs
through the range of what its letter numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities, reads
from symgrad.algebra.index import Affine, Index, Position
from symgrad.network.equation import Equation
from symgrad.network.indices.ranges import Ranges, declared_ranges, plain, slots_of
from symgrad.network.indices.reach import derived_slots
from symgrad.network.syntax.index_sum import END
from symgrad.network.syntax.statement import DomainLine, PaddedLine, ShapeLine, Statement


def find_ranges(statements: Sequence[Statement], equations: Sequence[Equation]) -> Ranges:
    """Find the letter of each slot, join the letters of one range, and find where each range ends."""
    found = declared_ranges(statements)
    _check_counts(statements, equations)
    for e in equations:
        for slot, p in slots_of(e.target):
            if isinstance(p, Index):
                found.slots.setdefault(slot, p.symbol)
    found.shared = {*found.declared, *found.slots.values()}
    for s in statements:
        if isinstance(s, ShapeLine | DomainLine | PaddedLine):
            for slot, p in slots_of(s.target):
                if isinstance(p, Index):
                    found.slots.setdefault(slot, p.symbol)
    for e in equations:
        own = {p.symbol for p in e.target.indices if isinstance(p, Index)}
        for q, spans in reads(e.value):
            bound = {s.symbol for s in spans}
            for slot, p in slots_of(q):
                if isinstance(p, Index) and (p.symbol in own | bound or p.symbol in found.declared):
                    found.slots.setdefault(slot, found.letter(p.symbol, e.line, bound))
    for e in equations:
        _join(found, e)
    for e in equations:
        _find_ends(found, e)
    for e in equations:
        for q in quantities(e.value):
            places = [slot for slot, p in slots_of(q) if not isinstance(p, Affine)]
            if q.further and any(slot not in found.slots for slot in places):
                e.line.fail(
                    f"nothing says what the indices of {q} run through",
                    f"declare letters, '{q.name}[i,k]: ()' and 'i: range(1, M+1)'; an entry of a matrix is written "
                    f"so where '{q.name}: (m, n)' is declared",
                    e.line.span(q)[0],
                )
    found.derived = derived_slots(found, equations)
    _default_ends(found, equations)
    return found


def _check_counts(statements: Sequence[Statement], equations: Sequence[Equation]) -> None:
    """Check that every name has the same number of indices wherever it has more than one."""
    counts: dict[str, Quantity] = {}
    for e in equations:
        for q in (e.target, *quantities(e.value)):
            known = counts.setdefault(q.name, q)
            if len(known.indices) != len(q.indices) and (known.further or q.further):
                e.line.fail(
                    f"{q.name} is written as {known} and as {q}",
                    f"write it with the same indices everywhere; an entry of a vector with an index is {q.name}[t][2]",
                    e.line.span(q)[0],
                )
    for s in statements:
        if isinstance(s, ShapeLine | DomainLine | PaddedLine) and s.target.name in counts:
            known = counts[s.target.name]
            if len(known.indices) != len(s.target.indices) and (known.further or s.target.further):
                s.line.fail(
                    f"{s.target.name} is written as {known} and as {s.target}",
                    f"declare {known} with a letter for each index; an entry of a vector is x[2], of a matrix W[1,2]",
                )


def _join(found: Ranges, e: Equation) -> None:
    own = {p.symbol for p in e.target.indices if isinstance(p, Index)}
    for slot, p in slots_of(e.target):
        if isinstance(p, Index):
            found.join(found.slots[slot], p.symbol, e.line, str(e.target))
    for q, spans in reads(e.value):
        bound = {s.symbol for s in spans}
        for slot, p in slots_of(q):
            if isinstance(p, Index) and slot in found.slots and p.symbol in own | bound:
                found.join(found.slots[slot], found.letter(p.symbol, e.line, bound), e.line, str(q))
        for s in spans:
            for w in s.without:  # sum[j != i]: j runs through what i runs through
                if isinstance(w, Index) and s.upper == END:
                    left_out, own_letter = (found.letter(x, e.line, bound) for x in (w.symbol, s.symbol))
                    found.join(left_out, own_letter, e.line, str(q))


def _find_ends(found: Ranges, e: Equation) -> None:
    """Find the letter of the depth in what is read at the end: a[L]; or in the end of a sum, sum[t:1:T]."""
    own = {p.symbol for p in e.target.indices if isinstance(p, Index)}
    for q, spans in reads(e.value):
        bound = {s.symbol: s for s in spans}
        for slot, p in slots_of(q):
            if not isinstance(p, Index) or slot not in found.slots:
                continue
            root = found.root(found.slots[slot])
            if root in found.declared:
                if p.symbol not in own | set(bound) | set(found.declared) | found.ending and not p.offset:
                    found.members[p.symbol] = root
                continue
            end: Position | None = None
            if p.symbol in bound:
                end = bound[p.symbol].upper
                if isinstance(end, Affine) or (
                    isinstance(end, Index) and (end == END or end.symbol in own | set(bound) or end.offset)
                ):
                    end = None
            elif p.symbol not in own and p.symbol not in found.declared:
                end = Index(p.symbol)
            if end is None or isinstance(end, int):
                continue
            known = found.ends.setdefault(root, end)
            if known != end:
                e.line.fail(
                    f"{q} is read at {end}, and the last {root} is {known}",
                    f"use one letter for the end of {root}, such as {known}; or declare '{root}: range(1, {known}+1)'",
                    e.line.span(q)[0],
                )


def _default_ends(found: Ranges, equations: Sequence[Equation]) -> None:
    used = {q.name for e in equations for q in (e.target, *quantities(e.value))}
    used |= set(found.declared) | {p.symbol for p in found.ends.values() if isinstance(p, Index)}
    used |= {s.symbol for e in equations for _, spans in reads(e.value) for s in spans} | found.shared
    for root in dict.fromkeys(found.root(letter) for slot, letter in found.slots.items() if slot not in found.derived):
        if root not in found.declared and root not in found.ends:
            letters = (plain(root).upper(), "L", "T", "N", "K", "M", *(f"L{n}" for n in range(1, 100)))
            end = next(s for s in letters if s not in used)
            used.add(end)
            found.ends[root] = Index(end)
