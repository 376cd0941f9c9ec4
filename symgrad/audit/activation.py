"""What σ is in a chapter that says so: σ = tanh, σ(x) = max(0, x), σ(z) = 1/(1 + e^{-z})."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flint import ctx

from symgrad.audit.finding import Word
from symgrad.audit.parsed import chains_of
from symgrad.reading.known import USUAL
from symgrad.reading.reading import ALTERNATIVES, ANY
from symgrad.reading.tree import Apply, Node, Number, Symbol
from symgrad.reading.value import DIGITS

_SAYS = re.compile(r"(?:\\sigma|σ)\s*(?:\(\s*\\?\w+\s*\)\s*)?&?\s*(?::?=|≔|\\equiv\b|\\coloneqq\b)")
_BARE = re.compile(
    r"\s*(?:\\sigma|σ)\s*&?\s*(?::?=|\\equiv\b|\\coloneqq\b)\s*"
    r"(?:\\(?:operatorname|mathrm|text|textrm|mathsf)\s*\{\s*(\w+)\s*\}|\\(\w+)|(\w+))\s*[.,;]?\s*"
)
"""The whole of σ = tanh."""
CALLED = {"tanh": "tanh", "relu": "relu", "softplus": "softplus", "logistic": USUAL, "sigmoid": USUAL}


def by_name(formula: str) -> str:
    r"""Return the function that a formula says that σ is, without its argument; nothing where it says none.

    >>> by_name(r"\sigma = \tanh"), by_name(r"\sigma := \mathrm{ReLU}"), by_name(r"\sigma = 2")
    ('tanh', 'relu', '')
    """
    found = _BARE.fullmatch(formula)
    return CALLED.get((found[1] or found[2] or found[3]).lower(), "") if found else ""


def said_of_sigma(formula: str) -> str:
    r"""Return what a formula says that σ is: one of its usual meanings, ANY for another, or nothing.

    >>> [said_of_sigma(text) for text in (r"\sigma(x) = \log(1 + e^x)", r"\sigma(x) = x^3", r"\sigma(0) = 1/2")]
    ['softplus', 'any', '']
    """
    if "=" not in formula and "≡" not in formula and "\\equiv" not in formula:
        return ""
    if not _SAYS.search(formula):
        return ""
    if known := by_name(formula):
        return known
    for chain in chains_of(formula):
        match [side.node for side in chain.sides[:2]]:
            case [Apply(name, (Symbol(letter),), 0), body] if name == USUAL and chain.relations[0] in ("=", ":="):
                return ANY if body is None else _which(letter, body)
    return ""


def _which(letter: str, body: Node) -> str:
    """Return which usual meaning of σ agrees with a formula of a letter."""
    from symgrad.audit.checks.formula.points import compare

    x = Symbol(letter)
    if body == Apply(USUAL, (x,)) or isinstance(body, Symbol | Number):
        return ""
    digits, ctx.dps = ctx.dps, DIGITS
    try:
        said = ((name, compare(Apply(name, (x,)), body).word) for name in ALTERNATIVES["sigma"])
        return next((name for name, word in said if word is Word.CONFIRMED), ANY)
    finally:
        ctx.dps = digits


def plausible(said: Sequence[str], named: Sequence[str], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """Return the plausible meanings of σ, the likeliest first: what formulas said last, then what words name.

    otherwise: what is plausible where no formula says it.

    >>> plausible(["tanh"], ["tanh", "any"], ("tanh", "sigmoid")), plausible(["tanh"], ["logistic"], ("sigmoid",))
    (('tanh',), ('tanh', 'sigmoid'))
    """
    latest = tuple(dict.fromkeys(reversed(said)))
    kinds = {{"sigmoid": "logistic", "tanh": "tanh"}.get(name, "other") for name in latest}
    if ANY not in latest and set(named) <= kinds | {"any"}:
        return latest
    return tuple(dict.fromkeys((*(name for name in latest if name != ANY), *otherwise, *latest)))
