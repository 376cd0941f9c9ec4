"""Gaussian means of activations by the closed forms of their records."""

from __future__ import annotations

from typing import Any

from flint import arb, ctx

from symgrad.arithmetic import Arithmetic, arithmetic
from symgrad.arithmetic.taylor import Taylor, TaylorNumber
from symgrad.ops.record import Elementwise


def closed_moment(f: Elementwise, which: str, q: arb) -> arb | None:
    """Return a moment of an activation by its closed form, at a ball of variances; None where there is none.

    The precision is the one that the caller has set.

    >>> from symgrad.ops.elementwise import elementwise
    >>> closed_moment(elementwise("relu"), "second", arb(2))
    1.00000000000000
    """
    return None if f.moments is None else arb(_value(f, which, arithmetic("ball"), q))


def closed_moment_slope(f: Elementwise, which: str, q: arb) -> arb | None:
    """Return the derivative of a closed form by q, which FLINT's series finds; None where there is none.

    >>> from symgrad.ops.elementwise import elementwise
    >>> closed_moment_slope(elementwise("relu"), "second", arb(2))
    0.500000000000000
    """
    if f.moments is None:
        return None
    cap, ctx.cap = ctx.cap, 2
    try:
        found = _value(f, which, Taylor(), TaylorNumber(q, 1))
    finally:
        ctx.cap = cap
    return found.tangent


def _value(f: Elementwise, which: str, A: Arithmetic, q: Any) -> Any:
    return getattr(f.moments, which)(A, q, *(A.number(x) for x in f.values))
