"""What a line of a model says: an equation, a shape, a function, an assumption, a range."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from symgrad.algebra.expression import Quantity
from symgrad.algebra.shape import Shape
from symgrad.algebra.span import Span
from symgrad.network.domain import Domain
from symgrad.network.syntax.line import Line


@dataclass(frozen=True)
class EquationLine:
    """``target = value``; function calls are left to ``build``, which knows the declared functions."""

    line: Line
    target: Quantity
    value: ast.expr


@dataclass(frozen=True)
class ShapeLine:
    """``name: (d, n)``, ``W[l]: (n[l], n[l-1])``."""

    line: Line
    target: Quantity
    shape: Shape


@dataclass(frozen=True)
class UnitLine:
    """``LN(x) = (x - mean(x))/std(x)``: a function of vectors, or of numbers, with a name."""

    line: Line
    name: str
    letters: tuple[Quantity, ...]
    value: ast.expr


@dataclass(frozen=True)
class FunctionLine:
    """``sigma: tanh``, ``f: elementwise``, ``phi: leaky_relu(0.2)``, ``sigma: z*logistic(1.702*z)``."""

    line: Line
    name: str
    text: str


@dataclass(frozen=True)
class DomainLine:
    """``x: positive``, ``y[t]: simplex``: what is assumed of the values of a parameter."""

    line: Line
    target: Quantity
    domain: Domain


@dataclass(frozen=True)
class PaddedLine:
    """``x[i]: zero_padded``: what sums of letters read beyond the range of x is 0."""

    line: Line
    target: Quantity


PADDED = "zero_padded"


@dataclass(frozen=True)
class ItemsLine:
    """``items: columns``: the items of a batch are the columns of its matrices, and a vector stands for a column."""

    line: Line
    columns: bool


@dataclass(frozen=True)
class RangeLine:
    """``h: range(1, H+1)``: what an index runs through, by Python's range, whose end is not included."""

    line: Line
    span: Span


Statement = EquationLine | ShapeLine | FunctionLine | UnitLine | DomainLine | PaddedLine | ItemsLine | RangeLine
