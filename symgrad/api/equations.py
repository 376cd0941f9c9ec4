"""What equations are asked for that are computed one after the other: their page, in every format and in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from symgrad.export.latex import latex
from symgrad.export.notation import Notation

if TYPE_CHECKING:
    from symgrad.evidence.evidence import Evidence
    from symgrad.export.backward import BackwardPage
    from symgrad.export.hessian_vector import HessianVectorPage


class Equations(ABC):
    """Equations with a page of their own."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What they are of."""

    @abstractmethod
    def presentation(self, notation: Notation | str = "nielsen") -> BackwardPage | HessianVectorPage:
        """Return how the equations are laid out on a page, in a notation, which may be given by its name."""

    @abstractmethod
    def record(self, notation: Notation | str = "nielsen", evidence: Evidence | None = None) -> dict[str, Any]:
        """Return the equations as plain data, for JSON; the verdict is None where nothing was checked."""

    def latex(self, notation: Notation | str = "nielsen") -> str:
        """Return the page as LaTeX: what is computed forward, what the errors are called, the equations.

        >>> import symgrad as sg
        >>> print(sg.model("chain").backward("C", "b[1]").latex().splitlines()[-3].strip())
        \\frac{\\partial C}{\\partial b_{1}} &= \\delta_{1}
        """
        return latex(self.presentation(notation).document())

    def page(
        self,
        format: str = "markdown",
        *,
        only: str | None = None,
        env: str | None = None,
        label: str = "",
        labels: str | None = None,
        notation: Notation | str = "nielsen",
        standalone: bool = False,
    ) -> str:
        """Return the page as it is pasted into a document; options as of ``Gradient.page``, and only: backward.

        >>> import symgrad as sg
        >>> print(sg.model("chain").backward("C", "b").page("text", only="backward").splitlines()[0])
        δ_L = ∂C/∂a_L σ'(z_L)
        """
        from symgrad.api.page import page
        from symgrad.export.page_options import PageOptions

        options = PageOptions(notation, format, only, label, env, labels, standalone)
        shown = self.presentation(notation).document()
        return page(shown, self.title, options, lambda: self.record(notation))

    def _repr_html_(self) -> str:
        """Show the page in a notebook."""
        from symgrad.api.notebook import page_html

        return page_html(self.presentation().document())
