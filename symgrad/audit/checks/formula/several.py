"""Functions of several letters that the text defines: after f(x, y) = x² y, ∂f/∂x = f_x = 2xy, ∇f = (2xy, x²)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import compare, is_constant
from symgrad.audit.checks.number.link import judge
from symgrad.audit.definitions import put
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import parsed
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Integral, Node, Symbol, Tuple, Unknown, symbols, walk

KIND = "definition"
NEAR = 12
"""Lines behind the one definition within which a claim from it is refuted."""
BOLD = ("\\mathbf", "\\bm", "\\boldsymbol", "\\vec", "^T", "\\top")
"""What shows that letters are vectors."""
_IS_ZERO = re.compile(r"=\s*0(?![\d.])")
Functions = Mapping[str, tuple[tuple[str, ...], Node]]


def several(case: Case) -> Judgement | None:
    """Judge a derivative, a gradient or a value of a function of two or more letters; None for any other claim."""
    if case.relation != "=":
        return None
    functions = functions_of(case)
    left = subscripted(case.left, above(case)) or case.left
    name = _name(left)
    if name not in functions or name == _name(case.right):
        return None
    letters, body = functions[name]
    said = _judged(case, left, letters, body)
    if said is not None and said.word.flags and _IS_ZERO.search(case.passage.text):
        return unchecked("perhaps what is left of an equation that is to be solved", KIND)
    if said is not None and said.word.flags and not is_certain(case, name):
        return unchecked(f"perhaps another {name}; {said.reason}", KIND)
    return said


def functions_of(case: Case) -> Functions:
    """Return the functions of two or more letters that the text defines up to a claim."""
    here = {n: d for n, d in case.known.items() if len(d[0]) > 1}
    return {**above(case), **here}


def above(case: Case) -> Functions:
    """Return those that the text defines before a claim."""
    return _functions(tuple(text for _, text in case.passage.definitions), case.reading)


def subscripted(node: Node, functions: Functions) -> Node | None:
    """Return the derivative that an index stands for, ∂²f/∂y∂x for f_xy or f_xy(x, y); None for any other node.

    >>> f = {"f": (("x", "y"), Symbol("x"))}
    >>> subscripted(Symbol("f_x"), f) == Derivative(Symbol("f"), "x", 1), subscripted(Symbol("f_1"), f)
    (True, None)
    """
    if not isinstance(node, Symbol | Unknown) or node.name in functions:
        return None
    name, _, index = node.name.partition("_")
    letters = functions[name][0] if name in functions else ()
    by = by_index(index, letters)
    if not by or (isinstance(node, Unknown) and (node.primes or node.arguments != tuple(map(Symbol, letters)))):
        return None
    found: Node = Symbol(name)
    for letter in by:
        found = Derivative(found, letter, 1)
    return found


def by_index(index: str, letters: Sequence[str]) -> tuple[str, ...]:
    """Return the letters of a function that an index is made of; none where it has something else in it.

    >>> by_index("xy", ("x", "y")), by_index("thetax", ("x", "theta")), by_index("1", ("x", "y"))
    (('x', 'y'), ('theta', 'x'), ())
    """
    by: list[str] = []
    while index:
        letter = next((x for x in letters if index.startswith(x)), None)
        if letter is None:
            return ()
        by.append(letter)
        index = index[len(letter) :].lstrip("_ ")
    return tuple(by)


def _name(node: Node) -> str:
    match node:
        case Derivative(Symbol(name) | Unknown(name)):
            return name
        case Unknown("∇" | "∇²", (Symbol(name) | Unknown(name, _, 0),)):
            return name
        case Derivative(Derivative() as inner):
            return _name(inner)
        case Unknown(name):
            return name
    return ""


def _judged(case: Case, left: Node, letters: tuple[str, ...], body: Node) -> Judgement | None:
    right = case.right
    if any(isinstance(n, Unknown | Derivative | Integral) for n in walk(right)) or "∞" in symbols(right):
        return None
    match left:
        case Unknown("∇"):
            return _of_pairs([Derivative(body, x) for x in letters], entries(right), case)
        case Unknown("∇²", (Symbol(),)) if isinstance(right, Tuple):
            return _of_pairs([Derivative(Derivative(body, x), y) for x in letters for y in letters], _rows(right), case)
        case Derivative():
            slope = _written(left, letters, body)
            return None if slope is None else _of_pairs([slope], [right], case)
        case Unknown(_, arguments, 0) if len(arguments) == len(letters):
            if any(map(symbols, arguments)) or symbols(right):
                return None
            at = put(body, dict(zip(letters, arguments, strict=True)))
            if symbols(at) or unclear(at) or unclear(right):
                return None
            word, value, reason = judge([at, right], "=")
            return Judgement(word, value, reason or "as it is defined above", KIND)
    return None


def _written(node: Node, letters: tuple[str, ...], body: Node) -> Node | None:
    """Return a derivative of the function, also a mixed one, of what it is."""
    match node:
        case Derivative(Derivative() as inner, x, order) if x in letters:
            found = _written(inner, letters, body)
            return None if found is None else Derivative(found, x, order)
        case Derivative(Symbol(), x, order) if x in letters:
            return Derivative(body, x, order)
        case Derivative(Unknown(_, arguments), x, order) if x in letters and arguments == tuple(map(Symbol, letters)):
            return Derivative(body, x, order)
    return None


def entries(node: Node) -> list[Node]:
    """Return the entries of a vector, a row or a column; none for any other node."""
    match node:
        case Apply("transpose", (inner,)):
            return entries(inner)
        case Tuple(items):
            rows = [n.items[0] if isinstance(n, Tuple) and len(n.items) == 1 else n for n in items]
            if len(rows) == 1 and isinstance(rows[0], Tuple):
                return list(rows[0].items)
            return rows
    return []


def _rows(node: Tuple) -> list[Node]:
    """Return the entries of a matrix, row by row; none of what is no matrix."""
    rows = [row.items for row in node.items if isinstance(row, Tuple) and len(row.items) == len(node.items)]
    return [n for row in rows for n in row] if len(rows) == len(node.items) else []


def _of_pairs(slopes: Sequence[Node], sides: Sequence[Node], case: Case) -> Judgement | None:
    """Compare derivatives with what is printed for them, one by one."""
    if len(slopes) != len(sides) or any(unclear(n) for n in sides):
        return None
    agree = ""
    for slope, side in zip(slopes, sides, strict=True):
        if unclear(slope) and not (isinstance(slope, Derivative) and slope.variable not in symbols(slope.body)):
            return None
        if not symbols(side) <= symbols(slope) or (not symbols(side) and not is_constant(slope)):
            return None  # at a place, or with letters from elsewhere
        try:
            found = compare(slope, side, "", case.domain)
        except NotUnderstoodError:
            return None
        if found.word is not Word.CONFIRMED:
            kind = "derivative" if len(sides) == 1 else KIND
            return Judgement(found.word, "", f"as it is defined above, {found.reason}", kind, sides=(slope, side))
        agree = found.reason
    return Judgement(Word.CONFIRMED, reason=f"as it is defined above, {agree}", kind=KIND)


def is_certain(case: Case, name: str) -> bool:
    """Tell whether the function is defined once, right above or in the same formula, and its letters are no vectors."""
    lines = [line for line, text in case.passage.definitions if name in _functions((text,), case.reading)]
    here = case.passage.place.line
    near = len(lines) == 1 and here - lines[0] <= NEAR
    letters_too = {*case.passage.defined} & set(case.known.get(name, ((), None))[0])
    alone = name in case.known and not lines
    return (near or alone) and not letters_too and not any(sign in case.passage.text for sign in BOLD)


@lru_cache(maxsize=256)
def _functions(texts: tuple[str, ...], reading: Reading) -> Functions:
    """Return the functions of two or more letters that formulas define, the last of each name."""
    found: dict[str, tuple[tuple[str, ...], Node]] = {}
    for text in texts:
        parse = parsed(text, reading)
        for chain in () if isinstance(parse, str) else parse[0]:
            if chain.relations[:1] not in (("=",), (":=",)) or chain.asked:
                continue
            left, body = (side.node for side in chain.sides[:2])
            if not isinstance(left, Unknown) or left.primes or len(left.arguments) < 2 or body is None:
                continue
            letters = tuple(a.name for a in left.arguments if isinstance(a, Symbol))
            known = not any(isinstance(n, Unknown | Derivative | Integral | Tuple) for n in walk(body))
            if len(letters) == len(left.arguments) and known and symbols(body) and symbols(body) <= set(letters):
                found[left.name] = letters, body
    return found
