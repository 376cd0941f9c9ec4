"""Mathematics as Typst: sigma'(z_1) thin w_2 thin sigma'(z_2) thin frac(∂ C, ∂ a_2).

Signs are written as themselves, ∂ and ⊙: their names change from one version of Typst to the next. What stands side by
side has a space between, so that a letter and a parenthesis are a call only where a function is called.
"""

from __future__ import annotations

import re

from symgrad.algebra.greek import GREEK, LETTERS
from symgrad.export.fonts import COMMANDS, FONTS, font_of
from symgrad.export.latex_math import tall
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
from symgrad.export.typst_words import quoted

SIGNS = {"·": "⋅", "/": r"\/", "[": r"\[", "]": r"\]"}
"""Signs that are not written as themselves."""
PLAIN = frozenset("+-−=<>≤≥≠≈→↦∈∞⋅⊙∘⊘⊗∧∨⋯⋮⋱,;:|‖√ℝ∂")
"""Signs that are."""
OPERATORS = frozenset("arctan cos cosh det exp ln log max min sin sinh sup tan tanh tr".split())  # noqa: SIM905
"""Functions that Typst sets upright by their names alone."""
UPRIGHT = {
    "𝟏": "bold(1)",
    "𝐈": "upright(bold(I))",
    "𝑰": "bold(I)",
    "𝐞": "upright(bold(e))",
    "e": "upright(e)",
    "d": "upright(d)",
}
ACCENT = {"hat": "hat", "bar": "macron", "tilde": "tilde", "dot": "dot", "vec": "arrow"}
T = 'sans("T")'
TURNED = {r"\top": "⊤", r"\intercal": "⊺"}
"""Transposes in LaTeX that are no T."""
_SCRIPT = re.compile(r"_([\w.]+)$")


def math_typst(m: Math) -> str:
    """Return mathematics as Typst, without dollar signs.

    >>> from symgrad.export.math import row
    >>> math_typst(row(Transposed(Name("W_xi")), Derivative(Name("C"), Name("a", Name("L")))))
    'W_"xi"^sans("T") thin frac(∂ C, ∂ a_L)'
    """
    match m:
        case Name():
            return _scripts(_stem(m), _below(m), _above(m))
        case Symbol(text, latex, primes):
            return _symbol(text, latex) + "'" * primes
        case Num(value):
            if not is_fraction(m):
                return number_text(value)
            return f"{'-' if value < 0 else ''}frac({abs(value.numerator)}, {value.denominator})"
        case Scientific(digits, exponent):
            return f"{digits} ⋅ 10^({exponent})"
        case Row(items):
            return "".join((factor_space(x) if i else "") + math_typst(x) for i, x in enumerate(items))
        case Terms(((first, term), *rest)):
            head = math_typst(term) if first == "+" else f"-{math_typst(term)}"
            return head + "".join(f" {sign} {math_typst(x)}" for sign, x in rest)
        case Infix(op, left, right):
            return f"{math_typst(left)} {sign(op)} {math_typst(right)}"
        case Frac(above, below):
            return f"frac({math_typst(above)}, {math_typst(below)})"
        case Power(base, exponent, entrywise):
            raised = number_text(exponent.value) if isinstance(exponent, Num) else math_typst(exponent)
            stem = f"({math_typst(base)})" if is_fraction(base) else math_typst(base)
            return _scripts(stem, "", f"∘ {raised}" if entrywise else raised)
        case Transposed(Name(index=index, place=place) as base, t) if index is not None and place != "subscript":
            return _scripts(_stem(base), _below(base), f"{_above(base)} {TURNED.get(t, T)}")
        case Transposed(base, t):
            return _scripts(math_typst(base), "", TURNED.get(t, T))
        case Inverse(base, turned, t):
            stem = f"({math_typst(base)})" if is_fraction(base) else math_typst(base)
            return _scripts(stem, "", f"-{TURNED.get(t, T)}" if turned else "-1")
        case Entry(base, places):
            return _scripts(math_typst(base), ", ".join(map(compact, places)), "")
        case Through(first, last):
            return f"{compact(first)}:{compact(last)}"
        case Chain((first, *others), relations):
            pairs = zip(relations, others, strict=True)
            return math_typst(first) + "".join(f" {sign(r)} {math_typst(x)}" for r, x in pairs)
        case Indicator(condition):
            return f"bold(1){{{math_typst(condition)}}}"
        case Cases(cases):
            return f"cases({', '.join(f'{math_typst(x)} & {_case(c)}' for x, c in cases)})"
        case Call(function, (Bars() as body,)):
            return f"{math_typst(function)} {math_typst(body)}"
        case Call(function, arguments):
            called = _SCRIPT.sub(r"_(\1)", math_typst(function))  # f_1(x) would have 1(x) below the f
            return f"{called}({', '.join(map(math_typst, arguments))})"
        case Paren(body, square):
            return f"[{math_typst(body)}]" if square else f"({math_typst(body)})"
        case Dotted(factor):
            return math_typst(factor)
        case Bars(body, double, below):
            return f"{'norm' if double else 'abs'}({math_typst(body)}){f'_{below}' if below else ''}"
        case Root(body):
            return f"sqrt({math_typst(body)})"
        case Fence(bracket, body):
            return rf"stretch(\{bracket}, size: #200%)" if tall(body) else rf"\{bracket}"
        case Derivative(Derivative(of, x), y):
            by = f"{_scripts(math_typst(x), '', '2')}" if squared(x, y) else f"{math_typst(x)} thin ∂ {math_typst(y)}"
            return f"frac(∂^2 {math_typst(of)}, ∂ {by})"
        case Derivative(of, wrt, upright=True):
            return f"frac(dif {math_typst(of)}, dif {math_typst(wrt)})"
        case Derivative(of, wrt, immediate):
            return f"frac({'∂^+' if immediate else '∂'} {math_typst(of)}, ∂ {math_typst(wrt)})"
        case MathChange(of):
            return f"dif {math_typst(of)}"
        case Big(operator, symbol, lower, upper, body, without, conditions, between):
            letter, high = math_typst(symbol), compact(upper)
            below = f"{letter}={compact(lower)}"
            if between:
                below, high = f"{compact(lower)} ≤ {letter} ≤ {high}", ""
            below += "".join(f", {letter} ≠ {compact(w)}" for w in without)
            below += "".join(f", {math_typst(c)}" for c in conditions)
            head = _scripts(f"{'product' if operator == '∏' else 'sum'}_({below})", "", high)
            return head if body == NOTHING else f"{head} {math_typst(body)}"
        case Grid(rows, square):
            delimiter = 'delim: "[", ' if square else ""
            return f"mat({delimiter}{'; '.join(', '.join(map(math_typst, r)) for r in rows)})"
    raise TypeError(f"not mathematics: {m!r}")


def sign(op: str) -> str:
    """Return an operator or a relation."""
    return SIGNS.get(op, op)


def factor_space(m: Math) -> str:
    """Return what stands between a factor and m, the next."""
    return " ⋅ " if starts_with_digit(m) else " thin "


def compact(m: Math) -> str:
    """Return an index, without spaces: j-1."""
    if not isinstance(m, Terms):
        return math_typst(m)
    whole = "".join(s + math_typst(x) for s, x in m.terms)
    return whole.removeprefix("+")


def _case(condition: Math | None) -> str:
    return '"otherwise"' if condition is None else f'"if " {math_typst(condition)}'


def _scripts(base: str, below: str, above: str) -> str:
    return base + (f"_{_script(below)}" if below else "") + (f"^{_script(above)}" if above else "")


def _script(inside: str) -> str:
    """Put what stands below or above in parentheses, which are not shown, unless it is one letter, word or number."""
    single = re.fullmatch(r'\w|[A-Za-z]+|\d+|"[^"\\]*"|sans\("T"\)', inside)
    return inside if single else f"({inside})"


def _above(m: Name) -> str:
    """Return an index that stands above the name."""
    if m.index is None or m.place == "subscript":
        return ""
    index = compact(m.index)
    return {"bracket": f"[{index}]", "parenthesis": f"({index})"}.get(m.place, index)


def _parts(m: Name) -> Split:
    return Split(m.base) if m.whole else split(m.base)


def _below(m: Name) -> str:
    own = (" ".join(p) if m.slanted and p.isascii() and p.isalnum() else _subscript(p) for p in _parts(m).sub)
    return ", ".join([*own, *map(compact, m.below)])


def _stem(m: Name) -> str:
    parts = _parts(m)
    word = _base(parts.base)
    for accent in parts.accents:
        word = f"{ACCENT[accent]}({word})"
    return word + "'" * m.primes


def _base(word: str) -> str:
    if word in COMMANDS:
        return word
    if word not in UPRIGHT and (lettered := font_of(word)) is not None:
        font, letters = lettered
        inside = " ".join(GREEK.get(c, c) for c in letters) if len(letters) == 1 else quoted(letters)
        return FONTS[font].typst.format(inside)
    if word in LETTERS or word in OPERATORS:
        return word
    return UPRIGHT[word] if word == "𝐞" else "∂" if word == "∂" else _subscript(word)


def _subscript(part: str) -> str:
    """Write what stands below a name: a letter slanted, a word upright, also where it spells a letter, W_xi."""
    if part in GREEK:
        return GREEK[part]
    return part if part.isascii() and (part.isdigit() or (len(part) == 1 and part.isalpha())) else quoted(part)


def _symbol(text: str, latex: str) -> str:
    if text in OPERATORS and latex == f"\\{text}":
        return text
    if text in GREEK:
        return GREEK[text]
    if text in UPRIGHT and latex.startswith("\\"):
        return UPRIGHT[text]
    if latex.startswith(r"\operatorname{") and text.replace("_", "").isalnum():
        name, _, below = text.partition("_") if "}_" in latex else (text, "", "")
        return _scripts(quoted(name), below, "")
    if text in SIGNS or text in PLAIN or (text.isascii() and (text.isdigit() or (text.isalpha() and not text[1:]))):
        return sign(text)
    return quoted(text)
