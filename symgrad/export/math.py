"""The neutral document: mathematics as it is laid out on a page, before any output format.

A closed form is turned into these nodes once; every format (text, LaTeX, Markdown, and others) is a
small function over them. A node holds no rule of calculus: an exporter cannot compute. Parentheses that
the mathematics needs are nodes; a format adds only those that its own way of writing needs (a fraction
with a solidus).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symgrad.algebra.decimals import decimal


class Math:
    """Base of the kinds of node."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Spelled:
    r"""A name as a book writes it in LaTeX: \mathbf{h}, and what stands below it.

    plain: the same with the book's macros written out.
    """

    stem: str
    below: str = ""
    plain: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Name(Math):
    """A quantity or a function: W_f, θ̂, σ', w_{j-1}, Z^{[l]}. ``base`` is the name as the author wrote it.

    place: where the index stands, one of subscript, superscript, bracket (W^{[l]}), parenthesis (W^{(l)}).
    further: other indices, which stand below the name in any case; ahead: how many of them before the index.
    whole: the base is not taken apart; x1 is not x with the subscript 1.
    subject: what stands below it before its indices, the z_f of δ_{z_f,t}.
    slanted: words below it are slanted, W_{hh}; else they stand upright. spelled: as a book writes it in LaTeX.
    """

    base: str
    index: Math | None = None
    place: str = "subscript"
    primes: int = 0
    whole: bool = False
    further: tuple[Math, ...] = ()
    ahead: int = 0
    subject: Math | None = None
    slanted: bool = False
    spelled: Spelled | None = None

    @property
    def below(self) -> tuple[Math, ...]:
        """What stands below the name besides its own subscripts, from left to right."""
        first = () if self.subject is None else (self.subject,)
        if self.index is None or self.place != "subscript":
            return (*first, *self.further)
        return (*first, *self.further[: self.ahead], self.index, *self.further[self.ahead :])


@dataclass(frozen=True, slots=True)
class Symbol(Math):
    """A sign or a function with a spelling of its own in each format: diag, ReLU', π."""

    text: str
    latex: str
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Num(Math):
    """An exact number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Scientific(Math):
    """A decimal number that was rounded: digits × 10^exponent, as 2.58·10²⁶."""

    digits: str
    exponent: int


@dataclass(frozen=True, slots=True)
class Row(Math):
    """Factors side by side; a sum among them stands in parentheses."""

    items: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Terms(Math):
    """A sum: each term with its sign, + or -."""

    terms: tuple[tuple[str, Math], ...]


@dataclass(frozen=True, slots=True)
class Infix(Math):
    """left op right, with op one of = ⊙ ∘ ⊘ ↦ ≥ ≤ ≈ →."""

    op: str
    left: Math
    right: Math


@dataclass(frozen=True, slots=True)
class Frac(Math):
    """A fraction."""

    above: Math
    below: Math


@dataclass(frozen=True, slots=True)
class Power(Math):
    """base^exponent; the base is a letter, a call, a number or stands in parentheses.

    entrywise: each entry of a matrix is raised to the exponent, which is written after a ring.
    """

    base: Math
    exponent: Math
    entrywise: bool = False


@dataclass(frozen=True, slots=True)
class Transposed(Math):
    """base^T; the base is a letter, a call or stands in parentheses. sign: the T, in LaTeX."""

    base: Math
    sign: str = r"\mathsf T"


@dataclass(frozen=True, slots=True)
class Inverse(Math):
    """base^-1 of a matrix, base^-T where ``transposed``; the base is a letter, a call or stands in parentheses."""

    base: Math
    transposed: bool = False
    sign: str = r"\mathsf T"


@dataclass(frozen=True, slots=True)
class Entry(Math):
    """base_{places}, an entry or a part of an array; the base is a call or stands in parentheses."""

    base: Math
    places: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Through(Math):
    """first:last, several places, both ends included."""

    first: Math
    last: Math


@dataclass(frozen=True, slots=True)
class Chain(Math):
    """Sides with relations between them: a < x ≤ b."""

    sides: tuple[Math, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator(Math):
    """1{condition}: 1 where it holds, else 0."""

    condition: Math


@dataclass(frozen=True, slots=True)
class Cases(Math):
    """Values, each with the condition under which it is taken; the last has none: otherwise."""

    cases: tuple[tuple[Math, Math | None], ...]


@dataclass(frozen=True, slots=True)
class Call(Math):
    """function(arguments)."""

    function: Math
    arguments: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Paren(Math):
    """(body), or [body] where ``square``."""

    body: Math
    square: bool = False


@dataclass(frozen=True, slots=True)
class Dotted(Math):
    """A factor with a dot before it."""

    factor: Math


@dataclass(frozen=True, slots=True)
class Bars(Math):
    """|body|, or ‖body‖ where ``double``; below: which norm it is, as 1."""

    body: Math
    double: bool = False
    below: str = ""


@dataclass(frozen=True, slots=True)
class Root(Math):
    """The square root of a body."""

    body: Math


@dataclass(frozen=True, slots=True)
class Fence(Math):
    """One parenthesis or bracket, one of ( ) [ ], of a body that is broken over lines."""

    sign: str
    body: Math


@dataclass(frozen=True, slots=True)
class Derivative(Math):
    r"""∂of/∂wrt, or the immediate derivative ∂⁺of/∂wrt.

    partial: of a function by one of its arguments. upright: written with an upright d, which those two never are.
    """

    of: Math
    wrt: Math
    immediate: bool = False
    partial: bool = False
    upright: bool = False


def squared(x: Math, y: Math) -> bool:
    """Tell whether ∂x ∂y is written ∂x²: where they are the same, and no index stands in the place of the 2."""
    return x == y and not (isinstance(x, Name) and x.index is not None and x.place != "subscript")


@dataclass(frozen=True, slots=True)
class MathChange(Math):
    """dx, a change of x."""

    of: Math


@dataclass(frozen=True, slots=True)
class Big(Math):
    """An indexed product or sum: ∏_{symbol=lower}^{upper} body.

    without: values of the symbol that are left out; conditions: what else holds where there is a term.
    between: the range is written lower ≤ symbol ≤ upper below the sign.
    """

    sign: str
    symbol: Math
    lower: Math
    upper: Math
    body: Math
    without: tuple[Math, ...] = ()
    conditions: tuple[Math, ...] = ()
    between: bool = False


@dataclass(frozen=True, slots=True)
class Grid(Math):
    """A matrix written out, between parentheses, or between brackets where ``square``."""

    rows: tuple[tuple[Math, ...], ...]
    square: bool = False


NOTHING = Row(())
DOT = Symbol("·", r"\cdot")
ONES = Symbol("𝟏", r"\mathbf{1}")
PI = Symbol("π", r"\pi")
EULER = Symbol("e", r"\mathrm{e}")
DIAG = Symbol("diag", r"\operatorname{diag}")
WHOLE_AXIS = Symbol(":", ":")
UNIT = Name("𝐞", whole=True)
IDENTITY_MATRIX = Name("I", whole=True)


def row(*items: Math) -> Math:
    """Put factors side by side; nested rows are made flat."""
    flat: list[Math] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Row) else (item,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def number_text(value: Fraction) -> str:
    """Return an exact number as one writes it on a line: 3, -1/3, 1.7159."""
    return decimal(value) or str(value)


def is_fraction(m: Math) -> bool:
    """Tell whether m is written with a fraction bar or a solidus."""
    return isinstance(m, Frac) or (isinstance(m, Num) and m.value.denominator != 1 and decimal(m.value) is None)


def starts_with_digit(m: Math) -> bool:
    """Tell whether the factor before m needs a dot: where m begins with a digit, a · 2, or the notation has it so."""
    match m:
        case Inverse(base):
            return starts_with_digit(base)
        case Num() | Scientific() | Dotted():
            return True
        case Power(base) | Transposed(base) | Entry(base):
            return starts_with_digit(base)
        case Row((first, *_)):
            return starts_with_digit(first)
        case Symbol(text):
            return text.isdecimal() and text.isascii()
    return False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of prose, perhaps with mathematics between the words.

    once: it holds for a whole derivation, and is not said again.
    """

    text: str | tuple[str | Math, ...]
    once: bool = False

    @property
    def items(self) -> tuple[str | Math, ...]:
        """The words and the mathematics, in order."""
        return (self.text,) if isinstance(self.text, str) else self.text


@dataclass(frozen=True, slots=True)
class Steps:
    """For which steps an equation holds: symbol = first, …, last."""

    symbol: Math
    first: Math
    last: Math


@dataclass(frozen=True, slots=True)
class Display:
    """A displayed equation, left = right.

    label: its number in the source. name: by which others refer to it, where the page gives it one. steps: for which
    steps it holds, one range for each index. role: what it is on its page: equation, definition, forward, backward,
    gradient, step.
    """

    left: Math
    right: Math
    relation: str = "="
    label: str = ""
    name: str = ""
    steps: tuple[Steps, ...] = ()
    role: str = field(default="", compare=False)


def in_role(role: str, displays: Iterable[Display]) -> list[Display]:
    """Return equations, each with what it is on its page."""
    return [replace(d, role=role) for d in displays]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines of code or equations as the author wrote them."""

    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Lines for those who read the source, as the evidence for a formula; the page does not show them."""

    text: str


Part = Text | Display | Heading | Listing | Comment


@dataclass(frozen=True, slots=True)
class Document:
    """Parts, one below the other. macros: the commands of a book that are used, each with its definition."""

    parts: tuple[Part, ...]
    macros: tuple[tuple[str, str], ...] = ()
