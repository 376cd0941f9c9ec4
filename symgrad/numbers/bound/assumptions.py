"""Assumptions about sizes, as text or by name: "norm(W) <= lambda", {"w": 1}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from symgrad.arithmetic.literal import exact
from symgrad.errors import ReadError, ValuesError
from symgrad.network.syntax.line import canonical
from symgrad.numbers.bound.size import Size, letter, number

Assumptions = Mapping[str, Size]
"""Sizes by name: "W" for a norm, and for what a norm is not less than; "abs(v)" for the entries of v alone."""

_NORM = (r"norm\((.+?)\)\s*(?:<=|≤)\s*(.+)", r"‖(.+?)‖\s*(?:<=|≤)\s*(.+)")
_ENTRIES = (r"abs\((.+?)\)\s*(?:<=|≤)\s*(.+)", r"\|(.+?)\|\s*(?:<=|≤)\s*(.+)")


def read_assumptions(*assumptions: str | Mapping[str, Any]) -> dict[str, Size]:
    """Read assumptions into sizes by name; a name without "abs" is one of a norm.

    >>> read_assumptions("norm(W) <= lambda", "abs(v) <= 0.1", {"w": "1/2"})
    {'W': λ, 'abs(v)': (1/10), 'w': (1/2)}
    """
    known: dict[str, Size] = {}
    for assumption in assumptions:
        pairs = assumption.items() if isinstance(assumption, Mapping) else [_read(assumption)]
        for name, value in pairs:
            known[canonical(str(name).strip())] = _size(value)
    return known


def _read(text: str) -> tuple[str, str]:
    for forms, key in ((_NORM, "{}"), (_ENTRIES, "abs({})")):
        for form in forms:
            if found := re.fullmatch(form, str(text).strip()):
                return key.format(found[1].strip()), found[2]
    raise ReadError(f"{text!r} is not an assumption", todo="write 'norm(W) <= lambda' or 'abs(w) <= 1'")


def _size(value: Any) -> Size:
    text = canonical(value.strip()) if isinstance(value, str) else ""
    if text.isidentifier():
        return letter(text)
    q = exact(value)
    if q < 0:
        raise ValuesError(f"a bound of {q} is negative", todo="give a number that is not negative, or a letter")
    return number(q)
