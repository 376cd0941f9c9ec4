"""What a notebook shows: LaTeX that MathJax and pdflatex take, and HTML whose evidence unfolds; no script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from symgrad.export.book_html import step_html
from symgrad.export.html import html, words_html
from symgrad.export.latex import aligned
from symgrad.export.math import Display, Document, Heading, Listing, Text

if TYPE_CHECKING:
    from symgrad.derivation.figure import Drawing
    from symgrad.export.steps import Line
    from symgrad.network.network import Network

_STYLE = (
    ".symgrad .equation{overflow-x:auto;overflow-y:hidden}.symgrad math.narrow{display:none}"
    ".symgrad mtd.right{text-align:right;padding-right:0}.symgrad mtd.left{text-align:left;padding-left:0}"
    ".symgrad .rule{opacity:.7;font-size:.9em}.symgrad figure{text-align:center}.symgrad svg{max-width:100%}"
)


def equations(displays: Iterable[Display]) -> str:
    r"""Return equations in a display of their own, which MathJax typesets and LaTeX takes in its text.

    >>> from symgrad.export.math import Name
    >>> print(equations([Display(Name("a"), Name("b"))]))
    $$
    \begin{aligned}
    a &= b
    \end{aligned}
    $$
    """
    return f"$$\n{aligned(list(displays))}\n$$"


def boxed(parts: Iterable[str]) -> str:
    """Return HTML with the little style that it needs, which touches nothing else on the page."""
    inside = "\n".join(parts)
    return f'<div class="symgrad"><style>{_STYLE}</style>\n{inside}\n</div>'


def folded(summary: str, inside: str) -> str:
    """Return HTML that a reader unfolds; the summary is text."""
    return f"<details><summary>{escape(summary)}</summary>\n{inside}\n</details>"


def model_html(network: Network) -> str:
    """Return the equations of a network, and in a fold what every name was taken for."""
    from symgrad.export.equations import understood
    from symgrad.export.notation import notation

    parts = understood(network, notation("nielsen")).parts
    shown = [p for p in parts if isinstance(p, Display | Text) and not _introduces(p)]
    names = next(p for p in parts if isinstance(p, Listing))
    named = html(Document((Heading(network.name, 4), *shown)))
    return boxed([named, folded("every name, and what it was taken for", html(Document((names,))))])


def _introduces(part: Display | Text) -> bool:
    return isinstance(part, Text) and part.text == "Every name, and what it was taken for:"


def steps_html(title: str, source: str, lines: Iterable[Line]) -> str:
    """Return the steps of a derivation, each with its verdict, which opens the evidence."""
    head = [f"<h4>{words_html(title)}</h4>", *([f"<p>{words_html(f'Source: {source}.')}</p>"] if source else [])]
    return boxed([*head, *(_unlinked(part) for line in lines for part in step_html(line))])


def _unlinked(part: str) -> str:
    """Return a part of a step without ids and links, which would meet those of another cell."""
    plain = re.sub(r' id="[^"]*"', "", re.sub(r"</?a\b[^>]*>", "", part))
    return re.sub(r"(</?)h2>", r"\1h5>", plain)


def page_html(document: Document) -> str:
    """Return a page as MathML, which needs no script and no network.

    >>> import symgrad as sg
    >>> shown = page_html(sg.parse("C = w**3").derivative("C", "w").presentation().document())
    >>> "<math" in shown, "<script" in shown
    (True, False)
    """
    return boxed([html(document)])


def figure_html(figure: Drawing) -> str:
    """Return a figure with its caption; needs matplotlib."""
    from symgrad.export.figure import figure_svg

    svg = figure_svg(figure)
    caption = f"<figcaption>{words_html(figure.caption)}</figcaption>" if figure.caption else ""
    return boxed([f"<figure>{svg[svg.index('<svg') :]}{caption}</figure>"])
