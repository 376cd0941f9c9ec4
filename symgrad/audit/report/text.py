"""Findings for a terminal: one finding a line, and what explains it below."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.text import Text

from symgrad.audit.audit import Audited
from symgrad.audit.finding import Finding, Word
from symgrad.audit.report.words import printable, shortened, words
from symgrad.visible import visible

COLOURS = {
    Word.CONFIRMED: "green",
    Word.NOTE: "cyan",
    Word.DEFINITION: "dim",
    Word.CONDITION: "dim",
    Word.UNCHECKED: "dim",
    Word.IMPOSSIBLE: "bold red",
    Word.REFUTED: "bold red",
}
LEAST_CLAIM = 24
"""Signs of a claim that are shown however long its place is."""


def text(audited: Iterable[Audited], width: int = 80) -> Iterator[Text]:
    """Yield the lines of a report, and its summary as the last.

    >>> from symgrad.audit.audit import audit_text
    >>> for line in text([audit_text("notes.md", "It is $1.1^{152} \\\\approx 2.3 \\\\times 10^6$.")]):
    ...     print(line)
    notes.md:1: refuted  1.1^152 ≈ 2.3 × 10^6  2.0 × 10^6
    1 file: 1 refuted
    """
    files = list(audited)
    for file in files:
        for finding in file.findings:
            yield from lines(finding, width)
    yield summary(files)


def lines(finding: Finding, width: int) -> Iterator[Text]:
    """Yield the line of a finding, and its reason and its reading below, none wider than ``width``."""
    value = printable(finding.value) if finding.value not in finding.reason else ""
    head = f"{visible(str(finding.place))}: "
    value = shortened(value, max(width // 3, 12))
    room = width - len(head) - len(str(finding.word)) - 2 - (len(value) + 2 if value else 0)
    line = Text(head)
    line.append(str(finding.word), COLOURS[finding.word])
    line.append(f"  {shortened(words(finding.claim), max(room, LEAST_CLAIM))}")
    if value:
        line.append(f"  {value}", "bold")
    yield line
    for note in notes(finding):
        for row in textwrap.wrap(printable(note), width, initial_indent="    ", subsequent_indent="    "):
            yield Text(row, "dim")


def notes(finding: Finding) -> list[str]:
    """Return what is to be said of a finding below its line: the reason, and how it was read."""
    return [*([finding.reason] if finding.reason else []), *([f"read: {finding.reading}"] if finding.reading else [])]


def summary(files: Sequence[Audited]) -> Text:
    """Return the last line: files, how often each verdict was given, and how many formulas are no claims."""
    counts: Counter[Word] = Counter()
    for file in files:
        counts.update(file.counts or {})
    line = Text(f"{len(files)} file{'s' if len(files) != 1 else ''}: ")
    said = [(f"{counts[w]} {_plural(w, counts[w])}", COLOURS[w]) for w in reversed(Word) if w.claims and counts[w]]
    no_claims = [w for w in Word if not w.claims and counts[w]]
    if no_claims:
        names = " and ".join(f"{w}s" if total(counts, no_claims) > 1 else str(w) for w in no_claims)
        said.append((f"{total(counts, no_claims)} {names}", COLOURS[Word.CONDITION]))
    for n, (words_, colour) in enumerate(said):
        line.append((", " if n else "") + words_, colour)
    known = sum(file.known for file in files)
    if not said:
        line.append("no claim that can be checked" if not known else "nothing new")
    if known:
        line.append(f", {known} known from the baseline", "dim")
    return line


def total(counts: Mapping[Word, int], words_: Iterable[Word]) -> int:
    """Return how often one of some verdicts was given."""
    return sum(counts.get(word, 0) for word in words_)


def _plural(word: Word, count: int) -> str:
    return "notes" if word is Word.NOTE and count != 1 else str(word)
