"""How wide mathematics is on a LaTeX page, in em: an estimate from above, by which lines are broken."""

from __future__ import annotations

from symgrad.algebra.greek import GREEK
from symgrad.export.latex_math import tall
from symgrad.export.lines import FACTOR, SIGN, TIGHT, Piece
from symgrad.export.math import (
    NOTHING,
    Bars,
    Big,
    Call,
    Cases,
    Chain,
    Derivative,
    Dotted,
    Entry,
    Fence,
    Frac,
    Grid,
    Indicator,
    Infix,
    Inverse,
    Math,
    MathChange,
    Name,
    Num,
    Paren,
    Power,
    Root,
    Row,
    Scientific,
    Symbol,
    Terms,
    Through,
    Transposed,
    is_fraction,
    number_text,
    starts_with_digit,
)
from symgrad.export.names import Split, split

SMALL = 0.75
"""Size of an index against the line, with some room."""

BINARY, THIN = 1.25, 0.17
_NARROW, _WIDE = frozenset("fijlrst.,[]|()"), frozenset("mwMW@%")


def width(m: Math) -> float:
    """Return the width of mathematics in display style."""
    match m:
        case Name():
            return _name(m)
        case Symbol(sign, _, primes):
            return _word(sign) + 0.3 * primes
        case Num(value) if not is_fraction(m):
            return _word(number_text(value))
        case Num(value):
            return max(map(len, map(str, (value.numerator, value.denominator)))) * 0.53 + 0.5
        case Scientific(digits, exponent):
            return _word(digits) + BINARY + _word("10") + SMALL * _word(str(exponent))
        case Row(items):
            return sum(piece_width(Piece(x, FACTOR if i else TIGHT)) for i, x in enumerate(items))
        case Terms(((first, term), *rest)):
            return (0.8 if first == "-" else 0) + width(term) + sum(width(x) + BINARY for _, x in rest)
        case Infix(_, left, right):
            return width(left) + BINARY + width(right)
        case Frac(above, below):
            return max(width(above), width(below)) + 0.25
        case Power(base, exponent):
            return width(base) + SMALL * (width(exponent) + 0.5)
        case Transposed(base):
            return width(base) + 0.7
        case Inverse(base):
            return width(base) + SMALL * 1.5
        case Entry(base, places):
            return width(base) + SMALL * sum(width(x) + 0.5 for x in places)
        case Through(first, last):
            return width(first) + width(last) + 0.8
        case Chain(sides):
            return sum(map(width, sides)) + BINARY * (len(sides) - 1)
        case Indicator(condition):
            return width(condition) + 1.6
        case Cases(cases):
            values = max(width(x) for x, _ in cases)
            return values + max(5.0 if c is None else width(c) + 2 for _, c in cases) + 2.2
        case Call(function, (Bars() as body,)):
            return width(function) + width(body)
        case Call(function, arguments):
            inside = sum(map(width, arguments)) + 0.5 * (len(arguments) - 1)
            return width(function) + inside + 2 * _parenthesis(Row(arguments))
        case Paren(body):
            return width(body) + 2 * _parenthesis(body)
        case Dotted(factor):
            return width(factor)
        case Bars(body, double):
            return width(body) + (1.2 if double else 0.8)
        case Root(body):
            return width(body) + 0.9
        case Fence(_, body):
            return _parenthesis(body)
        case Derivative(of, wrt, immediate):
            return max(width(of) + (0.7 if immediate else 0), width(wrt)) + 0.8
        case MathChange(of):
            return width(of) + 0.6
        case Big(_, symbol, lower, upper, body, _, conditions):
            said = sum(width(c) + THIN for c in conditions)
            wide = [width(symbol) + BINARY + width(lower) + said, width(upper)]
            limits = SMALL * (sum(wide) + BINARY if m.between else max(wide))
            return max(limits, 1.5) + THIN + (0 if body == NOTHING else width(body))
        case Grid(rows):
            columns = zip(*rows, strict=True)
            return sum(max(map(width, c)) + 1.1 for c in columns) + 2 * _parenthesis(m)
    raise TypeError(f"not mathematics: {m!r}")


def piece_width(p: Piece) -> float:
    """Return the width of a piece with the space before it."""
    joint = {FACTOR: BINARY if starts_with_digit(p.math) else THIN, SIGN: BINARY / 2}
    return width(p.math) + joint.get(p.joint, 0)


def _word(word: str) -> float:
    return sum(map(_letter, word))


def _letter(c: str) -> float:
    if c in _WIDE or not c.isascii():
        return 1.0
    return 0.42 if c in _NARROW else 0.8 if c.isupper() else 0.55


def _parenthesis(body: Math) -> float:
    return 0.85 if tall(body) else 0.4


def _name(m: Name) -> float:
    parts = Split(m.base) if m.whole else split(m.base)
    base = 0.7 if parts.base in GREEK.values() else _word(parts.base)
    below = sum(_word(s) for s in parts.sub) + 0.5 * max(len(parts.sub) - 1, 0)
    below += sum(width(x) + 0.5 for x in m.further)
    index = 0.0 if m.index is None else width(m.index) + (0.0 if m.place in ("subscript", "superscript") else 0.6)
    return base + 0.3 * m.primes + SMALL * (below + index + (0.4 if below and index else 0))
