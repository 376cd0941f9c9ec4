"""Tokens of a formula on a page, the same for every format; those of Unicode text are found here.

A group that LaTeX and MathML write, as the numerator of a fraction, stands between { and }.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from symgrad.algebra.greek import GREEK
from symgrad.reading.names import RAISED
from symgrad.reading.token import NotUnderstoodError

LONGEST = 4_000_000
"""Characters of one formula that are read."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token. kind: word, number, sign, command (fraction, root, accent, matrix) or end.

    tight: nothing stands between it and the token before.
    """

    kind: str
    text: str
    tight: bool = False


END = Token("end", "")
SIGNS = {
    "−": "-",
    "⊙": "∘",
    "×": "·",
    "⋅": "·",
    "∗": "·",
    "*": "·",
    "′": "'",
    "’": "'",
    "…": "⋯",
    "Π": "∏",
    "ϵ": "ε",
    "ϕ": "φ",
}
"""Signs that are written in more than one way."""
KNOWN = frozenset("+-/^_()[]{},;:·⋯⋮⋱∘⊘ᵀ|‖√'∏∑∂∞=<>≤≥≠≈→↦∈&∧∨⊗")
LETTERS_ALONE = frozenset("ᵀ")


def bounded(text: str) -> str:
    """Return a formula, or raise NotUnderstoodError for one that is too long."""
    if len(text) > LONGEST:
        raise NotUnderstoodError(f"the formula has more than {LONGEST:,} characters")
    return text


def is_letter(c: str) -> bool:
    """Tell whether a word may begin with this character."""
    return (c.isalpha() and c not in LETTERS_ALONE) or c in "𝟏ℝ"


def is_inside(c: str) -> bool:
    """Tell whether a word may go on with this character."""
    return is_letter(c) or c.isdecimal() or bool(unicodedata.combining(c))


def word(letters: str) -> str:
    """Return a word by the ASCII name of its letter, where it is one Greek letter: sigma."""
    return GREEK.get(letters, letters)


def text_tokens(text: str) -> list[Token]:
    """Return the tokens of a formula in Unicode text, the last of kind "end".

    >>> [t.text for t in text_tokens("∂⁺c_j/∂h_{j-1} = diag(σ'(z_{f,j}))")][:9]
    ['∂⁺', 'c', '_', 'j', '/', '∂', 'h', '_', '{']
    """
    found: list[Token] = []
    at, gap = 0, True
    size = len(bounded(text))
    while at < size:
        c = SIGNS.get(text[at], text[at])
        start = at
        if c.isspace():
            at, gap = at + 1, True
            continue
        after_script = bool(found) and not gap and found[-1].text in ("_", "^")
        if after_script and (c.isdecimal() or is_letter(c)):
            at = _end(text, at)
            run = text[start:at]
            found.append(Token("number" if run.isdecimal() else "word", word(run), True))
        elif (c.isdecimal() and c != "𝟏") or (c == "." and text[at + 1 : at + 2].isdecimal()):
            at = _number_end(text, at)
            found.append(Token("number", text[start:at], not gap))
        elif is_letter(c):
            at = _end(text, at)
            found.append(Token("word", word(text[start:at]), not gap))
        elif text.startswith("⁻ᵀ", at):
            at += 2
            found += [Token("sign", sign, True) for sign in ("^", "{", "-", "ᵀ", "}")]
        elif c in RAISED:
            while at < size and text[at] in RAISED:
                at += 1
            found += raised(text[start:at])
        elif text.startswith("∂⁺", at):
            at += 2
            found.append(Token("sign", "∂⁺", not gap))
        elif text.startswith(":=", at):
            at += 2
            found.append(Token("sign", ":=", not gap))
        elif c in KNOWN:
            at += 1
            found.append(Token("sign", c, not gap))
        else:
            raise NotUnderstoodError(f"the sign {c!r}")
        gap = False
    return [*found, END]


def raised(digits: str) -> list[Token]:
    """Return ²⁶ as ^{26}."""
    plain = "".join(RAISED[c] for c in digits)
    number = [Token("number", plain.lstrip("-"), True)]
    minus = [Token("sign", "-", True)] if plain.startswith("-") else []
    return [Token("sign", "^", True), Token("sign", "{", True), *minus, *number, Token("sign", "}", True)]


def _end(text: str, at: int) -> int:
    if text[at] == "𝟏":
        return at + 1
    while at < len(text) and is_inside(text[at]) and text[at] != "𝟏":
        at += 1
    return at


def _number_end(text: str, at: int) -> int:
    """Return where 1.7159 ends, or 0. at the end of a line."""
    while at < len(text) and text[at].isdecimal():
        at += 1
    if at < len(text) and text[at] == ".":  # 0. may end a line
        at += 1
        while at < len(text) and text[at].isdecimal():
            at += 1
    return at
