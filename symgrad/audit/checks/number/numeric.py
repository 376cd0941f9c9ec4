"""Numeric links between calculations, 1.5^{149} ≈ 3.7 × 10^{26}, and why one that differs may be right."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TypeGuard

from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.number.floating import is_cancelled, is_computed
from symgrad.audit.checks.number.link import judge, number
from symgrad.audit.checks.number.notation import (
    is_an_end,
    is_binary,
    is_divided_with_remainder,
    is_estimate,
    is_in_other_units,
    is_of_bases,
    is_of_cycles,
    is_square_size,
)
from symgrad.audit.checks.number.otherwise import otherwise
from symgrad.audit.checks.number.rounding import printed
from symgrad.audit.checks.number.scale import is_conversion, scaled, unit_behind
from symgrad.audit.finding import Judgement, Passage, Word
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Tuple, rebuilt, walk
from symgrad.reading.value import UndefinedError, ball, is_function

_PI_OF = re.compile(r"(?:\\pi|π)\s*(?:\\left)?\(|\\pi\s*(?:_|\^\s*\{?\s*(?:1\b|[\[(*a-z]))")
_TWO_INTEGERS = re.compile(r"\s*\d+\s*=\s*\d+\s*")
_PERCENT = re.compile(r"%|\bpercent|\brate\b|\baccuracy\b", re.IGNORECASE)
NEAR_PERCENT = 120
SEVERAL = 3
"""Points in a calculation from which they may be signs of products."""
BYTES = (2, 4, 8, 16)


def numeric(case: Case) -> Judgement | None:
    """Judge a relation between calculations; None for one with letters."""
    if not case.closed:
        return None
    earlier = [n for n in case.nodes[:-2] if is_closed(n)]
    word, value, reason = judge([*earlier, case.left, case.right], case.relation)
    if word is Word.REFUTED:
        for meant in scaled(case.passage, case.right, *case.units[-1:]):
            said = judge([*earlier, case.left, meant], case.relation)
            if said[0] in (Word.CONFIRMED, Word.NOTE):
                word, value, reason = said
    if (_is_printed(case.passage) or _is_carried_on(case)) and case.left != case.right and not _is_a_row(case):
        word, value, reason = Word.REFUTED, "", "two different integers"
    if word is Word.REFUTED and case.relation in ("=", "≈") and _is_computed(case):
        return Judgement(Word.NOTE, value, "as floating point computes it", "numeric")
    if word is Word.REFUTED and (doubt := _doubt(case) or otherwise(case)):
        return Judgement(Word.UNCHECKED, reason=doubt, kind="numeric", excused=True)
    sides = (case.nodes[-3], case.right) if _is_carried_on(case) else None
    return Judgement(word, value, reason, "numeric", sides=sides)


def _is_rest(n: Node) -> bool:
    """Tell whether a node is 1 - π."""
    match n:
        case Apply("-", (Number(one), Symbol("pi"))):
            return one == 1
    return False


def _is_printed(passage: Passage) -> bool:
    """Tell whether a passage is two integers, 2 = 3, as an author wrote them, and no row of a table."""
    return bool(_TWO_INTEGERS.fullmatch(passage.text)) and passage.kind == "math" and not passage.composed


def _is_carried_on(case: Case) -> bool:
    """Tell whether a chain of calculations has come to an integer, and goes on with another: 3 · 3 = 9 = 10."""
    if len(case.nodes) < 3 or case.relation != "=" or case.passage.kind != "math" or case.passage.composed:
        return False
    last, here, other = case.nodes[-3:]
    if not (is_closed(last) and _is_integer(here) and _is_integer(other)) or isinstance(last, Number):
        return False
    return other.text != f"{int(here.value):b}" and judge([last, here], "=")[0] is Word.CONFIRMED


def _is_integer(n: Node) -> TypeGuard[Number]:
    return isinstance(n, Number) and n.places == 0 and n.scale == 1 and n.value.denominator == 1


def _is_a_row(case: Case) -> bool:
    """Tell whether a side is 0: 0 = 5 is what remains of a system of equations without a solution."""
    return any(isinstance(side, Number) and side.value == 0 for side in case.nodes[-2:])


_WITH_BASE = re.compile(r"\(?[0-9A-F]+\)?_(?:\{\(?\d{1,2}\)?\}|\d)")
"""A number that says its base."""


def _is_based(n: Node) -> bool:
    return isinstance(n, Apply) and n.name == "base"


def _is_negative(n: Node) -> bool:
    """Tell whether a side begins with a sign: -1, -2^7 + 1."""
    first = n.arguments[0] if isinstance(n, Apply) and n.name in ("+", "-") else n
    return isinstance(first, Apply) and first.name == "neg"


def _is_of_reals(n: Node) -> bool:
    """Tell whether a node is a function of real numbers, tanh 0: what has one is not written in base 2."""
    return isinstance(n, Apply) and is_function(n.name) and n.name not in ("abs", "sqrt")


def _doubt(case: Case) -> str:
    """Return why numbers that differ need not be a wrong claim, or nothing: π is a letter here, hours are minutes."""
    circle = any(Symbol("pi") in walk(side) for side in case.nodes[-2:])
    if _holds_with_points_as_signs(case):
        return "perhaps a point is the sign of a product"
    if circle and any(map(_is_rest, (*walk(case.left), *walk(case.right)))):
        return "π may be a probability"
    if circle and ("pi" in case.passage.defined or _PI_OF.search(case.passage.text)):
        return "π may be a letter"
    around = case.passage.before[-NEAR_PERCENT:] + case.passage.after[:NEAR_PERCENT]
    if _PERCENT.search(around) and (100 * ball(number(case.left)) - ball(number(case.right))).contains(0):
        return "perhaps a percentage without its sign"
    if _is_of_bytes(case):
        return "perhaps a number of numbers, and what they take"
    if is_square_size(case.passage.text):
        return "perhaps the size of a matrix"
    if is_binary(_WITH_BASE.sub(" ", case.passage.text)) and not any(
        map(_is_of_reals, (n for s in case.nodes[-2:] for n in walk(s)))
    ):
        return "perhaps numbers in base 2"
    based = any(_is_based(n) for s in case.nodes[-2:] for n in walk(s))
    if based and any(_is_negative(s) for s in case.nodes[-2:]):
        return "perhaps a number whose first digit is a sign, or in two's complement"
    if based and not is_of_bases(case.passage):
        return "perhaps no base, but an index below a number"
    if is_of_cycles(case.passage.text):
        return "perhaps permutations, written as cycles"
    if is_an_end(case.passage):
        return "perhaps a range of numbers"
    if any(isinstance(n, Tuple) for side in case.nodes[-2:] for n in walk(side)):
        return ""
    shown = printed(case.right)
    if shown is not None and is_divided_with_remainder(case.passage, ball(number(case.left)), shown.value):
        return "perhaps a quotient without its remainder"
    if case.relation == "≈" and is_estimate(case.passage, ball(number(case.left)), ball(number(case.right))):
        return "perhaps an estimate, or measured"
    if is_in_other_units(case.passage, ball(number(case.left)), ball(number(case.right))):
        return "perhaps in other units"
    if _is_unit_percent(case):
        return "perhaps percent is the unit of all numbers"
    left, right = case.units[-2:] if len(case.units) > 1 else ("", "")
    if left and not right and printed(case.right) is None:
        return f"{left} may be a unit of what it stands behind"
    behind = "" if right else unit_behind(case.passage, case.right)
    if left and right and left != right:
        return f"{left} and {right} are different units"
    unit = left or right or behind
    if unit and is_conversion(ball(number(case.left)), ball(number(case.right))):
        return f"a change of units: {unit}"
    return ""


def _holds_with_points_as_signs(case: Case) -> bool:
    """Tell whether a calculation holds where 18.4 is 18 · 4, as in French and Italian texts."""
    decimals = {n for side in case.nodes[-2:] for n in walk(side) if isinstance(n, Number) and n.places > 0}
    if case.relation != "=" or len(decimals) < SEVERAL or any(isinstance(n, Number) for n in case.nodes[-2:]):
        return False
    sides = [_with_products(side) for side in case.nodes[-2:]]
    return judge(sides, case.relation)[0] is Word.CONFIRMED


def _with_products(node: Node) -> Node:
    match node:
        case Number(_, text, places, 1) if places > 0 and text.count(".") == 1 and "e" not in text:
            factors = [Number(Fraction(int(part)), part) for part in text.split(".") if part]
            return Apply("*", (factors[0], factors[-1]))
    return rebuilt(node, _with_products)


def _is_computed(case: Case) -> bool:
    """Tell whether a claim is right in float64, and only there."""
    try:
        exact = ball(number(case.left)), ball(number(case.right))
    except (UndefinedError, NotUnderstoodError):
        return False
    lost = is_cancelled(case.left, abs(exact[0] - exact[1]))
    return lost or is_computed(case.left, case.right, exact, printed(case.right))


def _is_of_bytes(case: Case) -> bool:
    """Tell whether a size is right if each of what is counted takes some bytes, 512^3 ≈ 1 GB."""
    for meant in scaled(case.passage, case.right, *case.units[-1:]):
        for size in BYTES:
            whole = Apply("*", (Number(Fraction(size), str(size)), case.left))
            if judge([whole, meant], "≈")[0] in (Word.CONFIRMED, Word.NOTE):
                return True
    return False


def _is_unit_percent(case: Case) -> bool:
    """Tell whether a claim is right if the percent sign of the right side is the unit of the left one too."""
    match case.right:
        case Apply("/", (bare, Number(_, "%"))) if not any(n == case.right.arguments[1] for n in walk(case.left)):
            return judge([case.left, bare], case.relation)[0] in (Word.CONFIRMED, Word.NOTE)
    return False
