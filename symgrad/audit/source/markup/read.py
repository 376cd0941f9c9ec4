"""The blocks of a document, by the reader of its format, which alone is loaded."""

from __future__ import annotations

from symgrad.audit.source.blocks import Blocks
from symgrad.audit.source.format import Format


def blocks_of(format_: Format, text: str) -> Blocks:
    """Return the blocks of a text; of a notebook, whose cells are read one by one, there are none.

    >>> blocks_of(Format.MARKDOWN, "It is $1$.").text
    'It is $1$.'
    """
    match format_:
        case Format.LATEX:
            from symgrad.audit.source.markup.latex import latex

            return latex(text)
        case Format.RST:
            from symgrad.audit.source.markup.rst import rst

            return rst(text)
        case Format.HTML:
            from symgrad.audit.source.markup.html import html

            return html(text)
        case Format.PRETEXT:
            from symgrad.audit.source.markup.pretext import pretext

            return pretext(text)
    from symgrad.audit.source.markup.markdown import markdown

    return markdown(text)
