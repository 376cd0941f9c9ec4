"""The backward equations of a network, with everything a user asks of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symgrad.api.equations import Equations
from symgrad.calculus.equations.backward_equation import BackwardPass
from symgrad.export.backward import BackwardPage
from symgrad.export.notation import Notation, fitting
from symgrad.export.text import display_text
from symgrad.network.read import again, asked_of

if TYPE_CHECKING:  # equations are found and printed without number systems and evidence
    from symgrad.evidence.evidence import Evidence


@dataclass(frozen=True)
class BackwardEquations(Equations, BackwardPass):
    """The equations of reverse accumulation, from the last step to the first: print them, evaluate them, verify them.

    errors: those of the cotangents δ; gradients: those asked for, each in the shape of its parameter.
    ``Model.backward`` makes it.

    >>> import symgrad as sg
    >>> print(sg.model("mlp").backward("C", ["W", "b"]))
    δ_L = ∂C/∂a_L ⊙ σ'(z_L)
    δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ σ'(z_l)  for l = L-1, …, 1
    ∂C/∂W_l = δ_l a_{l-1}ᵀ  for l = 1, …, L
    ∂C/∂b_l = δ_l  for l = 1, …, L
    """

    form: str = "folded"

    @property
    def title(self) -> str:
        """What they are of."""
        return f"Backward equations of {self.of} of {self.network.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the question: the equations, what is derived, and by what; they are derived again."""
        asked = tuple(map(str, self.asked))
        return _again, (asked_of(self.network), str(self.of), asked, self.depth, self.form)

    def presentation(self, notation: Notation | str = "nielsen") -> BackwardPage:
        """Return how the equations are laid out on a page, in a notation, which may be given by its name."""
        return BackwardPage(self, fitting(notation, self.network, self.of), self.form)

    def __iter__(self) -> Iterator[str]:
        """Yield each equation as text, in the order in which they are computed."""
        page = self.presentation()
        yield from (display_text(d) for d in (*page.backward, *page.gradients))

    def __len__(self) -> int:
        return len(self.equations)

    def __str__(self) -> str:
        return "\n".join(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_latex_(self) -> str:
        """Return the equations for a notebook: a display that MathJax typesets and LaTeX takes."""
        from symgrad.api.notebook import equations

        page = self.presentation()
        return equations([*page.definitions, *page.backward, *page.gradients])

    def record(self, notation: Notation | str = "nielsen", evidence: Evidence | None = None) -> dict[str, Any]:
        """Return the equations as plain data, for JSON; the verdict is None where nothing was checked."""
        from symgrad.export.json import backward_record

        checks = [] if evidence is None else [c.record() for c in evidence.checks]
        return backward_record(self.presentation(notation), None if evidence is None else str(evidence.verdict), checks)

    def evaluate(
        self,
        values: Mapping[str, Any],
        arithmetic: str = "float",
        digits: int | None = None,
        depth: int | None = None,
    ) -> dict[str, Any]:
        """Return what is asked for, by name, computed by the equations: all steps where it carries an index.

        Values, arithmetics and errors as of ``Gradient.evaluate``; each gradient has the shape of its quantity, the
        steps on the first axis (a list where their shapes differ), a batch on the last.

        >>> import symgrad as sg
        >>> net = sg.model("chain").bind("identity", cost="quadratic")
        >>> values = {"w": [2, 3], "b": [0, 1], "a[0]": 1, "y": 6}
        >>> net.backward("C", ["w", "b", "a[0]"]).evaluate(values, "exact")
        {'w': array([3, 2], dtype=object), 'b': array([3, 1], dtype=object), 'a[0]': 6}
        """
        from symgrad.calculus.backward_numbers import evaluate

        return evaluate(self, values, arithmetic, digits, depth)

    def code(self, language: str = "numpy") -> str:
        """Return a program that computes these equations, with a self-test; otherwise as ``Model.code``."""
        from symgrad.code.table import backend
        from symgrad.code.write import program

        return program(self, backend(language))

    def verify(
        self,
        seed: int = 0,
        digits: int = 60,
        notation: Notation | str = "nielsen",
        pages: Mapping[str, str] | None = None,
    ) -> Evidence:
        """Prove the equations by induction from the last step to the first; return the evidence.

        They are also compared with backpropagation and with tangents, and what is printed of them, or ``pages``, by
        format, is read back, computed, and compared.

        >>> import symgrad as sg
        >>> evidence = sg.model("rnn").backward("E", "W").verify()
        >>> evidence.verdict.name, [str(c.verdict) for c in evidence.checks]
        ('PROVED', ['PROVED', 'SAMPLED', 'SAMPLED', 'SAMPLED'])
        """
        from symgrad.api.printed.backward import check_backward
        from symgrad.evidence.backward import checks
        from symgrad.evidence.evidence import Evidence

        printed = check_backward(self.presentation(notation), pages, seed, digits)
        claim = f"backward equations of {self.of} of {self.network.name}"
        return Evidence(claim, (*checks(self, seed, digits), printed))


def _again(equations: Any, of: str, wrt: tuple[str, ...], depth: int | None, detail: str) -> BackwardEquations:
    return again(equations).backward(of, wrt, depth, detail)
