"""The letters of a formula that is text, and numbers in their places."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"\\[a-zA-Z]+|[A-Za-z\u03b1-\u03c9]")
SIGNS = frozenset({"\\approx", "\\times", "\\cdot", "\\frac", "\\tfrac", "\\dfrac", "\\sqrt", "\\left", "\\right"})
CONSTANTS = frozenset({"e", "i", "j", "d", "\\pi", "π"})
"""Letters that are no variables, or perhaps none."""


def letters(formula: str) -> set[str]:
    """Return the letters of a formula, and the commands that are none."""
    return set(_TOKEN.findall(formula)) - SIGNS


def put(formula: str, numbers: Mapping[str, str]) -> str:
    r"""Return a formula with numbers in the places of its letters.

    >>> put(r"\frac{a}{b}", {"a": "1", "b": "2"})
    '\\frac{{(1)}}{{(2)}}'
    """
    return _TOKEN.sub(lambda m: m[0] if m[0] in SIGNS else f"{{({numbers[m[0]]})}}", formula)
