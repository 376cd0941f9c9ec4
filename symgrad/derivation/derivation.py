"""A derivation: a list of steps. It is as well known as its weakest step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from symgrad.calculus.layout_name import check_layout
from symgrad.claims.kind import Claim
from symgrad.derivation.erratum import Erratum
from symgrad.derivation.figure import Figure
from symgrad.derivation.rule import rule
from symgrad.derivation.step import Step
from symgrad.errors import ModelError
from symgrad.evidence.evidence import least
from symgrad.evidence.verdict import Verdict


@dataclass(frozen=True)
class Derivation:
    """Steps that lead to a result, the last of them, with what the reader is told before and between.

    places: for each figure the number of a step of the section that it belongs to; where there is none, the last is.

    >>> import symgrad as sg
    >>> d = sg.model("chain").derive("C", "b[1]").checked()
    >>> str(d.verdict), len(d.steps)
    ('PROVED', 12)
    """

    title: str
    steps: tuple[Step, ...] = ()
    source: str = ""
    assumptions: tuple[str, ...] = ()
    errata: tuple[Erratum, ...] = ()
    figures: tuple[Figure, ...] = ()
    layout: str = "numerator"
    places: tuple[int, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The least verdict of the steps; UNKNOWN as long as one is not checked, or an erratum is not shown."""
        own = [s.evidence.verdict if s.evidence else Verdict.UNKNOWN for s in self.steps]
        return least([*own, *(Verdict.UNKNOWN for e in self.errata if not e.shown)])

    def verdict_of(self, number: int) -> Verdict:
        """Return the verdict of a step with all that it rests on."""
        return least([self._own(n) for n in self._support(number)])

    def failed_premise(self, number: int) -> int | None:
        """Return a step that the given one rests on, however far back, and that was checked and did not pass."""
        failed = [n for n in self._support(number) if self.steps[n - 1].evidence and not self._own(n).passes]
        return min((n for n in failed if n != number), default=None)

    def _own(self, number: int) -> Verdict:
        evidence = self.steps[number - 1].evidence
        return evidence.verdict if evidence else Verdict.UNKNOWN

    def _support(self, number: int) -> Iterator[int]:
        pending, seen = [number], {number}
        while pending:
            n = pending.pop()
            yield n
            fresh = [p for p in self.steps[n - 1].premises if p not in seen]
            seen.update(fresh)
            pending += fresh

    def checked(self, seed: int = 0, digits: int = 60) -> Self:
        """Return the derivation with the evidence of every step; the same seed gives the same evidence."""
        steps = tuple(s.checked(seed, digits) for s in self.steps)
        return replace(self, steps=steps, errata=tuple(e.checked(seed, digits) for e in self.errata))


class Draft:
    """Collects the steps of a derivation, and gives each its number.

    >>> from symgrad.claims.relation import Relation
    >>> from symgrad.network.formula import read_formula
    >>> draft = Draft("The largest slope of the logistic function")
    >>> claim = Relation(read_formula("logistic'(z)"), "≤", read_formula("1/4"))
    >>> draft.add(claim, "bound on the slope", "1/4 minus the slope is a square.")
    1
    >>> str(draft.derivation().checked().verdict)
    'PROVED'
    """

    def __init__(
        self, title: str, source: str = "", assumptions: tuple[str, ...] = (), layout: str = "numerator"
    ) -> None:
        self.title, self.source, self.assumptions = title, source, assumptions
        self.layout = check_layout(layout)
        self._steps: list[Step] = []
        self._errata: list[Erratum] = []
        self._figures: list[tuple[Figure, int]] = []
        self._section = ""

    def add(self, claim: Claim, by: str, because: str = "", *premises: int, label: str = "") -> int:
        """Add a step and return its number; a step that says the same as an earlier one is that step."""
        known = next((n for n, s in enumerate(self._steps, start=1) if s.claim == claim), None)
        if known is not None:
            return known
        unknown = [p for p in premises if not 1 <= p <= len(self._steps)]
        if unknown:
            raise ModelError(f"the premise {unknown[0]} is no earlier step", todo="give the numbers that add returned")
        section, self._section = self._section, ""
        self._steps.append(Step(claim, rule(by), because, tuple(dict.fromkeys(premises)), label, section))
        return len(self._steps)

    def section(self, title: str) -> None:
        """Begin a section: the next step stands under this heading."""
        self._section = title

    def erratum(self, erratum: Erratum) -> None:
        """Add an error of the source; its claim must be refuted."""
        self._errata.append(erratum)

    def figure(self, figure: Figure) -> None:
        """Add a figure; it stands at the end of the section."""
        self._figures.append((figure, len(self._steps) + bool(self._section)))

    def include(self, other: Derivation) -> int:
        """Add the steps of another derivation, and return the number of its last."""
        numbers: list[int] = []
        for s in other.steps:
            numbers.append(
                self.add(s.claim, s.rule.name, s.because, *(numbers[p - 1] for p in s.premises), label=s.label)
            )
        return numbers[-1]

    def derivation(self) -> Derivation:
        """Return the derivation."""
        return Derivation(
            self.title,
            tuple(self._steps),
            self.source,
            self.assumptions,
            tuple(self._errata),
            tuple(figure for figure, _ in self._figures),
            self.layout,
            tuple(place for _, place in self._figures),
        )
