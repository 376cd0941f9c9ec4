"""The Hessian of a number times a direction, as equations, with everything a user asks of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symgrad.api.equations import Equations
from symgrad.calculus.hessian_vector import HessianVectorPass
from symgrad.export.hessian_vector import HessianVectorPage
from symgrad.export.notation import Notation, fitting
from symgrad.export.text import display_text
from symgrad.network.read import again, asked_of

if TYPE_CHECKING:  # equations are found and printed without number systems and evidence
    from symgrad.evidence.evidence import Evidence


@dataclass(frozen=True)
class HessianVector(Equations, HessianVectorPass):
    """The equations of H V: print them, evaluate them, verify them. ``Model.hvp`` makes it.

    >>> import symgrad as sg
    >>> print(sg.parse("z = phi(w*x)\\nC = quadratic(z, y)").hvp("C", "w"))
    z_dot = x w_dot φ'(w x)
    δ = z - y
    δ_dot = z_dot
    ∂C_dot/∂w = x δ_dot φ'(w x) + x^2 φ''(w x) w_dot δ
    """

    form: str = "folded"

    @property
    def title(self) -> str:
        """What they are of."""
        return f"Hessian-vector product of {self.of} of {self.network.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the question: the equations, what is derived, and by what; they are derived again."""
        asked = tuple(map(str, self.first.asked))
        return _again, (asked_of(self.first.network), str(self.first.of), asked, self.first.depth, self.form)

    def presentation(self, notation: Notation | str = "nielsen") -> HessianVectorPage:
        """Return how the equations are laid out on a page, in a notation, which may be given by its name."""
        return HessianVectorPage(self, fitting(notation, self.network), self.form)

    def __iter__(self) -> Iterator[str]:
        """Yield each equation as text, in the order in which they are computed."""
        page = self.presentation()
        yield from (display_text(d) for d in (*page.along, *page.backward, *page.gradients))

    def __str__(self) -> str:
        return "\n".join(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_latex_(self) -> str:
        """Return the equations for a notebook: a display that MathJax typesets and LaTeX takes."""
        from symgrad.api.notebook import equations

        page = self.presentation()
        return equations([*page.along, *page.definitions, *page.backward, *page.gradients])

    def record(self, notation: Notation | str = "nielsen", evidence: Evidence | None = None) -> dict[str, Any]:
        """Return the equations as plain data, for JSON; the verdict is None where nothing was checked."""
        from symgrad.export.json import hessian_vector_record

        checks = [] if evidence is None else [c.record() for c in evidence.checks]
        verdict = None if evidence is None else str(evidence.verdict)
        return hessian_vector_record(self.presentation(notation), verdict, checks)

    def evaluate(
        self,
        values: Mapping[str, Any],
        direction: Mapping[str, Any],
        arithmetic: str = "float",
        digits: int | None = None,
        depth: int | None = None,
    ) -> dict[str, Any]:
        """Return the product of the Hessian with a direction, by the name of each parameter that was asked for.

        direction: by name what changes, each in the shape of its values. Values, arithmetics and errors as of
        ``Gradient.evaluate``; the cost is that of two backward passes.

        >>> import symgrad as sg
        >>> net = sg.parse("C = x**3*y")
        >>> net.hvp("C", ["x", "y"]).evaluate({"x": 2, "y": 5}, {"x": 1, "y": 0}, "exact")  # 6xy, 3x²
        {'x': 60, 'y': 12}
        """
        from symgrad.calculus.hessian_vector_values import evaluate

        return evaluate(self, values, direction, arithmetic, digits, depth)

    def verify(
        self,
        seed: int = 0,
        digits: int = 60,
        notation: Notation | str = "nielsen",
        pages: Mapping[str, str] | None = None,
    ) -> Evidence:
        """Prove the backward pass by induction and its derivative by the chain rule; return the evidence.

        They are also compared with dual numbers through backpropagation, and what is printed of them, or ``pages``,
        by format, is read back, computed, and compared.

        >>> import symgrad as sg
        >>> evidence = sg.model("rnn").hvp("E", "W").verify()
        >>> evidence.verdict.name, [str(c.verdict) for c in evidence.checks]
        ('PROVED', ['PROVED', 'SAMPLED', 'SAMPLED', 'PROVED', 'SAMPLED', 'SAMPLED'])
        """
        from symgrad.api.printed.hessian_vector import check_hessian_vector
        from symgrad.evidence.evidence import Evidence
        from symgrad.evidence.hessian_vector import checks_along

        printed = check_hessian_vector(self.presentation(notation), pages, seed, digits)
        return Evidence(self.title, (*checks_along(self, seed, digits), printed))


def _again(equations: Any, of: str, wrt: tuple[str, ...], depth: int | None, detail: str) -> HessianVector:
    return again(equations).hvp(of, wrt, depth, detail)
