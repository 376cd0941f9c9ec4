"""Quantities, indices and numbers in Python's tree of a line."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from fractions import Fraction

from symgrad.algebra.expression import Number, Quantity
from symgrad.algebra.index import Index, Position, minus, parts, plus, times
from symgrad.network.advice import of_node
from symgrad.network.syntax.line import Line, canonical, column_of, columns_of

MOST_INDICES = 4
MOST_LETTERS, LARGEST_COEFFICIENT, DEEPEST_INDEX = 4, 100, 12
LARGEST_NUMBER = 1_000  # digits before or after the point


def constants(line: Line, nodes: Sequence[ast.expr]) -> tuple[Fraction, ...] | None:
    """Return the numbers that the arguments of a call are, None where one holds a name or a call."""
    if any(isinstance(n, ast.Name | ast.Call) for node in nodes for n in ast.walk(node)):
        return None
    return tuple(_constant(line, node) for node in nodes)


def _constant(line: Line, node: ast.expr) -> Fraction:
    match node:
        case ast.Constant():
            return number_of(line, node).value
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_constant(line, inner)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            below = _constant(line, right)
            if below:
                return _constant(line, left) / below
    line.fail("a parameter of a function must be a number", "write it as leaky_relu(0.2)", column_of(line, node))


def quantity_of(line: Line, node: ast.expr) -> Quantity:
    """Read a name, perhaps with indices: W, a[j-1], x[l,i]."""
    match node:
        case ast.Name(id=name):
            return Quantity(canonical(name))
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=[first, *others])):
            if len(others) + 1 > MOST_INDICES:
                line.fail(
                    f"{name} has {len(others) + 1} indices", f"at most {MOST_INDICES} are read", column_of(line, node)
                )
            return Quantity(canonical(name), index_of(line, first), tuple(index_of(line, e) for e in others))
        case ast.Subscript(value=ast.Name(id=name), slice=index):
            return Quantity(canonical(name), index_of(line, index))
    line.fail("only a name can carry an index", "write a[j-1], or x[l,i] with two indices", column_of(line, node))


def index_of(line: Line, node: ast.expr) -> Position:
    """Read an index: a symbol, a number, or a sum of symbols with whole coefficients."""
    match node:
        case ast.Name(id=name):
            return Index(canonical(name))
        case ast.Constant(value=int(n)) if not isinstance(n, bool) and abs(n) < 10**9:
            return n
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(n))) if abs(n) < 10**9:
            return -n
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()) | ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            return _affine(line, node)
    what, todo = of_node(ast.Subscript(value=node, slice=node)) or ("", "")
    line.fail(
        f"this is not an index: {what}" if what else "this is not an index",
        todo or "write a symbol, a number, or a sum of symbols: j, 3, j-1, i+k-1, 2*i-k",
        column_of(line, node),
    )


def _affine(line: Line, node: ast.expr, depth: int = 0) -> Position:
    """Read a sum of symbols with whole coefficients: i+k-1, 2*i-k."""
    found: Position | None = None
    match node:
        case _ if depth > DEEPEST_INDEX:
            line.fail("this index nests too deep", "write a sum of letters: i+k-1", column_of(line, node))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            p, q = _affine(line, left, depth + 1), _affine(line, right, depth + 1)
            found = plus(p, q) if isinstance(sign, ast.Add) else minus(p, q)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            p, q = _affine(line, left, depth + 1), _affine(line, right, depth + 1)
            if not isinstance(p, int) and not isinstance(q, int):
                todo = "an index is a sum of letters with whole coefficients: write i+k-1, 2*i-k"
                line.fail("a product of letters is no index", todo, column_of(line, node))
            found = times(p, q) if isinstance(p, int) else times(q, p) if isinstance(q, int) else None
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
            found = _affine(line, inner, depth + 1)
            found = times(-1, found) if isinstance(sign, ast.USub) else found
        case _:
            found = index_of(line, node)
    assert found is not None  # one of two factors is a number
    terms, offset = parts(found)
    if len(terms) > MOST_LETTERS or any(abs(n) > LARGEST_COEFFICIENT for _, n in terms) or abs(offset) >= 10**9:
        most = f"at most {MOST_LETTERS} letters, with coefficients up to {LARGEST_COEFFICIENT}, are read"
        line.fail("this index is too large", most, column_of(line, node))
    return found


def number_of(line: Line, node: ast.Constant) -> Number:
    """Read a number from its own text, so that 1.5 is 3/2 and not a float."""
    begin, end = columns_of(line, node)
    text = line.text[begin:end].replace("_", "")
    plain = re.fullmatch(r"(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,6}))?", text)
    if isinstance(node.value, bool | complex) or not isinstance(node.value, int | float) or not plain:
        what, todo = of_node(node) or ("", "write a decimal number: 2, 1.5, 1e-3")
        line.fail(f"{text or 'this'} is not a number" + (f": {what}" if what else ""), todo, begin)
    whole, decimals, exponent = plain.group(1), plain.group(2), int(plain.group(3) or 0)
    if max(len(whole) + exponent, len(decimals) - exponent) > LARGEST_NUMBER:
        line.fail("this number has too many digits", f"at most {LARGEST_NUMBER:,} are read", begin)
    return Number(Fraction(int(whole + decimals or "0")) * Fraction(10) ** (exponent - len(decimals)))
