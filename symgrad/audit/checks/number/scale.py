"""What the word behind a formula makes of its last number: 23.5 thousand, 35 %, 1 MB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from flint import arb

from symgrad.audit.finding import Passage
from symgrad.reading.parse import SUFFIXES
from symgrad.reading.tree import Node, Number

_PERCENT = Fraction(1, 100)
WORDS: dict[str, Fraction | int] = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
WORDS |= {"mio": 10**6, "mrd": 10**9, "%": _PERCENT, "percent": _PERCENT, "per cent": _PERCENT}
PREFIXES = {"p": -12, "n": -9, "µ": -6, "μ": -6, "m": -3, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15}
"""The powers of 10 before a unit; before bytes and bits those above 1 may be powers of 1024."""
_WORD = re.compile(r"(%|per cent\b|[^\W\d_]+)")
_UNIT = re.compile(r"([pnµμmkKMGTP])i?([bB]|bit|s|m|g|W|J|V|Hz|FLOPS?|FLOPs|flops?)")


CONVERSIONS = (60, 3600, 24, 7, 30, 31, 365, 12, 100, 1000, 1024, 8, 16, 4, 2, 1440, 86400)
"""Units are this many of smaller ones."""
_UNIT_WORD = re.compile(
    r"(?:\\?[ ,;~])*(?:\\(?:text|mathrm|textrm)\s*\{\s*)?"
    r"((?:milli|centi|kilo|mega|giga)?(?:seconds?|minutes?|min|hours?|"
    r"hrs?|h|days?|weeks?|months?|years?|bytes?|bits?|met(?:er|re)s?|gram(?:me)?s?|km|cm|mm|kg|mg|ms|ns|[KMGT]i?B|"
    r"inch(?:es)?|foot|feet|yards?|miles?|dozens?|cents?|dollars?|litres?|liters?|tons?|degrees?))\b"
)


def unit_behind(passage: Passage, number: Node) -> str:
    """Return the unit that stands right behind the last number of a formula, or nothing."""
    found = _UNIT_WORD.match(passage.after)
    return found[1] if found and isinstance(number, Number) and passage.text.rstrip().endswith(number.text) else ""


def is_conversion(x: arb, y: arb) -> bool:
    """Tell whether two numbers are in the ratio of two units.

    >>> is_conversion(arb(3600), arb(1)), is_conversion(arb(12), arb(11))
    (True, False)
    """
    return any((x - y * n).contains(0) or (y - x * n).contains(0) for n in (*CONVERSIONS, 10**6, 10**9))


def scaled(passage: Passage, number: Node, unit: str = "") -> Iterator[Number]:
    """Yield what the last number of a formula may be with its unit, or the word behind it; nothing for another node.

    >>> from symgrad.audit.finding import Place
    >>> passage = Passage("2^{20} = 1", Place("notes.md", 1, 1), after="MB of memory")
    >>> [str(n.value) for n in scaled(passage, Number(Fraction(1), "1"))]
    ['1000000', '1048576']
    """
    found = _WORD.match(unit.strip() or passage.after.replace("\\", ""))
    printed = re.sub(r"[\s,{}\\]", "", passage.text)
    if not found or not isinstance(number, Number) or number.scale != 1:
        return
    if not unit and not printed.endswith(number.text):
        return
    for scale in _scales(found[1]):
        yield replace(number, value=number.value * scale, scale=scale)


def _scales(word: str) -> Iterator[Fraction | int]:
    if (scale := WORDS.get(word.lower(), SUFFIXES.get(word))) is not None:
        yield scale
    elif unit := _UNIT.fullmatch(word):
        power = PREFIXES[unit[1]]
        yield Fraction(10) ** power
        if power > 0 and unit[2] in ("b", "B", "bit"):
            yield 1024 ** (power // 3)
