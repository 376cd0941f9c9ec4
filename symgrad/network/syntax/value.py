"""Right sides: Python's tree -> an expression, by a whitelist; any other node is an error that says where it stands."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from symgrad.algebra.expression import Apply, Expression, Number
from symgrad.network.advice import of_node
from symgrad.network.syntax.atom import number_of, quantity_of
from symgrad.network.syntax.index_sum import INDEX_SUMS, index_sum_of, is_index_in, span_of_loop, summed_over
from symgrad.network.syntax.line import Line, canonical, column_of, columns_of
from symgrad.network.syntax.part import is_part, part_of
from symgrad.ops.piecewise import both, contrary, either, indicator

LARGEST_EXPONENT = 1_000
Options = Mapping[str, int | bool]
"""Arguments by name: the axis that a function goes along, and whether it is kept."""
Call = Callable[[Line, str, int, tuple[Expression, ...], Options], Expression]
"""Builds a function call: (line, name, column, arguments, options) -> expression."""
LIBRARIES = ("np", "numpy", "jnp", "torch", "tf")
"""Names of libraries before the name of a function: np.sum(x) is sum(x)."""
METHODS = ("sum", "mean", "var", "std", "max", "min")
"""Functions that may be written as NumPy's methods, X.sum(axis=0)."""


def build(line: Line, node: ast.expr, call: Call, depth: int = 0) -> Expression:
    """Turn Python's tree of a right side into an expression; ``call`` builds the function calls."""
    if depth > 100:
        line.fail("this expression nests too deep", "split it into several equations", column_of(line, node))
    e = _build(line, node, call, depth + 1)
    line.put(e, columns_of(line, node))
    return e


def _build(line: Line, node: ast.expr, call: Call, depth: int) -> Expression:
    match node:
        case ast.Constant():
            return number_of(line, node)
        case ast.Subscript(value=inner, slice=places) if is_part(node):
            return part_of(line, build(line, inner, call, depth), places, column_of(line, node))
        case ast.Name() | ast.Subscript():
            return quantity_of(line, node)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            e = build(line, inner, call, depth)
            return Number(-e.value) if isinstance(e, Number) else -e
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return build(line, inner, call, depth)
        case ast.Attribute(value=inner, attr="T"):
            return call(line, ".T", column_of(line, node), (build(line, inner, call, depth),), {})
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(line, node, op, build(line, left, call, depth), build(line, right, call, depth), call)
        case ast.Call(func=ast.Subscript(value=ast.Name(id=name), slice=over), args=[body], keywords=[]) if (
            name in INDEX_SUMS
        ):
            return index_sum_of(line, node, name, over, build(line, body, call, depth))
        case ast.Call(func=ast.Name(id=name), args=[ast.Name() as over, body], keywords=[]) if (
            name in INDEX_SUMS and is_index_in(over.id, body)
        ):  # sum(t, loss(s[t]))
            return index_sum_of(line, node, name, over, build(line, body, call, depth))
        case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp(elt=body, generators=loops)], keywords=[]) if (
            name in INDEX_SUMS
        ):
            spans = [span_of_loop(line, loop) for loop in loops]
            return summed_over(line, node, name, spans, build(line, body, call, depth))
        case ast.IfExp(test=test, body=body, orelse=otherwise):
            _check_condition(line, test)
            parts = tuple(build(line, x, call, depth) for x in (test, body, otherwise))
            return call(line, "where", column_of(line, node), parts, {})
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords):
            if canonical(name) == "where" and len(arguments) == 3:
                _check_condition(line, arguments[0])
            inner_arguments = tuple(build(line, a, call, depth) for a in arguments)
            return call(line, canonical(name), column_of(line, node), inner_arguments, _options(line, keywords))
        case ast.Call(func=ast.Attribute(value=ast.Name(id=library), attr=name) as function) if library in LIBRARIES:
            named = ast.copy_location(ast.Name(name, ast.Load()), function)
            return build(line, ast.copy_location(ast.Call(named, node.args, node.keywords), node), call, depth)
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=arguments, keywords=keywords) if name in METHODS:
            inner_arguments = tuple(build(line, a, call, depth) for a in (inner, *arguments))
            return call(line, name, column_of(line, node), inner_arguments, _options(line, keywords))
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            _check_condition(line, node)
            return _condition(line, node, lambda x: build(line, x, call, depth))
    todo = "use + - * / ** @ .T, numbers, quantities and functions of them"
    line.fail(*(of_node(node) or ("this cannot stand in an equation", todo)), column_of(line, node))


SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def _check_condition(line: Line, node: ast.expr) -> None:
    """Raise ReadError for a number where a condition is due: where(w, x, y) says nothing of w = 1/2."""
    pending = [node]
    while pending:
        match x := pending.pop():
            case ast.BoolOp(values=parts):
                pending += parts
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                pending.append(inner)
            case ast.Compare():
                pass
            case _:
                line.fail(
                    "a condition is due here, not a number", "write a comparison, such as w > 0", column_of(line, x)
                )


def _condition(line: Line, node: ast.expr, of: Callable[[ast.expr], Expression]) -> Expression:
    """Build a condition as the number 1 where it holds, else 0."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in SIGNS for op in ops):
            relations = [SIGNS[type(op)] for op in ops]
            return Apply(indicator(*relations), tuple(map(of, (left, *others))))
        case ast.BoolOp(op=ast.And(), values=[first, *others]):
            found = of(first)
            for x in others:
                found = both(found, of(x))
            return found
        case ast.BoolOp(op=ast.Or(), values=[first, *others]):
            found = of(first)
            for x in others:
                found = either(found, of(x))
            return found
        case ast.UnaryOp(operand=x):
            return contrary(of(x))
    line.fail(
        "this condition is not known", "compare with < <= > >=, and join with and, or, not", column_of(line, node)
    )


def _options(line: Line, keywords: Sequence[ast.keyword]) -> Options:
    """Return the arguments by name of a call: axis=0, keepdims=True."""
    found: dict[str, int | bool] = {}
    for k in keywords:
        match k.arg, k.value:
            case "axis", ast.Constant(value=int(n)) if not isinstance(n, bool) and n < LARGEST_EXPONENT:
                found["axis"] = n
            case "axis", ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(n))) if n < LARGEST_EXPONENT:
                found["axis"] = -n
            case "keepdims", ast.Constant(value=bool(kept)):
                found["keepdims"] = kept
            case "axis" | "keepdims", _:
                line.fail(
                    f"{k.arg} is no number that is written out",
                    "write axis=0, axis=-1, keepdims=True",
                    column_of(line, k.value),
                )
            case name, _:
                todo = "only axis=... and keepdims=... are given by name; write the other arguments without names"
                line.fail(f"an argument {name or '**'}", todo, column_of(line, k.value))
    return found


def _binary(line: Line, node: ast.expr, op: ast.operator, x: Expression, y: Expression, call: Call) -> Expression:
    match op:
        case ast.Add():
            return x + y
        case ast.Sub():
            return x - y
        case ast.Mult():
            return x * y
        case ast.Div():
            if isinstance(y, Number) and y.value == 0:
                line.fail("division by zero", "correct the denominator", column_of(line, node))
            return Number(x.value / y.value) if isinstance(x, Number) and isinstance(y, Number) else x / y
        case ast.Pow():
            if isinstance(y, Number) and abs(y.value) > LARGEST_EXPONENT:
                line.fail(f"the exponent is above {LARGEST_EXPONENT:,}", "use exp and log", column_of(line, node))
            return x**y
        case ast.MatMult():
            return call(line, "@", column_of(line, node), (x, y), {})
    line.fail("this operator is not known", "use + - * / ** @ .T", column_of(line, node))
