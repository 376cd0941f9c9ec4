"""Functions of matrices and functions with cases as SymPy objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp

from symgrad.errors import NotDefined
from symgrad.ops.piecewise import Relations, atoms

RELATIONS = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge}


def holds(relations: Relations, sides: Sequence[Any]) -> Any:
    """Return a condition on numbers as SymPy's own."""
    clauses = [[RELATIONS[r](x, y) for r, x, y in clause] for clause in atoms(relations, sides)]
    return sp.Or(*(sp.And(*clause) for clause in clauses))


def _numbers(name: str, x: Sequence[Any]) -> None:
    if any(z.is_Matrix for z in x):
        raise NotDefined(f"SymPy has no {name} of symbolic arrays, entry by entry", todo="print it, or evaluate it")


def _of_numbers(name: str, f: Callable[..., Any]) -> Callable[..., Any]:
    def function(*x: Any) -> Any:
        _numbers(name, x)
        return f(*x)

    return function


def _indicator(relations: Relations, *sides: Any) -> Any:
    _numbers("condition", sides)
    return sp.Piecewise((1, holds(relations, sides)), (0, True))


def _where(c: Any, x: Any, y: Any) -> Any:
    _numbers("choice", (c, x, y))
    return sp.Piecewise((x, sp.Eq(c, 1)), (y, True))


def _expm(s: Any, A: Any) -> Any:
    raise NotDefined("SymPy has no exponential of a symbolic matrix", todo="print it, or evaluate it")


def _diag(x: Any) -> Any:
    return sp.DiagMatrix(x) if x.shape[1] == 1 else sp.matrices.expressions.diagonal.DiagonalOf(x)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tr": sp.Trace,
    "det": sp.Determinant,
    "logdet": lambda x: sp.log(sp.Abs(sp.Determinant(x))),
    "inv": sp.Inverse,
    "diag": _diag,
    "outer": lambda x, y: sp.MatMul(x, y.T, evaluate=False),
    "matrix_power": sp.MatPow,
    "expm": _expm,
    "stop_gradient": lambda x: x,
    "maximum": _of_numbers("max", sp.Max),
    "minimum": _of_numbers("min", sp.Min),
    "clip": _of_numbers("clip", lambda x, low, high: sp.Min(sp.Max(x, low), high)),
    "where": _where,
}
"""What stands for an operation in SymPy, by its name."""


def special(name: str, record: Any) -> Callable[..., Any] | None:
    """Return what stands for an operation in SymPy; None where it is one entry by entry, or a product."""
    if name == "indicator":
        return lambda *x: _indicator(record, *x)
    return FUNCTIONS.get(name)
