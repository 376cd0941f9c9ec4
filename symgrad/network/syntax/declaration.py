"""Declarations: W: (d, d), sigma: tanh, y: simplex, h: range(1, H+1)."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.span import Span
from symgrad.network.domain import DOMAINS
from symgrad.network.syntax.atom import index_of
from symgrad.network.syntax.line import Line, canonical, column_of, columns_of
from symgrad.network.syntax.part import dimension_of
from symgrad.network.syntax.statement import (
    PADDED,
    DomainLine,
    FunctionLine,
    ItemsLine,
    PaddedLine,
    RangeLine,
    ShapeLine,
    Statement,
)


def declaration_of(line: Line, target: Quantity, node: ast.expr) -> Statement:
    """Read what a line says of its left side: a shape, a function, an assumption, the range of an index."""
    match node:
        case ast.Tuple(elts=elements):
            return ShapeLine(line, target, tuple(dimension_of(line, e) for e in elements))
        case ast.Name(id="rows" | "columns" as name) if target == Quantity("items"):
            return ItemsLine(line, name == "columns")
        case ast.Name(id=name) if name == PADDED:
            if target.index is None:
                todo = f"write it with its index, '{target}[i]: {PADDED}'"
                line.fail(f"{PADDED} is said of what carries an index", todo, column_of(line, node))
            return PaddedLine(line, target)
        case ast.Name(id="matrix" | "tensor" | "real" | "float" | "R"):
            todo = f"write '{target}: (m, n)' for a matrix, '{target}: (n,)' for a vector, '{target}: ()' for a number"
            line.fail("a shape says how large something is", todo, column_of(line, node))
        case ast.Name(id=name) if name in DOMAINS:
            return DomainLine(line, target, DOMAINS[name])
        case ast.Name(id=name) if target.index is None:
            return FunctionLine(line, target.name, canonical(name))
        case ast.Call(func=ast.Name(id="range"), args=[*ends], keywords=[]) if target.index is None:
            return RangeLine(line, _range(line, target.name, ends, column_of(line, node)))
        case ast.Call() | ast.BinOp() | ast.UnaryOp() if target.index is None:
            begin, end = columns_of(line, node)
            return FunctionLine(line, target.name, line.text[begin:end])
        case ast.Constant(value=int()) | ast.Name() | ast.Subscript():
            line.fail("a shape needs parentheses", f"write '{target}: (n,)' for a vector", column_of(line, node))
    line.fail(
        "this is not a shape, a function or an assumption",
        f"write '{target}: (d, n)', 'sigma: tanh' or '{target}: positive'",
        column_of(line, node),
    )


def _range(line: Line, symbol: str, ends: Sequence[ast.expr], column: int) -> Span:
    """Read range(lower, end) as lower..end-1."""
    todo = f"write '{symbol}: range(1, N+1)' for {symbol} = 1, ..., N"
    if len(ends) != 2:
        line.fail(f"a range has two ends, and {len(ends)} stand here", todo, column)
    lower, end = (index_of(line, e) for e in ends)
    upper = end - 1
    if isinstance(upper, Index) and upper.symbol == symbol:
        line.fail(f"the range of {symbol} ends with {symbol} itself", todo, column)
    if isinstance(lower, int) and isinstance(upper, int) and upper < lower:
        line.fail(f"the range {symbol} = {lower}, ..., {upper} is empty", todo, column)
    return Span(symbol, lower, upper)
