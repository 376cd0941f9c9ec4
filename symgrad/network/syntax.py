"""The equation language: text -> lines of a model, by Python's own grammar and a whitelist.

A line is an equation ``z[j] = w[j]*a[j-1] + b[j]`` or a declaration ``W: (d, d)``, ``sigma: tanh``,
``y: simplex``.
``ast.parse`` builds a tree and nothing is ever executed; a node that is not on the whitelist is an error
that says where it stands.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NoReturn, TypeVar

from symgrad.algebra.expression import Apply, Expression, Number, Quantity
from symgrad.algebra.greek import GREEK
from symgrad.algebra.index import Affine, Index, Position, minus, parts, plus, symbols, times
from symgrad.algebra.index_sum import index_sum
from symgrad.algebra.shape import Dimension, Shape
from symgrad.algebra.span import Span
from symgrad.errors import ReadError
from symgrad.network.advice import of_node, of_text
from symgrad.network.characters import misread
from symgrad.network.domain import DOMAINS, Domain
from symgrad.ops.piecewise import both, contrary, either, indicator

N = TypeVar("N", bound=Expression)

LONGEST_LINE = 2_000
LONGEST_TEXT = 200_000
LARGEST_EXPONENT = 1_000
MOST_INDICES = 4
LARGEST_NUMBER = 1_000  # digits before or after the point

_LAMBDA = "lambd\u0251"  # stands for Python's keyword while ast.parse reads the line; same length


def canonical(name: str) -> str:
    """Return the ASCII spelling of a name: σ is sigma, δ_x is delta_x."""
    if name.isascii():
        return name
    name = name.replace(_LAMBDA, "lambda")
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
class ItemsLine:
    """``items: columns``: the items of a batch are the columns of its matrices, and a vector stands for a column."""

    line: Line
    columns: bool


@dataclass(frozen=True)
class RangeLine:
    """``h: range(1, H+1)``: what an index runs through, by Python's range, whose end is not included."""

    line: Line
    span: Span


Statement = EquationLine | ShapeLine | FunctionLine | UnitLine | UnitLine | DomainLine | ItemsLine | RangeLine


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
    line = Line(what, 1, text)
    if len(text) > LONGEST_LINE:
        line.fail("the name is too long", "give one quantity, such as b[1]")
    check_characters(line, text)
    line, tree = parse_line(line, text.strip(), "a quantity", "C, W, b[1] or s[t]")
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        line.fail(f"{text!r} is not a quantity", "give one quantity, such as C, W, b[1] or s[t]")
    node = tree.body[0].value
    if not isinstance(node, ast.Name | ast.Subscript):
        line.fail(f"{text!r} is not a quantity", "give one quantity, such as C, W, b[1] or s[t]")
    return _quantity(line, node)


def check_characters(line: Line, body: str) -> None:
    """Raise a ReadError for a character that is no part of an equation, such as a dot between two names."""
    if (found := misread(body)) is not None:
        column, what, todo = found
        line.fail(what, todo, column)


def parse_line(
    line: Line, body: str, kind: str = "an equation", example: str = "z[j] = w[j]*a[j-1] + b[j]"
) -> tuple[Line, ast.Module]:
    """Run Python's parser on a line in which ``lambda`` is a name and ``^`` is a power.

    kind, example: what the line should be, for the error that says that it is not.
    """
    shown = len(line.text) - len(line.text.lstrip())
    columns: list[int] = []
    python = ""
    stripped = body.strip()
    for k, character in enumerate(re.sub(r"\blambda\b", _LAMBDA, stripped)):
        python += "**" if character == "^" else character
        columns += [shown + k] * (2 if character == "^" else 1)
    line = Line(line.file, line.number, line.text, (*columns, shown + len(stripped)), python)
    try:
        return line, ast.parse(python)
    except SyntaxError as error:
        if kind == "an equation" and (advice := of_text(stripped)) is not None:
            line.fail(f"this is not {kind}: {advice[1]}", advice[2], shown + advice[0])
        column = _column(line, (error.offset or 1) - 1)
        reason = error.msg or "invalid syntax"
        line.fail(f"this is not {kind}: {reason}", f"write it as {example}", column)
    except (ValueError, RecursionError, MemoryError):
        line.fail("this line cannot be read: it nests too deep or holds a forbidden character", "simplify it")


def _column(line: Line, offset: int) -> int:
    if not line.columns:
        return 0
    return line.columns[max(0, min(offset, len(line.columns) - 1))]


DEFINITION = re.compile(r"(\s*[^\W\d]\w*)\(([^()]*)\)(\s*=(?!=).*)")
"""LN(x) = ..., a function in a line of its own; Python's parser reads it as LN[x] = ..."""


def _statement(line: Line, body: str) -> Statement:
    if len(body) > LONGEST_LINE:
        line.fail(f"the line has more than {LONGEST_LINE:,} characters", "split it into several equations")
    if two := re.fullmatch(r"([^:=]*:)\s*\([^()]*\)\s*,?\s*([^\W\d]\w*)\s*", body):
        todo = f"write '{two[1].strip()} {two[2]}' on a line of its own"
        line.fail("two declarations on a line", todo, two.start(2))
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
            return _declaration(line, _target(line, target), annotation)
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
        return _quantity(line, node)
    line.fail(
        "the left side is not a quantity",
        "write one name, perhaps with one index: z[j] = ...",
        _at(line, node),
    )


def _declaration(line: Line, target: Quantity, node: ast.expr) -> Statement:
    match node:
        case ast.Tuple(elts=elements):
            return ShapeLine(line, target, tuple(_dimension(line, e) for e in elements))
        case ast.Name(id="rows" | "columns" as name) if target == Quantity("items"):
            return ItemsLine(line, name == "columns")
        case ast.Name(id=name) if name in DOMAINS:
            return DomainLine(line, target, DOMAINS[name])
        case ast.Name(id=name) if target.index is None:
            return FunctionLine(line, target.name, canonical(name))
        case ast.Call(func=ast.Name(id="range"), args=[*ends], keywords=[]) if target.index is None:
            return RangeLine(line, _range(line, target.name, ends, _at(line, node)))
        case ast.Call() | ast.BinOp() | ast.UnaryOp() if target.index is None:
            begin, end = _span(line, node)
            return FunctionLine(line, target.name, line.text[begin:end])
        case ast.Constant(value=int()) | ast.Name() | ast.Subscript():
            line.fail("a shape needs parentheses", f"write '{target}: (n,)' for a vector", _at(line, node))
    line.fail(
        "this is not a shape, a function or an assumption",
        f"write '{target}: (d, n)', 'sigma: tanh' or '{target}: positive'",
        _at(line, node),
    )


def _range(line: Line, symbol: str, ends: Sequence[ast.expr], column: int) -> Span:
    """Read range(lower, end) as lower..end-1."""
    todo = f"write '{symbol}: range(1, N+1)' for {symbol} = 1, ..., N"
    if len(ends) != 2:
        line.fail(f"a range has two ends, and {len(ends)} stand here", todo, column)
    lower, end = (_index(line, e) for e in ends)
    upper = end - 1
    if isinstance(upper, Index) and upper.symbol == symbol:
        line.fail(f"the range of {symbol} ends with {symbol} itself", todo, column)
    if isinstance(lower, int) and isinstance(upper, int) and upper < lower:
        line.fail(f"the range {symbol} = {lower}, ..., {upper} is empty", todo, column)
    return Span(symbol, lower, upper)


def _dimension(line: Line, node: ast.expr) -> int | Dimension:
    match node:
        case ast.Constant(value=int(n)) if not isinstance(n, bool):
            if 1 <= n <= 10_000_000:
                return n
            line.fail(f"a dimension of {n} is out of range", "give a positive number", _at(line, node))
        case ast.Name(id=name):
            return Dimension(canonical(name))
        case ast.Subscript(value=ast.Name(id=name), slice=index):
            return Dimension(canonical(name), _index(line, index))
    line.fail("this is not a dimension", "write a name or a number: (d, n), (3,), (n[l], n[l-1])", _at(line, node))


def constants(line: Line, nodes: Sequence[ast.expr]) -> tuple[Fraction, ...] | None:
    """Return the numbers that the arguments of a call are, None where one holds a name or a call."""
    if any(isinstance(n, ast.Name | ast.Call) for node in nodes for n in ast.walk(node)):
        return None
    return tuple(_constant(line, node) for node in nodes)


def _constant(line: Line, node: ast.expr) -> Fraction:
    match node:
        case ast.Constant():
            return _number(line, node).value
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_constant(line, inner)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            below = _constant(line, right)
            if below:
                return _constant(line, left) / below
    line.fail("a parameter of a function must be a number", "write it as leaky_relu(0.2)", _at(line, node))


def _at(line: Line, node: ast.expr) -> int:
    return _span(line, node)[0]


def _span(line: Line, node: ast.expr) -> tuple[int, int]:
    """Turn Python's columns, which count UTF-8 bytes, into columns of the line as it was written."""
    begin, end = (
        len(line.python.encode()[:offset].decode(errors="ignore")) for offset in (node.col_offset, node.end_col_offset)
    )
    return _column(line, begin), line.columns[max(0, min(end - 1, len(line.columns) - 1))] + 1


def _quantity(line: Line, node: ast.expr) -> Quantity:
    match node:
        case ast.Name(id=name):
            return Quantity(canonical(name))
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=[first, *others])):
            if len(others) + 1 > MOST_INDICES:
                line.fail(f"{name} has {len(others) + 1} indices", f"at most {MOST_INDICES} are read", _at(line, node))
            return Quantity(canonical(name), _index(line, first), tuple(_index(line, e) for e in others))
        case ast.Subscript(value=ast.Name(id=name), slice=index):
            return Quantity(canonical(name), _index(line, index))
    line.fail("only a name can carry an index", "write a[j-1], or x[l,i] with two indices", _at(line, node))


def _index(line: Line, node: ast.expr) -> Position:
    match node:
        case ast.Name(id=name):
            return Index(canonical(name))
        case ast.Constant(value=int(n)) if not isinstance(n, bool) and abs(n) < 10**9:
            return n
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(n))) if abs(n) < 10**9:
            return -n
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()) | ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            found = _affine(line, node)
            if not isinstance(found, Affine):
                return found
    what, todo = of_node(ast.Subscript(value=node, slice=node)) or ("", "")
    line.fail(
        f"this is not an index: {what}" if what else "this is not an index",
        todo or "write a symbol, a number, or a symbol and an offset: j, 3, j-1",
        _at(line, node),
    )


MOST_LETTERS, LARGEST_COEFFICIENT, DEEPEST_INDEX = 4, 100, 12


def _affine(line: Line, node: ast.expr, depth: int = 0) -> Position:
    """Read a sum of symbols with whole coefficients: i+k-1, 2*i-k."""
    found: Position | None = None
    match node:
        case _ if depth > DEEPEST_INDEX:
            line.fail("this index nests too deep", "write a sum of letters: i+k-1", _at(line, node))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            p, q = _affine(line, left, depth + 1), _affine(line, right, depth + 1)
            found = plus(p, q) if isinstance(sign, ast.Add) else minus(p, q)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            p, q = _affine(line, left, depth + 1), _affine(line, right, depth + 1)
            if not isinstance(p, int) and not isinstance(q, int):
                todo = "an index is a sum of letters with whole coefficients: write i+k-1, 2*i-k"
                line.fail("a product of letters is no index", todo, _at(line, node))
            found = times(p, q) if isinstance(p, int) else times(q, p) if isinstance(q, int) else None
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
            found = _affine(line, inner, depth + 1)
            found = times(-1, found) if isinstance(sign, ast.USub) else found
        case _:
            found = _index(line, node)
    assert found is not None  # one of two factors is a number
    terms, offset = parts(found)
    if len(terms) > MOST_LETTERS or any(abs(n) > LARGEST_COEFFICIENT for _, n in terms) or abs(offset) >= 10**9:
        most = f"at most {MOST_LETTERS} letters, with coefficients up to {LARGEST_COEFFICIENT}, are read"
        line.fail("this index is too large", most, _at(line, node))
    return found


def _number(line: Line, node: ast.Constant) -> Number:
    """Read a number from its own text, so that 1.5 is 3/2 and not a float."""
    begin, end = _span(line, node)
    text = line.text[begin:end].replace("_", "")
    plain = re.fullmatch(r"(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,6}))?", text)
    if isinstance(node.value, bool | complex) or not isinstance(node.value, int | float) or not plain:
        what, todo = of_node(node) or ("", "write a decimal number: 2, 1.5, 1e-3")
        line.fail(f"{text or 'this'} is not a number" + (f": {what}" if what else ""), todo, begin)
    whole, decimals, exponent = plain.group(1), plain.group(2), int(plain.group(3) or 0)
    if max(len(whole) + exponent, len(decimals) - exponent) > LARGEST_NUMBER:
        line.fail("this number has too many digits", f"at most {LARGEST_NUMBER:,} are read", begin)
    return Number(Fraction(int(whole + decimals or "0")) * Fraction(10) ** (exponent - len(decimals)))


Options = Mapping[str, int | bool]
"""Arguments by name: the axis that a function goes along, and whether it is kept."""

Call = Callable[[Line, str, int, tuple[Expression, ...], Options], Expression]
"""Builds a function call: (line, name, column, arguments, options) -> expression."""

METHODS = ("sum", "mean", "var", "std", "max", "min")
"""Functions that may be written as NumPy's methods, X.sum(axis=0)."""


def build(line: Line, node: ast.expr, call: Call, depth: int = 0) -> Expression:
    """Turn Python's tree of a right side into an expression; ``call`` builds the function calls."""
    if depth > 100:
        line.fail("this expression nests too deep", "split it into several equations", _at(line, node))
    e = _build(line, node, call, depth + 1)
    line.put(e, _span(line, node))
    return e


def _build(line: Line, node: ast.expr, call: Call, depth: int) -> Expression:
    match node:
        case ast.Constant():
            return _number(line, node)
        case ast.Name() | ast.Subscript():
            return _quantity(line, node)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            e = build(line, inner, call, depth)
            return Number(-e.value) if isinstance(e, Number) else -e
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return build(line, inner, call, depth)
        case ast.Attribute(value=inner, attr="T"):
            return call(line, ".T", _at(line, node), (build(line, inner, call, depth),), {})
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(line, node, op, build(line, left, call, depth), build(line, right, call, depth), call)
        case ast.Call(func=ast.Subscript(value=ast.Name(id=name), slice=over), args=[body], keywords=[]) if (
            name in INDEX_SUMS
        ):
            return _index_sum(line, node, name, over, build(line, body, call, depth))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords):
            inner_arguments = tuple(build(line, a, call, depth) for a in arguments)
            return call(line, canonical(name), _at(line, node), inner_arguments, _options(line, keywords))
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=arguments, keywords=keywords) if name in METHODS:
            inner_arguments = tuple(build(line, a, call, depth) for a in (inner, *arguments))
            return call(line, name, _at(line, node), inner_arguments, _options(line, keywords))
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return _condition(line, node, lambda x: build(line, x, call, depth))
    todo = "use + - * / ** @ .T, numbers, quantities and functions of them"
    line.fail(*(of_node(node) or ("this cannot stand in an equation", todo)), _at(line, node))


SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


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
    line.fail("this condition is not known", "compare with < <= > >=, and join with and, or, not", _at(line, node))


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
                    _at(line, k.value),
                )
            case name, _:
                todo = "only axis=... and keepdims=... are given by name; write the other arguments without names"
                line.fail(f"an argument {name or '**'}", todo, _at(line, k.value))
    return found


INDEX_SUMS = ("sum", "mean", "prod")
"""What may carry an index of its own."""
END = Index("")
"""Stands for the end of the range of an index until the range is known: that of t in sum[t](...)."""


def _index_sum(line: Line, node: ast.expr, name: str, over: ast.expr, body: Expression) -> Expression:
    """Read ``sum[t](body)``, ``sum[t:k+1:T](body)``, ``sum[j != i](body)``, ``sum[i, j](body)``."""
    spans: dict[str, Span] = {}
    for part in over.elts if isinstance(over, ast.Tuple) else [over]:
        match part:
            case ast.Name(id=symbol):
                own = spans.setdefault(canonical(symbol), Span(canonical(symbol), 1, END))
            case ast.Slice(lower=ast.Name(id=symbol), upper=ast.expr() as lower, step=ast.expr() as upper):
                own = _limited(line, canonical(symbol), lower, upper)
            case ast.Compare(left=ast.Name(id=symbol), ops=ops, comparators=others) if all(
                isinstance(o, ast.NotEq) for o in ops
            ):
                own = spans.get(canonical(symbol), Span(canonical(symbol), 1, END))
                own = own._replace(without=(*own.without, *(_index(line, e) for e in others)))
            case _:
                line.fail(
                    f"this is not what {name} runs over",
                    f"write {name}[t](...) for t = 1, 2, ..., {name}[t:k+1:T](...) from k + 1 to T, "
                    f"{name}[j != i](...) without i",
                    _at(line, part),
                )
        if own.symbol in own.free:
            line.fail(
                f"the range of {own.symbol} is given by {own.symbol} itself", "use another letter", _at(line, part)
            )
        spans[own.symbol] = own
    for span in reversed(spans.values()):
        body = index_sum(span, body, name)
        line.put(body, _span(line, node))
    return body


def _limited(line: Line, symbol: str, lower: ast.expr, upper: ast.expr) -> Span:
    """Read the ends of a sum: k:1:K, and k:max(1, j-n+1):min(K, j) for the larger, or the smaller, of some."""
    own = Index(symbol)
    lowers, uppers = _ends(line, lower, "max"), _ends(line, upper, "min")
    if symbol in symbols((*lowers, *uppers)):
        return Span(symbol, lowers[0], uppers[0])  # an error that its caller knows
    more = [minus(own, p) for p in lowers[1:]] + [minus(p, own) for p in uppers[1:]]
    return Span(symbol, lowers[0], uppers[0]).limited(more)


def _ends(line: Line, node: ast.expr, name: str) -> list[Position]:
    match node:
        case ast.Call(func=ast.Name(id=called), args=[*ends], keywords=[]) if called == name and ends:
            return [_index(line, e) for e in ends]
        case ast.Call(func=ast.Name(id="max" | "min" as called)):
            which, end = ("largest", "lower") if name == "max" else ("smallest", "upper")
            todo = f"write {name}(...) for the {which} of some: the {end} end"
            line.fail(f"the {end} end of a sum is no {called}", todo, _at(line, node))
    return [_index(line, node)]


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
                line.fail("division by zero", "correct the denominator", _at(line, node))
            return Number(x.value / y.value) if isinstance(x, Number) and isinstance(y, Number) else x / y
        case ast.Pow():
            if isinstance(y, Number) and abs(y.value) > LARGEST_EXPONENT:
                line.fail(f"the exponent is above {LARGEST_EXPONENT:,}", "use exp and log", _at(line, node))
            return x**y
        case ast.MatMult():
            return call(line, "@", _at(line, node), (x, y), {})
    line.fail("this operator is not known", "use + - * / ** @ .T", _at(line, node))
