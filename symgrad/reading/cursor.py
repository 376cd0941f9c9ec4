"""The tokens of a formula, and where its reader is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError, Token
from symgrad.reading.tree import Node


def alone(tokens: Sequence[Token]) -> frozenset[str]:
    """Return the letters of a formula that stand somewhere without a parenthesis or bracket right behind them.

    Such a letter is a factor before a parenthesis too, as in p(1 - p); any other may be a function, as S in S(x).
    """
    found, at = set(), 0
    while at < len(tokens):
        letter, at = tokens[at], at + 1
        if letter.kind != "letter":
            continue
        if at < len(tokens) and tokens[at].text == "_":
            at = behind_index(tokens, at + 1)
        while at < len(tokens) and tokens[at].text == "'":
            at += 1
        if at == len(tokens) or tokens[at].text not in ("(", "["):
            found.add(letter.text)
    return frozenset(found)


def behind_index(tokens: Sequence[Token], at: int) -> int:
    """Return the place behind an index, which is one token or a group."""
    depth = 0
    while at < len(tokens):
        depth += {"{": 1, "}": -1}.get(tokens[at].text, 0)
        at += 1
        if depth == 0:
            break
    return at


def without_seen_braces(tokens: list[Token]) -> list[Token]:
    """Return tokens without braces that begin with a sign behind a number: a page shows 3.4{- 1} as 3.4 - 1."""
    dropped = set[int]()
    for at in range(1, len(tokens) - 1):
        if tokens[at].text == "{" and tokens[at + 1].text in ("+", "-") and _ends_a_number(tokens, at - 1):
            dropped |= {at, behind_index(tokens, at) - 1}
    return [t for n, t in enumerate(tokens) if n not in dropped] if dropped else tokens


def _ends_a_number(tokens: list[Token], at: int) -> bool:
    """Tell whether a number ends at a place, also one in braces of its own; an exponent or an index is none."""
    if tokens[at].text == "}" and at >= 2 and tokens[at - 2].text == "{":
        first, at = at - 2, at - 1
        before = tokens[first - 1] if first else None
        alone = before is None or (before.kind in ("op", "relation", "open") and before.text not in ("^", "_"))
    else:
        before = tokens[at - 1] if at else None
        alone = before is None or (before.text not in ("^", "_") and before.kind not in ("frac", "function", "command"))
    return alone and tokens[at].kind == "number"


class Cursor(ABC):
    """Goes through the tokens of one side of a relation, of which the last is of kind "end".

    factors: letters before a parenthesis that are not functions.

    What is read in one file is called in another: sums, products, powers and groups.
    """

    def __init__(
        self, tokens: list[Token], reading: Reading, ambiguous: set[str], factors: frozenset[str] | None = None
    ) -> None:
        self.tokens, self.reading, self.ambiguous = tokens, reading, ambiguous
        self.factors = alone(tokens) if factors is None else factors
        self.at = 0

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

    def index_text(self) -> str:
        """Return the index that follows the sign _."""
        self.take()
        return self.index()

    def index(self) -> str:
        """Return what stands below or above a letter, as it is written."""
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

    def primes(self) -> int:
        """Count the primes that follow, and skip them."""
        primes = 0
        while self.is_op("'"):
            self.take()
            primes += 1
        return primes

    @abstractmethod
    def whole(self) -> Node:
        """Read all tokens."""

    @abstractmethod
    def infixed(self) -> Node:
        """Read all that stands in a group."""

    @abstractmethod
    def sum(self) -> Node:
        """Read terms."""

    @abstractmethod
    def product(self) -> Node:
        """Read factors."""

    @abstractmethod
    def atom(self) -> Node:
        """Read a number, a letter, a function with its argument, or what stands in parentheses."""

    @abstractmethod
    def power(self) -> Node:
        """Read an atom with what stands above and behind it."""

    @abstractmethod
    def raised(self, base: Node) -> Node:
        """Read what stands above what was read."""

    @abstractmethod
    def exponent(self) -> Node:
        """Read what stands above something, behind the sign ^."""

    @abstractmethod
    def group(self) -> Node:
        """Read what stands in parentheses of any kind."""

    @abstractmethod
    def single(self) -> Node:
        """Read what stands above or below without braces."""

    @abstractmethod
    def accented(self) -> Node:
        """Read a letter with an accent."""

    @abstractmethod
    def begins_factor(self) -> bool:
        """Tell whether the token can begin a factor that stands beside the one before."""
