"""Identities that hold where some letters are negative: x (-y) = |x| |y| for y < 0, as a text says in its words."""

from __future__ import annotations

from itertools import product

from flint import fmpq

from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Judgement
from symgrad.audit.kinds import kind
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate

OF_SIGNS = frozenset(("abs", "sqrt", "root", "log", "norm2", "max", "min", "sgn"))
"""Functions whose identities depend on signs."""
SIZES = ((1, 3, 2, 5), (4, 3, 5, 2), (7, 2, 3, 11), (9, 5, 4, 13))
"""Sizes of the letters at each point, in thirds."""
MOST, ENOUGH = 4, 3


def one_sided(said: Judgement, left: Node, right: Node, domain: ClaimDomain) -> str:
    """Return for which signs of its letters, in its domain, a claim holds that differs elsewhere, or nothing."""
    letters = sorted(symbols(left) | symbols(right))
    if not kind(said.kind).of_signs or not 1 <= len(letters) <= MOST:
        return ""
    if not any(map(_is_of_signs, (n for side in (left, right) for n in walk(side)))):
        return ""
    for signs in product((1, -1), repeat=len(letters)):
        if _holds(left, right, letters, signs, domain):
            where = ", ".join(f"{x} {'>' if sign > 0 else '<'} 0" for x, sign in zip(letters, signs, strict=True))
            return f"it holds for {where}"
    return ""


def _is_of_signs(n: Node) -> bool:
    match n:
        case Apply("^", (_, Apply("/", (Number(), Number())))):
            return True
        case Apply(name):
            return name in OF_SIGNS
    return False


def _holds(left: Node, right: Node, letters: list[str], signs: tuple[int, ...], domain: ClaimDomain) -> bool:
    """Tell whether two sides agree at all points with these signs at which they have values."""
    agree = 0
    for sizes in SIZES:
        point = {x: fmpq(sign * size, 3) for x, sign, size in zip(letters, signs, sizes, strict=False)}
        if not domain.holds(point):
            continue
        try:
            difference = ball(evaluate(left, point)) - ball(evaluate(right, point))
        except (UndefinedError, NotUnderstoodError):
            continue
        if difference.is_finite():
            if not difference.contains(0):
                return False
            agree += 1
    return agree >= ENOUGH
