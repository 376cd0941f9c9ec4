"""The steps that lead to an answer, each with its evidence folded beside it."""

from __future__ import annotations

from typing import Any

from symgrad.api.printed.steps import formats_of, read_back
from symgrad.deadline import bounded
from symgrad.errors import NotDefined
from symgrad.export.book_html import step_html
from symgrad.export.steps import StepPresentation
from symgrad.serve.fields import Fields
from symgrad.serve.limits import Limits
from symgrad.serve.tasks.question import notation, question

FORMAT = "html"


def task(fields: Fields, seconds: float = Limits.seconds) -> dict[str, Any]:
    """Return the steps as HTML, and the least of their verdicts.

    >>> found = task({"model": "rnn", "of": "s[t]", "wrt": ["s[k]"]})
    >>> found["verdict"], found["steps"], found["html"].count('class="step"')
    ('PROVED', 8, 7)
    """
    asked, model = question(fields)
    if len(asked.wrt) != 1:
        raise NotDefined("steps lead to a derivative by one quantity", todo="choose one quantity under by")
    written = notation(fields, model)
    with bounded(seconds):
        derivation = model.derive(asked.of, asked.wrt[0], asked.depth, asked.layout or "numerator")
        derivation = read_back(derivation.checked(), written, formats_of(FORMAT), 0)
        lines = StepPresentation(derivation, written, derivation.layout).lines()
        html = "\n".join(part for line in lines for part in step_html(line))
    return {"html": html, "verdict": str(derivation.verdict), "steps": len(derivation.steps)}
