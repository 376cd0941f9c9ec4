r"""Letters in a font on a page: \mathbf{h}, bold(h) and 𝐡 are the same letter, by its place in Unicode."""

from __future__ import annotations

from symgrad.algebra.greek import GREEK, LETTERS

STARTS = {
    "mathbf": (0x1D400, 0x1D41A, 0x1D6A8, 0x1D6C2, 0x1D7CE),
    "boldsymbol": (0x1D468, 0x1D482, 0x1D71C, 0x1D736, 0),
    "mathcal": (0x1D49C, 0x1D4B6, 0, 0, 0),
    "mathfrak": (0x1D504, 0x1D51E, 0, 0, 0),
    "mathbb": (0x1D538, 0x1D552, 0, 0, 0x1D7D8),
    "mathsf": (0x1D5A0, 0x1D5BA, 0, 0, 0x1D7E2),
}
"""Where A, a, Α, α and 0 of a font begin; 0 where it has none."""
ELSEWHERE = {
    "mathcal": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "mathfrak": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}
"""Letters that Unicode had before the fonts."""
COMMANDS = {"ell": "ℓ", "hbar": "ℏ", "varepsilon": "𝜀", "vartheta": "𝜗", "varphi": "𝜑", "varrho": "𝜚"}
_CAPITALS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ"
_SMALL = "αβγδεζηθικλμνξοπρςστυφχψω"


def lettered(letters: str, font: str) -> str | None:
    """Return letters in a font, None where it has one of them not; a Greek letter may be spelled by its ASCII name.

    >>> lettered("h", "mathbf"), lettered("delta", "boldsymbol"), lettered("L", "mathcal"), lettered("1", "mathcal")
    ('𝐡', '𝜹', 'ℒ', None)
    """
    found = [_letter(c, font) for c in LETTERS.get(letters, letters)]
    return None if None in found or not found else "".join(c for c in found if c)


def _letter(c: str, font: str) -> str | None:
    if c in ELSEWHERE.get(font, {}):
        return ELSEWHERE[font][c]
    rows = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", _CAPITALS, _SMALL, "0123456789")
    for row, start in zip(rows, STARTS[font], strict=True):
        if c in row and start and (c in GREEK or c.isascii()):
            return chr(start + row.index(c))
    return None
