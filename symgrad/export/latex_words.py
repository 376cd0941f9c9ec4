"""Words as LaTeX: escaped, with their letters and signs, and with s_2 and λ^L as mathematics."""

from __future__ import annotations

import re
import unicodedata

from symgrad.algebra.greek import GREEK
from symgrad.export.words import Scripted, written

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "≥": r"$\ge$",
    "≤": r"$\le$",
    "∂": r"$\partial$",
    "⁺": r"$^{+}$",
    "∏": r"$\prod$",
    "∑": r"$\sum$",
    "·": r"$\cdot$",
    "→": r"$\to$",
    "↦": r"$\mapsto$",
    "×": r"$\times$",
    "ᵀ": r"$^{\mathsf T}$",
    "∘": r"$\circ$",
    "⊙": r"$\odot$",
    "⊘": r"$\oslash$",
    "‖": r"$\Vert$",
    "∈": r"$\in$",
    "≠": r"$\neq$",
    "≫": r"$\gg$",
    "≪": r"$\ll$",
    "⇒": r"$\Rightarrow$",
    "⇔": r"$\Leftrightarrow$",
    "∇": r"$\nabla$",
    "⋯": r"$\cdots$",
    "±": r"$\pm$",
    "𝟏": r"$\mathbf{1}$",
    "≈": r"$\approx$",
    "√": r"$\surd$",
    "∞": r"$\infty$",
    "−": r"$-$",
    **{chr(0x2080 + n): f"$_{n}$" for n in range(10)},
    "–": r"--",
    "—": r"---",
    "…": r"\ldots{}",
    "‘": r"`{}",
    "’": r"'{}",
    "“": r"``{}",
    "”": r"''{}",
}
_OUTLINE = {"≥": ">=", "≤": "<=", "→": "->", "∂": "d", "·": "*", "×": "x", "≈": "~"}
_NOT_IN_T1 = "ĦħĸĿŀŉŦŧſ"
GREEK_LETTERS = {
    **{name: "\\" + name for name in GREEK.values()},
    "omicron": "o",
}


def prose(words: str) -> str:
    r"""Return a sentence in LaTeX; what has an index or a power is set as mathematics.

    >>> print(prose("50% of w_max, and λ^L"))
    50\% of w\_max, and $\lambda^{L}$
    """
    return written(words, escaped, lambda s: f"${scripted(s)}$")


def escaped(words: str) -> str:
    r"""Escape text for LaTeX; a letter that fonts may lack is written without its accent or by its number.

    >>> print(escaped("a_1"))
    a\_1
    """
    return "".join(_ESCAPES.get(c) or _letter(c) for c in words)


def scripted(s: Scripted) -> str:
    r"""Return a letter with its index and its power as mathematics.

    >>> print(scripted(Scripted("s", "j-1", "")))
    s_{j-1}
    """
    base, below, above = (_math_words(x) for x in (s.base, s.below, s.above))
    return base + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def _math_words(words: str) -> str:
    return re.sub(r"[^\x00-\x7f−]", lambda c: _letter(c[0]).strip("$") + " ", words).replace("−", "-").rstrip()


def heading(words: str) -> str:
    r"""Escape a title for LaTeX; the reader's outline, which holds no mathematics, has the letters' names.

    >>> print(heading("λ = 1"))
    \texorpdfstring{$\lambda$ = 1}{lambda = 1}
    """
    shown = prose(words)
    if "$" not in shown.replace(r"\$", ""):
        return shown
    plain = "".join(_OUTLINE.get(c) or GREEK.get(c) or ("" if "$" in _ESCAPES.get(c, "") else c) for c in words)
    return rf"\texorpdfstring{{{shown}}}{{{prose(plain)}}}"


def _letter(c: str) -> str:
    if c in GREEK:
        return f"${GREEK_LETTERS[GREEK[c]]}$"
    if c.isspace():
        return " "
    if ord(c) < 0x180 and c not in _NOT_IN_T1:
        return c if c.isprintable() else ""
    plain = unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
    return "".join(_ESCAPES.get(x) or x for x in plain) or f"U+{ord(c):04X}"
