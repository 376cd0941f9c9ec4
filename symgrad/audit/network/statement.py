"""Derivatives by name as a page prints them: ∂C/∂b_1 = ..., Δa_1 ≈ ... Δb_1, ∂⁺s/∂W dW = ..."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from symgrad.reading.page.defined import Definition
from symgrad.reading.page.document import Equation, markdown_page
from symgrad.reading.tree import Apply, Name, Node, Number, Partial, children, walk

DELTA, CHANGE = Name("Delta"), Name("d")
ERROR = "delta"
"""The letter of an error: the derivative of the cost by a weighted input or, in some texts, by an activation."""
MOST = 4_000
"""Characters of a display that is read."""


@dataclass(frozen=True)
class Statement:
    """left = right, with a derivative by name on the left; ``change``: both sides are applied to dW."""

    left: Node
    right: Node
    change: Name | None = None


_FONT = re.compile(
    r"\\(?:mathbf|boldsymbol|bm|mathcal|mathsf|mathit|mathbb)(?![A-Za-z])\s*(?:\{\s*(\\?[A-Za-z]+)\s*\})?"
)


def without_fonts(text: str) -> str:
    r"""Return a formula without fonts, by which authors do not tell letters of a network apart.

    >>> print(without_fonts(r"\boldsymbol{\delta}^{l} = \mathbf W^T \mathbf{z}"))
    \delta^{l} = W^T z
    """
    return _FONT.sub(lambda m: m[1] or "", text) if "\\" in text else text


@lru_cache(maxsize=256)
def equations(display: str) -> tuple[Equation, ...]:
    r"""Return the equations of a display in LaTeX, those that are broken over rows put together.

    >>> [e.relations for e in equations(r"a &= b \\ &\quad {}+ c \\ d &= e")]
    [('=',), ('=',)]
    """
    if len(display) > MOST:
        return ()
    page = markdown_page(f"$$\n{without_fonts(display).strip()}\n$$")
    return tuple(e for e in page.equations if e.relations or e.reason)


def statement(e: Equation, side: int = 1) -> Statement | None:
    """Return what an equation says of a derivative by name; None where it is about none.

    side: which side of a chain a = b = c the first one is said to be.
    """
    if len(e.sides) <= side or (set(e.relations[:side]) != {"="} and e.relations != ("≈",)):
        return None
    left, right = e.sides[0], e.sides[side]
    relations = e.relations[side - 1 : side]
    match left:
        case Apply("*", (Name() as delta, Name() as of)) if delta == DELTA:
            return _first_order(of, right)
        case Apply("*", (Partial() as inner, Apply("d", (Name() as change,)))) if inner.wrt == change:
            return Statement(inner, right, change)
    if relations == ("=",) and left != right and any(map(_is_derivative, walk(left))):
        return Statement(left, right)
    return None


def _is_derivative(n: Node) -> bool:
    """Tell whether a node is a derivative by name, ∂C/∂z or ∇ or δ or dz."""
    match n:
        case Apply("*", (Name() as change, Name())):
            return change == CHANGE
    return isinstance(n, Partial) or (isinstance(n, Name) and n.base in ("nabla", ERROR))


def _first_order(of: Name, right: Node) -> Statement | None:
    """Return Δa ≈ m Δb as ∂a/∂b = m."""
    match right:
        case Apply("*", (*factors, Name() as delta, Name() as wrt)) if delta == DELTA and DELTA not in factors:
            inner = tuple(factors)
            one = Number(1, "1")  # type: ignore[arg-type]
            return Statement(Partial(of, wrt), Apply("*", inner) if len(inner) > 1 else inner[0] if inner else one)
    return None


def definitions(displays: tuple[str, ...]) -> tuple[Definition, ...]:
    """Return what displays say that names stand for: J_j = ..."""
    found = []
    for display in displays:
        for e in equations(display):
            match e.sides:
                case (Name() as left, right) if e.relations == ("=",):
                    found.append(Definition(left, right))
    return tuple(found)


def numbers(node: Node) -> set[int]:
    """Return the numbers that stand as indices below or above the names in a node."""
    found = set()
    for n in walk(node):
        if isinstance(n, Name):
            found |= {int(x.value) for x in children(n) if isinstance(x, Number) and x.value.denominator == 1}
    return found


def names(node: Node) -> set[Name]:
    """Return the names in a node, those in derivatives too."""
    return {n for n in walk(node) if isinstance(n, Name)}
