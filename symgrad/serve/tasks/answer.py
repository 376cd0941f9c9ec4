"""The answer to a question, checked, as HTML with its mathematics in MathML, and the evidence for it."""

from __future__ import annotations

from typing import Any

from symgrad.desk.answer import Answer, answer
from symgrad.evidence.evidence import Evidence
from symgrad.export.html import words_html
from symgrad.export.page_options import PageOptions
from symgrad.serve.fields import Fields
from symgrad.serve.limits import Limits
from symgrad.serve.tasks.question import notation, question

FORMAT = "html"


def task(fields: Fields, seconds: float = Limits.seconds) -> dict[str, Any]:
    """Return the page of an answer and its evidence; what did not pass has no page.

    >>> found = task({"model": "chain", "of": "C", "wrt": ["b[1]"], "detail": "folded"})
    >>> found["verdict"], found["html"].count("<math"), found["title"]
    ('PROVED', 2, '∂C/∂b[1] of chain')
    """
    found = answered(fields, FORMAT, seconds)
    evidence = found.evidence
    return {
        "title": found.title,
        "html": found.pages.get(FORMAT, ""),
        "verdict": str(evidence.verdict) if evidence else "",
        "passes": found.passes,
        "checks": checks(evidence),
        "notes": [words_html(note) for note in found.notes],
        "counterexample": evidence.counterexample if evidence else "",
    }


def answered(fields: Fields, format_: str, seconds: float) -> Answer:
    """Return the answer to the question of a request, in a format."""
    asked, model = question(fields)
    page = PageOptions(notation(fields, model), format_)
    return answer(asked, page, timeout=seconds, comment=False, model=model)


def checks(evidence: Evidence | None) -> list[str]:
    """Return a sentence for each check, as HTML."""
    return [words_html(str(check)) for check in evidence.checks] if evidence else []
