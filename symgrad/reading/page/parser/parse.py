"""From the tokens of a formula on a page to its tree.

A sum has terms; a term has factors side by side, with ∘ and ⊘ between some of them; what stands above and behind a
factor binds closest. Products and sums are flat: a formula of a thousand layers is not nested.
"""

from __future__ import annotations

from symgrad.reading.page.parser.brackets import Brackets
from symgrad.reading.page.parser.derivative import Derivatives
from symgrad.reading.page.parser.name import number_of
from symgrad.reading.page.parser.relation import RELATIONS
from symgrad.reading.page.token import END, Token
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Call, Name, Node

DEEPEST = 100
"""Groups inside each other that are read."""


ENDS = frozenset(["+", "-", ")", ",", ";", "]", "}", "∘", "⊘", "&", "\\\\", "ᵀ", "∧", "∨", "⊗", ":"])


def parse(tokens: list[Token]) -> Node:
    """Return the tree of a formula without relations; raises NotUnderstoodError with the reason.

    >>> from symgrad.reading.page.token import text_tokens
    >>> parse(text_tokens("∂⁺s_k/∂W"))
    Partial(of=Name(base='s', ...), wrt=Name(base='W', ...), immediate=True)
    """
    parser = _Parser(tokens if tokens and tokens[-1].kind == "end" else [*tokens, END])
    node = parser.sum()
    if parser.now.kind != "end":
        raise NotUnderstoodError(f"{parser.now.text!r} after the formula")
    return node


class _Parser(Derivatives, Brackets):
    """Reads sums, products and factors."""

    def sum(self) -> Node:
        self.level += 1
        if self.level > DEEPEST:
            raise NotUnderstoodError(f"more than {DEEPEST} groups inside each other")
        terms = [Apply("neg", (self.entrywise(),)) if self.took("-") else self.entrywise()]
        while self.is_sign("+", "-"):
            minus = self.take().text == "-"
            term = self.entrywise()
            terms.append(Apply("neg", (term,)) if minus else term)
        self.level -= 1
        return terms[0] if len(terms) == 1 else Apply("+", tuple(terms))

    def entrywise(self) -> Node:
        found = self.product()
        while self.is_sign("∘", "⊘", "⊗"):
            sign = {"∘": "⊙"}.get(taken := self.take().text, taken)
            found = Apply(sign, (found, self.product()))
        return found

    def product(self) -> Node:
        factors = [self.quotient()]
        while self.begins_factor():
            factors.append(self.quotient())
        return factors[0] if len(factors) == 1 else Apply("*", tuple(factors))

    def begins_factor(self) -> bool:
        if self.took("·"):
            if not self._begins():
                raise NotUnderstoodError("a dot that multiplies nothing")
            return True
        return self._begins()

    def _begins(self) -> bool:
        t = self.now
        if t.kind in ("end",) or (t.kind == "command" and t.text == "end of matrix"):
            return False
        if t.text in ("|", "‖") and t.kind == "sign":
            return not self.bars
        return not (t.kind == "sign" and (t.text in ENDS or t.text in RELATIONS))

    def quotient(self) -> Node:
        above = self.power()
        return Apply("/", (above, self.power())) if self.took("/") else above

    def power(self) -> Node:
        named = self.now.kind == "word" or self.now.text.startswith("accent")
        node = self.atom()
        while True:
            if not self.raised and self.took("ᵀ"):
                node = Apply("transpose", (node,))
            elif self.took("_"):
                node = Apply("part", (node, *self.indices()))
            elif self.took("^"):
                node = self.script(node, named and isinstance(node, Name) and node.above is None)
            else:
                return node

    def atom(self) -> Node:
        t = self.now
        match t.kind:
            case "number":
                digits = self.take().text
                while self.now.kind == "number" and (self.now.text + digits).count(".") < 2 and not self.is_indicator():
                    digits += self.take().text  # a long one goes on in the next line
                if digits == "1" and self.is_sign("{") and self.now.tight:
                    return self.indicator()
                return number_of(digits)
            case "word":
                return self.called(self.name())
            case "command":
                return self.command()
            case "sign":
                return self.signed()
        raise NotUnderstoodError("the formula ends too early")

    def signed(self) -> Node:
        t = self.take()
        match t.text:
            case "(" | "{":
                bars, self.bars = self.bars, 0
                raised, self.raised = self.raised, False
                node = self.sum()
                if t.text == "{" and self.is_sign(","):
                    node = self.cases(node)
                self.bars, self.raised = bars, raised
                self.need({"(": ")", "{": "}"}[t.text])
                return node
            case "[":
                return self.grid()
            case "|" | "‖":
                return self.between_bars(t.text)
            case "√":
                return Apply("sqrt", (self.power(),))
            case "∂" | "∂⁺":
                return self.derivative(t.text)
            case "∏" | "∑":
                return self.big(t.text)
            case "⋯" | "⋮" | "⋱":
                return Apply(t.text, ())
            case "∞":
                return Name("∞")
            case "·":
                raise NotUnderstoodError("a dot in the place of what a map is applied to")
        raise NotUnderstoodError(f"{t.text!r} at the begin of a term")

    def command(self) -> Node:
        t = self.take()
        kind = t.text.partition(" ")[0]
        match kind:
            case "fraction":
                return self.fraction()
            case "root":
                return Apply("sqrt", (self.signed_group(),))
            case "matrix":
                return self.rows()
            case "cases":
                found = self.cases(self.sum(), "&", "\\\\")
                if self.take().text != "end of matrix":
                    raise NotUnderstoodError("cases that do not end")
                return found
            case "change":
                return self.change() if self.now.kind in ("word", "command") else Name("d")
            case "accent":
                self.at -= 1
                return self.called(self.name())
        raise NotUnderstoodError(f"a {t.text}")

    def called(self, name: Name) -> Node:
        """Read the arguments of a function, where parentheses stand right behind its name."""
        if self.is_sign("|") and self.now.tight and name == Name("ln"):
            self.take()
            return Call(name, (self.between_bars("|"),))
        if not (self.is_sign("(") and self.now.tight):
            return name
        self.take()
        bars, self.bars = self.bars, 0
        raised, self.raised = self.raised, False
        arguments = [self.sum()]
        while self.took(","):
            arguments.append(self.sum())
        self.bars, self.raised = bars, raised
        self.need(")")
        return Call(name, tuple(arguments))
