"""Verdicts: how well a claim is known. They form a chain, and the least of several counts."""

from __future__ import annotations

from enum import IntEnum


class Verdict(IntEnum):
    """REFUTED < UNKNOWN < SAMPLED < ENCLOSED < PROVED.

    REFUTED: a counterexample is at hand. UNKNOWN: not decided; it never passes.
    SAMPLED: holds at points, in balls that overlap. ENCLOSED: a ball over the whole stated domain.
    PROVED: an exact or symbolic identity; the method is named.

    >>> min(Verdict.PROVED, Verdict.SAMPLED).name, Verdict.UNKNOWN.passes
    ('SAMPLED', False)
    """

    REFUTED = 0
    UNKNOWN = 1
    SAMPLED = 2
    ENCLOSED = 3
    PROVED = 4

    def __str__(self) -> str:
        return self.name

    @property
    def passes(self) -> bool:
        """Tell whether a claim with this verdict may be printed as true."""
        return self > Verdict.UNKNOWN
