r"""How a picture stands in a document of each kind: with its caption, its label, and the words for who cannot see it.

The caption is text of the document, in whatever the document is written in. SVG stands in a file beside the document,
whose name is given as ``url``; TikZ and Typst stand in the document itself.
"""

from __future__ import annotations

import re

from symgrad.desk.figure import SVG, TIKZ, TYPST, Picture
from symgrad.errors import SymgradError
from symgrad.export.latex import label
from symgrad.export.typst_words import quoted

BRACKETS = {"latex": ("{", "}"), "typst": ("[", "]"), "markdown": ("[", "]")}
"""What a caption stands in: it must open and close these in pairs."""
TIKZ_BEGIN = r"\begin{tikzpicture}"
FITTED = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}"

FITTED_TYPST = """layout(room => {{
  let drawing = {code}
  scale(calc.min(100%, room.width / measure(drawing).width * 100%), reflow: true, drawing)
}})"""
"""A drawing that is wider than the text is made as wide as the text."""


def format_of(format_: str, of_plot: bool) -> str:
    """Return the format of a picture in a document: a plot is no Typst."""
    return {"latex": TIKZ, "typst": SVG if of_plot else TYPST}.get(format_, SVG)


def figure_page(shown: Picture, format_: str, labels: str = "", url: str = "") -> str:
    r"""Return what stands in a document. labels: myst or quarto, of Markdown.

    >>> shown = Picture("…", "A chain.", "The chain, $L = 3$.", "fig:chain", "a.svg")
    >>> print(figure_page(shown, "markdown", "quarto", "a.svg"))
    ::: {#fig-chain}
    ![](a.svg){fig-alt="A chain."}
    <BLANKLINE>
    The chain, $L = 3$.
    :::
    >>> print(figure_page(shown, "rst", url="a.svg").splitlines()[0])
    .. figure:: a.svg
    """
    check_caption(shown, format_)
    write = {"latex": _latex, "typst": _typst, "rst": _rst}.get(format_)
    return write(shown, url) if write else _markdown(shown, labels, url)


def check_caption(shown: Picture, format_: str) -> None:
    """Raise SymgradError for a caption that would end what it stands in, and for a label without one."""
    if shown.label and not shown.caption:
        raise SymgradError(f"the figure {shown.label} has no caption", todo='add caption="…", or leave out the label')
    opening, closing = BRACKETS.get(format_, ("", ""))
    depth = 0
    for sign in re.sub(r"\\.", "", shown.caption) if opening else "":
        depth += (sign == opening) - (sign == closing)
        if depth < 0:
            break
    if depth:
        what = f"the caption of a figure does not open and close {opening} {closing} in pairs"
        raise SymgradError(what, todo="write them in pairs, or a backslash before one")
    if format_ == "latex" and re.search(r"(?<!\\)%", shown.caption):
        raise SymgradError("the caption of a figure holds a comment of LaTeX", todo=r"write \% for a percent sign")
    if format_ == "typst" and re.search(r"(?<![:\\])//|(?<!\\)/\*", shown.caption):
        raise SymgradError("the caption of a figure holds a comment of Typst", todo=r"write \/ for a slash")


def _latex(shown: Picture, _: str) -> str:
    code = _boxed(shown)
    if not shown.caption:
        return code
    named = f"\n    \\label{{{label(shown.label)}}}" if shown.label else ""
    return f"\\begin{{figure}}[htbp]\n    \\centering\n{code}\n    \\caption{{{shown.caption}}}{named}\n\\end{{figure}}"


def _boxed(shown: Picture) -> str:
    return f"{FITTED}{{%\n{shown.code.strip()}%\n}}"


def _markdown(shown: Picture, labels: str, url: str) -> str:
    if labels == "quarto":
        return _quarto(shown, url)
    if shown.label:
        return f"```{{figure}} {url}\n:name: {shown.label}\n:alt: {_line(shown.alt)}\n\n{shown.caption}\n```"
    alt = re.sub(r"([][\\*_`<])", r"\\\1", _line(shown.alt))
    return f"![{alt}]({url})" + (f"\n\n*{shown.caption}*" if shown.caption else "")


def _quarto(shown: Picture, url: str) -> str:
    """Return a figure as Quarto has it, around whatever shows the picture."""
    alt = _line(shown.alt).replace("\\", "").replace('"', "'")
    inside = f'![]({url}){{fig-alt="{alt}"}}'
    if shown.code.startswith(TIKZ_BEGIN):
        inside = f"```{{=latex}}\n{_boxed(shown)}\n```"
    if not shown.caption:
        return inside
    name = re.sub(r"[^A-Za-z0-9-]+", "-", shown.label)
    return f"::: {{{f'#{name}' if name else '.figure'}}}\n{inside}\n\n{shown.caption}\n:::"


def _rst(shown: Picture, url: str) -> str:
    named = f"\n   :name: {shown.label}" if shown.label else ""
    caption = f"\n\n   {shown.caption}" if shown.caption else ""
    return f".. figure:: {url}{named}\n   :alt: {_line(shown.alt)}{caption}"


def _typst(shown: Picture, url: str) -> str:
    code = f"image({quoted(url)}, alt: {quoted(shown.alt)}, width: 80%)" if url else _fitted(shown)
    if not shown.caption:
        return f"#{code}"
    named = f" <{label(shown.label)}>" if shown.label else ""
    return f"#figure(\n{code},\ncaption: [{shown.caption}],\n){named}"


def _fitted(shown: Picture) -> str:
    return FITTED_TYPST.format(code=shown.code.strip().lstrip("#"))


def _line(words: str) -> str:
    return " ".join(words.split())
