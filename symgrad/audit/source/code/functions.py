r"""Functions that a listing defines by straight-line arithmetic, and their derivatives: what their names say of them.

A function with the name of an activation claims to be it, one with the name of a derivative, ``sigmoid_prime`` or
``df`` beside ``f``, to be that. The code is parsed and never run; loops, branches and whatever else may happen in a
function leave it unread.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from symgrad.audit.source.blocks import CodeBlock, lines
from symgrad.audit.source.code.arithmetic_code import ClosedText, closed
from symgrad.audit.source.code.program import LONGEST, PYTHON, parsed_code
from symgrad.audit.source.document import Excerpt
from symgrad.reading.known import is_known

KIND = "function"
MOST = 100
"""Functions of a listing that are looked at."""
_FRONT = re.compile(r"(?:d|grad|gradient|deriv|derivative|der)_?(?:of_)?(?P<name>[A-Za-z]\w*)")
_BEHIND = re.compile(r"(?P<name>[A-Za-z]\w*?)_?(?:prime|derivative|derivate|deriv|gradient|grad|dash)")
_LETTER = re.compile(r"[A-Za-z]")
SMOOTH = frozenset(["sigmoid", "logistic", "tanh", "softplus", "silu", "swish", "gelu"])
"""Activations that listings define by hand, whose names say what they are: no parameter, no kink."""


@dataclass(frozen=True)
class CodeFunction:
    """A function of one argument: its letter, what it returns, and the row of that."""

    letter: str
    body: ast.expr
    row: int


def functions(listing: CodeBlock) -> Iterator[Excerpt]:
    r"""Yield what the names of a listing's functions claim, as formulas.

    >>> code = "def tanh_prime(x):\n    t = tanh(x)\n    return 1 - t"
    >>> [f.text for f in functions(CodeBlock(0, code, "python"))]
    ["\\operatorname{tanh}'(x) = 1 - \\tanh\\left(x\\right)"]
    """
    if listing.language not in PYTHON or len(listing.text) > LONGEST:
        return
    tree = parsed_code(listing.text)
    if tree is None:
        return
    found = dict(_defined(tree))
    rows = list(lines(listing.text))
    for name, function in list(found.items())[:MOST]:
        claim = _claim(name, function, found)
        if claim and function.row <= len(rows):
            start, end = rows[function.row - 1]
            yield Excerpt(listing.start + start, listing.start + end, claim, KIND)


def _claim(name: str, function: CodeFunction, found: Mapping[str, CodeFunction]) -> str:
    """Return what a function's name says of it; nothing where it says nothing, or the code is not read."""
    body = _text(function, found)
    if body is None:
        return ""
    if is_plain(name):
        return "" if _calls(function.body, name) else f"{_operator(name)}({function.letter}) = {body}"
    of = _derived(name, found)
    if not of:
        return f"{name}({function.letter}) = {body}" if len(name) == 1 else ""
    if is_plain(of):
        return f"{_operator(of)}'({function.letter}) = {body}"
    whole = _text(found[of], found)
    if whole is None or found[of].letter != function.letter or any(_calls(function.body, n) for n in found):
        return ""
    return rf"\frac{{d}}{{d{function.letter}}} \left({whole}\right) = {body}"


def _operator(name: str) -> str:
    return rf"\operatorname{{{name}}}"


def is_plain(name: str) -> bool:
    """Tell whether a name is that of one smooth activation."""
    return name.lower() in SMOOTH and (is_known(name) or name == "tanh")


def _derived(name: str, found: Mapping[str, CodeFunction]) -> str:
    """Return the function whose derivative a name says it is; nothing for any other name."""
    for pattern in (_BEHIND, _FRONT):
        said = pattern.fullmatch(name)
        if said and (of := said["name"].rstrip("_")) != name and (is_plain(of) or of in found):
            return of
    return ""


def _defined(tree: ast.Module) -> Iterator[tuple[str, CodeFunction]]:
    """Yield the functions of one argument that are straight lines; a name that is defined twice is left out."""
    seen: dict[str, CodeFunction | None] = {}
    for statement in tree.body:
        match statement:
            case ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=[]):
                seen[name] = _of_lines(arguments, body) if name not in seen else None
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=value)):
                seen[name] = _of(arguments, value, statement.lineno) if name not in seen else None
    yield from ((name, function) for name, function in seen.items() if function is not None)


def _of(arguments: ast.arguments, value: ast.expr, row: int) -> CodeFunction | None:
    alone = not (arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg)
    if not alone or len(arguments.args) != 1:
        return None
    argument = arguments.args[0].arg
    letter = argument if _LETTER.fullmatch(argument) and argument not in "deijEIDO" else "x"
    return CodeFunction(letter, _Put({argument: ast.Name(letter)}).visit(deepcopy(value)), row)


def _of_lines(arguments: ast.arguments, body: list[ast.stmt]) -> CodeFunction | None:
    """Return a function whose body assigns names, each once, and returns an expression."""
    known: dict[str, ast.expr] = {}
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())):  # what it is said to do
                continue
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in known:
                known[name] = _Put(known).visit(deepcopy(value))
            case ast.Return(value=ast.expr() as value):
                return _of(arguments, _Put(known).visit(deepcopy(value)), statement.end_lineno or statement.lineno)
            case _:
                return None
    return None


class _Put(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, known: Mapping[str, ast.expr]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return deepcopy(self.known[node.id]) if node.id in self.known else node


def _calls(node: ast.expr, name: str) -> bool:
    return any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name for n in ast.walk(node))


def _is_rounded(value: object) -> bool:
    """Tell whether a constant may be a rounded one, 0.7978846, or one against a division by zero, 1e-8."""
    return isinstance(value, float) and (len(f"{value:.12g}".replace(".", "").lstrip("0")) > 3 or 0 < value < 1e-3)


def _text(function: CodeFunction, found: Mapping[str, CodeFunction]) -> str | None:
    """Return what a function returns, in LaTeX; None where it is not read."""
    if any(_calls(function.body, name) and not is_plain(name) for name in found):
        return None
    if any(isinstance(n, ast.Constant) and _is_rounded(n.value) for n in ast.walk(function.body)):
        return None
    of = closed(function.body, {function.letter: ClosedText(function.letter)})
    return None if of is None else of.text
