"""Break mathematics over lines, once for every format: at signs, between factors, inside parentheses.

The pieces of a line are the mathematics itself; what does not fit is opened, outermost first: a sum into
its terms, a term into its factors, a parenthesis into what stands inside it. A format only says how wide
a piece is and how much room there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from symgrad.export.math import (
    NOTHING,
    Big,
    Call,
    Dotted,
    Fence,
    Frac,
    Grid,
    Infix,
    Math,
    Name,
    Num,
    Paren,
    Power,
    Row,
    Symbol,
    Terms,
    Transposed,
    is_fraction,
    number_text,
)

TIGHT, FACTOR, SIGN = "", "factor", "sign"
"""How a piece follows the one before: without space, as a factor, as an operator or what follows one."""

GROUP = 20
"""Digits of a long number that stay together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: how it joins what stands before it, and whether a line may begin with it.

    level: how often what it is part of was opened; where a line ends between factors of a term, the next
    term begins a line too.
    """

    math: Math
    joint: str = TIGHT
    may_begin: bool = False
    level: int = 0


Line = tuple[Piece, ...]


def broken(m: Math, room: float, width: Callable[[Piece], float], whole: tuple[type[Math], ...] = ()) -> list[Line]:
    """Return the lines of m, each at most ``room`` wide where m can be broken so far.

    width: the width of a piece with its joint. A matrix too wide for a line is written [a, b; c, d].
    whole: what is not opened, however wide it is.
    """
    pieces = [Piece(m)]
    while True:
        opened: list[Piece] = []
        changed = False
        for unit in _units(pieces):
            if sum(map(width, unit)) <= room:
                opened += unit
                continue
            for piece in sorted(unit, key=width, reverse=True):
                inner = [] if isinstance(piece.math, whole) else _open(piece)
                if inner:
                    at = unit.index(piece)
                    opened += [*unit[:at], *inner, *unit[at + 1 :]]
                    changed = True
                    break
            else:
                opened += unit
        if not changed:
            return _balanced(pieces, room, width)
        pieces = opened


def _units(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Yield the runs of pieces that stay on one line."""
    unit: list[Piece] = []
    for piece in pieces:
        if piece.may_begin and unit:
            yield unit
            unit = []
        unit.append(piece)
    yield unit


class _Unit(NamedTuple):
    """Pieces that stay on one line; ``group`` is the width of them and of all deeper ones that follow."""

    pieces: list[Piece]
    width: float
    group: float

    @property
    def level(self) -> int:
        return self.pieces[0].level


def _balanced(pieces: list[Piece], room: float, width: Callable[[Piece], float]) -> list[Line]:
    """Fill as few lines as there is room for, and let none of them be much shorter than the others."""
    units = _measured(list(_units(pieces)), width)
    lines = _fill(units, room)
    narrow, wide = 0.0, room
    for _ in range(6 if len(lines) > 1 else 0):
        middle = (narrow + wide) / 2
        tried = _fill(units, middle)
        if len(tried) == len(lines):
            lines, wide = tried, middle
        else:
            narrow = middle
    return lines


def _measured(units: list[list[Piece]], width: Callable[[Piece], float]) -> list[_Unit]:
    measured: list[_Unit] = []
    groups: list[tuple[int, float]] = []  # (level, width) of the groups that begin after a unit, nearest last
    for unit in reversed(units):
        own = group = sum(map(width, unit))
        while groups and groups[-1][0] > unit[0].level:
            group += groups.pop()[1]
        groups.append((unit[0].level, group))
        measured.append(_Unit(unit, own, group))
    return measured[::-1]


def _fill(units: list[_Unit], room: float) -> list[Line]:
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for unit in units:
        inside_deeper = bool(lines[-1]) and lines[-1][0].level > unit.level
        if lines[-1] and (used + unit.group > room or inside_deeper):
            lines.append([])
            used = 0.0
        lines[-1] += unit.pieces
        used += unit.width
    return [tuple(line) for line in lines]


def _open(piece: Piece) -> list[Piece]:
    """Return the pieces of one piece, or nothing if it cannot be opened."""
    inner = _inside(piece.math)
    if inner and isinstance(piece.math, Dotted):
        inner[0] = replace(inner[0], math=Dotted(inner[0].math))
    deeper = [replace(p, level=piece.level + 1) for p in inner[1:]]
    return [replace(piece, math=inner[0].math), *deeper] if inner else []


def _inside(m: Math) -> list[Piece]:
    match m:
        case Row(items) if len(items) > 1:
            return [Piece(item, FACTOR, True) for item in items]
        case Terms(((first, term), *rest)):
            head = [Piece(term)] if first == "+" else [Piece(_sign(first)), Piece(term)]
            return head + [p for sign, x in rest for p in (Piece(_sign(sign), SIGN, True), Piece(x, SIGN))]
        case Infix(op, left, right):
            return [Piece(left), Piece(_sign(op), SIGN, True), Piece(right, SIGN)]
        case Dotted(factor):
            return _inside(factor)
        case Paren(body, square):
            return _fenced(body, Fence("]" if square else ")", body), square)
        case Power(Paren(body, square)) | Transposed(Paren(body, square)):
            return _fenced(body, replace(m, base=Fence("]" if square else ")", body)), square)
        case Call(function, arguments):
            inside = [Piece(arguments[0])]
            for a in arguments[1:]:
                inside += [Piece(_sign(",")), Piece(a, SIGN, True)]
            whole = Row(arguments)
            return [Piece(function), Piece(Fence("(", whole)), *inside, Piece(Fence(")", whole))]
        case Big(body=body) if body != NOTHING:
            return [Piece(replace(m, body=NOTHING)), Piece(body, SIGN)]
        case Frac(above, below):
            slash = Symbol("/", "/")
            return [*_grouped(above), Piece(slash, TIGHT, True), *_grouped(below)]
        case Num(value) if is_fraction(m):
            return _inside(Frac(Num(Fraction(value.numerator)), Num(Fraction(value.denominator))))
        case Num(value) if len(number_text(value)) > GROUP:
            return _digits(number_text(value))
    return _grid(m)


def _digits(number: str) -> list[Piece]:
    """Break a long number into groups of digits."""
    ends = [0, *range(len(number) % GROUP or GROUP, len(number) + 1, GROUP)]
    groups = [number[a:b] for a, b in pairwise(ends)]
    return [Piece(Symbol(digits, digits), TIGHT, True) for digits in groups]


def _grid(m: Math) -> list[Piece]:
    if not isinstance(m, Grid):
        return []
    pieces = [Piece(Symbol("[", r"\bigl["))]
    for i, r in enumerate(m.rows):
        for k, entry in enumerate(r):
            if i or k:
                pieces.append(Piece(_sign("," if k else ";")))
            pieces.append(Piece(entry, SIGN if i or k else TIGHT, bool(i or k)))
    return [*pieces, Piece(Symbol("]", r"\bigr]"))]


def _fenced(body: Math, closing: Math, square: bool = False) -> list[Piece]:
    return [Piece(Fence("[" if square else "(", body)), Piece(body), Piece(closing)]


def _grouped(m: Math) -> list[Piece]:
    whole = isinstance(m, Name | Call | Paren) or (isinstance(m, Num) and m.value.denominator == 1 and m.value >= 0)
    return [Piece(m)] if whole else _fenced(m, Fence(")", m))


def _sign(op: str) -> Symbol:
    return Symbol(op, op)
