"""Where a claim is said to hold: x > 0, 0 < x ≤ 1, in a mark, in the words of its sentence, or beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import fmpq

from symgrad.arithmetic.dyadic import fraction
from symgrad.audit.finding import Passage
from symgrad.audit.parsed import chains_of, parsed
from symgrad.audit.words.sentence import LIMITS
from symgrad.numbers.extremum.real_domain import RealDomain
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Chain, Node, Symbol, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate

RELATIONS = frozenset("<≤>≥≠")
TURNED = {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}
_INTERVAL = re.compile(
    r"(\\[a-zA-Z]+|[A-Za-z])\s*(?:\\in(?![a-zA-Z])|∈)\s*(?:\\left)?([\[(\]])"
    r"\s*([^\[\](),]{1,30}?)\s*,\s*([^\[\](),]{1,30}?)\s*(?:\\right)?([\])\[])"
)
LEQ = "\\leq"
Bound = tuple[Node, str, Node]


@dataclass(frozen=True)
class ClaimDomain:
    """Relations that the letters of a claim satisfy."""

    bounds: tuple[Bound, ...] = ()

    def holds(self, point: Mapping[str, fmpq]) -> bool:
        """Tell whether a point is surely inside; bounds on letters that it does not have say nothing.

        >>> ClaimDomain.of(["x > 0", "y < 1"]).holds({"x": fmpq(-1)}), ClaimDomain.of(["y < 1"]).holds({"x": fmpq(-1)})
        (False, True)
        """
        return all(_holds(bound, point) for bound in self.bounds if symbols(bound[0]) | symbols(bound[2]) <= set(point))

    def interval(self, letter: str) -> RealDomain | None:
        """Return the numbers that a letter can be; None where a bound of it is no number.

        >>> str(ClaimDomain.of(["0 < x <= 1/2"]).interval("x")), ClaimDomain.of(["x < y"]).interval("x")
        ('0 < x ≤ 1/2', None)
        """
        found: RealDomain | None = RealDomain(letter)
        for bound in self.bounds:
            if found is not None and letter in symbols(bound[0]) | symbols(bound[2]):
                found = _narrowed(found, bound)
        return found

    @classmethod
    def of(cls, assumptions: Iterable[str], beside: Iterable[Chain] = ()) -> ClaimDomain:
        """Read assumptions; ``beside``: the chains of the formula itself, of which those that bound a letter count.

        Raises NotUnderstoodError for an assumption that is no relation between numbers.
        """
        bounds: list[Bound] = []
        for words in assumptions:
            found = [bound for chain in _chains(words) for bound in _bounds(chain)]
            if not found:
                raise NotUnderstoodError(f"the assumption {words}")
            bounds += found
        for chain in beside:
            found = _bounds(chain)
            bounds += found if all(map(bounds_a_letter, found)) else []
        return cls(tuple(bounds))

    @classmethod
    def of_passage(cls, passage: Passage) -> ClaimDomain:
        """Return where a passage is said to hold: by its marks, by the words of its sentence, and beside its claims.

        Raises NotUnderstoodError for a mark that is no relation between numbers.
        """
        marked = cls.of([words for kind, words in passage.known if kind == "assume"])
        said = [chain for text in passage.sentence.said(*LIMITS) for chain in chains_of(as_bounds(text))]
        beside = [*said, *chains_of(as_bounds(passage.text))]
        return cls((*marked.bounds, *cls.of((), beside).bounds))


def as_bounds(text: str) -> str:
    r"""Return a formula with x ∈ [a, b] as the bounds of x that it says.

    >>> print(as_bounds(r"x \in [0, 1)"), as_bounds(r"z \in \mathbb{R}"))
    0 \leq x < 1 z \in \mathbb{R}
    """
    return _INTERVAL.sub(_bounded, text) if "\\in" in text or "∈" in text else text


def _bounded(found: re.Match[str]) -> str:
    letter, opening, low, high, closing = found.groups()
    above = "" if "infty" in high or "∞" in high else f" {'<' if closing in ')[' else LEQ} {high}"
    below = "" if "infty" in low or "∞" in low else f"{low} {'<' if opening in '(]' else LEQ} "
    return f"{below}{letter}{above}" if above or below else found[0]


def _chains(words: str) -> tuple[Chain, ...]:
    found = parsed(words)
    if isinstance(found, str):
        raise NotUnderstoodError(found)
    return found[0]


def _bounds(chain: Chain) -> list[Bound]:
    links = [(left.node, relation, right.node) for left, relation, right in chain.links()]
    if any(relation not in RELATIONS or not a or not b for a, relation, b in links):
        return []
    return [(a, relation, b) for a, relation, b in links if a and b]


def bounds_a_letter(bound: Bound) -> bool:
    """Tell whether a letter, or its size, stands beside a number."""
    left, _, right = bound
    kinds = {_kind(left), _kind(right)}
    return kinds == {"letter", "number"}


def _kind(node: Node) -> str:
    match node:
        case Symbol(name) if name != "pi":
            return "letter"
        case Apply("abs", (Symbol(),)):
            return "letter"
    return "number" if number(node) is not None or (Symbol("pi") in walk(node) and not symbols(node)) else ""


def number(node: Node) -> Fraction | None:
    """Return the value of a calculation with fractions, or None.

    >>> print(number(Apply("/", (Symbol("pi"), Symbol("pi")))))
    None
    """
    if symbols(node):
        return None
    try:
        value = evaluate(node, {})
    except (UndefinedError, NotUnderstoodError):
        return None
    return fraction(value) if isinstance(value, fmpq) else None


def _narrowed(interval: RealDomain, bound: Bound) -> RealDomain | None:
    """Return the part of an interval that satisfies a bound; None where the bound is none by a number."""
    left, relation, right = bound
    if symbols(right):
        left, relation, right = right, TURNED.get(relation, relation), left
    end = number(right)
    if end is None or relation == "≠":
        return None
    is_open = relation in "<>"
    match left:
        case Symbol(interval.variable):
            return _below(interval, end, is_open) if relation in "<≤" else _above(interval, end, is_open)
        case Apply("abs", (Symbol(interval.variable),)) if relation in "<≤":
            return _above(_below(interval, end, is_open), -end, is_open)
    return None


def _below(i: RealDomain, end: Fraction, is_open: bool) -> RealDomain:
    if i.high is not None and (i.high < end or (i.high == end and i.open_high)):
        return i
    return replace(i, high=end, open_high=is_open)


def _above(i: RealDomain, end: Fraction, is_open: bool) -> RealDomain:
    if i.low is not None and (i.low > end or (i.low == end and i.open_low)):
        return i
    return replace(i, low=end, open_low=is_open)


def _holds(bound: Bound, point: Mapping[str, fmpq]) -> bool:
    left, relation, right = bound
    try:
        x, y = (ball(evaluate(side, dict(point))) for side in (left, right))
    except (UndefinedError, NotUnderstoodError):
        return False
    match relation:
        case "<":
            return bool(x < y)
        case "≤":
            return bool(x <= y)
        case ">":
            return bool(x > y)
        case "≥":
            return bool(x >= y)
    return bool(x != y)
