"""An answer to be taken away: as LaTeX, MyST, Typst, text, or as a program."""

from __future__ import annotations

from typing import Any

from symgrad.deadline import bounded
from symgrad.desk.program import checked
from symgrad.desk.question import BACKWARD
from symgrad.errors import NotDefined, SymgradError
from symgrad.serve.fields import Fields, choice
from symgrad.serve.limits import Limits
from symgrad.serve.menus import COPIES
from symgrad.serve.tasks.answer import answered
from symgrad.serve.tasks.question import question

PROGRAMS = ("numpy", "jax")
SEED, DIGITS = 0, 60


def task(fields: Fields, seconds: float = Limits.seconds) -> dict[str, Any]:
    """Return the text of an answer in a format; it is checked as it stands there, and of a program what it computes.

    >>> task({"model": "rnn", "of": "s[t]", "wrt": ["s[k]"], "format": "latex"})["text"].splitlines()[0]
    '\\\\begin{align*}'
    """
    format_ = choice(fields, "format", COPIES, "latex")
    if format_ in PROGRAMS:
        return {"format": format_, "text": _program(fields, format_, seconds)}
    found = answered(fields, format_, seconds)
    if not found.passes:
        raise _refused(found.failure)
    return {"format": format_, "text": found.pages[format_]}


def _program(fields: Fields, language: str, seconds: float) -> str:
    asked, model = question(fields)
    if asked.form not in (None, BACKWARD, "product"):
        raise NotDefined(f"the form {asked.form} is not written as a program", todo="choose the usual form")
    if len(asked.wrt) > 1 and asked.form != BACKWARD:
        raise NotDefined("a second derivative is not written as a program", todo="leave out by what again")
    with bounded(seconds):
        text = model.code(language, asked.of, asked.wrt or None, asked.depth)
        evidence = checked(model, asked.of, asked.wrt, asked.depth, SEED, DIGITS)
    refused = next((e for e in evidence if not e.verdict.passes), None)
    if refused is not None:
        raise _refused(str(refused))
    return text


def _refused(evidence: str) -> SymgradError:
    what = "it is not known to be true, and is not printed"
    return SymgradError(what, where=evidence, todo="see the evidence")
