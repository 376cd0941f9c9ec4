"""Functions: sin 3x, \\log_2 8, f(x), P(A | B), and operators such as max and lim."""

from __future__ import annotations

from fractions import Fraction

from symgrad.reading.cursor import behind_index
from symgrad.reading.known import definitions, with_parameter
from symgrad.reading.modulus import ModulusReader
from symgrad.reading.names import FUNCTIONS, NAMED
from symgrad.reading.reading import ANY, DEFINITIONS
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import CONDITIONAL, EVENT, Apply, Node, Number, Symbol, Tuple, Unknown, substituted

LONGEST_CONDITION = 60
CALLED = frozenset("fghFGHPELRJQ") | {"sigma", "phi", "varphi", "psi", "Phi", "rho", "Gamma"}
"""Letters before a parenthesis that are functions, and not factors."""
CONSTANTS = frozenset(["pi", "d", "∞"])
"""Letters that are no functions before a parenthesis either."""
INVERSE = {
    **{name: f"a{name}" for name in ("sin", "cos", "tan", "cot", "sec", "csc", "cosec")},
    **{name: f"a{name}" for name in ("sinh", "cosh", "tanh", "coth", "sech", "csch")},
}
TURNING = ("sin", "cos", "tan", "cot", "sec", "csc")
TURNING_BACK = tuple(f"{way}{name}" for way in ("a", "arc") for name in TURNING)
EXTREMA = {"max": "max over", "sup": "max over", "min": "min over", "inf": "min over"}
HYPERBOLIC = ("sin", "cos", "tan", "cot", "sec", "csc", "cosec")

OF_MATRICES = ("det", "tr", "rank")


class FunctionReader(ModulusReader):
    """Reads a function with its argument."""

    def _function(self) -> Node:
        word = self.take().text
        if word not in FUNCTIONS and (variants := definitions(word)):
            return self._activation(word, variants)
        name = {"cosec": "csc", "sign": "sgn"}.get(word, word)
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
            base = self.group() if self.now.text == "{" else self.single()
        if name == "log" and base is None and self.now.text in ("2", "10") and self._is_before_parenthesis():
            base = self.single()  # log2(8)
        primes = self.primes()
        exponent = None
        if self.is_op("^"):
            self.take()
            exponent = self.exponent()
        if name in ("log", "lg") and base is None:
            chosen = self.alternative(name)
            base = Apply("e", ()) if chosen == "e" else Number(Fraction(int(chosen)), chosen)
        if exponent is not None and _is_minus_one(exponent):
            if name not in INVERSE:
                raise NotUnderstoodError(f"the inverse of {name}")
            name, exponent = INVERSE[name], None
        argument = self.product() if name in ("max", "min") and self.now.kind != "open" else self._argument()
        arguments = argument.items if isinstance(argument, Tuple) else (argument,)
        if name in ("log", "lg") and base is not None:
            name, arguments = "log", (arguments[0], base)
        node = self._turned(name, tuple(arguments), primes)
        return node if exponent is None else Apply("^", (node, exponent))

    def _is_before_parenthesis(self) -> bool:
        """Tell whether a parenthesis stands right behind a number that stands right behind a name."""
        return self.now.tight and self.ahead().text == "(" and self.ahead().tight

    def _limit(self) -> Node:
        r"""Read _{x \to 0} f, after \lim; from one side, _{x \to 3^-} f(x) is that of f(3 - 1/x) as x tends to ∞."""
        self._expect("_", "{")
        variable = self.power()
        self._expect("→")
        point = self.sum()
        self._expect("}")
        if not isinstance(variable, Symbol):
            raise NotUnderstoodError("what a limit is over")
        match point:
            case Unknown("^+" | "^-" as side, (place,)):
                near = Apply(side[-1], (place, Apply("/", (Number(Fraction(1), "1"), variable))))
                return Apply("lim", (variable, Symbol("∞"), substituted(self._scope(), variable.name, near)))
            case Unknown():
                raise NotUnderstoodError("what a limit is over")
        return Apply("lim", (variable, point, self._scope()))

    def _extremum(self, name: str) -> Node:
        r"""Read _x f or _{x \in [0, 1]} f, after \max."""
        self._expect("_")
        low: Node = Apply("neg", (Symbol("∞"),))
        high: Node = Symbol("∞")
        if self.now.text != "{":
            variable = self.single()
        else:
            self.take()
            variable = self.power()
            if self.now.text == "∈":
                self.take()
                match self.group() if self.now.text == "[" else None:
                    case Tuple((low, high)):
                        pass
                    case _:
                        raise NotUnderstoodError("what an extremum is over")
            elif self.now.text in ("≥", "≤") and self.now.kind == "relation":
                sign, end = self.take().text, self.sum()
                low, high = (end, high) if sign == "≥" else (low, end)
            self._expect("}")
        if not isinstance(variable, Symbol):
            raise NotUnderstoodError("what an extremum is over")
        return Apply(name, (variable, low, high, self._scope()))

    def _scope(self) -> Node:
        """Read what an operator is of: the factors behind it, or all terms."""
        return self.sum() if self.alternative("scope") == "terms" else self.product()

    def _expect(self, *texts: str) -> None:
        for text in texts:
            if self.take().text != text:
                raise NotUnderstoodError("what an operator is over")

    def _turned(self, name: str, arguments: tuple[Node, ...], primes: int) -> Node:
        """Return a function of an angle or its inverse: sin 30 and asin 0.5 may be meant in degrees."""
        node: Node = Apply(name, arguments, primes)
        given = name in TURNING and len(arguments) == 1 and isinstance(arguments[0], Number) and not primes
        found = name in TURNING_BACK and len(arguments) == 1
        if not (given or found) or self.alternative("turn") == "radians":
            return node
        half, pi = Number(Fraction(180), "180"), Symbol("pi")
        if given:
            return Apply(name, (Apply("/", (Apply("*", (arguments[0], pi)), half)),))
        return Apply("/", (Apply("*", (node, half)), pi))

    def _activation(self, word: str, variants: tuple[str, ...]) -> Node:
        r"""Read GELU(x), LeakyReLU_{0.2}(x), LeakyReLU(x, 0.2): which of its definitions, the reading says."""
        if self.is_op("_") and (kinds := self._kinds(word)):
            variants = kinds
        chosen = self._written_parameter() if self.is_op("_") else None
        primes = self.primes()
        exponent = None
        if self.is_op("^"):
            self.take()
            exponent = self.group() if self.now.text == "{" else self.single()
            if _is_minus_one(exponent):
                raise NotUnderstoodError(f"the inverse of {word}")
        argument = self._argument()
        match argument:
            case Tuple((first, Number(value))):
                argument, chosen = first, value
            case Tuple():
                raise NotUnderstoodError(f"{word} of several arguments")
        if chosen is not None:
            name = with_parameter(variants[0], chosen)
            if name is None:
                raise NotUnderstoodError(f"the parameter of {word}")
        else:
            last = len(variants) - 1
            choice = self.alternative("definition") if last else DEFINITIONS[0]
            name = variants[last if choice == DEFINITIONS[-1] else min(DEFINITIONS.index(choice), last)]
        node: Node = Apply(name, (argument,), primes)
        return node if exponent is None else Apply("^", (node, exponent))

    def _kinds(self, word: str) -> tuple[str, ...]:
        r"""Read the index of \operatorname{GELU}_{\tanh}, and return its definitions; none for any other index."""
        begin = self.at
        self.take()
        found = definitions(f"{word} {self.index()}")
        self.at = self.at if found else begin
        return found

    def _written_parameter(self) -> Fraction:
        self.take()
        match self.group() if self.now.text == "{" else self.single():
            case Number(value):
                return value
            case Apply("neg", (Number(value),)):
                return -value
        raise NotUnderstoodError("a parameter that is no number")

    def _root(self) -> Node:
        r"""Read \sqrt{x}, \sqrt[3]{x}, sqrt(x): what stands above or behind it is not under it."""
        index = self.group() if self.now.text == "[" else None
        body = self.group() if self.now.kind == "open" else self.single()
        return Apply("sqrt", (body,)) if index is None else Apply("root", (body, index))

    def _argument(self) -> Node:
        """Read the argument of a function: a parenthesis, or the factors up to the next function or sign."""
        if self._braces_a_sum() and self.alternative("braces") == "shown":
            end = behind_index(self.tokens, self.at) - 1
            self.tokens = [t for at, t in enumerate(self.tokens) if at not in (self.at, end)]
        if self.now.kind == "open":
            node = self.group()
            if self.is_op("^") and self.alternative("reach") == "far":
                self.take()
                node = self.raised(node)
            return node
        if self.now.kind == "function":
            is_root = self.now.text == "sqrt"
            node = self._function()
            while is_root and self.now.kind in ("letter", "accent") and self.alternative("reach") == "far":
                node = Apply("*", (node, self.power()))
            return node
        if self.is_op("-"):
            raise NotUnderstoodError("a sign behind the name of a function")
        node = self.power()
        if self._is_scientific(node):
            self.take()
            node = Apply("*", (node, self.power()))
        while (
            self.begins_factor()
            and not self._is_exponential()
            and (self.now.kind not in ("function", "open") or self._reaches())
        ):
            node = Apply("*", (node, self.power()))
        while self.is_op("/") and self.ahead().kind in ("number", "letter"):
            if self.alternative("angle") == "factor":
                break
            self.take()
            node = Apply("/", (node, self.power()))
        return node

    def _braces_a_sum(self) -> bool:
        r"""Tell whether braces follow that hold a sum, \cos{(x) - y}, and are not to be seen on the page."""
        if self.now.text != "{":
            return False
        depth, inside = 0, self.tokens[self.at + 1 : behind_index(self.tokens, self.at) - 1]
        for n, token in enumerate(inside):
            if n and depth == 0 and token.kind == "op" and token.text in ("+", "-", "±"):
                return inside[n - 1].kind != "op"
            depth += (token.kind == "open") - (token.kind == "close")
        return False

    def _is_exponential(self) -> bool:
        r"""Tell whether e^… follows, which is a factor of its own: \sin x e^{-x}."""
        return self.now.text == "e" and self.ahead().text == "^"

    def _is_scientific(self, node: Node) -> bool:
        """Tell whether × 10^k follows a number."""
        texts = [t.text for t in self.tokens[self.at : self.at + 3]]
        return isinstance(node, Number) and texts == ["*", "10", "^"]

    def _reaches(self) -> bool:
        r"""Tell whether a parenthesis or a root belongs to the argument too: \ln b (x - 1) as ln(b (x - 1))."""
        return (self.now.text in ("(", "[", "sqrt")) and self.alternative("reach") == "far"

    def _is_call(self, name: str) -> bool:
        if self.now.text not in ("(", "[") or self.now.kind != "open":
            return False
        letter = name.partition("_")[0]
        if self.now.text == "[":
            return letter[:1].isupper() and letter not in self.factors
        if letter in CALLED:
            return True
        return letter not in CONSTANTS and (letter not in self.factors or self._is_letter_in_parentheses())

    def _is_letter_in_parentheses(self) -> bool:
        """Tell whether one letter stands in parentheses, as in p(x_i): before them a letter is a function."""
        at = self.at + 1
        if self.tokens[at].kind != "letter" or not self.now.tight:
            return False
        at += 1
        if self.tokens[at].text == "_":
            at = behind_index(self.tokens, at + 1)
        return at < len(self.tokens) and self.tokens[at].text == ")"

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
        variable = any(t.kind in ("letter", "accent") and (t.text.isupper() or t.kind == "accent") for t in inside)
        if depth or not (is_event or (variable and any(t.kind == "relation" for t in inside))):
            return None
        self.at = at
        return Symbol(EVENT + " ".join(t.text for t in inside))

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
        depth, begin = 0, self.at + 1
        while True:
            depth += {"open": 1, "close": -1}.get(self.take().kind, 0)
            if depth == 0:
                inside = self.tokens[begin : self.at - 1]
                return Symbol(CONDITIONAL + " ".join(t.text for t in inside))

    def _called(self, name: str, primes: int) -> Node:
        argument = self.group()
        arguments = argument.items if isinstance(argument, Tuple) else (argument,)
        if name in NAMED and len(arguments) == 1 and (known := self.named(name)):
            return Apply(known, arguments, primes)
        return Unknown(name, arguments, primes)

    def named(self, letter: str) -> str:
        """Return the known function that a letter is with an argument; nothing where it may be any."""
        chosen = self.alternative(letter)
        return "" if chosen == ANY else chosen

    def _over(self, name: str) -> Node:
        r"""Read \lim_{x \to 0} f and \max_x f; what other such operators are over is not read."""
        begin = self.at
        try:
            if name == "lim":
                return self._limit()
            if name in EXTREMA:
                return self._extremum(EXTREMA[name])
        except NotUnderstoodError:
            pass
        self.at = begin
        while self.is_op("_", "^"):
            self.take()
            self.index()
        return Unknown(f"\\{name}", (self._next_to(name),))

    def _next_to(self, name: str) -> Node:
        r"""Read what an operator is of: of \det(A) \det(B) and \tr A \tr B the first is of A alone, a limit of all."""
        if name not in OF_MATRICES:
            return self.product()
        if self.now.kind == "open":
            return self.group()
        node = self.power()
        while self.begins_factor() and self.now.kind not in ("function", "command", "open"):
            node = Apply("*", (node, self.power()))
        return node


def _is_minus_one(n: Node) -> bool:
    return isinstance(n, Apply) and n.name == "neg" and isinstance(n.arguments[0], Number) and n.arguments[0].value == 1
