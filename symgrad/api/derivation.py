"""A derivation in the user's hand: print it, check it, set it in LaTeX or Markdown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from symgrad.derivation import derivation as steps
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.math import Document
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.steps import StepPresentation
from symgrad.export.text import text
from symgrad.network.network import Network


@dataclass(frozen=True, eq=False)
class Derivation(steps.Derivation):
    """The steps that lead to a derivative, each with its evidence once it is ``checked``. ``Model.derive`` makes it.

    >>> import symgrad as sg
    >>> d = sg.model("deep_linear").derive("a[l]", "a[l-1]").checked()
    >>> [step.rule.name for step in d.steps], d.verdict.name
    (['definition', 'linear term', 'substitution'], 'PROVED')
    """

    @classmethod
    def from_json(cls, text: str) -> Derivation:
        """Return the derivation that ``to_json`` or ``symgrad derive --detail steps --format json`` wrote.

        Its evidence is not taken on trust: the steps are not checked until ``checked`` is called. Nothing that is read
        is run. Figures are not stored. Raises SymgradError for text that is no derivation.

        >>> import symgrad as sg
        >>> d = sg.model("deep_linear").derive("a[l]", "a[l-1]")
        >>> Derivation.from_json(d.checked().to_json()) == d
        True
        """
        from symgrad.export.stored import read_stored

        return cls(**vars(read_stored(text)[0]))

    def to_json(self) -> str:
        """Return the steps as JSON, with the evidence of each and a digest of what is printed of it."""
        from symgrad.export.json import json_text
        from symgrad.export.stored import stored

        return json_text(stored(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the steps as plain data, beside their evidence and the figures, and as what a network is read."""
        kinds = {type(network) for s in self.steps if (network := getattr(s.claim, "network", None)) is not None}
        return _restored, (*self._kept(), kinds.pop() if len(kinds) == 1 else Network)

    def _kept(self) -> tuple[Any, ...]:
        from symgrad.derivation.data import to_data

        evidence = (*(s.evidence for s in self.steps), *(e.evidence for e in self.errata))
        return to_data(self), evidence, self.figures, self.places

    def __eq__(self, other: object) -> bool:
        """Tell whether two derivations are the same as data, with the same evidence and figures."""
        return isinstance(other, Derivation) and self._kept() == other._kept()

    def __hash__(self) -> int:
        return hash((self.title, len(self.steps)))

    def document(self, notation: Notation | str = "nielsen", evidence: bool = True) -> Document:
        """Return the steps as a neutral document; ``evidence``: each step's stands in a comment."""
        return StepPresentation(self, find_notation(notation), self.layout).document(evidence)

    def latex(self, notation: Notation | str = "nielsen") -> str:
        """Return the steps as LaTeX; a step that did not pass is named, and its formula left out."""
        return latex(self.document(notation))

    def markdown(self, notation: Notation | str = "nielsen") -> str:
        """Return the steps as Markdown; a step that did not pass is named, and its formula left out."""
        return markdown(self.document(notation))

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
        """Return the page as it is pasted into a document; options as of ``Gradient.page``, and only: steps."""
        from symgrad.api.page import page
        from symgrad.export.page_options import PageOptions
        from symgrad.export.stored import stored

        options = PageOptions(notation, format, only, label, env, labels, standalone)
        shown = self.document(notation, evidence=format != "text")
        return page(shown, self.title, options, lambda: stored(self))

    def _repr_html_(self) -> str:
        """Show the steps in a notebook; the verdict of each opens its evidence."""
        from symgrad.api.notebook import steps_html

        lines = StepPresentation(self, find_notation("nielsen"), self.layout).lines()
        return steps_html(self.title, self.source, lines)

    def _repr_latex_(self) -> str:
        """Show the steps in LaTeX."""
        return latex(self.document(evidence=False))

    def __str__(self) -> str:
        return text(self.document(evidence=False))


def _restored(
    data: dict[str, Any], evidence: tuple[Any, ...], figures: Any, places: tuple[int, ...], kind: type[Network]
) -> Derivation:
    from symgrad.derivation.restore import from_data

    read = from_data(data, kind)
    steps = tuple(replace(s, evidence=e) for s, e in zip(read.steps, evidence, strict=False))
    errata = tuple(replace(x, evidence=e) for x, e in zip(read.errata, evidence[len(steps) :], strict=True))
    shown = {"steps": steps, "errata": errata, "figures": figures, "places": places}
    return Derivation(**{**vars(read), **shown})
