r"""Mathematics as LaTeX: \sigma'(z_{1})\, w_{2}\, \sigma'(z_{2})\, \frac{\partial C}{\partial a_{2}}."""

from __future__ import annotations

from symgrad.algebra.greek import GREEK
from symgrad.export.fonts import COMMANDS, FONTS, font_of
from symgrad.export.latex_words import GREEK_LETTERS, escaped
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

SIGNS = {
    "⊙": r"\odot",
    "∘": r"\circ",
    "⊘": r"\oslash",
    "⊗": r"\otimes",
    "∧": r"\land",
    "∨": r"\lor",
    "≥": r"\ge",
    "≤": r"\le",
    "∈": r"\in",
    "↦": r"\mapsto",
    "→": r"\to",
    "≈": r"\approx",
    ":=": r"\mathrel{:=}",
}
BOLD = {"𝐞": r"\mathbf{e}"}
_FUNCTIONS = ("exp", "log", "ln", "sin", "cos", "tan", "tanh", "sinh", "cosh")


def math_latex(m: Math) -> str:
    """Return mathematics as LaTeX, without delimiters: it also works inside align."""
    match m:
        case Name():
            return _name(m)
        case Symbol(_, latex, primes):
            return SIGNS.get(latex, latex) + "'" * primes
        case Num(value):
            if not is_fraction(m):
                return number_text(value)
            return rf"{'-' if value < 0 else ''}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
        case Scientific(digits, exponent):
            return rf"{digits} \cdot 10^{{{exponent}}}"
        case Row(items):
            return "".join((factor_space(x) if i else "") + math_latex(x) for i, x in enumerate(items))
        case Terms(((first, term), *rest)):
            head = math_latex(term) if first == "+" else f"-{math_latex(term)}"
            return head + "".join(f" {sign} {math_latex(x)}" for sign, x in rest)
        case Infix(op, left, right):
            return f"{math_latex(left)} {SIGNS.get(op, op)} {math_latex(right)}"
        case Frac(above, below):
            return rf"\frac{{{math_latex(above)}}}{{{math_latex(below)}}}"
        case Power(base, exponent, entrywise):
            ring = r"\circ " if entrywise else ""
            return f"{_base_of_power(base)}^{{{ring}{_inline(exponent)}}}"
        case Transposed(Name(index=index, place=place) as base, sign) if index is not None and place != "subscript":
            apart = " " if place == "superscript" and sign[0] != "\\" else ""
            return f"{_stem(base)}^{{{_above(base)}{apart}{sign}}}"
        case Transposed(base, sign):
            return f"{math_latex(base)}^{{{sign}}}"
        case Inverse(base, turned, sign):
            raised = f"-{sign}" if turned else "-1"
            return f"{_base_of_power(base)}^{{{raised}}}"
        case Entry(base, places):
            return f"{math_latex(base)}_{{{', '.join(map(compact_latex, places))}}}"
        case Through(first, last):
            return f"{compact_latex(first)}:{compact_latex(last)}"
        case Chain((first, *others), relations):
            pairs = zip(relations, others, strict=True)
            return math_latex(first) + "".join(f" {SIGNS.get(r, r)} {math_latex(x)}" for r, x in pairs)
        case Indicator(condition):
            opened, closed = (r"\left\{", r"\right\}") if tall(condition) else (r"\{", r"\}")
            return rf"\mathbf{{1}}{opened}{math_latex(condition)}{closed}"
        case Cases(cases):
            rows = r" \\ ".join(rf"{math_latex(x)} & {_case(c)}" for x, c in cases)
            return rf"\begin{{cases}} {rows} \end{{cases}}"
        case Call(function, (Bars() as body,)):
            return math_latex(function) + math_latex(body)
        case Call(function, arguments):
            inside = ", ".join(map(math_latex, arguments))
            return math_latex(function) + fenced(inside, any(map(tall, arguments)))
        case Paren(body, square):
            return fenced(math_latex(body), tall(body), square)
        case Dotted(factor):
            return math_latex(factor)
        case Bars(body, double, below):
            bars = _bars(math_latex(body), r"\Vert" if double else r"\vert", tall(body))
            return f"{bars}_{{{below}}}" if below else bars
        case Root(body):
            return rf"\sqrt{{{math_latex(body)}}}"
        case Fence(sign, body):
            size = r"\Big" if tall(body) else r"\big"
            return f"{size}{'l' if sign in '([' else 'r'}{sign}"
        case Derivative(Derivative(of, x), y):
            first, second = math_latex(x), math_latex(y)
            below = rf"{first}^{{2}}" if squared(x, y) else rf"{first}\, \partial {second}"
            return rf"\frac{{\partial^{{2}} {math_latex(of)}}}{{\partial {below}}}"
        case Derivative(of, wrt, upright=True):
            return rf"\frac{{\mathrm{{d}} {math_latex(of)}}}{{\mathrm{{d}} {math_latex(wrt)}}}"
        case Derivative(of, wrt, immediate):
            d = r"\partial^{+}" if immediate else r"\partial"
            return rf"\frac{{{d} {math_latex(of)}}}{{\partial {math_latex(wrt)}}}"
        case MathChange(of):
            return rf"\mathrm{{d}}{math_latex(of)}"
        case Big(sign, symbol, lower, upper, body, without, conditions, between):
            command = r"\prod" if sign == "∏" else r"\sum"
            low, high = f"{math_latex(symbol)}={compact_latex(lower)}", f"^{{{compact_latex(upper)}}}"
            if between:
                low, high = rf"{compact_latex(lower)} \le {math_latex(symbol)} \le {compact_latex(upper)}", ""
            low += "".join(rf",\, {math_latex(symbol)} \neq {compact_latex(w)}" for w in without)
            low += "".join(rf",\, {math_latex(c)}" for c in conditions)
            head = rf"{command}_{{{low}}}{high}"
            return head if body == NOTHING else f"{head} {math_latex(body)}"
        case Grid(rows, square):
            space = "[4pt]" if any(tall(x) for r in rows for x in r) else ""
            inside = rf" \\{space} ".join(" & ".join(map(math_latex, r)) for r in rows)
            matrix = "bmatrix" if square else "pmatrix"
            return rf"\begin{{{matrix}}} {inside} \end{{{matrix}}}"
    raise TypeError(f"not mathematics: {m!r}")


def _case(condition: Math | None) -> str:
    return r"\text{otherwise}" if condition is None else rf"\text{{if }} {math_latex(condition)}"


def factor_space(m: Math) -> str:
    """Return what stands between a factor and m, the next."""
    return r" \cdot " if starts_with_digit(m) else r"\, "


def compact_latex(m: Math) -> str:
    """Return an index or an exponent, without spaces: j-1."""
    return math_latex(m).replace(" ", "") if isinstance(m, Terms) else math_latex(m)


def fenced(inside: str, is_tall: bool, square: bool = False) -> str:
    """Put parentheses or brackets around LaTeX, as tall as it is."""
    left, right = ("[", "]") if square else ("(", ")")
    return rf"\left{left}{inside}\right{right}" if is_tall else f"{left}{inside}{right}"


def _bars(inside: str, bar: str, is_tall: bool) -> str:
    left, right = (rf"\left{bar}", rf"\right{bar}") if is_tall else (rf"\l{bar[1:]}", rf"\r{bar[1:]}")
    return f"{left} {inside} {right}"


def tall(m: Math) -> bool:
    """Tell whether m is taller than a letter with indices."""
    match m:
        case Frac() | Big() | Derivative() | Grid() | Cases():
            return True
        case Chain(sides):
            return any(map(tall, sides))
        case Indicator(condition):
            return tall(condition)
        case Num():
            return is_fraction(m)
        case Row(items) | Call(_, items):
            return any(map(tall, items))
        case Terms(inner):
            return any(tall(x) for _, x in inner)
        case Infix(_, left, right):
            return tall(left) or tall(right)
        case (
            Dotted(body)
            | Paren(body)
            | Bars(body)
            | Root(body)
            | Transposed(body)
            | Power(body)
            | Inverse(body)
            | Entry(body)
        ):
            return tall(body)
    return False


def _base_of_power(m: Math) -> str:
    return fenced(math_latex(m), True) if is_fraction(m) else math_latex(m)


def _inline(m: Math) -> str:
    return number_text(m.value) if isinstance(m, Num) else compact_latex(m)


def _name(m: Name) -> str:
    above = _above(m)
    return _stem(m) + (f"^{{{above}}}" if above else "")


def _above(m: Name) -> str:
    """Return an index that stands above the name."""
    if m.index is None or m.place == "subscript":
        return ""
    index = compact_latex(m.index)
    return {"bracket": f"[{index}]", "parenthesis": f"({index})"}.get(m.place, index)


def _stem(m: Name) -> str:
    parts = Split(m.base) if m.whole else split(m.base)
    if m.spelled is not None:
        word, own = m.spelled.stem, [m.spelled.below] if m.spelled.below else []
    else:
        word, own = _base(parts.base), [_slanted(p) if m.slanted else _subscript(p) for p in parts.sub]
        for accent in parts.accents:
            word = rf"\{accent}{{{word}}}"
    below = ", ".join([*own, *map(compact_latex, m.below)])
    return word + "'" * m.primes + (f"_{{{below}}}" if below else "")


def _base(word: str) -> str:
    if word in GREEK_LETTERS:
        return GREEK_LETTERS[word]
    if word in _FUNCTIONS:
        return rf"\{word}"
    if word in BOLD:
        return BOLD[word]
    if word == "∂":
        return r"\partial"
    if word in COMMANDS:
        return COMMANDS[word]
    if (lettered := font_of(word)) is not None:
        font, letters = lettered
        inside = "".join(GREEK_LETTERS.get(GREEK.get(c, ""), c) for c in letters)
        return rf"\{FONTS[font].latex}{{{inside}}}"
    return _subscript(word)


def _slanted(part: str) -> str:
    """Write a word below a name as letters side by side, W_{hh}."""
    return part if part.isascii() and part.isalnum() else _subscript(part)


def _subscript(part: str) -> str:
    """Write what stands below a name: a letter slanted, a word upright, also where it spells a letter, W_xi."""
    if part in GREEK:
        return GREEK_LETTERS[GREEK[part]]
    if part.isascii() and (part.isdigit() or (len(part) == 1 and part.isalpha())):
        return part
    return rf"\mathrm{{{escaped(part)}}}" if part.isascii() else rf"\text{{{escaped(part)}}}"
