"""Upper bounds of closed forms, by structural rules, each with its proof. ‖·‖ is one of three norms:

spectral ‖A‖₂ = max ‖Ax‖₂/‖x‖₂, infinity ‖A‖_∞ = max_i Σ_k |A_ik|, Frobenius ‖A‖_F = (Σ |A_ik|²)^(1/2).

    product       ‖AB‖ ≤ ‖A‖ ‖B‖                 submultiplicative: ‖ABx‖ ≤ ‖A‖ ‖Bx‖; Horn and Johnson,
                                                Matrix Analysis (2013), section 5.6
    sum           ‖A + B‖ ≤ ‖A‖ + ‖B‖            triangle inequality
    diagonal      ‖diag(v)‖ ≤ sup |v|            (diag(v) x)_i = v_i x_i; for Frobenius only beside another factor,
                                                ‖diag(v) B‖_F² = Σ |v_i|² |B_ik|² ≤ sup |v|² ‖B‖_F²
    transpose     ‖Aᵀ‖ = ‖A‖                     spectral and Frobenius; for infinity ‖Aᵀ‖_∞ is a letter of its own
    right         ‖M ↦ MB‖ ≤ ‖B‖                 from the first line, in the same norm of M
    identity      ‖I‖ = 1                        spectral and infinity; ‖I‖_F = √n
    block         ‖(A_ik)‖ ≤ Σ ‖A_ik‖            triangle inequality: the sum of the blocks, each padded with zeros
    entries       |f'(x)| ≤ sup |f'|             over all real x, from certified extrema
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symgrad.algebra.expression import Apply, Constant, Expression, Number, Partial, Quantity
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
from symgrad.arithmetic.literal import exact
from symgrad.calculus.closed_form import ClosedForm
from symgrad.errors import ReadError, UnknownName, ValuesError
from symgrad.network.network import Network
from symgrad.network.syntax import canonical
from symgrad.numbers.size import NOTHING, UNIT, Size, letter, number, over, plain
from symgrad.numbers.slope_bound import greatest_slope, greatest_value
from symgrad.ops.record import Elementwise

NORMS = ("spectral", "frobenius", "infinity")

Assumptions = Mapping[str, Size]


@dataclass(frozen=True)
class Bound:
    """‖∂of/∂wrt‖ ≤ size, in a norm, under assumptions; print it, or ``evaluate`` it."""

    size: Size
    norm: str
    assumptions: tuple[str, ...]

    def evaluate(self, values: Mapping[str, Any] | None = None, **indices: int) -> Any:
        """Return the bound as a Magnitude, with letters and index symbols at numbers."""
        return self.size.evaluate(values, **indices)

    @property
    def letters(self) -> frozenset[str]:
        """The names of the quantities, and the letters of the assumptions, whose sizes it is made of."""
        return frozenset(map(plain, self.size.letters))

    def growth(self, symbol: str) -> Size:
        """Return the limit of bound^(1/n) as the index symbol n grows: the growth per layer."""
        return self.size.growth(symbol)

    def __str__(self) -> str:
        return str(self.size)

    __repr__ = __str__


def bound(form: ClosedForm, *assumptions: str | Mapping[str, Any], norm: str = "spectral") -> Bound:
    """Return an upper bound of a closed form's size.

    assumptions: "norm(W) <= lambda", "abs(w) <= 1", "abs(sigma') <= gamma", or {"W": "lambda", "w": 1}; they
    hold for every layer. A quantity without an assumption stays as a letter, ‖W‖.

    >>> import symgrad as sg
    >>> bound(sg.model("rnn").derivative("s[t]", "s[k]"), {"W": "lambda", "sigma'": "gamma"})
    (γ λ)^(t-k)
    >>> chain = sg.model("chain").bind("logistic")
    >>> bound(chain.derivative("a[L]", "a[0]"), "abs(w) <= 1")
    4^-L
    """
    if norm not in NORMS:
        raise UnknownName("norm", norm, NORMS)
    known = read_assumptions(*assumptions)
    scalar = form.network.shape(form.of) == () and form.network.shape(form.wrt) == ()
    bounder = _Bounder(form.network, known, norm, scalar)
    size = bounder.map(form.map)
    unused = [name for name in known if name not in bounder.used]
    if unused:
        raise UnknownName("quantity of the derivative", unused[0], bounder.seen)
    return Bound(size, norm, tuple(f"{name} ≤ {size}" for name, size in known.items()))


def read_assumptions(*assumptions: str | Mapping[str, Any]) -> dict[str, Size]:
    """Read assumptions into sizes by name.

    >>> read_assumptions("norm(W) <= lambda", {"w": "1/2"})
    {'W': λ, 'w': (1/2)}
    """
    known: dict[str, Size] = {}
    for assumption in assumptions:
        pairs = assumption.items() if isinstance(assumption, Mapping) else [_read(assumption)]
        for name, value in pairs:
            known[canonical(str(name).strip())] = _size(value)
    return known


_FORMS = (r"(?:norm|abs)\((.+?)\)\s*(?:<=|≤)\s*(.+)", r"[|‖]+(.+?)[|‖]+\s*(?:<=|≤)\s*(.+)")


def _read(text: str) -> tuple[str, str]:
    for form in _FORMS:
        found = re.fullmatch(form, text.strip())
        if found:
            return found[1], found[2]
    raise ReadError(f"{text!r} is not an assumption", todo="write 'norm(W) <= lambda' or 'abs(w) <= 1'")


def _size(value: Any) -> Size:
    text = canonical(value.strip()) if isinstance(value, str) else ""
    if text.isidentifier():
        return letter(text)
    q = exact(value)
    if q < 0:
        raise ValuesError(f"a bound of {q} is negative", todo="give a number that is not negative, or a letter")
    return number(q)


class _Bounder:
    """The rules, for one network, one set of assumptions, one norm."""

    def __init__(self, network: Network, known: Assumptions, norm: str, scalar: bool) -> None:
        self.known, self.norm, self.scalar = known, norm, scalar
        self.used: set[str] = set()
        self.seen: set[str] = set()
        self.values = {e.target.name: e.value for e in (*network.openings, *network.steps, *network.closings)}

    def map(self, m: LinearMap) -> Size:
        """Return a bound of ‖m‖."""
        if self.norm == "frobenius" and _is_light(m):
            return self.light(m) * (UNIT if self.scalar else letter("sqrt(n)"))
        match m:
            case Zero():
                return NOTHING
            case Identity() | Swap():
                return UNIT if self.norm != "frobenius" else letter("sqrt(n)")
            case Scale(e) | Diagonal(e):
                return self.entries(e)
            case Matrix(A) | Right(A):
                return self.matrix(A)
            case Column(v):
                return self._letter("norm", v)
            case Named(_, _, inner):
                return self.map(inner)
            case Transpose(of):
                return self._transposed(of)
            case Compose(maps):
                return _product(self.light(x) if _is_light(x) else self.map(x) for x in maps)
            case Sum(maps):
                return _total(self.map(x) for x in maps)
            case Block(rows):
                return _total(self.map(x) for r in rows for x in r)
            case Product(symbol, lower, upper, body):
                return over("product", symbol, lower, upper, self.map(body))
            case IndexedSum(symbol, lower, upper, body):
                return over("sum", symbol, lower, upper, self.map(body))
        raise TypeError(f"not a linear map: {m!r}")

    def light(self, m: LinearMap) -> Size:
        """Return a bound of the spectral norm of a map that is built of multiples and diagonals."""
        before, self.norm = self.norm, "spectral"
        try:
            return self.map(m)
        finally:
            self.norm = before

    def _transposed(self, of: LinearMap) -> Size:
        if self.norm != "infinity" or isinstance(of, Named):
            return self.map(of)
        match of:
            case Matrix(A) | Right(A):
                return self._letter("norm", A, suffix=".T")
            case Column(v):  # the row's infinity norm is the sum of |v_i|
                return self._letter("norm", v, suffix=".T")
        return self.map(of)

    def matrix(self, A: Expression) -> Size:
        """Return a bound of the norm of a matrix expression."""
        match A:
            case Constant("I"):
                return UNIT if self.norm != "frobenius" else letter("sqrt(n)")
            case Apply(op, (x, y)) if op.name == "@":
                return self.matrix(x) * self.matrix(y)
            case Apply(op, (c, x)) if op.name == "*" and isinstance(c, Number):
                return self.entries(c) * self.matrix(x)
            case Apply(op, (x, y)) if op.name in ("+", "-"):
                return self.matrix(x) + self.matrix(y)
            case Apply(op, (x,)) if op.name == "neg":
                return self.matrix(x)
        return self._letter("norm", A)

    def entries(self, e: Expression) -> Size:
        """Return a bound of sup |e_i| over the entries, or of |e| for a scalar."""
        match e:
            case Number(q):
                return number(abs(q))
            case Constant():
                return UNIT
            case Apply(op, (x, y)) if op.name == "*":
                return self.entries(x) * self.entries(y)
            case Apply(op, (x, y)) if op.name in ("+", "-"):
                return self.entries(x) + self.entries(y)
            case Apply(op, (x,)) if op.name == "neg":
                return self.entries(x)
            case Apply(op, (x,)) if op.name == "power" and Fraction(op.record) > 0:
                whole = Fraction(op.record)
                return _product([self.entries(x)] * int(whole)) if whole.denominator == 1 else self._letter("abs", e)
            case Apply(op, (x,)) if op.kind == "slope":
                return self._slope(op.name, op.record)
            case Apply(op, (x,)) if op.kind == "function" and isinstance(op.record, Elementwise):
                return self._function(e, op.record)
            case Quantity():
                return self._quantity(e)
        return self._letter("abs", e)

    def _slope(self, name: str, record: Any) -> Size:
        key = f"{name}'"
        self.seen.add(key)
        if key in self.known:
            self.used.add(key)
            return self.known[key]
        if not isinstance(record, Elementwise):
            return letter(f"abs({key})")
        sup = greatest_slope(record)
        return number(sup.exact) if sup.exact is not None else letter(f"sup {record.name}'", sup)

    def _function(self, e: Expression, record: Elementwise) -> Size:
        sup = greatest_value(record)
        if sup is None:
            return self._letter("abs", e)
        return number(sup.exact) if sup.exact is not None else letter(f"sup {record.name}", sup)

    def _quantity(self, q: Quantity) -> Size:
        value = self.values.get(q.name)
        boundary = isinstance(q.index, int) and q.index <= 0
        named = q.name in self.known or str(q) in self.known
        if not named and not boundary and isinstance(value, Apply) and value.op.kind == "function":
            record = value.op.record
            if isinstance(record, Elementwise) and greatest_value(record) is not None:
                return self._function(q, record)
        return self._letter("abs", q)

    def _letter(self, kind: str, e: Expression, suffix: str = "") -> Size:
        """Return the assumption about a quantity, or a letter for its size."""
        names = (f"{e}{suffix}", f"{e.name}{suffix}") if isinstance(e, Quantity) else (described(e) + suffix,) * 2
        self.seen.update(names)
        for name in names:
            if name in self.known:
                self.used.add(name)
                return self.known[name]
        return letter(f"{kind}({names[0]})")


def _is_light(m: LinearMap) -> bool:
    match m:
        case Identity() | Scale() | Diagonal():
            return True
        case Compose(maps) | Sum(maps):
            return all(map(_is_light, maps))
        case Product(_, _, _, body) | Named(_, _, body):
            return _is_light(body)
    return False


def described(e: Expression) -> str:
    """Write what a letter is the size of: ∂C/∂a[L]."""
    match e:
        case Partial(of, wrt):
            return f"∂{of}/∂{wrt}"
        case Quantity():
            return str(e)
        case Number(q):
            return str(q)
        case Constant(kind):
            return kind
        case Apply(op, arguments):
            prime = "'" if op.kind == "slope" else ""
            return f"{op.name}{prime}({', '.join(map(described, arguments))})"
    return "?"


def _product(sizes: Iterable[Size]) -> Size:
    total = UNIT
    for size in sizes:
        total = total * size
    return total


def _total(sizes: Iterable[Size]) -> Size:
    total = NOTHING
    for size in sizes:
        total = total + size
    return total
