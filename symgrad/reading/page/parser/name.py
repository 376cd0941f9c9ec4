"""Names on a page: their accents, primes and indices, and what stands above a name."""

from __future__ import annotations

from fractions import Fraction

from symgrad.reading.number import read_number
from symgrad.reading.page.parser.cursor import Cursor
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Name, Node, Number

ACCENTS = frozenset(["hat", "bar", "tilde", "dot", "vec"])


class Names(Cursor):
    """Reads names and what stands above and below them."""

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
        """Read a name, and what stands on it: \\hat{x} is x with a hat."""
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
        """Return how many primes stand here."""
        count = 0
        while self.took("'"):
            count += 1
        return count

    def indices(self) -> tuple[Node, ...]:
        """Read what stands below: one token, or a group with commas."""
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

    def single(self) -> Node:
        """Read one number or name."""
        t = self.take()
        if t.kind == "number":
            return number_of(t.text)
        if t.kind == "word":
            return Name(t.text)
        raise NotUnderstoodError(f"{t.text!r} above")

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
            above = self._above(braces and not bracket) if braces or bracket else self.single()
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

    def _above(self, raised: bool) -> Node:
        """Read what stands above; raised: a T behind it is the transpose of the base, W^{l T}."""
        before, self.raised = self.raised, raised
        found = self.sum()
        self.raised = before
        return found

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

    def is_square(self) -> bool:
        """Tell whether the exponent 2 is next."""
        texts = [self.now.text, *(self.ahead(n).text for n in range(1, 4))]
        return texts[:2] == ["^", "2"] or texts[:4] == ["^", "{", "2", "}"]

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


def number_of(text: str) -> Number:
    """Return a number of a page, where a comma groups thousands."""
    return read_number(text, lambda _: "thousands")
