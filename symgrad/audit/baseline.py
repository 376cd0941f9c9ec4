"""A baseline: the findings that an author knows already, so that only new ones are reported.

A finding is known by its file, its claim and its verdict, and by how often they occur together; lines may move.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from symgrad.audit.audit import SHOWN, Audited
from symgrad.audit.finding import Finding, Word
from symgrad.errors import ReadError
from symgrad.files import read_at_most, write_whole

VERSION = 1
LARGEST = 32_000_000
TODO = "write it anew with --update-baseline"
Key = tuple[str, str, str]
"""File, verdict and claim."""


@dataclass(frozen=True)
class Baseline:
    """Known findings, each with how often it occurs. folder: what their files are relative to."""

    known: Counter[Key]
    folder: Path

    @classmethod
    def read(cls, path: str) -> Baseline:
        """Read a baseline from a file. Raises ReadError where it is none."""
        file = Path(path)
        if not file.is_file():
            raise ReadError("there is no such baseline", TODO, file=path)
        try:
            record = json.loads(read_at_most(file, LARGEST))
            if record["version"] != VERSION:
                raise ReadError(f"a baseline of version {record['version']}, not {VERSION}", TODO, file=path)
            known = Counter({_key_of(item): int(item["count"]) for item in record["findings"]})
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            told = "" if isinstance(error, RecursionError) else f": {error}"
            raise ReadError(f"not a baseline{told}", TODO, file=path) from None
        return cls(known, file.parent)

    @classmethod
    def of(cls, audited: Iterable[Audited], path: str) -> Baseline:
        """Return the baseline that knows all of what was found, for a file of this name."""
        folder = Path(path).parent
        return cls(Counter(_key(f, folder) for a in audited for f in a.findings if f.word in SHOWN), folder)

    def write(self, path: str) -> None:
        """Write it to a file, in an order of its own, so that its changes are few. Raises SymgradError."""
        findings = [
            {"file": file, "verdict": verdict, "claim": claim, "count": n}
            for (file, verdict, claim), n in sorted(self.known.items())
        ]
        text = json.dumps({"version": VERSION, "findings": findings}, indent=1, ensure_ascii=True)
        write_whole(path, text + "\n", "name a file in a directory that exists: --baseline audit.json")

    def leaving(self) -> Leaving:
        """Return what takes known findings out of what is found."""
        return Leaving(self)


class Leaving:
    """Takes what a baseline knows out of what is found, file by file, and counts what was there."""

    def __init__(self, baseline: Baseline) -> None:
        self.known, self.folder = baseline.known.copy(), baseline.folder
        self.files: set[str] = {file for file, _, _ in self.known}
        self.seen: set[str] = set()

    def of(self, a: Audited) -> Audited:
        """Return what the baseline does not know."""
        if (file := _relative(a.file, self.folder)) in self.files:
            self.seen.add(file)
        new = []
        for n, finding in enumerate(a.findings):
            key = _key(finding, self.folder)
            if self.known[key] > 0:
                self.known[key] -= 1
            else:
                new.append(n)
        return _only(a, new)

    @property
    def mended(self) -> int:
        """How many findings of the baseline are no longer there, of the files that were audited."""
        return sum(n for (file, _, _), n in self.known.items() if n > 0 and file in self.seen)


def _only(a: Audited, kept: list[int]) -> Audited:
    """Return what is found without what is known."""
    counts, stays = Counter(a.counts or {}), set(kept)
    counts.subtract(f.word for n, f in enumerate(a.findings) if n not in stays)
    return replace(
        a,
        findings=tuple(a.findings[n] for n in kept),
        extracts=tuple(a.extracts[n] for n in kept if n < len(a.extracts)),
        counts={word: n for word, n in counts.items() if n > 0},
        known=len(a.findings) - len(kept),
    )


def _key(finding: Finding, folder: Path) -> Key:
    return _relative(finding.place.file, folder), str(finding.word), " ".join(finding.claim.split())


def _key_of(item: dict[str, object]) -> Key:
    file, verdict, claim = (item[name] for name in ("file", "verdict", "claim"))
    if not (isinstance(file, str) and isinstance(claim, str) and verdict in {str(w) for w in Word}):
        raise ValueError("a finding has a file, a verdict and a claim")
    return file, str(verdict), claim


def _relative(file: str, folder: Path) -> str:
    return Path(os.path.relpath(file, folder)).as_posix()
