"""From the tokens of a formula on a page to its tree.

A sum has terms; a term has factors side by side, with ∘ and ⊘ between some of them; what stands above and behind a
factor binds closest. Products and sums are flat: a formula of a thousand layers is not nested.
"""

from __future__ import annotations

from fractions import Fraction

from symgrad.reading.number import read_number
from symgrad.reading.page.token import END, Token
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Call, Name, Node, Number, Partial, Tuple

DEEPEST = 100
"""Groups inside each other that are read."""
ENDS = frozenset(["+", "-", ")", ",", ";", "]", "}", "∘", "⊘", "&", "\\\\", "ᵀ", "∧", "∨", "⊗", ":"])
ORDER = frozenset(["≤", "<", "≥", ">"])
RELATIONS = frozenset(["=", ":=", "≈", "≤", "<", "≥", ">", "≠", "→", "↦", "∈"])
ACCENTS = frozenset(["hat", "bar", "tilde", "dot", "vec"])


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


def sides(tokens: list[Token]) -> tuple[list[list[Token]], list[str]]:
    """Split a line at its relations: a = b ≤ c has three sides; what aligns and breaks lines is dropped."""
    found: list[list[Token]] = [[]]
    relations: list[str] = []
    level = matrices = 0
    for t in tokens:
        matrices += {"matrix": 1, "cases": 1, "end of matrix": -1}.get(t.text, 0) if t.kind == "command" else 0
        level += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(t.text, 0) if t.kind == "sign" else 0
        if t.kind == "sign" and not matrices and t.text in ("&", "\\\\"):
            continue
        if t.kind == "sign" and level == 0 and not matrices and t.text in RELATIONS:
            relations.append(t.text)
            found.append([])
        elif t.kind != "end":
            found[-1].append(t)
    return found, relations


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0
        self.level = self.bars = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, n: int = 1) -> Token:
        return self.tokens[min(self.at + n, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.now
        self.at += 1 if token.kind != "end" else 0
        return token

    def is_sign(self, *texts: str) -> bool:
        return self.now.kind == "sign" and self.now.text in texts

    def took(self, sign: str) -> bool:
        if self.is_sign(sign):
            self.at += 1
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.took(sign):
            raise NotUnderstoodError(f"{sign!r} is missing before {self.now.text or 'the end'!r}")

    # --- sums and products ------------------------------------------------------------------------------

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

    # --- what stands above and behind -------------------------------------------------------------------

    def power(self) -> Node:
        named = self.now.kind == "word" or self.now.text.startswith("accent")
        node = self.atom()
        while True:
            if self.took("ᵀ"):
                node = Apply("transpose", (node,))
            elif self.took("_"):
                node = Apply("part", (node, *self.indices()))
            elif self.took("^"):
                node = self.script(node, named and isinstance(node, Name) and node.above is None)
            else:
                return node

    def script(self, base: Node, named: bool) -> Node:
        """Read what stands above: T, a power, or, of a name, a power or an index, which its resolver decides."""
        if self.took("ᵀ"):
            return Apply("transpose", (base,))
        braces = self.took("{")
        bracket = self.now.text if self.is_sign("[", "(") else ""
        if bracket:
            self.take()
        if braces and self.is_sign("-") and self.ahead().text == "ᵀ":
            self.take()
            self.take()
            self.need("}")
            return Apply("transpose", (Apply("^", (base, Apply("neg", (Number(Fraction(1), "1"),)))),))
        if self.took("∘"):
            found: Node = Apply("^∘", (base, self.sum()))
        elif braces and not bracket and self.took("ᵀ"):
            found = Apply("transpose", (base,))
        else:
            above = self.sum() if braces or bracket else self.single()
            if bracket == "[" and not named:
                raise NotUnderstoodError("a bracket above what has no index")
            if named and isinstance(base, Name):
                found = Name(base.base, base.accents, base.below, above, bracket, base.primes)
            else:
                found = Apply("^", (base, above))
        if bracket:
            self.need({"[": "]", "(": ")"}[bracket])
        if braces:
            if self.took("ᵀ"):
                found = Apply("transpose", (found,))
            self.need("}")
        return found

    def single(self) -> Node:
        t = self.take()
        if t.kind == "number":
            return _number(t.text)
        if t.kind == "word":
            return Name(t.text)
        raise NotUnderstoodError(f"{t.text!r} above")

    # --- atoms --------------------------------------------------------------------------------------------

    def atom(self) -> Node:
        t = self.now
        match t.kind:
            case "number":
                digits = self.take().text
                while self.now.kind == "number" and (self.now.text + digits).count(".") < 2 and not self.is_indicator():
                    digits += self.take().text  # a long one goes on in the next line
                if digits == "1" and self.is_sign("{") and self.now.tight:
                    return self.indicator()
                return _number(digits)
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
                node = self.sum()
                if t.text == "{" and self.is_sign(","):
                    node = self.cases(node)
                self.bars = bars
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

    def between_bars(self, bar: str) -> Node:
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

    def derivative(self, sign: str) -> Node:
        """Read ∂of/∂wrt, after its first sign; or ∂_2 f(x, y), a derivative by the second argument."""
        if sign == "∂" and self.took("_"):
            braces = self.took("{")
            by = self.take()
            if braces:
                self.need("}")
            call = self.atom()
            if not isinstance(call, Call) or by.kind != "number":
                raise NotUnderstoodError("∂ with an index before what is no function")
            return Call(call.function, call.arguments, int(by.text))
        if self.is_sign("^"):
            return self.second(False)
        of, columns = self.derived()
        self.need("/")
        self.need("∂")
        return self.partial(of, self.derived()[0], sign == "∂⁺", columns)

    def derived(self) -> tuple[Name, bool]:
        """Read a name, or vec(X): whether it is a matrix with its columns one below the other."""
        after = self.ahead()
        if self.now.text != "vec" or after.text != "(" or not after.tight:
            return self.whole_name(), False
        self.take()
        self.take()
        found = self.whole_name()
        self.need(")")
        return found, True

    @staticmethod
    def partial(of: Name, wrt: Name, immediate: bool, columns: bool) -> Node:
        """Return ∂of/∂wrt; of matrices with their columns one below the other it is marked."""
        found = Partial(of, wrt, immediate)
        return Apply("vec", (found,)) if columns else found

    def second(self, fraction: bool) -> Node:
        """Read ∂²of/∂x² or ∂²of/(∂x ∂y), after its first sign; fraction: as a fraction of LaTeX."""
        self.squared()
        of = self.whole_name()
        group = fraction
        for sign in "}{" if fraction else "/":
            self.need(sign)
        if not fraction:
            group = self.took("(")
        self.need("∂")
        first = second = self.whole_name(squared=True)
        if self.is_square():
            self.squared()
        else:
            self.need("∂")
            second = self.whole_name()
        if group:
            self.need("}" if fraction else ")")
        return Partial(Partial(of, first), second)

    def is_square(self) -> bool:
        """Tell whether the exponent 2 is next."""
        texts = [self.now.text, *(self.ahead(n).text for n in range(1, 4))]
        return texts[:2] == ["^", "2"] or texts[:4] == ["^", "{", "2", "}"]

    def squared(self) -> None:
        """Read the exponent 2 of a second derivative."""
        self.need("^")
        braces = self.took("{")
        if self.take().text != "2":
            raise NotUnderstoodError("a derivative of an order other than 2")
        if braces:
            self.need("}")

    def whole_name(self, squared: bool = False) -> Name:
        """Read a name with an index that may stand above it; squared: a 2 there is none, but that of ∂x²."""
        if self.now.kind not in ("word", "command"):
            raise NotUnderstoodError("∂ before what is no name")
        name = self.name()
        if self.is_sign("^") and self.ahead().text != "ᵀ" and not (squared and self.is_square()):
            self.take()
            found = self.script(name, True)
            if not isinstance(found, Name):
                raise NotUnderstoodError("∂ of what is no name")
            return found
        return name

    def change(self) -> Node:
        """Read dW, whose index may stand above it, before a T."""
        name = self.name()
        if self.is_sign("^") and "ᵀ" not in (self.ahead().text, self.ahead(2).text):
            self.take()
            match self.script(name, True):
                case Name() as found:
                    return Apply("d", (found,))
                case Apply("transpose", (Name() as found,)):
                    return Apply("transpose", (Apply("d", (found,)),))
            raise NotUnderstoodError("a change of what is no name")
        return Apply("d", (name,))

    def big(self, sign: str) -> Node:
        self.need("_")
        self.need("{")
        symbol = self.name()
        self.need("=")
        low = self.sum()
        without: list[Node] = []
        conditions: list[Node] = []
        while self.took(","):
            start, first = self.at, self.sum()
            if self.took("≠"):
                if first != symbol:
                    raise NotUnderstoodError(f"what {sign} leaves out")
                without.append(self.sum())
            else:
                self.at = start
                conditions.append(self.chain())
        self.need("}")
        self.need("^")
        braces = self.took("{")
        high = self.sum() if braces else self.single()
        if braces:
            self.need("}")
        if symbol != Name(symbol.base):
            raise NotUnderstoodError(f"the index of {sign}")
        return Big(sign, symbol.base, low, high, self.entrywise(), tuple(without), tuple(conditions))

    def grid(self) -> Node:
        """Read [a, b; c, d]."""
        bars, self.bars = self.bars, 0
        rows: list[list[Node]] = [[self.sum()]]
        while not self.took("]"):
            if self.took(";"):
                rows.append([self.sum()])
            else:
                self.need(",")
                rows[-1].append(self.sum())
        self.bars = bars
        return _matrix(rows)

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

    def signed_group(self) -> Node:
        self.need("{")
        node = self.sum()
        self.need("}")
        return node

    def fraction(self) -> Node:
        self.need("{")
        if not (self.is_sign("∂", "∂⁺") and self.ahead().text != "_"):
            above = self.sum()
            self.need("}")
            return Apply("/", (above, self.signed_group()))
        immediate = self.take().text == "∂⁺"
        if not immediate and self.is_sign("^"):
            return self.second(True)
        of, columns = self.derived()
        for sign in ("}", "{", "∂"):
            self.need(sign)
        wrt, _ = self.derived()
        self.need("}")
        return self.partial(of, wrt, immediate, columns)

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

    # --- names --------------------------------------------------------------------------------------------

    def name(self) -> Name:
        """Read a name with its accents, its primes, and what stands below it."""
        base, accents = self.accented()
        below: tuple[Node, ...] = ()
        primes = self.primes()
        while self.is_sign("_"):
            self.take()
            if self.now.kind == "word" and self.now.text in ACCENTS:
                accents = (*accents, self.take().text)
            else:
                below += self.indices()
            primes += self.primes()
        return Name(base, accents, below, primes=primes)

    def accented(self) -> tuple[str, tuple[str, ...]]:
        if self.now.kind == "word":
            return self.take().text, ()
        kind, _, accent = self.take().text.partition(" ")
        if kind != "accent":
            raise NotUnderstoodError(f"a {kind} in the place of a name")
        self.need("{")
        base, accents = self.accented()
        self.need("}")
        return base, (*accents, accent)

    def primes(self) -> int:
        count = 0
        while self.took("'"):
            count += 1
        return count

    def indices(self) -> tuple[Node, ...]:
        if not self.took("{"):
            return (self.single(),)
        found = [self.place()]
        while self.took(","):
            found.append(self.place())
        self.need("}")
        return tuple(found)

    def place(self) -> Node:
        """Read an index, or 1:k, several places of an array, or a colon, all of them."""
        if self.took(":"):
            return Apply(":", ())
        first = self.sum()
        return Apply(":", (first, self.sum())) if self.took(":") else first

    def called(self, name: Name) -> Node:
        """Read the arguments of a function, where parentheses stand right behind its name."""
        if self.is_sign("|") and self.now.tight and name == Name("ln"):
            self.take()
            return Call(name, (self.between_bars("|"),))
        if not (self.is_sign("(") and self.now.tight):
            return name
        self.take()
        bars, self.bars = self.bars, 0
        arguments = [self.sum()]
        while self.took(","):
            arguments.append(self.sum())
        self.bars = bars
        self.need(")")
        return Call(name, tuple(arguments))


def _number(text: str) -> Number:
    return read_number(text, lambda _: "thousands")


def _matrix(rows: list[list[Node]]) -> Tuple:
    if len({len(r) for r in rows}) != 1:
        raise NotUnderstoodError("rows of different lengths")
    return Tuple(tuple(Tuple(tuple(r)) for r in rows))
