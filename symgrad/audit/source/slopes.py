r"""Derivatives and differentials by the commands of packages: \dv{f}{x}, \pdv[2]{f}{x}, \dd{x}."""

from __future__ import annotations

import re

_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_SLOPE = re.compile(rf"\*?\s*(?:\[(\d)\])?\s*{_GROUP}(?:\s*{_GROUP})?")
_SECOND, _LETTER = re.compile(rf"\s*{_GROUP}"), re.compile(r"\s*(\\?[A-Za-z]+)\b")
_DIFFERENTIAL = re.compile(r"\s*\{\s*(\\?[A-Za-z]+(?:_\w|_\{\w+\})?)\s*\}(?!\s*\{)")
PARTIAL = "\\partial"
SIGNS = {
    **dict.fromkeys(["\\dv", "\\odv", "\\od", "\\derivative", "\\diff"], "d"),
    **dict.fromkeys(["\\pdv", "\\pd", "\\pderiv", "\\partialderivative"], PARTIAL),
}
"""Commands of derivatives, and the sign that each stands for."""
DIFFERENTIALS = frozenset(["\\dd", "\\d", "\\dif", "\\differential", "\\mathd", "\\diff"])
LETTER_BEHIND = "\\diff"
"""The command whose second argument may stand without braces."""


def slope(command: str, text: str, at: int) -> tuple[str, int] | None:
    r"""Return what a command behind which a text is read stands for, and where it ends; None where it is no such one.

    >>> slope("\\dv", "{x} x^3", 0), slope("\\pdv", "{f}{x}{y}", 0)
    (('\\frac{d }{d x}', 3), ('\\frac{\\partial^2 f}{\\partial x \\partial y}', 9))
    >>> slope("\\dd", "{x}", 0), slope("\\dd", "x", 0)
    (('\\,d x', 3), None)
    """
    if command in DIFFERENTIALS and (found := _DIFFERENTIAL.match(text, at)):
        return f"\\,d {found[1]}", found.end()
    found = _SLOPE.match(text, at) if command in SIGNS else None
    if found is None:
        return None
    order, first, second = found.groups()
    sign, end = SIGNS[command], found.end()
    if second and sign == PARTIAL and (third := _SECOND.match(text, end)):
        return rf"\frac{{{sign}^2 {first}}}{{{sign} {second} {sign} {third[1]}}}", third.end()
    if second is None and command == LETTER_BEHIND and (letter := _LETTER.match(text, end)):
        second, end = letter[1], letter.end()
    of, by = ("", first) if second is None else (first, second)
    power = f"^{order}" if order else ""
    return rf"\frac{{{sign}{power} {of}}}{{{sign} {by}{power}}}", end
