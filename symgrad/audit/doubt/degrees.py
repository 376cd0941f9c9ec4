r"""Angles with a 0 above them in the place of the sign of degrees: \sin(90^0 - x) = \cos x."""

from __future__ import annotations

from symgrad.reading.tree import Apply, Node, Number, walk

TURNED = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))


def degrees(*sides: Node) -> str:
    """Return why a function of an angle may be of degrees, or nothing.

    >>> from fractions import Fraction
    >>> angle = Apply("^", (Number(Fraction(90), "90"), Number(Fraction(0), "0")))
    >>> degrees(Apply("sin", (angle,)), angle), degrees(angle)
    ('a 0 above a number may be the sign of degrees', '')
    """
    of = (n for side in sides for n in walk(side) if isinstance(n, Apply) and n.name in TURNED)
    found = any(_is_raised(n) for function in of for argument in function.arguments for n in walk(argument))
    return "a 0 above a number may be the sign of degrees" if found else ""


def _is_raised(node: Node) -> bool:
    match node:
        case Apply("^", (Number(), Number(exponent))):
            return exponent == 0
    return False
