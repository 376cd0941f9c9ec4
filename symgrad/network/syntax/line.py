"""A line of a model, the places in it, and Python's parser run on it: nothing is ever executed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from symgrad.algebra.expression import Expression
from symgrad.algebra.greek import GREEK
from symgrad.errors import ReadError
from symgrad.network.advice import of_text
from symgrad.network.characters import misread

N = TypeVar("N", bound=Expression)
LONGEST_LINE = 2_000
LAMBDA = "lambd\u0251"  # stands for Python's keyword while ast.parse reads the line; same length
PRIME = "\u02b9"  # stands for the prime of sigma'(z) likewise
SLOPE = re.compile(r"(?<=\w)'+(?=\s*\()")
"""The primes of a function that is called; any other prime is an error."""


def canonical(name: str) -> str:
    """Return the ASCII spelling of a name: σ is sigma, δ_x is delta_x."""
    if name.isascii():
        return name
    name = name.replace(LAMBDA, "lambda")
    parts = re.split("([" + "".join(GREEK) + "])", name)
    if any(p and p not in GREEK and p[0].isalpha() for p in parts[2::2]):
        return name  # a Greek letter inside a word stays as it is
    return "".join(GREEK.get(p, p) for p in parts)


@dataclass(frozen=True)
class Line:
    """One line of a model, with what an error needs to point at a place in it."""

    file: str
    number: int
    text: str
    columns: tuple[int, ...] = ()
    """Where each character of ``python`` stands in ``text``."""
    python: str = ""
    """The text that Python parses: with ** for ^, and another name for lambda."""
    spans: dict[int, tuple[Expression, tuple[int, int]]] = field(default_factory=dict, compare=False, repr=False)
    """Of each place in this line the expression, by its id since equal ones stand at several, with its columns."""

    def fail(self, what: str, todo: str, column: int = 0) -> NoReturn:
        """Raise a ReadError that points at a column of this line."""
        raise ReadError(what, todo=todo, file=self.file, line=self.number, column=column, text=self.text)

    def where(self, column: int) -> str:
        """Return file, line and column with the line itself and a caret, for a message."""
        return f"{self.file}, line {self.number}, column {column + 1}\n    {self.text}\n    {' ' * column}^"

    def span(self, e: Expression) -> tuple[int, int]:
        """Return the columns where the expression e of this line begins and ends."""
        return self.spans.get(id(e), (e, (0, len(self.text))))[1]

    def put(self, e: Expression, span: tuple[int, int]) -> None:
        """Note where an expression of this line begins and ends; it is kept, so that no other gets its id."""
        self.spans[id(e)] = e, span

    def keep(self, old: Expression, new: N) -> N:
        """Return an expression that stands in the place of an old one of this line."""
        self.put(new, self.span(old))
        return new

    def quote(self, e: Expression) -> str:
        """Return the text of the expression e of this line."""
        begin, end = self.span(e)
        return self.text[begin:end]


def check_characters(line: Line, body: str) -> None:
    """Raise a ReadError for a character that is no part of an equation, such as a dot between two names."""
    if (found := misread(body)) is not None:
        column, what, todo = found
        line.fail(what, todo, column)


def parse_line(
    line: Line, body: str, kind: str = "an equation", example: str = "z[j] = w[j]*a[j-1] + b[j]"
) -> tuple[Line, ast.Module]:
    """Run Python's parser on a line in which ``lambda`` is a name, ``^`` a power, and sigma' may be called.

    kind, example: what the line should be, for the error that says that it is not.
    """
    shown = len(line.text) - len(line.text.lstrip())
    columns: list[int] = []
    python = ""
    stripped = body.strip()
    named = SLOPE.sub(lambda primes: PRIME * len(primes[0]), re.sub(r"\blambda\b", LAMBDA, stripped))
    for k, character in enumerate(named):
        python += "**" if character == "^" else character
        columns += [shown + k] * (2 if character == "^" else 1)
    line = Line(line.file, line.number, line.text, (*columns, shown + len(stripped)), python)
    try:
        return line, ast.parse(python)
    except SyntaxError as error:
        if kind == "an equation" and (advice := of_text(stripped)) is not None:
            line.fail(f"this is not {kind}: {advice[1]}", advice[2], shown + advice[0])
        column = shown_column(line, (error.offset or 1) - 1)
        reason = error.msg or "invalid syntax"
        line.fail(f"this is not {kind}: {reason}", f"write it as {example}", column)
    except (ValueError, RecursionError, MemoryError):
        line.fail("this line cannot be read: it nests too deep or holds a forbidden character", "simplify it")


def shown_column(line: Line, offset: int) -> int:
    """Return the column of the line as it was written, of a place in what Python parses."""
    if not line.columns:
        return 0
    return line.columns[max(0, min(offset, len(line.columns) - 1))]


def column_of(line: Line, node: ast.expr) -> int:
    """Return the column where a node begins."""
    return columns_of(line, node)[0]


def columns_of(line: Line, node: ast.expr) -> tuple[int, int]:
    """Turn Python's columns, which count UTF-8 bytes, into columns of the line as it was written."""
    begin, end = (
        len(line.python.encode()[:offset].decode(errors="ignore")) for offset in (node.col_offset, node.end_col_offset)
    )
    return shown_column(line, begin), line.columns[max(0, min(end - 1, len(line.columns) - 1))] + 1
