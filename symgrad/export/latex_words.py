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
    "–": r"--",
    "—": r"---",
    "…": r"\ldots{}",
    "‘": r"`{}",
    "’": r"'{}",
    "“": r"``{}",
    "”": r"''{}",
}
_SIGNS = {
    "≥": r"\ge",
    "≤": r"\le",
    "∂": r"\partial",
    "∏": r"\prod",
    "∑": r"\sum",
    "·": r"\cdot",
    "→": r"\to",
    "←": r"\leftarrow",
    "↔": r"\leftrightarrow",
    "↦": r"\mapsto",
    "×": r"\times",
    "÷": r"\div",
    "∘": r"\circ",
    "⊙": r"\odot",
    "⊘": r"\oslash",
    "⊗": r"\otimes",
    "⊕": r"\oplus",
    "‖": r"\Vert",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "⊆": r"\subseteq",
    "∪": r"\cup",
    "∩": r"\cap",
    "∅": r"\emptyset",
    "≠": r"\neq",
    "≡": r"\equiv",
    "≫": r"\gg",
    "≪": r"\ll",
    "∝": r"\propto",
    "∼": r"\sim",
    "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "∇": r"\nabla",
    "∫": r"\int",
    "∀": r"\forall",
    "∃": r"\exists",
    "¬": r"\neg",
    "∧": r"\wedge",
    "∨": r"\vee",
    "⊤": r"\top",
    "⊥": r"\perp",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
    "⋯": r"\cdots",
    "⋮": r"\vdots",
    "±": r"\pm",
    "∓": r"\mp",
    "≈": r"\approx",
    "√": r"\surd",
    "∞": r"\infty",
    "−": "-",
    "′": "'",
    "″": "''",
    "ℓ": r"\ell",
    "ℏ": r"\hbar",
    "ᵀ": r"^{\mathsf T}",
}
"""Signs of mathematics -> LaTeX in mathematics."""
_ALPHABETS = {"DOUBLE-STRUCK": "mathbb", "FRAKTUR": "mathfrak", "SCRIPT": "mathcal", "BOLD": "mathbf"}
_BLOCKS = ((0x2190, 0x22FF), (0x27C0, 0x27FF), (0x2900, 0x2AFF), (0x1D400, 0x1D7FF))
"""Arrows, operators and mathematical letters."""
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
    return "".join(_ESCAPES.get(c) or (f"${m}$" if (m := mathematics(c)) else _letter(c)) for c in words)


def scripted(s: Scripted) -> str:
    r"""Return a letter with its index and its power as mathematics.

    >>> print(scripted(Scripted("s", "j-1", "")))
    s_{j-1}
    """
    base, below, above = (_math_words(x) for x in (s.base, s.below, s.above))
    return base + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def _math_words(words: str) -> str:
    shown = re.sub(r"[^\x00-\x7f]", lambda c: (mathematics(c[0]) or _letter(c[0])) + " ", words)
    return re.sub(r"(?<=[A-Za-z]) (?!\w)|(?<=-) ", "", shown).rstrip()


def mathematics(c: str) -> str:
    r"""Return a sign or a letter of mathematics that is not ASCII as LaTeX, for use in mathematics; "" for others.

    >>> [mathematics(c) for c in "≤σₜ²ℝé"]
    ['\\le', '\\sigma', '_{t}', '^{2}', '\\mathbb{R}', '']
    """
    if c in _SIGNS:
        return _SIGNS[c]
    if c in GREEK:
        return f"\\{GREEK[c]}" if GREEK[c] != "omicron" else "o"
    kind, _, rest = unicodedata.decomposition(c).partition(" ")
    base = "".join(chr(int(x, 16)) for x in rest.split()) if kind.startswith("<") else ""
    category = unicodedata.category(c)
    if kind in ("<sub>", "<super>") and category in ("No", "Lm", "Sm"):
        return f"{'_' if kind == '<sub>' else '^'}{{{mathematics(base) or base}}}"
    is_sign = (category == "Sm" and not c.isascii()) or any(first <= ord(c) <= last for first, last in _BLOCKS)
    if not (is_sign or kind == "<font>" or (kind == "<compat>" and base in GREEK)):
        return ""
    shown = "".join(mathematics(x) or (x if x.isascii() else "") for x in base)
    alphabet = next((a for name, a in _ALPHABETS.items() if name in unicodedata.name(c, "")), "")
    return f"\\{alphabet}{{{shown}}}" if shown and alphabet else shown or rf"\text{{U+{ord(c):04X}}}"


def heading(words: str) -> str:
    r"""Escape a title for LaTeX; the reader's outline, which holds no mathematics, has the letters' names.

    >>> print(heading("λ = 1"))
    \texorpdfstring{$\lambda$ = 1}{lambda = 1}
    """
    shown = prose(words)
    if "$" not in shown.replace(r"\$", ""):
        return shown
    plain = "".join(_OUTLINE.get(c) or GREEK.get(c) or ("" if mathematics(c) else c) for c in words)
    return rf"\texorpdfstring{{{shown}}}{{{prose(plain)}}}"


def _letter(c: str) -> str:
    if c.isspace():
        return " "
    if ord(c) < 0x180 and c not in _NOT_IN_T1:
        return c if c.isprintable() else ""
    plain = unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
    return "".join(_ESCAPES.get(x) or x for x in plain) or f"U+{ord(c):04X}"
