"""The parser of printed mathematics: by precedence, in one pass, with a limit of its depth.

What has several readings is read as the ``Reading`` says, and noted as ambiguous. What is not understood raises
NotUnderstoodError with the reason; nothing is guessed.
"""

from __future__ import annotations

from fractions import Fraction

from symgrad.reading.calculus import CalculusReader, order_of
from symgrad.reading.cursor import behind_index
from symgrad.reading.number import read_number, read_periodic
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError, Token
from symgrad.reading.tree import (
    OVER,
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

ARROWS = ("vec", "overrightarrow")
"""Accents of vectors."""
DEEPEST = 60
MOST_PRIMES = 4
COMMANDS_OVER = frozenset(
    ["lim", "sup", "inf", "argmax", "argmin", "arg", "det", "tr", "deg", "gcd", "lcm", "dim", "ker", "rank"]
)
"""Commands in front of what they are of, which have no value here."""
SQUARES = ("2", "3")
"""Powers of a letter e; any other power is of Euler's number."""
PROBABILITIES = ("P", "Pr")
MATCHING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}
ROUNDED = {"⌊": "floor", "⌈": "ceil"}
MATRICES = ("\\vmatrix", "\\Vmatrix", "\\matrix", "\\pmatrix", "\\bmatrix", "\\smallmatrix", "\\Bmatrix", "\\array")
SUFFIXES = {"K": 1000, "k": 1000, "M": 10**6, "B": 10**9}


class Parser(CalculusReader):
    """Reads one side of a relation from its tokens, of which the last is of kind "end"."""

    def __init__(
        self, tokens: list[Token], reading: Reading, ambiguous: set[str], factors: frozenset[str] | None = None
    ) -> None:
        super().__init__(tokens, reading, ambiguous, factors)
        self.depth = 0
        self.bars = self.norms = 0
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
                sign = self.take().text
                factor = self._factor_with_sign()
                if sign == "/" and self._is_power_of_ten(factor) and self.alternative("scientific") == "number":
                    self.take()
                    factor = Apply("*", (factor, self.power()))
                again = sign == "/" and slashed and isinstance(node, Apply) and node.name == "/"
                slashed = sign == "/"
                node = self._over_quotient(node, factor) if again else Apply(sign, (node, factor))  # type: ignore[arg-type]
            elif self.is_op("|") and self.ahead().text == "_" and not self.bars:
                if self.differentiated:
                    return node  # the bar is behind the derivative
                self.take()
                node = self._at_place(node) if self._is_place() else self._between(node)
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
                if self.now.text == "\\{" and _is_operator(node):
                    raise NotUnderstoodError("an operator before braces")
                factor = self.power()
                quotient = slashed and isinstance(node, Apply) and node.name == "/"
                node = self._beside_quotient(node, factor) if quotient else self._beside(node, factor, begin)  # type: ignore[arg-type]
            else:
                return node

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
        return token.kind in ("number", "letter", "function", "frac", "command", "accent", "money")

    def power(self) -> Node:
        """Read an atom with what stands above and behind it."""
        return self._postfix(self.atom())

    def _postfix(self, node: Node) -> Node:
        while True:
            if self.is_op("^"):
                if isinstance(node, Apply) and node.name == "^" and self.tokens[self.at - 1].text != ")":
                    raise NotUnderstoodError("a power of a power without braces")
                self.take()
                node = self.raised(node)
            elif self.is_op("!"):
                self.take()
                if self.is_op("!"):
                    raise NotUnderstoodError("a double factorial")
                node = Apply("!", (node,))
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

    def _is_place(self) -> bool:
        """Tell whether _{x=2} stands here, behind a bar."""
        return (
            self.ahead().text == "{"
            and self.ahead(2).kind == "letter"
            and "="
            in (
                self.ahead(3).text,
                self.ahead(5).text,
            )
        )

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
        """Read [F]_a^b as F(b) - F(a), where F has one letter."""
        ends = self._limits()
        letters = symbols(node)
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
        exponent = self.group() if self.now.text == "{" else self.single()
        if self.now.kind == "open" and self.now.text == "{":
            raise NotUnderstoodError("two exponents")
        if in_parentheses and (order := order_of(base, exponent)) and self.now.text == "(":
            return self._called(order[0], order[1])
        if in_parentheses and self.alternative("above") == "index":
            return Unknown("^()", (base,))
        if isinstance(exponent, Tuple):
            raise NotUnderstoodError("an index in brackets above a letter")
        return Apply("^", (base, exponent))

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
                if self.is_op("_"):
                    return Unknown("∇", (Symbol(self.index_text()), self.product()))
                return Unknown("∇", (self.power(),))
            case "±":
                return Unknown("±", (self.product(),))
            case "∂":
                return self._slash_derivative("partial")
        raise NotUnderstoodError(f"{token.text!r}")

    def _number(self) -> Node:
        token = self.take()
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
        if self.now.text == "det" and self.ahead().text in MATRICES:
            self.take()
            return Apply("det", (self.matrix(),))
        if self.now.text in COMMANDS_OVER:
            return self._over(self.take().text)
        if self.now.text in ("underbrace", "overbrace") and self.ahead().text == "{":
            self.take()
            body = self.group()
            if self.is_op("_", "^"):
                self.index_text()  # what stands below or above the brace
            return body
        raise NotUnderstoodError(f"\\{self.take().text}")

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


def _positive(n: Node | None) -> Node | None:
    return n.arguments[0] if isinstance(n, Apply) and n.name == "neg" else n


def _binds(n: Node) -> bool:
    return isinstance(n, Derivative | Integral | Big) or (isinstance(n, Apply) and n.name in OVER)


def _is_operator(n: Node) -> bool:
    r"""Tell whether a capital letter, or a power of it, stands here, as in \mathcal{L}^{-1}\{f\}."""
    match n:
        case Symbol(name) | Apply("^", (Symbol(name), _)):
            return name[0].isupper()
    return False


def _is_row(n: Node) -> bool:
    """Tell whether numbers or letters stand beside each other in parentheses, (1, 2)."""
    return isinstance(n, Tuple) and not any(isinstance(item, Tuple) for item in n.items)


def _is_whole(n: Node) -> bool:
    return isinstance(n, Number) and n.value.denominator == 1 and n.places == 0
