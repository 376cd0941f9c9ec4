"""The ranges of a file while they are being found, and those that lines declare."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Position
from symgrad.algebra.span import Span
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.statement import RangeLine, Statement

Slot = tuple[str, int]
"""An index of a name by its place: of x[l,i] i is the slot ("x", 1)."""


def slots_of(q: Quantity) -> Iterator[tuple[Slot, Position]]:
    """Yield each index of a quantity, with its slot."""
    for n, p in enumerate(q.indices):
        yield (q.name, n), p


@dataclass
class Ranges:
    """The ranges of a file while they are being found: letters that run through the same range have one root."""

    declared: dict[str, Span]
    lines: dict[str, Line]
    slots: dict[Slot, str] = field(default_factory=dict)
    """The letter of each slot."""
    roots: dict[str, str] = field(default_factory=dict)
    ends: dict[str, Position] = field(default_factory=dict)
    """By root: the last value."""
    members: dict[str, str] = field(default_factory=dict)
    """Letters of single members of families, as o in log(p[o]), with the root of the family."""
    derived: dict[Slot, str] = field(default_factory=dict)
    """The slots of parameters that run through what is read of them, x[i+k-1], with the roots of their letters."""
    shared: set[str] = field(default_factory=set)
    """Letters that mean the same everywhere: those of left sides and of declared ranges."""

    @property
    def ending(self) -> frozenset[str]:
        """The letters that declared ranges end with."""
        return frozenset[str]().union(*(s.free for s in self.declared.values()))

    def letter(self, symbol: str, line: Line, bound: Container[str]) -> str:
        """Return the letter of an index in a line; one that a sum binds there means nothing in another line."""
        return f"{symbol}:{line.number}" if symbol in bound and symbol not in self.shared else symbol

    def root(self, symbol: str) -> str:
        """Return the letter that stands for all that run through the same range."""
        while symbol in self.roots:
            symbol = self.roots[symbol]
        return symbol

    def join(self, one: str, other: str, line: Line, what: str) -> None:
        """Let two letters run through the same range; an error where they are declared otherwise."""
        a, b = self.root(one), self.root(other)
        if a == b:
            return
        if b in self.declared and a not in self.declared:
            a, b = b, a
        if b in self.declared and self.declared[a][1:] != self.declared[b][1:]:
            runs, not_so = (through(self.declared[x]) for x in (b, a))
            line.fail(
                f"{what} is read at {other}, which runs {runs}, and not {not_so}",
                f"declare the same range for {one} and {other}, or use {one}",
            )
        self.roots[b] = a

    def span(self, symbol: str) -> Span:
        """Return the range of a letter, under the letter of its root."""
        root = self.root(symbol)
        return self.declared[root] if root in self.declared else Span(plain(root), 1, self.ends[root])


def through(span: Span) -> str:
    """Return a range in words: from 1 to N."""
    return f"from {span.lower} to {span.upper}"


def plain(symbol: str) -> str:
    """Return a letter without the line that it belongs to."""
    return symbol.partition(":")[0]


def declared_ranges(statements: Sequence[Statement]) -> Ranges:
    """Return the ranges that the lines declare."""
    found = Ranges({}, {})
    for s in statements:
        if isinstance(s, RangeLine):
            symbol = s.span.symbol
            if symbol in found.declared:
                s.line.fail(f"the range of {symbol} is declared twice", "keep one of the two lines")
            found.declared[symbol], found.lines[symbol] = s.span, s.line
    for symbol, span in found.declared.items():
        if clash := span.free & set(found.declared):
            found.lines[symbol].fail(
                f"the range of {symbol} ends with {min(clash)}, which is an index", "end it with a number or a letter"
            )
    return found
