r"""Equations that are conditions: equivalent to others, \iff, what follows from one, \implies, and the like."""

from __future__ import annotations

import re
from itertools import combinations

from symgrad.audit.checks.formula.points import compare
from symgrad.audit.definitions import put
from symgrad.audit.finding import Judgement, Passage, Word
from symgrad.audit.kinds import kind
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Chain, Node, Symbol, symbols, walk
from symgrad.reading.value import is_function

_EQUIVALENT = re.compile(r"\\(?:iff|(?:Long)?[Ll]eftrightarrow|equivalent)(?![A-Za-z])|[⇔⟺↔]|<=+>")
_FOLLOWS = re.compile(r"\\(?:implies|(?:Long)?[Rr]ightarrow)(?![A-Za-z])|[⇒⟹]|=+>")
CONDITION, CONSEQUENCE = "a condition that is equivalent to another", "it follows from an equation that need not hold"
HYPOTHESIS = "perhaps an equation from which the next follows"
_ORDER = re.compile(r"(?:\\mathcal\s*\{?\s*[Oo]\s*\}?|(?<![A-Za-z\\])[Oo])\s*(?:\\(?:left|[bB]igg?l?)\s*)?\(")
ORDERS, OF_AN_ORDER = frozenset("Oo"), "perhaps an order of magnitude, O(x)"
SIZES = frozenset(("abs", "norm1", "norm2"))
OF_SIZES = "perhaps a condition: two sizes are the same"
SUBSTITUTED = "perhaps a change of variables: one side is the other at another place"
EXCHANGED = "perhaps a condition: its sides are the same but for two letters"


def conditional(passage: Passage, chains: tuple[Chain, ...], c: int, said: Judgement, left: Node, right: Node) -> str:
    """Return why an equation with letters may be a condition, as the arrows beside it say, or nothing."""
    if not kind(said.kind).solved or not symbols(left) | symbols(right):
        return ""
    if symbols(left) & ORDERS and _ORDER.search(passage.text):
        return OF_AN_ORDER
    if _is_exchanged(left, right):
        return EXCHANGED
    if all(isinstance(n, Apply) and n.name in SIZES for n in (left, right)):
        return OF_SIZES
    if _is_substituted(left, right):
        return SUBSTITUTED
    if _EQUIVALENT.search(passage.text):
        return CONDITION
    begin = chains[c].sides[0].start
    if c == 0 and _FOLLOWS.match(passage.text.lstrip(" \n\t&")):
        return CONSEQUENCE
    if c and _FOLLOWS.search(passage.text, 0, begin + 1) and any(map(_may_not_hold, chains[:c])):
        return CONSEQUENCE
    follows = _FOLLOWS.search(passage.text, chains[c].sides[-1].end) if c + 1 < len(chains) else None
    return HYPOTHESIS if follows else ""


def _may_not_hold(chain: Chain) -> bool:
    """Tell whether a chain has an equation with letters that is no identity."""
    for one, relation, other in chain.links():
        if relation == "=" and one.node is not None and other.node is not None:
            letters = symbols(one.node) | symbols(other.node)
            if letters and compare(one.node, other.node).word is not Word.CONFIRMED:
                return True
    return False


def _is_substituted(left: Node, right: Node) -> bool:
    """Tell whether a side is the other with a function of a letter in its place: 1/sin(x) = 1/sin(arccos(x))."""
    letters = symbols(left) & symbols(right)
    for side, other in ((left, right), (right, left)):
        for inner in (n for n in walk(other) if isinstance(n, Apply) and is_function(n.name) and n != other):
            for x in letters & symbols(inner):
                moved = put(side, {x: inner})
                if moved != side and symbols(moved) == symbols(other) and _agree(moved, other):
                    return True
    return False


def _agree(left: Node, right: Node) -> bool:
    try:
        return compare(left, right).word is Word.CONFIRMED
    except NotUnderstoodError:
        return False


def _is_exchanged(left: Node, right: Node) -> bool:
    """Tell whether one side is the other with two letters in the place of each other: ln(a^b) = ln(b^a)."""
    letters = sorted(symbols(left))
    if set(letters) != symbols(right):
        return False
    swaps = ({a: Symbol(b), b: Symbol(a)} for a, b in combinations(letters, 2))
    return any(put(left, swap) == right for swap in swaps)
