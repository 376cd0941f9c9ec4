"""Bounds of what stands in a linear map: the entries of an expression, a vector's norm, a matrix's norm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.index import Affine, Index, Position
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.parts import is_unit, of_identity
from symgrad.numbers.bound.assumptions import Assumptions
from symgrad.numbers.bound.letter import Greatest, Letter, described
from symgrad.numbers.bound.size import UNIT, Size, number, product, root, size
from symgrad.numbers.bound.slope_bound import greatest_slope, greatest_value, range_of
from symgrad.numbers.magnitude.magnitude import Magnitude
from symgrad.ops.linear import SOFTMAX
from symgrad.ops.record import Elementwise

LEAST = -(10**9)
"""The least number of an index of which nothing is known."""


class EntryRules:
    """The rules for expressions, for one closed form, one set of assumptions, one norm.

    seen: the names that the bound could be told about. used: those that it was.
    """

    def __init__(self, form: ClosedForm, known: Assumptions, norm: str) -> None:
        self.form, self.known, self.norm, self.network = form, known, norm, form.network
        self.used: set[str] = set()
        self.seen: set[str] = set()
        self.values = {e.target.name: e.value for e in self.network.equations}
        self._first: dict[str, Position] = {self.network.depth_symbol: 1}
        for q in (form.of, form.wrt):
            if isinstance(q.index, Index):
                self._at_least(q.index.symbol, self._first_index(q) - q.index.offset)
        for larger, smaller in form.assumptions:
            if isinstance(larger, Index) and isinstance(smaller, int):
                self._at_least(larger.symbol, smaller - larger.offset)

    def _at_least(self, symbol: str, n: int) -> None:
        known = self._first.get(symbol, n)
        self._first[symbol] = max(n, known) if isinstance(known, int) else n

    def _first_index(self, q: Quantity) -> int:
        """Return the first index of a quantity; of a state it is that of its earliest boundary value."""
        name, network = q.name, self.network
        return 1 - max((0, *network.lags.get(name, ()))) if name in network.defined else network.first_index(name)

    @contextmanager
    def running(self, symbol: str, lower: Position) -> Iterator[None]:
        """Note where an index starts, inside of its product or sum."""
        before, self._first = self._first, {**self._first, symbol: lower}
        try:
            yield
        finally:
            self._first = before

    def least(self, position: Position) -> int:
        """Return the least number that a position has."""
        if isinstance(position, int):
            return position
        if isinstance(position, Affine):
            terms, offset = position.terms, position.offset
            return sum([n * self.least(Index(s)) for s, n in terms], offset) if all(n > 0 for _, n in terms) else LEAST
        first = self._first.get(position.symbol, LEAST)
        if isinstance(first, Index) and first.symbol == position.symbol:
            return LEAST
        return self.least(first) + position.offset

    def rank(self, e: Expression) -> int:
        """Return 0 for a scalar, 1 for a vector, 2 for a matrix."""
        return len(self.network.shape_of(e))

    # --- entries

    def entries(self, e: Expression) -> Size:
        """Return a bound of sup |e_i| over the entries, or of |e| for a scalar."""
        ends = self.ends(e)
        if ends is not None:
            return number(max(abs(end) for end in ends))
        match e:
            case Constant("size", (n,)):
                return root(n) * root(n)
            case Constant("pi" | "e" as name):
                return number({"pi": Fraction(355, 113), "e": Fraction(193, 71)}[name])  # a little above both
            case Constant():
                return UNIT
            case Apply(op, (x, y)) if op.name == "*":
                return self.entries(x) * self.entries(y)
            case Apply(op, (x, Number(q))) if op.name == "/" and q:
                return self.entries(x) * number(1 / abs(q))
            case Apply(op, (x, y)) if op.name == "/" and not (isinstance(x, Number) and x.value == 1):
                return self.entries(x) * self.entries(1 / y)
            case Apply(op, (x, y)) if op.name in ("+", "-"):
                return self.entries(x) + self.entries(y)
            case Apply(op, (x,)) if op.name in ("neg", "T"):
                return self.entries(x)
            case Apply(op, (x,)) if op.name == "power" and op.record > 0 and Fraction(op.record).denominator == 1:
                return product([self.entries(x)] * int(op.record))
            case Apply(op, _) if op == SOFTMAX:
                return UNIT
            case Apply(op, (_,)) if op.kind == "slope":
                return self._slope(e, op.name, op.record)
            case Quantity() | Apply():
                return self._value(e)
        return self.named("abs", e)

    def ends(self, e: Expression) -> tuple[Fraction, Fraction] | None:
        """Return rational numbers between which every entry lies: 0 and 1 for 1 - σ(z); None where not known."""
        match e:
            case Number(q):
                return q, q
            case Quantity() if not self._assumed(e):
                record = self._defining(e)
                return range_of(record) if record is not None else None
            case Apply(op, (x,)) if op.name == "neg":
                return _minus(self.ends(x))
            case Apply(op) if op.name == "indicator":
                return Fraction(0), Fraction(1)
            case Apply(op, (x, y)) if op.name in ("+", "-"):
                a, b = self.ends(x), self.ends(y) if op.name == "+" else _minus(self.ends(y))
                return None if a is None or b is None else (a[0] + b[0], a[1] + b[1])
            case Apply(op, (x,)) if op.kind == "function" and isinstance(op.record, Elementwise):
                return range_of(op.record)
        return None

    def _slope(self, e: Expression, name: str, record: Any) -> Size:
        key = f"{name}'"
        self.seen.add(key)
        for known in (key, f"abs({key})"):
            if known in self.known:
                self.used.add(known)
                return self.known[known]
        sup = greatest_slope(record) if isinstance(record, Elementwise) else None
        if sup is not None:
            return number(sup.exact) if sup.exact is not None else _greatest(record, True, sup)
        return self.named("abs", e) if isinstance(record, Elementwise) else _greatest(name, True)

    def _value(self, e: Expression) -> Size:
        """Return sup |f| of a function that is bounded, or of a quantity that one gives."""
        record = self._defining(e) if isinstance(e, Quantity) else e.op.record  # type: ignore[attr-defined]
        if self._assumed(e) or not isinstance(record, Elementwise):
            return self.named("abs", e)
        sup = greatest_value(record)
        if sup is None:
            return self.named("abs", e)
        return number(sup.exact) if sup.exact is not None else _greatest(record, False, sup)

    def _defining(self, q: Quantity) -> Elementwise | None:
        """Return f where q = f(...) wherever q stands here: not for h[j-1], which at j = 1 may be given."""
        value = self.values.get(q.name)
        given = q.index is not None and self.least(q.index) < 1
        record = value.op.record if isinstance(value, Apply) and value.op.kind == "function" else None
        return record if isinstance(record, Elementwise) and not given else None

    # --- vectors and matrices

    def vector(self, v: Expression, flip: bool = False) -> Size:
        """Return a bound of the norm of an array as a column; with ``flip``, as a row."""
        match v:
            case _ if self.rank(v) == 0:
                return self.entries(v)
            case _ if is_unit(v):
                return UNIT
            case Apply(op, (x,)) if op.name in ("neg", "T"):
                return self.vector(x, flip)
            case Apply(op, (x, y)) if op.name in ("+", "-") and self.rank(x) == self.rank(y):
                return self.vector(x, flip) + self.vector(y, flip)
            case Apply(op, (x, y)) if op.name == "*" and self.rank(y):
                return self.entries(x) * self.vector(y, flip)
            case Apply(op, (x, y)) if op.name == "*":
                return self.entries(y) * self.vector(x, flip)
            case Apply(op, (A, x)) if op.name == "@" and self.rank(A) == 2 and self.rank(x) == 1:
                return self.matrix(A, flip) * self.vector(x, flip)
            case Apply(op, _) if op == SOFTMAX:
                return UNIT
            case Quantity() | Partial() if self._assumed(v) or (self.rank(v) == 1 and not self.bounded(v)):
                return self.named("norm", v, flip)
            case Partial() | Apply() if self.rank(v) == 1 and not self.bounded(v):
                return self.named("norm", v, flip)
        return self.entries(v) * self._ones(v, flip)

    def bounded(self, v: Expression) -> bool:
        """Tell whether a bound of the entries is known by itself."""
        if isinstance(v, Quantity):
            record = self._defining(v)
            return record is not None and greatest_value(record) is not None
        return isinstance(v, Constant) or (isinstance(v, Apply) and v.op.kind in ("slope", "function"))

    def _ones(self, v: Expression, flip: bool) -> Size:
        """Return the norm of an array of ones."""
        sides = list(map(root, self.network.shape_of(v)))
        if self.norm == "infinity":
            return product([*sides, *sides]) if flip else UNIT
        return product(sides)

    def matrix(self, A: Expression, flip: bool = False) -> Size:
        """Return a bound of the norm of a matrix; with ``flip``, of its transpose."""
        match A:
            case Constant("I"):
                return UNIT
            case _ if of_identity(A):
                return UNIT  # rows or columns of I
            case _ if self.rank(A) < 2:
                return self.entries(A)
            case Apply(op, (x, y)) if op.name in ("@", "*"):
                return self.matrix(x, flip) * self.matrix(y, flip)
            case Apply(op, (x, y)) if op.name in ("+", "-") and self.rank(x) == self.rank(y) == 2:
                return self.matrix(x, flip) + self.matrix(y, flip)
            case Apply(op, (x,)) if op.name == "neg":
                return self.matrix(x, flip)
            case Apply(op, (x,)) if op.name == "T":
                return self.matrix(x, not flip)
        return self.named("norm", A, flip)

    def mentions_identity(self, A: Expression) -> bool:
        """Tell whether a matrix is built with I, or a number in the place of a matrix."""
        if isinstance(A, Apply) and A.op.name in ("@", "*", "+", "-", "neg", "T"):
            return any(self.mentions_identity(x) for x in A.arguments if self.rank(x) == 2)
        return isinstance(A, Constant)

    # --- names

    def _assumed(self, e: Expression) -> bool:
        return any(f"{before}{name}{after}" in self.known for name in _names(e) for before, after in _MARKS)

    def named(self, kind: str, e: Expression, flip: bool = False) -> Size:
        """Return what is assumed of the size of an expression, or a letter for it.

        An entry is not greater than any of the norms; a scalar is its own entry.
        """
        suffix = ".T" if flip and self.norm == "infinity" else ""
        scalar = self.rank(e) == 0
        for name in _names(e):
            self.seen.add(f"{name}{suffix}")
            keys = [f"{name}{suffix}"]
            if kind == "abs":
                keys = [f"abs({name})", name, f"{name}.T"]
            elif scalar:
                keys = [name, f"abs({name})"]
            for key in keys:
                if key in self.known:
                    self.used.add(key)
                    return self.known[key]
        kind = "abs" if scalar else kind
        return size(Letter("abs" if kind == "abs" else "norm", e, bool(suffix)))


_MARKS = (("", ""), ("abs(", ")"), ("", ".T"))


def _names(e: Expression) -> tuple[str, ...]:
    return (str(e), e.name) if isinstance(e, Quantity) else (described(e),)


def _minus(ends: tuple[Fraction, Fraction] | None) -> tuple[Fraction, Fraction] | None:
    return None if ends is None else (-ends[1], -ends[0])


def _greatest(function: Elementwise | str, slope: bool, sup: Magnitude | None = None) -> Size:
    return size(Letter("sup", Greatest(function, slope), value=sup))
