"""What is to be said of one passage: every claim in it, with a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from flint import ctx

from symgrad.audit.activation import by_name
from symgrad.audit.case import Case
from symgrad.audit.checks.formula.dotted import filled
from symgrad.audit.checks.formula.slip import slips
from symgrad.audit.checks.gradient.layout import layout_of
from symgrad.audit.checks.number.measured import WITH_UNITS, left_out
from symgrad.audit.checks.solved.asked import answered
from symgrad.audit.checks.table import judged
from symgrad.audit.definitions import called, definitions
from symgrad.audit.doubt.accent import accented
from symgrad.audit.doubt.conditional import conditional
from symgrad.audit.doubt.degrees import degrees
from symgrad.audit.doubt.evidence import evidence
from symgrad.audit.doubt.law import law
from symgrad.audit.doubt.norms import of_a_function
from symgrad.audit.doubt.signs import one_sided
from symgrad.audit.finding import Finding, Judgement, Passage, Word, unchecked
from symgrad.audit.finite.claims import OF_SETS, of_sets
from symgrad.audit.parsed import Parse, parsed
from symgrad.audit.torn import is_joined_inline, torn
from symgrad.audit.words.meaning import meanings
from symgrad.reading.chain import EMPTY
from symgrad.reading.reading import Reading, readings
from symgrad.reading.token import COMMA
from symgrad.reading.tree import Apply, Chain, Node
from symgrad.reading.unit.span import upright
from symgrad.reading.value import DIGITS

_BEGINS_BEFORE = re.compile(
    r"[\w)\]}](?:[/*+^×·]\s?| [/+×·=] ?)\Z|"
    r"[\w)\]}%$](?:\s|~)(?:mod|of|to the|de|des|du|von|vom|der|di|del|da|do|af|van|z|od|от) ?\$?\Z"
)
"""Words before a formula that end in an operation, as in sd/$\\sqrt{40} ≈ 0.36$."""
_COMMA_BETWEEN_DIGITS = re.compile(r"\d,\d")
DECIMAL = Reading(comma="decimal")
ORDER = list(Word)
RIGHT = (Word.CONFIRMED, Word.NOTE)


def findings(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for each relation of a passage, and one where it has none.

    >>> from symgrad.audit.finding import Place
    >>> [f] = findings(Passage("1.5^{149} \\\\approx 3.7 \\\\times 10^{26}", Place("notes.md", 7)))
    >>> print(f.word, f.value)
    refuted 1.7 × 10^26
    """
    if passage.mark == "skip":
        return
    digits, ctx.dps = ctx.dps, DIGITS
    try:
        yield from _findings(passage)
    finally:
        ctx.dps = digits


def _findings(passage: Passage) -> Iterator[Finding]:
    meant = meanings(passage)
    usual_reading = next(readings(frozenset(), meant))
    usual = parsed(passage.text, usual_reading)
    if isinstance(usual, str):
        yield _finding(passage, 0, len(passage.text), unchecked(f"not understood: {usual}"))
        return
    found, ambiguous = usual
    if COMMA in ambiguous and (better := _with_decimal_commas(passage)):
        yield from better
        return
    for c, chain in enumerate(found):
        before: Judgement | None = None
        for i in range(len(chain.relations)):
            if chain.relations[i] == "→" and "as" not in passage.sentence.roles:
                continue
            if all(side.reason == EMPTY for side in chain.sides):  # a sign by itself, as a word
                continue
            said = _judge(found, c, i, passage, usual_reading)
            if ambiguous and (
                said.word.flags
                or said.excused
                or (said.word is Word.NOTE and "definition" in ambiguous)
                or (said.word is Word.UNCHECKED and said.kind == "identity" and "reach" in ambiguous)
            ):
                said = _settled(said, list(readings(ambiguous, meant))[1:], c, i, passage)
            if said.word.flags and said.evidence is not None and _confirms(before, chain.sides[i].node):
                said = replace(said, evidence=replace(said.evidence, linked=True))
            before = said
            if said.word not in RIGHT:
                said = _with_letters_as_units(said, c, i, passage, usual_reading)
            start, end = chain.sides[i].start, chain.sides[i + 1].end
            if said.word.flags and COMMA in ambiguous and _is_torn_at_a_comma(passage, start, end):
                said = unchecked("perhaps a decimal comma", said.kind)
            yield _finding(passage, start, end, said)
        for side in chain.sides:
            if side.node is not None:
                also = [Judgement(Word.NOTE, reason=told, kind="slip") for told in slips(side.node)]
                if not chain.relations:
                    also += filter(None, (layout_of(side.node), answered(passage, chain)))
                yield from (_finding(passage, side.start, side.end, said) for said in also)


def _confirms(before: Judgement | None, side: Node | None) -> bool:
    """Tell whether the link before confirms a side that is a calculation."""
    right = before is not None and before.word is Word.CONFIRMED and before.kind == "numeric"
    return right and isinstance(side, Apply) and any(isinstance(n, Apply) for n in side.arguments)


def _with_letters_as_units(said: Judgement, c: int, i: int, passage: Passage, reading: Reading) -> Judgement:
    r"""Return the verdict where letters behind numbers are units, 0.5\,L = 500\,mL, if the claim is right then."""
    text = upright(passage.text)
    parse = parsed(text, reading) if text != passage.text else ""
    if isinstance(parse, str) or c >= len(parse[0]) or i >= len(parse[0][c].relations):
        return said
    tried = _judge(parse[0], c, i, replace(passage, text=text), reading)
    right = tried.word in RIGHT and tried.reason.startswith(WITH_UNITS)
    return replace(tried, reading="letters behind numbers as units") if right else said


def _is_torn_at_a_comma(passage: Passage, start: int, end: int) -> bool:
    """Tell whether a claim begins or ends at a comma between two digits, as what is left of 11,1(t - 5).

    It is none where nothing but wrong claims stands there with decimal commas.
    """
    if all(_COMMA_BETWEEN_DIGITS.match(passage.text, max(at, 0)) is None for at in (start - 2, end - 1)):
        return False
    said = _said_with_decimal_commas(passage)
    return not said or not all(j.word.flags for _, _, j in said)


def _said_with_decimal_commas(passage: Passage) -> list[tuple[int, int, Judgement]]:
    """Return what is said of each claim, with where it begins and ends, where 1,5 is 3/2."""
    parse = parsed(passage.text, DECIMAL)
    if isinstance(parse, str):
        return []
    return [
        (chain.sides[i].start, chain.sides[i + 1].end, _judge(parse[0], c, i, passage, DECIMAL))
        for c, chain in enumerate(parse[0])
        for i in range(len(chain.relations))
    ]


def _with_decimal_commas(passage: Passage) -> list[Finding]:
    """Return the findings where 1,5 is 3/2, if something is right then and nothing wrong."""
    said = _said_with_decimal_commas(passage)
    if any(j.word.flags for _, _, j in said) or not any(j.word in RIGHT for _, _, j in said):
        return []
    return [_finding(passage, start, end, replace(j, reading=str(DECIMAL))) for start, end, j in said]


def _settled(said: Judgement, others: Iterable[Reading], c: int, i: int, passage: Passage) -> Judgement:
    """Return the verdict that all plausible readings allow: right in any of them is right.

    A claim is refuted where it is wrong in each, and none leaves open what a name means.
    """
    for reading in others:
        parse: Parse | str = parsed(passage.text, reading)
        if isinstance(parse, str) or c >= len(parse[0]) or i >= len(parse[0][c].relations):
            continue
        tried = _judge(parse[0], c, i, passage, reading, False)
        agrees = tried.word is Word.CONFIRMED or (tried.word is Word.NOTE and tried.kind == "numeric")
        right = agrees or (said.word.flags and reading.is_open and not tried.word.flags)
        if right and ORDER.index(tried.word) < ORDER.index(said.word):
            said = replace(tried, reading=str(reading))
    return said


def _judge(
    chains: tuple[Chain, ...], c: int, i: int, passage: Passage, reading: Reading, thorough: bool = True
) -> Judgement:
    """Judge the relation i of the chain c."""
    known = definitions(chains[: c + 1])
    chain, number = chains[c], sum(1 for other in chains[:c] if other.relations)
    if chain.asked or (chain is chains[-1] and passage.after.startswith("?")):
        return unchecked("a question")
    if chain.relations[i] == ":=" or (chain.relations[i] == "=" and by_name(passage.text)):
        return Judgement(Word.DEFINITION, reason="it says what the left side means", kind="definition")
    if reading.comma != DECIMAL.comma and (of := of_sets(passage, chain, i)) is not None:
        return of
    if chain.relations[i] in OF_SETS:
        return unchecked(f"the relation {chain.relations[i]}")
    for side in chain.sides[i : i + 2]:
        if side.node is None:
            return unchecked(side.reason if side.reason == EMPTY else f"not understood: {side.reason}")
    nodes = tuple(filled(called(s.node, known)) for s in chain.sides[: i + 2] if s.node is not None)
    units = tuple(s.unit for s in chain.sides[: i + 2])
    case = Case(nodes, chain.relations[i], passage, known, number, units, reading, _measured(chain, i))
    said = judged(case, thorough)
    first = c == i == 0 and passage.kind == "math"
    if said.word is not Word.CONFIRMED and first and _BEGINS_BEFORE.search(passage.before):
        return unchecked("the left side begins in the words before it")
    if said.word is not Word.CONFIRMED and is_joined_inline(passage, chain, i):
        return unchecked("it may go on from another formula")
    if said.word.flags and (doubt := _doubt(case, chains, c, i, said)):
        said = replace(said, word=Word.UNCHECKED, value="", reason=doubt, excused=True)
    if said.word is Word.CONFIRMED and said.kind == "identity" and (empty := law(passage, *nodes[-2:])):
        said = unchecked(empty, "law")
    if not thorough or (said.word.flags and said.evidence is not None):
        return said
    left, right = said.sides or nodes[-2:]
    return replace(said, evidence=evidence(said, left, right, passage.composed or said.sides is not None))


def _measured(chain: Chain, i: int) -> tuple[Node | None, ...]:
    """Return the sides up to the relation i with their units; none where neither side of it has one."""
    sides = chain.sides[: i + 2]
    if all(s.measured is None for s in sides[-2:]):
        return ()
    return tuple(s.measured or (s.node if not s.unit else None) for s in sides)


def _doubt(case: Case, chains: tuple[Chain, ...], c: int, i: int, said: Judgement) -> str:
    """Return why a claim that is wrong as it is read need not be one, or nothing."""
    left, right = case.nodes[-2:]
    return (
        left_out(case, said)
        or torn(case.passage, chains, c, i)
        or accented(said, left, right)
        or of_a_function(said, left, right)
        or degrees(left, right)
        or conditional(case.passage, chains, c, said, left, right)
        or one_sided(said, left, right, case.domain)
    )


def _finding(passage: Passage, start: int, end: int, said: Judgement) -> Finding:
    above = passage.text.count("\n", 0, start)
    column = start - passage.text.rfind("\n", 0, start) if above else passage.place.column + start
    place = type(passage.place)(passage.place.file, passage.place.line + above, column, passage.place.cell)
    claim = " ".join(passage.text[start:end].split())
    return Finding(said.word, place, claim, said.value, said.reading, said.reason, said.kind, said.evidence)
