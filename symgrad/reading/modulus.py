r"""The modulus behind a congruence: \pmod{7}, (mod 7), (\bmod 7)."""

from __future__ import annotations

from symgrad.reading.cursor import Cursor
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Node, Unknown

MODULO = "(mod)"
"""The unknown function of a side and of the modulus behind it."""
COMMANDS = ("pmod", "pod")


class ModulusReader(Cursor):
    """Reads what a congruence is modulo."""

    def is_modulus(self) -> bool:
        """Tell whether a modulus stands here."""
        if self.now.kind == "command":
            return self.now.text in COMMANDS
        return self.now.text == "(" and self.ahead().kind == "op" and self.ahead().text == "mod"

    def modulo(self, node: Node) -> Node:
        """Read the modulus behind a side."""
        if self.take().kind == "command":
            return Unknown(MODULO, (node, self.group() if self.now.text == "{" else self.single()))
        self.take()
        modulus = self.sum()
        if self.take().text != ")":
            raise NotUnderstoodError("a modulus that is not closed")
        return Unknown(MODULO, (node, modulus))
