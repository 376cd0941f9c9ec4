"""What is to be said of one passage: every claim in it, with a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from flint import ctx

from symgrad.audit.checks.domain import Domain
from symgrad.audit.checks.gradient import gradient
from symgrad.audit.checks.impossible import impossible
from symgrad.audit.checks.layout import layout
from symgrad.audit.checks.numeric import is_closed, numeric
from symgrad.audit.checks.slip import slips
from symgrad.audit.checks.symbolic import Definitions, symbolic, written_out
from symgrad.audit.context import hedged, told_wrong
from symgrad.audit.finding import Finding, Passage, Word
from symgrad.reading.chain import EMPTY, chains
from symgrad.reading.reading import Reading, readings
from symgrad.reading.token import COMMA, NotUnderstoodError
from symgrad.reading.tree import Chain, Derivative, Node, Symbol, Unknown, symbols, walk
from symgrad.reading.value import DIGITS

ORDER = list(Word)
_BOUND = re.compile(r"[<>≤≥≠]|\\(?:leq?|geq?|neq?|lt|gt)\b")
RIGHT = (Word.CONFIRMED, Word.NOTE)


@dataclass(frozen=True)
class _Judged:
    """A verdict on one relation, before it has a place."""

    word: Word
    value: str = ""
    reason: str = ""
    kind: str = ""
    reading: str = ""


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
    try:
        usual, ambiguous = chains(passage.text)
    except NotUnderstoodError as error:
        yield _finding(passage, 0, len(passage.text), _Judged(Word.UNCHECKED, reason=f"not understood: {error}"))
        return
    other: list[tuple[Reading, tuple[Chain, ...]]] | None = None
    known = _definitions(usual)
    if COMMA in ambiguous and (better := _with_decimal_commas(passage)):
        yield from better
        return
    for c, chain in enumerate(usual):
        for i in range(len(chain.relations)):
            judged = _judge(chain, i, passage, known)
            if judged.word is Word.REFUTED and ambiguous:
                if other is None:
                    other = [(r, chains(passage.text, r)[0]) for r in list(readings(ambiguous))[1:]]
                judged = _best(judged, other, c, i, passage, known)
            start, end = chain.sides[i].start, chain.sides[i + 1].end
            yield _finding(passage, start, end, judged)
        for side in chain.sides:
            if side.node is not None:
                said = [_Judged(Word.NOTE, reason=told, kind="slip") for told in slips(side.node)]
                if not chain.relations and (found := layout(side.node)):
                    said.append(_Judged(found[1], found[2], found[3], found[0]))
                yield from (_finding(passage, side.start, side.end, judged) for judged in said)


def _with_decimal_commas(passage: Passage) -> list[Finding]:
    """Return the findings where 1,5 is 3/2, if something is right then and nothing wrong."""
    reading = Reading(comma="decimal")
    found, _ = chains(passage.text, reading)
    known = _definitions(found)
    judged = [
        (chain.sides[i].start, chain.sides[i + 1].end, _judge(chain, i, passage, known))
        for chain in found
        for i in range(len(chain.relations))
    ]
    if any(j.word.flags for _, _, j in judged) or not any(j.word in RIGHT for _, _, j in judged):
        return []
    said = (_finding(passage, start, end, replace(j, reading=str(reading))) for start, end, j in judged)
    return list(said)


def _best(
    judged: _Judged,
    other: list[tuple[Reading, tuple[Chain, ...]]],
    c: int,
    i: int,
    passage: Passage,
    known: Definitions,
) -> _Judged:
    """Return the best verdict that any other reading gives: right in any of them is right."""
    for reading, found in other:
        if c < len(found) and i < len(found[c].relations):
            tried = _judge(found[c], i, passage, known)
            right = tried.word in RIGHT or reading.e == "letter"
            if right and ORDER.index(tried.word) < ORDER.index(judged.word):
                judged = _Judged(tried.word, tried.value, tried.reason, tried.kind, str(reading))
    return judged


@lru_cache(maxsize=8)
def _domain(passage: Passage) -> Domain:
    """Return where a passage is said to hold: by its assumptions, and by the bounds that stand beside its claims."""
    assumptions = [words for kind, words in passage.known if kind == "assume"]
    beside = chains(passage.text)[0] if _BOUND.search(passage.text) else ()
    return Domain.of(assumptions, beside)


def _judge(chain: Chain, i: int, passage: Passage, known: Definitions) -> _Judged:
    """Judge the relation i of a chain."""
    relation, sides = chain.relations[i], chain.sides
    if chain.asked:
        return _Judged(Word.UNCHECKED, reason="a question")
    for side in sides[i : i + 2]:
        if side.node is None:
            reason = side.reason if side.reason == EMPTY else f"not understood: {side.reason}"
            return _Judged(Word.UNCHECKED, reason=reason)
    nodes = [_called(s.node, known) for s in sides[: i + 2] if s.node is not None]
    left, right = nodes[-2], nodes[-1]
    if (found := layout(right)) is not None:
        kind, word, value, reason = found
        return _Judged(word, value, reason, kind)
    given = dict(passage.known)
    model = given.get("model", "") or given.get("equations", "")
    of_network = gradient(nodes[0], right, model, "model" in given) if model else None
    if of_network and of_network[1] is not Word.UNCHECKED:
        kind, word, value, reason = of_network
        excused = told_wrong(passage) if word.flags else ""
        return _Judged(Word.UNCHECKED if excused else word, value, excused or reason, kind)
    if beyond := impossible(nodes, relation, "probab" in passage.before.lower()):
        excused = told_wrong(passage) or hedged(passage)
        return _Judged(Word.UNCHECKED if excused else Word.IMPOSSIBLE, reason=excused or beyond, kind="range")
    closed = is_closed(left), is_closed(right)
    if all(closed):
        kind = "numeric"
        run = [n for n in nodes[:-2] if is_closed(n)]
        word, value, reason = numeric([*run, left, right], relation)
    else:
        try:
            domain = _domain(passage)
        except NotUnderstoodError as error:
            return _Judged(Word.UNCHECKED, reason=f"not understood: {error}")
        kind, word, value, reason = symbolic(nodes, relation, known, domain)
        if word is Word.UNCHECKED and of_network:
            kind, word, value, reason = of_network
    if word.flags and (why := told_wrong(passage) or (kind != "numeric" and hedged(passage))):
        return _Judged(Word.UNCHECKED, value, str(why), kind)
    return _Judged(word, value, reason, kind)


def _called(node: Node, known: Definitions) -> Node:
    """Put what the passage defines in the place of a call with numbers, f(2)."""
    if isinstance(node, Unknown) and node.name in known and not any(map(symbols, node.arguments)):
        return written_out(node, known)
    return node


def _definitions(found: tuple[Chain, ...]) -> Definitions:
    """Return the functions that a passage defines: f(x) = x³."""
    known: dict[str, tuple[tuple[str, ...], Node]] = {}
    for chain in found:
        if (
            chain.relations[:1] == ("=",)
            and isinstance(function := chain.sides[0].node, Unknown)
            and not function.primes
            and function.name[0].isalpha()
        ):
            letters = tuple(a.name for a in function.arguments if isinstance(a, Symbol))
            body = chain.sides[1].node
            whole = len(letters) == len(function.arguments)
            if body is not None and whole and set(letters) <= symbols(body) and not _unknown(body):
                known[function.name] = letters, body
    return known


def _unknown(node: Node) -> bool:
    return any(isinstance(n, Unknown | Derivative) for n in walk(node))


def _finding(passage: Passage, start: int, end: int, judged: _Judged) -> Finding:
    above = passage.text.count("\n", 0, start)
    column = start - passage.text.rfind("\n", 0, start) if above else passage.place.column + start
    place = type(passage.place)(passage.place.file, passage.place.line + above, column, passage.place.cell)
    claim = " ".join(passage.text[start:end].split())
    return Finding(judged.word, place, claim, judged.value, judged.reading, judged.reason, judged.kind)
