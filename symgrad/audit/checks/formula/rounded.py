"""Two formulas whose decimals are rounded, 75 · 21.3551 c = 1601.63 c: may they agree?"""

from __future__ import annotations

from flint import arb

from symgrad.audit.checks.formula.points import ENOUGH, points
from symgrad.audit.checks.number.link import with_letters
from symgrad.audit.domain import ClaimDomain
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Node, symbols
from symgrad.reading.value import UndefinedError, ball, evaluate

DIGITS = 2
"""A decimal of as many digits may be rounded."""


def agree_when_rounded(left: Node, right: Node, domain: ClaimDomain) -> bool:
    """Tell whether two formulas may agree at all points where each decimal in them is half a unit more or less."""
    inputs: dict[str, arb] = {}
    sides = [with_letters(side, inputs, DIGITS) for side in (left, right)]
    agree = 0
    for point in points(tuple(sorted(symbols(left) | symbols(right))), "", domain) if inputs else ():
        try:
            x, y = (ball(evaluate(side, {**point, **inputs})) for side in sides)
        except (UndefinedError, NotUnderstoodError):
            continue
        if not (x - y).is_finite():
            continue
        if not (x - y).contains(0):
            return False
        agree += 1
    return agree >= ENOUGH
