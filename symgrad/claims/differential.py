"""The derivative of one quantity of a network by another, as a linear map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symgrad.calculus.closed_form import ClosedForm
from symgrad.claims import require
from symgrad.claims.kind import Claim

SCOPES = ("total", "equation", "step")


@dataclass(frozen=True)
class Differential(Claim):
    """∂of/∂wrt = map, or as changes to first order, Δof ≈ map Δwrt.

    scope: "total"; "equation", the partial derivative of one equation, all else that it reads held fixed;
    "step", within one step of the recurrence, the step before held fixed.
    immediate: it is written ∂⁺, for it is not the total derivative.
    """

    kind: ClassVar[str] = "differential"

    form: ClosedForm
    scope: str = "total"
    first_order: bool = False
    immediate: bool = False

    def __post_init__(self) -> None:
        require.known("scope", self.scope, SCOPES)
        for q in (self.form.of, self.form.wrt):
            require.known("quantity", q.name, self.form.network.names)

    def __str__(self) -> str:
        of, wrt = self.form.of, self.form.wrt
        if self.first_order:
            return f"Δ{of} ≈ ∂{of}/∂{wrt} Δ{wrt}"
        return f"∂{'⁺' if self.immediate else ''}{of}/∂{wrt}"
