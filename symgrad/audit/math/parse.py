"""The parser of printed mathematics: by precedence, in one pass, with a limit of its depth.

What has several readings is read as the ``Reading`` says, and noted as ambiguous. What is not understood raises
NotUnderstoodError with the reason; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symgrad.audit.math.reading import Reading
from symgrad.audit.math.token import NotUnderstoodError, Token
from symgrad.audit.math.tree import Apply, Big, Derivative, Integral, Node, Number, Symbol, Tuple, Unknown, symbols

DEEPEST = 60
MOST_PRIMES = 4
LONGEST_CONDITION = 60
LONGEST_SLASHED = 12
OVER = frozenset(
    ["lim", "sup", "inf", "argmax", "argmin", "arg", "det", "tr", "deg", "gcd", "lcm", "dim", "ker", "rank"]
)
"""Commands in front of what they are of, which have no value here."""
SQUARES = ("2", "3")
"""Powers of a letter e; any other power is of Euler's number."""
PROBABILITIES = ("P", "Pr")
MATCHING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}
ROUNDED = {"⌊": "floor", "⌈": "ceil"}
DETERMINANTS = ("\\vmatrix", "\\det")
MATRICES = ("\\vmatrix", "\\Vmatrix", "\\matrix", "\\pmatrix", "\\bmatrix", "\\smallmatrix", "\\Bmatrix", "\\array")
SUFFIXES = {"K": 1000, "k": 1000, "M": 10**6, "B": 10**9}
CALLED = frozenset("fghFGHPELRJQ") | {"sigma", "phi", "varphi", "psi", "Phi", "rho", "Gamma"}
"""Letters before a parenthesis that are functions, and not factors."""
NAMED = {"sigma": "sigmoid", "Phi": "Phi", "Gamma": "Gamma"}
"""Letters that are known functions where they have an argument."""
INVERSE = {
    **{name: f"a{name}" for name in ("sin", "cos", "tan", "cot", "sec", "csc", "cosec")},
    **{name: f"a{name}" for name in ("sinh", "cosh", "tanh", "coth", "sech", "csch")},
}
HYPERBOLIC = ("sin", "cos", "tan", "cot", "sec", "csc", "cosec")
LARGEST_NUMBER = 5_000
"""Characters of a number that is read."""


class Parser:
    """Reads one side of a relation from its tokens, of which the last is of kind "end"."""

    def __init__(self, tokens: list[Token], reading: Reading, ambiguous: set[str]) -> None:
        self.tokens, self.reading, self.ambiguous = tokens, reading, ambiguous
        self.at = self.depth = 0
        self.bars = self.norms = 0
        powers = (
            t.text
            for e, sign, t in zip(tokens, tokens[1:], tokens[2:], strict=False)
            if (e.text, sign.text) == ("e", "^")
        )
        self.euler = any(text not in SQUARES for text in powers)

    def whole(self) -> Node:
        """Read all tokens."""
        node = self.sum()
        if self.now.kind != "end":
            raise NotUnderstoodError(f"{self.now.text!r} after what was understood")
        return node

    # --- tokens -----------------------------------------------------------------------------------------

    @property
    def now(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    def ahead(self, n: int = 1) -> Token:
        """Return a later token, or the end."""
        return self.tokens[min(self.at + n, len(self.tokens) - 1)]

    def is_op(self, *texts: str) -> bool:
        """Tell whether the token is one of these signs."""
        return self.now.kind == "op" and self.now.text in texts

    def take(self) -> Token:
        """Return the token and go on."""
        token = self.now
        self.at += 1 if token.kind != "end" else 0
        return token

    def alternative(self, name: str) -> str:
        """Return how something ambiguous is read."""
        self.ambiguous.add(name)
        chosen: str = getattr(self.reading, name)
        return chosen

    # --- sums, products, powers -------------------------------------------------------------------------

    def sum(self) -> Node:
        """Read terms."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotUnderstoodError("the formula is too deep")
        node = self._signed()
        while self.is_op("+", "-"):
            sign = self.take().text
            node = Apply(sign, (node, self.product()))
        if self.is_op("±"):
            self.take()
            node = Unknown("±", (node, self.sum()))
        self.depth -= 1
        return node

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
            if self.is_op("⊙"):
                self.take()
                node = Apply("⊙", (node, self._factor_with_sign()))
            elif self.is_op("*", "/"):
                sign = self.take().text
                slashed = sign == "/"
                node = Apply(sign, (node, self._factor_with_sign()))
            elif self.is_op("mod"):
                self.take()
                node = Apply("mod", (node, self._factor_with_sign()))
            elif self.is_op("choose", "over"):
                name = self.take().text
                node = Apply("binom" if name == "choose" else "/", (node, self.product()))
            elif self.begins_factor():
                factor = self.power()
                quotient = slashed and isinstance(node, Apply) and node.name == "/"
                node = self._beside_quotient(node, factor) if quotient else self._beside(node, factor)  # type: ignore[arg-type]
            else:
                return node

    def _beside_quotient(self, quotient: Apply, factor: Node) -> Node:
        """Read a factor beside a/b: a/(bc) or (a/b)c."""
        if self.alternative("slash") == "first":
            return Apply("*", (quotient, factor))
        above, below = quotient.arguments
        return Apply("/", (above, Apply("*", (below, factor))))

    def _beside(self, left: Node, right: Node) -> Node:
        """Read two factors side by side; 1 1/2 is a mixed number."""
        is_fraction = isinstance(right, Apply) and right.name == "/" and all(map(_is_whole, right.arguments))
        if _is_whole(left) and is_fraction and self.tokens[self.at - 1].text == "}":
            if self.alternative("mixed") == "sum":
                return Apply("+", (left, right))
        elif isinstance(left, Number) and isinstance(right, Number) and self.tokens[self.at - 1].kind == "number":
            raise NotUnderstoodError("two numbers side by side")
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
        if token.kind == "op":
            if token.text == "‖":
                return not self.norms
            return token.text in ("√", "∫", "∑", "∏", "∂", "…", "∇") or (token.text == "|" and not self.bars)
        if token.kind == "open":
            return not token.text.startswith("\\") or token.text in ("\\{", *MATRICES)
        return token.kind in ("number", "letter", "function", "frac", "command", "accent", "money")

    def power(self) -> Node:
        """Read an atom with what stands above and behind it."""
        return self._postfix(self.atom())

    def _postfix(self, node: Node) -> Node:
        while True:
            if self.is_op("^"):
                self.take()
                node = self._raised(node)
            elif self.is_op("!"):
                self.take()
                if self.is_op("!"):
                    raise NotUnderstoodError("a double factorial")
                node = Apply("!", (node,))
            elif self.is_op("%"):
                self.take()
                if self.now.kind == "number":
                    raise NotUnderstoodError("% between two numbers")
                node = Apply("/", (node, Number(Fraction(100), "100")))
            elif self.is_op("°"):
                self.take()
                node = self._degrees(node)
            elif self.is_op("_"):
                self.take()
                index = self._index()
                node = (
                    Symbol(f"{node.name}_{index}") if isinstance(node, Symbol) else Unknown("_", (node, Symbol(index)))
                )
            elif self.is_op("'"):
                primes = self._primes()
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

    def _raised(self, base: Node) -> Node:
        if self.is_op("°") or (self.now.text == "{" and self.ahead().text == "°" and self.ahead(2).text == "}"):
            self.at += 1 if self.is_op("°") else 3
            return self._degrees(base)
        if self._is_transpose():
            return Apply("transpose", (base,))
        if self.is_op("*", "'", "+") or (self.is_op("-") and self.ahead().kind not in ("number", "letter", "open")):
            return Unknown(f"^{self.take().text}", (base,))
        if self.now.text == "{" and self.ahead().kind == "text":
            raise NotUnderstoodError("words above a letter")
        exponent = self.group() if self.now.text == "{" else self._single()
        if self.now.kind == "open" and self.now.text == "{":
            raise NotUnderstoodError("two exponents")
        if isinstance(exponent, Tuple):
            raise NotUnderstoodError("an index in brackets above a letter")
        return Apply("^", (base, exponent))

    def _single(self) -> Node:
        """Read what stands above or below without braces: one token, or the sign and a number."""
        if self.is_op("-"):
            self.take()
            return Apply("neg", (self._single(),))
        return self.atom()

    def _index_text(self) -> str:
        self.take()
        return self._index()

    def _index(self) -> str:
        if self.now.text != "{":
            return self.take().text
        depth, words = 0, list[str]()
        while True:
            token = self.take()
            if token.kind == "end":
                raise NotUnderstoodError("a brace is not closed")
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return "".join(words)
            words += [token.text] if token.text not in "{}" else []

    def _primes(self) -> int:
        primes = 0
        while self.is_op("'"):
            self.take()
            primes += 1
        return primes

    # --- atoms ------------------------------------------------------------------------------------------

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
                return self._accented()
            case "function":
                return self._function()
            case "frac":
                return self._fraction()
            case "open":
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
                return Unknown("∇", (self.power(),))
            case "±":
                return Unknown("±", (self.product(),))
            case "∂":
                return self._slash_derivative("partial")
        raise NotUnderstoodError(f"{token.text!r}")

    def _number(self) -> Node:
        token = self.take()
        if "(" in token.text:
            return _periodic(token.text)
        number = read_number(token.text, self.alternative)
        if self.now.kind == "letter" and self.now.tight and self.now.text in SUFFIXES and self.ahead().kind == "end":
            scale = SUFFIXES[self.take().text]
            number = Number(number.value * scale, number.text, number.places, scale)
        if self.is_op("…") and self.now.tight and number.places > 0:
            self.take()
        return number

    def _letter(self) -> Node:
        if self.now.text == "d" and self._is_slash_derivative():
            return self._slash_derivative("d")
        token = self.take()
        if token.text == "e":
            is_power = self.is_op("^") and self.ahead().text not in SQUARES
            return Apply("e", ()) if is_power or self.euler or self.alternative("e") == "Euler" else Symbol("e")
        return Symbol(token.text)

    def _accented(self) -> Node:
        accent = self.take().text
        inner = self.group() if self.now.text == "{" else self.atom()
        if not isinstance(inner, Symbol):
            return Unknown(f"\\{accent}", (inner,))
        return Symbol(f"{accent} {inner.name}")

    def _command(self) -> Node:
        if self.now.text in OVER:
            return self._over(self.take().text)
        raise NotUnderstoodError(f"\\{self.take().text}")

    def group(self) -> Node:
        """Read what stands in parentheses of any kind; with commas it is a tuple."""
        if self.now.text in ("\\cases", "\\{"):
            return self._skipped()
        opening = self.take().text
        if opening not in MATCHING:
            raise NotUnderstoodError(f"{opening!r}")
        bars, self.bars = self.bars, 0
        items = [self.sum()]
        while self.is_op(",", ";"):
            self.take()
            items.append(self.sum())
        self.bars = bars
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
            self._index()  # {cc}, how the columns stand
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
        kind = self._index_text() if self.is_op("_") else "2"
        if kind not in ("1", "2"):
            raise NotUnderstoodError(f"the norm {kind}")
        return Apply(f"norm{kind}", (body,))

    # --- functions --------------------------------------------------------------------------------------

    def _function(self) -> Node:
        name = {"cosec": "csc", "ReLU": "relu", "sign": "sgn"}.get(self.take().text, self.tokens[self.at - 1].text)
        if name == "sqrt":
            return self._root()
        if name in HYPERBOLIC and self.now.text == "h" and self.alternative("hyperbolic") == "yes":
            self.take()
            name += "h"
        base = None
        if self.is_op("_"):
            if name in ("max", "min"):
                return self._over(name)
            self.take()
            if name not in ("log", "lg"):
                raise NotUnderstoodError(f"an index of {name}")
            base = self.group() if self.now.text == "{" else self._single()
        primes = self._primes()
        exponent = None
        if self.is_op("^"):
            self.take()
            exponent = self.group() if self.now.text == "{" else self._single()
        if name in ("log", "lg") and base is None:
            chosen = self.alternative("log") if name == "log" else "10"
            base = Apply("e", ()) if chosen == "e" else Number(Fraction(int(chosen)), chosen)
        if exponent is not None and _is_minus_one(exponent):
            if name not in INVERSE:
                raise NotUnderstoodError(f"the inverse of {name}")
            name, exponent = INVERSE[name], None
        elif exponent is not None and _is_minus_one(exponent):
            raise NotUnderstoodError(f"{name} to the power -1, or its inverse")
        argument = self._argument()
        arguments = argument.items if isinstance(argument, Tuple) else (argument,)
        if name in ("log", "lg") and base is not None:
            name, arguments = "log", (arguments[0], base)
        node: Node = Apply(name, tuple(arguments), primes)
        return node if exponent is None else Apply("^", (node, exponent))

    def _root(self) -> Node:
        r"""Read \sqrt{x}, \sqrt[3]{x}, sqrt(x): what stands above or behind it is not under it."""
        index = self.group() if self.now.text == "[" else None
        body = self.group() if self.now.kind == "open" else self._single()
        return Apply("sqrt", (body,)) if index is None else Apply("root", (body, index))

    def _argument(self) -> Node:
        """Read the argument of a function: a parenthesis, or the factors up to the next function or sign."""
        if self.now.kind == "open":
            return self.group()
        if self.now.kind == "function":
            return self._function()
        if self.is_op("-"):
            raise NotUnderstoodError("a sign behind the name of a function")
        node = self.power()
        while self.begins_factor() and self.now.kind not in ("function", "open"):
            node = Apply("*", (node, self.power()))
        while self.is_op("/") and self.ahead().kind in ("number", "letter"):
            if self.alternative("angle") == "factor":
                break
            self.take()
            node = Apply("/", (node, self.power()))
        return node

    def _is_call(self, name: str) -> bool:
        return self.now.text == "(" and self.now.kind == "open" and name.partition("_")[0] in CALLED

    def _event(self) -> Node | None:
        """Skip what stands in P(X > 3) or P(A | B); None where P may be a function of a number."""
        if self.now.text not in ("(", "[", "\\{"):
            return None
        depth, at = 0, self.at
        while self.tokens[at].kind != "end":
            depth += {"open": 1, "close": -1}.get(self.tokens[at].kind, 0)
            at += 1
            if depth == 0:
                break
        inside = self.tokens[self.at + 1 : at - 1]
        is_event = any(t.kind in ("text", "command") or t.text in ("|", "∈") for t in inside)
        variable = bool(inside) and inside[0].text.isupper()
        if depth or not (is_event or (variable and any(t.kind == "relation" for t in inside))):
            return None
        self.at = at
        return Symbol("event")

    def _is_conditional(self) -> bool:
        """Tell whether p(y | x) or KL(p ‖ q) stands here: one bar between parentheses."""
        if self.now.text not in ("(", "["):
            return False
        depth, bars = 0, 0
        for at in range(self.at, min(self.at + LONGEST_CONDITION, len(self.tokens))):
            token = self.tokens[at]
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
            bars += depth == 1 and token.kind == "op" and token.text in ("|", "‖")
            if depth == 0:
                return bars == 1
        return False

    def _conditional(self) -> Node:
        depth = 0
        while True:
            depth += {"open": 1, "close": -1}.get(self.take().kind, 0)
            if depth == 0:
                return Symbol("conditional")

    def _called(self, name: str, primes: int) -> Node:
        argument = self.group()
        arguments = argument.items if isinstance(argument, Tuple) else (argument,)
        if name in NAMED and len(arguments) == 1:
            return Apply(NAMED[name], arguments, primes)
        return Unknown(name, arguments, primes)

    # --- fractions, derivatives, integrals --------------------------------------------------------------

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
        return self._single()

    def _fraction_derivative(self) -> Node | None:
        r"""Read \frac{d}{dx} f, \frac{d f}{dx}, \frac{\partial^2 f}{\partial x^2}; None for any other fraction."""
        if self.now.text != "{":
            return None
        self.take()
        sign = self.now.text
        if sign not in ("d", "∂") or self.now.kind not in ("letter", "op"):
            return None
        self.take()
        order = self._order()
        inner: Node | None = None
        if self.now.text != "}":
            inner = self.product()
        if self.take().text != "}" or self.take().text != "{" or self.take().text != sign:
            return None
        if self.now.kind not in ("letter", "accent"):
            return None
        variable = self._postfix_symbol()
        if self._order() != order or self.take().text != "}":
            raise NotUnderstoodError("a derivative by several variables")
        return self._derivative(inner, variable, order)

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
        return self._derivative(inner, variable, order)

    def _derivative(self, inner: Node | None, variable: str, order: int) -> Node:
        body = inner if inner is not None else self.product()
        if isinstance(body, Symbol) and body.name in NAMED:
            body = Apply(NAMED[body.name], (Symbol(variable),))
        return Derivative(body, variable, order)

    def _order(self) -> int:
        if not self.is_op("^"):
            return 1
        self.take()
        power = self.group() if self.now.text == "{" else self._single()
        if not isinstance(power, Number) or power.value.denominator != 1 or not 1 <= power.value <= 4:
            raise NotUnderstoodError("the order of a derivative")
        return int(power.value)

    def _postfix_symbol(self) -> str:
        symbol: Node = Symbol(self.take().text) if self.now.kind == "letter" else self._accented()
        while self.is_op("_"):
            self.take()
            symbol = Symbol(f"{symbol.name}_{self._index()}")  # type: ignore[union-attr]
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
        words = self._index() if self.now.text == "{" else self.take().text
        words = words.strip("[]()")
        if words.isdecimal() and self.tokens[begin + 2].text not in ("[", "("):
            self.at = begin
            return ""
        return words

    def _integral(self) -> Node:
        low, high = self._limits()
        self._dx_above()
        depth = 0
        for at in range(self.at, len(self.tokens) - 1):
            token = self.tokens[at]
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
            following = self.tokens[at + 1]
            if depth == 0 and token.text == "d" and token.kind == "letter" and following.kind == "letter":
                if at == self.at:
                    raise NotUnderstoodError("an integral that begins with d")
                end = Token("end", "", token.start, token.start)
                inner = Parser([*self.tokens[self.at : at], end], self.reading, self.ambiguous)
                self.at = at + 2
                return Integral(inner.whole(), following.text, low, high)
        raise NotUnderstoodError("an integral without dx")

    def _limits(self) -> tuple[Node | None, Node | None]:
        found: dict[str, Node] = {}
        while self.is_op("_", "^"):
            sign = self.take().text
            found[sign] = self.group() if self.now.text == "{" else self._single()
        return found.get("_"), found.get("^")

    def _big(self, sign: str) -> Node:
        """Read a sum or a product from a number to a number; one over anything else is an unknown function."""
        begin = self.at
        try:
            return self._counted(sign)
        except NotUnderstoodError:
            self.at = begin
            return self._over(sign)

    def _over(self, name: str) -> Node:
        r"""Read \max_{x \in S} f, \lim_{x \to 0} f, \sum_i f, of which it is not read what they are over."""
        while self.is_op("_", "^"):
            self.take()
            self._index()
        return Unknown(f"\\{name}", (self.product(),))

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
        high = self.group() if self.now.text == "{" else self._single()
        return Big(sign, variable, low, high, self.product())


def read_number(text: str, alternative: Callable[[str], str]) -> Number:
    """Read a printed number: 1,728 or 1{,}728.5 or 2.28e+06."""
    if len(text) > LARGEST_NUMBER:
        raise NotUnderstoodError("a number with thousands of digits")
    mantissa, _, exponent = text.lower().partition("e")
    if mantissa.count(",") == 1 and "{" not in mantissa and "." not in mantissa and alternative("comma") == "decimal":
        mantissa = mantissa.replace(",", ".")
    digits = "".join(c for c in mantissa if c.isdecimal() or c == ".")
    if exponent and abs(int(exponent)) > 10_000:
        raise NotUnderstoodError("an exponent above 10,000")
    whole, _, decimals = digits.partition(".")
    power = int(exponent or 0)
    value = Fraction(int((whole + decimals) or "0")) * Fraction(10) ** (power - len(decimals))
    shown = f"{digits}e{power}" if exponent else digits
    return Number(value, shown, len(decimals) - power)


def _periodic(text: str) -> Node:
    """Read 0.1(6), a decimal whose last digits go on for ever, as the fraction that it is."""
    digits, _, period = text.rstrip(")").partition("(")
    whole, _, decimals = digits.partition(".")
    shift, nines = 10 ** len(decimals), 10 ** len(period) - 1
    x = Fraction(int(whole + decimals) * nines + int(period), shift * nines)
    above, below = (Number(Fraction(n), str(n)) for n in (x.numerator, x.denominator))
    return Apply("/", (above, below))


def _is_whole(n: Node) -> bool:
    return isinstance(n, Number) and n.value.denominator == 1 and n.places == 0


def _is_minus_one(n: Node) -> bool:
    return isinstance(n, Apply) and n.name == "neg" and isinstance(n.arguments[0], Number) and n.arguments[0].value == 1
