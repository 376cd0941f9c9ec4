"""Where a claim is said to hold: x > 0, 0 < x ≤ 1, in a mark, in the words after it, or beside it in its formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flint import fmpq

from symgrad.reading.chain import chains
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Chain, Node, Number, Symbol, symbols
from symgrad.reading.value import UndefinedError, ball, evaluate

RELATIONS = frozenset("<≤>≥≠")
Bound = tuple[Node, str, Node]


@dataclass(frozen=True)
class Domain:
    """Relations that the letters of a claim satisfy."""

    bounds: tuple[Bound, ...] = ()

    def holds(self, point: Mapping[str, fmpq]) -> bool:
        """Tell whether a point is surely inside; bounds on letters that it does not have say nothing.

        >>> Domain.of(["x > 0", "y < 1"]).holds({"x": fmpq(-1)}), Domain.of(["y < 1"]).holds({"x": fmpq(-1)})
        (False, True)
        """
        return all(_holds(bound, point) for bound in self.bounds if symbols(bound[0]) | symbols(bound[2]) <= set(point))

    @classmethod
    def of(cls, assumptions: Iterable[str], beside: Iterable[Chain] = ()) -> Domain:
        """Read assumptions; ``beside``: the chains of the formula itself, of which those that bound a letter count.

        Raises NotUnderstoodError for an assumption that is no relation between numbers.
        """
        bounds: list[Bound] = []
        for words in assumptions:
            found = [bound for chain in chains(words)[0] for bound in _bounds(chain)]
            if not found:
                raise NotUnderstoodError(f"the assumption {words}")
            bounds += found
        for chain in beside:
            found = _bounds(chain)
            bounds += found if all(map(_bounds_a_letter, found)) else []
        return cls(tuple(bounds))


def _bounds(chain: Chain) -> list[Bound]:
    links = [(left.node, relation, right.node) for left, relation, right in chain.links()]
    if any(relation not in RELATIONS or not a or not b for a, relation, b in links):
        return []
    return [(a, relation, b) for a, relation, b in links if a and b]


def _bounds_a_letter(bound: Bound) -> bool:
    """Tell whether a letter, or its size, stands beside a number."""
    left, _, right = bound
    kinds = {_kind(left), _kind(right)}
    return kinds == {"letter", "number"}


def _kind(node: Node) -> str:
    match node:
        case Symbol() | Apply("abs", (Symbol(),)):
            return "letter"
        case Number() | Apply("neg", (Number(),)):
            return "number"
    return ""


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
