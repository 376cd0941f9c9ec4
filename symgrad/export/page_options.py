r"""What of a page is written, and how: in which notation and format, which of its equations, with which labels.

>>> import symgrad as sg
>>> page = sg.model("chain").derivative("C", "b[1]", depth=1).presentation().document()
>>> print(written(page, PageOptions(format="latex", only="equation", label="eq:jac")), end="")
\begin{align}
    \frac{\partial C}{\partial b_{1}} &= \sigma'(z_{1})\, \frac{\partial C}{\partial a_{1}} \label{eq:jac}
\end{align}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from symgrad.errors import NotDefined, SymgradError, UnknownName
from symgrad.export.formats import FORMATS, find_format
from symgrad.export.math import NOTHING, Comment, Display, Document, Part, Text
from symgrad.export.notation import Notation
from symgrad.export.setting import BARE, ENVIRONMENTS, LABELS, LATEX, LINE, MYST, PLAIN, QUARTO, UNLABELLED, Setting

EQUATION, RHS, DEFINITIONS, BACKWARD, STEPS = "equation", "rhs", "definitions", "backward", "steps"
ROLES = {
    EQUATION: ("equation", "gradient"),
    RHS: ("equation", "gradient"),
    DEFINITIONS: ("definition",),
    BACKWARD: ("backward", "gradient"),
    STEPS: ("step",),
}
"""What ``only`` asks for -> the roles of the equations that are written."""
ONLY = tuple(ROLES)
JSON = "json"
OWN = {"latex": LATEX, "markdown": MYST, "rst": MYST}
"""The labels that are usual in a format; all others name an equation in their own way, as HTML has an id."""
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9:._/-]*")


@dataclass(frozen=True)
class PageOptions:
    """notation: how it is written, or its name. format: one of text, latex, markdown, html, json.

    only: what of the page is written: equation, rhs (its right side), definitions (what its names stand for), backward
    (the equations of the errors and the gradients) or steps; None for all of it. label: the name of the first
    equation; the others are called label-2, label-3, … env: what equations stand in; labels: how their names are
    written; None for what is usual in the format. standalone: a whole file. macros: LaTeX begins with the lines that
    define the commands of the notation. signs: as of ``Setting``. Raises SymgradError for what does not go together.
    """

    notation: Notation | str = "nielsen"
    format: str = "text"
    only: str | None = None
    label: str = ""
    env: str | None = None
    labels: str | None = None
    standalone: bool = False
    macros: bool = False
    signs: bool = True

    def __post_init__(self) -> None:
        known = {"part of a page": (self.only, ONLY), "environment": (self.env, ENVIRONMENTS)}
        known |= {"kind of label": (self.labels, LABELS), "format": (self.format, (*FORMATS, JSON))}
        for what, (value, values) in known.items():
            if value is not None and value not in values:
                raise UnknownName(what, value, values)
        for problem, todo in self._problems():
            raise SymgradError(problem, todo=todo)

    def _problems(self) -> Iterator[tuple[str, str]]:
        if self.label and not _LABEL.fullmatch(self.label):
            yield (
                f"{self.label!r} is not a label",
                "begin with a letter, and go on with letters, digits and : . _ / -, such as eq:jacobian",
            )
        if self.standalone and not find_format(self.format if self.format != JSON else "text").of_file:
            yield f"{self.format} has no file that stands alone", "leave out standalone, or write latex or html"
        if self.macros and self.format != "latex":
            yield f"{self.format} has no commands of a notation", "leave out macros, or write latex"
        if self.format == "text" and (self.label or self.env or self.labels):
            yield "text has no labels and no environments", "write latex, markdown or html"
        if self.format == "rst" and (self.env or self.labels):
            yield "reStructuredText has one way to set equations", "leave out env and labels; a label is taken"
        if self.format == JSON and (self.only or self.env or self.labels):
            yield (
                "JSON is the whole record",
                "take what you need of it; it has a label for each equation, if you give one",
            )
        if self.format != "markdown" and self.labels in (MYST, QUARTO):
            yield f"{self.format} has no labels of {self.labels}", "write markdown, or leave out labels"
        if self.format not in OWN and self.labels == LATEX:
            yield f"{self.format} has no labels of LaTeX", "leave out labels; with a label each equation has a name"
        if self.format == "typst" and self.env:
            yield "Typst has no environments", "leave out env"
        if self.label and self.bare:
            yield (
                "an equation that stands in no environment has no label",
                "leave out the label, or ask for --env equation",
            )

    @property
    def bare(self) -> bool:
        """Whether equations are written as mathematics alone."""
        return self.env == BARE or (self.only == RHS and self.env is None and not self.label)

    @property
    def takes_comments(self) -> bool:
        """Whether a comment can stand beside what is written, which its readers do not see."""
        return self.only != RHS and self.format != "text"

    @property
    def setting(self) -> Setting:
        """How equations are set."""
        if self.bare:
            return Setting(BARE, macros=self.macros, signs=self.signs)
        if not self.label:
            return Setting(self.env, macros=self.macros, signs=self.signs)
        return Setting(self.env, self.labels or OWN.get(self.format, UNLABELLED), self.macros, signs=self.signs)

    def selected(self, document: Document) -> Document:
        """Return what is written of a page, its equations with their names.

        Raises NotDefined where there is nothing on the page of what is asked for.
        """
        parts = document.parts if self.only is None else tuple(self._parts(document))
        if self.only is not None and not any(isinstance(p, Display) for p in parts):
            raise NotDefined(f"the page has no part {self.only!r}", todo=_TODO[self.only])
        return replace(document, parts=tuple(_named(parts, self._name)) if self.label else parts)

    def _parts(self, document: Document) -> Iterator[Part]:
        assert self.only is not None
        before: Part | None = None
        for part in document.parts:
            if isinstance(part, Comment) and part is document.parts[-1]:
                yield part
            elif isinstance(part, Display) and part.role in ROLES[self.only]:
                yield replace(part, left=NOTHING, relation="") if self.only == RHS else part
            elif _is_range(part) and isinstance(before, Display) and before.role in ROLES[self.only]:
                yield part
            before = part

    def _name(self, number: int) -> str:
        """Return the label of an equation; Quarto's begin with eq-, and hold no colon."""
        name = self.label if number == 1 else f"{self.label}-{number}"
        if self.labels != QUARTO:
            return name
        name = re.sub(r"[:./]", "-", name)
        return name if name.startswith("eq-") else f"eq-{name}"

    def left_out(self, document: Document) -> tuple[str, ...]:
        """Return the sentences of a page that are not written, as text: what it assumes, its layout and the like."""
        from symgrad.export.text import text

        if self.only is None:
            return ()
        shown = self.selected(document).parts
        words = (p for p in document.parts if isinstance(p, Text) and p not in shown)
        return tuple(s for s in (text(Document((p,))).strip() for p in words) if s.endswith("."))


def written(document: Document, options: PageOptions, title: str = "", width: int | None = None) -> str:
    """Return what is asked for of a page, in its format; title: of a whole file; width: of the terminal, for text."""
    return _written(options.selected(document), options, options.setting, title, width)


def to_be_read(document: Document, options: PageOptions, title: str = "", width: int | None = None) -> dict[str, str]:
    """Return the whole page by its format, its equations set as ``written`` sets them: what is read back.

    Nothing of it is left out, so that what the equations say can be checked; JSON is read as text and as LaTeX.
    """
    if options.format == JSON:
        plain = (replace(options, format=f, label="") for f in ("text", "latex"))
        return {o.format: _written(document, o, o.setting, title, None) for o in plain}
    whole = replace(options, only=None)
    setting = Setting(LINE) if options.bare else options.setting
    return {options.format: _written(whole.selected(document), options, setting, title, width)}


def _written(document: Document, options: PageOptions, setting: Setting, title: str, width: int | None) -> str:
    chosen = find_format(options.format)
    if not chosen.sets:
        setting = PLAIN
    if options.standalone:
        return chosen.file(document, title, setting)
    return chosen.write(document, width, setting)


_TODO = {
    EQUATION: "ask for steps, or for the whole page",
    RHS: "ask for steps, or for the whole page",
    DEFINITIONS: "leave out definitions: no name in the equation stands for something longer",
    BACKWARD: "derive the backward equations, --form backward",
    STEPS: "derive the steps, --detail steps",
}


def _is_range(part: Part | None) -> bool:
    """Tell whether a sentence says for which steps the equation before it holds."""
    return isinstance(part, Text) and isinstance(part.items[0], str) and part.items[0].startswith("for ")


def _named(parts: tuple[Part, ...], name: object) -> Iterator[Part]:
    number = 0
    for part in parts:
        if isinstance(part, Display):
            number += 1
            yield replace(part, name=name(number))  # type: ignore[operator]
        else:
            yield part
