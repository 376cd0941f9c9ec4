"""Unicode text: σ'(z_1) w_2 σ'(z_2) ∂C/∂a_2."""

from __future__ import annotations

import re
from itertools import groupby

from symgrad.algebra.greek import LETTERS
from symgrad.export.lines import FACTOR, SIGN, Line, Piece, broken
from symgrad.export.math import (
    NOTHING,
    Bars,
    Big,
    Call,
    Cases,
    Chain,
    Comment,
    Derivative,
    Display,
    Document,
    Dotted,
    Entry,
    Fence,
    Frac,
    Grid,
    Heading,
    Indicator,
    Infix,
    Inverse,
    Listing,
    Math,
    MathChange,
    Name,
    Num,
    Paren,
    Part,
    Power,
    Root,
    Row,
    Scientific,
    Steps,
    Symbol,
    Terms,
    Text,
    Through,
    Transposed,
    is_fraction,
    number_text,
    squared,
    starts_with_digit,
)
from symgrad.export.names import Split, split
from symgrad.visible import visible

INDENT = 4
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def text(document: Document, width: int | None = None) -> str:
    """Return a document as Unicode text; long lines are broken where a ``width`` is given."""
    together = groupby(document.parts, key=lambda p: isinstance(p, Display))
    blocks = [("\n" if displays else "\n\n").join(_part(p, width) for p in parts) for displays, parts in together]
    return "\n\n".join(blocks) + "\n"


def _part(part: Part, width: int | None) -> str:
    match part:
        case Heading(words, level):
            words = visible(words)
            return f"{words}\n{('=' if level == 1 else '-') * len(words)}"
        case Listing(lines):
            return "\n".join("    " + line for line in lines.splitlines())
        case Display():
            return display_text(part, width)
        case Comment(words):
            return visible(words, lines=True)
        case Text():
            words = "".join(visible(x, lines=True) if isinstance(x, str) else math_text(x) for x in part.items)
            return _wrapped(words, width) if width else words
    raise TypeError(f"not a part: {part!r}")


def _wrapped(words: str, width: int) -> str:
    from textwrap import wrap

    return "\n".join(wrap(words, width, break_long_words=False))


def display_text(part: Display, width: int | None = None) -> str:
    """Return left = right, broken at signs and between factors where it is wider than ``width``."""
    shown, steps = _display(part, width), steps_text(part.steps)
    if not steps:
        return shown
    apart = width is not None and len(shown.rpartition("\n")[2]) + len("  for ") + len(steps) > width
    return f"{shown}\n{' ' * INDENT}for {steps}" if apart else f"{shown}  for {steps}"


def steps_text(steps: tuple[Steps, ...]) -> str:
    """Return for which steps something holds: l = L-1, …, 1."""
    return " and ".join(f"{math_text(s.symbol)} = {compact(s.first)}, …, {compact(s.last)}" for s in steps)


def _display(part: Display, width: int | None) -> str:
    left = f"{math_text(part.left)} {part.relation} " if part.left != NOTHING else ""
    if width is None:
        return left + math_text(part.right)
    hanging = len(left) if len(left) <= 2 * INDENT else INDENT
    room = max(width - hanging - len("·"), 20)  # a line that begins with a factor begins with a dot
    lines = broken(part.right, room, lambda p: len(_piece(p)))
    first = left + _line(lines[0])
    if len(first) > width and len(left) > 2 * INDENT:
        return left.rstrip() + "".join("\n" + " " * INDENT + _line(line) for line in lines)
    return first + "".join("\n" + " " * hanging + _line(line) for line in lines[1:])


def _piece(p: Piece) -> str:
    space = " " if p.joint in (FACTOR, SIGN) else ""
    dot = "· " if p.joint == FACTOR and starts_with_digit(p.math) else ""
    shown = _factor(p.math) if p.joint == FACTOR else math_text(p.math)
    return space + dot + shown


def _line(line: Line) -> str:
    shown = "".join(map(_piece, line)).lstrip()
    return shown if line[0].joint != FACTOR or shown.startswith("·") else f"· {shown}"


def math_text(m: Math) -> str:
    """Return mathematics as Unicode text on one line."""
    match m:
        case Name():
            return _name(m)
        case Symbol(sign, _, primes):
            return sign + "'" * primes
        case Num(value):
            return number_text(value)
        case Scientific(digits, exponent):
            return f"{digits}·10{str(exponent).translate(_RAISED)}"
        case Row(items):
            return "".join(_piece(Piece(x, FACTOR if i else "")) if i else _factor(x) for i, x in enumerate(items))
        case Terms(((first, term), *rest)):
            head = math_text(term) if first == "+" else f"-{math_text(term)}"
            return head + "".join(f" {sign} {math_text(x)}" for sign, x in rest)
        case Infix(op, left, right):
            return f"{math_text(left)} {op} {math_text(right)}"
        case Frac(above, below):
            return f"{_tight(above)}/{_tight(below)}"
        case Power(base, exponent, entrywise):
            shown = ("∘" if entrywise else "") + compact(exponent)
            return f"{_whole(base)}^{shown}" if shown.isalnum() else f"{_whole(base)}^({shown})"
        case Transposed(base):
            return f"{math_text(base)}ᵀ"
        case Inverse(base, turned):
            return f"{_whole(base)}⁻{'ᵀ' if turned else '¹'}"
        case Entry(base, places):
            below = ",".join(map(compact, places))
            return f"{math_text(base)}_{below}" if below.isalnum() else f"{math_text(base)}_{{{below}}}"
        case Through(first, last):
            return f"{compact(first)}:{compact(last)}"
        case Chain((first, *others), relations):
            return math_text(first) + "".join(f" {r} {math_text(x)}" for r, x in zip(relations, others, strict=True))
        case Indicator(condition):
            return f"1{{{math_text(condition)}}}"
        case Cases(cases):
            inside = (f"{math_text(x)}, {'otherwise' if c is None else f'if {math_text(c)}'}" for x, c in cases)
            return f"{{{'; '.join(inside)}}}"
        case Call(function, (Bars() as body,)):
            return f"{math_text(function)}{math_text(body)}"
        case Call(function, arguments):
            return f"{math_text(function)}({', '.join(map(math_text, arguments))})"
        case Paren(body, square):
            return f"[{math_text(body)}]" if square else f"({math_text(body)})"
        case Dotted(factor):
            return math_text(factor)
        case Bars(body, double, below):
            index = f"_{below}" if below else ""
            return f"‖{math_text(body)}‖{index}" if double else f"|{math_text(body)}|"
        case Root(body):
            return f"√{math_text(body)}" if isinstance(body, Name) or _is_whole(body) else f"√({math_text(body)})"
        case Fence(sign):
            return sign
        case Derivative(Derivative(of, x), y):
            below = f"∂{math_text(x)}²" if squared(x, y) else f"(∂{math_text(x)} ∂{math_text(y)})"
            return f"∂²{math_text(of)}/{below}"
        case Derivative(of, wrt, immediate):
            return f"{'∂⁺' if immediate else '∂'}{math_text(of)}/∂{math_text(wrt)}"
        case MathChange(of):
            return f"d{math_text(of)}"
        case Big(sign, symbol, lower, upper, body, without, conditions, between):
            left_out = "".join(f", {compact(symbol)}≠{compact(w)}" for w in without)
            left_out += "".join(f", {math_text(c).replace(' ', '')}" for c in conditions)
            head = f"{sign}_{{{compact(symbol)}={compact(lower)}{left_out}}}^{{{compact(upper)}}}"
            if between:
                head = f"{sign}_{{{compact(lower)}≤{compact(symbol)}≤{compact(upper)}{left_out}}}"
            return head if body == NOTHING else f"{head} {math_text(body)}"
        case Grid(rows):
            return "[" + "; ".join(", ".join(map(math_text, r)) for r in rows) + "]"
    raise TypeError(f"not mathematics: {m!r}")


def compact(m: Math) -> str:
    """Return an index or an exponent, without the spaces that part no letters: j-1, 2n, and t A."""
    shown = math_text(m)
    if not isinstance(m, Terms | Row | Call):
        return shown
    beside_signs = re.sub(r" (?!\w)|(?<!\w) ", "", shown)
    return re.sub(r"(?<![\w.])(\d+) (?=\w)", r"\1", beside_signs)


def _factor(m: Math) -> str:
    """Write a factor; a fraction gets the parentheses that a solidus needs: (3/2) x."""
    fraction = is_fraction(m.factor if isinstance(m, Dotted) else m)
    return f"({math_text(m)})" if fraction else math_text(m)


def _tight(m: Math) -> str:
    plain = isinstance(
        m, Name | Symbol | Call | Paren | Bars | Root | Transposed | Power | Inverse | Indicator | Cases | Entry
    ) or _is_whole(m)
    return math_text(m) if plain else f"({math_text(m)})"


def _whole(base: Math) -> str:
    plain = isinstance(base, Name | Symbol | Call | Paren | Bars | Fence | Entry) or _is_whole(base)
    return math_text(base) if plain else f"({math_text(base)})"


def _is_whole(m: Math) -> bool:
    return isinstance(m, Num) and m.value.denominator == 1 and m.value >= 0


def _one_word(index: str) -> bool:
    """Tell whether an index needs no braces: 2n is two factors."""
    return index.isalnum() and (index.isdigit() or not index[0].isdigit())


def _name(m: Name) -> str:
    parts = Split(m.base) if m.whole else split(m.base)
    word = LETTERS.get(parts.base, parts.base) + "".join("_" + a for a in parts.accents) + "'" * m.primes
    index = "" if m.index is None else compact(m.index)
    below = ",".join([*parts.sub, *map(compact, m.below)])
    if below:
        word += f"_{below}" if _one_word(below) else f"_{{{below}}}"
    match m.place if index else "":
        case "superscript":
            word += f"^{index}" if _one_word(index) else f"^{{{index}}}"
        case "bracket":
            word += f"^[{index}]"
        case "parenthesis":
            word += f"^({index})"
    return word
