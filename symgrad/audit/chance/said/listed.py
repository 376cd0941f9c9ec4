"""Laws of finitely many values, as formulas list them: P(X = 0) = 0.2, P(X = 1) = 0.5, P(X = 2) = 0.3."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flint import fmpq

from symgrad.audit.chance.said.stated import LISTED, Stated
from symgrad.audit.parsed import chains_of
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import EVENT, Node, Symbol, Unknown, symbols
from symgrad.reading.value import UndefinedError, evaluate

LONGEST, MOST = 400, 40
"""Characters of a formula, and values of a law, that are read."""
LISTS = re.compile(r"(?:P|\\Pr|P\}|Pr\})\s*(?:\\left|\\big[lr]?)?\s*[(\[]\s*[A-Z][\w{}]*\s*=")
CHANCES = ("P", "Pr")
_EVENT = re.compile(r"([A-Z](?: _ \w+)?) = (.+)")
_WORDS = re.compile(r"\n[ \t]*\n(?=.*[A-Za-z]{2,}\W+[A-Za-z]{2,}\W+[A-Za-z]{2,})|\n[ \t]*\n.*\n[ \t]*\n", re.DOTALL)


class Lists:
    """What a text has listed so far of each letter, until it adds up to 1."""

    def __init__(self) -> None:
        self._found: dict[str, dict[fmpq, fmpq]] = {}

    def read(self, text: str, gap: str) -> Iterator[Stated]:
        """Read a formula, and the words between it and the one before; yield the laws that are whole now."""
        if _WORDS.search(gap):
            self._found = {}
        if len(text) > LONGEST or not LISTS.search(text):
            return
        for letter, value, chance in masses(text):
            known = self._found.setdefault(letter, {})
            if known.get(value, chance) != chance:
                known.clear()  # of another variable, or another example
            known[value] = chance
            if len(known) > MOST:
                known.clear()
            if len(known) > 1 and sum(known.values(), fmpq(0)) == 1:
                yield as_stated(letter, known.items())
                del self._found[letter]


def as_stated(letter: str, pairs: object) -> Stated:
    """Return the law of values and probabilities."""
    return Stated(letter, LISTED, tuple(str(x) for pair in pairs for x in pair))  # type: ignore[attr-defined]


def masses(text: str) -> Iterator[tuple[str, fmpq, fmpq]]:
    """Yield each letter, its value and the probability that a formula gives of it.

    >>> list(masses("P(X = 0) = P(X = 4) = 1/8, P(X > 1) = 3/4"))
    [('X', 0, 1/8), ('X', 4, 1/8)]
    """
    for chain in chains_of(text):
        if chain.asked or any(r not in ("=", "≈") for r in chain.relations):
            continue
        events = [found for side in chain.sides if (found := point(side.node))]
        values = [v for side in chain.sides if (v := number(side.node)) is not None]
        if events and len(events) + len(values) == len(chain.sides) and values and "≈" not in chain.relations:
            yield from ((letter, value, values[0]) for letter, value in events)


def point(node: Node | None) -> tuple[str, fmpq] | None:
    """Return the letter and its value in P(X = 2)."""
    match node:
        case Unknown(name, (Symbol(inside),), 0) if name in CHANCES and inside.startswith(EVENT):
            found = _EVENT.fullmatch(inside.removeprefix(EVENT))
            chains = chains_of(found[2]) if found else ()
            if found and len(chains) == 1 and not chains[0].relations:
                value = number(chains[0].sides[0].node)
                return None if value is None else (found[1].replace(" ", ""), value)
    return None


def number(node: Node | None) -> fmpq | None:
    """Return the value of a calculation with fractions; None for anything else."""
    if node is None or symbols(node) or isinstance(node, Unknown):
        return None
    try:
        value = evaluate(node, {})
    except (NotUnderstoodError, UndefinedError):
        return None
    return value if isinstance(value, fmpq) else None
