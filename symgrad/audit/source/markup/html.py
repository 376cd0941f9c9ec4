"""HTML: its words without tags, and its formulas, which are MathML, or LaTeX where a script typesets it."""

from __future__ import annotations

import re
from html import unescape

from symgrad.audit.source.blocks import Blocks, CodeBlock
from symgrad.audit.source.delimiters import delimited
from symgrad.audit.source.document import Excerpt
from symgrad.audit.source.markup.mathml import latex_of

_TAKEN = re.compile(
    r"<!--(?P<comment>.*?)-->|<(?P<hidden>script|style|head|svg|template)\b.*?</(?P=hidden)\s*>|"
    r"<math\b(?P<attributes>[^>]*)>.*?</math\s*>|<pre\b[^>]*>(?P<listing>.*?)</pre\s*>|<code\b[^>]*>.*?</code\s*>|"
    r"</?(?P<tag>[a-zA-Z][\w-]*)[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_TYPESET = re.compile(r"<script\b[^<>]*\b(?:mathjax|katex|tex-(?:mml-)?(?:chtml|svg))\b", re.IGNORECASE)
"""A script that typesets LaTeX in the page."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_TAG = re.compile(r"<[^<>]*>")
BLOCKS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tr", "details", "pre"])
BLOCKS |= {"summary", "section", "figure", "blockquote"}
"""Tags that begin or end a paragraph."""
HEADINGS = frozenset(["h1"])


def html(text: str) -> Blocks:
    """Take an HTML text apart; of a formula that is there for a broad and for a narrow screen the first is read.

    >>> blocks = html("<p>for <math><mi>x</mi><mo>&gt;</mo><mn>0</mn></math>.</p>")
    >>> blocks.text.split(), [f.text for f in blocks.formulas]
    (['for', '.'], ['x>0'])
    >>> [f.text for f in html(r'<script src="MathJax.js"></script> <p>$x &gt; 0$ and \\(y\\)').formulas]
    ['x >    0', 'y']
    """
    blocks = Blocks(text, spread=True)
    parts, at = list[str](), 0
    broad = ""
    for found in _TAKEN.finditer(text):
        parts.append(_words(text[at : found.start()]))
        parts.append(_blank(found))
        at = found.end()
        if found["comment"] is not None:
            blocks.comments.append((found.start(), found["comment"]))
        elif found["listing"] is not None:
            blocks.listings.append(CodeBlock(found.start("listing"), unescape(_TAG.sub("", found["listing"]))))
        elif found["attributes"] is not None:
            formula = latex_of(found[0])
            if 'class="narrow"' in found["attributes"] and _signs(formula) == _signs(broad):
                continue
            broad = formula
            kind = "display" if "block" in found["attributes"] else "inline"
            blocks.formulas.append(Excerpt(found.start(), found.end(), formula, kind))
    parts.append(_words(text[at:]))
    blocks.text = "".join(parts)
    if _TYPESET.search(text):
        blocks.formulas += delimited(blocks.text)
    return blocks


def _blank(found: re.Match[str]) -> str:
    """Return spaces in the place of what is taken out; where a block begins or ends, a paragraph does."""
    if (found["tag"] or "").lower() in HEADINGS and not found[0].startswith("</"):
        return "\n\n# ".ljust(len(found[0]))
    blank = " " * len(found[0])
    return "\n\n" + blank[2:] if (found["tag"] or "").lower() in BLOCKS else blank


def _words(text: str) -> str:
    """Return a text of the same length in which entities are the signs that they name."""
    return _ENTITY.sub(lambda m: unescape(m[0])[:1].ljust(len(m[0])), text)


def _signs(formula: str) -> str:
    """Return what a formula holds, however it is broken over rows."""
    return re.sub(r"\\\\|\\(?:quad|qquad|cdot|,)|[^0-9A-Za-z\\+=<>_^()|']", "", formula)
