"""What stands behind and above an atom: powers, indices, primes, factorials, places and limits."""

from __future__ import annotations

from fractions import Fraction

from symgrad.reading.calculus import CalculusReader, order_of
from symgrad.reading.cursor import behind_index
from symgrad.reading.number import read_number
from symgrad.reading.token import NotUnderstoodError, Token
from symgrad.reading.tree import (
    OVER,
    UNIT,
    Apply,
    Big,
    Derivative,
    Integral,
    Node,
    Number,
    Symbol,
    Tuple,
    Unknown,
    substituted,
    symbols,
    walk,
)

MOST_PRIMES = 4
LONGEST_FACTORIAL = 2
"""Signs of a double factorial, 7!! = 7 · 5 · 3."""
INVERTED = frozenset("fghFGH") | {"phi", "varphi", "psi", "Phi", "Psi", "sigma"}
"""Letters that are functions where -1 stands above them, before a parenthesis."""
PROBABILITIES = ("P", "Pr")


class PostfixReader(CalculusReader):
    """Reads an atom with all that stands behind it. bars: how many of |x| are open."""

    bars = 0

    def power(self) -> Node:
        """Read an atom with what stands above and behind it, and with its unit."""
        node = self._postfix(self.atom())
        while self.now.kind == "unit":
            node = Apply("*", (node, Symbol(UNIT + self.take().text)))
        return node

    def _postfix(self, node: Node) -> Node:
        while True:
            if self.is_op("^"):
                if isinstance(node, Apply) and node.name == "^" and self.tokens[self.at - 1].text != ")":
                    raise NotUnderstoodError("a power of a power without braces")
                self.take()
                node = self.raised(node)
            elif self.is_op("!"):
                node = self._factorial(node)
            elif self.is_op("%"):
                self.take()
                if self.now.kind == "number" or (self.is_op("-") and not self.now.tight and self.ahead().tight):
                    raise NotUnderstoodError("% between two numbers")
                node = Apply("/", (node, Number(Fraction(100), "%")))
            elif self.is_op("°"):
                if not isinstance(node, Number):
                    return node  # entry by entry, f ∘ g, if at all
                self.take()
                node = self._degrees(node)
            elif self.is_op("_") and self.tokens[self.at - 1].text == "]":
                node = self._between(node)
            elif self.is_op("_"):
                self.take()
                index = self.index()
                node = (
                    Symbol(f"{node.name}_{index}") if isinstance(node, Symbol) else Unknown("_", (node, Symbol(index)))
                )
            elif self.is_op("'"):
                primes = self.primes()
                if isinstance(node, Tuple):
                    continue
                if not isinstance(node, Symbol):
                    node = self._slope(node, primes)
                    continue
                node = self._called(node.name, primes) if self.now.text == "(" else Symbol(node.name + "'" * primes)
            elif isinstance(node, Symbol) and node.name in PROBABILITIES and (event := self._event()):
                node = Unknown(node.name, (event,))
            elif isinstance(node, Symbol) and self._is_conditional():
                node = Unknown(node.name, (self._conditional(),))
            elif isinstance(node, Symbol) and self._is_call(node.name):
                node = self._called(node.name, 0)
            else:
                return node

    def _factorial(self, node: Node) -> Node:
        """Read n! and n!!; behind a number at the end it may be a mark of the sentence."""
        marks = 0
        while self.is_op("!"):
            self.take()
            marks += 1
        if marks > LONGEST_FACTORIAL:
            raise NotUnderstoodError("a row of factorials")
        if isinstance(node, Number) and self.now.kind == "end" and self.at == marks + 1:
            return Apply("!" * marks, (node,)) if self.alternative("exclaimed") == "factorial" else node
        return Apply("!" * marks, (node,))

    def _is_bar_with_limits(self) -> bool:
        """Tell whether |_ stands here, and no bar is open."""
        return self.is_op("|") and self.ahead().text == "_" and not self.bars

    def _is_place(self, n: int = 0) -> bool:
        """Tell whether _{x=2} stands so many tokens ahead, behind a bar, and no limit above it."""
        if self.ahead(n + 1).text != "{" or self.ahead(n + 2).kind != "letter":
            return False
        if "=" not in (self.ahead(n + 3).text, self.ahead(n + 5).text):
            return False
        return self.tokens[behind_index(self.tokens, self.at + n + 1)].text != "^"

    def _at_place(self, node: Node) -> Node:
        r"""Read \frac{df}{dx}|_{x=2}; of anything but a derivative it is not clear what the bar is behind."""
        if not isinstance(node, Derivative):
            raise NotUnderstoodError("a value at a place of what is no derivative")
        self.at += 2
        variable = self._postfix_symbol()
        if self.take().text != "=":
            raise NotUnderstoodError("a place that is none")
        value = self.sum()
        if self.take().text != "}":
            raise NotUnderstoodError("a place of several letters")
        return Apply("at", (Symbol(variable), value, node))

    def _between(self, node: Node) -> Node:
        """Read [F]_a^b as F(b) - F(a), where F has one letter, or [F]_{x=a}^{x=b}."""
        named = self.ahead(2).text if self._names_a_letter(1) else ""
        ends = self._limits()
        letters = symbols(node) if named not in symbols(node) else {named}
        if None in ends or len(letters) != 1 or any(map(_binds, walk(node))):
            return Unknown("[]", (node,))
        [letter] = letters
        if INFINITY in map(_positive, ends):
            return Apply("between", (Symbol(letter), *(end for end in ends if end is not None), node))
        low, high = (substituted(node, letter, end) for end in ends if end is not None)
        return Apply("-", (high, low))

    def _is_transpose(self) -> bool:
        r"""Skip the T of W^T, W^{\top}, W^{\mathsf{T}}; T may be a number too, which only its base tells."""
        at = self.at
        while self.tokens[at].text == "{":
            at += 1
        braces = at - self.at
        after = [t.text for t in self.tokens[at + 1 : at + 1 + braces]]
        if self.tokens[at].text in ("T", "top", "intercal") and after == ["}"] * braces:
            self.at = at + 1 + braces
            return True
        return False

    def _degrees(self, node: Node) -> Node:
        if not isinstance(node, Number):
            raise NotUnderstoodError("a degree, or functions one after the other")
        return Apply("*", (node, Apply("/", (Symbol("pi"), Number(Fraction(180), "180")))))

    def _slope(self, node: Node, order: int) -> Node:
        """Read (x^2)': only where there is one letter, and it is no matrix."""
        letters = symbols(node)
        if len(letters) != 1 or min(letters)[0].isupper() or order > MOST_PRIMES:
            raise NotUnderstoodError("a prime of what is no letter")
        return Derivative(node, min(letters), order)

    def raised(self, base: Node) -> Node:
        """Read what stands above what was read."""
        if self.is_op("°") or (self.now.text == "{" and self.ahead().text == "°" and self.ahead(2).text == "}"):
            self.at += 1 if self.is_op("°") else 3
            return self._degrees(base)
        if self._is_transpose():
            return Apply("transpose", (base,))
        if self.is_op("*", "'", "+") or (self.is_op("-") and self.ahead().kind not in ("number", "letter", "open")):
            return Unknown(f"^{self.take().text}", (base,))
        if self.now.text == "{" and self.ahead().text in ("+", "-") and self.ahead(2).text == "}":
            self.at += 3
            return Unknown(f"^{self.tokens[self.at - 2].text}", (base,))
        if self.now.text == "{" and self.ahead().kind == "text":
            raise NotUnderstoodError("words above a letter")
        in_parentheses = self._is_in_parentheses() and not isinstance(base, Number)
        exponent = self.exponent()
        if self.now.kind == "open" and self.now.text == "{":
            raise NotUnderstoodError("two exponents")
        if in_parentheses and (order := order_of(base, exponent)) and self.now.text == "(":
            return self._called(order[0], order[1])
        if _is_inverse(base, exponent) and self.now.text == "(" and self.now.tight:
            return Unknown(f"{base.name}^-1", (self.group(),))  # type: ignore[union-attr]
        numbered = in_parentheses and isinstance(base, Symbol) and isinstance(exponent, Number)
        if in_parentheses and (numbered or self.alternative("above") == "index"):
            return Unknown("^()", (base,))
        if isinstance(exponent, Tuple):
            raise NotUnderstoodError("an index in brackets above a letter")
        return Apply("^", (base, exponent))

    def exponent(self) -> Node:
        r"""Read what stands above; without braces that is all of a number, or its first digit, as in LaTeX: x^22x."""
        if self.now.text == "{":
            return self.group()
        number = self.now
        several = number.kind == "number" and number.text.isdecimal() and len(number.text) > 1
        if several and self._begins_beside() and self.alternative("raised") == "digit":
            self.tokens[self.at] = Token("number", number.text[1:], number.start + 1, number.end, True)
            return read_number(number.text[0], self.alternative)
        return self.single()

    def _begins_beside(self) -> bool:
        """Tell whether something stands right behind a token that is read next, as a factor."""
        return self.ahead().tight and self.ahead().kind in ("letter", "command", "function", "open")

    def _is_in_parentheses(self) -> bool:
        """Tell whether all that stands above is in parentheses, as in f^{(n)}."""
        if self.now.text != "{" or self.ahead().text != "(":
            return False
        close = behind_index(self.tokens, self.at)
        return self.tokens[close - 2].text == ")"

    def single(self) -> Node:
        """Read what stands above or below without braces: one token, or the sign and a number."""
        if self.is_op("-"):
            self.take()
            return Apply("neg", (self.single(),))
        return self.atom()


INFINITY = Symbol("∞")


def _is_inverse(base: Node, exponent: Node) -> bool:
    r"""Tell whether a function has -1 above it, as in \Phi^{-1}(p): its inverse."""
    match base, exponent:
        case Symbol(name), Apply("neg", (Number(one),)):
            return name in INVERTED and one == 1
    return False


def _positive(n: Node | None) -> Node | None:
    return n.arguments[0] if isinstance(n, Apply) and n.name == "neg" else n


def _binds(n: Node) -> bool:
    return isinstance(n, Derivative | Integral | Big) or (isinstance(n, Apply) and n.name in OVER)
