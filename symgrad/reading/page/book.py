r"""A page written with the commands of a book, \vh for \mathbf{h}: as it would be without them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symgrad.reading.token import NotUnderstoodError

DEEPEST = 20
"""Commands inside each other that are written out."""
LONGEST = 10_000_000
"""Characters of a page with its commands written out."""
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_DEFINITION = re.compile(r"^\\newcommand\{.*\}$\n?", re.MULTILINE)
_LETTER_T = re.compile(r"\^(?:T(?![A-Za-z])|\{(?P<above>(?:-|\[[^\[\]{}]*\]|\([^(){}]*\))?)\s*T\})")


def without_macros(text: str, macros: Mapping[str, str]) -> str:
    r"""Return a page of LaTeX with the macros written out, and without their definitions.

    >>> print(without_macros(r"\vh_{t} = \vect{x}", {"vh": r"\mathbf{h}", "vect": r"\mathbf{#1}"}))
    \mathbf{h}_{t} = \mathbf{x}
    """
    return _written_out(_DEFINITION.sub("", text), macros, 0) if macros else text


def _written_out(text: str, macros: Mapping[str, str], level: int) -> str:
    if level > DEEPEST:
        raise NotUnderstoodError(f"more than {DEEPEST} commands of a book inside each other")
    found: list[str] = []
    at = size = 0
    for m in _COMMAND.finditer(text):
        if m[1] not in macros or m.start() < at:
            continue
        body, end = macros[m[1]], m.end()
        if "#1" in body:
            inside, end = _argument(text, end)
            body = body.replace("#1", inside)
        found += [text[at : m.start()], _written_out(body, macros, level + 1)]
        at = end
        size += len(found[-1])
        if size > LONGEST:
            raise NotUnderstoodError(f"a page with more than {LONGEST:,} characters")
    return "".join(found) + text[at:]


def _argument(text: str, at: int) -> tuple[str, int]:
    """Return what stands between the braces that come next, and where it ends."""
    level = 0
    for n in range(at, len(text)):
        level += {"{": 1, "}": -1}.get(text[n], 0)
        if n == at and level != 1:
            break
        if level == 0:
            return text[at + 1 : n], n + 1
    raise NotUnderstoodError("a command of a book without its braces")


def with_transposes(text: str) -> str:
    r"""Return a page of LaTeX in which a T above is a transpose, and no letter, with the sign of one.

    >>> print(with_transposes(r"W^{T}\, W^{[l]T} + x^T + W^{-T}"))
    W^{\top}\, W^{[l]\top} + x^{\top} + W^{-\top}
    """
    return _LETTER_T.sub(lambda m: rf"^{{{m['above'] or ''}\top}}", text)
