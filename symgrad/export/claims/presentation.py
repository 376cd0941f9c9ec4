"""Claims in a notation and a layout. The layouts of all kinds enter themselves in the table when imported here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from symgrad.claims.kind import Claim
from symgrad.export.claims import derivatives, extrema, formulas  # noqa: F401  # they hold the layouts
from symgrad.export.claims.page import ClaimPage, laid_out
from symgrad.export.math import Part
from symgrad.export.notation import Notation
from symgrad.export.style import dressed_parts


@dataclass(frozen=True)
class ClaimPresentation:
    """Claims in a notation and a layout."""

    notation: Notation
    layout: str = "numerator"

    def parts(self, claim: Claim, label: str = "") -> Iterator[Part]:
        """Yield the equation of a claim, and what its letters stand for; ``label``: its number in the source."""
        notation = of_steps(self.notation)
        yield from dressed_parts(laid_out(claim, ClaimPage(notation, self.layout, label)), notation.style)


def of_steps(notation: Notation) -> Notation:
    """Return a notation for steps, in which T may be a letter: a transpose is no slanted T."""
    upright = notation.style.transpose == "T"
    return replace(notation, style=replace(notation.style, transpose=r"\mathrm T")) if upright else notation
