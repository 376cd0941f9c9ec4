"""Formulas without delimiters, in words and in comments: two closed sides of digits with a relation between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from symgrad.audit.source.document import Excerpt

_TOKEN = re.compile(
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d+\b|[KM%](?![\w]))?|\.\d+)"
    r"|(?P<relation>≈|≃|≅|≤|≥|<=|>=|==?(?!>)|~=|<(?![-=])|>|\\approx\b)"
    r"|(?P<function>(?:log(?:_?(?:2|10))?|ln|exp|sqrt|sinh|cosh|tanh|sin|cos|tan|sigmoid)(?=\s*\()|σ(?=\s*\()|√|π|pi\b"
    r"|e(?=\s*[\^⁻⁰¹²³⁴-⁹]))"
    r"|(?P<operator>\*\*|[-–+*/^×·÷−∙!²³¹⁰⁴-⁹⁻]|x(?=\s*\d))"
    r"|(?P<bracket>[()])"
    r"|(?P<space>[ \t]+)"
    r"|(?P<command>\\[A-Za-z]+)"
    r"|(?P<word>[^\W\d_][\w']*)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_DECIMAL_POINT = re.compile(r"\d\.\s*\Z")
"""What may be the point of a decimal that is broken over two lines."""
_CLOSED = frozenset({"number", "relation", "function", "operator", "bracket", "space"})
ENTITIES = {"times": "×", "middot": "·", "minus": "−", "divide": "÷", "frasl": "/", "asymp": "≈", "approx": "≈"}
ENTITIES |= {"le": "≤", "ge": "≥", "lt": "<", "gt": ">", "nbsp": " ", "pi": "π", "sup2": "²", "sup3": "³"}
_ENTITY = re.compile(rf"&({'|'.join(ENTITIES)});")
"""Entities of HTML in the words of Markdown; each is put back with spaces, so that places stay."""
LIMITS = frozenset(["to", "from", "at", "until", "through", "between", "mod", "modulo", "and", "or"])
"""Words before a number that is no side by itself."""
_LOST_POWER = re.compile(r"\)\d")
_TELEPHONE = re.compile(r"\d{3}[ \t]*-[ \t]*\d{3}-\d{4}(?!\d)")
_DECIMALS = re.compile(r",\d")
_RANGE = re.compile(r"\d+–\d+\s*(?:[=<>≈]|$)")
LONGEST = 300
Token = tuple[str, int, int]


def plain(text: str) -> Iterator[Excerpt]:
    """Yield the formulas of digits in a text that has no mathematics between delimiters.

    A side that begins or ends beside a letter, as in f(3) = 9 or 6 = 2x, is not closed, and is left out.

    >>> [f.text for f in plain("so x = (3*3*3)*64 = 1,728 weights; f(3) = 9, 6 = 2x and 2 + 2 = 4.")]
    ['(3*3*3)*64 = 1,728', '2 + 2 = 4']
    """
    text = _ENTITY.sub(lambda m: ENTITIES[m[1]].ljust(len(m[0])), text) if "&" in text else text
    run: list[Token] = []
    before = ""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "other"
        token = (kind, found.start(), found.end())
        if kind in _CLOSED:
            run.append(token)
        else:
            yield from _formulas(text, run, before, found[0])
            run, before = [], found[0]
    yield from _formulas(text, run, before, "")


def _formulas(text: str, run: list[Token], before: str, after: str) -> Iterator[Excerpt]:
    """Yield the formula of a run of closed tokens, without the sides that touch a letter."""
    if not any(kind == "relation" for kind, _, _ in run):
        return
    sides: list[list[Token]] = [[]]
    for token in _without_bullet(text, run, before):
        if token[0] == "relation":
            sides.append([])
        else:
            sides[-1].append(token)
    first = 0 if _opens(text, sides[0], before) else 1
    goes_on = after == "[" or _DECIMALS.match(text, run[-1][2])
    last = len(sides) if _ends(sides[-1], after) and not goes_on else len(sides) - 1
    kept = sides[first:last]
    if len(kept) < 2 or not all(map(_is_side, kept)) or not any(map(_computes, kept)):
        return
    if _TELEPHONE.search(text, kept[0][0][1], kept[-1][-1][2]):
        return
    if _LOST_POWER.search(text, kept[0][0][1], kept[-1][-1][2]):
        return  # (-12)2 for (-12)²
    start = next(s for kind, s, _ in kept[0] if kind != "space")
    end = [e for kind, _, e in kept[-1] if kind != "space"][-1]
    if end - start <= LONGEST:
        yield Excerpt(start, end, text[start:end], "plain")


def _without_bullet(text: str, run: list[Token], before: str) -> list[Token]:
    """Leave out the sign that opens an item of a list: - 3 + 4 = 7 says 3 + 4 = 7."""
    tokens = run[1:] if run[0][0] == "space" else run
    if before in ("", "\n") and len(tokens) > 1 and tokens[1][0] == "space":
        kind, start, end = tokens[0]
        if kind == "operator" and text[start:end] in ("-", "–", "+", "*", "−"):
            return tokens[1:]
    return run


def _opens(text: str, side: list[Token], before: str) -> bool:
    """Tell whether a side is closed at its left: "about 2*3" is, x - 3 and f(3) are not."""
    tokens = [t for t in side if t[0] != "space"]
    if not tokens or before.startswith("\\"):
        return False
    first = text[tokens[0][1] : tokens[0][2]]
    if first in ("+", "-", "–", "−", "*", "/") and text[tokens[0][2] : tokens[0][2] + 1].isspace() and before != "\n":
        return False
    if _DECIMAL_POINT.search(text, max(0, tokens[0][1] - 40), tokens[0][1]):
        return False
    if before == "'" and text[max(tokens[0][1] - 2, 0)] in ")]":
        return False  # (f⁻¹)'(8)
    if before in LIMITS and all(k == "number" or text[s:e] in ("π", "pi") for k, s, e in tokens):
        return False  # from 1 to 4 = 16 - 1
    if _RANGE.match(text, tokens[0][1]):
        return False  # 48–50 = +3
    apart = side[0][0] == "space" or not before or before in "\n([{:;,|#\"'“`→"
    kind, start, end = tokens[0]
    if not before.isidentifier():
        return apart or before in "=:"
    calls = kind == "bracket" and len(tokens) <= 3
    return apart and len(before) > 1 and before.isalpha() and not calls and text[start:end] not in "+-–*/^×·÷−∙!x|"


def _ends(side: list[Token], after: str) -> bool:
    """Tell whether a side is closed at its right: "12 weights" is, 2x and 2 x are not."""
    if not any(kind != "space" for kind, _, _ in side) or after.startswith("\\"):
        return False
    return not after.isidentifier() or (side[-1][0] == "space" and len(after) > 1 and after.isascii())


def _is_side(side: list[Token]) -> bool:
    kinds = [kind for kind, _, _ in side if kind != "space"]
    touching = any(a == b == "number" for a, b in pairwise(kinds))
    return not touching and bool({"number", "function"} & set(kinds))


def _computes(side: list[Token]) -> bool:
    kinds = [kind for kind, _, _ in side if kind != "space"]
    return "function" in kinds or "operator" in kinds[1:]
