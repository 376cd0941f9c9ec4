"""Numbers that are perhaps written in another notation: in base 2, with a remainder, in other units."""

from __future__ import annotations

import re
from fractions import Fraction

from flint import arb

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.finding import Passage

_NUMERAL = re.compile(r"(?<![\w.\\])(?<!\d,)\d+(?:[.,]\d+)*(?![\w.]*\d)")
_ASIDE = re.compile(r"\([+-]?\d+\)\s*\Z")
_BESIDE = re.compile(r"(?<=[01]{3})\(\d+\)")
"""What a binary number is in base 10, beside it: 1001(9)."""
_BINARY_FRACTION = re.compile(r"[01]*\.[01]{2,}\s*=.*2\s*\^\s*\{?\s*-", re.DOTALL)
_BASE = re.compile(r"_\{?\(?(?:2|8|10|16|two|ten|b|h|d)\)?\}?(?![A-Za-z0-9])")
_REMAINDER = re.compile(
    r"\s*[$,;(]*\s*(?:\\text\{|\\quad|\\;|\s)*(?:with\s+)?(?:a\s+)?(?:remainder|rem\b|r\s*=?\s*\d|"
    r"[\d.,]+\s*[^\W\d]*\s*(?:unused|left|spare|to spare|remain\w*|übrig|Rest)\b)",
    re.IGNORECASE,
)
_BINARY_POINT = re.compile(r"[01]+\.[01]+\s*=\s*[01]\.[01]+\s*(?:×|\\times|\\cdot|\*)\s*2\s*\^")
_PRODUCT = re.compile(r"[*×^/·!]|\\(?:cdot|times|frac|div)\b")
_TWO_WHOLE = re.compile(r"(?<![\d.,^])\d+\s*/\s*\d+\s*(?:=|==)\s*\d+(?![\d.,]*\d)")
_DIVIDED = re.compile(r"÷|\\div\b|//")
_UNIT = re.compile(
    r"(?<![A-Za-z])(?:[munpkMGT]?(?:Hz|bps|bit/s|Ω|F|H|V|A|W|J|eV)|[munp]s|\\mu\s*[a-zA-Z]|ohms?|MB|GB|kB|KB|km|mm|nm|kg|mg|seconds?|"
    r"cycles?|ns|ms)(?![A-Za-z])"
)
_RANGE = re.compile(r"\s*(?:to|through|…|\.\.\.?)\s*[$+-]*\s*\d")
_SQUARE = re.compile(r"=\s*(\d+)\s*(?:×|\\times|x)\s*(\d+)\s*\Z")
_SIZES = re.compile(r"\(\d+\s*(?:×|\\times|x)\s*\d+\)\s*=\s*\(\d+\s*(?:×|\\times|x)\s*\d+\)\s*\Z")
_ANGSTROM = re.compile(r"Å|\\AA\b|\\angstrom\b|Angstrom", re.IGNORECASE)
_CYCLES = re.compile(r"(?:\(\s*\d(?:[\s,~]|\\[,;! ]|\d)*\)\s*(?:\^\s*\{?\s*-?\s*\d\s*\}?)?(?:\\circ\b|\\cdot\b|\s)*)+")
_DIGIT = re.compile(r"(?<=\d)(?:[\s,~]|\\[,;! ])*\d")
_ESTIMATE = re.compile(
    r"\b(?:estimat\w*|simulat\w*|Monte Carlo|experiment\w*|measur\w*|observ\w*|empirical\w*|sampled|partial sums?|"
    r"\w+ terms|Riemann|midpoint|trapezoid\w*|Simpson\w*|iterations?|steps)\b",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\b(?:Taylor\w*|Maclaurin\w*|Newton['’]?s? (?:method|iteration)|Runge|interpol\w*|extrapol\w*|quadrature|finite "
    r"differences?|truncat\w*|power series|Potenzreihe\w*)\b",
    re.IGNORECASE,
)
"""Methods that yield a number which is near to the one that is printed beside it."""
NEAR_UNIT = 80
POWERS = (3, 6, 9, 12)
_BASES = re.compile(
    r"\b(?:bas[eis]s?|binary|ternary|binär\w*|binaire\w*|binari[oa]s?|octal\w*|hexa\w*|dual\w*|bits?)\b", re.IGNORECASE
)
_BASE_BELOW = re.compile(r"[\dA-F)]_\{?\(?(\d+)")
NEAR_BASES = 400
"""Characters around a claim in which words say that its numbers have a base below."""


def is_of_bases(passage: Passage) -> bool:
    """Tell whether the text around a claim speaks of bases of numbers, or the claim has several."""
    around = passage.before[-NEAR_BASES:] + passage.after[:NEAR_BASES]
    return _BASES.search(around) is not None or len(set(_BASE_BELOW.findall(passage.text))) > 1


def is_binary(text: str) -> bool:
    """Tell whether all numbers are perhaps in base 2: of digits 0 and 1 only, or with zeros in front.

    >>> [is_binary(t) for t in ("1011 + 1 = 1100", "1 + 1 = 1", "3 = 0011", "+1 = 1101 (-3)", "2 = 0,05")]
    [True, True, True, True, False]
    """
    numbers = _NUMERAL.findall(_ASIDE.sub("", _BESIDE.sub("", _BASE.sub("", text))))
    if _BINARY_FRACTION.match(text.strip()):
        return True
    if any(len(n) > 1 and n.startswith("0") and n.isdecimal() for n in numbers):
        return True
    if numbers and _BINARY_POINT.match(text.strip()):
        return True
    return bool(numbers) and not _PRODUCT.search(text) and all(set(n) <= {"0", "1"} for n in numbers)


def is_divided_with_remainder(passage: Passage, left: arb, right: Fraction) -> bool:
    """Tell whether a quotient may be meant without its remainder, 255 ÷ 16 = 15."""
    if right.denominator != 1 or not 0 <= left - exact_ball(right) < 1:
        return False
    of_integers = bool(_TWO_WHOLE.search(passage.text))
    return of_integers or bool(_DIVIDED.search(passage.text) or _REMAINDER.match(passage.after))


def is_in_other_units(passage: Passage, left: arb, right: arb) -> bool:
    """Tell whether numbers near a unit differ by a power of 1000, as 1/13 of a nanosecond and 76.9 MHz."""
    around = passage.before[-NEAR_UNIT:] + " " + passage.text + " " + passage.after[:NEAR_UNIT]
    atomic = bool(_ANGSTROM.search(around))
    if not (atomic or _UNIT.search(around)) or left == 0 or right == 0:
        return False
    ratio, powers = abs(right / left), (*POWERS, 10) if atomic else POWERS
    return any(abs(ratio * arb(10) ** k - 1) < exact_ball(Fraction(1, 20)) for n in powers for k in (n, -n))


def is_estimate(passage: Passage, left: arb, right: arb) -> bool:
    """Tell whether the words speak of an estimate or a measurement, and the numbers are near: π ≈ 3.198."""
    off = abs(left - right)
    if off < exact_ball(Fraction(1, 100)) * abs(left) and _METHOD.search(passage.before + " " + passage.after):
        return True
    near = bool(off < exact_ball(Fraction(1, 10)) * abs(left))
    return near and bool(_ESTIMATE.search(passage.before[-NEAR_UNIT:] + " " + passage.after[:NEAR_UNIT]))


def is_square_size(text: str) -> bool:
    """Tell whether a formula ends in the size of a square, (7 - 3) / 1 + 1 = 5×5, or in sizes: (4×2) = (3×2).

    >>> is_square_size("(7 - 3 + 0) / 1 + 1 = 5×5"), is_square_size("5 + 5 = 5 \\times 6")
    (True, False)
    """
    found = _SQUARE.search(text)
    return bool(found and found[1] == found[2]) or bool(_SIZES.search(text))


def is_of_cycles(text: str) -> bool:
    r"""Tell whether all numbers are perhaps permutations, written as cycles: (12)(123) = (23).

    >>> is_of_cycles(r"(1 2) (123) = (2\,3)"), is_of_cycles("(2)(3) = (5)"), is_of_cycles("(12)(12) = 144")
    (True, False, False)
    """
    sides = [side.strip() for side in text.split("=")]
    return len(sides) > 1 and all(map(_CYCLES.fullmatch, sides)) and all(map(_DIGIT.search, sides))


def is_an_end(passage: Passage) -> bool:
    """Tell whether the last number begins a range that the words go on with: 2^7 - 1 = -128 to 127."""
    return bool(_RANGE.match(passage.after))
