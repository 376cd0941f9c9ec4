"""Small wrong changes to a syntax tree: a sign, a comparison, a number, an end of an interval, a condition."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
NAMES = {"min": "max", "max": "min", "all": "any", "any": "all", "lower": "upper", "upper": "lower"}
NAMES |= {"lo": "hi", "hi": "lo", "floor": "ceil", "ceil": "floor", "left": "right", "right": "left"}
"""Functions and attributes that are taken for one another."""


@dataclass(frozen=True)
class Mutant:
    """A change of one line: what stood there, and what stands there now; ``source``: the whole module with it."""

    line: int
    before: str
    after: str
    source: str


def count(source: str) -> int:
    """Return how many mutants a module has."""
    return sum(1 for _ in _changes(ast.parse(source)))


def mutant(source: str, n: int) -> Mutant:
    """Return the n-th mutant of a module, in the order of its code.

    >>> source = "def f(x):\\n    return x + 1\\n"
    >>> [mutant(source, n).after for n in range(count(source))]
    ['x - 1', '2']
    """
    tree = ast.parse(source)
    node, field, changed = next(c for k, c in enumerate(_changes(tree)) if k == n)
    before = ast.unparse(node)
    setattr(node, field, changed)
    return Mutant(getattr(node, "lineno", 0), before, ast.unparse(node), ast.unparse(tree))


def _changes(tree: ast.AST) -> Iterator[tuple[ast.AST, str, object]]:
    """Yield each node with one of its fields and what is put there; texts, types and messages are left alone."""
    for node in _code(tree):
        match node:
            case ast.BinOp(op=op) if type(op) in SWAPPED:
                yield node, "op", SWAPPED[type(op)]()
            case ast.BoolOp(op=op):
                yield node, "op", SWAPPED[type(op)]()
            case ast.Compare(ops=[op]) if type(op) in SWAPPED:
                yield node, "ops", [SWAPPED[type(op)]()]
            case ast.Constant(value=bool() as value):
                yield node, "value", not value
            case ast.Constant(value=int() as value):
                yield node, "value", value + 1
            case ast.Name(id=name) if name in NAMES and isinstance(node.ctx, ast.Load):
                yield node, "id", NAMES[name]
            case ast.Attribute(attr=name) if name in NAMES and isinstance(node.ctx, ast.Load):
                yield node, "attr", NAMES[name]
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                yield node, "test", ast.UnaryOp(ast.Not(), test)
            case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
                yield node, "op", ast.UAdd()


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that compute, from the outside in: no annotations, no f-strings, nothing that is raised."""
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        yield node
        skipped: list[object] = []
        match node:
            case ast.FunctionDef():
                skipped = [node.returns, node.args, *node.decorator_list]
            case ast.AnnAssign():
                skipped = [node.annotation]
            case ast.Raise() | ast.JoinedStr() | ast.Assert():
                continue
        waiting[:0] = [child for child in ast.iter_child_nodes(node) if not any(child is s for s in skipped)]
