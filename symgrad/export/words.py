"""Words with the little mathematics that sentences hold: s_2, 1.5^149, W^[l], s_{j-1}."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_LETTER = "[A-Za-zΑ-Ωα-ω]"
_INSIDE = "[A-Za-z0-9Α-Ωα-ω+\\-−,. ]*"
_SCRIPT = re.compile(
    rf"(?:(?<!\w)(?P<letter>{_LETTER})(?P<prime>'?)|(?<![\w.])(?P<number>\d+(?:\.\d+)?)|(?<=[)\]]))"
    rf"(?:(?P<lowered>[₀-₉]+)|_(?P<sub>\{{{_INSIDE}\}}|[A-Za-z]|\d+)(?![^\W²³]))?"
    rf"(?:(?P<raised>[⁺⁻]?[⁰¹²³⁴-⁹]+)|\^(?P<sup>\{{{_INSIDE}\}}|\({_INSIDE}\)|\[{_INSIDE}\]|-?\d+|[A-Za-z])(?!\w))?"
)


@dataclass(frozen=True)
class Scripted:
    """A letter, a number or nothing (after a bracket), with an index below it and a power above it."""

    base: str
    below: str
    above: str


def pieces(words: str) -> Iterator[str | Scripted]:
    """Yield the words, and what has an index or a power between them.

    >>> list(pieces("my_file: s_2 = 1.5^(L-1)"))
    ['my_file: ', Scripted(base='s', below='2', above=''), ' = ', Scripted(base='1.5', below='', above='L-1')]
    >>> list(pieces("σ_w²"))
    [Scripted(base='σ', below='w', above='2')]
    """
    end = 0
    for found in _SCRIPT.finditer(words):
        below = found["sub"] or (found["lowered"] or "").translate(_LOWERED)
        above = found["sup"] or (found["raised"] or "").translate(_RAISED)
        if not (above or (below and found["letter"])):
            continue
        if words[end : found.start()]:
            yield words[end : found.start()]
        base = (found["letter"] or "") + (found["prime"] or "") or found["number"] or ""
        yield Scripted(base, below.strip("{}"), above.strip("{}()"))
        end = found.end()
    if words[end:]:
        yield words[end:]


def written(words: str, plain: Callable[[str], str], scripted: Callable[[Scripted], str]) -> str:
    """Return words in a format: what is plain in one way, what has an index or a power in another."""
    return "".join(plain(p) if isinstance(p, str) else scripted(p) for p in pieces(words))
