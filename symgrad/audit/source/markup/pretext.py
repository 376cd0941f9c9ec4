r"""PreTeXt: its words without tags, and its formulas, which are LaTeX in the elements m, me, men, md and mdn."""

from __future__ import annotations

import re
from html import unescape

from symgrad.audit.source.blocks import Blocks, CodeBlock
from symgrad.audit.source.document import Excerpt

_TAKEN = re.compile(
    r"<!--(?P<comment>(?:[^-<]|-(?!->)|<(?!!--))*)-->|<!\[CDATA\[[^\]<]*\]\]>|<\?[^<>]*\?>|"
    r"<(?P<formula>m|me|men|md|mdn)\b(?:\s[^<>]*)?(?<!/)>(?P<tex>(?:[^<]|<(?!/?(?P=formula)\b))*)</(?P=formula)\s*>|"
    r"<(?P<listing>program|sage|console|pre|cd|cline)\b[^<>]*(?<!/)>(?P<code>(?:[^<]|<(?!/?(?P=listing)\b))*)</(?P=listing)\s*>|"
    r"<(?P<hidden>latex-image|latex-image-code|latex-image-preamble|asymptote|macros|docinfo|pg-code|setup|script|slate|"
    r"c|webwork|interactive)\b[^<>]*(?<!/)>(?:[^<]|<(?!/?(?P=hidden)\b))*</(?P=hidden)\s*>|"
    r"</?(?P<tag>[a-zA-Z][\w-]*)[^<>]*>",
    re.DOTALL,
)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_INSIDE = re.compile(
    r"(?P<row><mrow\b[^<>]*>|<fn\b(?:[^<]|<(?!/?fn\b))*</fn\s*>|<xref\b[^<>]*/>)|(?P<end></mrow\s*>)|"
    r"<intertext\b[^<>]*>(?P<words>(?:[^<]|<(?!/?intertext\b))*)</intertext\s*>|\\(?P<sign>amp|lt|gt)(?![A-Za-z])\s?|(?P<entity>&\w{2,4};)",
    re.DOTALL,
)
SIGNS = {"amp": "&", "lt": "<", "gt": ">"}
INLINE = frozenset(["term", "em", "q", "sq", "alert", "url", "xref", "foreign", "idx", "h", "abbr", "nbsp", "pubtitle"])
"""Tags inside a sentence; any other begins or ends a paragraph."""
ASKING = frozenset(["exercise", "task", "project", "question", "checkpoint"])
"""Elements whose statement asks."""
CHAPTERS = frozenset(["chapter", "section", "appendix", "worksheet", "exercises"])


def pretext(text: str) -> Blocks:
    r"""Take a PreTeXt text apart; a formula with other elements in it, as those that are filled in, is none.

    >>> blocks = pretext(r"<p>For <m>x \gt 0</m>, <md><mrow>a \amp = 2</mrow><mrow>\amp = 3</mrow></md></p>")
    >>> blocks.text.split(), [f.text.split() for f in blocks.formulas]
    (['For', ','], [['x', '>', '0'], ['a', '&', '=', '2\\\\', '&', '=', '3\\\\']])
    """
    blocks = Blocks(text, spread=True)
    parts, at = list[str](), 0
    asked = _Asked()
    for found in _TAKEN.finditer(text):
        parts.append(_words(text[at : found.start()]))
        parts.append(_blank(found))
        at = found.end()
        asked.read(found)
        if found["comment"] is not None:
            blocks.comments.append((found.start(), found["comment"]))
        elif found["listing"] is not None:
            blocks.listings.append(CodeBlock(found.start("code"), unescape(found["code"])))
        elif found["tex"] is not None and not asked.now and (formula := _formula(found["tex"])).strip():
            kind = "inline" if found["formula"] == "m" else "display"
            blocks.formulas.append(Excerpt(found.start("tex"), found.end("tex"), formula, kind))
    parts.append(_words(text[at:]))
    blocks.text = "".join(parts)
    return blocks


class _Asked:
    """Whether a place is in the statement of an exercise, whose formulas are no claims."""

    def __init__(self) -> None:
        self.now, self._depth = False, 0

    def read(self, found: re.Match[str]) -> None:
        """Take note of a tag."""
        tag, closes = found["tag"], found[0].startswith("</")
        if found[0].endswith("/>"):
            return
        if tag in ASKING:
            self._depth = max(0, self._depth + (-1 if closes else 1))
        elif tag == "statement":
            self.now = not closes and self._depth > 0


def _formula(tex: str) -> str:
    """Return the LaTeX of a formula, of the same length; nothing where elements stand in it."""

    def put(found: re.Match[str]) -> str:
        size = len(found[0])
        if found["sign"]:
            return SIGNS[found["sign"]].ljust(size)
        if found["entity"]:
            return unescape(found["entity"])[:1].ljust(size)
        if found["end"]:
            return "\\\\".ljust(size)
        return "\\\\".ljust(size) if found["words"] is not None else " " * size

    formula = _INSIDE.sub(put, tex)
    return "" if re.search(r"<[/a-zA-Z]", formula) else formula


def _blank(found: re.Match[str]) -> str:
    """Return spaces in the place of what is taken out; where a block begins or ends, a paragraph does."""
    tag, blank = found["tag"], " " * len(found[0])
    if tag in CHAPTERS and not found[0].startswith("</"):
        return "\n\n# ".ljust(len(blank)) if len(blank) > 4 else blank
    return blank if tag is None or tag in INLINE or len(blank) < 3 else "\n\n" + blank[2:]


def _words(text: str) -> str:
    """Return a text of the same length in which entities are the signs that they name."""
    return _ENTITY.sub(lambda m: unescape(m[0])[:1].ljust(len(m[0])), text)
