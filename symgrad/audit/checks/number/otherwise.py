"""What else two numbers may say that differ: thousands, a change in percent, dates. Right in such a way is no error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from flint import arb

from symgrad.audit.case import Case
from symgrad.audit.checks.number.link import judge, number
from symgrad.audit.checks.number.rounding import printed
from symgrad.audit.checks.number.scale import WORDS
from symgrad.audit.finding import Passage, Word
from symgrad.reading.parse import SUFFIXES
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, rebuilt, walk
from symgrad.reading.value import UndefinedError, ball, is_function

THOUSANDS = tuple(Fraction(1000) ** k for k in (1, -1, 2, -2, 3, -3))
FEWEST = 3
"""Digits that must agree before a power of 1000 is thought to be a unit."""
LARGE, MOST = 1000, 6
"""Numbers from here on may be in units where others are in thousands of them; more of them are not tried."""
BOUNDS = ("<", ">", "≤", "≥")
INVERSE = ("atan", "asin", "acos", "arctan", "arcsin", "arccos")
NEARLY = 0.004
"""Numbers of half turns that are as near to a whole one count as it: an angle is printed with a few digits."""
_NAMED = re.compile(r"[ ~]?(?:[^\W\d_]{3,}|[万亿億])")
"""A word behind a number, which may be a million in some language."""
_DATE = re.compile(r"(?<![\d/.])\d{1,2}\s*/\s*\d{1,2}\s*/\s*(?:19|20)\d\d(?![\d/])")
_LETTER = re.compile(r"(?<![\w\\.])[kKMB](?=\s*(?:[=+)}$,;^_<>≤≥]|\\[A-Za-z]+|\\[)\]]|-\s*\d))")
RIGHT = (Word.CONFIRMED, Word.NOTE)


def otherwise(case: Case) -> str:
    """Return in which other way a relation between calculations is right, or nothing.

    A number that is printed with few digits agrees with anything, and excuses nothing.
    """
    if _DATE.search(case.passage.text):
        return "perhaps dates"
    if _has_letter(case):
        return "perhaps a letter behind a number, and no thousand"
    if _is_score(case):
        return "perhaps a score out of as many"
    if case.relation not in ("=", "≈"):
        return ""
    if _runs_on(case.left, case.right):
        return "perhaps the sign = runs on: the left side is what the right one begins with"
    if _is_of_another_branch(case.left, case.right):
        return "perhaps another branch of the inverse function"
    if case.relation == "≈" and _is_of_one_function(case.left, case.right):
        return "perhaps a rough approximation: a function at a place nearby"
    if case.relation == "≈" and _is_of_rounded_roots(case.left, case.right):
        return "perhaps with a root that is rounded first"
    for told, left, right in _meant(case.passage, case.left, case.right):
        if judge([left, right], case.relation)[0] in RIGHT:
            return told
    return ""


def _meant(passage: Passage, left: Node, right: Node) -> Iterator[tuple[str, Node, Node]]:
    """Yield pairs of sides that may be meant, each with what is told of it."""
    if _has_degrees(left) != _has_degrees(right):
        yield "perhaps degrees on both sides", _without_degrees(left), _without_degrees(right)
    one, hundred = Number(Fraction(1), "1"), Number(Fraction(100), "100")
    if _is_percent(right):
        yield "perhaps a change, in percent", Apply("-", (left, one)), right
        yield "perhaps a change, in percent", Apply("-", (one, left)), right
        yield "perhaps percent twice", Apply("/", (left, hundred)), right
    if isinstance(right, Number) and right.scale != 1:
        yield "perhaps in thousands on both sides", left, replace(right, value=right.value / right.scale, scale=1)
    shown = printed(right)
    word = _NAMED.match(passage.after)
    if (
        word
        and word[0].strip().lower() not in WORDS
        and passage.text.rstrip().endswith(right.text if isinstance(right, Number) else "%")
    ):
        for scale in THOUSANDS[1::2]:
            yield "perhaps a number with its unit", Apply("*", (Number(scale, str(scale)), left)), right
    if shown is None or shown.power is not None or shown.mantissa is not None:
        return
    if shown.value % 1000 == 0:
        yield "perhaps in other units", Apply("*", (Number(Fraction(1000), "1000"), left)), right
    if abs(shown.value / shown.coarse) < 10 ** (FEWEST - 1):
        return
    for scale in THOUSANDS:
        yield "perhaps in other units", Apply("*", (Number(scale, str(scale)), left)), right
    large = list(dict.fromkeys(n for n in walk(left) if isinstance(n, Number) and n.value >= LARGE and n.scale == 1))
    for size in range(1, len(large)) if len(large) <= MOST else ():
        for some in combinations(large, size):
            less = {n: Number(n.value / 1000, n.text, n.places + 3) for n in some}
            yield "perhaps some numbers in thousands", _put(left, less), right


def _has_letter(case: Case) -> bool:
    """Tell whether K or M stands behind a number, and by itself in the words around, where it is a letter."""
    scaled = any(isinstance(n, Number) and n.scale in SUFFIXES.values() for s in case.nodes[-2:] for n in walk(s))
    p = case.passage
    return scaled and bool(_LETTER.search(f"{p.before} {p.text} {p.after}"))


def _is_score(case: Case) -> bool:
    """Tell whether a relation holds for the points in 18/20, which need not be a fraction: 18/20 ≥ 18."""
    match case.left:
        case Apply("/", (Number(points, _, 0), Number(most, _, 0))) if points <= most and case.relation in BOUNDS:
            if "frac" in case.passage.text:
                return False
            return judge([case.left.arguments[0], case.right], case.relation)[0] is Word.CONFIRMED
    return False


def _is_of_another_branch(left: Node, right: Node) -> bool:
    """Tell whether an inverse function is off by half a turn: the angle of (-2, -2) is atan 1 + π."""
    if not any(isinstance(n, Apply) and n.name in INVERSE for side in (left, right) for n in walk(side)):
        return False
    try:
        x, y = ball(number(left)), ball(number(right))
    except (UndefinedError, NotUnderstoodError):
        return False
    turns = [z / arb.pi() for z in (x - y, x + y)]
    return any(abs(t - (t + arb(1) / 2).mid().floor()) < NEARLY for t in turns)


def _is_of_one_function(left: Node, right: Node) -> bool:
    """Tell whether both sides are one function, or a power of one number, at two: sin 3 ≈ sin π, e^{-20/3} ≈ e^{-7}."""
    match left, right:
        case Apply("^", (base, _)), Apply("^", (other, _)):
            return base == other
        case Apply(name), Apply(other_name):
            return name == other_name and is_function(name)
    return False


def _is_of_rounded_roots(left: Node, right: Node) -> bool:
    """Tell whether both sides agree where roots and π have one or two decimals: 99 - 70 √2 ≈ 1, with 1.4."""
    for places in (1, 2):
        rough = _with_rounded_roots(left, places)
        if rough == left:
            return False
        try:
            if (ball(number(rough)) - ball(number(right))).contains(0):
                return True
        except (UndefinedError, NotUnderstoodError):
            return False
    return False


def _with_rounded_roots(node: Node, places: int) -> Node:
    """Put decimals in the place of roots of whole numbers, and of π."""
    match node:
        case Symbol("pi") | Apply("sqrt", (Number(),)):
            digits = Fraction(round(Fraction(float(ball(number(node)).mid())) * 10**places), 10**places)
            return Number(digits, str(float(digits)), places)
    return rebuilt(node, lambda n: _with_rounded_roots(n, places))


def _runs_on(left: Node, right: Node) -> bool:
    """Tell whether a calculation goes on with what it came to: 12 - 8 = 4 · 2."""
    first = right
    while isinstance(first, Apply) and first.name in "+-*/":
        first = first.arguments[0]
    if first is right or not isinstance(first, Number) or isinstance(left, Number):
        return False
    return judge([left, first], "=")[0] is Word.CONFIRMED


def _has_degrees(node: Node) -> bool:
    return _without_degrees(node) != node


def _without_degrees(node: Node) -> Node:
    """Return a sum of angles as the numbers that stand before their degrees."""
    match node:
        case Apply("*", (Number() as n, Apply("/", (Symbol("pi"), Number(_, "180"))))):
            return n
        case Apply(name, arguments, 0) if name in ("+", "-", "*", "/", "neg"):
            return Apply(name, tuple(map(_without_degrees, arguments)))
    return node


def _is_percent(node: Node) -> bool:
    inner = node.arguments[0] if isinstance(node, Apply) and node.name == "neg" else node
    match inner:
        case Apply("/", (_, Number(_, "%"))):
            return True
    return False


def _put(node: Node, numbers: dict[Number, Number]) -> Node:
    """Put other numbers in the place of some."""
    match node:
        case Number():
            return numbers.get(node, node)
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_put(a, numbers) for a in arguments), primes)
    return node
