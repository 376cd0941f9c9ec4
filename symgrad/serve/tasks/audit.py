"""The audit of a text: its findings with their places, each typeset where it was understood."""

from __future__ import annotations

from typing import Any

from symgrad.api.model import models
from symgrad.audit.audit import audit_text
from symgrad.audit.finding import Finding, Word
from symgrad.audit.report.typeset import typeset
from symgrad.audit.report.words import printable
from symgrad.errors import ValuesError
from symgrad.export.html import words_html
from symgrad.serve.fields import Fields, choice, text
from symgrad.serve.limits import LONGEST_TEXT, Limits

KINDS = {"md": "Markdown or MyST", "tex": "LaTeX", "rst": "reStructuredText", "ipynb": "a notebook", "html": "HTML"}
MOST = 1_000
"""Findings that are told of one text."""
A_FORMULA = 1.0
"""Seconds for the claims of one formula."""


def task(fields: Fields, seconds: float = Limits.seconds) -> dict[str, Any]:
    r"""Return the findings of a text, from the first line to the last.

    >>> found = task({"text": "It is $1.5^2 = 2.35$."})
    >>> [(f["word"], f["line"], f["value"]) for f in found["findings"]], found["counts"]
    ([('refuted', 1, '2.25')], {'refuted': 1})
    """
    whole = text(fields, "text", longest=LONGEST_TEXT)
    if not whole.strip():
        raise ValuesError("there is no text", todo="paste or drop one")
    kind = choice(fields, "kind", KINDS, "md")
    network = choice(fields, "model", ("", *models()), "")
    found = audit_text(f"text.{kind}", whole, A_FORMULA, everything=True, model=network)
    counts = found.counts or {}
    shown = sorted(found.findings, key=lambda f: (f.place.line, f.place.column))
    return {
        "counts": {str(word): counts[word] for word in reversed(Word) if word in counts},
        "findings": [_finding(f) for f in shown[:MOST]],
        "left": max(len(shown) - MOST, 0),
    }


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "word": str(f.word),
        "flags": f.word.flags,
        "told": f.word in (Word.REFUTED, Word.IMPOSSIBLE, Word.NOTE),
        "line": f.place.line,
        "column": f.place.column,
        "cell": f.place.cell,
        "claim": printable(f.claim),
        "math": typeset(f.claim),
        "value": _words(f.value) if f.value not in f.reason else "",
        "reason": _words(f.reason),
        "reading": _words(f.reading),
    }


def _words(said: str) -> str:
    """Return what is said of a claim as HTML."""
    return words_html(printable(said))
