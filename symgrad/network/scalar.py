"""Text -> an expression in free variables, by the reader of equations; ``pi`` is π, ``sigma'(z)`` a slope."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from symgrad.algebra.expression import Constant, Expression, Quantity
from symgrad.algebra.expression_tree import replaced
from symgrad.algebra.op import Op
from symgrad.network.functions import call
from symgrad.network.syntax.line import LONGEST_LINE, Line, check_characters, parse_line
from symgrad.network.syntax.value import Options, build
from symgrad.ops.axis import Along

PI = Constant("pi", ())


def parse_scalar(
    text: str, file: str, kind: str = "a formula", example: str = "z/(2*cosh(z/2)^2)"
) -> tuple[Line, ast.expr]:
    """Return the line of a formula and Python's tree of it; raises ReadError with the column."""
    line = Line(file, 1, text)
    check_characters(line, text)
    if len(text) > LONGEST_LINE:
        line.fail(f"the formula has more than {LONGEST_LINE:,} characters", "simplify it")
    line, tree = parse_line(line, line.text, kind, example)
    if not tree.body:
        line.fail(f"this is not {kind}: the text is empty", f"write one, such as {example}")
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        line.fail(f"this is not {kind}", f"write one expression, such as {example}")
    return line, tree.body[0].value


def build_scalar(line: Line, node: ast.expr, known: Mapping[str, Op]) -> Expression:
    """Return the expression of a formula, in which the functions that are known may be called."""

    def resolve(at: Line, name: str, column: int, arguments: tuple[Expression, ...], options: Options) -> Expression:
        found = call(known, at, name, column, arguments, options)
        if isinstance(found.op.record, Along):
            at.fail(f"{name} is a function of an array", "a formula is one of numbers; write an equation", column)
        return found

    return _with_pi(build(line, node, resolve))


def _with_pi(e: Expression) -> Expression:
    return replaced(e, lambda x: PI if x == Quantity("pi") else None)
