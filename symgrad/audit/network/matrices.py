"""Vectors and matrices that a text computes from each other, S = QKᵀ/√d, P = softmax(S), and their derivatives.

All letters have drawn values, balls with a first-order part, so that a derivative is that of power series and shares
nothing with the rules of backpropagation.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import arb, arb_series, fmpq

from symgrad.audit.network.costs import COSTS
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Derivative, Node, Number, Symbol, Unknown, rebuilt, symbols, walk

SIZE, SEED = 3, 0
ORDER = 2
"""Terms of a series: the value and the derivative."""
Value = Any
"""A two-dimensional array of series; a number is one of one entry, a vector a column."""
TOTAL = "sum of entries"
"""A sum over the entries of vectors, ∑_k y_k log p_k, in which y and p stand for y_k and p_k."""


def _tanh(x: arb_series) -> arb_series:
    return 1 - 2 / ((2 * x).exp() + 1)


ENTRYWISE: Mapping[str, Callable[[arb_series], arb_series]] = {
    "tanh": _tanh,
    "exp": lambda x: x.exp(),
    "ln": lambda x: x.log(),
    "sqrt": lambda x: x.sqrt(),
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
}
SLOPES: Mapping[str, Callable[[arb_series], arb_series]] = {
    "tanh": lambda x: 1 - _tanh(x) * _tanh(x),
    "sigmoid": lambda x: (-x).exp() / ((1 + (-x).exp()) * (1 + (-x).exp())),
}
UNDERSTOOD = frozenset(
    [*ENTRYWISE, "+", "-", "*", "/", "neg", "^", "⊙", "transpose", "softmax", "diag", "norm2", "log"]
)


@dataclass(frozen=True)
class Kinds:
    """How letters are read: small ones as columns, rows or numbers; softmax by rows or by columns of a matrix."""

    small: Mapping[str, str] = field(default_factory=dict)
    by_rows: bool = True


class Computation:
    """What a text computes: the letters that it defines, each of letters before it.

    kinds: how its letters are read. The last letter, which nothing reads, is what a cost depends on.
    """

    def __init__(self, defined: Mapping[str, Node], kinds: Kinds) -> None:
        self.defined, self.kinds = defined, kinds
        self._source = random.Random(SEED)
        self.drawn: dict[str, Value] = {}
        for name in sorted(frozenset().union(*map(symbols, defined.values())) - defined.keys() - {"pi", "e"}):
            self.drawn[name] = self._draw(name)
        read = frozenset().union(*map(symbols, defined.values()))
        self.last = [name for name in defined if name not in read]
        self.values = self.computed({})
        self._weights = {name: self._weight(name) for name in self.last}

    def _draw(self, name: str) -> Value:
        kind = self.kinds.small.get(name, "matrix" if is_capital(name) else "number")
        rows, columns = {"matrix": (SIZE, SIZE), "column": (SIZE, 1), "row": (1, SIZE)}.get(kind, (1, 1))
        found = _array([[self._number() for _ in range(columns)] for _ in range(rows)])
        if base(name) in ("y", "t") and kind in ("column", "row"):  # of one-hot vectors and the like the sum is 1
            found = found / found.sum()
        return found

    def _number(self) -> arb_series:
        """Draw a number that no factor of a formula is: 1/2 or 2 would hide one."""
        return arb_series([arb(fmpq(2 * self._source.randint(50, 640) + 1, 1021))], ORDER)

    def _weight(self, name: str) -> Value:
        """Return by how much the cost depends on the entries of a last letter: a cost is itself."""
        x = self.values[name]
        if base(name) in COSTS and x.shape == (1, 1):
            return _array([[arb_series([1], ORDER)]])
        return _array([[self._number() for _ in row] for row in x])

    def computed(self, held: Mapping[str, Value]) -> dict[str, Value]:
        """Return the values of all letters where some are held at other values."""
        found = {**self.drawn, **held}
        for name, node in self.defined.items():
            if name not in held:
                found[name] = self.value(node, found)
        return found

    def value(self, node: Node, at: Mapping[str, Value]) -> Value:
        """Return a formula's value; raises NotUnderstoodError for what has none."""
        match node:
            case Number(value):
                return _array([[arb_series([arb(fmpq(value.numerator, value.denominator))], ORDER)]])
            case Symbol(name) if name in at:
                return at[name]
            case Apply("*", _):
                return self._product(node, at)
            case Apply("log", (inner, Apply("e", ()))):
                return self.value(Apply("ln", (inner,)), at)
            case Apply("^", (inner, Number(power))) if power.denominator == 1 and 1 <= power <= 4:
                x = self.value(inner, at)
                if isinstance(inner, Apply) and inner.name == "norm2":
                    x = _array([[x[0, 0]]])
                if 1 not in x.shape:
                    raise NotUnderstoodError("a power of a matrix")
                return x ** int(power)
            case Apply("norm2", (inner,)):
                x = self.value(inner, at)
                return _array([[(x * x).sum().sqrt()]])
            case Apply(name, (inner,), 1) if name in SLOPES:
                return _each(SLOPES[name], self.value(inner, at))
            case Apply(name, arguments, 0) if name in UNDERSTOOD:
                return self._applied(name, [self.value(a, at) for a in arguments])
            case Apply(kind, (inner,)) if kind == TOTAL:
                return _array([[self.by_entries(inner, at).sum()]])
        raise NotUnderstoodError("what is no computation with vectors and matrices")

    def by_entries(self, node: Node, at: Mapping[str, Value]) -> Value:
        """Return a formula between entries of vectors, in which a product is one entry by entry."""
        match node:
            case Apply("*", (left, right)):
                return self._applied("⊙", [self.by_entries(left, at), self.by_entries(right, at)])
            case Apply("log", (inner, Apply("e", ()))):
                return _each(ENTRYWISE["ln"], self.by_entries(inner, at))
            case Apply("^", (inner, Number(power))) if power.denominator == 1 and 1 <= power <= 4:
                return self.by_entries(inner, at) ** int(power)
            case Apply(name, arguments, 0) if name in ("+", "-", "neg", "/", *ENTRYWISE):
                return self._applied(name, [self.by_entries(a, at) for a in arguments])
        return self.value(node, at)

    def _product(self, node: Node, at: Mapping[str, Value]) -> Value:
        left, right = (self.value(a, at) for a in node.arguments)  # type: ignore[union-attr]
        if (1, 1) in (left.shape, right.shape):
            return left * right
        if left.shape[1] != right.shape[0]:
            raise NotUnderstoodError("a product of shapes that do not fit")
        return left.dot(right)

    def _applied(self, name: str, x: list[Value]) -> Value:
        match name, x:
            case (("+" | "-" | "⊙" | "/"), [a, b]) if a.shape == b.shape or (1, 1) in (a.shape, b.shape):
                if name == "/" and b.shape != (1, 1):
                    raise NotUnderstoodError("a quotient of vectors")
                return a + b if name == "+" else a - b if name == "-" else a * b if name == "⊙" else a / b[0, 0]
            case "neg", [a]:
                return -a
            case "transpose", [a]:
                return a.T
            case "diag", [a] if 1 in a.shape:
                zero = arb_series([arb(0)], ORDER)
                flat = list(a.ravel())
                return _array([[v if i == k else zero for k in range(len(flat))] for i, v in enumerate(flat)])
            case "softmax", [a]:
                by_rows = a.shape[0] == 1 or (a.shape[1] != 1 and self.kinds.by_rows)
                powers = _each(ENTRYWISE["exp"], a)
                return powers / powers.sum(axis=1 if by_rows else 0, keepdims=True)
            case _, [a] if name in ENTRYWISE:
                return _each(ENTRYWISE[name], a)
        raise NotUnderstoodError("shapes that do not fit")

    # --- derivatives ----------------------------------------------------------------------------------

    def gradient(self, of: str, wrt: str) -> Value:
        """Return ∂of/∂wrt: of a number in the shape of wrt, of a vector its Jacobian, a row for each function.

        A letter that nothing defines stands for a cost: any function of the last letters.
        """
        at = self.values[wrt]
        columns = [self._slope(of, wrt, place) for place in np.ndindex(at.shape)]
        if columns[0].size == 1:
            return _array([[c[0, 0] for c in columns]]).reshape(at.shape)
        if 1 not in columns[0].shape or 1 not in at.shape:
            raise NotUnderstoodError("a derivative of a matrix")
        return np.array([c.ravel() for c in columns], dtype=object).T

    def _slope(self, of: str, wrt: str, place: tuple[int, ...]) -> Value:
        moved = self.values[wrt].copy()
        moved[place] = moved[place] + arb_series([0, 1], ORDER)
        found = self.computed({wrt: moved})
        cost = [[sum((w * found[n]).sum() for n, w in self._weights.items())]]
        return _each(lambda v: arb_series([v[1]], ORDER), found[of] if of in self.defined else _array(cost))


def is_capital(name: str) -> bool:
    """Tell whether a letter is a capital one, a matrix."""
    return base(name)[:1].isupper()


def base(name: str) -> str:
    """Return a letter without its index and accents.

    >>> base("h_t-1"), base("bar K")
    ('h', 'K')
    """
    return name.partition("_")[0].split(" ")[-1]


def reads(node: Node) -> bool:
    """Tell whether a formula is made of what is understood here."""
    known = Number | Symbol
    return all(
        isinstance(n, known) or (isinstance(n, Apply) and (n.name in UNDERSTOOD or n.name in ("e", TOTAL)))
        for n in walk(node)
        if not isinstance(n, Derivative)
    )


def with_totals(node: Node) -> Node:
    """Return a formula with sums over the entries of vectors, -∑_k y_k log p_k, of the vectors themselves."""
    match node:
        case Unknown("\\∑", (inner, _)):
            index = {name.partition("_")[2] for name in symbols(inner) if "_" in name}
        case Big("∑", variable, Number(), Symbol(), inner):
            index = {variable}
        case _:
            return rebuilt(node, with_totals)
    if len(index) == 1 and len(*index) == 1 and not any(name in index for name in symbols(inner)):
        return Apply(TOTAL, (whole(inner, *index),))
    return node


def whole(node: Node, index: str) -> Node:
    """Return a formula with vectors in the place of their entries, p for p_i.

    >>> whole(Symbol("p_i"), "i")
    Symbol(name='p')
    """
    if isinstance(node, Symbol) and node.name.endswith(f"_{index}"):
        return Symbol(node.name.removesuffix(f"_{index}"))
    return rebuilt(node, lambda n: whole(n, index))


def same(x: Value, y: Value) -> bool | None:
    """Tell whether two arrays are the same; None where the balls do not say. Arrays of other shapes differ."""
    if x.shape != y.shape:
        return False
    pairs = [(a[0], b[0]) for a, b in zip(x.ravel(), y.ravel(), strict=True)]
    if any(not bool(a.overlaps(b)) for a, b in pairs):
        return False
    return True if all(float(a.rad()) < 1e-20 and float(b.rad()) < 1e-20 for a, b in pairs) else None


def _array(rows: list[list[Any]]) -> Value:
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        for k, x in enumerate(row):
            found[i, k] = x
    return found


def _each(f: Callable[[Any], Any], x: Value) -> Value:
    return _array([[f(v) for v in row] for row in x])
