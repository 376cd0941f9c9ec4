"""Claims about a sequence that the text gives by a formula: a_n = n^2 + 1, then a_{n+1} = n^2 + 2n + 2, a_5 = 26."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import WHOLE, compare
from symgrad.audit.checks.number.link import judge
from symgrad.audit.definitions import put
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import parsed
from symgrad.audit.words.meaning import IF
from symgrad.audit.words.sentence import LIMITS
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Unknown, rebuilt, symbols, walk

KIND = "definition"
NEAR = 20
"""Lines behind a definition within which a claim from it is refuted."""
FAR = Number(Fraction(5), "5")
"""What is added to an index where two sequences have their first members alike."""
_MEMBER = re.compile(r"([A-Za-z]+)_(.+)")
FIRST = ("0", "1", "2")
"""Indices of members with which a recurrence begins."""
_GIVES = r"\s*&?\s*:?="
_SEVERAL = re.compile(r"\\(?:begin\{cases\}|cases)|\\text\s*\{[^{}]*\b(?:odd|even|if|otherwise)\b")


@dataclass(frozen=True)
class Sequence:
    """A sequence: its name, the letter of its index, its formula, and the line of its definition."""

    name: str
    letter: str
    body: Node
    line: int


def sequence(case: Case) -> Judgement | None:
    """Judge an equation about members of the sequences that are given above; None where there are none in it.

    It is refuted right below the only formula that the text gives for the sequence.
    """
    if case.relation != "=" or not case.passage.definitions or case.passage.role in LIMITS | {"let"}:
        return None
    names = {m[1] for side in case.nodes[-2:] for x in symbols(side) if (m := _MEMBER.fullmatch(x))}
    known = {s.name: s for s in sequences(case) if s.name in names}
    if not known or _says_again(case, known):
        return None
    left, right = (_with_members(side, known, case.reading) for side in case.nodes[-2:])
    if (left, right) == case.nodes[-2:] or any(map(unclear, (left, right))):
        return None
    letters = symbols(left) | symbols(right)
    if any(x.partition("_")[0] in known for x in letters) or not letters <= {s.letter for s in known.values()}:
        return None
    word, value, reason = _compared(case, left, right)
    said = f"with {', '.join(sorted(known))} as given above"
    certain = all(_is_certain(case, s) for s in known.values()) and not _may_begin_another(case, known)
    if word is Word.REFUTED and not certain:
        return unchecked(f"perhaps another sequence {', '.join(sorted(known))}; {reason}", KIND)
    if word not in (Word.CONFIRMED, Word.REFUTED):
        return None
    return Judgement(word, value, f"{said}, {reason}" if reason else said, KIND, sides=(left, right))


def _compared(case: Case, left: Node, right: Node) -> tuple[Word, str, str]:
    try:
        if not symbols(left) | symbols(right):
            return judge([left, right], "=")
        found = compare(left, right, domain=case.domain)
        if found.word is not Word.NOTE:
            return found.word, "", found.reason
        far = {x: Apply("+", (Symbol(x), FAR)) for x in symbols(left) | symbols(right)}
        beyond = compare(put(left, far), put(right, far), domain=case.domain).word
    except NotUnderstoodError:
        return Word.UNCHECKED, "", ""
    return beyond, "", "but for the first members" if beyond is Word.REFUTED else "but not for the first members"


def sequences(case: Case) -> list[Sequence]:
    """Return the sequences of which formulas above give all members, a_n = 1/n, the last of each name."""
    found: dict[str, Sequence] = {}
    for line, text in case.passage.definitions:
        parse = parsed(text, case.reading)
        for chain in () if isinstance(parse, str) else parse[0]:
            if chain.relations[:1] not in (("=",), (":=",)) or chain.asked:
                continue
            left, body = (side.node for side in chain.sides[:2])
            named = _MEMBER.fullmatch(left.name) if isinstance(left, Symbol) else None
            if not named or body is None:
                continue
            recurs = any(x.partition("_")[0] == named[1] for x in symbols(body))
            if named[2].isalpha() or recurs:
                found.pop(named[1], None)  # a name that is given anew
            plain = symbols(body) == {named[2]} <= WHOLE and not any(isinstance(n, Unknown) for n in walk(body))
            if plain and not text.endswith(IF) and not _SEVERAL.search(text) and not isinstance(body, Symbol):
                found[named[1]] = Sequence(named[1], named[2], body, line)
    return list(found.values())


def _says_again(case: Case, known: Mapping[str, Sequence]) -> bool:
    """Tell whether a claim gives a sequence itself, a_n = …, which may be another one."""
    match case.nodes[0], case.left:
        case Symbol(first), Symbol(name) if first == name and (m := _MEMBER.fullmatch(name)):
            return m[1] in known and m[2] == known[m[1]].letter
    return False


def _may_begin_another(case: Case, known: Mapping[str, Sequence]) -> bool:
    """Tell whether an equation may give another sequence: a recurrence, a_{n+1} = 2 a_n, or a first member, a_1 = 1."""
    match case.left:
        case Symbol(name) if (m := _MEMBER.fullmatch(name)) and m[1] in known:
            beside = any(x.partition("_")[0] in known for x in symbols(case.right))
            return beside or m[2] in FIRST
    return False


def _with_members(node: Node, known: Mapping[str, Sequence], reading: Reading) -> Node:
    """Return a formula with the members of the sequences put in, as far as their indices are read."""
    if isinstance(node, Symbol) and (m := _MEMBER.fullmatch(node.name)) and m[1] in known:
        index = _index(m[2], reading)
        one = known[m[1]]
        return node if index is None or not symbols(index) <= {one.letter} else put(one.body, {one.letter: index})
    return rebuilt(node, lambda n: _with_members(n, known, reading))


def _index(text: str, reading: Reading) -> Node | None:
    parse = parsed(text, reading)
    if isinstance(parse, str) or len(parse[0]) != 1 or parse[0][0].relations:
        return None
    return parse[0][0].sides[0].node


def _is_certain(case: Case, one: Sequence) -> bool:
    """Tell whether a claim stands right below the only formula that gives the sequence, or may do so."""
    name = rf"\\?{re.escape(one.name)}\s*_"
    gives = re.compile(rf"\s*{name}\s*(?:[A-Za-z]|\{{\s*[A-Za-z]\s*\}}){_GIVES}")
    recurs = re.compile(rf"\s*{name}\s*\{{[^{{}}]*\}}{_GIVES}.*(?<![A-Za-z]){name}", re.DOTALL)
    texts = case.passage.definitions
    lines = [line for line, text in texts if gives.match(text) or recurs.match(text)]
    return lines == [one.line] and 0 <= case.passage.place.line - one.line <= NEAR
