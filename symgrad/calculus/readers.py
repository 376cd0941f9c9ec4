"""What reads a quantity: for X_i, the equations that read it, at which of their indices, and for which i.

An equation T_j = f(X_{j-1}, ...) for j = 1, ..., L reads X_i at j = i + 1, for i = 0, ..., L - 1. What has no number
then is summed over: W, which each step reads, has Σ_j. Of a sum, C = Σ_t ℓ(s_t), the term reads s_i at t = i.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Affine, Index, Position, coefficient, fresh, minus, symbols, times
from symgrad.algebra.linear_map import Compose, IndexedSum, LinearMap, Sum
from symgrad.algebra.span import Span, holds, reach
from symgrad.algebra.substitution import move, moved, substitute
from symgrad.calculus.bound import one, spans_of
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.limits import conditions_at, limited_by, put_in, solved
from symgrad.calculus.place import Box, Interval
from symgrad.errors import NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network


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


class Readers:
    """The readers of the quantities of one network, as far as the number ``of`` depends on them."""

    def __init__(self, network: Network, of: Quantity, depth: int | None) -> None:
        self.network, self.of, self.depth = network, of, depth
        ends = network.depths if network.grid else (network.depth_symbol,)
        self.at_depth: dict[str, Position] = {} if depth is None else dict.fromkeys(ends, depth)
        self.supports = self._supports()

    # --- where things are -----------------------------------------------------------------------------

    def spans(self, e: Equation) -> dict[str, Interval]:
        """Return what the index symbols of an equation run through."""
        return {s.symbol: self._interval(s) for s in self.network.free(e)}

    def _interval(self, s: Span) -> Interval:
        lower, upper = (self._end(p) for p in (s.lower, s.upper))
        return Interval(lower, upper)

    def _end(self, p: Position) -> Position:
        return _put(p, self.at_depth)

    def range_of(self, q: Quantity) -> Box | None:
        """Return for which indices an equation defines a quantity that is written by its symbols; None for none."""
        for e in self.network.by_name.get(q.name, ()):
            spans = self.spans(e)
            if all(
                isinstance(p, Index) == isinstance(r, Index) for p, r in zip(e.target.indices, q.indices, strict=True)
            ):
                return tuple(self._read(p, spans, e.target) for p in e.target.indices)
        return None

    def here(self, e: Equation) -> Equation:
        """Return an equation at the depth; that of a network of one layer at this layer."""
        at: dict[str, Position] = {s: i.lower for s, i in self.spans(e).items() if i.point}
        at |= self.at_depth
        return replace(e, target=move(e.target, at), value=substitute(e.value, at)) if at else e

    def general(self, q: Quantity) -> Quantity:
        """Return a quantity with the letters of its name in the place of its symbols: x[l,i] for x[l,k]."""
        known = self.network.general(self.network.example(q.name))
        pairs = list(zip(known.indices, q.indices, strict=True))
        return _with_indices(known, tuple(p if isinstance(r, Index) else r for p, r in pairs))

    def symbols(self, name: str) -> tuple[str, ...]:
        """Return the symbols by which the indices of a quantity are written."""
        known = self.network.general(self.network.example(name))
        return tuple(p.symbol if isinstance(p, Index) else f"'{n}" for n, p in enumerate(known.indices))

    def _live(self, e: Equation, supports: Mapping[str, Box]) -> dict[str, Interval] | None:
        """Return for which of its indices an equation acts on ``of``; None for none."""
        spans = self.spans(e)
        if e.target.name not in supports:
            return None
        for p, support in zip(e.target.indices, supports[e.target.name], strict=True):
            if isinstance(p, Index) and p.symbol in spans:
                spans[p.symbol] &= support.moved(-p.offset)
                if spans[p.symbol].empty:
                    return None
            elif not support.holds(Interval(p, p)):
                return None
        return spans

    def _supports(self) -> dict[str, Box]:
        """Return for each name at which indices ``of`` may depend on it; what grows without end grows to its end."""
        equations = self.network.equations
        found: dict[str, Box] = {self.of.name: tuple(Interval(p, p) for p in self.of.indices)}
        for turn in range(4 * len(equations) + 8):
            before = dict(found)
            for e in reversed(equations):
                spans = self._live(e, found)
                if spans is None:
                    continue
                for key in local_jacobian(self.network, e):
                    q = move(one(key), self.at_depth)
                    box = tuple(self._read(p, spans, key) for p in q.indices)
                    known = found.get(q.name)
                    grown = box if known is None else tuple(a | b for a, b in zip(known, box, strict=True))
                    if turn > len(equations) + 2 and grown != known:
                        whole = tuple(self._read(p, self.spans(e), key) for p in q.indices)
                        grown = tuple(_grown(a, b, w) for a, b, w in zip(known or grown, grown, whole, strict=True))
                    found[q.name] = grown
            if found == before:
                return found
        raise NotDefined(f"where {self.of} depends on its network is not found", todo="give the depth as a number")

    def _read(self, p: Position, spans: Mapping[str, Interval], key: Quantity) -> Interval:
        """Return where a quantity is read whose index is p."""
        if isinstance(p, Affine):
            letters = {s: Span(s, i.lower, i.upper) for s, i in spans.items()}
            return Interval(*reach(p, {**letters, **{s.symbol: _span_at(s, self.at_depth) for s in spans_of(key)}}))
        within = dict(spans)
        for s in spans_of(key):
            lower, upper = (_reached(self._end(e), within, n) for n, e in enumerate((s.lower, s.upper)))
            within[s.symbol] = Interval(lower, upper)
        if isinstance(p, Index) and p.symbol in within:
            return within[p.symbol].moved(p.offset)
        return Interval(p, p)

    # --- who reads X ----------------------------------------------------------------------------------

    def of_name(self, name: str) -> list[Back]:
        """Return what reads a quantity, its indices written by its symbols."""
        found = [_Meeting(self, e, key, m, dict(spans)).back() for e, key, m, spans in self._reads.get(name, ())]
        return [Back(m, b.source, (*b.sums, *spans), b.box) for b in found for spans, m in _terms(b.map)]

    @cached_property
    def _reads(self) -> dict[str, list[tuple[Equation, Quantity, LinearMap, dict[str, Interval]]]]:
        """By the name of what is read: the equation, how it reads it, by which map, and for which of its indices."""
        found: dict[str, list[tuple[Equation, Quantity, LinearMap, dict[str, Interval]]]] = {}
        for e in self.network.equations:
            spans = self._live(e, self.supports)
            for key, m in local_jacobian(self.network, e).items() if spans is not None else ():
                if m != M.ZERO and spans is not None:
                    found.setdefault(key.name, []).append((e, key, m, spans))
        return found


@dataclass
class _Meeting:
    """An equation that reads X[j-1] meets X[l] at j = l + 1; the letters that are left are summed over."""

    readers: Readers
    equation: Equation
    key: Quantity
    map: LinearMap
    spans: dict[str, Interval]
    bound: dict[str, Position] = field(default_factory=dict)
    box: list[Interval] = field(default_factory=list)

    def back(self) -> Back:
        at_depth, own = self.readers.at_depth, self.readers.symbols(self.key.name)
        read = move(one(self.key), at_depth)
        under = {s.symbol: _span_at(s, at_depth) for s in spans_of(self.key)}
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
        sums = [s._replace(lower=_here(_put(s.lower, bound)), upper=_here(_put(s.upper, bound))) for s in sums]
        sums = [s._replace(without=tuple(_here(_put(w, bound)) for w in s.without)) for s in sums]
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
            p, r = _moved(p, self.bound), Index(f"'{symbol}")
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
            self.bound = {s: _moved(q, here) for s, q in self.bound.items()} | here
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
        bound = {s: _moved(p, names) for s, p in self.bound.items()} | names
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
        found = self.readers._read(p, self.spans, self.key)
        under = {s.symbol: _span_at(s, self.readers.at_depth) for s in spans_of(self.key)}
        letters = {**{s: Span(s, i.lower, i.upper) for s, i in self.spans.items()}, **under}
        if not self.readers.network.compound or not letters.keys() & symbols((p,)):
            return found
        q = self.readers.network.general(self.readers.network.example(self.key.name))
        whole = self.readers.range_of(q)
        if whole is None:
            spans = list(self.readers.network.extents(q))
            if q.index is not None:
                spans.insert(q.ahead, Span("", *found))
            whole = tuple(self.readers._interval(s) for s in spans)
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
            self.box.append(self.readers._read(p, self.spans, self.key))

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


def _terms(m: LinearMap) -> list[tuple[tuple[Span, ...], LinearMap]]:
    """Return a map with sums over an index as its terms, each with the sums that it stands under."""
    if not any(isinstance(x, IndexedSum) for x in map_tree.parts(m)):
        return [((), m)]
    match m:
        case IndexedSum():
            return [((m.range, *spans), x) for spans, x in _terms(m.body)]
        case Sum(maps):
            return [t for x in maps for t in _terms(x)]
        case Compose(maps):
            found: list[tuple[tuple[Span, ...], LinearMap]] = [((), M.IDENTITY)]
            for x in maps:
                found = [((*s, *r), M.compose(y, z)) for s, y in found for r, z in _terms(x)]
            return found
    return [((), m)]


def _span_at(s: Span, bindings: Mapping[str, Position]) -> Span:
    return s.at(bindings, frozenset)[0]


def _renamed(s: Span, names: Mapping[str, Position]) -> Span:
    name = names.get(s.symbol)
    return s._replace(symbol=name.symbol) if isinstance(name, Index) else s


def _moved(p: Position, bindings: Mapping[str, Position]) -> Position:
    return moved((p,), bindings)[0]


def _put(p: Position, bindings: Mapping[str, Position]) -> Position:
    return _moved(p, bindings)


def _apart(p: Position) -> Position:
    """Return an index of X under a name that no letter of the equation has: its i may be another i."""
    return Index(f"'{p.symbol}", p.offset) if isinstance(p, Index) else p


def _here(p: Position) -> Position:
    return Index(p.symbol.removeprefix("'"), p.offset) if isinstance(p, Index) else p


def _reached(p: Position, within: Mapping[str, Interval], upper: int) -> Position:
    """Return the first, or the last, that an end is which depends on a letter."""
    if isinstance(p, Index) and p.symbol in within:
        return within[p.symbol][upper] + p.offset
    if isinstance(p, Affine):
        return reach(p, {s: Span(s, i.lower, i.upper) for s, i in within.items()})[upper]
    return p


def _with_indices(known: Quantity, indices: tuple[Position, ...]) -> Quantity:
    if known.index is None:
        return Quantity(known.name, None, indices)
    n = known.ahead
    return Quantity(known.name, indices[n], indices[:n] + indices[n + 1 :], n)


def _grown(known: Interval, grown: Interval, whole: Interval) -> Interval:
    """Let the ends that have moved go to their ends at once."""
    lower = known.lower if known.lower == grown.lower else whole.lower
    upper = known.upper if known.upper == grown.upper else whole.upper
    return Interval(lower, upper) | grown
