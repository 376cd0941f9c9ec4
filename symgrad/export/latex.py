r"""LaTeX: \sigma'(z_{1})\, w_{2}\, \sigma'(z_{2})\, \frac{\partial C}{\partial a_{2}}."""

from __future__ import annotations

import unicodedata
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

_PROSE = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "≥": r"$\ge$",
    "≤": r"$\le$",
    "∂": r"$\partial$",
    "⁺": r"$^{+}$",
    "∏": r"$\prod$",
    "∑": r"$\sum$",
    "·": r"$\cdot$",
    "→": r"$\to$",
    "×": r"$\times$",
    "ᵀ": r"$^{\mathsf T}$",
    "∘": r"$\circ$",
}
_SIGNS = {
    "∘": r"\circ",
    "≥": r"\ge",
    "≤": r"\le",
    "↦": r"\mapsto",
    "→": r"\to",
    "≈": r"\approx",
    ":=": r"\mathrel{:=}",
    "<": "<",
}
_FUNCTIONS = {"exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh"}
_GREEK_LATIN = {"omicron": "o"}

PREAMBLE = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb}
\usepackage[margin=25mm]{geometry}
\allowdisplaybreaks
\begin{document}
"""
END = "\\end{document}\n"


def latex(document: Document, standalone: bool = False) -> str:
    """Return a document as LaTeX: a snippet, or with ``standalone`` a file that pdflatex takes."""
    body = "\n\n".join(_part(p) for p in document.parts) + "\n"
    return f"{PREAMBLE}\n{body}{END}" if standalone else body


def _part(part: Part) -> str:
    match part:
        case Heading(words, level):
            return f"\\{'sub' * (level - 1)}section*{{{prose(words)}}}"
        case Listing(lines):
            return "\n".join(f"\\noindent\\texttt{{{prose(line)}}}\\\\" for line in lines.splitlines())
        case Display(left, right, relation):
            return _display(left, right, _SIGNS.get(relation, relation))
        case Text(words):
            return prose(words)
        case Comment(lines):
            return "\n".join(f"% {line}" for line in lines.splitlines())
    raise TypeError(f"not a part: {part!r}")


def _display(left: Math, right: Math, relation: str) -> str:
    """Set an equation in an align; a long product is broken between its factors."""
    lines = [math_latex(m) for m in _broken(right)]
    joined = " \\\\\n    &\\quad ".join(lines)
    return f"\\begin{{align*}}\n    {math_latex(left)} &{relation} {joined}\n\\end{{align*}}"


FACTORS_A_LINE = 8


def _broken(m: Math) -> list[Math]:
    if isinstance(m, Row) and len(m.items) > FACTORS_A_LINE + 2:
        return [Row(m.items[i : i + FACTORS_A_LINE]) for i in range(0, len(m.items), FACTORS_A_LINE)]
    return [m]


def prose(words: str) -> str:
    """Escape text for LaTeX; a letter that fonts may lack is written by its Unicode name."""
    return "".join(_PROSE.get(c) or _letter(c) for c in words)


def _letter(c: str) -> str:
    if c in GREEK:
        return f"${_greek(GREEK[c])}$"
    if ord(c) < 0x180:
        return c if c.isprintable() else " "
    plain = unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
    return plain or f"U+{ord(c):04X}"


def math_latex(m: Math) -> str:
    """Return mathematics as LaTeX, without delimiters: it also works inside align."""
    match m:
        case Name(base, sub, sup, primes):
            return _name(base, sub, sup, primes)
        case Num(value):
            return _number(value)
        case Word("·"):
            return r"\cdot"
        case Word("1"):
            return r"\mathbf{1}"
        case Word(word):
            return rf"\operatorname{{{prose(word)}}}"
        case Row(items):
            return r"\, ".join(_factor(i) for i in items)
        case Infix(op, None, right):
            return f"{_SIGNS.get(op, op)}{math_latex(right)}"
        case Infix(op, left, right):
            return f"{math_latex(left)} {_SIGNS.get(op, op)} {math_latex(right)}"  # type: ignore[arg-type]
        case Frac(above, below):
            return rf"\frac{{{math_latex(above)}}}{{{math_latex(below)}}}"
        case Power(base, exponent):
            return f"{_power_base(base)}^{{{_inline(exponent)}}}"
        case Transposed(base):
            return rf"{_power_base(base)}^{{\mathsf T}}"
        case Call(function, arguments):
            inside = ", ".join(map(math_latex, arguments))
            tall = any(isinstance(a, Frac | Big | Derivative) for a in arguments)
            return rf"{math_latex(function)}{_fence(inside, tall)}"
        case Paren(body):
            return _fence(math_latex(body), _tall(body))
        case Derivative(of, wrt, immediate):
            d = r"\partial^{+}" if immediate else r"\partial"
            return rf"\frac{{{d} {math_latex(of)}}}{{\partial {math_latex(wrt)}}}"
        case Big(sign, symbol, lower, upper, body):
            command = r"\prod" if sign == "∏" else r"\sum"
            low, high = f"{_index(symbol)}={_index(lower)}", _index(upper)
            return rf"{command}_{{{low}}}^{{{high}}} {math_latex(body)}"
        case Grid(rows):
            inside = r" \\ ".join(" & ".join(map(math_latex, r)) for r in rows)
            return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"
    raise TypeError(f"not mathematics: {m!r}")


def _fence(inside: str, tall: bool) -> str:
    return rf"\left({inside}\right)" if tall else f"({inside})"


def _tall(m: Math) -> bool:
    match m:
        case Frac() | Big() | Derivative() | Grid():
            return True
        case Num(value):
            return value.denominator != 1
        case Row(items):
            return any(map(_tall, items))
        case Infix(_, left, right):
            return _tall(right) or (left is not None and _tall(left))
        case Paren(body) | Transposed(body):
            return _tall(body)
        case Power(base, _):
            return _tall(base)
    return False


def _factor(m: Math) -> str:
    return _fence(math_latex(m), _tall(m)) if isinstance(m, Infix) else math_latex(m)


def _power_base(m: Math) -> str:
    atom = isinstance(m, Name | Paren | Call | Word) or (isinstance(m, Num) and m.value.denominator == 1 and m.value >= 0)
    if isinstance(m, Name) and m.sup:
        atom = False
    return math_latex(m) if atom else _fence(math_latex(m), _tall(m))


def _inline(m: Math) -> str:
    if isinstance(m, Num) and m.value.denominator != 1:
        return str(m.value)
    return math_latex(m)


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _name(base: str, sub: str, sup: str, primes: int) -> str:
    if base and all(c in "-+0123456789" or c.isalpha() for c in base) and any(c in "-+" for c in base):
        return _index(base)
    parts = split(base)
    word = _base(parts.base)
    for accent in parts.accents:
        word = rf"\{accent}{{{word}}}"
    below = ", ".join([*(_subscript(p) for p in parts.sub), *([_index(sub)] if sub else [])])
    word += "'" * primes
    if below:
        word += f"_{{{below}}}"
    if sup:
        word += f"^{{{_index(sup)}}}"
    return word


def _base(word: str) -> str:
    if word in GREEK.values():
        return _greek(word)
    if word in _FUNCTIONS:
        return rf"\{word}"
    if word.startswith("∂"):
        return rf"\partial_{{{word[1:]}}}"
    if len(word) == 1 and word.isascii():
        return word if word.isalnum() else prose(word)
    return rf"\mathrm{{{prose(word)}}}" if word.isascii() else rf"\text{{{prose(word)}}}"


def _greek(word: str) -> str:
    return _GREEK_LATIN.get(word, rf"\{word}")


def _subscript(part: str) -> str:
    if part in GREEK.values():
        return _greek(part)
    if part.isdigit() or (len(part) == 1 and part.isascii()):
        return part
    return rf"\mathrm{{{prose(part)}}}" if part.isascii() else rf"\text{{{prose(part)}}}"


def _index(position: str) -> str:
    """Set an index such as j-1, [l], lambda+1: letters by their names, the rest as it is."""
    out, word = "", ""
    for c in position + " ":
        if c.isalnum() or c == "_":
            word += c
            continue
        if word:
            out += word if word.isdigit() else _name(word, "", "", 0)
        out, word = out + c, ""
    return out.strip()
