"""JAX's loops: each loop over steps is one function and a ``lax.scan``, or a ``vmap`` where no step reads another.

A scan carries what the next step reads, and stacks what others read; so all layers or steps must be of one shape. A
program that is not so simple is written without scans.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.index import Index, Position, difference, minus
from symgrad.algebra.shape import Shape
from symgrad.algebra.span import Span
from symgrad.code.given import Given
from symgrad.code.loops import Block, Loop
from symgrad.code.program import Program
from symgrad.code.rolled import readings
from symgrad.code.source import Source
from symgrad.code.task import COTANGENT, VALUE, Key, Read, Task
from symgrad.code.writer import Writer
from symgrad.errors import NotDefined


@dataclass(frozen=True)
class Piece:
    """A variable that holds one step of a key, or as an array all from the first to the last."""

    name: str
    first: Position
    last: Position | None = None


class NotScanned(NotDefined):
    """A program that is written without scans."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} in a scan", todo="write the program without scans")


class ScanWriter(Writer):
    """Writes expressions whose indexed quantities lie in arrays, or are carried."""

    pieces: dict[Key, list[Piece]]
    local: dict[Key, tuple[str, int]]
    """What a step function computes or carries: its index, and which way the step before lies."""

    def access(self, kind: str, q: Quantity) -> str:
        """Return how a quantity, or its cotangent, is read or written."""
        if not q.indices:
            return super().access(kind, q)
        if len(q.indices) > 1:
            raise NotScanned(f"{q} is read")
        [p], key = q.indices, (kind, q.name)
        if key in self.local:
            symbol, before = self.local[key]
            if difference(p, Index(symbol)) not in (0, before):
                raise NotScanned(f"{q} is read")
            return self.table(kind, q.name)
        pieces = self.pieces.get(key, [])
        for piece in pieces:
            if piece.last is None and difference(p, piece.first) == 0:
                return piece.name
        arrays = [x for x in pieces if x.last is not None]
        if len(arrays) != 1:
            raise NotScanned(f"{q} is read")
        return f"{arrays[0].name}[{self.position(minus(p, arrays[0].first)).text}]"

    def sizes_of(self, q: Quantity) -> str:
        """Return what has the shape of a quantity as its last axes."""
        if not q.indices:
            return super().sizes_of(q)
        pieces = self.pieces.get((VALUE, q.name), [])
        if not pieces:
            raise NotScanned(f"the size of {q} is read")
        return pieces[-1].name

    def total(self, spans: tuple[Span, ...], body: Expression, function: str, shape: Shape) -> Source:
        """Return Σ over a span of an expression, for all its values at once."""
        if len(spans) != 1:
            raise NotScanned("a sum over two letters stands")
        term, lines = self.captured(body)
        if lines:
            raise NotScanned("a sum of several lines stands")
        over = self.along(spans[0], self.A.whole(term).text)
        return Source(f"{over}.{'sum' if function == 'sum' else 'prod'}(0)", shape)

    def along(self, s: Span, text: str) -> str:
        """Return a value for each value of a letter, as one array: part of an array where it is read step by step."""
        if s.within or s.without:
            raise NotScanned(f"{s} stands")
        letter = self.letter(s.symbol)
        read = re.fullmatch(rf"(\w+)\[{letter}(?: ([+-]) (\d+))?\]", text)
        if read:
            shift = int(f"{read[2] or '+'}{read[3] or 0}")
            low, high = self.position(s.lower + shift).text, self.position(s.upper + shift + 1).text
            return f"{read[1]}[{'' if low == '0' else low}:{high}]"
        return f"jax.vmap(lambda {letter}: {text})({self.numbers(s)})"

    def numbers(self, s: Span) -> str:
        """Return the numbers of a range as an array."""
        return f"jnp.arange({self.position(s.lower).text}, {self.position(s.upper + 1).text})"


class GivenArrays(Given):
    """Takes each argument as an array, its layers on the first axis."""

    def take(self, a: object) -> None:
        """Write the line that takes an argument with indices."""
        w, q, name = self.w, a.q, a.name  # type: ignore[attr-defined]
        w.line(f"{name} = {w.backend.array.format(name)}")
        spans = a.open  # type: ignore[attr-defined]
        piece = Piece(name, spans[0].lower, spans[0].upper) if spans else Piece(name, q.indices[0])
        w.pieces.setdefault((VALUE, q.name), []).append(piece)  # type: ignore[attr-defined]


class Scanned(Program):
    """A program whose loops are scans."""

    writer = ScanWriter
    takes = GivenArrays
    w: ScanWriter

    def text(self) -> str:
        """Return the whole program; NotDefined where a loop is not so simple."""
        self.w.pieces, self.w.local, self.w.rolled = {}, {}, frozenset()
        every = [*(t.target for t in (*self.forward, *self.backward)), *(a.q for a in self.given)]
        for q in every:
            sizes = self.network.shape(q)
            if len(q.indices) > 1 or any(not isinstance(d, int) and (d.index is not None or d.terms) for d in sizes):
                raise NotScanned(f"{q} stands")
        self.w.sized = frozenset(a.q.name for a in self.given)
        return super().text()

    def _blocks(self, blocks: list[Block]) -> None:
        for b in blocks:
            if isinstance(b, Loop):
                self._loop(b)
                continue
            if b.positions:
                name = self.w.names("piece", f"{self.w.table(*b.key)}_{b.positions[0]}")
                self.w.pieces.setdefault(b.key, []).append(Piece(name, b.positions[0]))
            self._task(b)

    def _loop(self, loop: Loop) -> None:
        """Write the function of one step, and the scan that applies it."""
        w, body = self.w, [b for b in loop.body if isinstance(b, Task)]
        keys = [t.key for t in body]
        if len(body) < len(loop.body) or len(set(keys)) < len(keys) or any(len(t.spans) != 1 for t in body):
            raise NotScanned(f"a loop over {loop.span} stands")
        before, letter = (1 if loop.down else -1), w.letter(loop.span.symbol)
        carried = [t for t in body if self._is_carried(t, body, loop.span.symbol, before) or t.spans[0] != loop.span]
        start = [self._start(t, loop) for t in carried]
        uses = {t.key: self._use(t, loop, t in carried) for t in body}
        step, state = w.names.new("step"), _tuple([w.table(*t.key) for t in carried])
        stacked = [t for t in body if uses[t.key] == "all"]
        given = _tuple([w.table(*t.key) for t in stacked])
        if w.lines[-1] and not w.lines[-1].startswith("#"):
            w.gap()
        w.local = dict.fromkeys(keys, (loop.span.symbol, before))
        with w.block(f"def {step}({f'{state}, ' if len(carried) == 1 else 'state, ' if carried else ''}{letter}):"):
            if len(carried) > 1:
                w.line(f"{state} = state")
            for t in body:
                self._step(t, loop, t in carried)
            w.line(f"return {f'{state}, ' if carried else ''}{given}")
        w.local = {}
        w.gap()
        numbers = w.numbers(loop.span)
        if carried:
            ends = _tuple([w.table(*t.key) if uses[t.key] == "last" else "_" for t in carried])
            ends = "_" if set(ends) <= set("(_, )") else ends
            last = f"iterated({step}, {_tuple(start)}, {numbers}{', reverse=True' if loop.down else ''})"
            w.line(f"{ends}, {given if stacked else '_'} = {last}")
        else:
            w.line(f"{given} = jax.vmap({step})({numbers})")
        for t in body:
            self._keep(t, loop, uses[t.key])
        w.gap()

    def _is_carried(self, t: Task, body: list[Task], symbol: str, before: int) -> bool:
        """Tell whether a step reads the value of the step before; refuse what a variable cannot hold."""
        found = False
        for n, reader in enumerate(body):
            for r in reader.reads:
                if r.key == t.key:
                    gap = difference(r.positions[0], Index(symbol))
                    if r.sums or gap not in (0, before) or (gap == 0) != (n > body.index(t)):
                        raise NotScanned(f"{t.target} is read")
                    found |= gap != 0
        return found

    def _entry(self, t: Task, loop: Loop) -> Position:
        """Return the step before the first."""
        return t.spans[0].upper + 1 if loop.down else t.spans[0].lower - 1

    def _start(self, t: Task, loop: Loop) -> str:
        """Return what a scan carries into its first step: 0 where nothing that the first step computes reads it."""
        try:
            return self.w.access(t.key[0], t.target.at(self._entry(t, loop)))
        except NotScanned:
            first = loop.span.upper if loop.down else loop.span.lower
            for reader in loop.tasks:
                begin = reader.spans[0].upper if loop.down else reader.spans[0].lower
                if difference(begin, first) == 0 and any(
                    r.key == t.key and self._is_before(r, loop) for r in reader.reads
                ):
                    raise
            sizes = "".join(f"{self.w.size(d).text}, " for d in self.network.shape(t.target))
            return f"jnp.zeros(({sizes.rstrip()}))"

    @staticmethod
    def _is_before(r: Read, loop: Loop) -> bool:
        return difference(r.positions[0], Index(loop.span.symbol)) != 0

    def _use(self, t: Task, loop: Loop, is_carried: bool) -> str:
        """Return what is read of a key afterwards: "none", "last", or "all" of its steps."""
        blocks = [*self.blocks[0], *self.blocks[1]]
        last = t.spans[0].lower if loop.down else t.spans[0].upper
        outside = [(u, r) for u, r in readings(blocks, t.key, self.results) if u is None or u not in loop.body]
        if not outside:
            return "none"
        ends = all(not (u and u.spans) and not r.sums and difference(r.positions[0], last) == 0 for u, r in outside)
        return "last" if ends and is_carried else "all"

    def _step(self, t: Task, loop: Loop, is_carried: bool) -> None:
        w, s, text = self.w, t.spans[0], self._value(t)
        name = w.table(*t.key)
        if s != loop.span:
            low, high = (s.lower, loop.span.upper) if loop.down else (loop.span.lower, s.upper)
            same = difference(low, loop.span.lower) == difference(high, loop.span.upper) == 0
            first = loop.span.upper if loop.down else loop.span.lower
            if not same or not is_carried or difference(first, self._entry(t, loop)) != 0:
                raise NotScanned(f"{t.target} for {s} stands")
            text = f"jnp.where({self._within(s, loop.span)}, {text}, {name})"
        w.line(f"{name} = {text}")

    def _keep(self, t: Task, loop: Loop, use: str) -> None:
        """Note where the steps of a key lie after the loop, together with what was known before."""
        w, s = self.w, t.spans[0]
        known, name = w.pieces.setdefault(t.key, []), w.table(*t.key)
        if use == "last":
            known.append(Piece(name, s.lower if loop.down else s.upper))
        if use != "all":
            return
        whole, entry = loop.span, self._entry(t, loop)
        beside = [x for x in known if x.last is None and difference(x.first, entry) == 0]
        if len(beside) < len(known):
            raise NotScanned(f"{t.target} is known in several parts")
        if beside and s == loop.span:
            w.line(f"{name} = extended({beside[0].name}, {name}{', last=True' if loop.down else ''})")
            whole = Span(s.symbol, s.lower, entry) if loop.down else Span(s.symbol, entry, s.upper)
        w.pieces[t.key] = [Piece(name, whole.lower, whole.upper)]

    def _stack(self, span: Span, text: str) -> str:
        return self.w.along(span, text)

    def _open_result(self, q: Quantity, spans: list[Span]) -> str:
        [span] = spans
        text = self.w.along(span, self.w.access(COTANGENT, q))
        [piece] = [x for x in self.w.pieces[COTANGENT, q.name] if x.last is not None]
        whole = difference(piece.first, span.lower) == 0 and difference(piece.last or 0, span.upper) == 0
        return piece.name if whole else text


def _tuple(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"
