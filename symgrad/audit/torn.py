"""Why two sides of a relation may not belong together: a display that goes on, a row by itself, a check that fails."""

from __future__ import annotations

import re
from itertools import pairwise

from symgrad.audit.checks.number.link import judge
from symgrad.audit.finding import Passage, Word
from symgrad.reading.tree import Apply, Chain, Side, symbols

JOINT = "\u2029"
"""What stands in a passage where one formula goes on in the next."""
_ROW = re.compile(r"\\\\\s*(?:\[[^\]]*\])?[\s&]*[-+]")
"""A row that begins with a sign."""
_TORN_DECIMAL = re.compile(r"(?<![\w.,])\d+\s?\.\s\d(?!\d* ?[=+*/^])|(?<![\w.])\d \.\s?\d|(?<![\w.,^_{])\d \d(?![\d.])")
_UNEQUAL = re.compile(
    r"\\neq?\b|≠|\\not\s*=|\\stackrel\s*\{\s*\?\s*\}|\\overset\s*\{\s*\?\s*\}|\\not\\?(?:approx|equiv)"
)
_GOES_ON = re.compile(r"\s*(?:\[[^\]]*\])?[\s&]*(?:=|\\neq?\b|≠|\\not)")
"""A row that begins with a relation."""
_SPACED = re.compile(r"[\w})\]]\s*\\(?:[;: >]|enspace\b)\s*(?:\\[A-Za-z]|[\w(])")
"""A space between two factors, or between two statements."""
_LINES = re.compile(
    r"[\w})\]][ \t]*\n[ \t]*(?:[A-Za-z(]|"
    r"\\(?!begin\s*\{\w*(?:matrix|array))(?!(?:cdot|times|over|right|end|quad)(?![A-Za-z]))[A-Za-z])"
)
"""The end of a line between two factors, or two statements."""
_DIVIDED = re.compile(r"[\d)\]}°]\s*&?\s*:\s*&?\s*\Z")
"""A colon behind a number, a parenthesis or a fraction: 60° : 2 = 30°."""
_MATRIX = re.compile(r"\\begin\{(\w*(?:matrix|array)\*?)\}.*?\\end\{\1\}", re.DOTALL)
_NEXT_COLUMN = re.compile(r"[\w})\]]\s*&\s*[-+]\s*\w")
_WITH_NUMBER = re.compile(r"\s*&?\s*\d[\d.,]*(?:\s|~|\\[,;: ]|\\q?quad\b)")
_CALCULATION = re.compile(r"\w.*[-+*/·×\\(].*\w")


def torn(passage: Passage, chains: tuple[Chain, ...], c: int, i: int) -> str:
    """Return why the sides of the relation i of the chain c need not be sides of one claim, or nothing."""
    text = passage.text
    left, right = chains[c].sides[i : i + 2]
    if i == 0 and text[left.start : left.start + 1] == "+":
        return "it goes on from what stands before it"
    if i == 0 and _DIVIDED.search(text, 0, left.start):
        return "perhaps a colon is the sign of a quotient"
    if JOINT in text[left.end : right.start] and _is_of_another(text, chains, c, i):
        return "the display above may go on from another of its sides"
    if any(_is_a_row(text, *pair) for pair in pairwise(chains[c].sides[max(i, 1) : i + 3])):
        return "a row that may stand by itself"
    if _TORN_DECIMAL.search(text):
        return "a decimal is perhaps torn apart"
    inner = [left] * (i > 0) + [right] * (i + 2 < len(chains[c].sides))
    if any(_SPACED.search(text, side.start, side.end) for side in inner):
        return "a space parts perhaps two statements"
    if any(_LINES.search(text, side.start, side.end) for side in inner):
        return "the end of a line parts perhaps two statements"
    if _is_parted(text, chains[c], i):
        return "a space parts perhaps two statements"
    if _is_across_columns(text, left, right):
        return "perhaps two columns"
    if passage.kind == "text" and _is_doubled(text, chains[c]):
        return "the text is perhaps printed twice, without a space between"
    if chains[c].relations[i] != "≠" and _UNEQUAL.search(_row_of(text, left.start, right.end)):
        return "the formula says what is not equal"
    if i + 2 < len(chains[c].sides) and _begins_alike(text, left, right):
        return "perhaps a calculation step by step"
    return ""


def _is_across_columns(text: str, left: Side, right: Side) -> bool:
    """Tell whether a side goes on in the next column of its row with a sign: 3x &= 5 & +7 - 2 = 5."""
    return any(_NEXT_COLUMN.search(_MATRIX.sub(" ", text[side.start : side.end])) for side in (left, right))


def _row_of(text: str, start: int, end: int) -> str:
    r"""Return the rows of a display that a claim stands in, and the next where it goes on with a relation.

    >>> _row_of(r"a = b \\ c = d \\ &\neq e", 10, 15)
    ' c = d \\\\ &\\neq e'
    """
    first = text.rfind("\\\\", 0, start)
    first = 0 if first < 0 else first + 2
    last = text.find("\\\\", end)
    if last >= 0 and _GOES_ON.match(text, last + 2):
        last = text.find("\\\\", last + 2)
    return text[first:] if last < 0 else text[first:last]


def is_joined_inline(passage: Passage, chain: Chain, i: int) -> bool:
    """Tell whether the sides of a relation stand in two formulas of a line of words, of which one begins with it."""
    part = passage.sentence.parts[passage.at] if passage.sentence.parts else None
    between = passage.text[chain.sides[i].end : chain.sides[i + 1].start]
    return JOINT in between and not (part and part.display)


def _is_parted(text: str, chain: Chain, i: int) -> bool:
    """Tell whether a relation is right without what a space parts from its sides: ln 2 ≈ 0.693  ln 3 ≈ 1.099."""
    sides = [side.node for side in chain.sides[i : i + 2]]
    rows = [_WITH_NUMBER.match(text, side.start) for side in chain.sides[i : i + 2]]
    parts = [
        n.arguments if r and isinstance(n, Apply) and n.name == "*" else () for n, r in zip(sides, rows, strict=True)
    ]
    left = parts[0][1] if i and parts[0] else sides[0]
    right = parts[1][0] if i + 2 < len(chain.sides) and parts[1] else sides[1]
    if (left, right) == tuple(sides) or left is None or right is None or symbols(left) | symbols(right):
        return False
    return judge([left, right], chain.relations[i])[0] in (Word.CONFIRMED, Word.NOTE)


def _is_a_row(text: str, side: Side, following: Side) -> bool:
    """Tell whether a side ends in a row that begins with a sign, and goes on with a relation in this row."""
    row = next(reversed(list(_ROW.finditer(text, side.start, side.end))), None)
    return row is not None and "\\\\" not in text[row.end() : following.start]


def _is_of_another(text: str, chains: tuple[Chain, ...], c: int, i: int) -> bool:
    """Tell whether the display above has several statements, of which the one below may go on from any."""
    begin = text.rfind(JOINT, 0, chains[c].sides[i].start) + 1
    return any(other.sides[-1].end > begin for other in chains[:c])


def _is_doubled(text: str, chain: Chain) -> bool:
    """Tell whether a side ends in the side that the chain begins with: 1+2=31+2=3."""
    first, *others = (re.sub(r"\s", "", text[side.start : side.end]) for side in chain.sides)
    return len(first) > 2 and any(other != first and other.endswith(first) for other in others)


def _begins_alike(text: str, left: Side, right: Side) -> bool:
    """Tell whether the right side is a calculation that the left one begins with: 2 · 3 · 4 = 2 · 3, and then = 6."""
    one, other = (re.sub(r"\s", "", text[side.start : side.end]) for side in (left, right))
    return bool(_CALCULATION.search(other)) and one.startswith(other) and not one[len(other) :][:1].isalnum()
