"""Magics for notebooks: ``%load_ext symgrad``, then ``%%symgrad --of L --wrt W`` over a cell of equations.

What a cell shows is Markdown with mathematics in a notebook and on a page, LaTeX with its label in ``nbconvert --to
latex``, and text in a terminal. All three are checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from symgrad.desk.cache import usual_cache
from symgrad.desk.figure import PDF, SVG, Picture, data_url, picture
from symgrad.desk.request import EQUATIONS, FIGURE, Derivative, Figure, derivative, figure, words
from symgrad.desk.respond import Place, respond
from symgrad.errors import SymgradError
from symgrad.export.page_options import PageOptions


@dataclass(frozen=True)
class Shown:
    """An answer as a notebook takes it. notes: what may have been meant otherwise."""

    pages: dict[str, str]
    notes: tuple[str, ...] = ()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.pages["text"], "text/markdown": self.pages["markdown"]} | {
            "text/latex": self.pages["latex"]
        }

    def __repr__(self) -> str:
        return self.pages["text"]


@dataclass(frozen=True)
class ShownFigure:
    """A picture as a notebook takes it. pdf: in base64, for LaTeX; "" where the program that writes it is missing."""

    picture: Picture
    pdf: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        alt = escape(self.picture.alt, quote=True)  # which a page of nbconvert has of HTML alone
        shown = {"text/html": f'<img src="{data_url(self.picture)}" alt="{alt}">', "text/plain": repr(self)}
        return shown | {"image/svg+xml": self.picture.code} | ({"application/pdf": self.pdf} if self.pdf else {})

    def __repr__(self) -> str:
        return self.picture.alt


def show(line: str, cell: str | None, folder: Path | None = None) -> Shown | ShownFigure:
    """Return what a magic asks for: of the equations in its cell, or of the model or file that its line begins with.

    Raises SymgradError for what is wrong, and NotPassed for what is not known to be true.

    >>> print(show("--of C --wrt w", "C = w**3"))
    ∂C/∂w = 3 w^2
    """
    request = asked(line, cell)
    here = folder or Path.cwd()
    place = Place(here, here, usual_cache(), {} if cell is None else {EQUATIONS: cell})
    if isinstance(request, Figure):
        shown = picture(request, place, SVG)
        try:
            return ShownFigure(shown, picture(request, place, PDF).code)
        except SymgradError:
            return ShownFigure(shown)
    usual = {"markdown": PageOptions(format="markdown"), "latex": PageOptions(format="latex")}
    pages: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    for format_, page in usual.items():
        found = respond(request, place, page)
        pages[format_], notes = found.pages[format_], found.notes
    kept = {name: v for name, v in request.options.items() if name not in ("label", "labels", "env")}
    pages["text"] = respond(Derivative(request.model, kept), place, PageOptions(format="text")).pages["text"].rstrip()
    return Shown(pages, notes)


def asked(line: str, cell: str | None) -> Derivative | Figure:
    """Return what a magic asks for; options are written --of C or of=C. A figure begins with that word.

    >>> asked("rnn --of E --wrt W --wrt b", None).options["wrt"]
    ('W', 'b')
    """
    model = None if cell is None else EQUATIONS
    given: dict[str, list[str]] = {}
    pending = ""
    parts = list(words(line))
    drawn = parts[:1] == [FIGURE]
    for word in parts[1:] if drawn else parts:
        name, sign, value = word.partition("=")
        if pending:
            given.setdefault(pending, []).append(word)
            pending = ""
        elif word.startswith("--"):
            if sign:
                given.setdefault(name[2:], []).append(value)
            else:
                pending = word[2:]
        elif sign and name.isidentifier():
            given.setdefault(name, []).append(value)
        elif model is None:
            model = word
        else:
            raise SymgradError(f"{word!r} is no option", todo="write --of and --wrt; the cell holds the equations")
    if pending:
        raise SymgradError(f"--{pending} has no value", todo=f"write --{pending} and what it is")
    if model is None:
        raise SymgradError("there is no model", todo="write %symgrad chain --of C, or %%symgrad over equations")
    if drawn:
        refused = [name for name in ("label", "caption") if name in given]
        if refused:
            raise SymgradError(f"a figure of a notebook has no {refused[0]}", todo="write it in a cell of text")
        return figure(model, given)
    return derivative(model, given)


def load(ipython: Any) -> None:
    """Let a notebook know the magics."""

    def symgrad(line: str, cell: str | None = None) -> Shown | ShownFigure:
        """Derive what is asked for, of the equations in the cell; %symgrad chain --of C --wrt b[1] of a model."""
        from IPython.core.error import UsageError

        try:
            shown = show(line, cell)
        except SymgradError as error:
            raise UsageError(f"symgrad: {error}") from None
        for note in shown.notes if isinstance(shown, Shown) else ():
            print(f"note: {note}")
        return shown

    ipython.register_magic_function(symgrad, "line_cell", "symgrad")
