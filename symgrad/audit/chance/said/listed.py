"""Laws of finitely many values, as formulas list them: P(X = 0) = 0.2, P(X = 1) = 0.5, P(X = 2) = 0.3."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flint import fmpq

from symgrad.audit.chance.said.stated import COUNTED, LISTED, Stated
from symgrad.audit.parsed import chains_of
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import EVENT, Node, Symbol, Unknown, symbols
from symgrad.reading.value import UndefinedError, evaluate

LONGEST, NEAR, MOST = 400, 60, 40
"""Characters of a formula and of what says where it holds, and values of a law, that are read."""
LISTS = re.compile(r"(?:P|\\Pr|P\}|Pr\})\s*(?:\\left|\\big[lr]?)?\s*[(\[]\s*[A-Z][\w{}]*\s*=")
CHANCES = ("P", "Pr")
_FORMULA = re.compile(
    r"\s*(?:P|\\Pr|\\mathbb\s*\{?\s*P\}?)\s*(?:\\left)?\(\s*([A-Z](?:_\{?\w\}?)?)\s*=\s*(\\?[a-z]+)\s*(?:\\right)?\)\s*="
    r"\s*([^=<>]+?)(?:[\s,;(]|\\q?quad|\\[,;: ]|\\text\s*\{\s*(?:for|für|pour|para|if|with)\s*\})*"
    r"\2\s*(?:=|\\in)\s*(?:\\\{)?\s*(-?\d+(?:\s*,\s*(?:-?\d+|\\[lc]?dots|…|\.\.\.))+)\s*(?:\\\})?[\s.,)]*"
)
"""A formula for the probability of each of some integers."""
_EVENT = re.compile(r"([A-Z](?: _ \w+)?) = ([^|<>=≤≥,]+)")
_WORDS = re.compile(r"\n[ \t]*\n(?=.*[A-Za-z]{2,}\W+[A-Za-z]{2,}\W+[A-Za-z]{2,})|\n[ \t]*\n.*\n[ \t]*\n", re.DOTALL)


class Lists:
    """What a text has listed so far of each letter, until it adds up to 1."""

    def __init__(self) -> None:
        self._found: dict[str, dict[fmpq, fmpq]] = {}

    def read(self, text: str, gap: str, support: str = "") -> Iterator[Stated]:
        """Read a formula, and the words between it and the one before; yield the laws that are whole now."""
        if _WORDS.search(gap):
            self._found = {}
        if len(text) > LONGEST or not LISTS.search(text):
            return
        if law := by_formula(text, support):
            yield law
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


def by_formula(text: str, support: str = "") -> Stated | None:
    r"""Return the law of a formula for the probability of each of some integers; None for anything else.

    >>> by_formula(r"P(X = k) = \frac{k}{3}", "k = 1, 2")
    Stated(letter='X', name='=counted', parameters=('1', '1/3', '2', '2/3'))
    """
    bare = " ".join(text.split())
    found = _FORMULA.fullmatch(bare) or _FORMULA.fullmatch(f"{bare}, {' '.join(support.split())[:NEAR]}")
    chains = chains_of(found[3]) if found else ()
    if found is None or len(chains) != 1 or len(chains[0].sides) != 1 or (node := chains[0].sides[0].node) is None:
        return None
    letter, values = found[2].lstrip("\\"), _integers(found[4])
    if len(values) > MOST or symbols(node) - {letter}:
        return None
    try:
        pairs = [(fmpq(k), evaluate(node, {letter: fmpq(k)})) for k in values]
    except (NotUnderstoodError, UndefinedError):
        return None
    whole = len(pairs) > 1 and all(isinstance(p, fmpq) for _, p in pairs) and sum((p for _, p in pairs), fmpq(0)) == 1
    return as_stated(found[1].replace("{", "").replace("}", ""), pairs, COUNTED) if whole else None


def _integers(text: str) -> list[int]:
    """Return the integers that are listed, 1, 2, …, 6."""
    first, *rest = re.split(r"\s*,?\s*(?:\\[lc]?dots|…|\.\.\.)\s*,?\s*", text.strip())
    listed = [int(n) for n in re.findall(r"-?\d+", first)]
    if len(rest) == 1 and listed and (last := re.fullmatch(r"-?\d+", rest[0])) and int(last[0]) - listed[-1] <= MOST:
        listed += range(listed[-1] + 1, int(last[0]) + 1)
    return listed if not rest or len(rest) == 1 else []


def as_stated(letter: str, pairs: object, name: str = LISTED) -> Stated:
    """Return the law of values and probabilities."""
    return Stated(letter, name, tuple(str(x) for pair in pairs for x in pair))  # type: ignore[attr-defined]


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


def event_of(node: Node) -> str:
    """Return the letter X of P(X = 2) or P(X = k); nothing for any other event."""
    match node:
        case Unknown(name, (Symbol(inside),), 0) if name in CHANCES and inside.startswith(EVENT):
            found = _EVENT.fullmatch(inside.removeprefix(EVENT))
            return found[1].replace(" ", "") if found else ""
    return ""


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
