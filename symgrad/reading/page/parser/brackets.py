"""Norms, matrices, sums and products over an index on a page."""

from __future__ import annotations

from fractions import Fraction

from symgrad.reading.page.parser.condition import Conditions
from symgrad.reading.page.parser.name import Names
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Name, Node, Number, Tuple


class Brackets(Names, Conditions):
    """Reads what stands between bars and brackets, and below ∑ and ∏."""

    def between_bars(self, bar: str) -> Node:
        """Read |x|, ‖x‖ or ‖x‖_1, after the first bar."""
        self.bars += 1
        node = self.sum()
        self.bars -= 1
        self.need(bar)
        if bar == "‖" and self.is_sign("_"):
            self.take()
            if self.indices() != (Number(Fraction(1), "1"),):
                raise NotUnderstoodError("a norm with an index")
            return Apply("norm1", (node,))
        return Apply("abs" if bar == "|" else "norm", (node,))

    def grid(self) -> Node:
        """Read [a, b; c, d], or what stands between two brackets alone."""
        bars, self.bars = self.bars, 0
        rows: list[list[Node]] = [[self.sum()]]
        while not self.took("]"):
            if self.took(";"):
                rows.append([self.sum()])
            else:
                self.need(",")
                rows[-1].append(self.sum())
        self.bars = bars
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else _matrix(rows)

    def rows(self) -> Node:
        """Read the rows of a matrix, between its commands."""
        rows: list[list[Node]] = [[self.sum()]]
        while not (self.now.kind == "command" and self.now.text == "end of matrix"):
            if self.took("\\\\"):
                rows.append([self.sum()])
            else:
                self.need("&")
                rows[-1].append(self.sum())
        self.take()
        return _matrix(rows)

    def big(self, sign: str) -> Node:
        """Read ∑_{k=1}^{n} x or ∑_{1≤k≤n} x, or ∏, after its sign."""
        self.need("_")
        self.need("{")
        first = self.sum()
        between = self.took("≤")
        if between:
            low, symbol = first, self.name()
            self.need("≤")
            high = self.sum()
        else:
            symbol = first if isinstance(first, Name) else Name("")
            self.need("=")
            low = self.sum()
        without: list[Node] = []
        conditions: list[Node] = []
        while self.took(","):
            start, side = self.at, self.sum()
            if self.took("≠"):
                if side != symbol:
                    raise NotUnderstoodError(f"what {sign} leaves out")
                without.append(self.sum())
            else:
                self.at = start
                conditions.append(self.chain())
        self.need("}")
        if not between:
            self.need("^")
            braces = self.took("{")
            high = self.sum() if braces else self.single()
            if braces:
                self.need("}")
        if symbol != Name(symbol.base):
            raise NotUnderstoodError(f"the index of {sign}")
        return Big(sign, symbol.base, low, high, self.entrywise(), tuple(without), tuple(conditions))

    def signed_group(self) -> Node:
        """Read a group in braces."""
        self.need("{")
        node = self.sum()
        self.need("}")
        return node


def _matrix(rows: list[list[Node]]) -> Tuple:
    if len({len(r) for r in rows}) != 1:
        raise NotUnderstoodError("rows of different lengths")
    return Tuple(tuple(Tuple(tuple(r)) for r in rows))
