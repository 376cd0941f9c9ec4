"""What a check is given: one relation of a formula, the sides before it, and what is known beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from symgrad.audit.checks.domain import Domain
from symgrad.audit.closed import is_closed
from symgrad.audit.definitions import Definitions
from symgrad.audit.finding import Passage
from symgrad.reading.tree import Node


@dataclass(frozen=True)
class Case:
    """A relation between the last two of ``nodes``; those before them are the sides that the chain begins with.

    number: which of the chains with relations it is.
    """

    nodes: tuple[Node, ...]
    relation: str
    passage: Passage
    known: Definitions
    number: int = 0

    @property
    def left(self) -> Node:
        """The side before the relation."""
        return self.nodes[-2]

    @property
    def right(self) -> Node:
        """The side behind it."""
        return self.nodes[-1]

    @cached_property
    def closed(self) -> bool:
        """Whether both sides are calculations without letters."""
        return is_closed(self.left) and is_closed(self.right)

    @cached_property
    def domain(self) -> Domain:
        """Where the claim is said to hold; raises NotUnderstoodError for a mark that is no assumption."""
        return Domain.of_passage(self.passage)
