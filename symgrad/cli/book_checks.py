"""The checks of the book's steps, each by itself, so that several processes can share them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from symgrad.api.printed.claims import Reading
from symgrad.api.printed.steps import step_read_back
from symgrad.cli.resumed import code, resumed
from symgrad.deadline import bounded
from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.entry import Entry
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.verdict import Verdict
from symgrad.export.notation import notation
from symgrad.workers.kept import Kept
from symgrad.workers.stream import stream
from symgrad.workers.workers import Workers

Item = tuple[str, int]
"""An entry's name, and the number of a step; those of errata come after those of the steps."""


@dataclass(frozen=True)
class Checks:
    """How steps are checked: the formats whose pages are read back, the seed, and the seconds of each step."""

    formats: tuple[str, ...]
    seed: int
    timeout: float

    def one(self, item: Item, entries: Mapping[str, Entry] | None = None) -> tuple[Evidence, float]:
        """Return the evidence of a step or an erratum, and the seconds that it took; entries: else the catalogue's."""
        begin = time.perf_counter()
        name, number = item
        entry = (_installed() if entries is None else entries)[name]
        built = _built(entry)
        with bounded(self.timeout):
            if number >= len(built.steps):
                evidence = built.errata[number - len(built.steps)].checked(self.seed).evidence
            else:
                step = built.steps[number].checked(self.seed)
                evidence = step_read_back(step, _reading(entry, built.layout, self.seed), self.formats).evidence
        assert evidence is not None
        return evidence, time.perf_counter() - begin

    def of(
        self, entries: Mapping[str, Entry], workers: Workers | None, kept: Kept, tell: Callable[[str], None]
    ) -> Iterator[tuple[Entry, Derivation, float]]:
        """Yield each entry with its derivation, checked, and the seconds of its checks; ``tell`` hears of each step.

        kept: holds the evidence of steps that were checked before, and takes that of the others.
        """
        built = {name: _built(entry) for name, entry in entries.items()}
        found = self._evidence(entries, built, workers, kept)
        for name, derivation in built.items():
            evidence, seconds = [], 0.0
            for _ in range(len(derivation.steps) + len(derivation.errata)):
                one, taken = next(found)
                evidence.append(one)
                seconds += taken
                tell(name)
            steps = tuple(replace(s, evidence=e) for s, e in zip(derivation.steps, evidence, strict=False))
            shown = evidence[len(steps) :]
            errata = tuple(replace(s, evidence=e) for s, e in zip(derivation.errata, shown, strict=True))
            yield entries[name], replace(derivation, steps=steps, errata=errata), seconds

    def _evidence(
        self, entries: Mapping[str, Entry], built: Mapping[str, Derivation], workers: Workers | None, kept: Kept
    ) -> Iterator[tuple[Evidence, float]]:
        before = kept.count
        yield from map(_restored, kept.results())
        work = self.one if workers else partial(self.one, entries=entries)
        for evidence, seconds in stream(work, islice(_items(built), before, None), workers):
            kept.add({"claim": evidence.claim, "checks": [c.record() for c in evidence.checks], "seconds": seconds})
            yield evidence, seconds

    def kept(self, path: Path, entries: Mapping[str, Entry]) -> Kept:
        """Open what keeps the evidence of these checks by this version of the code; that of any other is left out."""
        folders = {Path(e.build.__code__.co_filename).parent for e in entries.values()}
        head = {"book": list(entries), "formats": self.formats, "seed": self.seed, "code": code(folders)}
        return resumed(path, head)


def number_of_checks(entries: Mapping[str, Entry]) -> int:
    """Return how many steps and errata there are in entries."""
    return sum(len(d.steps) + len(d.errata) for d in map(_built, entries.values()))


def _items(built: Mapping[str, Derivation]) -> Iterable[Item]:
    return ((name, k) for name, d in built.items() for k in range(len(d.steps) + len(d.errata)))


@lru_cache(maxsize=64)
def _built(entry: Entry) -> Derivation:
    return entry.derivation()


@lru_cache(maxsize=1)
def _installed() -> dict[str, Entry]:
    return catalogue()


@lru_cache(maxsize=4)
def _reading(entry: Entry, layout: str, seed: int) -> Reading:
    return Reading(notation(entry.notation), layout, seed)


def _restored(record: Mapping[str, Any]) -> tuple[Evidence, float]:
    checks = tuple(Check(**{**c, "verdict": Verdict[c["verdict"]]}) for c in record["checks"])
    return Evidence(record["claim"], checks), record["seconds"]
