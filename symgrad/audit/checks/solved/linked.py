"""A claim that answers something, with what it answers: the equations before it, and what is given beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.defined import remembered
from symgrad.audit.checks.solved.prior import prior
from symgrad.audit.checks.solved.words import Joint, begins, excuse, joint, leads
from symgrad.audit.definitions import Definitions
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
ELSEWHERE = "the sentence before"
"""Why nothing is refuted that perhaps answers another equation."""
EARLIER = 160
"""Characters before a sentence that are read for what excuses an answer."""


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


@dataclass(frozen=True)
class Linked:
    """An answer and what it answers.

    statements: those of the sentence; place: which of them the claim is; first, last: of the answers beside each other;
    equations: those right before them, or behind, the nearest last; joint: what says that they belong together.
    doubt: a word of the sentence for which nothing is refuted. functions: those that the text defines above.
    """

    statements: tuple[Statement, ...]
    place: int
    first: int
    last: int
    equations: tuple[Statement, ...]
    joint: Joint
    doubt: str = ""
    given: tuple[Statement, ...] = field(default=())
    functions: Definitions = field(default_factory=dict)

    @property
    def answers(self) -> tuple[Statement, ...]:
        """Return the answers."""
        return self.statements[self.first : self.last + 1]

    @property
    def own(self) -> Statement:
        """Return the claim itself."""
        return self.statements[self.place]


def linked(case: Case) -> Linked | None:
    """Return what the claim of a case answers; None where nothing says that it answers anything."""
    link = _linked(case)
    is_called = link is not None and any(isinstance(n, Unknown) for n in link.equations[-1].nodes)
    if link is None or not is_called or len(link.equations[-1].nodes) != 2:
        return link
    above = case.passage.definitions[-1:]  # the last alone: a name may be defined anew
    single, _ = remembered(tuple(text for _, text in above), case.reading)
    functions = {name: ((letter,), body) for name, (letter, body) in single.items()}
    return replace(link, functions=functions, doubt=link.doubt or "a function of another sentence")


def _linked(case: Case) -> Linked | None:
    passage = case.passage
    if passage.kind != "math" or passage.composed:
        return None
    found = statements(passage, case.reading)
    place = place_of(case, found)
    if place is None:
        return None
    doubt = doubt_of(passage)
    if link := around(found, place, doubt):
        return link
    if found[0].part > 0 or found[0].before.kind not in ("has", "then") or (above := prior(passage)) is None:
        return None
    equations = _statements((above.formula,), ("",), case.reading)
    if len(equations) != 1:
        return None
    certain = above.is_to_solve and found[0].before.kind == "has"
    return around((*equations, *found), place + 1, doubt or ("" if certain else ELSEWHERE))


def doubt_of(passage: Passage) -> str:
    """Return a word near a passage for which an answer need not be one, or nothing."""
    before = passage.before[-EARLIER:] if not passage.sentence.parts else ""
    return excuse(passage.sentence.words()) or excuse(passage.text) or excuse(before)


def statements(passage: Passage, reading: Reading) -> tuple[Statement, ...]:
    """Return the statements of the sentence of a passage, in their order."""
    first = max(passage.at - NEAR, 0)
    near = passage.sentence.parts[first : passage.at + NEAR + 1]
    texts = tuple(passage.text if first + i == passage.at else part.text for i, part in enumerate(near))
    words = tuple(part.words for part in near)
    if not near:
        texts, words, first = (passage.text,), ("",), 0
    found = _statements(texts, words, reading)
    return tuple(replace(s, part=first + s.part) for s in found)


@lru_cache(maxsize=64)
def _statements(texts: tuple[str, ...], words: tuple[str, ...], reading: Reading) -> tuple[Statement, ...]:
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


def around(found: tuple[Statement, ...], place: int, doubt: str) -> Linked | None:
    """Return the answers beside a claim, with the equations before them, or behind."""
    base = base_of(found[place])
    if not base and not is_bare(found[place]):
        return None
    first = last = place
    while first and _goes_on(found, first, base):
        first -= 1
    while last + 1 < len(found) and _goes_on(found, last + 1, base):
        last += 1
    start, given = _start(found, first)
    begin = start - len(given)
    how = found[start].before
    if begin and how.kind in ("then", "row", "has", "at") and not given:
        return Linked(found, place, first, last, _before(found, start), how, doubt)
    if begin and how.kind in ("are", "has", "then") and (how.kind != "are" or leads(found[begin - 1].words)):
        how = how if how.kind != "are" else Joint("has", how.whole)
        return Linked(found, place, first, last, _before(found, begin), how, doubt, given)
    if begin and how.kind in ("so to say", "or") and not given and begins(found[begin - 1].words):
        how = Joint("then", signs=how.signs)
        return Linked(found, place, first, last, found[begin - 1 : begin], how, doubt or "perhaps")
    behind = found[last + 1 : last + 2]
    if behind and behind[0].before.kind == "of" and behind[0].is_equation:
        return Linked(found, place, first, last, behind, behind[0].before, doubt)
    return None


def _start(found: Sequence[Statement], first: int) -> tuple[int, tuple[Statement, ...]]:
    """Return where the answers begin, those of other letters too, and what is given right before them: y(0) = 1."""
    while first > 1 and found[first].before.kind in ("or", "row") and _is_value(found[first - 1]):
        first -= 1
    begin = first
    while begin > 1 and is_given(found[begin - 1]):
        begin -= 1
    return first, tuple(found[begin:first])


def _is_value(statement: Statement) -> bool:
    """Tell whether a statement says which number a letter is."""
    return len(statement.nodes) == 2 and base_of(statement) != "" and not symbols(statement.nodes[1])


def _before(found: Sequence[Statement], first: int) -> tuple[Statement, ...]:
    """Return the statements before an answer that belong together, from the first to the nearest."""
    begin = first - 1
    while begin and found[begin].before.kind in ("row", "then", "or") and found[begin - 1].is_equation:
        begin -= 1
    return tuple(found[begin:first])


def _goes_on(found: Sequence[Statement], n: int, base: str) -> bool:
    """Tell whether a statement and the one before it are answers of one list."""
    joined = found[n].before.kind in ("or", "row")
    return joined and all(base_of(s) == base or is_bare(s) for s in found[n - 1 : n + 1])


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
