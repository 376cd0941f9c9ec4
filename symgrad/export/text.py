"""Unicode text: σ'(z_1) w_2 σ'(z_2) ∂C/∂a_2."""

from __future__ import annotations

from fractions import Fraction

from symgrad.export.math import (
    Big,
    Call,
    Comment,
    Derivative,
    Display,
    Document,
    Frac,
    Grid,
    Heading,
    Infix,
    Listing,
    Math,
    Name,
    Num,
    Paren,
    Part,
    Power,
    Row,
    Text,
    Transposed,
    Word,
)
from symgrad.export.names import split
from symgrad.network.syntax import GREEK

_LETTER = {ascii_name: letter for letter, ascii_name in GREEK.items()}


def text(document: Document) -> str:
    """Return a document as Unicode text."""
    return "\n\n".join(_part(p) for p in document.parts) + "\n"


def _part(part: Part) -> str:
    match part:
        case Heading(words, level):
            return f"{words}\n{('=' if level == 1 else '-') * len(words)}"
        case Listing(lines):
            return "\n".join("    " + line for line in lines.splitlines())
        case Display(left, right, relation):
            return f"{math_text(left)} {relation} {math_text(right)}"
        case Text(words) | Comment(words):
            return words
    raise TypeError(f"not a part: {part!r}")


def math_text(m: Math) -> str:
    """Return mathematics as Unicode text on one line."""
    match m:
        case Name(base, sub, sup, primes):
            return _name(base, sub, sup, primes)
        case Num(value):
            return _number(value)
        case Word(word):
            return word
        case Row(items):
            return " ".join(_factor(i) for i in items)
        case Infix(op, None, right):
            return f"{op}{math_text(right)}"
        case Infix(op, left, right):
            return f"{math_text(left)} {op} {math_text(right)}"  # type: ignore[arg-type]
        case Frac(above, below):
            return f"{_tight(above)}/{_tight(below)}"
        case Power(base, exponent):
            shown = math_text(exponent)
            plain = shown.isalnum()
            return f"{_power_base(base)}^{shown}" if plain else f"{_power_base(base)}^({shown})"
        case Transposed(base):
            return f"{_tight(base)}ᵀ"
        case Call(function, arguments):
            return f"{math_text(function)}({', '.join(map(math_text, arguments))})"
        case Paren(body):
            return f"({math_text(body)})"
        case Derivative(of, wrt, immediate):
            d = "∂⁺" if immediate else "∂"
            return f"{d}{math_text(of)}/∂{math_text(wrt)}"
        case Big(sign, symbol, lower, upper, body):
            return f"{sign}_{{{symbol}={lower}}}^{{{upper}}} {math_text(body)}"
        case Grid(rows):
            return "[" + "; ".join(", ".join(map(math_text, r)) for r in rows) + "]"
    raise TypeError(f"not mathematics: {m!r}")


def _factor(m: Math) -> str:
    return f"({math_text(m)})" if isinstance(m, Infix) else math_text(m)


def _tight(m: Math) -> str:
    plain = isinstance(m, Name | Num | Call | Paren | Word | Transposed | Power)
    return math_text(m) if plain else f"({math_text(m)})"


def _power_base(m: Math) -> str:
    whole = isinstance(m, Num) and m.value.denominator == 1 and m.value >= 0
    return math_text(m) if whole or isinstance(m, Name | Paren | Call) else f"({math_text(m)})"


def _number(value: Fraction) -> str:
    return str(value)


def _name(base: str, sub: str, sup: str, primes: int) -> str:
    parts = split(base)
    word = _LETTER.get(parts.base, parts.base) + "".join("_" + a for a in parts.accents)
    below = ",".join([*parts.sub, *([sub] if sub else [])])
    word += "'" * primes
    if below:
        word += f"_{below}" if below.isalnum() else f"_{{{below}}}"
    if sup:
        word += f"^{sup}" if sup.isalnum() or sup[0] in "([" else f"^{{{sup}}}"
    return word
