"""One page about one derivative, at one point: does what it says have the value that backpropagation gives?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from symgrad.api.printed.truth import Truth
from symgrad.evidence.compare import Comparison, Judge, compare
from symgrad.reading.page.array import products as V
from symgrad.reading.page.array.kinds import Value
from symgrad.reading.page.array.sizes import dense, in_shape
from symgrad.reading.page.defined import Definition
from symgrad.reading.page.document import Equation, Page
from symgrad.reading.page.lexicon import shown
from symgrad.reading.page.value import Evaluation, Key
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Name, Node, Number, Partial, walk


@dataclass
class Statement:
    """A page that says what ∂of/∂wrt is.

    main: the lines whose left side is this derivative; applied: those that say what it does to a change of a matrix.
    """

    page: Page
    layout: str
    left: Partial
    main: list[Equation] = field(default_factory=list)
    applied: list[Definition] = field(default_factory=list)
    definitions: tuple[Definition, ...] = ()
    numbers: list[Equation] = field(default_factory=list)
    columns: list[Equation] = field(default_factory=list)
    """The lines of ∂vec(Y)/∂vec(X)."""

    def compare(
        self,
        truth: Truth,
        of: Key,
        wrt: Key,
        at: Mapping[str, int],
        scope: str = "total",
        judge: Judge = compare,
    ) -> Comparison:
        """Compare all that the page says of ∂of/∂wrt with backpropagation; of and wrt have numbers for indices.

        scope: "total"; "equation" or "step", where ∂of/∂wrt holds fixed what is outside of one of them.
        judge: what compares the values.

        Raises NotUnderstoodError where something is not read, or has no value.
        """
        at = {**truth.ends, **at}
        evaluation = Evaluation(truth.given(), at, self.page.order, self.layout, self.definitions)
        if (evaluation.quantity_of(self.left.of, at), evaluation.quantity_of(self.left.wrt, at)) != (of, wrt):
            raise NotUnderstoodError(f"the page is about ∂{shown(self.left.of)}/∂{shown(self.left.wrt)}")
        seed = truth.A.array(truth.draw.array(truth.symbol(of)), np.shape(truth.value(of)))
        expected = truth.pulled(of, wrt, seed, scope)
        found: list[Comparison] = []
        for e in self.main:
            value = evaluation.value(e.sides[1], at)
            found.append(self._against(truth, value, of, wrt, seed, expected, judge))
        for d in self.applied:
            value = evaluation.stated(d, at)
            matrix = value if self.layout == "numerator" else V.transposed(value)
            found.append(_contracted(truth, matrix, of, wrt, seed, expected, judge))
        found += [_of_numbers(evaluation, e) for e in self.numbers]
        found += [self._by_columns(evaluation, e, truth, (of, wrt), seed, expected, at, judge) for e in self.columns]
        return next((c for c in WORST_FIRST if c in found), Comparison.UNDEFINED)

    def _by_columns(
        self,
        evaluation: Evaluation,
        e: Equation,
        truth: Truth,
        derived: tuple[Key, Key],
        seed: Any,
        expected: Any,
        at: Mapping[str, int],
        judge: Judge,
    ) -> Comparison:
        """Compare a line of ∂vec(Y)/∂vec(X), in which the columns stand one below the other."""
        shapes = [np.shape(truth.value(q)) for q in derived]
        sizes = tuple(int(np.prod(s)) for s in shapes)
        turned = self.layout == "denominator"
        evaluation.sized = sizes[::-1] if turned else sizes  # type: ignore[assignment]  # two of them
        value = evaluation.value(e.sides[1], at)
        matrix = in_shape(V.transposed(value) if turned else value, sizes)
        return judge(np.ravel(seed.T).dot(matrix), np.ravel(np.reshape(expected, shapes[1]).T))

    def _against(
        self, truth: Truth, value: Value, of: Key, wrt: Key, seed: Any, expected: Any, judge: Judge
    ) -> Comparison:
        """Compare the value of a right side, as the layout arranges it, with a pull-back of the seed."""
        if self.layout == "denominator":
            value = V.transposed(value)
        x, y = truth.value(of), truth.value(wrt)
        if np.ndim(y) == 2 and not np.ndim(x):
            by_change = any(d.change is not None for d in self.definitions) or self._is_by_entries
            row = dense(value)
            if by_change and isinstance(row, np.ndarray) and row.shape == (1, y.size):
                return judge(row.ravel() * seed, expected)
            return judge(in_shape(value, y.shape[::-1]).T * seed, expected)
        if np.ndim(x) == 2 and not np.ndim(y):
            total = (in_shape(value, x.shape) * seed).sum()
            return judge(total, expected)
        return _contracted(truth, value, of, wrt, seed, expected, judge)

    @cached_property
    def _is_by_entries(self) -> bool:
        """Whether ∂⁺s/∂W stands on the right: the derivative by W then has a column for each entry of W."""
        right = [n for e in self.main for n in walk(e.sides[1])]
        return any(isinstance(n, Partial) and n.wrt == self.left.wrt for n in right)


WORST_FIRST = (Comparison.DISJOINT, Comparison.UNDEFINED, Comparison.WIDE, Comparison.AGREE)


def _contracted(truth: Truth, value: Value, of: Key, wrt: Key, seed: Any, expected: Any, judge: Judge) -> Comparison:
    """Compare a matrix with a row for each entry of of and a column for each of wrt with a pull-back."""
    x, y = truth.value(of), truth.value(wrt)
    if not np.ndim(x) and not np.ndim(y):
        return judge(in_shape(value, ()) * seed, expected)
    matrix = in_shape(value, (np.size(x), np.size(y)))
    return judge(np.reshape(np.array(seed, dtype=object), -1).dot(matrix), expected)


def _of_numbers(evaluation: Evaluation, e: Equation) -> Comparison:
    """Compare the sides of (3/2)^150 = ..., or of ... ≈ 2.59·10²⁶, which is right to the digits shown."""
    left, right = (in_shape(evaluation.value(side), ()) for side in e.sides)
    if e.relations == ("=",):
        return compare(left, right)
    half = half_unit(e.sides[1])
    error = abs(left - right)
    bound = evaluation.given.number(half)
    return Comparison.AGREE if error <= bound else Comparison.DISJOINT if error > bound else Comparison.WIDE


def half_unit(node: Node) -> Fraction:
    """Return half a unit of the last digit of a decimal, as 2.59·10²⁶."""
    match node:
        case Number(_, _, places):
            return Fraction(1, 2) / Fraction(10) ** places
        case Apply("neg", (inner,)):
            return half_unit(inner)
        case Apply("*", (Number(_, _, places), Apply("^", (Number(ten), exponent)))) if ten == 10:
            n = exponent.value if isinstance(exponent, Number) else -_negated(exponent)
            return Fraction(1, 2) * Fraction(10) ** (int(n) - places)
    raise NotUnderstoodError("a rounded number")


def _negated(node: Node) -> Fraction:
    match node:
        case Apply("neg", (Number(value),)):
            return value
    raise NotUnderstoodError("an exponent")


# --- a page as a statement ------------------------------------------------------------------------------


def statement(page: Page, layout: str, said_before: bool) -> Statement:
    """Sort the lines of a page; raises NotUnderstoodError for one that is not read or says nothing that is checked.

    layout: the one that was asked for. said_before: whether the page need not tell its layout, for it is about numbers
    or another page has said it.
    """
    for e in (*page.equations, *page.conditions):
        if e.reason:
            raise NotUnderstoodError(f"not read: {e.text or 'a formula'}: {e.reason}")
    if page.layout is None and not said_before:
        raise NotUnderstoodError("the page does not say its layout")
    if page.layout not in (None, layout):
        raise NotUnderstoodError(f"the page says that it is in {page.layout} layout, and not in {layout} layout")
    first = next((e for e in page.equations), None)
    left = first.sides[0] if first and first.sides else None
    match left:  # ∂a/∂W dW = ..., ∂vec(a)/∂vec(W) = ...
        case Apply("*", (Partial() as left, Apply("d", _))) | Apply("vec", (Partial() as left,)):
            pass
    if not isinstance(left, Partial):
        raise NotUnderstoodError("the page does not begin with a derivative")
    found = Statement(page, layout, left)
    found.definitions = page.definitions(left)
    for e in page.equations:
        _sort(e, found)
    if not found.main and not found.applied and not found.columns:
        raise NotUnderstoodError("the page says nothing of the derivative")
    return found


def _sort(e: Equation, to: Statement) -> None:
    match e.sides, e.relations:
        case (left, _), ("=",) if left == to.left:
            to.main.append(e)
        case (Apply("vec", (left,)), _), ("=",) if left == to.left:
            to.columns.append(e)
        case (Apply("*", (left, Apply("d", (Name() as change,)))), right), ("=",) if left == to.left:
            to.applied.append(Definition(to.left, right, change))
        case (left, _), ("=",) if any(_is_left(d, left) for d in to.definitions):
            pass
        case (left, _), ("=" | "≈",) if not any(isinstance(n, Name | Partial) for n in walk(left)):
            to.numbers.append(e)
        case _:
            raise NotUnderstoodError(f"the line {e.text or shown(e.sides[0])} says nothing that is checked")


def _is_left(d: Definition, left: Node) -> bool:
    return left == (d.left if d.change is None else Apply("*", (d.left, Apply("d", (d.change,)))))


# --- conditions -----------------------------------------------------------------------------------------


def holds(conditions: list[Equation], at: Mapping[str, int]) -> bool:
    """Tell whether what a page assumes, L ≥ 1 and k ≤ 4, holds for these numbers."""
    return all(a <= b for a, b in _in_order(conditions, at))


def _in_order(conditions: list[Equation], at: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    for c in conditions:
        match c.sides, c.relations:
            case (left, right), ("≥" | "≤" as sign,):
                pair = _number(left, at), _number(right, at)
                yield pair[::-1] if sign == "≥" else pair
            case (left, right), ("≠",):
                yield (0, 0) if _number(left, at) != _number(right, at) else (1, 0)
            case _:
                raise NotUnderstoodError(f"the condition {c.text}")


def _number(node: Node, at: Mapping[str, int]) -> int:
    match node:
        case Number(value) if value.denominator == 1:
            return int(value)
        case Name(base) if node == Name(base) and base in at:
            return at[base]
        case Apply("+", terms):
            return sum(_number(t, at) for t in terms)
        case Apply("neg", (inner,)):
            return -_number(inner, at)
        case Apply("*", factors):
            return prod(_number(f, at) for f in factors)
    raise NotUnderstoodError(f"the index {shown(node)}")
