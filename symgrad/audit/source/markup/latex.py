r"""LaTeX: comments and verbatim text are taken out; what \input names is not read."""

from __future__ import annotations

import re

from symgrad.audit.source.blocks import Blocks, CodeBlock

_TAKEN = re.compile(r"\\[\\%]|(%[^\n]*)|\\begin\{(verbatim|Verbatim|lstlisting|minted|comment|alltt)(\*?)\}|\\verb\*?")
_LANGUAGE = re.compile(r"[^\n]{0,80}?(python)", re.IGNORECASE)


def latex(text: str) -> Blocks:
    r"""Take a LaTeX text apart; before \begin{document} only comments are kept, which may be marks.

    >>> blocks = latex("$a$ % symgrad: skip\n\\verb|$x$| b")
    >>> blocks.text.split(), blocks.comments
    (['$a$', 'b'], [(4, ' symgrad: skip')])
    """
    blocks, taken, at = Blocks(text, tex=True), [], 0
    missing: set[str] = set()
    while found := _TAKEN.search(text, at):
        at = found.end()
        if found[1]:
            blocks.comments.append((found.start(), found[1][1:]))
            taken.append(found.span())
        elif found[2] and found[2] not in missing:
            closing = rf"\end{{{found[2]}{found[3]}}}"
            end = text.find(closing, at)
            if end < 0:
                missing.add(found[2])
                continue
            if found[2] != "comment":
                language = _LANGUAGE.match(text, at, end)
                begin = text.find("\n", at, end) + 1 or at
                blocks.listings.append(CodeBlock(begin, text[begin:end], language[1].lower() if language else ""))
            at = end + len(closing)
            taken.append((found.start(), at))
        elif found[0].startswith(r"\verb"):
            line = text.find("\n", at)
            end = text.find(text[at : at + 1] or " ", at + 1, line if line >= 0 else len(text))
            at = at if end < 0 else end + 1
            taken.append((found.start(), at))
    blocks.take(*taken)
    if (body := blocks.text.find(r"\begin{document}")) >= 0:
        blocks.take((0, body))
    return blocks
