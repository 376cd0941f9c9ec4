"""How the steps of a derivation are laid out on a page: a sentence, equations, what they rest on, the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from symgrad.claims.definition import Definition
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.step import Step
from symgrad.evidence.verdict import Verdict
from symgrad.export.claims.presentation import ClaimPresentation
from symgrad.export.inline import as_far_as_understood
from symgrad.export.math import Comment, Display, Document, Heading, Math, Part, Text
from symgrad.export.notation import Notation

UNCHECKED = "not checked"
WORDS, COMMENT, NOWHERE = "words", "comment", "nowhere"


@dataclass(frozen=True)
class Line:
    """A step on the page; or several definitions, one below the other.

    numbers: of its steps. because: the sentence before the equations. premises: the steps it rests on.
    evidence: a sentence for each check. section: the heading that begins with it, if one does.
    points: at how many points it was compared, where that is its best evidence.
    """

    numbers: tuple[int, ...]
    because: str
    rule: str
    premises: tuple[int, ...]
    document: Document
    verdict: str
    passes: bool
    evidence: tuple[str, ...]
    section: str = ""
    points: int = 0

    @property
    def words(self) -> tuple[str | Math, ...]:
        """The sentence before the equations, with the mathematics that stands in it between dollars."""
        return as_far_as_understood(self.because)

    @property
    def standing(self) -> str:
        """The verdict; of what holds at points alone, at how many: SAMPLED, checked at 25 points."""
        return self.verdict + (f", checked at {self.points} points" if self.points else "")

    @property
    def number(self) -> str:
        """The number of the step, or of the first and the last: 7 to 16."""
        first, last = self.numbers[0], self.numbers[-1]
        return str(first) if first == last else f"{first} to {last}"

    @property
    def reason(self) -> str:
        """The rule, and the steps it rests on: chain rule, from 3 and 4."""
        return f"{self.rule}, from {listed(map(str, self.premises))}" if self.premises else self.rule

    @property
    def failure(self) -> str:
        """What the reader is told in the place of a formula that did not pass."""
        return f"{self.verdict}: the formula is left out. " + "; ".join(self.evidence) + "."


@dataclass(frozen=True)
class StepPresentation:
    """A derivation in a notation and a layout. ``name``: with it equations get names, chain-1, chain-2, ..."""

    derivation: Derivation
    notation: Notation
    layout: str = "numerator"
    name: str = ""

    def lines(self) -> Iterator[Line]:
        """Yield the steps; one that was checked and did not pass is not to be printed as true."""
        said: set[Text] = set()
        for run in _runs(self.derivation):
            yield self._line(run, said)

    def _line(self, run: list[Numbered], said: set[Text]) -> Line:
        number, first = run[0]
        parts = tuple(part for number, step in run for part in self._parts(number, step) if part not in said)
        said.update(p for p in parts if isinstance(p, Text) and p.once)
        verdict = first.evidence.verdict if first.evidence else None
        evidence = tuple(map(str, first.evidence.checks)) if first.evidence else ()
        failed = self.derivation.failed_premise(number) if verdict is not None and verdict.passes else None
        if failed is not None:  # whatever its own evidence is, it does not follow from what is wrong
            verdict = Verdict.UNKNOWN
            evidence = (f"it rests on step {failed}, which is {self.derivation.verdict_of(failed)}", *evidence)
        return Line(
            numbers=tuple(n for n, _ in run),
            because=first.because,
            rule=first.rule.name + ("s" if len(run) > 1 else ""),
            premises=first.premises,
            document=Document(parts, tuple(self.notation.macros.items())),
            verdict=UNCHECKED if verdict is None else str(verdict),
            passes=verdict is None or verdict.passes,
            evidence=evidence,
            section=first.section,
            points=first.evidence.points if first.evidence and verdict is Verdict.SAMPLED else 0,
        )

    def _parts(self, number: int, step: Step) -> Iterator[Part]:
        """Yield the parts of a claim; its first equation has the name of the step."""
        name = f"{self.name}-{number}" if self.name else ""
        for part in ClaimPresentation(self.notation, self.layout).parts(step.claim, step.label):
            if isinstance(part, Display):
                part, name = replace(part, name=name, role="step"), ""
            yield part

    def document(self, evidence: bool = True) -> Document:
        """Return the derivation as a neutral document; ``evidence``: each step's stands in a comment."""
        parts: list[Part] = [Heading(self.derivation.title, 2)]
        if self.derivation.source:
            parts.append(Text(f"Source: {self.derivation.source}."))
        if self.layout != "numerator":
            parts.append(Text(f"Layout: {self.layout}."))
        parts += stepwise(self.lines(), COMMENT if evidence else NOWHERE)
        return Document(tuple(parts), tuple(self.notation.macros.items()))


def stepwise(lines: Iterable[Line], evidence: str) -> Iterator[Part]:
    """Yield the parts of a page with steps; their evidence stands in WORDS, in a COMMENT, or NOWHERE."""
    for line in lines:
        if line.section:
            yield Heading(line.section, 3)
        because = (" ", *line.words) if line.because else ()
        if not line.passes:
            yield _sentence(f"({line.number})", *because, f" {line.failure}")
            continue
        yield _sentence(f"({line.number})", *because, f" [{line.reason}; {line.standing}]")
        yield from line.document.parts
        if line.evidence and evidence == WORDS:
            yield Text(f"Evidence: {'; '.join(line.evidence)}.")
        elif line.evidence and evidence == COMMENT:
            yield Comment("; ".join(line.evidence))


def _sentence(*items: str | Math) -> Text:
    """Return words with mathematics between them; words alone as one text."""
    words = [x for x in items if isinstance(x, str)]
    return Text("".join(words)) if len(words) == len(items) else Text(items)


def results(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield what each section comes to: its last step; what is only defined is no result."""
    last: Line | None = None
    section = ""
    for line in (x for x in lines if x.section or not x.rule.startswith("definition")):
        if line.section and last is not None:
            yield replace(last, section=section)
            section = ""
        section, last = line.section or section, line
    if last is not None:
        yield replace(last, section=section)


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence lists them.

    >>> listed("123"), listed("1")
    ('1, 2 and 3', '1')
    """
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


Numbered = tuple[int, Step]


def _runs(derivation: Derivation) -> Iterator[list[Numbered]]:
    """Yield the steps one by one, and definitions of which nothing is said together."""
    run: list[Numbered] = []
    for number, step in enumerate(derivation.steps, start=1):
        if run and (step.section or not (_is_bare(step) and _is_bare(run[-1][1]))):
            yield run
            run = []
        run.append((number, step))
    if run:
        yield run


def _is_bare(step: Step) -> bool:
    return isinstance(step.claim, Definition) and not step.because
