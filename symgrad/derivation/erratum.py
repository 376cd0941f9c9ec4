"""An erratum: what a source prints, that it is wrong, and what is right."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symgrad.claims.kind import Claim
from symgrad.evidence.check import check
from symgrad.evidence.evidence import Evidence
from symgrad.evidence.verdict import Verdict


@dataclass(frozen=True)
class Erratum:
    """An error of a source.

    place: where it stands. printed: what is printed, in words. right: what is right, in words.
    claim: the printed claim, which its check must refute. steps: the numbers of the steps that show what is right.
    """

    place: str
    printed: str
    right: str
    claim: Claim
    steps: tuple[int, ...] = ()
    evidence: Evidence | None = None

    @property
    def shown(self) -> bool:
        """Whether the printed claim is refuted."""
        return self.evidence is not None and self.evidence.verdict is Verdict.REFUTED

    def checked(self, seed: int = 0, digits: int = 60) -> Erratum:
        """Return the erratum with the evidence against the printed claim."""
        return replace(self, evidence=check(self.claim, seed, digits))
