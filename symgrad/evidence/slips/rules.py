"""Wrong pull-backs of single operations, each with its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from symgrad.algebra.expression import Apply
from symgrad.evidence.slips import kinds
from symgrad.evidence.slips.tape import Here, WrongRule
from symgrad.ops.linear import MATMUL, SOFTMAX
from symgrad.ops.record import Elementwise


def wrong_rules(e: Apply) -> Iterator[tuple[str, str, WrongRule]]:
    """Yield what may be taken for the pull-back of an operation: the kind of slip, a pattern of its words, the rule.

    In the pattern stand {f}, the name of the function, {x} and {x_2}, its arguments, and {y}, what it defines.
    """
    record = e.op.record
    if isinstance(record, Elementwise):
        yield kinds.SLOPE_MISSING, "{f}' in {y}", lambda here, g, y, x: (g,)
        yield kinds.PRIME_MISSING, "{f}({x}) stands for {f}'({x})", lambda here, g, y, x: (g * y,)
        yield kinds.WRONG_POINT, "{f}'({y}) stands for {f}'({x})", _slope_at_output
        if record.slope_of_output is not None:
            yield kinds.WRONG_POINT, "the slope by the output is taken of {x}", _output_rule_at_input
        yield kinds.SLOPE_TWICE, "{f}'({x})", _twice
    elif e.op == SOFTMAX:
        yield kinds.SLOPE_MISSING, "the Jacobian of {f} in {y}", lambda here, g, y, x: (g,)
        yield kinds.OFF_DIAGONAL, "the Jacobian of {f} in {y}", lambda here, g, y, x: (g * y * (1 - y),)
        yield kinds.PRIME_MISSING, "{f}({x}) stands for its Jacobian", lambda here, g, y, x: (g * y,)
    elif e.op == MATMUL:
        yield kinds.TRANSPOSE_MISSING, "{x}", _left_not_transposed
        yield kinds.TRANSPOSE_MISSING, "{x_2}", _right_not_transposed
        yield kinds.ORDER, "in the derivative by {x}", _left_turned
    elif e.op.arity == 1 and e.op.kind in ("function", "reduction", "vector", "unit"):
        yield kinds.SLOPE_MISSING, "the Jacobian of {f} in {y}", _passed_on


def has_slope_of_output(e: Apply) -> bool:
    """Tell whether the slope of a function is known by its output."""
    record = e.op.record
    return e.op.kind == "function" and isinstance(record, Elementwise) and record.slope_of_output is not None


def slope_of_output(here: Here, g: Any, y: Any, x: Any) -> tuple[Any, ...]:
    """Return the pull-back with the slope by the output, which is right."""
    return (g * here.e.op.record.slope_at_output(here.A, y),)


class DoesNotFitError(Exception):
    """A wrong rule that cannot be applied, as the transpose that is left out of a matrix that is not square."""


def _slope_at_output(here: Here, g: Any, y: Any, x: Any) -> tuple[Any, ...]:
    return (g * here.e.op.record.slope_at(here.A, y),)


def _output_rule_at_input(here: Here, g: Any, y: Any, x: Any) -> tuple[Any, ...]:
    return (g * here.e.op.record.slope_at_output(here.A, x),)


def _twice(here: Here, g: Any, y: Any, x: Any) -> tuple[Any, ...]:
    [once] = here.right(g, y, x)
    return here.right(once, y, x)


def _passed_on(here: Here, g: Any, y: Any, x: Any) -> tuple[Any, ...]:
    return (_fitting(g, x),)


def _left_not_transposed(here: Here, g: Any, y: Any, a: Any, b: Any) -> tuple[Any, ...]:
    """A g in the place of Aᵀ g."""
    by_left, by_right = here.right(g, y, a, b)
    if np.ndim(a) != 2 or a.shape[0] != a.shape[1]:
        raise DoesNotFitError
    return by_left, _fitting(here.A.matmul(a, g), by_right)


def _right_not_transposed(here: Here, g: Any, y: Any, a: Any, b: Any) -> tuple[Any, ...]:
    """G B in the place of G Bᵀ."""
    by_left, by_right = here.right(g, y, a, b)
    if np.ndim(a) != 2 or np.ndim(b) != 2 or b.shape[0] != b.shape[1]:
        raise DoesNotFitError
    return _fitting(here.A.matmul(g, b), by_left), by_right


def _left_turned(here: Here, g: Any, y: Any, a: Any, b: Any) -> tuple[Any, ...]:
    """B gᵀ in the place of g bᵀ."""
    by_left, by_right = here.right(g, y, a, b)
    if np.ndim(by_left) != 2:
        raise DoesNotFitError
    return _fitting(here.A.transpose(by_left), by_left), by_right


def _fitting(x: Any, like: Any) -> Any:
    if np.shape(x) != np.shape(like):
        raise DoesNotFitError
    return x
