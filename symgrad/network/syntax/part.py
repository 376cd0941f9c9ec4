"""Dimensions, and parts of arrays: (d, n+m), x[2:k], W[:,1]; a place is written as a dimension is."""

from __future__ import annotations

import ast

from symgrad.algebra.dimension import Size, plus, product
from symgrad.algebra.expression import Expression
from symgrad.algebra.shape import Dimension
from symgrad.network.parts import Part, Through, parted
from symgrad.network.syntax.atom import index_of
from symgrad.network.syntax.line import Line, canonical, column_of

DEEPEST, MOST_TERMS = 20, 16
"""Sums and products inside each other in a dimension, and terms when it is multiplied out."""


def dimension_of(line: Line, node: ast.expr) -> Size:
    """Read the size of an axis: a name, a number, or sums and products of them."""
    found = _size(line, node)
    if isinstance(found, int) and not 1 <= found <= 10_000_000:
        line.fail(f"a dimension of {found} is out of range", "give a positive number", column_of(line, node))
    return found


def _size(line: Line, node: ast.expr, depth: int = 0) -> Size:
    match node:
        case ast.Constant(value=int(n)) if not isinstance(n, bool) and n <= 10_000_000:
            return n
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(n))) if n <= 10_000_000:
            return -n
        case ast.Name(id=name):
            return Dimension(canonical(name))
        case ast.Subscript(value=ast.Name(id=name), slice=index):
            return Dimension(canonical(name), index_of(line, index))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as sign, right=right) if depth < DEEPEST:
            x, y = (_size(line, side, depth + 1) for side in (left, right))
            found = product(x, y) if isinstance(sign, ast.Mult) else plus(x, y, 1 if isinstance(sign, ast.Add) else -1)
            if isinstance(found, int) or len(found.terms) <= MOST_TERMS:
                return found
            todo = f"at most {MOST_TERMS} terms are read: give it a name"
            line.fail("this dimension is a sum of too many terms", todo, column_of(line, node))
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        line.fail(f"a dimension of {node.value} is out of range", "give a smaller number", column_of(line, node))
    todo = "write a name, a number, or sums and products: (d, n), (3,), (n[l], n[l-1]), (d + m,)"
    line.fail("this is not a dimension", todo, column_of(line, node))


def is_part(node: ast.Subscript) -> bool:
    """Tell whether a subscript is a part of what stands before it, and no index of a name: x[1:k], h[t][2]."""
    places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return not isinstance(node.value, ast.Name) or any(isinstance(p, ast.Slice) for p in places)


def part_of(line: Line, e: Expression, places: ast.expr, column: int) -> Expression:
    """Read ``x[2:k]``, ``W[:,1]``, ``h[t][2]``: places from 1, both ends included."""
    nodes = places.elts if isinstance(places, ast.Tuple) else [places]
    return parted(e, [_part(line, p) for p in nodes], lambda why, todo: line.fail(why, todo, column))


def _part(line: Line, node: ast.expr) -> Part:
    """Read one place, or from which place to which; None for a whole axis."""
    if not isinstance(node, ast.Slice):
        return _place(line, node)
    if node.step is not None:
        line.fail("a slice with a step", "write a slice of neighbours: x[1:k]", column_of(line, node.step))
    if node.upper is None and node.lower is None:
        return None
    if node.upper is None:
        todo = "write both ends, the first and the last place: x[k+1:n] are x_{k+1}, ..., x_n"
        line.fail("a slice without an end", todo, column_of(line, node))
    return Through(1 if node.lower is None else _place(line, node.lower), _place(line, node.upper))


def _place(line: Line, node: ast.expr) -> Size:
    found = _size(line, node)
    if isinstance(found, int) and found < 1:
        todo = "entries are counted from 1, and both ends of a slice belong to it: x[1:3] are x_1, x_2, x_3"
        line.fail(f"there is no entry {found}", todo, column_of(line, node))
    return found
