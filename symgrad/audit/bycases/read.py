r"""Functions by cases, as they are printed: f(x) = \begin{cases} x^2 & x < 1 \\ 2x & \text{otherwise} \end{cases}."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from symgrad.audit.bycases.function import ByCases, Case
from symgrad.audit.domain import as_bounds
from symgrad.audit.parsed import USUAL, parsed
from symgrad.reading.reading import Reading
from symgrad.reading.tree import Chain, Derivative, Integral, Node, Symbol, Tuple, Unknown, symbols, walk

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
_EDGE = re.compile(rf"\A{_SPACES}+|(?:{_SPACES}|[,;.])+\Z")
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
_AND = re.compile(r"\b(?:and|und|et|y|e)\b|&&|\\w?land\b|\\wedge\b", re.IGNORECASE)
_OR = re.compile(r"\b(?:or|oder|ou|o)\b|\\lor(?![a-z])|\\vee(?![a-z])", re.IGNORECASE)
_BESIDE = re.compile(r"⟦|,?\s*\\q?quad(?![A-Za-z])|,(?=[^,]*(?:[<>=≤≥]|\\[lg]eq?|\\ne))")
"""Where a condition begins that no & parts from its value."""


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
    strange = Unknown | Derivative | Integral | Tuple
    return None if node is None or any(isinstance(n, strange) or n == Symbol("∞") for n in walk(node)) else node


def _where(text: str, letter: str, reading: Reading) -> tuple[tuple[Chain, ...], ...] | None:
    """Return the conditions of a case, of which one holds, each of chains that all hold; () for "otherwise".

    None where one is not read.
    """
    if _OTHERWISE.fullmatch(_bare(text.replace("⟦", " ").replace("⟧", " "))):
        return ()
    words = _WORDS.sub(lambda m: _AND.sub(" , ", _FILL.sub(" ", _OR.sub(" ∨ ", m[1]))), text)
    words = _OR.sub(" ∨ ", words) if "\\" in words else words
    words = re.sub(r"\A\s*(?:if|for|when)\b", " ", words)
    if re.search(r"(?<![\\A-Za-z])(?!pi\b)[A-Za-z]{2,}", words):
        return None
    found = [_chains(part, letter, reading) for part in words.split("∨")]
    return None if None in found else tuple(c for c in found if c is not None)


def _chains(text: str, letter: str, reading: Reading) -> tuple[Chain, ...] | None:
    found = parsed(as_bounds(_AND.sub(" , ", _bare(text)) if "\\" in text else _bare(text)), reading)
    if isinstance(found, str) or not found[0]:
        return None
    read = all(
        chain.relations
        and all(side.node is not None for side in chain.sides)
        and any(side.node == Symbol(letter) or letter in symbols(side.node) for side in chain.sides if side.node)
        for chain in found[0]
    )
    return found[0] if read else None
