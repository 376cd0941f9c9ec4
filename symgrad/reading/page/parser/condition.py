"""Conditions on a page: a < x ≤ b, 1{a < x}, and cases."""

from __future__ import annotations

from symgrad.reading.page.parser.cursor import Cursor
from symgrad.reading.page.parser.relation import ORDER
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node


class Conditions(Cursor):
    """Reads conditions, 1{a < x} and cases."""

    def is_indicator(self) -> bool:
        """Tell whether 1{ comes next."""
        after = self.ahead()
        return self.now.text == "1" and after.text == "{" and after.kind == "sign" and after.tight

    def condition(self) -> Node:
        """Read a < x ≤ b, and such joined by ∧, and those by ∨."""
        found = [self.clause()]
        while self.took("∨"):
            found.append(self.clause())
        return found[0] if len(found) == 1 else Apply("1 ∨", tuple(found))

    def clause(self) -> Node:
        """Read conditions that hold together."""
        found = [self.relation()]
        while self.took("∧"):
            found.append(self.relation())
        return found[0] if len(found) == 1 else Apply("1 ∧", tuple(found))

    def relation(self) -> Node:
        """Read a < x ≤ b, or a condition in parentheses."""
        start = self.at
        try:
            return self.chain()
        except NotUnderstoodError:
            self.at = start
            if not self.took("("):
                raise
            found = self.condition()
            self.need(")")
            return found

    def chain(self) -> Node:
        """Read a < x ≤ b."""
        found, relations = [self.sum()], []
        while self.now.kind == "sign" and self.now.text in ORDER | {"="}:
            relations.append(self.take().text)
            found.append(self.sum())
        if not relations:
            raise NotUnderstoodError("a condition without a relation")
        return Apply(" ".join(("1", *relations)), tuple(found))

    def indicator(self) -> Node:
        """Read 1{a < x}, after its 1."""
        self.need("{")
        bars, self.bars = self.bars, 0
        found = self.condition()
        self.bars = bars
        self.need("}")
        return found

    def cases(self, first: Node, between: str = ",", after: str = ";") -> Node:
        """Read {x, if a > b; y, otherwise} after its first value."""
        found = [first]
        while self.took(between):
            word = self.take().text
            if word == "otherwise":
                found.append(self._last_case())
                return Apply("cases", tuple(found))
            if word != "if":
                self.at -= 1
            found.append(self.condition())
            self.need(after)
            found.append(self.sum())
        raise NotUnderstoodError("cases without a last one")

    @staticmethod
    def _last_case() -> Node:
        return Apply("otherwise", ())
