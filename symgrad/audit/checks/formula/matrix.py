"""Gradients of quadratic forms: ∇_x xᵀ A x = (A + Aᵀ) x, ∂/∂X tr(A X) = Aᵀ, ∇_w ‖X w - y‖² = 2 Xᵀ (X w - y).

Small letters of the Latin alphabet are vectors, capital ones matrices, Greek ones numbers; all have drawn entries,
exact fractions, and the derivative is that of dual numbers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.names import GREEK_NAMES
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Number, Symbol, Unknown, symbols, walk

KIND = "gradient"
SIZE, SEED = 3, 0
LARGEST = 9
TRACE = ("\\tr", "tr", "Tr")
FACTORS = ((Fraction(2), "a factor 2 is missing"), (Fraction(1, 2), "a factor 2 too many"), (-1, "the sign is wrong"))
Value = Any
"""A two-dimensional array of fractions or dual numbers; a number is one of one entry."""


@dataclass(frozen=True)
class Dual:
    """x + y ε with ε² = 0."""

    x: Fraction
    y: Fraction

    def __add__(self, other: Dual | Fraction | int) -> Dual:
        o = _dual(other)
        return Dual(self.x + o.x, self.y + o.y)

    def __mul__(self, other: Dual | Fraction | int) -> Dual:
        o = _dual(other)
        return Dual(self.x * o.x, self.x * o.y + self.y * o.x)

    def __neg__(self) -> Dual:
        return Dual(-self.x, -self.y)

    def __sub__(self, other: Dual | Fraction | int) -> Dual:
        return self + -_dual(other)

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Dual | Fraction | int) -> Dual:
        return -self + other


def _dual(x: Dual | Fraction | int) -> Dual:
    return x if isinstance(x, Dual) else Dual(Fraction(x), Fraction(0))


def matrix(case: Case) -> Judgement | None:
    """Judge the derivative of a form of vectors and matrices by one of them; None for any other claim."""
    found = _derivative(case.left)
    if found is None or case.relation != "=":
        return None
    body, variable = found
    names = symbols(body) | symbols(case.right)
    if variable not in symbols(body) or not symbols(case.right) <= symbols(body) or _kind(variable) == "number":
        return None
    if any(len(n.partition("_")[0].split(" ")[-1]) > 1 and _kind(n) != "number" for n in names):
        return unchecked("letters that are not known to be vectors or matrices", KIND)
    try:
        for symmetric in (False, True):
            drawn = _drawn(names, symmetric)
            expected, right = _gradient(body, variable, drawn), _value(case.right, drawn)
            if _same(expected, right):
                return _agreed(case, symmetric, names)
            if not symmetric and expected.shape in (right.shape, right.shape[::-1]):
                for factor, told in FACTORS:
                    if _same(expected, right * factor):
                        return Judgement(Word.REFUTED, reason=told, kind=KIND)
        return unchecked("it differs, if its letters are vectors and matrices", KIND)
    except NotUnderstoodError as error:
        return unchecked(f"not understood: {error}", KIND)


def _agreed(case: Case, symmetric: bool, names: frozenset[str]) -> Judgement:
    letters = ", ".join(sorted(n for n in names if _kind(n) == "matrix"))
    if symmetric and "symmetric" not in (case.passage.before + case.passage.after).lower():
        return Judgement(Word.NOTE, reason=f"right if {letters} is symmetric", kind=KIND)
    return Judgement(Word.CONFIRMED, reason="exactly, at drawn vectors and matrices", kind=KIND)


def _derivative(node: Node) -> tuple[Node, str] | None:
    """Return what is differentiated and by what, if it is a form of vectors and matrices."""
    match node:
        case Derivative(body, variable, 1):
            pass
        case Unknown("∇", (Symbol(variable), body)):
            pass
        case _:
            return None
    return (body, variable) if any(map(_is_of_arrays, walk(body))) else None


def _is_of_arrays(n: Node) -> bool:
    return (isinstance(n, Apply) and n.name in ("transpose", "norm2")) or (isinstance(n, Unknown) and n.name in TRACE)


def _kind(name: str) -> str:
    letter = name.partition("_")[0].split(" ")[-1]
    if letter in GREEK_NAMES.values():
        return "number"
    return "matrix" if letter[:1].isupper() else "vector"


def _drawn(names: frozenset[str], symmetric: bool) -> dict[str, Value]:
    source = random.Random(SEED)

    def entries(rows: int, columns: int) -> Value:
        whole = [[Fraction(source.randint(-LARGEST, LARGEST)) for _ in range(columns)] for _ in range(rows)]
        return np.array(whole, dtype=object)

    found = {}
    for name in sorted(names):
        kind = _kind(name)
        value = entries(SIZE if kind != "number" else 1, SIZE if kind == "matrix" else 1)
        found[name] = value + value.T if symmetric and kind == "matrix" else value
    if "I" in found:
        found["I"] = np.array([[Fraction(int(i == k)) for k in range(SIZE)] for i in range(SIZE)], dtype=object)
    return found


def _gradient(body: Node, variable: str, drawn: dict[str, Value]) -> Value:
    """Return the derivative: of a number in the shape of the variable, of a vector as its Jacobian."""
    at = drawn[variable]
    columns = []
    for place in np.ndindex(at.shape):
        rows = [[Dual(v, Fraction(int((i, k) == place))) for k, v in enumerate(row)] for i, row in enumerate(at)]
        moved = np.array(rows, dtype=object)
        columns.append(np.vectorize(lambda v: _dual(v).y, otypes=[object])(_value(body, {**drawn, variable: moved})))
    if columns[0].shape == (1, 1):
        return np.array([c[0, 0] for c in columns], dtype=object).reshape(at.shape)
    if columns[0].shape[1] != 1 or at.shape[1] != 1:
        raise NotUnderstoodError("a derivative of a matrix")
    return np.hstack(columns)


def _same(x: Value, y: Value) -> bool:
    return any(x.shape == z.shape and bool(np.all(x == z)) for z in (y, y.T))


def _value(node: Node, drawn: dict[str, Value]) -> Value:
    match node:
        case Number(value):
            return np.array([[Fraction(value)]], dtype=object)
        case Symbol(name) if name in drawn:
            return drawn[name]
        case Apply("transpose", (inner,)):
            return _value(inner, drawn).T
        case Apply("neg", (inner,)):
            return -_value(inner, drawn)
        case Apply("^", (Apply("norm2", (inner,)), Number(value))) if value == 2:
            x = _value(inner, drawn)
            return np.array([[sum((v * v for v in x.ravel()), Fraction(0))]], dtype=object)
        case Apply("/", (above, Number(value))) if value:
            return _value(above, drawn) * (1 / Fraction(value))
        case Unknown(name, (inner,), 0) if name in TRACE:
            x = _value(inner, drawn)
            if x.shape[0] != x.shape[1]:
                raise NotUnderstoodError("a trace")
            return np.array([[sum((x[i, i] for i in range(len(x))), Fraction(0))]], dtype=object)
        case Apply("+" | "-" | "*" as name, (left, right)):
            return _combined(name, _value(left, drawn), _value(right, drawn))
    raise NotUnderstoodError("what is no form of vectors and matrices")


def _combined(name: str, x: Value, y: Value) -> Value:
    if name != "*":
        if x.shape != y.shape:
            raise NotUnderstoodError("shapes that do not fit")
        return x + y if name == "+" else x - y
    if (1, 1) in (x.shape, y.shape):
        return x * y
    if x.shape[1] != y.shape[0]:
        raise NotUnderstoodError("shapes that do not fit")
    return x.dot(y)
