"""A derivation as a program: one function for the forward pass, the backward equations and the gradients."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from symgrad.algebra.expression import Apply, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, difference, symbols
from symgrad.algebra.shape import Shape
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.equations.backward_equation import BackwardPass, Summand
from symgrad.calculus.normal.term import ONE
from symgrad.calculus.values.values import value_name
from symgrad.code.backend import Backend, helpers_in
from symgrad.code.check import check_lines
from symgrad.code.given import Given, arguments
from symgrad.code.loops import Block, Loop, ordered
from symgrad.code.names import Names
from symgrad.code.rolled import is_rolled, tasks
from symgrad.code.source import Source
from symgrad.code.task import COTANGENT, VALUE, Key, Read, Task, backward_tasks, by_outputs, forward_tasks
from symgrad.code.words import comment, docstring
from symgrad.code.writer import Writer
from symgrad.network.network import Network
from symgrad.ops.linear import OUTER


class Program:
    """The tasks of a program and the lines that they become."""

    writer: type[Writer] = Writer
    takes: type[Given] = Given

    def __init__(
        self,
        equations: BackwardPass,
        backend: Backend,
        jacobian: Quantity | None = None,
        at: Quantity | None = None,
    ) -> None:
        self.equations, self.backend, self.jacobian, self.at = equations, backend, jacobian, at
        self.network = equations.network
        self.w = self.writer(self.network, backend, Names(frozenset(backend.helpers)))
        self.backward = [by_outputs(t, self.w.output) for t in backward_tasks(equations)]
        read = {r.key[1] for t in self.backward for r in t.reads if r.key[0] == VALUE}
        asked = {t.target.name for t in self.backward if t.asked}
        self.seed = _seed(self.network, equations.of) if jacobian is not None else ""
        of = (jacobian or equations.of).name
        self.forward = forward_tasks(self.network, {of, *read} - {self.seed})
        self.blocks = ordered(self.forward), ordered(self.backward)
        both = [*self.forward, *self.backward]
        read = ({r.key[1] for t in both for r in t.reads if r.key[0] == VALUE} | asked | {of}) - {self.seed}
        self.given = arguments(self.w, frozenset(read))
        self.w.rolled = self._rolled()
        rolled = {name for kind, name in self.w.rolled if kind == VALUE}
        self.w.sized = frozenset((*(a.q.name for a in self.given), *(t.target.name for t in self.forward))) - rolled

    def _rolled(self) -> frozenset[Key]:
        """Return what is read by its own step and by the next alone."""
        blocks = [*self.blocks[0], *self.blocks[1]]
        given = {(VALUE, a.q.name) for a in self.given}
        keys = {t.key for b in blocks for t in tasks(b) if t.positions}
        return frozenset(key for key in keys if is_rolled(blocks, key, self.results, given))

    @cached_property
    def results(self) -> list[Read]:
        """What the program returns."""
        of, asked = self.jacobian or self.equations.of, [*self.equations.asked, *([self.at] if self.at else [])]
        return [Read((VALUE, of.name), of.indices), *(Read((COTANGENT, q.name), q.indices) for q in asked)]

    def text(self) -> str:
        """Return the whole program."""
        w = self.w
        letters = frozenset(x for t in (*self.forward, *self.backward) for x in _letters(t))
        given = self.takes(w, self.given, letters - frozenset(self.network.members), self.equations.depth)
        for a in self.equations.assumptions:
            self._assume(a)
        w.gap()
        w.line(comment("forward"))
        self._blocks(self.blocks[0])
        w.gap()
        w.line(comment("backward"))
        if self.jacobian is not None:
            self._write_seed(self.jacobian)
        self._blocks(self.blocks[1])
        w.gap()
        self._results()
        names = [a.name for a in self.given]
        members = [w.letter(x) for x in self.network.members]
        own = [*names, *members, *(w.letter(x) for x in given.asked), *self.open_letters.values(), *w.open]
        body = w.lines
        head = [f"def gradients({', '.join(own)}):", *docstring(self, self.given)]
        function = "\n".join([*head, *("    " + x if x else "" for x in body)])
        test = "\n".join(check_lines(self, given.asked))
        parts = [
            "\n".join(self.backend.imports),
            *helpers_in(self.backend, function),
            function,
            *([test] if test else []),
        ]
        text = "\n\n\n".join(parts) + "\n"
        return text if "math." in text.replace("import math", "") else text.replace("import math\n\n", "", 1)

    @cached_property
    def open_letters(self) -> dict[str, str]:
        """The arguments that say which step or member is wanted."""
        ends = {self.network.depth_symbol, *self.network.depths}
        open_ = symbols(self.at.indices) - ends if self.at is not None else ()
        return {x: self.w.names("asked", x) for x in sorted(open_)}

    def _write_seed(self, of: Quantity) -> None:
        """Write the seeds: a unit array for each entry of the array."""
        sizes = [self.w.size(d) for d in self.network.shape(of)]
        count = sizes[0] if len(sizes) == 1 else sizes[0] * sizes[1]
        eye = self.backend.call("eye", count.text)
        shape = ", ".join(x.text for x in (*sizes, *sizes))
        seed = self.w.table(VALUE, self.seed)
        self.w.line(f"{seed} = {eye}" if len(sizes) == 1 else f"{seed} = {eye}.reshape({shape})")

    def _assume(self, a: object) -> None:
        if isinstance(a, Assumption):
            left, right = self.w.position(a.larger).text, self.w.position(a.smaller).text
            with self.w.block(f"if not {left} >= {right}:"):
                self.w.line(f'raise ValueError("these equations hold for {left} >= {right}")')

    # --- statements -----------------------------------------------------------------------------------

    def _blocks(self, blocks: list[Block]) -> None:
        tables = dict.fromkeys(t.key for b in blocks for t in tasks(b) if t.positions and t.key not in self.w.rolled)
        for kind, name in tables:
            own = self.w.table(kind, name)
            if kind == COTANGENT or not any(a.q.name == name and a.q.indices for a in self.given):
                self.w.line(f"{own} = {{}}")
        for b in blocks:
            self._block(b, {})

    def _block(self, b: Block, around: dict[str, Span]) -> None:
        if isinstance(b, Loop):
            s, w = b.span, self.w
            head = f"for {w.letter(s.symbol)} in {self._range(s, b.down)}:"
            with w.block(head):
                for x in b.body:
                    self._block(x, {**around, s.symbol: s})
            return
        narrower = [s for s in b.spans if s.symbol in around and s != around[s.symbol]]
        if narrower:
            tests = " and ".join(self._within(s, around[s.symbol]) for s in narrower)
            with self.w.block(f"if {tests}:"):
                self._task(b)
        else:
            self._task(b)

    def _range(self, s: Span, down: bool) -> str:
        text = self.w.ends(s)
        if s.conditions or s.without:
            letter = self.w.letter(s.symbol)
            text = f"[{letter} for {letter} in {text} if {' and '.join(self.w.conditions(s))}]"
        if not down:
            return text
        low, high = self.w.position(s.lower - 1).text, self.w.position(s.upper).text
        return f"range({high}, {low}, -1)" if not s.within and not s.without else f"reversed({text})"

    def _within(self, s: Span, around: Span) -> str:
        letter, low, high = self.w.letter(s.symbol), "", ""
        if s.lower != around.lower:
            next_one = difference(s.lower, around.lower) == 1
            low = f"{self.w.position(around.lower if next_one else s.lower).text} {'<' if next_one else '<='} "
        if s.upper != around.upper:
            next_one = difference(around.upper, s.upper) == 1
            high = f" {'<' if next_one else '<='} {self.w.position(around.upper if next_one else s.upper).text}"
        return low + letter + high

    def _task(self, t: Task) -> None:
        text = self._value(t)
        self.w.line(f"{self.w.access(t.key[0], t.target)} = {text}")

    def _value(self, t: Task) -> str:
        """Return the value of a task; what it reads more than once gets a line of its own."""
        w = self.w
        parameter = w.access(VALUE, t.target) if t.asked and self.jacobian is None else ""
        total: Source | None = None
        for s in t.summands:
            term = self._summand(s, parameter, len(t.summands) == 1)
            total = term if total is None else total + term
        found = total if total is not None else Source("0", plain=True)
        shape = self.network.shape(t.target)
        if found.thin or (found.plain and not parameter):
            found = w.A.whole(replace(found, shape=shape))
        text = found.text
        if parameter and not text.startswith("outer_"):
            text = f"like({text}, {parameter})"
        return text

    def _summand(self, s: Summand, parameter: str, alone: bool) -> Source:
        w = self.w
        of_steps = parameter or (s.sums and self.jacobian is not None)
        if of_steps and alone and s.front == ONE and (found := self._outer(s, parameter)) is not None:
            return found
        body = w.prepared(s.value)
        value = w(body) if not s.sums else w.total(s.sums, body, "sum", _shape(self, s.value))
        if s.front == ONE:
            return value
        front = w(s.front)
        return front * value

    def _outer(self, s: Summand, p: str) -> Source | None:
        """Return x yᵀ, or its sum over steps, as one product of matrices where a matrix is shared."""
        match s.value:
            case Apply(op, (x, y)) if op == OUTER and _is_array(x) and _is_array(y):
                pass
            case _:
                return None
        if not s.sums:
            return Source(f"outer_like({self.w(x).text}, {self.w(y).text}, {p})", _shape(self, s.value))
        (left, before), (right, behind) = self.w.captured(x), self.w.captured(y)
        if before or behind or len(s.sums) != 1 or s.sums[0].without or s.sums[0].within:
            return None
        [span] = s.sums
        stacks = ", ".join(self._stack(span, v.text) for v in (left, right))
        text = f"outer_sum({stacks}, {p})" if p else f'{self.backend.module}.einsum("t...i,t...j->...ij", {stacks})'
        return Source(text, _shape(self, s.value))

    def _stack(self, s: Span, text: str) -> str:
        """Return the values for a range of a letter as one array."""
        return self.backend.call("stack", f"[{text} for {self.w.letter(s.symbol)} in {self.w.ends(s)}]")

    # --- results --------------------------------------------------------------------------------------

    def _results(self) -> None:
        w = self.w
        items = [f'    "{value_name(q)}": {self._result(q)},' for q in self.equations.asked]
        of = w.access(VALUE, self.jacobian or self.equations.of)
        w.lines += [f"return {of}, {{", *items, "}"]

    def _result(self, q: Quantity) -> str:
        """Return the gradient by a quantity: of all its steps and members, where it has open indices."""
        w = self.w
        if self.at is not None and self.at.name == q.name:
            here = {x: Index(f"'{x}") for x in self.open_letters}
            for x, name in self.open_letters.items():
                w.names.given["letter", f"'{x}"] = name
            return w.access(COTANGENT, move(self.at, here))
        spans = self._open(q)
        return self._open_result(q, spans) if spans else w.access(COTANGENT, q)

    def _open_result(self, q: Quantity, spans: list[Span]) -> str:
        w = self.w
        text = w.access(COTANGENT, q)
        uniform = not any(
            getattr(d, "index", None) is not None or getattr(d, "terms", ()) for d in self.network.shape(q)
        )
        for s in reversed(spans):
            text = f"[{text} for {w.letter(s.symbol)} in {w.ends(s)}]"
            text = self.backend.call("stack", text) if uniform else text
        return text

    def _open(self, q: Quantity) -> list[Span]:
        """Return what the open indices of what was asked for run through."""
        argument = next((a for a in self.given if a.q == q), None)
        if argument is not None:
            return list(argument.open)
        ends = {self.network.depth_symbol, *self.network.depths}
        spans = [s for e in self.network.by_name.get(q.name, ()) for s in self.network.free(e)]
        found = {s.symbol: s for s in spans}
        return [
            found[p.symbol] for p in q.indices if isinstance(p, Index) and p.symbol not in ends and p.symbol in found
        ]


def _seed(network: Network, number: Quantity) -> str:
    """Return the name of the seed that a number multiplies an array by."""
    [e] = network.by_name[number.name]
    return next(iter(quantities(e.value))).name


def _letters(t: Task) -> frozenset[str]:
    """Return the letters that a task reads and does not bind: the ends of ranges."""
    bound = {s.symbol for s in t.spans}
    free = set(symbols(t.positions)) | {x for s in t.spans for x in s.free}
    for r in t.reads:
        inner = {s.symbol for s in r.sums}
        free |= (set(symbols(r.positions)) | {x for s in r.sums for x in s.free}) - inner
    return frozenset(free - bound)


def _is_array(e: Expression) -> bool:
    return not isinstance(e, Constant)


def _shape(p: Program, e: Expression) -> Shape:
    return p.network.shape_of(e)
