"""A step: a claim, the rule that gives it, the steps it rests on, and the evidence that it is true."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symgrad.claims.kind import Claim
from symgrad.derivation.rule import Rule
from symgrad.evidence.check import check
from symgrad.evidence.evidence import Evidence


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    premises: the numbers, from 1, of the earlier steps it rests on.
    because: a sentence that a reader can follow. label: the equation's number in the source.
    section: the heading that begins with this step, if one does.
    """

    claim: Claim
    rule: Rule
    because: str = ""
    premises: tuple[int, ...] = ()
    label: str = ""
    section: str = ""
    evidence: Evidence | None = None

    def checked(self, seed: int = 0, digits: int = 60) -> Step:
        """Return the step with its evidence."""
        return replace(self, evidence=check(self.claim, seed, digits))
