"""How the equations of a page are set: in which environment, and with labels of which tool."""

from __future__ import annotations

from dataclasses import dataclass

EQUATION, ALIGN, GATHER, BARE = "equation", "align", "gather", "none"
LINE = "line"
"""Each equation on a line of a display of its own: as it is read back where it is printed without one."""
ENVIRONMENTS = (EQUATION, ALIGN, GATHER, BARE)
LATEX, MYST, QUARTO, UNLABELLED = "latex", "myst", "quarto", "none"
LABELS = (LATEX, MYST, QUARTO, UNLABELLED)


@dataclass(frozen=True)
class Setting:
    r"""env: what equations stand in; None for what is usual in the format. labels: how their names are written.

    latex: \\label{eq:jac} and a number for each equation; myst: $$ … $$ (eq:jac); quarto: $$ … $$ {#eq-jac}; none:
    nothing; and "" for the numbers alone that equations have in their source. macros: LaTeX begins with the commands
    of the notation. signs: whether signs and letters of mathematics in a sentence of Markdown stand between dollars; a
    program that pairs the formulas of two formats takes them bare.
    """

    env: str | None = None
    labels: str = ""
    macros: bool = False
    signs: bool = True


PLAIN = Setting()
