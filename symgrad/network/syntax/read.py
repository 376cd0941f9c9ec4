"""The equation language: text -> lines of a model, by Python's own grammar and a whitelist.

A line is an equation ``z[j] = w[j]*a[j-1] + b[j]`` or a declaration ``W: (d, d)``, ``sigma: tanh``, ``y: simplex``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Position
from symgrad.errors import ReadError
from symgrad.network.advice import meant_as_index, meant_as_shape
from symgrad.network.syntax.atom import index_of, quantity_of
from symgrad.network.syntax.declaration import declaration_of
from symgrad.network.syntax.line import LONGEST_LINE, Line, canonical, check_characters, column_of, parse_line
from symgrad.network.syntax.statement import EquationLine, Statement, UnitLine

LONGEST_TEXT = 200_000


def read_lines(text: str, file: str = "equations") -> list[Statement]:
    """Read the text of a model into statements.

    Raises ReadError with file, line, column, the line with a caret, and what to do.

    >>> [statement] = read_lines("z[j] = w[j]*a[j-1] + b[j]")
    >>> print(statement.target)
    z[j]
    """
    if len(text) > LONGEST_TEXT:
        raise ReadError(
            f"the text has {len(text):,} characters; at most {LONGEST_TEXT:,} are read",
            todo="write one step of the recurrence, once",
            file=file,
        )
    statements = []
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text.lstrip("\ufeff")), start=1):
        body = raw.split("#", 1)[0].rstrip()
        if body.strip():
            statements.append(_statement(Line(file, number, raw.expandtabs()), body.expandtabs()))
    return statements


def read_form(text: str, file: str = "form") -> EquationLine:
    """Read one equation, as ``--let 'W[l] = 1.5*I'`` gives it."""
    statements = read_lines(text, file)
    if len(statements) != 1 or not isinstance(statements[0], EquationLine):
        raise ReadError(f"{text!r} is not one equation", todo="write it as 'W[l] = 1.5*I'", file=file)
    return statements[0]


def read_quantity(text: str, what: str = "quantity") -> Quantity:
    """Read a quantity's name as ``--of`` and ``--wrt`` give it: C, b[1], s[t], a[L-1]."""
    return quantity_of(*_read_name(text, what))


def read_places(text: str, what: str = "quantity") -> tuple[Quantity, tuple[Position, ...]]:
    """Read a quantity, and the places behind it of an entry: h[t][2]."""
    line, node = _read_name(text, what)
    if not isinstance(node, ast.Subscript) or isinstance(node.value, ast.Name):
        return quantity_of(line, node), ()
    places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return quantity_of(line, node.value), tuple(index_of(line, p) for p in places)


def _read_name(text: str, what: str) -> tuple[Line, ast.Name | ast.Subscript]:
    line = Line(what, 1, text)
    if len(text) > LONGEST_LINE:
        line.fail("the name is too long", "give one quantity, such as b[1]")
    if not text.strip().isidentifier() and (meant := meant_as_index(text)) is not None:
        line.fail(f"{text!r} is not a quantity", "write '{}[{}]' for an index".format(*meant))
    if (asked := GRADIENT.fullmatch(text)) is not None:
        line.fail(f"{text!r} is not a quantity", f"ask for it by two names: --of {asked[1]} --wrt {asked[2]}")
    check_characters(line, text)
    line, tree = parse_line(line, text.strip(), "a quantity", "C, W, b[1] or s[t]")
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        line.fail(f"{text!r} is not a quantity", "give one quantity, such as C, W, b[1] or s[t]")
    node = tree.body[0].value
    if not isinstance(node, ast.Name | ast.Subscript):
        line.fail(f"{text!r} is not a quantity", "give one quantity, such as C, W, b[1] or s[t]")
    return line, node


GRADIENT = re.compile(r"\s*[d∂]\s*([^\W\d][^/\s]*)\s*/\s*[d∂]\s*([^\W\d][^/\s]*)\s*")
"""dE/dW, ∂E/∂W."""
DEFINITION = re.compile(r"(\s*[^\W\d]\w*)\(([^()]*)\)(\s*=(?!=).*)")
"""LN(x) = ..., a function in a line of its own; Python's parser reads it as LN[x] = ..."""


def _statement(line: Line, body: str) -> Statement:
    if len(body) > LONGEST_LINE:
        line.fail(f"the line has more than {LONGEST_LINE:,} characters", "split it into several equations")
    if two := re.fullmatch(r"([^:=]*:)\s*\([^()]*\)\s*,?\s*([^\W\d]\w*)\s*", body):
        todo = f"write '{two[1].strip()} {two[2]}' on a line of its own"
        line.fail("two declarations on a line", todo, two.start(2))
    if (declaration := meant_as_shape(body)) is not None:
        line.fail("a shape stands in parentheses, with a comma behind one size alone", f"write '{declaration}'")
    check_characters(line, body)
    definition = DEFINITION.fullmatch(body)
    line, tree = parse_line(line, f"{definition[1]}[{definition[2]}]{definition[3]}" if definition else body)
    if len(tree.body) != 1:
        line.fail("more than one statement on a line", "write one equation a line")
    if body.endswith(";"):
        line.fail("a ';' ends the line", "remove it: one equation stands on a line", len(body) - 1)
    match tree.body[0]:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=letters)], value=value) if definition:
            nodes = letters.elts if isinstance(letters, ast.Tuple) else [letters]
            return UnitLine(line, canonical(name), _letters(line, nodes), value)
        case ast.Assign(targets=[target], value=value):
            return EquationLine(line, _target(line, target), value)
        case ast.AnnAssign(target=target, annotation=annotation, value=None):
            return declaration_of(line, _target(line, target), annotation)
    line.fail(
        "this is neither an equation nor a declaration",
        "write 'z[j] = w[j]*a[j-1] + b[j]', 'W: (d, d)' or 'sigma: tanh'",
    )


def _letters(line: Line, nodes: Sequence[ast.expr]) -> tuple[Quantity, ...]:
    """Return the letters in which a function is defined, LN(x) = ..."""
    letters = tuple(Quantity(canonical(n.id)) for n in nodes if isinstance(n, ast.Name))
    if len(set(letters)) < len(nodes) or not nodes:
        line.fail("a function is defined by letters, each once", "write it as 'LN(x) = (x - mean(x))/std(x)'")
    return letters


def _target(line: Line, node: ast.expr) -> Quantity:
    if isinstance(node, ast.Name | ast.Subscript):
        return quantity_of(line, node)
    line.fail(
        "the left side is not a quantity",
        "write one name, perhaps with one index: z[j] = ...",
        column_of(line, node),
    )
