"""A derivative through residual steps, telescoped: ∂C/∂x_l = ∂C/∂x_L + Σ_{k=l+1}^{L} ∂C/∂x_k ∂F/∂x_{k-1}."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from symgrad.algebra import map_algebra as M
from symgrad.algebra.index import Index, difference
from symgrad.algebra.linear_map import Compose, Identity, LinearMap, Named, Product, Sum
from symgrad.algebra.span import Span
from symgrad.calculus.closed_form import ClosedForm
from symgrad.errors import NotDefined
from symgrad.export.derivative import Presentation
from symgrad.export.math import Part


def telescoped(form: ClosedForm) -> LinearMap:
    """Return R + Σ_k (R ∏_{j>k} (I + A_j)) A_k for R ∏_j (I + A_j), with the names of derivatives in parentheses.

    Raises NotDefined where the derivative is not by what a residual step starts from.

    >>> import symgrad as sg
    >>> model = sg.parse("F: vector\\nx[0]: (n,)\\nx[l] = x[l-1] + F(x[l-1])\\nC = cost(x[L])")
    >>> len(telescoped(model.derivative("C", "x[l]")).maps)
    2
    """
    *left, steps = form.map.maps if isinstance(form.map, Compose) else (form.map,)
    start = form.wrt.index
    if isinstance(steps, Product) and steps.descending and start is not None:
        body = steps.body.map if isinstance(steps.body, Named) else steps.body
        if isinstance(body, Sum) and isinstance(body.maps[0], Identity) and difference(steps.lower, start) == 1:
            later = Named(form.of, form.wrt.at(Index(steps.symbol)), form.map, "total")
            inner = M.compose(later, M.add(*body.maps[1:]))
            return M.add(M.compose(*left), M.summed(Span(steps.symbol, steps.lower, steps.upper), inner))
    raise NotDefined(
        f"∂{form.of}/∂{form.wrt} is no product of residual steps, I + ∂F/∂x",
        todo="ask for the derivative by what residual steps start from: x[l], where x[l] = x[l-1] + F(x[l-1])",
    )


@dataclass(frozen=True)
class TelescopedPresentation(Presentation):
    """A closed form as a sum over the steps after it, each with the derivative by what that step gives."""

    @cached_property
    def _named(self) -> LinearMap:
        return telescoped(self.closed)

    def explanations(self) -> list[Part]:
        """Return nothing: the names on the page are derivatives of the same number by later states."""
        return []
