"""What a report says of all files: how many there are, and how often each verdict was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from symgrad.audit.audit import Audited
from symgrad.audit.finding import Word
from symgrad.audit.report.line import COLOURS, Line


@dataclass
class Tally:
    """Counts what goes by. known: findings that a baseline knows. unread: the files that could not be read."""

    files: int = 0
    counts: Counter[Word] = field(default_factory=Counter)
    known: int = 0
    flagged: bool = False
    unread: list[Audited] = field(default_factory=list)

    def add(self, audited: Audited) -> None:
        """Count a file."""
        self.files += 1
        self.counts.update(audited.counts or {})
        self.known += audited.known
        self.flagged = self.flagged or audited.flagged
        if audited.error:
            self.unread.append(audited)

    def of(self, found: Iterable[Audited]) -> Iterator[Audited]:
        """Yield what goes by, counted."""
        for audited in found:
            self.add(audited)
            yield audited

    def summary(self) -> Line:
        """Return the last line: files, how often each verdict was given, and how many formulas are no claims.

        >>> Tally(files=2).summary().plain
        '2 files: no claim that can be checked'
        """
        counts = self.counts
        line = Line().append(f"{self.files} file{'s' if self.files != 1 else ''}: ")
        said = [(f"{counts[w]} {_plural(w, counts[w])}", COLOURS[w]) for w in reversed(Word) if w.claims and counts[w]]
        no_claims = [w for w in Word if not w.claims and counts[w]]
        if no_claims:
            number = total(counts, no_claims)
            names = " and ".join(f"{w}s" if number > 1 else str(w) for w in no_claims)
            said.append((f"{number} {names}", COLOURS[Word.CONDITION]))
        for n, (words, colour) in enumerate(said):
            line.append((", " if n else "") + words, colour)
        if not said:
            line.append("no claim that can be checked" if not self.known else "nothing new")
        if self.known:
            line.append(f", {self.known} known from the baseline", "dim")
        return line


def total(counts: Mapping[Word, int], words: Iterable[Word]) -> int:
    """Return how often one of some verdicts was given."""
    return sum(counts.get(word, 0) for word in words)


def _plural(word: Word, count: int) -> str:
    return "notes" if word is Word.NOTE and count != 1 else str(word)
