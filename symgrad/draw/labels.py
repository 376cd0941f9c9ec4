"""Labels: mathematics as runs of letters, slanted, upright, lowered or raised, and about how wide they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

from symgrad.algebra.greek import LETTERS
from symgrad.export.math import (
    NOTHING,
    Big,
    Call,
    Derivative,
    Frac,
    Infix,
    Inverse,
    Math,
    Name,
    Num,
    Paren,
    Power,
    Root,
    Row,
    Symbol,
    Terms,
    Transposed,
    is_fraction,
    number_text,
)
from symgrad.export.names import Split, split
from symgrad.export.text import math_text
from symgrad.visible import visible

SIZE, SMALL = 10.0, 7.0
"""Points: of letters, and of what is lowered or raised."""
DOWN, UP = 2.4, -3.8
"""By how much it is moved."""
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7"}
OWN = {"W": 1.15, "M": 1.0, "N": 0.92, "K": 0.86, "f": 0.5, "r": 0.46, "⊤": 0.82, "÷": 0.82}
CLOSER = 0.86
"""What stands above a sum begins a little further right than the widths say, which are rather too wide."""
NARROW, WIDE = "ijlftrI,.'′()[]:;| ", "mwMWQO⊙∂∑∏+−-=·%@"


class Run(NamedTuple):
    """Letters in one style; level: 0 on the line, -1 below it, 1 above; back: how far before the last it begins."""

    text: str
    slanted: bool = False
    level: int = 0
    back: float = 0.0


def runs(m: Math) -> list[Run]:
    """Return mathematics as runs.

    >>> [r.text for r in runs(Name("w_max", Name("j")))]
    ['w', 'max,', 'j']
    """
    joined: list[Run] = []
    for run in _runs(m):
        if joined and joined[-1][1:3] == run[1:3] and not run.back:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    return joined


def _runs(m: Math) -> Iterator[Run]:
    match m:
        case Name():
            yield from _name(m)
        case Symbol(sign, _, primes):
            yield Run(sign + "′" * primes, len(sign) == 1 and sign.isalpha())
        case Num(value):
            yield Run(number_text(value).replace("-", "−"))
        case Row(items):
            for i, x in enumerate(items):
                if i and not (isinstance(x, Symbol) and x.text == ","):
                    yield Run("\u2009")
                yield from _inner(x, isinstance(x, Terms))
        case Terms(((first, term), *rest)):
            yield Run("−" if first == "-" else "")
            yield from _runs(term)
            for sign, x in rest:
                yield Run(" − " if sign == "-" else " + ")
                yield from _runs(x)
        case Infix(op, a, b):
            yield from _runs(a)
            yield Run(f" {op} ")
            yield from _runs(b)
        case Frac(a, b):
            yield from _inner(a, not _tight(a))
            yield Run("/")
            yield from _inner(b, not _tight(b))
        case Power(base, exponent, entrywise):
            yield from _inner(base, isinstance(base, Row | Terms | Infix | Frac) or is_fraction(base))
            yield Run("∘" if entrywise else "", False, 1)
            yield from _level(_runs(exponent), 1)
        case Transposed(base):
            yield from _inner(base, isinstance(base, Row | Terms | Infix))
            yield Run("T", False, 1)
        case Inverse(base, turned):
            yield from _inner(base, isinstance(base, Row | Terms | Infix))
            yield Run("−T" if turned else "−1", False, 1)
        case Call(function, arguments):
            yield from _runs(function)
            yield Run("(")
            for i, x in enumerate(arguments):
                yield Run(", " if i else "")
                yield from _runs(x)
            yield Run(")")
        case Paren(body):
            yield from _inner(body, True)
        case Root(body):
            yield Run("√")
            yield from _inner(body, not _tight(body))
        case Derivative(of, wrt, immediate):
            yield Run("∂")
            yield Run("+" if immediate else "", False, 1)
            yield from _runs(of)
            yield Run("/∂")
            yield from _runs(wrt)
        case Big(sign, symbol, lower, upper, body, (), ()):
            yield Run(sign)
            lowered = list(_level([*_runs(symbol), Run("="), *_runs(lower)], -1))
            raised = list(_level(_runs(upper), 1))
            yield from lowered
            yield from [r._replace(back=0.0 if n else CLOSER * _long(lowered)) for n, r in enumerate(raised)]
            yield Run("\u2009", back=min(_long(raised) - CLOSER * _long(lowered), 0.0))
            if body != NOTHING:
                yield from _runs(body)
        case _:
            yield Run(math_text(m))


def _inner(m: Math, parentheses: bool) -> Iterator[Run]:
    if parentheses:
        yield Run("(")
    yield from _runs(m)
    if parentheses:
        yield Run(")")


def _tight(m: Math) -> bool:
    return isinstance(m, Name | Symbol | Num | Call | Paren | Power)


def _level(found: Iterable[Run], level: int) -> Iterator[Run]:
    for run in found:
        yield run._replace(text=run.text.replace(" ", ""), level=level)


def _name(m: Name) -> Iterator[Run]:
    parts = Split(m.base) if m.whole else split(m.base)
    base = visible(LETTERS.get(parts.base, parts.base))
    yield Run(base + "".join(ACCENTS[a] for a in parts.accents), len(base) == 1)
    yield Run("′" * m.primes)
    below: list[list[Run]] = []
    for part in parts.sub:
        letters = visible(LETTERS.get(part, part))
        below.append([Run(letters, len(letters) == 1 and letters.isalpha())])
    below += [runs(x) for x in m.below]
    for i, part_runs in enumerate(below):
        yield Run("," if i else "", False, -1)
        yield from _level(part_runs, -1)
    if m.index is not None and m.place != "subscript":
        opening, closing = {"bracket": ("[", "]"), "parenthesis": ("(", ")")}.get(m.place, ("", ""))
        yield Run(opening, False, 1)
        yield from _level(_runs(m.index), 1)
        yield Run(closing, False, 1)


def width(*maths: Math) -> float:
    """Return about how wide mathematics is, in points, with commas between; rather too wide than too narrow."""
    return sum(map(_width, maths)) + 6.0 * (len(maths) - 1)


def _width(m: Math) -> float:
    return 1.0 + _long(runs(m))


def _long(found: Iterable[Run]) -> float:
    return sum(sum(map(_em, r.text)) * (SMALL if r.level else SIZE) - r.back for r in found)


def height(*maths: Math) -> float:
    """Return about how high mathematics is."""
    if any(isinstance(x, Derivative | Frac) for m in maths for x in (m.items if isinstance(m, Row) else (m,))):
        return 16.0  # as TeX and Typst set a fraction in a line
    levels = {r.level for m in maths for r in runs(m)}
    return 10.0 + (2.0 if -1 in levels else 0.0) + (2.0 if 1 in levels else 0.0)


def _em(letter: str) -> float:
    if letter in "\u0302\u0304\u0303\u0307\u20d7\u200b":
        return 0.0
    if letter == "\u2009":
        return 0.17
    if letter in OWN:
        return OWN[letter]
    if letter in NARROW:
        return 0.36
    if letter in WIDE:
        return 0.86
    return 0.75 if letter.isupper() else 0.54


def tspans(*maths: Math) -> str:
    """Return mathematics as the text of SVG, with commas between.

    >>> tspans(Name("w", Name("j")))
    '<tspan font-style="italic">w</tspan><tspan dy="2.4" font-size="7" font-style="italic">j</tspan>'
    """
    shown, at = "", 0.0
    listed = [r for n, m in enumerate(maths) for r in ([Run(", ")] if n else []) + runs(m)]
    for run in listed:
        to = {0: 0.0, -1: DOWN, 1: UP}[run.level]
        style = f' dx="{-run.back:.1f}"' if run.back else ""
        style += f' dy="{to - at:g}"' if to != at else ""
        style += f' font-size="{SMALL:g}"' if run.level else ""
        style += ' font-style="italic"' if run.slanted else ""
        shown += f"<tspan{style}>{escape(run.text)}</tspan>"
        at = to
    return shown
