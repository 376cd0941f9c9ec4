r"""Claims about finite sets: A \cap B = \{2, 3\}, |A \cup B| = 4, 2 \in A, A \subseteq B."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flint import fmpq

from symgrad.audit.case import is_closed
from symgrad.audit.doubt.evidence import evidence
from symgrad.audit.finding import SURE, Evidence, Judgement, Passage, Word, unchecked
from symgrad.audit.finite.algebra import AlgebraReader, Known
from symgrad.audit.finite.elements import Element, Finite, SetReader, shown
from symgrad.audit.finite.given import sets_before, tokens_of
from symgrad.audit.parsed import chains_of
from symgrad.audit.words.context import hedged, other_mathematics, supposed, told_wrong
from symgrad.reading.token import NotUnderstoodError, Token
from symgrad.reading.tree import Chain, Node, Number
from symgrad.reading.value import evaluate

KIND = "set"
RELATIONS = frozenset("=≠∈∉⊆⊂⊊⊇")
FEWEST = 3
"""Elements of two sets together, of which one that differs is a slip."""
PRINTED = ("\\{", "\\lbrace", "emptyset", "varnothing")
"""What stands in a formula that gives a set."""
OF_SETS = frozenset("∉⊆⊂⊊⊇")
"""Relations that nothing else has."""
_SIGNS = ("cap", "cup", "∩", "∪", "setminus", "∈", "in", "\\{", "#", "|", "vert", "subset", "∉", "⊆", "⊂", "⊇", "n(")


_ITEM = re.compile(
    r"(?:\\item|<li>|^[ \t]*(?:[-*+]|\(?[A-Za-z0-9]{1,3}[.)]))[^\n.]{0,40}\n?[^\n.]{0,40}\Z", re.MULTILINE
)
"""The beginning of an item of a list right before a claim."""


@dataclass(frozen=True)
class Side:
    """A side that is a set: what it may be; calculated: it is no printed set and no name."""

    may_be: tuple[Finite, ...]
    calculated: bool
    named: bool


def of_sets(passage: Passage, chain: Chain, i: int) -> Judgement | None:
    """Judge a relation between finite sets, or their sizes; None for any other claim."""
    if chain.relations[i] not in RELATIONS or passage.kind != "math":
        return None
    beside = (passage.text, *(text for _, text in passage.given), *(part.text for part in passage.sentence.parts))
    if not any(sign in text for text in beside for sign in PRINTED) or not any(s in passage.text for s in _SIGNS):
        return None
    texts = [passage.text[s.start : s.end] for s in chain.sides[i : i + 2]]
    known, far = sets_before(passage, chain)
    try:
        said = _judged(texts[0], chain.relations[i], texts[1], known)
    except (NotUnderstoodError, RecursionError, ValueError):
        return None
    if said is None or not said.word.flags:
        return said
    if _ITEM.search(passage.before):
        return unchecked("perhaps one of several statements that are to be judged", KIND)
    if far & _names(texts):
        return unchecked("a set of this name is given far above", KIND)
    excuses = (told_wrong, other_mathematics, supposed, hedged)
    if excuse := next(filter(None, (e(passage) for e in excuses)), ""):
        return Judgement(Word.UNCHECKED, said.value, excuse, KIND, excused=True)
    return said


def _names(texts: list[str]) -> frozenset[str]:
    return frozenset(t.text for text in texts for t in tokens_of(text) if t.kind == "letter")


def _judged(left: str, relation: str, right: str, known: Known) -> Judgement | None:
    if relation in "∈∉":
        return _member(left, relation, right, known)
    one, other = _side(left, known), _side(right, known)
    if relation == "=" and (one is None or other is None):
        return _sizes(left, right, known)
    if one is None or other is None:
        return None
    if relation == "≠":
        differ = all(a.plain and b.plain and a.elements != b.elements for a in one.may_be for b in other.may_be)
        return Judgement(Word.CONFIRMED, reason="not the same elements", kind=KIND) if differ else None
    if relation == "=":
        return _equal(one, other)
    return _subset(one, relation, other)


def _side(text: str, known: Known) -> Side | None:
    """Return a side as a set; None for anything else."""
    try:
        reader = AlgebraReader(tokens_of(text), known, text)
        found = reader.whole()
    except NotUnderstoodError:
        return None
    named = not reader.calculated and "\\{" not in text and "empty" not in text
    return Side(tuple(Finite(x, reader.plain) for x in found), reader.calculated, named)


def _equal(one: Side, other: Side) -> Judgement | None:
    """Judge an equation: it is a claim where a side is calculated; what gives a set is none."""
    if not (one.calculated or other.calculated):
        return None
    pairs = [(a, b) for a in one.may_be for b in other.may_be]
    if any(a.elements == b.elements for a, b in pairs):
        return Judgement(Word.CONFIRMED, reason="the same elements", kind=KIND)
    if not all(a.plain and b.plain for a, b in pairs):
        return unchecked("perhaps names of the same elements", KIND)
    if len(pairs) > 1:
        return unchecked("signs without parentheses", KIND)
    [(a, b)] = pairs
    right, shows = (a, b) if one.calculated else (b, a)
    found = _slip(right.elements, shows.elements)
    if found is None and (one.named or other.named or not _is_short(one, other)):
        return unchecked("perhaps other sets of the same names", KIND)
    slip, strength = found or ("", 1)
    wrong = Evidence(True, frozenset([KIND]), slip, strength)
    return Judgement(Word.REFUTED, shown(right.elements), slip, KIND, evidence=wrong)


def _is_short(one: Side, other: Side) -> bool:
    """Tell whether both sets are small, as in a formula that prints all its sets."""
    return all(len(x.elements) <= FEWEST for side in (one, other) for x in side.may_be)


def _slip(right: frozenset[Element], shows: frozenset[Element]) -> tuple[str, int] | None:
    """Return by which element a printed set differs from the right one, and how much that says."""
    missing, more = len(right - shows), len(shows - right)
    if len(right | shows) < FEWEST or max(missing, more) > 1:
        return None
    said = "another element" if missing and more else "an element is missing" if missing else "an element too many"
    return said, SURE


def _member(left: str, relation: str, right: str, known: Known) -> Judgement | None:
    """Judge whether something is in a set. What is wrong may be asked, or be said to be judged: it is not refuted."""
    of = _side(right, known)
    if of is None:
        return None
    reader = SetReader([*_before_a_comma(tokens_of(left))])
    try:
        element = reader.element()
    except NotUnderstoodError:
        return None
    if reader.now.kind != "end":
        return None
    inside = [element in x.elements for x in of.may_be]
    if relation == "∈" and any(inside):
        return Judgement(Word.CONFIRMED, reason="it is one of the elements", kind=KIND)
    if relation == "∉" and not any(inside) and reader.plain and all(x.plain for x in of.may_be):
        return Judgement(Word.CONFIRMED, reason="it is none of the elements", kind=KIND)
    if isinstance(element, str):
        return None
    return unchecked("it does not hold, if it is claimed", KIND)


def _before_a_comma(tokens: list[Token]) -> list[Token]:
    """Return tokens with an end as a comma, as in a set."""
    return [replace(t, text=",") if t.kind == "end" else t for t in tokens]


def _subset(one: Side, relation: str, other: Side) -> Judgement | None:
    """Judge whether a set is a part of another; what is wrong is not refuted."""
    pairs = [(a.elements, b.elements) for a in one.may_be for b in other.may_be]
    if relation == "⊇":
        pairs = [(b, a) for a, b in pairs]
    holds = [a <= b and (relation != "⊊" or a != b) for a, b in pairs]
    if any(holds):
        return Judgement(Word.CONFIRMED, reason="all its elements are in the other", kind=KIND)
    return unchecked("it does not hold, if it is claimed", KIND)


def _sizes(left: str, right: str, known: Known) -> Judgement | None:
    """Judge an equation between numbers in which the sizes of sets stand: |A| + |B| = 6."""
    sides = [_with_sizes(text, known) for text in (left, right)]
    if not any(found for _, found, _ in sides):
        return None
    nodes = [_number(text) for text, _, _ in sides]
    if nodes[0] is None or nodes[1] is None:
        return None
    x, y = (evaluate(node, {}) for node in nodes if node is not None)
    if not (isinstance(x, fmpq) and isinstance(y, fmpq)):
        return None
    if x == y:
        return Judgement(Word.CONFIRMED, reason="the number of elements", kind=KIND)
    if not all(plain for _, _, plain in sides):
        return unchecked("perhaps names of the same elements", KIND)
    if not any(isinstance(node, Number) for node in nodes):
        return unchecked("the sizes of sets on both sides", KIND)
    value = str(x if isinstance(nodes[1], Number) else y)
    said = Judgement(Word.REFUTED, value, kind=KIND)
    return replace(said, evidence=evidence(said, nodes[0], nodes[1]))


def _number(text: str) -> Node | None:
    chains = chains_of(text)
    if len(chains) != 1 or chains[0].relations or not is_closed(chains[0].sides[0].node):
        return None
    return chains[0].sides[0].node


def _with_sizes(text: str, known: Known) -> tuple[str, bool, bool]:
    """Return a side with a number for the size of each set in it; whether there is one, and all are plain."""
    tokens = tokens_of(text)
    parts, at, found, plain = list[str](), 0, False, True
    n = 0
    while n < len(tokens) - 1:
        inside = _size(tokens, n)
        if inside is None:
            n += 1
            continue
        first, last, behind = inside
        within = text[tokens[first].start : tokens[last - 1].end]
        try:
            reader = AlgebraReader(tokens_of(within), known, within)
            sizes = {len(x) for x in reader.whole()}
        except NotUnderstoodError:
            n += 1
            continue
        if len(sizes) != 1:
            raise NotUnderstoodError("signs without parentheses")
        plain = plain and reader.plain
        parts += [text[at : tokens[n].start], f"({sizes.pop()})"]
        at, n, found = tokens[behind - 1].end, behind, True
    whole = "".join(parts) + text[at:]
    return _bare(whole), found, plain


def _bare(text: str) -> str:
    """Return a number without the parentheses around all of it."""
    inner = text.strip()
    return inner[1:-1] if inner[:1] == "(" and inner[-1:] == ")" and inner[1:-1].isdecimal() else text


def _size(tokens: list[Token], n: int) -> tuple[int, int, int] | None:
    """Return where the set begins and ends of which the size stands at a place, |A|, n(A), #A, and what follows it."""
    token = tokens[n]
    if token.text == "|":
        end = next((k for k in range(n + 1, len(tokens)) if tokens[k].text == "|"), 0)
        return (n + 1, end, end + 1) if end > n + 1 else None
    if token.text in ("n", "card") and tokens[n + 1].text == "(":
        end = _closing(tokens, n + 1)
        return (n + 2, end, end + 1) if end else None
    if token.text == "\\#":
        if tokens[n + 1].text in ("(", "\\{"):
            end = _closing(tokens, n + 1)
            return (n + 1, end + 1, end + 1) if end else None
        return (n + 1, n + 2, n + 2) if tokens[n + 1].kind == "letter" else None
    return None


def _closing(tokens: list[Token], n: int) -> int:
    depth = 0
    for k in range(n, len(tokens)):
        depth += {"open": 1, "close": -1}.get(tokens[k].kind, 0)
        if depth == 0:
            return k
    return 0
