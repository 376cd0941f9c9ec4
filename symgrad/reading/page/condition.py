"""Conditions on a page: 1{a < x ≤ b}, and values by cases."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from symgrad.reading.page.array.entries import by_entries
from symgrad.reading.page.array.kinds import Value, is_array, is_number, negative
from symgrad.reading.page.array.sizes import in_shape
from symgrad.reading.page.array.sums import plus
from symgrad.reading.token import NotUnderstoodError

Step = Callable[[Value], Value]
"""x -> 1 for x > 0, else 0, entry by entry."""
Exact = Callable[[Fraction], Any]


def indicator(relations: list[str], sides: list[Value], step: Step, number: Exact) -> Value:
    """Return 1 where every relation holds between neighbours, else 0, entry by entry."""
    found: Value = None
    for relation, x, y in zip(relations, sides[:-1], sides[1:], strict=True):
        one = _holds(relation, x, y, step, number)
        arrays = [v for v in (found, one) if is_array(v)]
        found = one if found is None else by_entries("⊙", found, one) if arrays else found * one
    return found


def _holds(relation: str, x: Value, y: Value, step: Step, number: Exact) -> Value:
    if relation == "=":
        return plus(number(Fraction(1)), negative(plus(x, negative(y))))  # of numbers 0 and 1
    difference = plus(x, negative(y)) if relation in (">", "≤") else plus(y, negative(x))
    found = step(difference)
    return found if relation in "<>" else plus(number(Fraction(1)), negative(found))


def joined(sign: str, parts: list[Value], number: Exact) -> Value:
    """Return 1 where all parts are 1, for ∧, or where one is, for ∨; else 0."""
    one = number(Fraction(1))
    if sign == "∨":
        parts = [plus(one, negative(x)) for x in parts]
    found = parts[0]
    for x in parts[1:]:
        found = by_entries("⊙", found, x) if is_array(found) or is_array(x) else found * x
    return plus(one, negative(found)) if sign == "∨" else found


def chosen(cases: list[tuple[Value, Value]], last: Value) -> Value:
    """Return the first value whose condition is 1, else the last; entry by entry where a condition is an array."""
    for value, condition in reversed(cases):
        last = _either(condition, value, last)
    return last


def _either(c: Value, x: Value, y: Value) -> Value:
    if not is_array(c):
        if is_number(c) and c in (0, 1):
            return x if c == 1 else y
        raise NotUnderstoodError("a condition that is not decided")
    found = np.empty(c.shape, dtype=object)
    x, y = (in_shape(v, c.shape) if not is_number(v) else np.full(c.shape, v, dtype=object) for v in (x, y))
    for at in np.ndindex(c.shape):
        found[at] = _either(c[at], x[at], y[at])
    return found
