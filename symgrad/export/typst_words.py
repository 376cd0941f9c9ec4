"""Words as Typst: escaped, with s_2 and λ^L as mathematics."""

from __future__ import annotations

import re

from symgrad.algebra.greek import GREEK
from symgrad.export.words import Scripted, written

_MARKS = re.compile(r"""//|-{2,}|-\?|\.{3}|[\\*_`$#\[\]<>@~"]|(?<![^\W\d_])'|'(?![^\W\d_])""")
"""What Typst reads as its own anywhere: signs, comments, dashes, dots; an apostrophe between letters stays one."""
_BEGIN = re.compile(r"\s*(?:[-+/]|=+|\d+\.)(?=\s|\Z)")
"""What begins a list or a heading where it begins a paragraph."""


def prose(words: str) -> str:
    r"""Return a sentence in Typst; what has an index or a power is set as mathematics.

    >>> print(prose("50% of w_max, #x and λ^L"))
    50% of w\_max, \#x and $lambda^L$
    """
    return written(words, escaped, lambda s: f"${scripted(s)}$")


def paragraph(shown: str) -> str:
    r"""Return a paragraph that is escaped, so that it is none of a list, nor a heading.

    >>> print(paragraph("= 1"), paragraph("1. x"))
    \= 1 1\. x
    """
    found = _BEGIN.match(shown)
    return _marked(found[0]) + shown[found.end() :] if found else shown


def escaped(words: str) -> str:
    r"""Escape text for Typst, where it is part of a paragraph.

    >>> print(escaped("a_1 [b] -- // @c"), escaped("it's σ'(0)"))
    a\_1 \[b\] \-\- \/\/ \@c it's σ\'(0)
    """
    found = _MARKS.sub(lambda m: _marked(m[0]), words)
    return "".join(" " if c.isspace() else c for c in found if c.isprintable() or c.isspace())


def _marked(signs: str) -> str:
    return re.sub(r"[^\s\d]", r"\\\g<0>", signs)


def quoted(words: str) -> str:
    r"""Return a string of Typst.

    >>> print(quoted('a "b" \\'))
    "a \"b\" \\"
    """
    shown = "".join(" " if c.isspace() else c for c in words if c.isprintable() or c.isspace())
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


def scripted(s: Scripted) -> str:
    r"""Return a letter with its index and its power as mathematics.

    >>> print(scripted(Scripted("s", "j-1", "")), scripted(Scripted("σ'", "w", "2")))
    s_(j-1) sigma'_w^2
    """
    below, above = (_inside(x) for x in (s.below, s.above))
    base = GREEK.get(s.base.rstrip("'"), s.base.rstrip("'")) + "'" * s.base.count("'") if s.base else '""'
    return base + (f"_{below}" if below else "") + (f"^{above}" if above else "")


def _inside(words: str) -> str:
    """Write letters, signs and numbers of a script, as j-1; the letters of a word stay together, upright."""
    runs = re.findall(r"[^\W\d_]+|[\d.]+|\S", words.replace("−", "-"))
    parts = [GREEK.get(r, r) if len(r) == 1 or not r.isalpha() else f'"{r}"' for r in runs]
    if len(parts) < 2:
        return "".join(parts)
    return f"({' '.join(parts)})".replace(" - ", "-").replace(" + ", "+").replace("- ", "-")
