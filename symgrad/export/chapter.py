"""A chapter: an entry of the catalogue on the page, with its steps and the errors of its source."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from symgrad.derivation.derivation import Derivation
from symgrad.derivation.entry import Entry
from symgrad.derivation.figure import Figure
from symgrad.export.errata import erratum_words
from symgrad.export.math import Document, Heading, Listing, Part, Text
from symgrad.export.notation import Notation
from symgrad.export.steps import Line, StepPresentation, results, stepwise

ERRATA = "Errata"


@dataclass(frozen=True)
class Chapter:
    """What a source says, the equations of its model, the steps, and the source's errors."""

    name: str
    title: str
    source: str
    text: str
    assumptions: tuple[str, ...]
    equations: str
    lines: tuple[Line, ...]
    errata: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    places: tuple[int, ...] = ()

    @property
    def assumed(self) -> str:
        """What the source assumes, in a sentence."""
        return "Assumed: " + " ".join(self.assumptions) if self.assumptions else ""

    def verdicts(self) -> Counter[str]:
        """Count the steps by verdict."""
        return Counter(line.verdict for line in self.lines for _ in line.numbers)

    def results(self) -> Chapter:
        """Return the chapter with the last step of each section alone."""
        return replace(self, lines=tuple(results(self.lines)))

    def sections(self) -> Iterator[tuple[tuple[Line, ...], tuple[Figure, ...]]]:
        """Yield the lines of each section, with the figures that stand at its end."""
        starts = [i for i, line in enumerate(self.lines) if line.section or i == 0]
        everywhere = (*self.places, *[sys.maxsize] * len(self.figures))
        left = list(zip(self.figures, everywhere, strict=False))
        for start, end in pairwise([*starts, len(self.lines)]):
            lines = self.lines[start:end]
            last = end == len(self.lines)
            here = [f for f, place in left if last or place <= lines[-1].numbers[-1]]
            left = [(f, place) for f, place in left if f not in here]
            yield lines, tuple(here)
        if not self.lines:
            yield (), self.figures

    def notes(self) -> Iterator[tuple[int, str]]:
        """Yield the note of each step: its number, and the evidence; no words where the note stands already.

        A step that did not pass says its evidence itself: 0, and no words.
        """
        known: dict[str, int] = {}
        for line in self.lines:
            said = "; ".join(line.evidence)
            if said in known:
                yield known[said], ""
            elif line.passes:
                known[said] = len(known) + 1
                yield known[said], said
            else:
                yield 0, ""

    def document(self, evidence: str) -> Document:
        """Return the chapter as a neutral document; ``evidence``: where that of each step stands."""
        macros = (m for line in self.lines for m in line.document.macros)
        return Document(tuple(self._parts(evidence)), tuple(dict.fromkeys(macros)))

    def _parts(self, evidence: str) -> Iterator[Part]:
        yield from self.front()
        yield from stepwise(self.lines, evidence)
        yield from self.errors()

    def front(self) -> Iterator[Part]:
        """Yield what stands before the steps."""
        yield Heading(self.title, 2)
        yield Text(f"Source: {self.source}.")
        if self.text:
            yield Text(self.text)
        if self.equations:
            yield Listing(self.equations.rstrip())
        if self.assumed:
            yield Text(self.assumed)

    def errors(self) -> Iterator[Part]:
        """Yield the errors of the source, which stand at the end."""
        if self.errata:
            yield Heading(ERRATA, 3)
            yield from map(Text, self.errata)


def chapter(entry: Entry, derivation: Derivation, equations: str, notation: Notation) -> Chapter:
    """Return an entry, with its derivation, in a notation; ``equations``: those of its model."""
    page = StepPresentation(derivation, notation, derivation.layout, entry.name)
    return Chapter(
        name=entry.name,
        title=entry.title,
        source=entry.source,
        text=entry.text,
        assumptions=derivation.assumptions or entry.assumptions,
        equations=equations,
        lines=tuple(page.lines()),
        errata=tuple(map(erratum_words, derivation.errata)),
        figures=derivation.figures,
        places=derivation.places,
    )
