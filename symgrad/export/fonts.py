r"""Letters of mathematics in a font: bold h is the letter 𝐡, a script L is ℒ, in every format.

A name holds such letters as they are; LaTeX writes them as \mathbf{h}, Typst as upright(bold(h)).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

BOLD, BOLD_ITALIC, SCRIPT, DOUBLE, FRAKTUR, SANS = "bold", "bold italic", "script", "double-struck", "fraktur", "sans"


class Font(NamedTuple):
    """How a font is called in Unicode, in LaTeX and in Typst."""

    unicode: tuple[str, ...]
    latex: str
    typst: str


FONTS = {
    BOLD: Font(("MATHEMATICAL BOLD",), "mathbf", "upright(bold({}))"),
    BOLD_ITALIC: Font(("MATHEMATICAL BOLD ITALIC",), "boldsymbol", "bold({})"),
    SCRIPT: Font(("MATHEMATICAL SCRIPT", "SCRIPT"), "mathcal", "cal({})"),
    DOUBLE: Font(("MATHEMATICAL DOUBLE-STRUCK", "DOUBLE-STRUCK"), "mathbb", "bb({})"),
    FRAKTUR: Font(("MATHEMATICAL FRAKTUR", "BLACK-LETTER"), "mathfrak", "frak({})"),
    SANS: Font(("MATHEMATICAL SANS-SERIF",), "mathsf", "sans({})"),
}


def in_font(letters: str, font: str) -> str | None:
    """Return letters in a font, or None where Unicode has one of them not.

    >>> in_font("h", "bold"), in_font("L", "script"), in_font("δ", "bold italic"), in_font("é", "bold")
    ('𝐡', 'ℒ', '𝜹', None)
    """
    found = [_letter(c, font) for c in letters]
    return None if None in found or not found else "".join(c for c in found if c is not None)


@cache
def _letter(c: str, font: str) -> str | None:
    name = unicodedata.name(c, "").removeprefix("LATIN ").removeprefix("GREEK ").replace("LETTER ", "")
    for begin in FONTS[font].unicode:
        try:
            return unicodedata.lookup(f"{begin} {name}")
        except KeyError:
            continue
    return None


def font_of(word: str) -> tuple[str, str] | None:
    """Return the font that all letters of a word are in, and the letters without it; None where there is none.

    >>> font_of("𝐡"), font_of("h")
    (('bold', 'h'), None)
    """
    if not word or word.isascii():
        return None
    fonts = {_font(c) for c in word}
    font = fonts.pop() if len(fonts) == 1 else None
    return None if font is None else (font, unicodedata.normalize("NFKC", word))


@cache
def _font(c: str) -> str | None:
    plain = unicodedata.normalize("NFKC", c)
    return None if plain == c else next((f for f in FONTS if _letter(plain, f) == c), None)


SPECIAL = {"ell": "ℓ", "hbar": "ℏ", "varepsilon": "𝜀", "vartheta": "𝜗", "varphi": "𝜑", "varrho": "𝜚"}
"""Commands of LaTeX -> letters that are no Greek names."""
COMMANDS = {letter: f"\\{command}" for command, letter in SPECIAL.items()}
