"""The tokens of a formula on a page, and where its reader is."""

from __future__ import annotations

from abc import ABC, abstractmethod

from symgrad.reading.page.token import Token
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Node


class Cursor(ABC):
    """Goes through the tokens of a formula.

    What is read in one file is called in another: sums, terms, factors, groups.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0
        self.level = self.bars = 0
        self.raised = False

    @property
    def now(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    def ahead(self, n: int = 1) -> Token:
        """Return a later token, or the end."""
        return self.tokens[min(self.at + n, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Return the token, and go on."""
        token = self.now
        self.at += 1 if token.kind != "end" else 0
        return token

    def is_sign(self, *texts: str) -> bool:
        """Tell whether the token is one of these signs."""
        return self.now.kind == "sign" and self.now.text in texts

    def took(self, sign: str) -> bool:
        """Tell whether the token is a sign, and go on where it is."""
        if self.is_sign(sign):
            self.at += 1
            return True
        return False

    def need(self, sign: str) -> None:
        """Go on behind a sign that must stand here."""
        if not self.took(sign):
            raise NotUnderstoodError(f"{sign!r} is missing before {self.now.text or 'the end'!r}")

    @abstractmethod
    def sum(self) -> Node:
        """Read a sum."""

    @abstractmethod
    def entrywise(self) -> Node:
        """Read a term."""

    @abstractmethod
    def atom(self) -> Node:
        """Read what no sign stands in: a number, a name, a group."""

    @abstractmethod
    def signed_group(self) -> Node:
        """Read a group in braces."""
