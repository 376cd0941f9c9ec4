"""Mathematics as MathML Core, which browsers show without a script."""

from __future__ import annotations

import unicodedata
from html import escape

from symgrad.algebra.greek import LETTERS
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
    squared,
    starts_with_digit,
)
from symgrad.export.names import Split, split

ACCENT = {"hat": "^", "bar": "‾", "tilde": "~", "dot": "˙", "vec": "→"}
MINUS = {"-": "−"}
CHANGE = '<mi mathvariant="normal">d</mi>'
TURNED = {r"\top": "⊤", r"\intercal": "⊺"}
"""Transposes in LaTeX that are no T."""
THIN, DOT = '<mspace width="0.25em"></mspace>', "<mo>·</mo>"


def math_mathml(m: Math, display: bool = False) -> str:
    """Return mathematics as one ``math`` element; ``display``: as a displayed equation."""
    block = ' display="block"' if display else ""
    return f"<math{block}>{mathml(m)}</math>"


def mathml(m: Math) -> str:
    """Return mathematics as MathML, without the ``math`` element around it."""
    match m:
        case Name():
            return _name(m)
        case Symbol(":"):
            return sign(":")
        case Symbol(letter, _, primes):
            return _primed(_word(letter), primes)
        case Num(value) if is_fraction(m):
            fraction = _tag("mfrac", _number(str(abs(value.numerator))), _number(str(value.denominator)))
            return _row(sign("-"), fraction) if value < 0 else fraction
        case Num(value):
            return _number(number_text(value))
        case Scientific(digits, exponent):
            return _row(_number(digits), DOT, _tag("msup", _number("10"), _number(str(exponent))))
        case Row(items):
            return _row(*(joint(x, i) + mathml(x) for i, x in enumerate(items)))
        case Terms(((first, term), *rest)):
            head = mathml(term) if first == "+" else _prefix("-") + mathml(term)
            return _row(head, *(sign(op) + mathml(x) for op, x in rest))
        case Infix(op, left, right):
            return _row(mathml(left), sign(op), mathml(right))
        case Frac(above, below):
            return _tag("mfrac", mathml(above), mathml(below))
        case Power(base, exponent, entrywise):
            shown = _number(number_text(exponent.value)) if isinstance(exponent, Num) else mathml(exponent)
            raised = _row(sign("∘"), shown) if entrywise else shown
            stem = _fenced(mathml(base)) if is_fraction(base) else mathml(base)
            return _tag("msup", stem, raised)
        case Transposed(Name(index=index, place=place) as base, t) if index is not None and place != "subscript":
            return _tag("msup", _stem(base), _row(_above(base), _transpose_sign(t)))
        case Transposed(base, t):
            return _tag("msup", mathml(base), _transpose_sign(t))
        case Inverse(base, turned, t):
            raised = _row(_prefix("-"), _transpose_sign(t) if turned else _number("1"))
            return _tag("msup", mathml(base), raised)
        case Entry(base, places):
            return _tag("msub", mathml(base), _row(sign(",").join(map(mathml, places))))
        case Through(begin, end):
            return _row(mathml(begin), sign(":"), mathml(end))
        case Chain((first, *others), relations):
            pairs = zip(relations, others, strict=True)
            return _row(mathml(first), *(sign(r) + mathml(x) for r, x in pairs))
        case Indicator(condition):
            ends = (f'<mo form="{form}" stretchy="true">{b}</mo>' for b, form in (("{", "prefix"), ("}", "postfix")))
            return _row(_number("1"), next(ends), mathml(condition), next(ends))
        case Cases(cases):
            lines = (_tag("mtr", _tag("mtd", mathml(x)), _tag("mtd", _case(c))) for x, c in cases)
            return _row('<mo form="prefix" stretchy="true">{</mo>', _tag("mtable", *lines))
        case Call(function, (Bars() as body,)):
            return _row(mathml(function), mathml(body))
        case Call(function, arguments):
            inside = sign(",").join(map(mathml, arguments))
            return _row(mathml(function), _fenced(inside))
        case Paren(body, square):
            return _fenced(mathml(body), "[]" if square else "()")
        case Dotted(factor):
            return mathml(factor)
        case Bars(body, double, below):
            bar = "‖" if double else "|"
            first, last = (f'<mo form="{form}" stretchy="true">{bar}</mo>' for form in ("prefix", "postfix"))
            return _row(first, mathml(body), f"<msub>{last}<mn>{below}</mn></msub>" if below else last)
        case Root(body):
            return _tag("msqrt", mathml(body))
        case Fence(bracket):
            return _bracket(bracket)
        case Derivative(Derivative(of, x), y):
            two = "<mn>2</mn>"
            by = [_tag("msup", mathml(x), two)] if squared(x, y) else [mathml(x), "<mi>∂</mi>", mathml(y)]
            return _tag("mfrac", _row(_tag("msup", "<mi>∂</mi>", two), mathml(of)), _row("<mi>∂</mi>", *by))
        case Derivative(of, wrt, upright=True):
            return _tag("mfrac", _row(CHANGE, mathml(of)), _row(CHANGE, mathml(wrt)))
        case Derivative(of, wrt, immediate):
            d = _tag("msup", "<mi>∂</mi>", "<mo>+</mo>") if immediate else "<mi>∂</mi>"
            return _tag("mfrac", _row(d, mathml(of)), _row("<mi>∂</mi>", mathml(wrt)))
        case MathChange(of):
            return _row(CHANGE, mathml(of))
        case Big(operator, symbol, lower, upper, body, without, conditions, between):
            big = f'<mo largeop="true" movablelimits="false">{operator}</mo>'
            left_out = [x for w in without for x in (sign(","), mathml(symbol), sign("≠"), mathml(w))]
            left_out += [x for c in conditions for x in (sign(","), mathml(c))]
            head = _tag("munderover", big, _row(mathml(symbol), sign("="), mathml(lower), *left_out), mathml(upper))
            if between:
                low, high = mathml(lower) + sign("≤"), sign("≤") + mathml(upper)
                head = _tag("munder", big, _row(low, mathml(symbol), high, *left_out))
            return head if body == NOTHING else _row(head, mathml(body))
        case Grid(rows, square):
            lines = (_tag("mtr", *(_tag("mtd", mathml(x)) for x in r)) for r in rows)
            return _fenced(_tag("mtable", *lines), "[]" if square else "()")
    raise TypeError(f"not mathematics: {m!r}")


def _case(condition: Math | None) -> str:
    if condition is None:
        return _tag("mtext", "otherwise")
    return _row(_tag("mtext", "if"), THIN, mathml(condition))


def _tag(name: str, *inside: str) -> str:
    return f"<{name}>{''.join(inside)}</{name}>"


def _row(*inside: str) -> str:
    return _tag("mrow", *inside)


def _number(text: str) -> str:
    return _tag("mn", escape(text))


def sign(op: str) -> str:
    """Return an operator or a relation."""
    return _tag("mo", escape(MINUS.get(op, op)))


def infix(op: str) -> str:
    """Return an operator that stands alone in its row, with the space of one between two terms."""
    return f'<mo form="infix">{escape(MINUS.get(op, op))}</mo>'


def _prefix(op: str) -> str:
    return f'<mo form="prefix">{escape(MINUS.get(op, op))}</mo>'


def joint(m: Math, i: int) -> str:
    """Return what stands before the i-th factor m."""
    return "" if i == 0 else DOT if starts_with_digit(m) else THIN


def _bracket(bracket: str) -> str:
    form = "prefix" if bracket in "([" else "postfix"
    return f'<mo form="{form}" stretchy="true">{bracket}</mo>'


def _fenced(inside: str, ends: str = "()") -> str:
    return _row(_bracket(ends[0]), inside, _bracket(ends[1]))


def _transpose_sign(latex: str) -> str:
    return f'<mi mathvariant="normal">{TURNED.get(latex, "T")}</mi>'


def _name(m: Name) -> str:
    if m.index is None or m.place == "subscript":
        return _stem(m)
    return _tag("msup", _stem(m), _above(m))


def _above(m: Name) -> str:
    """Return an index that stands above the name."""
    index = mathml(m.index) if m.index is not None else ""
    ends = {"bracket": ("[", "]"), "parenthesis": ("(", ")")}.get(m.place)
    return _row(f"<mo>{ends[0]}</mo>", index, f"<mo>{ends[1]}</mo>") if ends else index


def _stem(m: Name) -> str:
    parts = Split(m.base) if m.whole else split(m.base)
    word = _word(LETTERS.get(parts.base, parts.base))
    for accent in parts.accents:
        word = f'<mover accent="true">{word}<mo>{ACCENT[accent]}</mo></mover>'
    word = _primed(word, m.primes)
    # a word stays one, also where it spells a letter: W_xi
    words = ("".join(map(_word, p)) if m.slanted and p.isascii() else _word(p) for p in parts.sub)
    below = [*words, *map(mathml, m.below)]
    return _tag("msub", word, _row(sign(",").join(below))) if below else word


def _word(word: str) -> str:
    """Write a letter slanted, a longer name or a number upright."""
    if word.replace(".", "", 1).isdigit():
        return _number(word)
    letters = [c for c in word if not unicodedata.combining(c)]
    upright = ' mathvariant="normal"' if len(letters) == 1 and not letters[0].isalpha() else ""
    return f"<mi{upright}>{escape(word)}</mi>"


def _primed(word: str, primes: int) -> str:
    return _tag("msup", word, "<mo>′</mo>" * primes if primes == 1 else _row("<mo>′</mo>" * primes)) if primes else word
