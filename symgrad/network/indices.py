"""Which range each index of each name runs through: that of the recurrence, or that of a family.

An index is a family where its range is declared, ``h: range(1, H+1)``, and no equation reads what it defines at h-1.
Letters that stand in the same place of one name run through the same range. A sum without ends, ``sum[t](...)``, runs
through the range of what its letter numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symgrad.algebra.expression import Expression, Number, Quantity
from symgrad.algebra.expression_tree import inside, nodes, quantities, reads, rebuilt
from symgrad.algebra.index import Affine, Index, Position, difference, symbols
from symgrad.algebra.index_sum import IndexSum, index_number, index_sum
from symgrad.algebra.shape import shape_at
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move, substitute
from symgrad.network.equation import Equation
from symgrad.network.syntax import END, DomainLine, Line, RangeLine, ShapeLine, Statement

Slot = tuple[str, int]
"""An index of a name by its place: of x[l,i] i is the slot ("x", 1)."""


@dataclass
class Ranges:
    """The ranges of a file while they are being found: letters that run through the same range have one root."""

    declared: dict[str, Span]
    lines: dict[str, Line]
    slots: dict[Slot, str] = field(default_factory=dict)
    """The letter of each slot."""
    roots: dict[str, str] = field(default_factory=dict)
    ends: dict[str, Position] = field(default_factory=dict)
    """By root: the last value."""
    members: dict[str, str] = field(default_factory=dict)
    """Letters of single members of families, as o in log(p[o]), with the root of the family."""
    shared: set[str] = field(default_factory=set)
    """Letters that mean the same everywhere: those of left sides and of declared ranges."""

    @property
    def ending(self) -> frozenset[str]:
        """The letters that declared ranges end with."""
        return frozenset[str]().union(*(s.free for s in self.declared.values()))

    def letter(self, symbol: str, line: Line, bound: Container[str]) -> str:
        """Return the letter of an index in a line; one that a sum binds there means nothing in another line."""
        return f"{symbol}:{line.number}" if symbol in bound and symbol not in self.shared else symbol

    def root(self, symbol: str) -> str:
        """Return the letter that stands for all that run through the same range."""
        while symbol in self.roots:
            symbol = self.roots[symbol]
        return symbol

    def join(self, one: str, other: str, line: Line, what: str) -> None:
        """Let two letters run through the same range; an error where they are declared otherwise."""
        a, b = self.root(one), self.root(other)
        if a == b:
            return
        if b in self.declared and a not in self.declared:
            a, b = b, a
        if b in self.declared and self.declared[a][1:] != self.declared[b][1:]:
            runs, not_so = (_through(self.declared[x]) for x in (b, a))
            line.fail(
                f"{what} is read at {other}, which runs {runs}, and not {not_so}",
                f"declare the same range for {one} and {other}, or use {one}",
            )
        self.roots[b] = a

    def span(self, symbol: str) -> Span:
        """Return the range of a letter, under the letter of its root."""
        root = self.root(symbol)
        return self.declared[root] if root in self.declared else Span(plain(root), 1, self.ends[root])


def _through(span: Span) -> str:
    return f"from {span.lower} to {span.upper}"


def plain(symbol: str) -> str:
    """Return a letter without the line that it belongs to."""
    return symbol.partition(":")[0]


def declared_ranges(statements: Sequence[Statement]) -> Ranges:
    """Return the ranges that the lines declare."""
    found = Ranges({}, {})
    for s in statements:
        if isinstance(s, RangeLine):
            symbol = s.span.symbol
            if symbol in found.declared:
                s.line.fail(f"the range of {symbol} is declared twice", "keep one of the two lines")
            found.declared[symbol], found.lines[symbol] = s.span, s.line
    for symbol, span in found.declared.items():
        if clash := span.free & set(found.declared):
            found.lines[symbol].fail(
                f"the range of {symbol} ends with {min(clash)}, which is an index", "end it with a number or a letter"
            )
    return found


def is_plain(statements: Sequence[Statement], equations: Sequence[Equation]) -> bool:
    """Tell whether a file has one index a name and no sums over indices: then nothing is to be found."""
    targets = [s.target for s in statements if isinstance(s, ShapeLine | DomainLine)]
    all_quantities = [*targets, *(q for e in equations for q in (e.target, *quantities(e.value)))]
    return not (
        any(q.further for q in all_quantities)
        or any(isinstance(s, RangeLine) for s in statements)
        or any(isinstance(x, IndexSum) for e in equations for x in nodes(e.value))
    )


def find_ranges(statements: Sequence[Statement], equations: Sequence[Equation]) -> Ranges:
    """Find the letter of each slot, join the letters of one range, and find where each range ends."""
    found = declared_ranges(statements)
    _check_counts(statements, equations)
    for e in equations:
        for slot, p in _slots(e.target):
            if isinstance(p, Index):
                found.slots.setdefault(slot, p.symbol)
    found.shared = {*found.declared, *found.slots.values()}
    for s in statements:
        if isinstance(s, ShapeLine | DomainLine):
            for slot, p in _slots(s.target):
                if isinstance(p, Index):
                    found.slots.setdefault(slot, p.symbol)
    for e in equations:
        own = {p.symbol for p in e.target.indices if isinstance(p, Index)}
        for q, spans in reads(e.value):
            bound = {s.symbol for s in spans}
            for slot, p in _slots(q):
                if isinstance(p, Index) and (p.symbol in own | bound or p.symbol in found.declared):
                    found.slots.setdefault(slot, found.letter(p.symbol, e.line, bound))
    for e in equations:
        _join(found, e)
    for e in equations:
        _find_ends(found, e)
    for e in equations:
        for q in quantities(e.value):
            if q.further and any((q.name, n) not in found.slots for n in range(len(q.indices))):
                e.line.fail(
                    f"nothing says what the indices of {q} run through",
                    f"declare letters, '{q.name}[i,k]: ()' and 'i: range(1, M+1)'; an entry of a matrix is no index: "
                    f"write u@{q.name}@v with constant vectors u and v",
                    e.line.span(q)[0],
                )
    _default_ends(found, equations)
    return found


def _slots(q: Quantity) -> Iterator[tuple[Slot, Position]]:
    for n, p in enumerate(q.indices):
        yield (q.name, n), p


def _check_counts(statements: Sequence[Statement], equations: Sequence[Equation]) -> None:
    """Check that every name has the same number of indices wherever it has more than one."""
    counts: dict[str, Quantity] = {}
    for e in equations:
        for q in (e.target, *quantities(e.value)):
            known = counts.setdefault(q.name, q)
            if len(known.indices) != len(q.indices) and (known.further or q.further):
                e.line.fail(
                    f"{q.name} is written as {known} and as {q}",
                    f"write it with the same indices everywhere; an entry of a matrix is u@{q.name}@v with constant "
                    "vectors u and v",
                    e.line.span(q)[0],
                )
    for s in statements:
        if isinstance(s, ShapeLine | DomainLine) and s.target.name in counts:
            known = counts[s.target.name]
            if len(known.indices) != len(s.target.indices) and (known.further or s.target.further):
                s.line.fail(
                    f"{s.target.name} is written as {known} and as {s.target}",
                    f"declare {known} with a letter for each index; an entry of a matrix is u@{s.target.name}@v with "
                    "constant vectors u and v",
                )


def _join(found: Ranges, e: Equation) -> None:
    own = {p.symbol for p in e.target.indices if isinstance(p, Index)}
    for slot, p in _slots(e.target):
        if isinstance(p, Index):
            found.join(found.slots[slot], p.symbol, e.line, str(e.target))
    for q, spans in reads(e.value):
        bound = {s.symbol for s in spans}
        for slot, p in _slots(q):
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
        for slot, p in _slots(q):
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
                if isinstance(end, Index) and (end == END or end.symbol in own | set(bound) or end.offset):
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
    for root in dict.fromkeys(map(found.root, found.slots.values())):
        if root not in found.declared and root not in found.ends:
            letters = (plain(root).upper(), "L", "T", "N", "K", "M", *(f"L{n}" for n in range(1, 100)))
            end = next(s for s in letters if s not in used)
            used.add(end)
            found.ends[root] = Index(end)


class Resolver:
    """Puts the ends of ranges in the place of those that were left out, and numbers in the place of indices."""

    def __init__(self, found: Ranges | None, numbers: Collection[str]) -> None:
        self.found, self.numbers = found, set(numbers)

    def equation(self, e: Equation) -> Equation:
        """Return the equation with whole sums, and with indices and depths as numbers."""
        own = symbols(e.target.indices) if self.found else ()
        value = self._value(e.value, e.line, self.numbers.union(own), frozenset())
        return e if value is e.value else Equation(e.target, value, e.line)

    def _value(self, e: Expression, line: Line, numbers: set[str], bound: frozenset[str]) -> Expression:
        match e:
            case Quantity(name, None, ()) if name in numbers:
                return line.keep(e, index_number(Index(name)))
            case IndexSum() if self.found is not None:
                span = self._span(e, line, bound)
                body = self._value(e.body, line, numbers | {e.symbol}, bound | {e.symbol})
                whole: Expression = index_sum(span, body, "sum" if e.kind == "mean" else e.kind)
                return line.keep(e, 1 / _count(span) * whole if e.kind == "mean" else whole)
        new = rebuilt(e, lambda x: self._value(x, line, numbers, bound))
        return e if all(a is b for a, b in zip(inside(e), inside(new), strict=True)) else line.keep(e, new)

    def _span(self, e: IndexSum, line: Line, bound: frozenset[str]) -> Span:
        span, found = e.range, self.found
        assert found is not None  # of a file with sums the ranges are known
        if span.upper != END:
            return span
        root = found.root(found.letter(span.symbol, line, {span.symbol, *bound}))
        if root not in found.declared and root not in found.ends:
            line.fail(
                f"the range of {span.symbol} is not known",
                f"declare it, '{span.symbol}: range(1, N+1)', or write {e.kind}[{span.symbol}:1:N](...)",
                line.span(e)[0],
            )
        known = found.span(root)
        return Span(span.symbol, known.lower, known.upper, span.without)


def counted(e: Equation, names: Collection[str]) -> Equation:
    """Return an equation with its index and the depth as the numbers that they are."""
    return Resolver(None, set(names) - {e.target.name}).equation(e)


def _count(span: Span) -> Expression:
    """Return how many values a span has, as an expression: T, T - k, n - 1."""
    known = (span.upper, span.lower)
    offset = 1 - len(span.without)
    for p, sign in zip(known, (1, -1), strict=True):
        offset += sign * (p if isinstance(p, int) else p.offset)
    upper, lower = (p.symbol if isinstance(p, Index) else None for p in known)
    if upper == lower:
        return index_number(offset)
    count: Expression = Number(Fraction(0)) if upper is None else index_number(Index(upper))
    if lower is not None:
        count = count - index_number(Index(lower))
    return count if not offset else count + offset if offset > 0 else count - (-offset)


def recurrences(found: Ranges, equations: Sequence[Equation]) -> tuple[str, ...]:
    """Return the roots of the indices along which equations read each other, or are counted from 1 to a depth.

    A declared range is one only where something that an equation defines is read at another value of its own index.
    """
    defined = {e.target.name for e in equations}
    kept: dict[str, None] = {}
    for e in equations:
        for slot, p in _slots(e.target):
            root = found.root(found.slots[slot]) if slot in found.slots else ""
            if isinstance(p, Index) and root not in found.declared:
                kept[root] = None
    for e in equations:
        for q in quantities(e.value):
            for slot, p in _slots(q):
                root = found.root(found.slots[slot]) if slot in found.slots else ""
                if root not in found.declared or q.name not in defined:
                    continue
                before = difference(p, found.declared[root].lower) if isinstance(p, int) else p.offset
                if before is None or before < 0 or (before and isinstance(p, Index)):
                    kept[root] = None
    return tuple(kept)


def is_chain(found: Ranges, equations: Sequence[Equation], root: str) -> bool:
    """Tell whether the one recurrence is a chain: each step reads the steps before it, at a fixed distance.

    So it is not where a step reads later ones, or a sum of steps, or where what later steps read is a family, or where
    something starts from the last step of something else.
    """
    stepped = {e.target.name for e in equations if _stands_at(found, e.target, root)}
    for e in equations:
        if e.target.further and any(isinstance(p, int) for p in e.target.indices):
            return False
        step = e.target.name in stepped and _stands_at(found, e.target, root)
        own = symbols(e.target.indices)
        for q, spans in [(e.target, ()), *reads(e.value)]:
            roots = _roots(found, q)
            if roots.count(root) > 1:
                return False
            if q.name not in stepped or root not in roots:
                continue
            p = q.indices[roots.index(root)]
            if isinstance(p, int):
                outside = bool(q.further)
            elif isinstance(p, Affine):
                outside = True
            elif step:
                free = p.symbol in own and p.symbol not in {s.symbol for s in spans}
                outside = not free or p.offset > 0 or (p.offset < 0 and bool(q.further))
            else:
                outside = bool(e.target.indices) and not own  # c[0] = h[T]
            if outside:
                return False
    return True


def branches(equations: Sequence[Equation]) -> bool:
    """Tell whether equations with one index a name are no single chain: b[t] reads b[t+1], or c[0] reads h[T]."""
    stepped = {e.target.name for e in equations if isinstance(e.target.index, Index)}
    ends = set()
    for e in equations:
        for q in quantities(e.value):
            if isinstance(q.index, Index) and q.name in stepped:
                if not isinstance(e.target.index, Index):
                    ends.add(q.index.symbol)
                if q.index.offset > 0 if isinstance(e.target.index, Index) else e.target.index is not None:
                    return True
    return len(ends) > 1


def _stands_at(found: Ranges, q: Quantity, root: str) -> bool:
    """Tell whether the left side q is of the general step."""
    return any(r == root and isinstance(p, Index) for r, p in zip(_roots(found, q), q.indices, strict=True))


def _roots(found: Ranges, q: Quantity) -> list[str]:
    return [found.root(found.slots[slot]) if slot in found.slots else "" for slot, _ in _slots(q)]


def letters(found: Ranges, quantities: Iterable[Quantity], defined: Container[str]) -> dict[str, tuple[str, ...]]:
    """Return by name the letters of the indices that stand apart from that of the recurrence.

    What equations define has the letters of the ranges; a parameter A[i,j] those that it is first written with.
    """
    known: dict[str, tuple[str, ...]] = {}
    for q in quantities:
        if q.further:
            slots = [n for n in range(len(q.indices)) if q.index is None or n != q.ahead]
            roots = tuple(plain(found.root(found.slots[q.name, n])) for n in slots)
            own = tuple(plain(found.slots[q.name, n]) for n in slots)
            known[q.name] = roots if q.name in defined or len(set(own)) < len(own) else own
    return known


def arranged(q: Quantity, found: Ranges, root: str | None) -> Quantity:
    """Return a quantity with the index of the recurrence ``root`` apart from those of families; in a grid all are."""
    positions = q.indices
    place = next((n for n, r in enumerate(_roots(found, q)) if r == root and root is not None), None)
    if place is None and root is not None and len(positions) == 1 and (q.name, 0) not in found.slots:
        place = 0  # read by its number alone: a layer
    if place is None:
        return Quantity(q.name, None, positions)
    return Quantity(q.name, positions[place], positions[:place] + positions[place + 1 :], place)


@dataclass(frozen=True)
class Layout:
    """The lines of a file, each quantity with the index of the recurrence apart from those of families.

    symbol: the index of the recurrence. end: the last of it, "" where it is to be found. ranges: by letter, of
    families; of all indices in a grid. letters: by name those of the indices that are no recurrence. ends: of all
    ranges; depths: those of the recurrences of a grid.
    """

    symbol: str
    statements: list[Statement]
    equations: list[Equation]
    end: str = ""
    ranges: dict[str, Span] = field(default_factory=dict)
    letters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: dict[str, Span] = field(default_factory=dict)
    ends: frozenset[str] = frozenset()
    depths: tuple[str, ...] = ()
    grid: bool = False


def arrange(statements: Sequence[Statement], equations: Sequence[Equation]) -> Layout:
    """Find what each index of a file is, and write its lines so."""
    if is_plain(statements, equations) and not branches(equations):
        symbol = next((e.target.index.symbol for e in equations if isinstance(e.target.index, Index)), "j")
        return Layout(symbol, list(statements), [_with_symbol(e, symbol) for e in equations])
    found = find_ranges(statements, equations)
    roots = recurrences(found, equations)
    grid = len(roots) > 1 or (len(roots) == 1 and not is_chain(found, equations, roots[0]))
    root = roots[0] if roots and not grid else None
    ends = frozenset[str]().union(*(found.span(r).free for r in {*found.ends, *found.declared}))
    targets = {e.target.name for e in equations}
    resolver = Resolver(found, ends.union(found.members) - targets)
    done = [arranged_equation(resolver.equation(e), found, root) for e in equations]
    lines = [_arranged_line(s, found, root, targets) for s in statements]
    known = [q for e in done for q in (e.target, *quantities(e.value))]
    known += [s.target for s in lines if isinstance(s, ShapeLine | DomainLine)]
    for e in done:
        for q in quantities(e.value):
            if q.further and q.index is None and any((q.name, n) not in found.slots for n in range(len(q.indices))):
                e.line.fail(
                    f"nothing says what the index of {q} runs through",
                    f"use an index of the left side, {e.target}, or declare one: 'i: range(1, M+1)'",
                )
    by_name = letters(found, known, targets)
    families = {(plain(r), found.span(r)) for r in found.slots.values() if found.root(r) != root}
    ranges = {letter: span._replace(symbol=letter) for letter, span in sorted(families, key=lambda f: f[0])}
    end = found.span(root).upper if root else ""
    if root and (not isinstance(end, Index) or end.offset or found.span(root).lower != 1):
        found.lines[root].fail(
            f"the steps run {_through(found.span(root))}", f"write '{plain(root)}: range(1, N+1)' with a letter N"
        )
    return Layout(
        plain(root) if root else "j",
        lines,
        done,
        end.symbol if isinstance(end, Index) else "",
        {letter: ranges[letter] for letter in sorted({x for own in by_name.values() for x in own})},
        by_name,
        {letter: found.span(r)._replace(symbol=letter) for letter, r in found.members.items()},
        ends,
        tuple(dict.fromkeys(p.symbol for r in roots if isinstance(p := found.span(r).upper, Index))) if grid else (),
        grid,
    )


def _with_symbol(e: Equation, symbol: str) -> Equation:
    """Write every step with the same index symbol."""
    if not isinstance(e.target.index, Index) or e.target.index.symbol == symbol:
        return e
    value = _moved(e.value, {e.target.index.symbol: Index(symbol)}, e.line)
    return Equation(Quantity(e.target.name, Index(symbol)), value, e.line)


def _moved(e: Expression, renames: Mapping[str, Index], line: Line) -> Expression:
    """Replace index symbols; the parts of the new expression stand where those of the old one do."""
    new = substitute(e, renames)
    pending = [(e, new)]
    while pending:
        old, moved = pending.pop()
        line.keep(old, moved)
        pending += zip(inside(old), inside(moved), strict=True)
    return new


def _arranged_line(s: Statement, found: Ranges, root: str | None, defined: Container[str]) -> Statement:
    if not isinstance(s, ShapeLine | DomainLine):
        return s
    renames = _renames(s.target, found)
    if s.target.name not in defined:
        renames = {s: p for s, p in renames.items() if root is not None and found.root(s) == root}
    target = arranged(move(s.target, renames), found, root)
    if isinstance(s, ShapeLine):
        return replace(s, target=target, shape=shape_at(s.shape, renames))
    return replace(s, target=target)


def _renames(q: Quantity, found: Ranges) -> dict[str, Index]:
    """Return what letters of a left side to write otherwise: those that others run together with."""
    roots = zip(q.indices, _roots(found, q), strict=True)
    return {
        p.symbol: Index(plain(r))
        for p, r in roots
        if isinstance(p, Index) and r and plain(r) != p.symbol and found.root(p.symbol) == r
    }


def arranged_equation(e: Equation, found: Ranges, root: str | None) -> Equation:
    """Write an equation with the letters that stand for their ranges, and each quantity as ``arranged`` does."""
    renames = _renames(e.target, found)
    target = move(e.target, renames)
    value = _moved(e.value, renames, e.line) if renames else e.value

    def written(x: Expression) -> Expression:
        return e.line.keep(x, arranged(x, found, root) if isinstance(x, Quantity) else rebuilt(x, written))

    return Equation(arranged(target, found, root), written(value), e.line)
