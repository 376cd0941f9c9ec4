"""What a check is given: one relation of a formula, the sides before it, and what is known beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from symgrad.audit.definitions import Definitions
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Passage
from symgrad.audit.parsed import USUAL
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Node, walk
from symgrad.reading.value import UndefinedError, evaluate


@dataclass(frozen=True)
class Case:
    """A relation between the last two of ``nodes``; those before them are the sides that the chain begins with.

    number: which of the chains with relations it is. units: of each side, 3 km, or nothing. reading: how it is read.
    measured: the sides with the units in them as factors; None for one with a word that is no known unit.
    """

    nodes: tuple[Node, ...]
    relation: str
    passage: Passage
    known: Definitions
    number: int = 0
    units: tuple[str, ...] = ()
    reading: Reading = USUAL
    measured: tuple[Node | None, ...] = ()

    @property
    def left(self) -> Node:
        """The side before the relation."""
        return self.nodes[-2]

    @property
    def right(self) -> Node:
        """The side behind it."""
        return self.nodes[-1]

    def nodes_measured(self) -> tuple[Node, ...]:
        """Return both sides with their units; none where a word in one is no known unit."""
        sides = self.measured[-2:] or self.nodes[-2:]
        return tuple(side for side in sides if side is not None)

    @cached_property
    def closed(self) -> bool:
        """Whether both sides are calculations without letters."""
        return is_closed(self.left) and is_closed(self.right)

    @cached_property
    def types(self) -> frozenset[type]:
        """The kinds of nodes in both sides."""
        return frozenset(type(n) for side in self.nodes[-2:] for n in walk(side))

    @cached_property
    def domain(self) -> ClaimDomain:
        """Where the claim is said to hold; raises NotUnderstoodError for a mark that is no assumption."""
        return ClaimDomain.of_passage(self.passage)


def is_closed(node: Node | None) -> bool:
    """Tell whether a side is a calculation without letters.

    >>> from symgrad.reading.tree import Symbol
    >>> is_closed(Symbol("pi")), is_closed(Symbol("x"))
    (True, False)
    """
    if node is None:
        return False
    try:
        evaluate(node, {})
    except NotUnderstoodError:
        return False
    except UndefinedError:
        return True
    return True
