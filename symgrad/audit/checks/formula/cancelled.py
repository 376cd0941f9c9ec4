"""What is taken from itself: (f(3) - f(3))/1 = -80, where nothing is left; x/(m_2 - m_2), where nothing divides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.number.link import judge
from symgrad.audit.finding import SURE, Evidence, Judgement, Passage, Word
from symgrad.reading.tree import Apply, Node, Number, Symbol, Unknown, rebuilt, symbols, walk

KIND = "cancelled"
ZERO = Number(Fraction(0), "0")
_UNDEFINED = re.compile(
    r"\b(?:undefined|not defined|indeterminate|no meaning|meaningless|divi(?:de|ded|ding|sion|sions) by (?:zero|\$?0)|"
    r"breaks? down|blows? up|singular\w*|degenerate|never)\b|"
    r"\\frac\s*\{?0\}?\s*\{?0\}?|0\s*/\s*0",
    re.IGNORECASE,
)
"""What a text says of a quotient that has no value."""
BEFORE, AFTER = 240, 160


def cancelled(case: Case) -> Judgement | None:
    """Refute what divides by m_2 - m_2, or gives what is taken from itself a value but 0; None for any other claim."""
    if case.relation not in ("=", "≈", ":=") or case.passage.kind != "math":
        return None
    if _says_undefined(case.passage):
        return None
    for side in case.nodes[-2:]:
        for below, above in _divided(side):
            if not _is_nothing(above) and (letter := _another(below, case)):
                return _refuted(f"it divides by a difference of {letter} with itself, which is 0")
    for side, other in ((case.left, case.right), (case.right, case.left)):
        left = _without(side)
        if left != side and not symbols(left) and not any(isinstance(n, Unknown) for n in walk(left)):
            return _value(left, other, case.relation)
    return None


def _value(left: Node, other: Node, relation: str) -> Judgement | None:
    if not is_closed(left) or not is_closed(other):
        return None
    word, value, _ = judge([left, other], relation)
    return _refuted("what is taken from itself is 0", value) if word is Word.REFUTED else None


def _refuted(reason: str, value: str = "") -> Judgement:
    shown = Evidence(True, frozenset({"letters"}), "one thing in the place of another", SURE)
    return Judgement(Word.REFUTED, value, reason, KIND, evidence=shown)


def _says_undefined(passage: Passage) -> bool:
    around = passage.before[-BEFORE:], passage.text, passage.after[:AFTER]
    return any(map(_UNDEFINED.search, around))


def _divided(node: Node) -> Iterator[tuple[Apply, Node]]:
    """Yield each difference of a letter with itself that something is divided by, and what is above it."""
    for n in walk(node):
        match n:
            case Apply("/", (above, Apply("-", (Symbol() as a, b)) as below)) if a == b:
                yield below, above


def _another(below: Apply, case: Case) -> str:
    """Return the letter that is taken from itself, where the formula has another of its name, x_1; or nothing."""
    [letter, _] = below.arguments
    assert isinstance(letter, Symbol)
    base, _, index = letter.name.partition("_")
    names = frozenset().union(*map(symbols, case.nodes))
    others = {x for x in names if x.startswith(f"{base}_") and x != letter.name}
    return letter.name if index and others else ""


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Apply) and node.name == "-" and node.arguments[0] == node.arguments[1]


def _without(node: Node) -> Node:
    """Return a formula with 0 in the place of what is taken from itself, where that is a value of a function."""
    match node:
        case Apply("-", (Unknown(_, arguments, 0) as a, b)) if a == b and arguments and all(map(is_closed, arguments)):
            return ZERO
    return rebuilt(node, _without)
