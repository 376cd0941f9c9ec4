r"""The sets that a text gives above a claim: A = \{1, 2, 3\}."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from symgrad.audit.finding import Passage
from symgrad.audit.finite.algebra import AlgebraReader
from symgrad.audit.finite.elements import Finite
from symgrad.audit.parsed import chains_of
from symgrad.reading.token import NotUnderstoodError, Token, Tokenizer
from symgrad.reading.tree import Chain


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a side, the last of kind "end"; raises NotUnderstoodError."""
    return Tokenizer(text).tokens()


def sets_before(passage: Passage, chain: Chain) -> tuple[dict[str, Finite], frozenset[str]]:
    """Return the sets that formulas above a chain, and those of its own before it, say; and those given far above.

    Near are those that stand in the words right before the claim: another example may mean another set, in words.
    """
    found: dict[str, Finite] = {}
    far = set[str]()
    for _, text in passage.given:
        for name, of in _said(text):
            found.pop(name, None)
            far.discard(name)
            if of is not None:
                found[name] = of
                if text not in passage.before:
                    far.add(name)
    start = chain.sides[0].start
    for name, of in _said(passage.text[:start].rstrip(" ,;")):
        found.pop(name, None)
        far.discard(name)
        if of is not None:
            found[name] = of
    return found, frozenset(far)


@lru_cache(maxsize=256)
def _said(text: str) -> tuple[tuple[str, Finite | None], ...]:
    """Return what a formula gives: names with printed sets, or None for what is no such set."""
    return tuple(_each(text))


def _each(text: str) -> Iterator[tuple[str, Finite | None]]:
    for chain in chains_of(text):
        if chain.relations[:1] not in (("=",), (":=",)):
            continue
        name = _name(text[chain.sides[0].start : chain.sides[0].end])
        if name:
            yield name, _set(text[chain.sides[1].start : chain.sides[1].end])


def _name(text: str) -> str:
    try:
        reader = AlgebraReader(tokens_of(text), {}, text)
        name = reader.name()
    except NotUnderstoodError:
        return ""
    return name if reader.now.kind == "end" else ""


def _set(text: str) -> Finite | None:
    try:
        reader = AlgebraReader(tokens_of(text), {}, text)
        [found] = reader.whole()
    except (NotUnderstoodError, ValueError):
        return None
    return Finite(found, reader.plain) if not reader.calculated else None
