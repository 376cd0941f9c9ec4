"""From expressions and linear maps to mathematics on a page, in a notation and a layout."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Apply, Constant, Expression, Number, Partial, Quantity
from symgrad.algebra.index import Index, Position, difference
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    Identity,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
    Zero,
)
from symgrad.calculus.jacobian import shape_of
from symgrad.export.math import (
    Big,
    Call,
    Derivative,
    Frac,
    Grid,
    Infix,
    Math,
    Name,
    Num,
    Paren,
    Power,
    Row,
    Transposed,
    Word,
    row,
)
from symgrad.export.notation import Notation
from symgrad.network.network import Network

SUM, PRODUCT, ATOM = 1, 2, 3
"""Binding strengths: a node of a lower strength inside a stronger place gets parentheses."""

IDENTITY_MATRIX = Name("I")


@dataclass(frozen=True)
class Typesetter:
    """Writes expressions and maps of one network in one notation and one layout."""

    network: Network
    notation: Notation
    layout: str = "numerator"

    # --- expressions ----------------------------------------------------------------------------------

    def expression(self, e: Expression, strength: int = 0) -> Math:
        """Write an expression; parentheses are added where ``strength`` asks for them."""
        math, own = self._expression(e)
        return Paren(math) if own < strength else math

    def _expression(self, e: Expression) -> tuple[Math, int]:
        match e:
            case Number(value):
                return Num(value), ATOM if value >= 0 and value.denominator == 1 else SUM if value < 0 else PRODUCT
            case Quantity():
                return self.notation.quantity(e), ATOM
            case Partial(of, wrt):
                return Derivative(self.expression(of), self.expression(wrt)), ATOM
            case Constant("I"):
                return IDENTITY_MATRIX, ATOM
            case Constant():
                return Word("1"), ATOM
            case Apply(op, arguments) if op.kind != "operator":
                return self._call(e), ATOM
            case Apply(op, arguments):
                return self._operator(op.name, arguments, op.record)
        raise TypeError(f"not an expression: {e!r}")

    def _call(self, e: Apply) -> Math:
        arguments = tuple(self.expression(a) for a in e.arguments)
        kind, _, position = e.op.kind.partition(" ")
        if kind == "partial":
            return Call(Name(f"∂{int(position) + 1}", sup="", sub=""), (Call(self.notation.function(e.op.name), arguments),))
        return Call(self.notation.function(e.op.name, primes=1 if kind == "slope" else 0), arguments)

    def _operator(self, name: str, x: tuple[Expression, ...], record: object) -> tuple[Math, int]:
        match name:
            case "+" | "-":
                return Infix(name, self.expression(x[0], SUM), self.expression(x[1], PRODUCT if name == "-" else SUM)), SUM
            case "neg":
                return Infix("-", None, self.expression(x[0], PRODUCT)), SUM
            case "*":
                left, right = self.expression(x[0], PRODUCT), self.expression(x[1], PRODUCT)
                if all(shape_of(self.network, a) for a in x):
                    return Infix("∘", left, right), PRODUCT
                return row(left, right), PRODUCT
            case "@":
                left, right = self.expression(x[0], PRODUCT), self.expression(x[1], PRODUCT)
                if len(shape_of(self.network, x[0])) == 1:
                    left = Transposed(self.expression(x[0], ATOM))
                return row(left, right), PRODUCT
            case "/":
                return Frac(self.expression(x[0]), self.expression(x[1])), PRODUCT
            case "T":
                return Transposed(self.expression(x[0], ATOM)), ATOM
            case "power":
                assert isinstance(record, Fraction)
                return Power(self.expression(x[0], ATOM), Num(record)), ATOM
        return Power(self.expression(x[0], ATOM), self.expression(x[1])), ATOM

    # --- maps -----------------------------------------------------------------------------------------

    def map(self, m: LinearMap, scalar: bool) -> Math:
        """Write a map. ``scalar``: it maps numbers to numbers, so its factors stand in path order."""
        if not scalar and M.is_scalar_product(m) and not isinstance(m, Sum | Identity):
            return row(self._factor(m, True), IDENTITY_MATRIX)
        return self._map(m, scalar)[0]

    def _map(self, m: LinearMap, scalar: bool) -> tuple[Math, int]:
        match m:
            case Compose(maps):
                ordered = reversed(maps) if scalar else maps
                return row(*(self._factor(x, scalar) for x in _numbers_first(tuple(ordered)))), PRODUCT
            case Sum(maps):
                return self._sum(maps, scalar), SUM
            case Product(symbol, lower, upper, body, descending):
                return self._product(m, scalar)
            case IndexedSum(symbol, lower, upper, body):
                inner = self.map(body, scalar)
                if isinstance(body, Sum):
                    inner = Paren(inner)
                return self._big("∑", symbol, lower, upper, inner), SUM
            case Identity():
                return (Num(Fraction(1)) if scalar else IDENTITY_MATRIX), ATOM
            case Zero():
                return Num(Fraction(0)), ATOM
        return self._leaf(m)

    def _factor(self, m: LinearMap, scalar: bool) -> Math:
        math, strength = self._map(m, scalar)
        return Paren(math) if strength == SUM or isinstance(math, Big) else math

    def _sum(self, maps: tuple[LinearMap, ...], scalar: bool) -> Math:
        total: Math | None = None
        for m in maps:
            negative = _without_minus(m)
            term = self.map(negative or m, scalar)
            if isinstance(negative, Sum):
                term = Paren(term)
            total = Infix("-" if negative else "+", total, term) if total or negative else term
        assert total is not None  # a Sum has at least two terms
        return total

    def _product(self, m: Product, scalar: bool) -> tuple[Math, int]:
        body = self._map(m.body, scalar)[0]
        if m.body == M.at_index(m.body, {m.symbol: 0}):
            base = body if isinstance(m.body, Matrix) else Paren(body)
            if isinstance(body, Name) or (isinstance(body, Num) and body.value.denominator == 1 and body.value >= 0):
                base = body
            return Power(base, self._length(m.lower, m.upper)), ATOM
        if isinstance(m.body, Sum):
            body = Paren(body)
        return self._big("∏", m.symbol, m.lower, m.upper, body), PRODUCT

    def _length(self, lower: Position, upper: Position) -> Math:
        """Return upper - lower + 1 as it is written."""
        n = difference(upper, lower)
        if n is not None:
            return Num(Fraction(n + 1))
        low, shift = (lower.symbol, lower.offset) if isinstance(lower, Index) else ("", lower)
        high, offset = (upper.symbol, upper.offset) if isinstance(upper, Index) else ("", upper)
        constant = offset - shift + 1
        text = self.notation.position(Index(high)) if high else str(constant)
        if low:
            text += "-" + self.notation.position(Index(low))
        if high and constant:
            text += f"{constant:+d}"
        return Word(text) if False else Name(text)

    def _big(self, sign: str, symbol: str, lower: Position, upper: Position, body: Math) -> Math:
        n = self.notation
        return Big(sign, n.position(Index(symbol)), n.position(lower), n.position(upper), body)

    def _leaf(self, m: LinearMap) -> tuple[Math, int]:
        match m:
            case Scale(c):
                return self._expression(c)
            case Diagonal(v):
                return Call(Word("diag"), (self.expression(v),)), ATOM
            case Matrix(A):
                return self._expression(A)
            case Transpose(Matrix(A)):
                return Transposed(self.expression(A, ATOM)), ATOM
            case Column(Partial() as v):
                return self._oriented(self.expression(v), upright=self.layout == "denominator"), ATOM
            case Transpose(Column(Partial() as v)):
                return self._oriented(self.expression(v), upright=self.layout == "numerator"), ATOM
            case Column(v):
                return self._expression(v)
            case Transpose(Column(v)):
                return Transposed(self.expression(v, ATOM)), ATOM
            case Named(of, wrt) as named:
                d = Derivative(self.expression(of), self.expression(wrt), named.immediate)
                return self._oriented(d, upright=self.layout == "numerator"), ATOM
            case Transpose(Named(of, wrt) as named):
                d = Derivative(self.expression(of), self.expression(wrt), named.immediate)
                return self._oriented(d, upright=self.layout == "denominator"), ATOM
            case Block(rows):
                return Grid(tuple(tuple(self._map(x, False)[0] for x in r) for r in rows)), ATOM
            case Right(B):
                return Paren(row(Word("·"), self.expression(B, PRODUCT))), ATOM
            case Transpose(Right(B)):
                return Paren(row(Word("·"), Transposed(self.expression(B, ATOM)))), ATOM
            case Swap():
                return Paren(Transposed(Word("·"))), ATOM
        raise TypeError(f"not a linear map: {m!r}")

    @staticmethod
    def _oriented(d: Math, upright: bool) -> Math:
        return d if upright else Transposed(Paren(d))

    # --- a map applied to a change ----------------------------------------------------------------------

    def applied(self, m: LinearMap, change: Math) -> Math:
        """Write m applied to a change: diag(σ'(a_k)) dW s_{k-1}."""
        match m:
            case Compose(maps):
                for x in reversed(maps):
                    change = self.applied(x, change)
                return change
            case Sum(maps):
                total: Math | None = None
                for x in maps:
                    term = self.applied(x, change)
                    total = term if total is None else Infix("+", total, term)
                return total or change
            case Identity():
                return change
            case Right(B):
                return row(_tight(change), self.expression(B, PRODUCT))
            case Swap():
                return Transposed(change if isinstance(change, Name) else Paren(change))
        return row(self._factor(m, False), _tight(change))


def _tight(m: Math) -> Math:
    return Paren(m) if isinstance(m, Infix | Big) else m


def _without_minus(m: LinearMap) -> LinearMap | None:
    """Return the map without its leading factor -1, if it has one."""
    match m:
        case Compose((Scale(Number(value)), *rest)) if value == -1:
            return M.compose(*rest)
        case Scale(Number(value)) if value < 0:
            return M.scale(Number(-value))
    return None


def _numbers_first(maps: tuple[LinearMap, ...]) -> list[LinearMap]:
    """Put numeric factors in front: 2 w, not w 2."""
    numbers = [m for m in maps if isinstance(m, Scale) and isinstance(m.c, Number)]
    return numbers + [m for m in maps if m not in numbers]


_ = (Row, Word)
