"""The parser of printed mathematics: by precedence, in one pass, with a limit of its depth.

What has several readings is read as the ``Reading`` says, and noted as ambiguous. What is not understood raises
NotUnderstoodError with the reason; nothing is guessed.
"""

from __future__ import annotations

from symgrad.reading.fields import CURL, DIVERGENCE, LAPLACIAN, cross, field
from symgrad.reading.group import MATCHING, MATRICES, GroupReader
from symgrad.reading.number import read_based, read_number, read_periodic
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError, Token
from symgrad.reading.tree import (
    LAPLACE,
    UNIT,
    Apply,
    Node,
    Number,
    Symbol,
    Tuple,
    Unknown,
    walk,
)

ARROWS = ("vec", "overrightarrow")
"""Accents of vectors."""
DEEPEST = 60
COMMANDS_OVER = frozenset(
    ["lim", "sup", "inf", "argmax", "argmin", "arg", "det", "tr", "deg", "gcd", "lcm", "dim", "ker", "rank", "nullity"]
)
"""Commands in front of what they are of, which have no value here."""
UNDER_BRACES = ("underbrace", "overbrace", "underbracket", "overbracket")
SQUARES = ("2", "3")
"""Powers of a letter e; any other power is of Euler's number."""
SUFFIXES = {"K": 1000, "k": 1000, "M": 10**6, "B": 10**9}


class Parser(GroupReader):
    """Reads one side of a relation from its tokens, of which the last is of kind "end"."""

    def __init__(
        self, tokens: list[Token], reading: Reading, ambiguous: set[str], factors: frozenset[str] | None = None
    ) -> None:
        super().__init__(tokens, reading, ambiguous, factors)
        self.depth = 0
        powers = (
            t.text
            for e, sign, t in zip(tokens, tokens[1:], tokens[2:], strict=False)
            if (e.text, sign.text) == ("e", "^")
        )
        self.euler = any(text not in SQUARES for text in powers)

    def whole(self) -> Node:
        """Read all tokens."""
        node = self.infixed()
        if self.now.kind != "end":
            raise NotUnderstoodError(f"{self.now.text!r} after what was understood")
        return node

    def infixed(self) -> Node:
        r"""Read terms, or two of them with \choose or \over between: in TeX these part all that stands in a group."""
        node = self.sum()
        if self.is_op("choose", "over"):
            name = self.take().text
            node = Apply("binom" if name == "choose" else "/", (node, self.sum()))
        return node if self.now.kind == "end" or not self.is_modulus() else self.modulo(node)

    def sum(self) -> Node:
        """Read terms."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotUnderstoodError("the formula is too deep")
        node = self._signed()
        percentages = self._is_percentage()
        while self.is_op("+", "-"):
            sign = self.take().text
            term = self.product()
            if self._is_percentage() and not percentages and self.alternative("percent") == "part":
                term = Apply("*", (node, term))
            percentages = percentages and self._is_percentage()
            node = Apply(sign, (node, term))
        while not self.differentiated and self._is_bar_with_limits():
            self.take()
            node = self._between(node)
        if self.is_op("±"):
            self.take()
            node = Unknown("±", (node, self.sum()))
        self.depth -= 1
        return node

    def _is_percentage(self) -> bool:
        """Tell whether what was read last is a percentage."""
        return self.tokens[self.at - 1].text == "%"

    def _signed(self) -> Node:
        if self.is_op("+"):
            self.take()
            return self.product()
        if self.is_op("-"):
            self.take()
            return Apply("neg", (self.product(),))
        return self.product()

    def product(self) -> Node:
        """Read factors, with signs between them or without."""
        node = self._factor_with_sign()
        slashed = False
        while True:
            if self.is_op("⊙") or (self.is_op("°") and self.ahead().kind in ("letter", "open", "function")):
                self.take()
                node = Apply("⊙", (node, self._factor_with_sign()))
            elif self.is_op("*", "/"):
                cross, sign = self.now.cross, self.take().text
                factor = self._factor_with_sign()
                if cross and _is_vector(node) and _is_vector(factor):
                    node = _crossed(node, factor)
                    continue
                if sign == "/" and self._is_power_of_ten(factor) and self.alternative("scientific") == "number":
                    self.take()
                    factor = Apply("*", (factor, self.power()))
                again = sign == "/" and slashed and isinstance(node, Apply) and node.name == "/"
                slashed = sign == "/"
                node = self._over_quotient(node, factor) if again else Apply(sign, (node, factor))  # type: ignore[arg-type]
            elif self._is_bar_with_limits():
                is_place = self._is_place(1)
                if self.differentiated or not (is_place or self.alternative("bar") == "factor"):
                    return node  # the bar is behind the derivative, or the sum
                self.take()
                node = self._at_place(node) if is_place else self._between(node)
            elif self.is_op("⊗"):
                self.take()
                node = Apply("⊗", (node, self._factor_with_sign()))
            elif self.is_op("mod"):
                self.take()
                node = Apply("mod", (node, self._factor_with_sign()))
            elif isinstance(node, Number) and self._is_aside():
                return node
            elif self.begins_factor():
                begin = self.now.kind
                if self._is_substitution():
                    raise NotUnderstoodError("something put in the place of a letter")
                if self.now.text == "\\{" and node == Symbol("L"):
                    node = self._laplace()
                    continue
                if self.now.text == "\\{" and _is_operator(node):
                    raise NotUnderstoodError("an operator before braces")
                factor = self.power()
                quotient = slashed and isinstance(node, Apply) and node.name == "/"
                node = self._beside_quotient(node, factor) if quotient else self._beside(node, factor, begin)  # type: ignore[arg-type]
            else:
                return node

    def _laplace(self) -> Node:
        r"""Read \mathcal{L}\{t^n\}, and skip the (s) behind it: of a formula in t, or of a constant."""
        body = self.group()
        if isinstance(body, Unknown | Tuple) or any(isinstance(n, Unknown) for n in walk(body)):
            raise NotUnderstoodError("an operator before braces")
        if [t.text for t in self.tokens[self.at : self.at + 3]] == ["(", "s", ")"]:
            self.at += 3
        return Apply(LAPLACE, (body,))

    def _is_substitution(self) -> bool:
        """Tell whether [s/x] stands right behind something: x with s put in its place."""
        near = [t.text for t in self.tokens[self.at : self.at + 5]]
        letters = [t.kind == "letter" for t in self.tokens[self.at : self.at + 5]]
        return self.now.tight and near[::2] == ["[", "/", "]"] and letters[1:4:2] == [True, True]

    def _is_power_of_ten(self, factor: Node) -> bool:
        r"""Tell whether × 10^k follows the number behind a bar: 4/2 \times 10^3 may be 4 over a number of its own."""
        texts = [t.text for t in self.tokens[self.at : self.at + 3]]
        return isinstance(factor, Number) and texts == ["*", "10", "^"]

    def _is_aside(self) -> bool:
        """Skip what stands in parentheses behind a number and a space, at the end, where it is read as an aside."""
        if self.now.text != "(" or self.now.tight:
            return False
        close = self.tokens[-2]
        if close.text != ")" or any(t.text == ")" for t in self.tokens[self.at : -2]):
            return False
        if self.alternative("aside") == "factor":
            return False
        self.at = len(self.tokens) - 1
        return True

    def _beside_quotient(self, quotient: Apply, factor: Node) -> Node:
        """Read a factor beside a/b: a/(bc) or (a/b)c."""
        if self.alternative("slash") == "first":
            return Apply("*", (quotient, factor))
        above, below = quotient.arguments
        return Apply("/", (above, Apply("*", (below, factor))))

    def _over_quotient(self, quotient: Apply, factor: Node) -> Node:
        """Read a/b/c: (a/b)/c or a/(b/c)."""
        if self.alternative("slash") == "first":
            return Apply("/", (quotient, factor))
        above, below = quotient.arguments
        return Apply("/", (above, Apply("/", (below, factor))))

    def _beside(self, left: Node, right: Node, begin: str) -> Node:
        """Read two factors side by side; 1 1/2 is a mixed number, and 33 1/3 % one of percent."""
        match right:
            case Apply("*", (number, Symbol(name) as unit)) if name.startswith(UNIT):
                if begin == "number" and _is_quantity(left):
                    return Apply("+", (left, right))  # 1 h 30 min
                return Apply("*", (self._beside(left, number, begin), unit))
            case Apply("/", (Apply("/") as inner, Number(_, "%") as percent)) if begin == "frac" and _is_whole(left):
                return Apply("/", (self._beside(left, inner, begin), percent))
        is_fraction = isinstance(right, Apply) and right.name == "/" and all(map(_is_whole, right.arguments))
        if _is_whole(left) and is_fraction and begin == "frac":
            if self.alternative("mixed") == "sum":
                return Apply("+", (left, right))
        elif isinstance(left, Number) and isinstance(right, Number):
            if _is_whole(left) and right.text.startswith("."):  # {56}{.25}
                return read_number(left.text + right.text, self.alternative)
            if self.tokens[self.at - 1].kind == "number":
                raise NotUnderstoodError("two numbers side by side")
        elif _is_row(left) and _is_row(right):
            raise NotUnderstoodError("two rows side by side")
        return Apply("*", (left, right))

    def _factor_with_sign(self) -> Node:
        if self.is_op("-"):
            self.take()
            return Apply("neg", (self._factor_with_sign(),))
        if self.is_op("+"):
            self.take()
        return self.power()

    def begins_factor(self) -> bool:
        """Tell whether the token can begin a factor that stands beside the one before."""
        token = self.now
        if (token.kind == "command" or token.text == "(") and self.is_modulus():
            return False
        if token.kind == "op":
            if token.text == "‖":
                return not self.norms
            return token.text in ("√", "∫", "∑", "∏", "∂", "…", "∇") or (
                token.text == "|" and not self.bars and self.ahead().text != "_"
            )
        if token.kind == "open":
            return not token.text.startswith("\\") or token.text in ("\\{", *MATRICES)
        return token.kind in ("number", "letter", "function", "frac", "command", "accent", "money", "unit")

    def atom(self) -> Node:
        """Read a number, a letter, a function with its argument, or what stands in parentheses."""
        token = self.now
        match token.kind:
            case "money":
                self.take()
                return self.atom()
            case "number":
                return self._number()
            case "letter":
                return self._letter()
            case "unit":
                return Symbol(UNIT + self.take().text)
            case "accent":
                return self.accented()
            case "function":
                return self._function()
            case "frac":
                return self._fraction()
            case "open":
                if self._is_size():
                    raise NotUnderstoodError("the size of a matrix")
                one = token.text == "[" and self.ahead(2).text == "]" and self.ahead(3).text != "_"
                if one and self.tokens[self.at - 1].text not in ("{", "^"):
                    raise NotUnderstoodError("brackets around one thing, as of a floor")
                return self.matrix() if token.text in MATRICES else self.group()
            case "command":
                return self._command()
            case "op":
                return self._sign()
            case "end":
                raise NotUnderstoodError("a side or an argument is empty")
        raise NotUnderstoodError(f"{token.text!r}" if token.kind != "text" else f"the word {token.text!r}")

    def _sign(self) -> Node:
        token = self.take()
        match token.text:
            case "|":
                return self._bars()
            case "‖":
                return self._norm()
            case "√":
                return Apply("sqrt", (self.power(),))
            case "∫":
                return self._integral()
            case "∑" | "∏":
                return self._big(token.text)
            case "∞":
                return Symbol("∞")
            case "…":
                return Unknown("…", ())
            case "∇":
                return self._nabla()
            case "±":
                return Unknown("±", (self.product(),))
            case "∂":
                return self._slash_derivative("partial")
        raise NotUnderstoodError(f"{token.text!r}")

    def _nabla(self) -> Node:
        """Read a gradient, or a divergence, a curl or a Laplacian, of components as derivatives."""
        if self.is_op("_"):
            return Unknown("∇", (Symbol(self.index_text()), self.product()))
        if self.is_op("*"):
            operator = CURL if self.take().cross else DIVERGENCE
        elif self.is_op("^") and self.ahead().text == "2":
            self.at += 2
            operator = LAPLACIAN
        else:
            return Unknown("∇", (self.power(),))
        of = self.power()
        return field(operator, of) or Unknown(operator, (of,))

    def _number(self) -> Node:
        token = self.take()
        if "_" in token.text:
            return read_based(token.text)
        if "(" in token.text:
            return read_periodic(token.text)
        number = read_number(token.text, self.alternative)
        if self._is_suffix():
            scale = SUFFIXES[self.take().text]
            number = Number(number.value * scale, number.text, number.places, scale)
        if self.is_op("…") and self.now.tight and number.places > 0:
            self.take()
        return number

    def _is_suffix(self) -> bool:
        """Tell whether a letter right behind a number, the last of its side, is K or M, and no k of a sum over k."""
        letter = self.now
        is_last = letter.kind == "letter" and letter.tight and self.ahead().kind == "end"
        is_last = is_last and sum(t.kind == "letter" for t in self.tokens) == 1
        return is_last and letter.text in SUFFIXES and sum(t.text == letter.text for t in self.tokens) == 1

    def _letter(self) -> Node:
        if self.now.text == "d" and self._is_slash_derivative():
            return self._slash_derivative("d")
        token = self.take()
        if token.text == "d" and self._is_differential():
            if len(self.now.text) == 1 and self.now.text.isupper():  # dK, the gradient by K in notes on networks
                return Symbol(f"bar {self.take().text}")
            raise NotUnderstoodError("a differential")
        if token.text == "e":
            is_power = self.is_op("^") and self.ahead().text not in SQUARES
            return Apply("e", ()) if is_power or self.euler or self.alternative("e") == "Euler" else Symbol("e")
        return Symbol(token.text)

    def _is_differential(self) -> bool:
        """Tell whether a d belongs to the letter behind it, as in 2u du."""
        after = self.ahead()
        ends = after.kind in ("end", "relation", "close") or (after.kind == "op" and after.text in "+-*/,")
        return self.now.kind == "letter" and self.now.tight and ends

    def accented(self) -> Node:
        """Read a letter with an accent."""
        accent = self.take().text
        inner = self.group() if self.now.text == "{" else self.atom()
        if inner == Apply("e", ()):
            inner = Symbol("e")
        if isinstance(inner, Number) and inner.value == 0 and accent in ARROWS:
            return inner
        if not isinstance(inner, Symbol):
            return Unknown(f"\\{accent}", (inner,))
        return Symbol(f"{accent} {inner.name}")

    def _is_size(self) -> bool:
        """Tell whether [m × n] stands here, or (m × k)(k × n)."""
        texts = [t.text for t in self.tokens[self.at : self.at + 10]]
        if texts[2:3] != ["*"] or texts[4:5] != [MATCHING.get(texts[0], "")]:
            return False
        return texts[0] == "[" or (texts[5:6] == ["("] and texts[7:8] == ["*"] and texts[3] == texts[6])

    def _command(self) -> Node:
        if self.now.text in ("rank", "nullity") and self.ahead().text in MATRICES:
            return Unknown(f"\\{self.take().text}", (self.matrix(),))
        if self.now.text == "det" and self.ahead().text in MATRICES:
            self.take()
            return Apply("det", (self.matrix(),))
        if self.now.text in COMMANDS_OVER:
            return self._over(self.take().text)
        if self.now.text in UNDER_BRACES and self.ahead().text == "{":
            self.take()
            body = self.group()
            if self.is_op("_", "^"):
                self.index_text()  # what stands below or above the brace
            return body
        raise NotUnderstoodError(f"\\{self.take().text}")


def _is_operator(n: Node) -> bool:
    r"""Tell whether a capital letter, or a power of it, stands here, as in \mathcal{L}^{-1}\{f\}."""
    match n:
        case Symbol(name) | Apply("^", (Symbol(name), _)):
            return name[0].isupper()
    return False


def _is_vector(n: Node) -> bool:
    """Tell whether a node is a vector of three numbers, or a letter with the accent of one."""
    match n:
        case Symbol(name):
            return name.startswith(("vec ", "hat "))
        case Tuple(items):
            return len(items) == 3 and not any(isinstance(item, Tuple) and len(item.items) > 1 for item in items)
        case Apply("neg", (inner,)) | Apply("×", (inner, _)):
            return _is_vector(inner)
    return False


def _crossed(left: Node, right: Node) -> Node:
    """Return the cross product of two vectors; of printed rows component by component."""
    match left, right:
        case Tuple(these), Tuple(those) if _is_row(left) and _is_row(right):
            return cross(these, those)
    return Apply("×", (left, right))


def _is_row(n: Node) -> bool:
    """Tell whether numbers or letters stand beside each other in parentheses, (1, 2)."""
    return isinstance(n, Tuple) and not any(isinstance(item, Tuple) for item in n.items)


def _is_quantity(node: Node) -> bool:
    """Tell whether a node is a number with its unit."""
    match node:
        case Apply("+", (one, other)):
            return _is_quantity(one) and _is_quantity(other)
        case Apply("*", (_, Symbol(name))):
            return name.startswith(UNIT)
    return False


def _is_whole(n: Node) -> bool:
    return isinstance(n, Number) and n.value.denominator == 1 and n.places == 0
