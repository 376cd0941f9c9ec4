r"""Functions by cases, as they are printed: f(x) = \begin{cases} x^2 & x < 1 \\ 2x & \text{otherwise} \end{cases}."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from symgrad.audit.bycases.function import ByCases, Case
from symgrad.audit.domain import as_bounds
from symgrad.audit.parsed import USUAL, parsed
from symgrad.reading.reading import Reading
from symgrad.reading.tree import (
    Apply,
    Chain,
    Derivative,
    Integral,
    Node,
    Symbol,
    Tuple,
    Unknown,
    rebuilt,
    symbols,
    walk,
)

LONGEST = 800
"""Characters of a formula that is read."""
_BEGIN = re.compile(
    r"(?:\\left\s*)?(?:\\l?brace|\\\{)?\s*\\begin\s*\{([dr]?cases\*?|array|aligned|matrix)\}\s*(?:\[\w\])?(?:\{[lcr|@{}\s]*\})?"
)
_END = re.compile(r"\\end\s*\{([a-z]+\*?)\}\s*(?:\\right\s*\.)?")
_TAIL = re.compile(r"(?:[\s.,;&]|\\\\|\\[,;: ]|\\q?quad)*")
_SPACES = (
    r"(?:[\s~]|\\[,;:! ]|\\q?quad(?![A-Za-z])|\\(?:displaystyle|textstyle)(?![A-Za-z])|\\h?phantom\{[^{}]*\}|\\hfill)"
)
_EDGE = re.compile(rf"\A(?:{_SPACES}|[,;:])+|(?:{_SPACES}|[,;.])+\Z")
_TEXT = re.compile(r"\\(?:text|mbox|hbox|textrm|textnormal|textit|textsf|mathrm|operatorname)\s*\{([^{}]*)\}")
_WORDS = re.compile(r"⟦([^⟦⟧]*)⟧")
_OTHERWISE = re.compile(
    r"\W*(?:otherwise|else(?:where)?|o\.?\s?w\.?|(?:in|for) (?:all )?other (?:cases?|values?|x)|"
    r"sonst|andernfalls|ansonsten|anderenfalls|sinon|autrement|ailleurs|dans les autres cas|en otros? casos?|"
    r"en (?:el )?caso contrario|en otro lugar|en otra parte|en el resto|de lo contrario|si no|"
    r"(?:em )?caso contrário|senão|em outros? casos?|nos outros casos|altrimenti)\W*",
    re.IGNORECASE,
)
_FILL = re.compile(
    r"\b(?:if|for|when(?:ever)?|where|with|all|every|falls|wenn|für|alle|si|pour|quand|lorsque|tout|tous|cuando|para|"
    r"todo|todos|se|quando|per|siempre que)\b",
    re.IGNORECASE,
)
_AND, _OR = "and und et y e", "or oder ou o"
_SIGNS = (
    (re.compile(r"&&|\\w?land(?![a-z])|\\wedge(?![a-z])"), " , "),
    (re.compile(r"\\l?or(?![a-z])|\\vee(?![a-z])"), " ∨ "),
)
_ZERO = re.compile(
    r"[,;]?\s*(?:⟦[^⟦⟧]*⟧)?\s*(?:\w\(\w\)\s*=\s*)?0\s*,?\s*⟦\s*(?:otherwise|else\w*|sonst|sinon)[^⟦⟧]*⟧\W*\Z"
)
"""What a function is outside of its one case."""
_REALS = re.compile(r"(\\?\w+)\s*\\in\s*(?:\\mathbb\s*\{?\s*R\s*\}?|\\R|\\Reals)(?![A-Za-z_])|(\\?\w+)\s*∈\s*ℝ")
_BESIDE = re.compile(r"⟦|,?\s*\\q?quad(?![A-Za-z])|,(?=[^,]*(?:[<>=≤≥]|\\[lg]eq?|\\ne))")
"""Where a condition begins that no & parts from its value."""
_PARENTHESES = re.compile(r"\(([^()]*)\)")
CONSTANTS = frozenset(("c", "k", "C", "K", "A", "a"))
"""Letters that stand before parentheses as factors."""


@lru_cache(maxsize=256)
def by_cases(text: str, reading: Reading = USUAL) -> ByCases | None:
    r"""Return the function that a formula gives by cases; None where it gives none, or a part of it is not read.

    >>> f = by_cases(r"f(x) = \begin{cases} x^2, & \text{if } x < 1 \\ 2x - 1 & \text{otherwise} \end{cases}")
    >>> f.name, f.letter, len(f.cases)
    ('f', 'x', 2)
    >>> by_cases(r"f(x) = \begin{cases} 1 & x \text{ rational} \\ 0 & \text{otherwise} \end{cases}")
    """
    begin = _BEGIN.search(text) if len(text) <= LONGEST else None
    if begin is None or "=" not in text[: begin.start()]:
        return None
    end = _END.search(text, begin.end())
    if end is None or end[1] != begin[1] or not _TAIL.fullmatch(text, end.end()):
        return None
    if "cases" not in begin[1] and not begin[0].lstrip().startswith("\\left"):
        return None
    head = _head(text[: begin.start()], reading)
    if head is None:
        return None
    found = tuple(_cases(text[begin.end() : end.start()], head[1], reading))
    if not found or None in found:
        return None
    return ByCases(*head, tuple(c for c in found if c is not None))


@lru_cache(maxsize=256)
def one_case(text: str, support: str = "", reading: Reading = USUAL) -> ByCases | None:
    """Return the function that a formula gives in one case, where the formula or a support says; None for any other.

    >>> f = one_case("f(x) = c x^2, 0 < x < 2")
    >>> f.letter, str(f.parts()[0].inside.high)
    ('x', '2')
    """
    row = _TEXT.sub(lambda m: f"⟦{m[1].replace('$', ' ')}⟧", text) if len(text) <= LONGEST else ""
    first, sign, body = row.partition("=")
    head = _head(first.removesuffix(":") + "=", reading) if sign else None
    body = _ZERO.sub("", body)
    at = _BESIDE.search(body)
    if head is None or (at is None and not support):
        return None
    where = _where(body[at.start() :] if at else support, head[1], reading)
    value = _value(body[: at.start()] if at else body, head[1], reading)
    return ByCases(*head, (Case(value, where),)) if value is not None and where else None


def _head(text: str, reading: Reading) -> tuple[str, str, int] | None:
    """Return the name, the letter and the primes of the function that is given."""
    found = parsed(text.replace("&", " ") + " 0", reading)
    if isinstance(found, str) or len(found[0]) != 1 or not set(found[0][0].relations) <= {"=", ":="}:
        return None
    match found[0][0].sides[0].node:
        case Unknown(name, (Symbol(letter),), primes) if name[0].isalpha():
            return name, letter, primes
    return None


def _cases(body: str, letter: str, reading: Reading) -> Iterator[Case | None]:
    for row in _split(body, "\\\\"):
        if not _bare(re.sub(r"\\hline|\[\s*[\d.]+\s*\w+\s*\]", "", row)):
            continue
        row = re.sub(r"\A\s*\[\s*[\d.]+\s*[a-z]+\s*\]", "", row)
        cells = _split(_TEXT.sub(lambda m: f"⟦{m[1].replace('$', ' ')}⟧", row), "&")
        if len(cells) == 1 and (at := _BESIDE.search(row := cells[0])):
            cells = [row[: at.start()], row[at.start() :]]
        value, where = _value(cells[0], letter, reading), _where(" ".join(cells[1:]), letter, reading)
        yield None if value is None or where is None else Case(value, where)


def _split(text: str, sign: str) -> list[str]:
    """Return the parts of a text between signs that stand in no braces."""
    parts, depth, at = [""], 0, 0
    while at < len(text):
        if depth == 0 and text.startswith(sign, at):
            parts.append("")
            at += len(sign)
            continue
        step = 2 if text[at] == "\\" else 1
        depth += (text[at] == "{") - (text[at] == "}")
        parts[-1] += text[at : at + step]
        at += step
    return parts


def _bare(text: str) -> str:
    """Return a text without the spaces and the commas at its ends."""
    while (bare := _EDGE.sub("", text)) != text:
        text = bare
    return text


def _value(text: str, letter: str, reading: Reading) -> Node | None:
    """Return what the function is in one case; None where it is not read."""
    found = parsed(_bare(text), reading) if "⟦" not in text else ""
    if isinstance(found, str) or len(found[0]) != 1 or found[0][0].relations:
        return None
    node = found[0][0].sides[0].node
    if node is not None:
        node = _with_products(node, letter)
    strange = Unknown | Derivative | Integral | Tuple
    return None if node is None or any(isinstance(n, strange) or n == Symbol("∞") for n in walk(node)) else node


def _with_products(node: Node, letter: str) -> Node:
    """Return a formula in which x(1 - x), and a constant before parentheses, is a product."""
    match node:
        case Unknown(name, (argument,), 0) if name == letter or (name in CONSTANTS and letter in symbols(argument)):
            return Apply("*", (Symbol(name), _with_products(argument, letter)))
    return rebuilt(node, lambda n: _with_products(n, letter))


def _where(text: str, letter: str, reading: Reading) -> tuple[tuple[Chain, ...], ...] | None:
    """Return the conditions of a case, of which one holds, each of chains that all hold; () for "otherwise".

    None where one is not read.
    """
    if _OTHERWISE.fullmatch(_bare(text.replace("⟦", " ").replace("⟧", " "))):
        return ()
    words = _WORDS.sub(lambda m: _FILL.sub(" ", _joined(m[1], letter)), text)
    for sign, meant in _SIGNS:
        words = sign.sub(meant, words)
    words = re.sub(r"\A\s*(?:if|for|when)\b", " ", words)
    words = _REALS.sub(lambda m: rf"-\infty < {m[1] or m[2]} < \infty", words)
    if (inner := _PARENTHESES.fullmatch(_bare(words))) is not None:
        words = inner[1]
    if re.search(r"(?<![\\A-Za-z])(?!pi\b)[A-Za-z]{2,}", words):
        return None
    found = [_chains(part, letter, reading) for part in words.split("∨")]
    return None if None in found else tuple(c for c in found if c is not None)


def _joined(words: str, letter: str) -> str:
    """Return words with a sign for each "and" and "or"; the letter of the function is neither."""
    for joins, sign in ((_AND, " , "), (_OR, " ∨ ")):
        named = "|".join(word for word in joins.split() if word != letter)
        words = re.sub(rf"(?<![\\\w])(?:{named})(?!\w)", sign, words, flags=re.IGNORECASE)
    return words


def _chains(text: str, letter: str, reading: Reading) -> tuple[Chain, ...] | None:
    found = parsed(as_bounds(_bare(text)), reading)
    if isinstance(found, str) or not found[0]:
        return None
    read = all(
        chain.relations
        and all(side.node is not None for side in chain.sides)
        and any(side.node == Symbol(letter) or letter in symbols(side.node) for side in chain.sides if side.node)
        for chain in found[0]
    )
    return found[0] if read else None
