"""Findings for a terminal: one finding a line, and what explains it below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symgrad.audit.audit import Audited
from symgrad.audit.finding import Finding
from symgrad.audit.report.line import COLOURS, Line
from symgrad.audit.report.tally import Tally
from symgrad.audit.report.words import printable, shortened, words
from symgrad.visible import visible

LEAST_CLAIM = 24
"""Signs of a claim that are shown however long its place is."""


def text(audited: Iterable[Audited], width: int = 80) -> Iterator[Line]:
    """Yield the lines of a report, and its summary as the last.

    >>> from symgrad.audit.audit import audit_text
    >>> for line in text([audit_text("notes.md", "It is $1.1^{152} \\\\approx 2.3 \\\\times 10^6$.")]):
    ...     print(line)
    notes.md:1: refuted  1.1^152 ≈ 2.3 × 10^6  2.0 × 10^6
    1 file: 1 refuted
    """
    tally = Tally()
    for file in tally.of(audited):
        yield from of_file(file, width)
    yield tally.summary()


def of_file(file: Audited, width: int) -> Iterator[Line]:
    """Yield the lines of a file."""
    for finding in file.findings:
        yield from lines(finding, width)


def lines(finding: Finding, width: int) -> Iterator[Line]:
    """Yield the line of a finding, and its reason and its reading below, none wider than ``width``."""
    value = " ".join(printable(finding.value).split()) if finding.value not in finding.reason else ""
    head = f"{visible(str(finding.place))}: "
    value = shortened(value, max(width // 3, 12))
    room = width - len(head) - len(str(finding.word)) - 2 - (len(value) + 2 if value else 0)
    line = Line(head)
    line.append(str(finding.word), COLOURS[finding.word])
    line.append(f"  {shortened(words(finding.claim), max(room, LEAST_CLAIM))}")
    if value:
        line.append(f"  {value}", "bold")
    yield line
    if not (said := notes(finding)):
        return
    import textwrap

    for note in said:
        for row in textwrap.wrap(printable(note), width, initial_indent="    ", subsequent_indent="    "):
            yield Line(row, "dim")


def notes(finding: Finding) -> list[str]:
    """Return what is to be said of a finding below its line: the reason, and how it was read."""
    return [*([finding.reason] if finding.reason else []), *([f"read: {finding.reading}"] if finding.reading else [])]
