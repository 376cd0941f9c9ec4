"""What stands between parentheses, braces and bars: groups, tuples, matrices, sizes and norms."""

from __future__ import annotations

from symgrad.reading.postfix import PostfixReader
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Symbol, Tuple, Unknown

MATCHING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}
ROUNDED = {"⌊": "floor", "⌈": "ceil"}
MATRICES = ("\\vmatrix", "\\Vmatrix", "\\matrix", "\\pmatrix", "\\bmatrix", "\\smallmatrix", "\\Bmatrix", "\\array")


class GroupReader(PostfixReader):
    """Reads what is enclosed. norms: how many of them are open."""

    norms = 0

    def group(self) -> Node:
        """Read what stands in parentheses of any kind; with commas it is a tuple."""
        if self.now.text in ("\\cases", "\\{"):
            return self._skipped()
        opening = self.take().text
        if opening not in MATCHING:
            raise NotUnderstoodError(f"{opening!r}")
        bars, self.bars = self.bars, 0
        differentiated, self.differentiated = self.differentiated, 0
        items = [self.infixed()]
        while self.is_op(",", ";"):
            self.take()
            items.append(self.sum())
        self.bars, self.differentiated = bars, differentiated
        closing = self.take()
        if closing.text != MATCHING[opening]:
            raise NotUnderstoodError(f"{opening!r} is not closed")
        match items:
            case [Tuple() as one, Tuple() as other] if opening == "⟨":
                return Apply("*", (one, other))  # the inner product of two printed vectors
        if opening in ROUNDED and len(items) == 1:
            return Apply(ROUNDED[opening], tuple(items))
        return items[0] if len(items) == 1 else Tuple(tuple(items))

    def _skipped(self) -> Node:
        """Skip a set or a list of cases; a single calculation in such braces is read as in any other."""
        name, begin = self.now.text, self.at
        if name == "\\{":
            try:
                self.take()
                node = self.sum()
                if self.take().text == "\\}":
                    return node
            except NotUnderstoodError:
                pass
            self.at = begin
        if name == "\\{" and self.ahead().text == "\\array":  # cases in an array, whose right brace is left out
            self.take()
            name = "\\cases"
        depth = 0
        while self.now.kind != "end":
            depth += {"open": 1, "close": -1}.get(self.take().kind, 0)
            if depth == 0:
                return Unknown("\\cases" if name == "\\cases" else "\\set", ())
        raise NotUnderstoodError(f"{name!r} is not closed")

    def matrix(self) -> Node:
        """Read the rows of a matrix; between bars it is a determinant."""
        kind = self.take().text
        if kind == "\\Vmatrix":
            raise NotUnderstoodError("the norm of a matrix")
        if kind == "\\array" and self.now.text == "{":
            self.index()  # {cc}, how the columns stand
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self._cell())
            token = self.take()
            if token.kind == "break":
                if self.now.kind == "close":
                    token = self.take()
                else:
                    rows.append([])
                    continue
            if token.kind == "close":
                matrix = Tuple(tuple(Tuple(tuple(r)) for r in rows))
                return Apply("det", (matrix,)) if kind == "\\vmatrix" else matrix
            if token.text != "&":
                raise NotUnderstoodError("a matrix")

    def _cell(self) -> Node:
        """Read an entry of a matrix; dots and nothing are entries too."""
        if self.is_op("&") or self.now.kind in ("break", "close"):
            return Symbol("…")
        if self.is_op("…") and (self.ahead().text == "&" or self.ahead().kind in ("break", "close")):
            self.take()
            return Symbol("…")
        return self.sum()

    def _bars(self) -> Node:
        self.bars += 1
        body = self.sum()
        self.bars -= 1
        if not self.is_op("|"):
            raise NotUnderstoodError("a bar is not closed")
        self.take()
        return Apply("abs", (body,))

    def _norm(self) -> Node:
        self.norms += 1
        body = self.sum()
        self.norms -= 1
        if not self.is_op("‖"):
            raise NotUnderstoodError("a norm is not closed")
        self.take()
        kind = self.index_text() if self.is_op("_") else "2"
        if kind not in ("1", "2"):
            raise NotUnderstoodError(f"the norm {kind}")
        return Apply(f"norm{kind}", (body,))


INFINITY = Symbol("∞")
