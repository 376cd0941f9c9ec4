r"""Numbers in the words around a formula: with $L = 152$, if $a = 1.1$, it grows by $a^L \approx 2 \cdot 10^6$.

A formula of letters that all have a number just before it is a claim about numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from symgrad.audit.source.document import Excerpt

SOLVED = 200
"""Characters behind an equation in which its solution may stand."""
NEAR = 120
REACH = 400
"""Characters before a formula in which its letters may be given numbers."""

_LETTER = r"\\[a-zA-Z]+|[A-Za-z\u03b1-\u03c9]"
_BINDING = re.compile(rf"\s*({_LETTER})\s*=\s*([-−]?\d+(?:\.\d+)?)\s*[.,]?\s*")
_TOKEN = re.compile(r"\\[a-zA-Z]+|[A-Za-z\u03b1-\u03c9]")
_VALUE = re.compile(
    r"(?:=|\\approx\b|≈)\s*[-−]?(?:\d+\.\d+|\d+(?:\.\d+)?\s*(?:\\times|\\cdot|×|·)\s*10\^\S+)\s*[.,]?\s*$"
)
_INTEGER = re.compile(r"=\s*[-−]?\d+\s*[.,]?\s*$")
_RELATION = re.compile(r"=|\\approx\b|≈")
_OPERATION = re.compile(r"[\^+*/×·−-]|\\(?:frac|cdot|times|sqrt)\b")
_BLANK = re.compile(r"\n[ \t]*\n")
_PRIMED = re.compile(r"['′_]")
_THEN = re.compile(
    r"\b(?:then|so|thus|hence|therefore|(?:we|one) (?:get|have|find|obtain|compute)s?|gives?|yields?)\b"
    r"[^.?!$\n]{0,12}\$?\Z|\b(?:with|for) [^.?!\n]*,\s*\$?\Z",
    re.IGNORECASE,
)
"""Words after which a formula of letters with numbers is a claim, be its value an integer."""
SIGNS = frozenset({"\\approx", "\\times", "\\cdot", "\\frac", "\\tfrac", "\\dfrac", "\\sqrt", "\\left", "\\right"})
CONSTANTS = frozenset({"e", "i", "j", "d", "\\pi", "π"})
"""Letters that are no variables, or perhaps none."""


def bound(formulas: Iterable[Excerpt], text: str) -> Iterator[Excerpt]:
    r"""Yield the claims that formulas make once their letters have the numbers that their paragraph gives before.

    >>> given = Excerpt(1, 6, "L = 3"), Excerpt(9, 26, r"1.5^L \approx 3.4")
    >>> [f.text for f in bound(given, r"$L = 3$ $1.5^L \approx 3.4$")]
    ['1.5^{(3)} \\approx 3.4']
    """
    known: dict[str, tuple[int, str]] = {}
    for formula in formulas:
        if formula.kind not in ("inline", "display"):
            continue
        if given := _BINDING.fullmatch(formula.text):
            known[given[1]] = (formula.end, given[2])
            continue
        names = letters(formula.text)
        if not names or names & CONSTANTS or not names <= known.keys():
            continue
        follows = _THEN.search(text, max(0, formula.start - NEAR), formula.start) is not None
        if not _is_claim(formula.text, follows):
            continue
        if _is_solved(formula.text, names, text[formula.end : formula.end + SOLVED]):
            continue
        if all(_near(text, known[name][0], formula) for name in names):
            yield Excerpt(
                formula.start,
                formula.end,
                put(formula.text, {name: value for name, (_, value) in known.items()}),
                "table",
            )


def _is_solved(formula: str, names: set[str], after: str) -> bool:
    """Tell whether an equation is solved for a letter right behind it: 3x + 2x = 10, x = 2."""
    if not re.search(r"=", formula):
        return False
    return any(re.search(rf"(?<![A-Za-z\\]){re.escape(name)}\s*&?\s*(?:=|\\approx\b|≈)", after) for name in names)


def _near(text: str, end: int, formula: Excerpt) -> bool:
    """Tell whether a number that ends at ``end`` stands in the paragraph of a formula, or right above a display."""
    between = text[end : formula.start] if formula.start - end <= REACH else "\n\n"
    return not _BLANK.search(between.rstrip(" \n$\\[") if formula.kind == "display" else between)


def letters(formula: str) -> set[str]:
    """Return the letters of a formula, and the commands that are none."""
    return set(_TOKEN.findall(formula)) - SIGNS


def put(formula: str, numbers: Mapping[str, str]) -> str:
    """Return a formula with numbers in the places of its letters."""
    return _TOKEN.sub(lambda m: m[0] if m[0] in SIGNS else f"{{({numbers[m[0]]})}}", formula)


def _is_claim(text: str, follows: bool = False) -> bool:
    """Tell whether a formula computes something of its letters, and ends in a decimal number.

    follows: the words say that it follows from what its letters are; then it may be an integer.
    """
    left = _RELATION.split(text, maxsplit=1)[0]
    one = len(_RELATION.findall(text)) == 1
    ends = _VALUE.search(text) or (follows and _INTEGER.search(text))
    return one and bool(ends and (_OPERATION.search(left) or "(" in left)) and not _PRIMED.search(left)
