"""A derivation in the user's hand: print it, check it, set it in LaTeX or Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.derivation import derivation as steps
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.math import Document
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.steps import StepPresentation
from symgrad.export.text import text


@dataclass(frozen=True)
class Derivation(steps.Derivation):
    """The steps that lead to a derivative, each with its evidence once it is ``checked``. ``Model.derive`` makes it.

    >>> import symgrad as sg
    >>> d = sg.model("deep_linear").derive("a[l]", "a[l-1]").checked()
    >>> [step.rule.name for step in d.steps], d.verdict.name
    (['definition', 'linear term', 'substitution'], 'PROVED')
    """

    def document(self, notation: Notation | str = "nielsen", evidence: bool = True) -> Document:
        """Return the steps as a neutral document; ``evidence``: each step's stands in a comment."""
        return StepPresentation(self, find_notation(notation), self.layout).document(evidence)

    def latex(self, notation: Notation | str = "nielsen") -> str:
        """Return the steps as LaTeX; a step that did not pass is named, and its formula left out."""
        return latex(self.document(notation))

    def markdown(self, notation: Notation | str = "nielsen") -> str:
        """Return the steps as Markdown; a step that did not pass is named, and its formula left out."""
        return markdown(self.document(notation))

    def __str__(self) -> str:
        return text(self.document(evidence=False))
