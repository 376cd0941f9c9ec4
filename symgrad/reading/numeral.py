"""Numbers as they are printed: with separators of thousands, decimal commas, periods, and a base below."""

from __future__ import annotations

import re

_PERIOD = re.compile(r"(\.|,|\{,\})?\\(?:overline|bar|dot)\{(\d+)\}")
"""What stands above the digits of a decimal that go on for ever."""
_OVER_DECIMALS = re.compile(r"(?:\.|,|\{,\})\\(?:overline|bar|dot)\b")
_BASED = re.compile(
    r"(?:(\d[\dA-F]*\.[\dA-F]+|\d[\dA-F]+)|\(([\dA-F]+(?:\.[\dA-F]+)?)\))_(?:\{\(?(\d{1,2})\)?\}|(\d)(?!\d))"
)
"""A number, or one in parentheses, with its base below."""
_SEPARATORS = (",", "{,}", "~", "\\,", "\\thinspace ", "\u2009", "\u202f", "\xa0")


def based(text: str, at: int) -> tuple[str, int]:
    r"""Return 1101_2, (1F)_{16} or 77_{(8)}, a number with its base, and where it ends; nothing where none stands.

    >>> based("(1F)_{16} = 31", 0), based("12 + 1", 0)
    (('1F_16', 9), ('', 0))
    """
    found = _BASED.match(text, at)
    if found is None:
        return "", at
    digits, base = found[1] or found[2], int(found[3] or found[4])
    if not 2 <= base <= 16 or any(int(c, 36) >= base for c in digits if c != "."):
        return "", at
    return f"{digits}_{base}", found.end()


def with_period(digits: str, text: str, at: int) -> tuple[str, int]:
    r"""Return digits with those that are repeated without end, 0.1\overline{6}, and where they end; or nothing.

    >>> with_period("0.1", r"0.1\overline{6}", 3)
    ('0.1(6)', 15)
    """
    found = _PERIOD.match(text, at)
    if found is None or (found[1] and "." in digits):
        return "", at
    return f"{digits}{'' if '.' in digits else '.'}({found[2]})", found.end()


def is_under_a_line(text: str, at: int) -> bool:
    """Tell whether decimals stand under a line that are no digits to be repeated."""
    return _OVER_DECIMALS.match(text, at) is not None


def decimal_comma(text: str, at: int) -> int:
    """Return the length of a comma that may stand before decimals: 1,5 and 1{,}5, but not 1,2,3; or 0."""
    for mark in (",", "{,}"):
        begin = end = at + len(mark)
        if text.startswith(mark, at):
            while end < len(text) and text[end].isdecimal():
                end += 1
            if end > begin and not text.startswith((",", "{,}"), end):
                return len(mark)
    return 0


def thousands(text: str, at: int) -> int:
    """Return the length of a separator and three digits that stand at a place, or 0."""
    for mark in _SEPARATORS:
        if text.startswith(mark, at):
            digits = text[at + len(mark) : at + len(mark) + 4]
            if len(digits) >= 3 and digits[:3].isdecimal() and not digits[3:].isdecimal():
                return len(mark) + 3
    return 0
