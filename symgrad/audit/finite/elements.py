r"""The elements of a printed set, \{1, 2, 3\}, \{(1, a), (2, b)\}, \{1, 2, \dots, 10\}, \emptyset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from symgrad.reading.token import NotUnderstoodError, Token

MOST = 200
"""Elements of a set."""
LONGEST_NAME = 12
FEWEST = 2
"""Numbers before dots, which say by how much they grow."""
Element = Fraction | str | tuple["Element", ...] | frozenset["Element"]
"""A number, a name, a pair, or a set."""


@dataclass(frozen=True)
class Finite:
    """A finite set; plain: it holds numbers alone, all of which are printed: none is equal to another by chance."""

    elements: frozenset[Element]
    plain: bool = True


class SetReader:
    """Reads what is printed, from its tokens, of which the last is of kind "end"."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens, self.at = tokens, 0
        self.plain = True

    @property
    def now(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Return the token and go on."""
        token = self.now
        self.at += 1 if token.kind != "end" else 0
        return token

    def take_if(self, *texts: str) -> bool:
        """Go on behind a token that is one of some; tell whether it is."""
        found = self.now.kind != "end" and self.now.text in texts
        self.at += found
        return found

    def printed(self) -> frozenset[Element]:
        """Read \\{…\\}; raises NotUnderstoodError for what is no list of elements."""
        if not self.take_if("\\{"):
            raise NotUnderstoodError("no set")
        found = list[Element]()
        dots: int | None = None
        while not self.take_if("\\}"):
            if self.now.text == "…" and dots is None:
                self.take()
                dots = len(found)
            else:
                found.append(self.element())
            if not self.take_if(",", ";") and self.now.text != "\\}":
                raise NotUnderstoodError("no list of elements")
        if dots is not None:
            self.plain = False
            found = _between(found, dots)
        return frozenset(found)

    def element(self) -> Element:
        """Read an element: a number, a letter or a word, a pair, or a set."""
        token = self.now
        if token.text == "\\{":
            return self.printed()
        if token.kind == "open" and token.text == "(":
            return self._pair()
        if token.kind == "command" and token.text in EMPTY:
            self.take()
            return frozenset()
        if token.kind in ("letter", "text"):
            return self._name()
        return self._number()

    def _pair(self) -> Element:
        self.take()
        found = [self.element()]
        while self.take_if(",", ";"):
            found.append(self.element())
        if not self.take_if(")") or len(found) < FEWEST:
            raise NotUnderstoodError("no pair")
        return tuple(found)

    def _name(self) -> Element:
        """Read letters side by side, HT, or one with an index, x_1: names, which may be equal."""
        self.plain = False
        name = self.take().text
        while self.now.kind in ("letter", "number") and self.now.tight and len(name) < LONGEST_NAME:
            name += self.take().text
        if self.take_if("_"):
            name += f"_{self.take().text}"
        if self.now.text not in (",", ";", "\\}", ")"):
            raise NotUnderstoodError("an element that is calculated")
        return name

    def _number(self) -> Element:
        sign = -1 if self.take_if("-") else 1
        if self.now.kind == "frac":
            self.take()
            above, below = self._two_digits() if len(self.now.text) > 1 else (self._braced(), self._braced())
        else:
            above, below = self._digits(), self._digits() if self.take_if("/") else Fraction(1)
        if below == 0:
            raise NotUnderstoodError("a division by 0")
        return sign * above / below

    def _two_digits(self) -> tuple[Fraction, Fraction]:
        r"""Read the numbers of \frac12."""
        digits = self.take().text
        if not digits.isdecimal() or len(digits) > 2:
            raise NotUnderstoodError("an element that is calculated")
        return Fraction(digits[0]), Fraction(digits[1])

    def _braced(self) -> Fraction:
        braced = self.take_if("{")
        found = self._digits()
        if braced and not self.take_if("}"):
            raise NotUnderstoodError("an element that is calculated")
        return found

    def _digits(self) -> Fraction:
        token = self.take()
        if token.kind != "number" or not token.text.replace(".", "", 1).isdecimal():
            raise NotUnderstoodError("an element that is no number")
        return Fraction(token.text)


EMPTY = ("emptyset", "varnothing")


def _between(found: list[Element], dots: int) -> list[Element]:
    """Return the elements with those that dots stand for: numbers grow by equal steps up to the last."""
    before, after = found[:dots], found[dots:]
    numbers = [x for x in before if isinstance(x, Fraction)]
    if len(numbers) != len(before) or len(before) < FEWEST or len(after) != 1 or not isinstance(after[0], Fraction):
        raise NotUnderstoodError("dots in a set")
    last, step = after[0], numbers[1] - numbers[0]
    if step <= 0 or any(b - a != step for a, b in pairwise(numbers)):
        raise NotUnderstoodError("dots in a set")
    count = (last - numbers[0]) / step
    if count.denominator != 1 or not 0 < count <= MOST:
        raise NotUnderstoodError("dots in a set")
    return [numbers[0] + k * step for k in range(int(count) + 1)]


def shown(elements: frozenset[Element]) -> str:
    """Return a set as it is printed, with its numbers in their order.

    >>> shown(frozenset([Fraction(10), Fraction(2), "a"])), shown(frozenset())
    ('{2, 10, a}', '∅')
    """
    return f"{{{', '.join(map(_shown, sorted(elements, key=_order)))}}}" if elements else "∅"


def _shown(element: Element) -> str:
    if isinstance(element, frozenset):
        return shown(element)
    return f"({', '.join(map(_shown, element))})" if isinstance(element, tuple) else str(element)


def _order(element: Element) -> tuple[int, Fraction, str]:
    match element:
        case Fraction():
            return 0, element, ""
        case tuple():
            return 1, _order(element[0])[1], _shown(element)
    return 2, Fraction(0), _shown(element)
