"""A passage that stands in a text as it stood before, its words around it and all: what was found is found again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from symgrad.audit.finding import Finding, Passage, Place
from symgrad.audit.words.sentence import Sentence

MOST = 4096
"""Passages that are remembered."""


class Repeated:
    """Remembers what was found in passages, without where they stand."""

    def __init__(self, find: Callable[[Passage], Iterable[Finding]]) -> None:
        self.find = find
        self.known: dict[object, tuple[Place, tuple[Finding, ...]]] = {}
        self._sentences: dict[Sentence, int] = {}
        self._count = 0
        self._last: tuple[Sentence, int] = (Sentence(), -1)

    def of(self, passage: Passage) -> Iterable[Finding]:
        """Return what is found in a passage."""
        key = self._key(passage)
        if (known := self.known.get(key)) is not None:
            return _moved(known[1], known[0], passage.place)
        found = tuple(self.find(passage))
        if len(self.known) >= MOST:
            self.known.pop(next(iter(self.known)))
            self._sentences.clear()
        self.known[key] = passage.place, found
        return found

    def _key(self, p: Passage) -> object:
        """Return all that a verdict may depend on: lines of definitions are counted back from the passage."""
        line = p.place.line
        above = tuple((line - at, text) for at, text in p.definitions) if p.definitions else ()
        given = tuple(text for _, text in p.given)
        sentence = self._number(p.sentence)
        return p.text, p.before, p.after, p.kind, p.mark, p.known, p.at, sentence, p.defined, above, p.composed, given

    def _number(self, sentence: Sentence) -> int:
        """Return a number for a sentence, the same for an equal one; looked up once for all formulas in it."""
        if sentence is not self._last[0]:
            self._count += 1
            self._last = sentence, self._sentences.setdefault(sentence, self._count)
        return self._last[1]


def _moved(found: tuple[Finding, ...], before: Place, now: Place) -> Iterator[Finding]:
    for finding in found:
        line = now.line + finding.place.line - before.line
        first = finding.place.line == before.line
        column = finding.place.column + (now.column - before.column if first else 0)
        place, f = Place(now.file, line, column, now.cell), finding
        yield Finding(f.word, place, f.claim, f.value, f.reading, f.reason, f.kind, f.evidence)
