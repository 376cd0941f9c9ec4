"""An equation that reads X meets X at one of its indices: what it gives to the cotangent of X there.

T_j = f(X_{j-1}) meets X_l at j = l + 1, y_i = Σ_k w_k x_{i+k-1} meets x_j at i = j - k + 1; the
letters that are left are summed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Affine, Index, Position, coefficient, fresh, minus, symbols, times
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.span import Span, holds
from symgrad.algebra.substitution import move, moved
from symgrad.calculus.bound import one, spans_of
from symgrad.calculus.limits import conditions_at, limited_by, put_in, solved
from symgrad.calculus.place import Box, Interval
from symgrad.errors import NotDefined
from symgrad.network.equation import Equation

if TYPE_CHECKING:
    from symgrad.calculus.readers import Readers


@dataclass(frozen=True)
class Back:
    """Σ over the sums of mapᵀ g: what reads X gives this to its cotangent, for the indices of X in the box.

    source: what g is: the cotangent of a quantity, or the sum of what its own readers give.
    """

    map: LinearMap
    source: Quantity | tuple[Back, ...]
    sums: tuple[Span, ...]
    box: Box

    def at(self, bindings: Mapping[str, Position]) -> Back:
        """Return the same with index symbols replaced."""
        sums, inner = [], dict(bindings)
        for span in self.sums:
            moved, within = span.at(inner, self._free)
            sums.append(moved)
            inner = dict(within)
        source = self.source
        new = move(source, inner) if isinstance(source, Quantity) else tuple(b.at(inner) for b in source)
        return Back(map_tree.at_index(self.map, inner), new, tuple(sums), self.box)

    def _free(self) -> set[str]:
        leaves = (symbols(q.indices) for q in self.leaves)
        return set(map_tree.free_symbols(self.map)).union(*leaves)

    @property
    def leaves(self) -> Iterator[Quantity]:
        """The quantities whose cotangents are pulled back."""
        if isinstance(self.source, Quantity):
            yield self.source
        else:
            for b in self.source:
                yield from b.leaves


@dataclass
class Meeting:
    """An equation that reads X[j-1] meets X[l] at j = l + 1; the letters that are left are summed over."""

    readers: Readers
    equation: Equation
    key: Quantity
    map: LinearMap
    spans: dict[str, Interval]
    bound: dict[str, Position] = field(default_factory=dict)
    box: list[Interval] = field(default_factory=list)

    def back(self) -> Back:
        """Return what the equation gives to the cotangent of X."""
        at_depth, own = self.readers.at_depth, self.readers.symbols(self.key.name)
        read = move(one(self.key), at_depth)
        under = {s.symbol: span_at(s, at_depth) for s in spans_of(self.key)}
        if any(isinstance(p, Affine) for p in read.indices) or self._is_limited(under):
            return self._solved(read, own, under)
        for p, symbol in zip(read.indices, own, strict=True):
            self._bind(p, symbol, under)
        letters = {s: Span(s, i.lower, i.upper) for s, i in self.spans.items() if s not in self.bound}
        letters |= {s: span for s, span in under.items() if s not in self.bound}
        for s, span in under.items():
            if s in self.bound:
                self._within(span, letters)
        sums = []
        taken = {*own, *self.spans, *under, *self.readers.network.names}
        for symbol, span in letters.items():
            if span.lower == span.upper and not span.without:
                self.bound[symbol] = _here(span.lower)
                continue
            letter = fresh("k", taken) if symbol in own else symbol
            taken.add(letter)
            self.bound[symbol] = Index(letter)
            sums.append(span._replace(symbol=letter))
        bound = {s: p for s, p in self.bound.items() if p != Index(s)}
        sums = [s._replace(lower=_here(put(s.lower, bound)), upper=_here(put(s.upper, bound))) for s in sums]
        sums = [s._replace(without=tuple(_here(put(w, bound)) for w in s.without)) for s in sums]
        m = map_tree.at_index(map_tree.at_index(self.map, at_depth), bound)
        return Back(m, move(move(self.equation.target, at_depth), bound), tuple(sums), tuple(self.box))

    def _solved(self, read: Quantity, own: tuple[str, ...], under: Mapping[str, Span]) -> Back:
        """Meet X[j] at i + k - 1 = j: one letter is found, i = j - k + 1, and its range limits the others."""
        at_depth = self.readers.at_depth
        left = [*(Span(s, i.lower, i.upper) for s, i in self.spans.items()), *under.values()]
        about_x: list[Position] = []
        self.box = [self._place(n, p) for n, p in enumerate(read.indices)]
        known = {f"'{s}": Span(f"'{s}", *i) for s, i in zip(own, self.box, strict=True)}
        for p, symbol in zip(read.indices, own, strict=True):
            letters = {s.symbol for s in left}
            p, r = put(p, self.bound), Index(f"'{symbol}")
            if not letters & symbols((p,)):
                if any(s.startswith("'") for s in symbols((p,))):
                    what, todo = f"{one(self.key)} has one index twice", "give the two indices letters of their own"
                    raise NotDefined(what, todo=todo)
                continue  # a number, or the end of a range: the box says so
            found = solved(p, r, left)
            if found is None:
                left = limited_by(left, (minus(p, r), minus(r, p)), known, about_x.append)
                continue
            letter, at = found
            conditions = conditions_at(letter, at)
            here = {letter.symbol: at}
            left = [put_in(s, here) for s in left if s is not letter]
            self.bound = {s: put(q, here) for s, q in self.bound.items()} | here
            left = limited_by(left, conditions, known, about_x.append)
        left = self._about_x(about_x, left)
        taken = {*own, *self.spans, *under, *self.readers.network.names}
        names: dict[str, Position] = {}
        for s in left:
            if s.lower == s.upper and not s.within:
                names[s.symbol] = s.lower
            elif s.symbol in own:
                letter_name = fresh("k", taken)
                taken.add(letter_name)
                names[s.symbol] = Index(letter_name)
        sums = [put_in(s, names) for s in left if not (s.symbol in names and s.lower == s.upper and not s.within)]
        sums = [_renamed(s, names) for s in sums]
        bound = {s: put(p, names) for s, p in self.bound.items()} | names
        back: dict[str, Position] = {f"'{s}": Index(s) for s in own}
        m = map_tree.at_index(map_tree.at_index(map_tree.at_index(self.map, at_depth), bound), back)
        source = move(move(move(self.equation.target, at_depth), bound), back)
        return Back(m, source, tuple(put_in(s, back) for s in sums), tuple(self.box))

    def _is_limited(self, under: Mapping[str, Span]) -> bool:
        """Tell whether where sums end depends on other letters, k = 0, ..., t."""
        letters = {*self.spans, *under}
        depends = any(s.within or letters & symbols((s.lower, s.upper)) for s in under.values())
        return depends and not any(s.without for s in under.values())

    def _place(self, n: int, p: Position) -> Interval:
        """Return where X may be read at an index: of a sum of letters anywhere, for its sums say where."""
        found = self.readers.read_at(p, self.spans, self.key)
        under = {s.symbol: span_at(s, self.readers.at_depth) for s in spans_of(self.key)}
        letters = {**{s: Span(s, i.lower, i.upper) for s, i in self.spans.items()}, **under}
        if not self.readers.network.compound or not letters.keys() & symbols((p,)):
            return found
        q = self.readers.network.general(self.readers.network.example(self.key.name))
        whole = self.readers.range_of(q)
        if whole is None:
            spans = list(self.readers.network.extents(q))
            if q.index is not None:
                spans.insert(q.ahead, Span("", *found))
            whole = tuple(self.readers.interval(s) for s in spans)
        lower = whole[n].lower if holds(minus(p, whole[n].lower), letters) else (found | whole[n]).lower
        upper = whole[n].upper if holds(minus(whole[n].upper, p), letters) else (found | whole[n]).upper
        return Interval(lower, upper)

    def _about_x(self, conditions: list[Position], left: list[Span]) -> list[Span]:
        """Limit where X is read by what is 0 or more of its indices alone; where that depends on sizes, in a sum."""
        own_symbols = self.readers.symbols(self.key.name)
        for w in conditions:
            own = [s for s in symbols((w,)) if s.startswith("'")]
            n = own_symbols.index(own[0].removeprefix("'")) if len(own) == 1 else 0
            c = coefficient(w, own[0]) if len(own) == 1 else 0
            if abs(c) == 1:
                end = times(-c, minus(w, times(c, Index(own[0]))))
                known = self.box[n].lower if c > 0 else self.box[n].upper
                gap = minus(end, known)
                if not left or holds(gap, {}) or holds(times(-1, gap), {}):
                    self.box[n] &= Interval(end, self.box[n].upper) if c > 0 else Interval(self.box[n].lower, end)
                    continue
            if not left:
                raise NotDefined(f"where {one(self.key)} is read is not the same for each of its indices")
            left = [*left[:-1], left[-1]._replace(within=(*left[-1].within, w))]
        return left

    def _bind(self, p: Position, symbol: str, under: Mapping[str, Span]) -> None:
        if not isinstance(p, Index) or p.symbol not in (*self.spans, *under):
            self.box.append(Interval(p, p))
        elif p.symbol in self.bound:
            raise NotDefined(f"{one(self.key)} has one index twice", todo="give the two indices letters of their own")
        else:
            self.bound[p.symbol] = Index(symbol, -p.offset)
            self.box.append(self.readers.read_at(p, self.spans, self.key))

    def _within(self, span: Span, letters: dict[str, Span]) -> None:
        """Limit the letters that are left, where the range of one that is known depends on them: Σ_t Σ_{k≤t}."""
        known = _apart(self.bound[span.symbol])
        for end, is_upper in ((span.lower, False), (span.upper, True)):
            if not isinstance(end, Index) or end.symbol not in letters:
                if isinstance(end, Index) and end.symbol in self.bound:
                    raise NotDefined(f"a sum whose range depends on another index of {one(self.key)}")
                continue
            other, p = letters[end.symbol], known - end.offset
            if is_upper and other.lower != p:
                letters[end.symbol] = other._replace(lower=p)
            elif not is_upper:
                letters[end.symbol] = other._replace(upper=p)
        for w in span.without:
            if isinstance(w, Index) and w.symbol in letters:
                other = letters[w.symbol]
                letters[w.symbol] = other._replace(without=(*other.without, known - w.offset))
            else:
                raise NotDefined(f"a sum that leaves out what is an index of {one(self.key)}")


def _renamed(s: Span, names: Mapping[str, Position]) -> Span:
    name = names.get(s.symbol)
    return s._replace(symbol=name.symbol) if isinstance(name, Index) else s


def _apart(p: Position) -> Position:
    """Return an index of X under a name that no letter of the equation has: its i may be another i."""
    return Index(f"'{p.symbol}", p.offset) if isinstance(p, Index) else p


def _here(p: Position) -> Position:
    return Index(p.symbol.removeprefix("'"), p.offset) if isinstance(p, Index) else p


def span_at(s: Span, bindings: Mapping[str, Position]) -> Span:
    """Replace letters in a span; its own gives way to what is put in."""
    return s.at(bindings, frozenset)[0]


def put(p: Position, bindings: Mapping[str, Position]) -> Position:
    """Replace letters in an index."""
    return moved((p,), bindings)[0]
