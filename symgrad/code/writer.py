"""Expressions of a network as source text, with names for what a rule reads more than once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeGuard

from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import ADD, DIV, MUL, NEG, SUB, Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import nodes, replaced
from symgrad.algebra.index import Index, Position, minus, parts
from symgrad.algebra.index_sum import IndexNumber, IndexSum
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension, Mismatch, Shape
from symgrad.algebra.span import Span
from symgrad.code import source
from symgrad.code.backend import Backend
from symgrad.code.names import Names
from symgrad.code.source import ATOM, Source
from symgrad.code.spelling import Spelling
from symgrad.code.task import COTANGENT, VALUE, Key
from symgrad.errors import NotDefined, UnboundFunction
from symgrad.network.network import Network
from symgrad.ops.elementwise import Elementwise
from symgrad.ops.function import elementwise_function
from symgrad.ops.kronecker import UNVEC, VEC
from symgrad.ops.linear import MATMUL, TRANSPOSE
from symgrad.ops.part import AXIS, placed
from symgrad.ops.power import MATRIX_POWER
from symgrad.ops.unit import Unit

OPEN = {
    "function": "{0}(x), entry by entry",
    "slope": "the derivative of {0}, entry by entry",
    "scalar": "{0}, a number of each item",
    "partial": "the gradient of {0} by its argument {1}",
    "vector": "{0}, a vector of each item",
    "jacobian": "the Jacobian of {0} by its argument {1}",
}
"""What a program says of a function that is left open."""
ELEMENTWISE = (ADD, SUB, MUL, DIV, NEG)
MARK = Source("\0")
"""Stands for an argument, to count how often a rule writes it."""


class Writer:
    """Writes expressions; what needs lines of its own goes to ``lines``."""

    def __init__(self, network: Network, backend: Backend, names: Names) -> None:
        self.network, self.backend, self.names = network, backend, names
        self.A = Spelling(backend, self.size)
        self.lines: list[str] = []
        self.named: dict[Expression, Source] = {}
        """What has a name in the lines around, by its expression."""
        self.sized: frozenset[str] = frozenset()
        """The names whose values tell sizes."""
        self.open: dict[str, str] = {}
        """The functions that are left open, and what each is."""
        self.twice: frozenset[Expression] = frozenset()
        """What a statement reads more than once."""
        self.rolled: frozenset[Key] = frozenset()
        """What is one variable, and no table of all steps."""

    # --- names and numbers ----------------------------------------------------------------------------

    def letter(self, symbol: str) -> str:
        """Return the identifier of an index or of the end of a range."""
        return self.names("letter", symbol)

    def position(self, p: Position) -> Source:
        """Return an index as a number."""
        terms, offset = parts(p)
        found: Source | None = None
        for symbol, n in terms:
            term = Source(self.letter(symbol), plain=True)
            term = term if abs(n) == 1 else term * abs(n)
            found = (term if n > 0 else -term) if found is None else (found + term if n > 0 else found - term)
        if found is None:
            return Source(str(offset), (), ATOM if offset >= 0 else source.NEG, plain=True)
        return found if not offset else found + offset if offset > 0 else found - -offset

    def access(self, kind: str, q: Quantity) -> str:
        """Return how a quantity, or its cotangent, is read or written."""
        name = self.table(kind, q.name)
        if (kind, q.name) in self.rolled:
            return name
        inside = ", ".join(self.position(p).text for p in q.indices)
        return f"{name}[{inside}]" if q.indices else name

    def table(self, kind: str, name: str) -> str:
        """Return the identifier of a quantity, or of its cotangent: of an error, or of a gradient."""
        if kind == VALUE:
            return self.names(kind, name)
        return self.names(kind, f"{'delta' if name in self.network.by_name else 'grad'}_{name}")

    def size(self, d: Any) -> Source:
        """Return the size of an axis."""
        if isinstance(d, int):
            return Source(str(d), plain=True)
        if d.terms:
            total = None
            for n, factors in d.terms:
                term = Source(str(abs(n)), plain=True)
                for f in factors:
                    term = term * self.size(f)
                total = term if total is None else total + term if n > 0 else total - term
            return total or Source("0", plain=True)
        if not d.name:
            return self.position(d.index)
        every = (*self.network.parameters, *(e.target for e in self.network.equations))
        for q in [q for q in every if q.name in self.sized]:
            for axis, own in enumerate(self.network.shape(q)):
                found = self._at(own, d, q)
                if found is not None:
                    text = f"{self.sizes_of(found)}.shape[{axis - len(self.network.shape(q))}]"
                    return Source(text, plain=True)
        raise NotDefined(f"no value says how large {d} is", todo="give the sizes as numbers")

    def sizes_of(self, q: Quantity) -> str:
        """Return what has the shape of a quantity as its last axes."""
        return self.access(VALUE, q)

    def _at(self, own: Any, d: Dimension, q: Quantity) -> Quantity | None:
        """Return the quantity whose size d is, where ``own`` is that of q at its general index."""
        if own == d:
            return q
        if not isinstance(own, Dimension) or own.name != d.name or own.terms or own.index is None or d.index is None:
            return None
        if not isinstance(own.index, Index) or q.index is None or isinstance(q.index, int) or q.further:
            return None
        if isinstance(d.index, int) and d.index - own.index.offset < 1:
            return None
        return q.at(minus(d.index, own.index.offset))  # n[l] of W[l] gives n[p] of W[p]

    # --- lines ----------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append(text)

    def gap(self) -> None:
        """Write an empty line, where something stands before it."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write a line and what stands in it, indented."""
        outer, self.lines = self.lines, []
        named, self.named = self.named, {**self.named}
        try:
            yield
        finally:
            inner, self.lines, self.named = self.lines, outer, named
        self.lines += [head, *("    " + x for x in inner)]

    def captured(self, e: Expression) -> tuple[Source, list[str]]:
        """Return an expression, and the lines that it needs before it."""
        outer, self.lines = self.lines, []
        named, self.named = self.named, {**self.named}
        found = self(e)
        inner, self.lines, self.named = self.lines, outer, named
        return found, inner

    def kept(self, x: Source) -> Source:
        """Return a value under a name of its own, where it has none."""
        if x.level == ATOM and (x.text.isidentifier() or x.text.endswith("]")):
            return x
        name = self.names.new("u")
        self.line(f"{name} = {x.text}")
        return Source(name, x.shape, plain=x.plain)

    # --- expressions ----------------------------------------------------------------------------------

    def prepared(self, e: Expression) -> Expression:
        """Return an expression whose units are written by their definitions, and note what it reads more than once."""
        e = replaced(e, self._defined)
        found = Counter(x for x in nodes(e) if isinstance(x, Apply) and _takes_time(x))
        self.twice = frozenset(x for x, n in found.items() if n > 1)
        return e

    def _defined(self, e: Expression) -> Expression | None:
        if isinstance(e, Apply) and isinstance(e.op.record, Unit):
            arguments = tuple(replaced(a, self._defined) for a in e.arguments)
            return e.op.record.at(arguments, tuple(map(self._shape, arguments)))
        return None

    def __call__(self, e: Expression) -> Source:
        """Return an expression as source text."""
        match e:
            case Number(q):
                return self.A.number(q)
            case Constant("pi"):
                return self.A.pi
            case Constant("e"):
                return Source("math.e", plain=True)
            case Constant("size", shape):
                return self.A.size(Source("", shape))
            case Constant("I", shape):
                return self.A.eye(shape[0])
            case Constant("1", shape):
                return Source("1", shape, plain=True)
            case IndexNumber(p):
                return self.position(p)
            case IndexSum():
                return self.over(e)
            case Partial(_, _, value):
                return self(value)
            case Cotangent(_, q):
                return Source(self.access(COTANGENT, q), self.network.shape(q))
            case Quantity() if e in self.network.exponents:
                return Source(self.letter(e.name), plain=True)
            case Quantity():
                return Source(self.access(VALUE, e), self.network.shape(e))
            case Apply():
                if e in self.named:
                    return self.named[e]
                found = self._shaped(self._applied(e), e)
                if e in self.twice and not found.plain:
                    found = self.named[e] = self.kept(found)
                return found
        raise NotDefined(f"{type(e).__name__} is not written as code")

    def _shaped(self, x: Source, e: Expression) -> Source:
        try:
            return replace(x, shape=self.network.shape_of(e))
        except Mismatch:  # ones of any size
            return x

    def _applied(self, e: Apply) -> Source:
        op = e.op
        if op == MATMUL and (found := self._product(*e.arguments)) is not None:
            return found
        if op in AXIS:
            return self._part(e)
        if _by_output(e):
            return op.record.slope_at_output(self.A, self._output(e))
        x = [self(a) for a in e.arguments]
        if op == VEC:
            return Source(f"{self.A.transpose(x[0]).at(ATOM)}.reshape({x[0].at(ATOM)}.shape[:-2] + (-1,))")
        if op == UNVEC:
            rows, columns = (self.A.size(v).text for v in x[1:])
            g = x[0].at(ATOM)
            return self.A.transpose(Source(f"{g}.reshape({g}.shape[:-1] + ({columns}, {rows}))", ("", "")))  # type: ignore[arg-type]
        if op == MATRIX_POWER:
            if not x[1].plain:
                raise NotDefined("a power of a matrix whose exponent is a value", todo="write it as a number")
            return Source(f"{self.backend.module}.linalg.matrix_power({x[0].text}, {x[1].text})")
        return self._ruled(op, x if op in ELEMENTWISE else [self.A.whole(v) if v.thin else v for v in x])

    def _ruled(self, op: Op, x: list[Source]) -> Source:
        """Return what the rule of an operation writes; arguments that it writes twice get names."""
        rule = op.on(self.A)
        if op.record is None and op.kind in OPEN:
            try:
                rule(*x)
            except UnboundFunction:
                return self._open(op, x)
        if op.kind != "operator":
            for n, v in enumerate(x):
                marked = [replace(MARK, shape=v.shape, plain=v.plain) if k == n else y for k, y in enumerate(x)]
                if not v.plain and rule(*marked).text.count(MARK.text) > 1:
                    x[n] = self.kept(v)
        found: Source = rule(*x)
        return found

    def _open(self, op: Op, x: list[Source]) -> Source:
        """Return the call of a function that is left open, or of its derivative: an argument of the program."""
        name = op.name + ("" if op.place is None else f"_{op.place + 1}")
        own = self.names("open", name if op.kind in ("function", "scalar", "vector") else f"d_{name}")
        self.open[own] = OPEN[op.kind].format(op.name, (op.place or 0) + 1)
        given = x[:-1] if op.kind in ("vector", "jacobian") else x
        return Source(f"{own}({', '.join(v.text for v in given)})")

    def _product(self, x: Expression, y: Expression) -> Source | None:
        rank = len(self.network.shape_of(y)) if not isinstance(y, Constant) else len(y.shape)
        match x, y:
            case _, Constant("1", (_,)) if len(self.network.shape_of(x)) == 2:
                X = self(x)
                return Source(f"{X.at(ATOM)}.sum(-1)", X.shape[:1])
            case Constant("1", (_,)), _ if rank == 2:
                Y = self(y)
                return Source(f"{Y.at(ATOM)}.sum(-2)", Y.shape[1:])
            case Apply(op, (A,)), _ if op == TRANSPOSE and rank == 1:
                given = self(A)
                return Source(f"vecmat({self.A.whole(self(y)).text}, {given.text})", given.shape[1:])
        return None

    def _part(self, e: Apply) -> Source:
        first, *count = map(placed, e.arguments[1:])
        x, start = self(e.arguments[0]), self.size(first) - 1
        start = Source(str(int(start.text[:-4]) - 1), plain=True) if start.text[:-4].isdigit() else start
        behind = "" if AXIS[e.op] == len(x.shape) - 1 else ", :"
        if not count:
            return Source(f"{x.at(ATOM)}[..., {start.text}{behind}]")
        end = self.size(count[0]) + start
        end = Source(str(int(start.text) + count[0])) if isinstance(count[0], int) and start.text.isdigit() else end
        return Source(f"{x.at(ATOM)}[..., {start.text}:{end.text}{behind}]")

    # --- slopes by the values of their functions ------------------------------------------------------

    @cached_property
    def _outputs(self) -> dict[tuple[str, Any, str], Quantity]:
        """The quantities a[j] = f(z[j]), by f and z."""
        found = {}
        for e in self.network.equations:
            match e.value:
                case Apply(Op(kind="function") as f, (Quantity() as z,)) if z.indices == e.target.indices:
                    found[f.name, f.record, z.name] = e.target
        return found

    @cached_property
    def _values(self) -> dict[tuple[str, Any, Expression], Quantity]:
        """The quantities a[j] = f(x), by f and the expression x."""
        found = {}
        for e in self.network.equations:
            match e.value:
                case Apply(Op(kind="function") as f, (x,)):
                    found[f.name, f.record, x] = e.target
        return found

    def output(self, e: Expression) -> Quantity | None:
        """Return the quantity f(x) that a slope f'(x) is written by; None for other expressions."""
        if not _by_output(e):
            return None
        [x], op = e.arguments, e.op
        y = self._values.get((op.name, op.record, x))
        if y is None and isinstance(x, Quantity) and (op.name, op.record, x.name) in self._outputs:
            y = Quantity(self._outputs[op.name, op.record, x.name].name, x.index, x.further, x.ahead)
        return y

    def _output(self, e: Apply) -> Source:
        """Return f(x) for a slope f'(x): the quantity that it is, or a value of its own."""
        y = self.output(e)
        if y is not None:
            return Source(self.access(VALUE, y), self.network.shape(y))
        [x], op = e.arguments, e.op
        key = Apply(elementwise_function(op.name, op.record), (x,))
        if key not in self.named:
            self.named[key] = self.kept(op.record.on(self.A)(self(x)))
        return self.named[key]

    # --- sums over an index ---------------------------------------------------------------------------

    def ends(self, s: Span) -> str:
        """Return the range of a letter; conditions that are no ends follow it."""
        lows, highs = ([self.position(p).text for p in ps] for ps in (s.lowers, [p + 1 for p in s.uppers]))
        low = lows[0] if len(lows) == 1 else f"max({', '.join(lows)})"
        high = highs[0] if len(highs) == 1 else f"min({', '.join(highs)})"
        return f"range({high})" if low == "0" else f"range({low}, {high})"

    def conditions(self, s: Span) -> list[str]:
        """Return what else is true of a letter."""
        left_out = [f"{self.letter(s.symbol)} != {self.position(p).text}" for p in s.without]
        return left_out + [f"{self.position(c).text} >= 0" for c in s.conditions]

    def over(self, e: IndexSum) -> Source:
        """Return a sum or a product over an index."""
        return self.total((e.range,), e.body, "sum" if e.kind == "sum" else "math.prod", self._shape(e.body))

    def _shape(self, e: Expression) -> Shape:
        return self.network.shape_of(e)

    def total(self, spans: tuple[Span, ...], body: Expression, function: str, shape: Shape) -> Source:
        """Return Σ over spans of an expression: in one line, or in a loop where its terms need lines."""
        term, lines = self.captured(body)
        if not lines:
            text = "".join(f" for {self.letter(s.symbol)} in {self.ends(s)}" + self._if(s) for s in spans)
            return Source(f"{function}({self.A.whole(term).text}{text})", shape)
        name = self.names.new("total")
        self.line(f"{name} = {0 if function == 'sum' else 1}")
        sign = "+" if function == "sum" else "*"
        heads = [f"for {self.letter(s.symbol)} in {self.ends(s)}:" for s in spans]
        inner = [*lines, f"{name} = {name} {sign} {term.at(source.MUL)}"]
        for s, head in reversed([*zip(spans, heads, strict=True)]):
            for c in self.conditions(s):
                inner = [f"if {c}:", *("    " + x for x in inner)]
            inner = [head, *("    " + x for x in inner)]
        self.lines += inner
        return Source(name, shape)

    def _if(self, s: Span) -> str:
        return "".join(f" if {c}" for c in self.conditions(s))


def _by_output(e: Expression) -> TypeGuard[Apply]:
    """Tell whether e is a slope that the value of its function gives: 1 - y² of tanh."""
    if not isinstance(e, Apply) or e.op.kind != "slope":
        return False
    return isinstance(e.op.record, Elementwise) and e.op.record.slope_of_output is not None


def _takes_time(e: Apply) -> bool:
    """Tell whether an expression is more than a product or a sum of names and numbers."""
    simple = (NEG, TRANSPOSE, MUL, DIV, ADD, SUB)
    return e.op not in simple or sum(isinstance(x, Apply) for x in nodes(e)) > 2
