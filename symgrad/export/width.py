"""How wide mathematics is on a LaTeX page, in em: an estimate from above, by which lines are broken."""

from __future__ import annotations

from symgrad.export.lines import FACTOR, SIGN, Piece
from symgrad.export.math import (
    NOTHING,
    Big,
    Call,
    Change,
    Derivative,
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
    Scientific,
    Symbol,
    Terms,
    Transposed,
    starts_with_digit,
)
from symgrad.export.names import Split, split
from symgrad.network.syntax import GREEK

SMALL = 0.75
"""Size of an index against the line, with some room."""

BINARY, THIN, PARENTHESIS, TALL_PARENTHESIS = 1.25, 0.17, 0.5, 0.8
_WIDE = frozenset("mwMWABCDEFGHKNOQRTUVXYZ@%")


def width(m: Math) -> float:
    """Return the width of mathematics in display style."""
    match m:
        case Name():
            return _name(m)
        case Symbol(sign, _, primes):
            return _word(sign) + 0.3 * primes
        case Num(value) if value.denominator == 1:
            return _word(str(value))
        case Num(value):
            return max(map(len, map(str, (value.numerator, value.denominator)))) * 0.53 + 0.5
        case Scientific(digits, exponent):
            return _word(digits) + BINARY + _word("10") + SMALL * _word(str(exponent))
        case Row(items):
            return sum(width(x) + (BINARY if starts_with_digit(x) else THIN) for x in items)
        case Terms(inner):
            return sum(width(x) + BINARY for _, x in inner)
        case Infix(_, left, right):
            return width(left) + BINARY + width(right)
        case Frac(above, below):
            return max(width(above), width(below)) + 0.25
        case Power(base, exponent):
            return width(base) + SMALL * (width(exponent) + 0.5)
        case Transposed(base):
            return width(base) + 0.7
        case Call(function, arguments):
            return width(function) + sum(width(a) + 0.5 for a in arguments) + 2 * TALL_PARENTHESIS
        case Paren(body):
            return width(body) + 2 * TALL_PARENTHESIS
        case Fence():
            return TALL_PARENTHESIS
        case Derivative(of, wrt, immediate):
            return max(width(of) + (0.7 if immediate else 0), width(wrt)) + 0.9
        case Change(of):
            return width(of) + 0.6
        case Big(_, symbol, lower, upper, body):
            limits = SMALL * max(width(symbol) + BINARY + width(lower), width(upper))
            return max(limits, 1.5) + THIN + (0 if body == NOTHING else width(body))
        case Grid(rows):
            columns = zip(*rows, strict=True)
            return sum(max(map(width, c)) + 1.1 for c in columns) + 2 * TALL_PARENTHESIS
    raise TypeError(f"not mathematics: {m!r}")


def piece_width(p: Piece) -> float:
    """Return the width of a piece with the space before it."""
    joint = {FACTOR: BINARY if starts_with_digit(p.math) else THIN, SIGN: BINARY / 2}
    return width(p.math) + joint.get(p.joint, 0)


def _word(word: str) -> float:
    return sum(0.95 if c in _WIDE or not c.isascii() else 0.56 for c in word)


def _name(m: Name) -> float:
    parts = Split(m.base) if m.whole else split(m.base)
    base = 0.85 if parts.base in GREEK.values() else _word(parts.base)
    below = sum(_word(s) for s in parts.sub) + 0.5 * max(len(parts.sub) - 1, 0)
    index = 0.0 if m.index is None else width(m.index) + (0.0 if m.place in ("subscript", "superscript") else 0.6)
    return base + 0.3 * m.primes + SMALL * (below + index + (0.4 if below and index else 0))
