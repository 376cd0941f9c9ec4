"""From expressions to mathematics on a page, in a notation: parentheses stand where they are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from symgrad.algebra.differential import Change, Cotangent, Partial
from symgrad.algebra.dimension import Size, named, plus
from symgrad.algebra.expression import LOG, MUL, NEG, Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Position, parts
from symgrad.algebra.index_sum import IndexNumber, IndexSum
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension
from symgrad.algebra.span import Span
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.rank import rank
from symgrad.export.math import (
    EULER,
    IDENTITY_MATRIX,
    ONES,
    PI,
    UNIT,
    WHOLE_AXIS,
    Bars,
    Big,
    Call,
    Cases,
    Chain,
    Derivative,
    Entry,
    Frac,
    Grid,
    Indicator,
    Infix,
    Inverse,
    Math,
    Name,
    Num,
    Paren,
    Power,
    Root,
    Row,
    Symbol,
    Terms,
    Through,
    Transposed,
    is_fraction,
    row,
)
from symgrad.export.math import MathChange as MathChange
from symgrad.export.names import BLOCKS, ambiguous
from symgrad.export.notation_record import Notation, styled
from symgrad.export.spans import conditions, ends
from symgrad.export.sums import summed, turned_argument
from symgrad.network.functions import called
from symgrad.network.network import Network
from symgrad.network.units import UNITS
from symgrad.ops.linear import MATMUL, OUTER, TRANSPOSE
from symgrad.ops.loss import Loss
from symgrad.ops.matrix import DET, INV, LOGDET
from symgrad.ops.part import AXIS, COLUMN, COLUMNS, ROWS, concat, placed
from symgrad.ops.piecewise import WHERE, clauses, indicator
from symgrad.ops.power import POWERS
from symgrad.ops.record import Elementwise
from symgrad.ops.reduction import Reduction
from symgrad.ops.unit import Unit

SUM, ELEMENTWISE, PRODUCT, POSTFIX, ATOM = 1, 2, 3, 4, 5
"""Binding strengths: a node of a lower strength inside a stronger place gets parentheses."""

JACOBIAN = Name("J", whole=True)
"""With the name of a function below it: its Jacobian, J_f(u)."""

Strong = tuple[Math, int]
"""Mathematics and its binding strength."""


@dataclass(frozen=True)
class Typesetter:
    """Writes the expressions of one network in one notation."""

    network: Network
    notation: Notation
    symbols: frozenset[str] = frozenset()
    """Index symbols in use besides those of the network: two of them are never printed alike."""

    @cached_property
    def suited(self) -> Notation:
        """The notation without what would print two names of this network alike."""
        symbols = {self.network.symbol, self.network.depth_symbol, *self.symbols, *self.network.index_letters}
        network = self.network
        names = [*network.names, *called(network), *(n for n in sizes(network) if n not in network.names)]
        axes = {name: len(network.shape(network.example(name))) for name in network.names if network.shapes}
        return self.notation.suited_to(names, sorted(symbols), network.names, axes, self._in_time)

    @property
    def _in_time(self) -> bool:
        """Whether steps are steps in time: they share a matrix, or in a network of numbers a parameter."""
        network = self.network
        read = {q for e in network.steps for q in quantities(e.value) if q.name not in network.defined}
        matrices = {q for q in read if self._rank(q) == 2}
        return any(not q.indices for q in matrices or read)

    @cached_property
    def _whole(self) -> frozenset[str]:
        written = {self.suited.names.get(name, name): indexed for name, indexed in self.network.names.items()}
        return ambiguous(written)

    @cached_property
    def identity(self) -> Math:
        """The identity matrix: I, or a bold letter where matrices or a quantity I ask for one."""
        taken = {self.suited.names.get(n, n) for n in self.network.names}
        match self.suited.style.matrices:
            case "bold italic":
                return Symbol("𝑰", r"\boldsymbol{I}")
            case "italic" if "I" not in taken:
                return IDENTITY_MATRIX
        return Symbol("𝐈", r"\mathbf{I}")

    def quantity(self, q: Quantity) -> Math:
        """Write a quantity: w_{j-1}; the gradient ∂E/∂x, where a network has it as a quantity."""
        if q.name in self.network.derivatives:
            of, wrt = self.network.derivatives[q.name]
            return Derivative(self.quantity(of), self.quantity(wrt))
        name = self.suited.quantity(q)
        if (font := self.suited.style.matrices) != "italic" and self._is_block(q.name):
            return replace(name, base=styled(name.base, font))
        return self._apart(name)

    def _apart(self, name: Name) -> Name:
        """Write a name whole where its letter with a subscript would look like another."""
        return replace(name, whole=True) if name.base in self._whole else name

    def _is_block(self, name: str) -> bool:
        """Tell whether a name is none of the network, but a letter for the Jacobian of a step."""
        network = self.network
        if not network.names or name.rstrip("0123456789") not in BLOCKS or name in network.names:
            return False  # formulas without a network have no steps
        return name not in called(network) and name not in sizes(network)

    def size(self, n: Size) -> Math:
        """Write a dimension: n, n_{l-1}, n + m, 2 n."""
        if isinstance(n, int):
            return Num(Fraction(n))
        if not n.terms:
            if not n.name and n.index is not None:
                return self.position(n.index)
            return self._apart(self.suited.quantity(Quantity(n.name, n.index)))
        written = []
        for number, factors in n.terms:
            front = [Num(Fraction(abs(number)))] if abs(number) != 1 or not factors else []
            written.append(("-" if number < 0 else "+", row(*front, *map(self.size, factors))))
        return Terms(tuple(written))

    def big(self, sign: str, span: Span, body: Math) -> Math:
        """Write a sum or a product over an index."""
        write = self.position
        without, more = map(write, span.without), conditions(span, write)
        return Big(sign, write(Index(span.symbol)), *ends(span, write), body, tuple(without), tuple(more))

    def position(self, p: Position) -> Math:
        """Write an index."""
        return self.suited.position(p)

    def expression(self, e: Expression, strength: int = 0) -> Math:
        """Write an expression; parentheses are added where ``strength`` asks for them."""
        math, own = self.strong(e)
        return Paren(math) if own < strength else math

    def strong(self, e: Expression) -> Strong:
        """Write an expression and tell its binding strength."""
        match e:
            case Number(value):
                return Num(value), SUM if value < 0 else PRODUCT if is_fraction(Num(value)) else ATOM
            case Quantity():
                return self.quantity(e), ATOM
            case Partial(of, wrt):
                return Derivative(self.quantity(of), self.quantity(wrt), e.immediate), PRODUCT
            case Cotangent(of, wrt):
                return Derivative(self.quantity(of), self.quantity(wrt)), PRODUCT
            case Change(of):
                return MathChange(self.quantity(of)), ATOM
            case Constant("I"):
                return self.identity, ATOM
            case Constant("pi"):
                return PI, ATOM
            case Constant("e"):
                return EULER, ATOM
            case IndexNumber(position):
                return self.position(position), _strength_of(position)
            case IndexSum():
                body = self.expression(e.body, PRODUCT if e.kind == "sum" else ATOM)
                return self.big("∑" if e.kind == "sum" else "∏", e.range, body), SUM
            case Constant("size", (size,)):
                return self.size(size), SUM if isinstance(size, Dimension) and size.terms else ATOM
            case Constant("1", (1, _)):
                return Transposed(ONES), POSTFIX
            case Constant("1", (_, 1)):
                return ONES, ATOM
            case Constant("1", (_, _)):
                return row(ONES, Transposed(ONES)), PRODUCT
            case Constant():
                return ONES, ATOM
            case Apply(op) if (slope := self._named_slope(e)) is not None:
                return slope, PRODUCT
            case Apply(op) if op.kind == "part":
                return self._part(e)
            case Apply(op) if op.kind != "operator":
                return self._call(e), ATOM
            case Apply(op, (x, Constant("1", (1,)))) if op in (MATMUL, OUTER):  # a column, as a vector or a matrix
                return self.strong(x)
            case Apply(op, (Constant("1", (1,)), x)) if op == OUTER:
                return self._turned(x), POSTFIX
            case Apply() if (sums := summed(self.network, e)) is not None:
                return Call(_operator(sums.name), (self.expression(sums.of),)), ATOM
            case Apply(op, arguments):
                return self._operator(op.name, arguments, op.record)
        raise TypeError(f"not an expression: {e!r}")

    def _named_slope(self, e: Expression) -> Math | None:
        """Return ∂f/∂x, the derivative of an opaque function of vectors by one of its arguments, a quantity."""
        if not isinstance(e, Apply) or e.op.kind != "jacobian" or e.op.place is None:
            return None
        x = e.arguments[e.op.place]
        others = {q for i, a in enumerate(e.arguments[:-1]) if i != e.op.place for q in quantities(a)}
        shared = isinstance(x, Quantity) and not x.indices and any(q.indices for q in others)
        if not isinstance(x, Quantity) or x in others or shared:  # of a step, ∂f/∂w would not say which
            return None
        return Derivative(self.suited.function(e.op.name, 0), self.quantity(x), partial=True)

    def _part(self, e: Apply) -> Strong:
        """Write an entry or a part of an array, x_2, W_{:,1:n}, e_k; arrays put together as a matrix of blocks."""
        if e.op in (concat(ROWS), concat(COLUMNS)):
            blocks = tuple(self.expression(a) for a in e.arguments)
            return Grid((blocks,) if e.op == concat(COLUMNS) else tuple((b,) for b in blocks)), ATOM
        base, places = _parted(e, self._rank)
        written = tuple(WHOLE_AXIS if p is None else self._place(p) for p in places)
        if isinstance(base, Constant) and e.op == COLUMN:
            return replace(UNIT, further=written[1:]), ATOM
        return self._entry(base, written), ATOM

    def _entry(self, base: Expression, places: tuple[Math, ...]) -> Math:
        """Write a part of an array; of a Jacobian ∂z/∂x the entry ∂z_i/∂x_j."""
        math = self.expression(base, ATOM)
        if isinstance(base, Partial) and not any(isinstance(p, Through) for p in places):
            math = Derivative(self.quantity(base.of), self.quantity(base.wrt), base.immediate)
        if places[:1] == (WHOLE_AXIS,) and isinstance(base, Partial) and self._rank(base.wrt) == 1:
            return Derivative(self.quantity(base.of), part_of(self.quantity(base.wrt), places[1:]), base.immediate)
        inner = math.body if isinstance(math, Paren) else math
        jacobian = isinstance(base, Partial) and self._rank(base) == 2 and self._rank(base.wrt) != 2
        if isinstance(inner, Derivative) and (jacobian or (isinstance(base, Apply) and base.op.kind == "jacobian")):
            return Derivative(part_of(inner.of, places[:1]), part_of(inner.wrt, places[1:]), inner.immediate)
        if isinstance(base, Partial) and isinstance(inner, Derivative):
            return Derivative(inner.of, part_of(inner.wrt, places), inner.immediate)
        below_is_index = isinstance(base, Cotangent) or (isinstance(base, Apply) and base.op.kind == "part")
        if below_is_index and isinstance(math, Name):
            return Entry(Paren(math), places)  # (δ_t)_{1:n}: what stands below an error is its index
        return part_of(math, places)

    def _place(self, p: Place) -> Math:
        if p.count is None:
            return self.size(p.first)
        return Through(self.size(p.first), self.size(plus(plus(p.first, p.count), 1, -1)))

    def _call(self, e: Apply) -> Math:
        kind, which = e.op.kind, Num(Fraction((e.op.place or 0) + 1))
        arguments = tuple(self.expression(a) for a in _shown(e))
        if kind == "jacobian":
            named = self.suited.function(e.op.name, 0)
            if len(arguments) == 1:
                return Call(replace(JACOBIAN, index=named), arguments)
            return Call(Row((Name("∂", which), named)), arguments)
        if kind == "function" and not self._rank(e) and isinstance(e.op.record, Elementwise):
            if e.op.record.name == "abs":
                return Bars(arguments[0])
            if e.op.record.name == "sqrt":
                return Root(arguments[0])
        if e.op == LOGDET:
            return Call(Symbol("ln", r"\ln"), (Bars(Call(Symbol(DET.name, DET.latex), arguments)),))
        if kind == "reduction" and e.op.name in ("norm", "norm1"):
            return Bars(arguments[0], double=True, below="" if e.op.name == "norm" else "1")
        if isinstance(e.op.record, Reduction) and (of := turned_argument(e)) is not None:
            return Call(_operator(e.op.record.of_column), (self.expression(of),))
        function = self._function(e, {"slope": 1, "second slope": 2}.get(kind, 0))
        if kind == "partial":
            return Call(Row((Name("∂", which), function)), arguments)
        return Call(function, arguments)

    def _function(self, e: Apply, primes: int) -> Math:
        """Write a function by its own name, or as its record spells it where it is called by that name."""
        name, record = e.op.name, e.op.record
        if name in self.suited.names:
            return self.suited.function(name, primes)
        if isinstance(record, Elementwise) and name in (record.name, *record.aliases):
            return Symbol(record.text, record.latex, primes)
        if isinstance(record, Loss) and name in (record.name, *record.aliases):
            spelled = name.replace("_", r"\_")
            return Symbol(name, rf"\operatorname{{{spelled}}}", primes)
        if e.op.kind == "reduction" or (isinstance(record, Unit) and name in UNITS):
            return _operator(name, primes)
        if e.op == LOG:
            return Symbol("ln", r"\ln", primes)
        if e.op.latex:
            return Symbol(e.op.text or name, e.op.latex, primes)
        return self.suited.function(name, primes)

    def _rank(self, e: Expression) -> int:
        return rank(self.network, e)

    def _operator(self, name: str, x: tuple[Expression, ...], record: object) -> Strong:
        match name:
            case "+":
                return Terms(terms(self.expression(x[0])) + terms(self.expression(x[1]))), SUM
            case "-":
                right = ("-", self.expression(x[1], ELEMENTWISE))
                return Terms((*terms(self.expression(x[0])), right)), SUM
            case "neg":
                return Terms((("-", self.expression(x[0], ELEMENTWISE)),)), SUM
            case "*" | "@" if isinstance(x[0], Apply) and x[0].op == NEG:
                rest = Apply(MUL if name == "*" else MATMUL, (x[0].arguments[0], x[1]))
                return Terms((("-", self.expression(rest, ELEMENTWISE)),)), SUM
            case "*" if all(map(self._rank, x)):
                return Infix(self.notation.hadamard, self._entrywise(x[0]), self._entrywise(x[1])), ELEMENTWISE
            case "*":
                return row(self._factor(x[0]), self.expression(x[1], PRODUCT)), PRODUCT
            case "@":
                return self._matmul(*x), PRODUCT
            case "outer":
                return row(self.expression(x[0], PRODUCT), *self._as_row(x[1])), PRODUCT
            case "/" if self._rank(x[1]):
                return Infix("⊘", self.expression(x[0], POSTFIX), self.expression(x[1], POSTFIX)), ELEMENTWISE
            case "/":
                return Frac(self.expression(x[0]), self.expression(x[1])), PRODUCT
            case "T" if self._rank(x[0]) < 2:
                return self.strong(x[0])
            case "T":
                return self._turned(x[0]), POSTFIX
            case "matrix_power":
                return Power(self._base(x[0]), self.expression(x[1])), POSTFIX
            case "expm":
                return Power(EULER, self._matrix_times(*x)), POSTFIX
            case "unvec":
                sizes = tuple(self.size(placed(n)) for n in x[1:])
                return Call(Name("unvec", further=sizes, whole=True), (self.expression(x[0]),)), ATOM
            case "kron":
                return Infix("⊗", self.expression(x[0], POSTFIX), self.expression(x[1], POSTFIX)), ELEMENTWISE
            case "inv":
                return Inverse(base_of_power(self.expression(x[0], ATOM))), POSTFIX
            case "indicator" if record == ("=",) and not any(n.split("_")[0] == "delta" for n in self.network.names):
                return Name("delta", further=tuple(map(self.expression, x))), ATOM
            case "indicator":
                return Indicator(self.condition(Apply(indicator(*record), x))), ATOM  # type: ignore[misc]
            case "where":
                return self._cases(x), SUM
        exponent = Num(record) if isinstance(record, Fraction) else self.expression(x[1])
        return Power(self._base(x[0]), exponent, entrywise=self._rank(x[0]) == 2), POSTFIX

    def _turned(self, e: Expression) -> Math:
        """Write an array transposed; a matrix Aᵀ becomes A again."""
        match e:
            case Apply(op, (A,)) if op.name == "T" and self._rank(A) > 1:
                return self.expression(A, ATOM)
            case Apply(op, (A,)) if op == INV and transposed(self.network, e) != e:
                return Inverse(base_of_power(self.expression(A, ATOM)), transposed=True)
            case Apply() if self._rank(e) > 1 and transposed(self.network, e) == e:  # X Xᵀ
                return self.expression(e, PRODUCT)
        return Transposed(self.expression(e, ATOM))

    def _matrix_times(self, s: Expression, A: Expression) -> Math:
        return self.expression(A if s == Number(Fraction(1)) else Apply(MUL, (s, A)))

    def condition(self, c: Expression) -> Math:
        """Write a condition: x > 0."""
        match c:
            case Apply(Op(name="indicator", record=(str(), *_) as relations), sides):
                return Chain(tuple(map(self.expression, sides)), tuple(SIGNS.get(r, r) for r in relations))
            case Apply(Op(name="indicator")):
                found = [self._clause(clause) for clause in clauses(c) or ()]
                return _joined("∨", [Paren(x) if isinstance(x, Infix) else x for x in found] if found[1:] else found)
        return Chain((self.expression(c), Num(Fraction(1))), ("=",))

    def _clause(self, clause: list[tuple[str, Expression, Expression]]) -> Math:
        return _joined("∧", [Chain((self.expression(x), self.expression(y)), (SIGNS.get(r, r),)) for r, x, y in clause])

    def _cases(self, x: tuple[Expression, ...]) -> Math:
        """Write a choice; one in its last place goes on with its cases."""
        found: list[tuple[Math, Math | None]] = []
        rest: Expression | None = Apply(WHERE, x)
        while isinstance(rest, Apply) and rest.op == WHERE:
            condition, value, rest = rest.arguments
            found.append((self.expression(value), self.condition(condition)))
        assert rest is not None
        return Cases((*found, (self.expression(rest), None)))

    def _entrywise(self, e: Expression) -> Math:
        math, strength = self.strong(e)
        chained = isinstance(math, Infix) and math.op == self.notation.hadamard
        return math if chained or strength >= POSTFIX else Paren(math)

    def _factor(self, e: Expression) -> Math:
        """Write a left factor; a number uᵀ v that multiplies an array keeps its parentheses."""
        contraction = isinstance(e, Apply) and e.op.name == "@" and not self._rank(e)
        return self.expression(e, ATOM if contraction else PRODUCT)

    def _matmul(self, x: Expression, y: Expression) -> Math:
        match self._rank(x), self._rank(y):
            case 1, 1:
                return row(*self._as_row(x), self.expression(y, PRODUCT))
            case 1, 2:  # a vector is a column: xᵀ Y, turned round
                return row(self._turned(y), self.expression(x, PRODUCT))
        return row(self.expression(x, PRODUCT), self.expression(y, PRODUCT))

    def _as_row(self, x: Expression) -> list[Math]:
        """Write a vector as a row, which may be a product: x @ A is xᵀ A, and (Aᵀ x)ᵀ is it too."""
        match x:
            case Apply(op, (b, A)) if op == MATMUL and self._rank(b) == 1:
                return [*self._as_row(b), self.expression(A, PRODUCT)]
            case Apply(op, (_, Constant())) if op == MATMUL:
                return [self._turned(x)]
            case Apply(op, (Apply(of) as A, b)) if op == MATMUL and (of == TRANSPOSE or _inverted(A)):
                return [*self._as_row(b), self.expression(transposed(self.network, A), PRODUCT)]
        return [self._turned(x)]

    def _base(self, e: Expression) -> Math:
        return base_of_power(self.expression(e, ATOM))


def sizes(network: Network) -> tuple[str, ...]:
    """Return the names of the dimensions of a network."""
    found = (n.name for shape in network.shapes.values() for d in shape for n in named(d))
    return tuple(dict.fromkeys(n for n in found if n))


SIGNS = {"<=": "≤", ">=": "≥"}
"""Relations as they are printed."""


class Place(NamedTuple):
    """A place of an array, or the first of several."""

    first: Size
    count: Size | None = None  # type: ignore[assignment]  # the field hides tuple.count


def _parted(e: Expression, rank: Callable[[Expression], int]) -> tuple[Expression, list[Place | None]]:
    """Return what a part is taken of, and along each of its axes the place; of part of a part as one."""
    if not isinstance(e, Apply) or e.op not in AXIS:
        return e, [None] * rank(e)
    x, *numbers = e.arguments
    base, places = _parted(x, rank)
    open_ = [k for k, p in enumerate(places) if p is None or p.count is not None]
    k = open_[AXIS[e.op]]
    if places[k] is not None:
        base, places, k = x, [None] * len(open_), AXIS[e.op]
    places[k] = Place(*map(placed, numbers))
    return base, places


def part_of(m: Math, places: tuple[Math, ...]) -> Math:
    """Write a part: x_{l,2} of a name, ∂C/∂x_2 of a derivative, (A x)_2 of anything else."""
    match m:
        case Name() if m.subject is None:
            return replace(m, further=(*m.further, *places))
        case Derivative(of, Name() as wrt, immediate) if len(places) == 1:
            return Derivative(of, part_of(wrt, places), immediate)
        case Paren(Derivative() as inner) if len(places) == 1:
            return part_of(inner, places)
        case Call() | Paren():
            return Entry(m, places)
    return Entry(Paren(m), places)


def _joined(sign: str, parts: list[Math]) -> Math:
    whole = parts[0]
    for x in parts[1:]:
        whole = Infix(sign, whole, x)
    return whole


def _inverted(A: Expression) -> bool:
    """Tell whether A is an inverse, a power or an exponential, or a product that begins or ends with one."""
    return isinstance(A, Apply) and (
        A.op in (INV, *POWERS.values()) or (A.op in (MATMUL, TRANSPOSE) and any(map(_inverted, A.arguments)))
    )


def base_of_power(m: Math) -> Math:
    """Put the base of a power in parentheses where its own index stands above it."""
    above = isinstance(m, Name) and m.index is not None and m.place != "subscript"
    return Paren(m) if above else m


def terms(m: Math) -> tuple[tuple[str, Math], ...]:
    """Return the terms of a sum, or m as its only term."""
    match m:
        case Terms(inner):
            return inner
        case Num(value) if value < 0:
            return (("-", Num(-value)),)
    return (("+", m),)


def _operator(name: str, primes: int = 0) -> Symbol:
    spelled = name.replace("_", r"\_")
    return Symbol(name, rf"\operatorname{{{spelled}}}", primes)


def _shown(e: Apply) -> tuple[Expression, ...]:
    """Return the arguments that are printed: not the size of a vector, nor what a definition reads besides."""
    if isinstance(e.op.record, Unit):
        return e.arguments[: e.op.record.shown]
    return e.arguments[:-1] if e.op.kind.startswith(("vector", "jacobian")) else e.arguments


def _strength_of(p: Position) -> int:
    """Return how strongly an index binds where it is a number: j - 1 is a sum, 2 n a product."""
    terms, offset = parts(p)
    return ATOM if len(terms) + bool(offset) <= 1 and all(n == 1 for _, n in terms) else SUM
