"""Is there a kink or a jump at a point? What differs on its two sides still does a million times closer to it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.algebra.expression import Apply
from symgrad.algebra.expression_tree import applications, quantities
from symgrad.arithmetic import arithmetic
from symgrad.network.formula import Formula
from symgrad.ops.record import Elementwise
from symgrad.ops.regularity import Regularity, slope_regularity

NEAR, NEARER = Fraction(1, 2**20), Fraction(1, 2**40)
"""How far to both sides of a point is looked."""


def differ(sides: Callable[[Fraction], tuple[Any, Any]]) -> bool:
    """Tell whether values at x - h and x + h surely keep a distance as h falls; x may be a little beside the place.

    >>> A = arithmetic("ball", 30)
    >>> differ(lambda h: (A.number(-h), A.number(h))), differ(lambda h: (A.number(-h), A.number(1 + h)))
    (False, True)
    """
    (left, right), (far_left, far_right) = sides(NEARER), sides(NEAR)
    gap = abs(left - right)
    return bool(gap > abs(far_left - far_right) / 512 and gap > (abs(left) + abs(right)) / 2**30)


def breaks(f: Elementwise, x: arb) -> bool:
    """Tell whether f surely jumps at x, or its slope does: what the record calls its slope there is a convention.

    >>> from symgrad.ops.elementwise import elementwise
    >>> [breaks(elementwise(name), arb(0)) for name in ("relu", "step", "elu", "tanh")]
    [True, True, False, False]
    """
    A = arithmetic("ball", 60)

    def both(rule: Callable[[Any, Any], Any]) -> Callable[[Fraction], tuple[Any, Any]]:
        return lambda h: (arb(rule(A, x - A.number(h))), arb(rule(A, x + A.number(h))))

    with A.working():
        return differ(both(f)) or differ(both(f.slope_at))


def by_convention(e: Apply) -> bool:
    """Tell whether e is f'(u) of a variable u, and f may lack a slope somewhere. Of a number, e names the place."""
    is_slope = e.op.kind == "slope" and isinstance(e.op.record, Elementwise)
    return is_slope and any(quantities(e)) and slope_regularity(e.op.record) <= Regularity.DISCONTINUOUS


def has_convention(f: Formula) -> bool:
    """Tell whether a formula holds such a slope.

    >>> from symgrad.network.formula import read_formula
    >>> [has_convention(read_formula(text)) for text in ("x*relu'(x)", "tanh'(x)", "relu'(0)")]
    [True, False, False]
    """
    return any(by_convention(a) for a in applications(f.expression))
