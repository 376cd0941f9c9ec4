"""Fractions, derivatives, integrals, and sums and products over an index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from symgrad.reading.functions import FunctionReader
from symgrad.reading.names import NAMED
from symgrad.reading.number import read_number
from symgrad.reading.token import NotUnderstoodError, Token
from symgrad.reading.tree import Apply, Big, Derivative, Integral, Node, Number, Symbol, Unknown, symbols

LONGEST_SLASHED = 12
ORDERED, HIGHEST = frozenset("fgFG"), 20
"""Functions of which f^{(7)} is a derivative, if something in parentheses follows; and its highest order."""
OVER_WHAT = "over "
"""How the letter begins that says what a sum is over, where that is no number to a number."""


class CalculusReader(FunctionReader):
    """Reads a fraction, which may be a derivative; an integral; a sum over an index.

    differentiated: how many derivatives are open, in which a bar |_{x=2} is not part of what is differentiated.
    """

    differentiated = 0

    def _fraction(self) -> Node:
        kind = self.take().text
        begin = self.at
        if kind == "frac" and (found := self._fraction_derivative()) is not None:
            return found
        self.at = begin
        above, below = self._fraction_part(), self._fraction_part()
        return Apply("binom" if kind == "binom" else "/", (above, below))

    def _fraction_part(self) -> Node:
        r"""Read what stands above or below the bar; without braces it is one digit, \frac12."""
        token = self.now
        if token.text == "{":
            return self.group()
        if token.kind == "number" and token.text.isdecimal() and len(token.text) > 1:
            self.tokens[self.at] = Token("number", token.text[1:], token.start + 1, token.end, True)
            return read_number(token.text[0], self.alternative)
        return self.single()

    def _fraction_derivative(self) -> Node | None:
        r"""Read \frac{d}{dx} f, \frac{d f}{dx}, \frac{\partial^2 f}{\partial x^2}; None for any other fraction."""
        if self.now.text != "{":
            return None
        self.take()
        sign = self.now.text
        if sign not in ("d", "∂") or self.now.kind not in ("letter", "op"):
            return None
        self.take()
        immediate = self._is_immediate()
        order = self._order()
        inner: Node | None = None
        if self.now.text != "}":
            inner = self.product()
        if self.take().text != "}" or self.take().text != "{" or self.take().text != sign:
            return None
        if self.now.kind not in ("letter", "accent"):
            return None
        variable = self._postfix_symbol()
        mixed = self._mixed_with(sign) if order == 2 else ""
        if (not mixed and self._order() != order) or self.take().text != "}":
            raise NotUnderstoodError("a derivative by several variables")
        if mixed:
            first = replace(self._derivative(inner, mixed, 1), partial=sign == "∂")
            return Derivative(first, variable, 1, partial=sign == "∂")
        return replace(self._derivative(inner, variable, order), immediate=immediate, partial=sign == "∂")

    def _mixed_with(self, sign: str) -> str:
        r"""Read the second letter in \frac{\partial^2 f}{\partial x \partial y}, or nothing."""
        if self.now.text != sign:
            return ""
        self.take()
        return self._postfix_symbol()

    def _is_immediate(self) -> bool:
        r"""Skip the sign in \partial^{+}, and tell whether it stands here."""
        for signs in (["^", "{", "+", "}"], ["^", "+"]):
            if [t.text for t in self.tokens[self.at : self.at + len(signs)]] == signs:
                self.at += len(signs)
                return True
        return False

    def _is_slash_derivative(self) -> bool:
        """Tell whether df/dx, d/dx f or d^2y/dx^2 stands here, and not a letter d."""
        near = self.tokens[self.at + 1 : self.at + LONGEST_SLASHED]
        slash = next((n for n, t in enumerate(near) if t.kind in ("relation", "end") or t.text in "+-=/"), None)
        after = near[slash + 1 : slash + 2] if slash is not None and near[slash].text == "/" else []
        return bool(near) and near[0].tight and [t.text for t in after] == ["d"]

    def _slash_derivative(self, name: str) -> Node:
        """Read df/dx, or d/dx f."""
        sign = "d" if name == "d" else "∂"
        if name == "d":
            self.take()
        order = self._order()
        inner: Node | None = None
        if not self.is_op("/"):
            inner = self.power()
        if not self.is_op("/") or self.ahead().text != sign:
            raise NotUnderstoodError(f"a {sign} that is no derivative")
        self.take()
        self.take()
        if self.now.kind not in ("letter", "accent"):
            raise NotUnderstoodError(f"a {sign} that is no derivative")
        variable = self._postfix_symbol()
        if self._order() != order:
            raise NotUnderstoodError("a derivative by several variables")
        return replace(self._derivative(inner, variable, order), partial=sign == "∂")

    def _derivative(self, inner: Node | None, variable: str, order: int) -> Derivative:
        if inner is None:
            self.differentiated += 1
            inner = self.power() if self._is_of_group() else self.product()
            self.differentiated -= 1
        body = inner
        if isinstance(body, Symbol) and body.name in NAMED:
            if self.now.text == "(" and self.group() != Symbol(variable):
                raise NotUnderstoodError("a derivative of a function at a place")
            known = self.named(body.name)
            of = (Symbol(variable),)
            body = Apply(known, of) if known else Unknown(body.name, of)
        return Derivative(body, variable, order)

    def _is_of_group(self) -> bool:
        """Tell whether what stands in parentheses is all that is differentiated, and not what it is multiplied by."""
        return self.now.text in ("(", "[") and self.alternative("operator") == "near"

    def _order(self) -> int:
        if not self.is_op("^"):
            return 1
        self.take()
        power = self.group() if self.now.text == "{" else self.single()
        if not isinstance(power, Number) or power.value.denominator != 1 or not 1 <= power.value <= 4:
            raise NotUnderstoodError("the order of a derivative")
        return int(power.value)

    def _postfix_symbol(self) -> str:
        symbol: Node = Symbol(self.take().text) if self.now.kind == "letter" else self.accented()
        while self.is_op("_"):
            self.take()
            symbol = Symbol(f"{symbol.name}_{self.index()}")  # type: ignore[union-attr]
        if self.is_op("^") and (layer := self._layer_above()):
            symbol = Symbol(f"{symbol.name}_{layer}")  # type: ignore[union-attr]
        assert isinstance(symbol, Symbol)
        return symbol.name

    def _dx_above(self) -> None:
        r"""Read \frac{dx}{1 + x^2} as \frac{1}{1 + x^2} dx."""
        if self.now.kind != "frac" or self.ahead().text != "{":
            return
        close = next((at for at in range(self.at, len(self.tokens)) if self.tokens[at].text == "}"), 0)
        if close < self.at + 4:
            return
        d, x = self.tokens[close - 2 : close]
        end = self.tokens[-1]
        if d.text == "d" and d.kind == x.kind == "letter":
            one = [Token("number", "1", d.start, d.end)] if close - 2 == self.at + 2 else []
            self.tokens[close - 2 : close] = one
            self.tokens[-1:] = [Token("letter", t.text, end.start, end.start) for t in (d, x)] + [end]

    def _layer_above(self) -> str:
        """Skip the layer in z^{[l]}, z^{(l)} or z^l, and return it; nothing where it is the order of a derivative."""
        begin = self.at
        self.take()
        words = self.index() if self.now.text == "{" else self.take().text
        words = words.strip("[]()")
        if words.isdecimal() and self.tokens[begin + 2].text not in ("[", "("):
            self.at = begin
            return ""
        return words

    def _integral(self) -> Node:
        low, high = self._limits()
        if (ahead := self._dx_ahead()) is not None:
            return Integral(self.product(), ahead, low, high)
        self._dx_above()
        begin = self.at
        if at := self._differential(self._is_of_letter):
            variable, self.at = self.tokens[at + 1].text, at + 2
            return Integral(self._integrand(begin, at), variable, low, high)
        if at := self._differential(self._is_of_formula):
            self.at = at + 1
            by = self.power()
            if len(symbols(by)) == 1:
                [variable] = symbols(by)
                body = Apply("*", (self._integrand(begin, at), _slope_of(by, variable)))
                return Integral(body, variable, low, high)
        raise NotUnderstoodError("an integral without dx")

    def _differential(self, is_one: Callable[[int], bool]) -> int:
        """Return where the d of an integral stands that has been begun, behind those of integrals in it; or 0."""
        depth = inside = 0
        for at in range(self.at, len(self.tokens) - 1):
            token = self.tokens[at]
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
            inside += depth == 0 and token.kind == "op" and token.text == "∫"
            if depth == 0 and token.text == "d" and token.kind == "letter" and is_one(at + 1):
                if not inside:
                    return at
                inside -= 1  # the differential of an integral in this one
        return 0

    def _is_of_letter(self, at: int) -> bool:
        """Tell whether a letter alone stands behind a d, dx."""
        return self.tokens[at].kind == "letter" and self.tokens[at + 1].text != "^"

    def _is_of_formula(self, at: int) -> bool:
        r"""Tell whether a formula stands behind a d: d(x^2), d\cos x, dx^2."""
        return self.tokens[at].kind in ("letter", "function") or self.tokens[at].text in ("(", "{")

    def _dx_ahead(self) -> str | None:
        r"""Skip the differential in \int_0^1 dx\, x^2, before what is integrated; None where it stands behind."""
        d, x = self.now, self.ahead()
        if (d.text, d.kind, x.kind) != ("d", "letter", "letter"):
            return None
        begin = self.at
        self.at += 2
        if self.begins_factor():
            return x.text
        self.at = begin
        return None

    def _integrand(self, begin: int, end: int) -> Node:
        """Read what is integrated; 1 where nothing stands before the differential."""
        if begin == end:
            return Number(Fraction(1), "1")
        at = self.tokens[end].start
        tokens = [*self.tokens[begin:end], Token("end", "", at, at)]
        return type(self)(tokens, self.reading, self.ambiguous, self.factors).whole()

    def _limits(self) -> tuple[Node | None, Node | None]:
        found: dict[str, Node] = {}
        while self.is_op("_", "^"):
            sign = self.take().text
            found[sign] = self._limit_of_letter() if self.now.text == "{" else self.single()
        return found.get("_"), found.get("^")

    def _limit_of_letter(self) -> Node:
        """Read a limit in braces, which may say of which letter it is: _{x=0}."""
        if not self._names_a_letter(0):
            return self.group()
        self.at += 3
        limit = self.infixed()
        if self.take().text != "}":
            raise NotUnderstoodError("'{' is not closed")
        return limit

    def _names_a_letter(self, n: int) -> bool:
        """Tell whether {x = ... stands so many tokens ahead."""
        return self.ahead(n).text == "{" and self.ahead(n + 1).kind == "letter" and self.ahead(n + 2).text == "="

    def _big(self, sign: str) -> Node:
        """Read a sum or a product from a number to a number; one over anything else is an unknown function."""
        begin = self.at
        try:
            return self._counted(sign)
        except NotUnderstoodError:
            self.at = begin
            return self._loose(sign)

    def _loose(self, sign: str) -> Node:
        """Read a sum over what is no number to a number: an unknown function of its terms, and of what it is over."""
        over = {"_": "", "^": ""}
        while self.is_op("_", "^"):
            sign_of_place = self.take().text
            over[sign_of_place] = self.index()
        return Unknown(f"\\{sign}", (self._scope(), Symbol(OVER_WHAT + over["_"])))

    def _counted(self, sign: str) -> Node:
        if not self.is_op("_") or self.ahead().text != "{":
            raise NotUnderstoodError(f"{sign} without limits")
        self.at += 2
        if self.now.kind != "letter":
            raise NotUnderstoodError(f"the limits of {sign}")
        variable = self._postfix_symbol()
        if self.take().text != "=":
            raise NotUnderstoodError(f"the limits of {sign}")
        low = self.sum()
        if self.take().text != "}" or not self.is_op("^"):
            raise NotUnderstoodError(f"the limits of {sign}")
        self.take()
        high = self.group() if self.now.text == "{" else self.single()
        terms = self.alternative("scope") == "terms"
        return Big(sign, variable, low, high, self.sum() if terms else self.product())


def _slope_of(node: Node, variable: str) -> Node:
    """Return the derivative of a formula; that of a power with its exponent in front, which has complex values too."""
    match node:
        case Apply("^", (Symbol() as base, Number(value) as exponent)):
            less = Number(value - 1, str(value - 1))
            return Apply("*", (exponent, Apply("^", (base, less))))
    return Derivative(node, variable)


def order_of(base: Node, above: Node) -> tuple[str, int] | None:
    """Return the function and the order of a derivative, f^{(7)}; None where it need not be one, as in a^{(2)}.

    >>> from fractions import Fraction
    >>> order_of(Symbol("f"), Number(Fraction(7), "7"))
    ('f', 7)
    """
    match base, above:
        case Symbol(name), Number(value, _, 0, 1) if name in ORDERED and 1 <= value <= HIGHEST:
            return name, int(value)
    return None
