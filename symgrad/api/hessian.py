"""The second derivative of a number by two quantities, with everything a user asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symgrad.algebra.linear_map import LinearMap
from symgrad.api.gradient import Gradient
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.second import merged, second_form
from symgrad.evidence.evidence import Evidence
from symgrad.export.derivative import Presentation
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.network.network import Network
from symgrad.network.read import again, asked_of


class HessianPresentation(Presentation):
    """A second derivative on a page: diag(δ) diag(σ''(z)) is diag(δ ⊙ σ''(z))."""

    def _collected(self, m: LinearMap) -> LinearMap:
        return merged(self.closed.network, super()._collected(m))


@dataclass(frozen=True, repr=False)
class Hessian(Gradient):
    """∂²of/∂x∂y of a number: the derivative by y of its gradient by x, printed, evaluated and verified like that.

    first: the gradient ∂of/∂x in closed form; written: what is printed. ``Model.derivative`` makes it.
    """

    first: ClosedForm | None = None
    written: ClosedForm | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the question; see ``Gradient``."""
        assert self.first is not None
        asked = map(str, (self.first.of, self.first.wrt, self.wrt))
        return _hessian, (asked_of(self.first.network), *asked, self.layout)

    def presentation(self, notation: Notation | str = "nielsen", form: str = "unfolded") -> Presentation:
        """Return how it is laid out on a page: a known σ is written out, an opaque one has its σ''."""
        assert self.written is not None
        return HessianPresentation(self.written, find_notation(notation), self.layout, form)

    def verify(
        self,
        seed: int = 0,
        digits: int = 60,
        notation: Notation | str = "nielsen",
        form: str = "unfolded",
        pages: Mapping[str, str] | None = None,
        presentation: Presentation | None = None,
    ) -> Evidence:
        """Compare the gradient with independent computations, then its derivative, then what is printed of that."""
        from symgrad.api.printed.witness import check_printed, pages_of
        from symgrad.evidence.second import verify_second

        assert self.first is not None
        evidence = verify_second(self.first, self, seed, digits)
        shown = presentation or self.presentation(notation, form)
        compared = Presentation(self, shown.notation, self.layout, form)
        printed = check_printed(compared, pages or pages_of(shown.document()), seed, digits)
        return Evidence(evidence.claim, (*evidence.checks, printed))


def _hessian(equations: Any, of: str, x: str, y: str, layout: str) -> Hessian:
    return hessian(again(equations), of, x, y, layout)


def hessian(network: Network, of: str, x: str, y: str, layout: str) -> Hessian:
    """Return ∂²of/∂x∂y."""
    found = second_form(network, of, x, y)
    return Hessian(**vars(found.raw), layout=layout, first=found.first, written=found.written)
