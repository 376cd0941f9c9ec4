"""The audit of a document: every passage is checked, each within its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import thread_time

from symgrad.audit.activation import said_of_sigma
from symgrad.audit.chance.said.facts import Facts
from symgrad.audit.chance.said.record import Laws
from symgrad.audit.chance.said.tables import laws_in_tables
from symgrad.audit.check import findings
from symgrad.audit.doubt.text import Where, settled
from symgrad.audit.finding import Finding, Passage, Place, Word
from symgrad.audit.given import gives
from symgrad.audit.network.equations import Equations
from symgrad.audit.repeated import Repeated
from symgrad.audit.source.format import NotTextError, read_text
from symgrad.audit.source.included import commands_beside
from symgrad.audit.source.macros import Macro, macros
from symgrad.audit.source.passages import NO_COMMANDS, passages
from symgrad.audit.words.context import is_near
from symgrad.audit.words.meaning import as_definition, letters_defined
from symgrad.deadline import TimeUp, limited, ticking
from symgrad.errors import SymgradError, TooLarge

SHOWN = frozenset({Word.NOTE, Word.IMPOSSIBLE, Word.REFUTED})
"""Verdicts that are reported when not all are asked for."""

TIMEOUT = 1.0
SECONDS_A_MEGABYTE = 15.0
"""Time of a file, of which the smallest has as much as one of 1 MB, and more where a formula has more than TIMEOUT;
what is left then is not checked. It is that of its work and not of waiting, so that other programs change nothing."""

AROUND = 2
"""Lines above and below a finding that are kept with it."""

MOST_DEFINITIONS = 8
"""Formulas above a claim that are kept as definitions."""

MOST_GIVEN = 16
"""Formulas above a claim that are kept because they may say what a letter is."""

MOST_EXTRACTS = 2_000
LONGEST_LINE = 600


@dataclass(frozen=True)
class Extract:
    """The lines around a finding; ``first`` is the number of the first."""

    first: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Audited:
    """What was found in one file; ``counts`` counts all verdicts, also of findings that are not kept."""

    file: str
    findings: tuple[Finding, ...] = ()
    extracts: tuple[Extract, ...] = ()
    counts: Mapping[Word, int] | None = None
    error: str = ""
    is_text: bool = True
    known: int = 0
    """How many findings a baseline knows, and which are left out."""

    @property
    def flagged(self) -> bool:
        """Whether something is refuted."""
        return any(f.word.flags for f in self.findings)


def audit_text(
    name: str,
    text: str,
    timeout: float = TIMEOUT,
    everything: bool = False,
    model: str = "",
    tell: Callable[[int], None] | None = None,
    commands: Mapping[str, Macro] = NO_COMMANDS,
) -> Audited:
    """Check every claim of a text. ``everything``: keep also what is confirmed and what is not checkable.

    ``tell`` is called with the line of each passage. commands: what files beside it define.
    Raises SymgradError for a text that cannot be read.

    >>> found = audit_text("notes.md", "We have $1.5^2 = 2.25$ and $1.5^{149} \\\\approx 3.7 \\\\times 10^{26}$.")
    >>> [(str(f.word), f.value) for f in found.findings], found.counts[Word.CONFIRMED]
    ([('refuted', '1.7 × 10^26')], 1)
    """
    end = thread_time() + SECONDS_A_MEGABYTE * max(1.0, len(text) / 1e6) * max(1.0, timeout / TIMEOUT)
    found: list[tuple[Where, Finding]] = []
    repeated = Repeated(lambda passage: _within(passage, timeout))
    where = Where(0, "")
    with ticking():
        for passage in prepared(name, text, model, commands):
            if tell:
                tell(passage.place.line)
            left = end - thread_time()
            said = repeated.of(passage) if left >= timeout else _within(passage, left)
            if passage.chapter != where.chapter or passage.mark != where.mark:
                where = Where(passage.chapter, passage.mark)
            found += ((where, finding) for finding in said)
    found = settled(found, len(text))
    counts = Counter(finding.word for _, finding in found)
    kept = [f for where, f in found if everything or f.word in SHOWN or where.mark == "check"]
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    extracts = tuple(_extract(f.place, rows) for f in kept[:MOST_EXTRACTS])
    return Audited(name, tuple(kept), extracts, dict(counts))


def prepared(name: str, text: str, model: str = "", commands: Mapping[str, Macro] = NO_COMMANDS) -> Iterator[Passage]:
    """Yield the passages of a text, each with the networks and the formulas that the text has defined before it."""
    defined, chapter, letters = Equations(), 0, frozenset[str]()
    above: tuple[tuple[int, str], ...] = ()
    given: tuple[tuple[int, str], ...] = ()
    sigma: tuple[str, ...] = ()
    tables = laws_in_tables(text.replace("\r\n", "\n"))
    laws, facts = Laws(tables), Facts()
    for passage in passages(name, text, commands):
        if passage.chapter != chapter:
            defined.new_chapter()
            chapter, above, given, sigma = passage.chapter, (), (), ()
            laws, facts = Laws(tables), Facts()
        if model and not any(key == "model" for key, _ in passage.known):
            passage = replace(passage, known=(*passage.known, ("model", model)))
        defined.read(passage.text)
        networks = ("defined", defined.defined()), ("equations", defined.text())
        formulas = (("formula", formula) for formula in defined.formulas)
        letters = letters_defined(passage.text, letters)
        stated = (*laws.read(passage), *facts.read(passage)) if passage.kind == "math" else ()
        known = (
            *passage.known,
            *stated,
            *(n for n in networks if n[1]),
            *formulas,
            *(("sigma is", said) for said in sigma),
        )
        p = passage  # written out, for ``replace`` takes as long as all else here
        yield Passage(
            p.text,
            p.place,
            p.kind,
            p.before,
            p.mark,
            known,
            p.after,
            p.sentence,
            p.at,
            p.chapter,
            letters,
            above,
            p.composed,
            given,
        )
        if passage.kind == "math" and (said := said_of_sigma(passage.text)):
            sigma = (*(s for s in sigma if s != said), said)
        if passage.kind == "math" and (definition := as_definition(passage)):
            above = (*above, (passage.place.line, definition))[-MOST_DEFINITIONS:]
        if passage.kind == "math" and not passage.composed and gives(passage.text) and not is_near(passage):
            given = (*given, (passage.place.line, passage.text))[-MOST_GIVEN:]


def audit_file(
    path: Path,
    timeout: float = TIMEOUT,
    everything: bool = False,
    model: str = "",
    tell: Callable[[int], None] | None = None,
    preamble: str = "",
) -> Audited:
    """Check a file; one that cannot be read has an ``error``, so that the others are checked all the same.

    preamble: a text whose commands the file may use.
    """
    try:
        whole = read_text(path)
        commands = macros(preamble) | commands_beside(path, whole)
        return audit_text(str(path), whole, timeout, everything, model, tell, commands)
    except NotTextError as error:
        return Audited(str(path), counts={}, error=str(error), is_text=False)
    except SymgradError as error:
        return Audited(str(path), counts={}, error=str(error))
    except (RecursionError, MemoryError):
        return Audited(str(path), counts={}, error=str(TooLarge("too deep or too large", str(path), "split the file")))
    except Exception as error:
        told = SymgradError(f"a fault of symgrad: {type(error).__name__}", str(path), "report it, with the file")
        return Audited(str(path), counts={}, error=str(told))


def _within(passage: Passage, seconds: float) -> Iterator[Finding]:
    """Yield the findings of a passage, those that the time allows."""
    if seconds <= 0:
        yield _unchecked(passage, "the time of the file is over")
        return
    found: list[Finding] = []
    try:
        with limited(seconds, clock=thread_time):
            found.extend(findings(passage))
    except TimeUp:
        found = [_unchecked(passage, f"longer than {seconds:.2g} s")]
    except (RecursionError, MemoryError):
        found = [_unchecked(passage, "too deep or too large")]
    except Exception as error:
        found = [_unchecked(passage, f"a fault of symgrad, please report it: {type(error).__name__}")]
    if not found and passage.mark == "check":
        found = [_unchecked(passage, "it says nothing that can be checked")]
    yield from found


def _unchecked(passage: Passage, reason: str) -> Finding:
    claim = " ".join(passage.text[:LONGEST_LINE].split())
    return Finding(Word.UNCHECKED, passage.place, claim, reason=reason)


def _extract(place: Place, rows: list[str]) -> Extract:
    """Return the lines around a place; those of a notebook's cell are not kept."""
    if place.cell:
        return Extract(place.line, ())
    first = max(place.line - 1 - AROUND, 0)
    return Extract(first + 1, tuple(row[:LONGEST_LINE] for row in rows[first : place.line + AROUND]))
