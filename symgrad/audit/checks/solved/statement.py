"""The statements of a sentence, in their order, each with what stands before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from symgrad.audit.case import Case
from symgrad.audit.checks.solved.words import Joint, joint
from symgrad.audit.finding import Passage
from symgrad.audit.parsed import parsed
from symgrad.audit.torn import JOINT
from symgrad.reading.reading import Reading
from symgrad.reading.tree import Chain, Node, Number, Symbol, Tuple, Unknown, symbols

NEAR = 6
"""Formulas of a sentence that are read before a claim, and behind it."""
MOST = 60
"""Statements in them that are read."""
_CASES = re.compile(r"\\begin\{(?:cases|array)\}|\\end\{(?:cases|array)\}")
_COLUMNS = re.compile(r"(\\begin\{split\})(\{[lcr|]{1,6}\})")
_BRACES = re.compile(r"\\left\s*\\\{|\\right\s*\.")
_INDEX = re.compile(r"(?:1|2|3|4|1,2|1/2|12|\+|-|±|pm|1,2,3)\Z")
"""What stands below the letter of one of several solutions."""
_ALIGNED = re.compile(r"&\s*(?:=|\\approx|≈)[^&]*\\\\|&\s*=\s*&[^&]*\\\\")
"""The rows of a display with their relations one below the other."""


@dataclass(frozen=True)
class Statement:
    """A chain of relations in a sentence, what stands before it, its text, and the formula it stands in.

    words: before it. rows: whether the formula is a display of aligned rows, and no system of equations.
    """

    chain: Chain
    before: Joint
    text: str
    part: int
    words: str = ""
    rows: bool = False

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the sides that are understood; none where one is not."""
        found = tuple(s.node for s in self.chain.sides if s.node is not None and not s.unit)
        return found if len(found) == len(self.chain.sides) else ()

    @property
    def is_equation(self) -> bool:
        """Tell whether it equates sides that are all understood."""
        return bool(self.chain.relations) and set(self.chain.relations) == {"="} and bool(self.nodes)


def statements(passage: Passage, reading: Reading) -> tuple[Statement, ...]:
    """Return the statements of the sentence of a passage, in their order."""
    first = max(passage.at - NEAR, 0)
    near = passage.sentence.parts[first : passage.at + NEAR + 1]
    texts = tuple(passage.text if first + i == passage.at else part.text for i, part in enumerate(near))
    words = tuple(part.words for part in near)
    if not near:
        texts, words, first = (passage.text,), ("",), 0
    found = read(texts, words, reading)
    return tuple(replace(s, part=first + s.part) for s in found)


@lru_cache(maxsize=64)
def read(texts: tuple[str, ...], words: tuple[str, ...], reading: Reading) -> tuple[Statement, ...]:
    """Return the statements of some formulas, with the words before each."""
    found: list[Statement] = []
    for i, (printed, before) in enumerate(zip(texts, words, strict=True)):
        text = with_rows(printed)
        rows = text == printed and _ALIGNED.search(text) is not None and "cases" not in text
        parse = parsed(text, reading)
        at = 0
        for n, chain in enumerate(() if isinstance(parse, str) else parse[0]):
            between = before if n == 0 else text[at : chain.sides[0].start]
            between = between if JOINT not in between else "\\\\ broken"
            found.append(Statement(chain, joint(between, beside=n > 0), text, i, between, rows))
            at = chain.sides[-1].end
    return tuple(found[:MOST])


def with_rows(text: str) -> str:
    r"""Return a formula with the rows of a system as rows of a display, each sign where it was.

    >>> print(with_rows(r"\begin{cases} x = 1 \end{cases}"))
    \begin{split} x = 1 \end{split}
    """
    if "cases" not in text and "array" not in text:
        return text
    rows = _CASES.sub(lambda m: m[0].replace("cases", "split").replace("array", "split"), text)
    rows = _COLUMNS.sub(lambda m: m[1] + " " * len(m[2]), rows)
    return _BRACES.sub(lambda m: " " * len(m[0]), rows)


def place_of(case: Case, found: Sequence[Statement]) -> int | None:
    """Return which statement the claim is; only the first relation of a chain answers something."""
    parse = parsed(case.passage.text, case.reading)
    if isinstance(parse, str) or len(case.nodes) != 2:
        return None
    own = [chain for chain in parse[0] if chain.relations][case.number]
    part = case.passage.at if case.passage.sentence.parts else 0
    places = (
        i
        for i, s in enumerate(found)
        if s.part == part and s.chain.relations and s.chain.sides[0].start == own.sides[0].start
    )
    return next(places, None)


def is_bare(statement: Statement) -> bool:
    """Tell whether a statement is a number by itself, the second in x = 2, 3."""
    nodes = statement.nodes
    return len(nodes) == 1 and not symbols(nodes[0]) - {"i"} and not isinstance(nodes[0], Tuple)


def base_of(statement: Statement) -> str:
    """Return the letter of which a statement is an answer, x of x = 3 and of x_1 = 3; or nothing."""
    nodes = statement.nodes
    if len(nodes) < 2 or statement.chain.relations[0] not in ("=", "≈", "∈"):
        return ""
    match nodes[0]:
        case Symbol(name) if name not in symbols(nodes[1]) and name != "pi":
            letter, _, index = name.partition("_")
            return letter if _INDEX.match(index) else name
        case Unknown(name, (Symbol(),), 0) if name.isalpha():
            return name
        case Tuple(items) if isinstance(nodes[1], Tuple) and all(isinstance(n, Symbol) for n in items):
            return ",".join(sorted(symbols(nodes[0])))
    return ""


def is_given(statement: Statement) -> bool:
    """Tell whether a statement says what a function, or a term of a sequence, is at a number: y(0) = 1, a_0 = 2."""
    nodes = statement.nodes
    if len(nodes) != 2 or not statement.is_equation:
        return False
    match nodes[0]:
        case Unknown(_, (place,)):
            return not symbols(place)
        case Symbol(name):
            index = name.partition("_")[2]
            return index.isdecimal() and isinstance(nodes[1], Number)
    return False


def is_value(statement: Statement) -> bool:
    """Tell whether a statement says which number a letter is."""
    return len(statement.nodes) == 2 and base_of(statement) != "" and not symbols(statement.nodes[1])
