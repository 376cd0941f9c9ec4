"""Kinds of claims, and how far each may be trusted: what the doubts ask of a claim that is wrong as it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Kind:
    """What is known of the claims of one kind.

    free: each letter has values of its own. of_signs: it may hold for some signs of its letters alone.
    solved: it may be an equation that is to be solved. named: it is about what the text computes, or names.
    plain: with a sure slip it needs few other claims that are right; alone: none; always: not even a slip, for it is
    wrong in any mathematics. with_a_slip: without one it is never refuted.
    """

    free: bool = False
    of_signs: bool = False
    solved: bool = False
    named: bool = False
    plain: bool = False
    alone: bool = False
    always: bool = False
    with_a_slip: bool = False


OTHER = Kind()
ALGEBRA = Kind(free=True, of_signs=True, solved=True)
OF_A_FUNCTION = Kind(of_signs=True, plain=True)
NAMED = Kind(named=True)
ALONE = Kind(alone=True)
KINDS = {
    "activation": NAMED,
    "algebra": ALGEBRA,
    "cancelled": Kind(alone=True, always=True),
    "derivative": OF_A_FUNCTION,
    "gradient": NAMED,
    "complex": Kind(solved=True),
    "identity": replace(ALGEBRA, plain=True),
    "inequality": Kind(free=True, alone=True),
    "integral": OF_A_FUNCTION,
    "limit": Kind(with_a_slip=True),
    "matrix": Kind(free=True, with_a_slip=True),
    "matrices": Kind(free=True, solved=True, with_a_slip=True),
    "means": ALONE,
    "mended": ALGEBRA,
    "norm": NAMED,
    "numeric": Kind(free=True),
    "set": Kind(with_a_slip=True),
    "softmax": NAMED,
    "terms": ALONE,
}


def kind(name: str) -> Kind:
    """Return what is known of a kind of claims.

    >>> kind("identity").solved, kind("numeric").solved, kind("chance") is OTHER
    (True, False, True)
    """
    return KINDS.get(name, OTHER)
