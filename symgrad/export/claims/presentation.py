"""Claims in a notation and a layout. The layouts of all kinds enter themselves in the table when imported here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.claims.kind import Claim
from symgrad.export.claims import derivatives, extrema, formulas  # noqa: F401  # they hold the layouts
from symgrad.export.claims.page import ClaimPage, laid_out
from symgrad.export.math import Part
from symgrad.export.notation import Notation


@dataclass(frozen=True)
class ClaimPresentation:
    """Claims in a notation and a layout."""

    notation: Notation
    layout: str = "numerator"

    def parts(self, claim: Claim, label: str = "") -> Iterator[Part]:
        """Yield the equation of a claim, and what its letters stand for; ``label``: its number in the source."""
        yield from laid_out(claim, ClaimPage(self.notation, self.layout, label))
