r"""Printed mathematics on one line of a terminal: \alpha as α, \tfrac{1}{2} as 1/2."""

from __future__ import annotations

import re
import unicodedata

from symgrad.algebra.greek import LETTERS

_NAMED = LETTERS | {
    "approx": "≈",
    "cdot": "·",
    "cdots": "⋯",
    "dots": "…",
    "ge": "≥",
    "geq": "≥",
    "infty": "∞",
    "int": "∫",
    "ldots": "…",
    "le": "≤",
    "left": "",
    "leq": "≤",
    "ne": "≠",
    "neq": "≠",
    "partial": "∂",
    "pi": "π",
    "pm": "±",
    "prime": "'",
    "prod": "∏",
    "quad": " ",
    "right": "",
    "sim": "~",
    "sqrt": "√",
    "sum": "∑",
    "times": "×",
    "to": "→",
}
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}\\]*)\}\s*\{([^{}\\]*)\}")
_BRACED = re.compile(r"([\^_])\{([A-Za-z0-9.]+|[-−]\d+)\}")
_ALONE = re.compile(r"(?<![\w\\}\]])\{([\w.]+)\}(?=\^)")
_NUMBER = re.compile(r"\{(\([-−]?[\d.]+\))\}")
_COMMAND = re.compile(r"\s*(\\\\)|\\([A-Za-z]+)\s?|\\([,;:! ])|&")
_TIGHT = re.compile(r"[\w.]+")
_MATRIX = re.compile(r"\s*\\(?:(begin)|end)\s*\{([pbvBV]?)(?:small)?matrix\*?\}(?(1)\s*)")
_AROUND = {"": "()", "p": "()", "b": "[]", "B": "{}", "v": "||", "V": "‖‖"}


def words(claim: str) -> str:
    r"""Return a claim as one reads it on a line; what has no sign of its own stays as it is printed.

    >>> words(r"{1.1}^{150} \approx 2.28 \times 10^{6}"), words(r"\sigma'(z) \leq \frac{1}{4}")
    ('1.1^150 ≈ 2.28 × 10^6', "σ'(z) ≤ 1/4")
    >>> words(r"\begin{pmatrix} 1&2 \\ 3&4 \end{pmatrix}^T = A &= B")
    '(1 2; 3 4)^T = A = B'
    """
    shown = _MATRIX.sub(_bracket, claim)
    shown = _FRACTION.sub(lambda m: f"{_tight(m[1])}/{_tight(m[2])}", shown)
    shown = _NUMBER.sub(r"\1", shown)
    shown = _ALONE.sub(r"\1", _BRACED.sub(r"\1\2", shown))
    return " ".join(printable(_COMMAND.sub(_sign, shown)).split())


def printable(text: str) -> str:
    """Return a text without signs that move the cursor or change the colours of a terminal.

    >>> printable("a\\x1b[31mb")
    'a?[31mb'
    """
    return "".join("?" if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t" else c for c in text)


def shortened(text: str, width: int) -> str:
    """Return a text of at most ``width`` signs, its middle left out.

    >>> shortened("1 + 2 + 3 = 7", 9)
    '1 + … = 7'
    """
    if len(text) <= width:
        return text
    keep = max(width - 1, 2)
    return f"{text[: keep - keep // 2]}…{text[len(text) - keep // 2 :]}"


def _tight(part: str) -> str:
    return part if _TIGHT.fullmatch(part) else f"({part})"


def _bracket(found: re.Match[str]) -> str:
    sides = _AROUND[found[2]]
    return f" {sides[0]}" if found[1] else sides[1]


def _sign(found: re.Match[str]) -> str:
    rows, name, _ = found.groups()
    if name is None:
        return "; " if rows else " "
    sign = _NAMED.get(name)
    return found[0] if sign is None else sign + (" " if sign and found[0][-1:].isspace() else "")
