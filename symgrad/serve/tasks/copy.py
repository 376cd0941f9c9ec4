"""An answer to be taken away: as LaTeX, MyST, Typst, text, or as code."""

from __future__ import annotations

from typing import Any

from symgrad.errors import SymgradError
from symgrad.serve.fields import Fields, choice
from symgrad.serve.limits import Limits
from symgrad.serve.menus import COPIES
from symgrad.serve.tasks.answer import answered


def task(fields: Fields, seconds: float = Limits.seconds) -> dict[str, Any]:
    """Return the text of an answer in a format; it is checked as it stands there.

    >>> task({"model": "rnn", "of": "s[t]", "wrt": ["s[k]"], "format": "latex"})["text"].splitlines()[0]
    '\\\\begin{align*}'
    """
    format_ = choice(fields, "format", COPIES, "latex")
    found = answered(fields, format_, seconds)
    if not found.passes:
        raise SymgradError(
            "it is not known to be true, and is not printed", where=found.failure, todo="see the evidence"
        )
    return {"format": format_, "text": found.pages[format_]}
