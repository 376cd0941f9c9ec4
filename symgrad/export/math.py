"""The neutral document: mathematics as it is laid out on a page, before any output format.

A closed form is turned into these nodes once; every format (text, LaTeX, Markdown, and others) is a
small function over them. A node holds no rule of calculus: an exporter cannot compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


class Math:
    """Base of the kinds of node."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Name(Math):
    """A quantity or a function: W_f, θ̂, σ', w_{j-1}, Z^{[l]}. ``base`` is the name as the author wrote it."""

    base: str
    sub: str = ""
    sup: str = ""
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Num(Math):
    """An exact number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Word(Math):
    """An operator written in upright letters: diag, softmax."""

    text: str


@dataclass(frozen=True, slots=True)
class Row(Math):
    """Factors side by side."""

    items: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Infix(Math):
    """left op right, with op one of + - = ∘ ↦ ≥ and the like; left may be empty for a sign."""

    op: str
    left: Math | None
    right: Math


@dataclass(frozen=True, slots=True)
class Frac(Math):
    """A fraction."""

    above: Math
    below: Math


@dataclass(frozen=True, slots=True)
class Power(Math):
    """base^exponent."""

    base: Math
    exponent: Math


@dataclass(frozen=True, slots=True)
class Transposed(Math):
    """base^T."""

    base: Math


@dataclass(frozen=True, slots=True)
class Call(Math):
    """function(arguments)."""

    function: Math
    arguments: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Paren(Math):
    """(body)."""

    body: Math


@dataclass(frozen=True, slots=True)
class Derivative(Math):
    """∂of/∂wrt, or the immediate derivative ∂⁺of/∂wrt."""

    of: Math
    wrt: Math
    immediate: bool = False


@dataclass(frozen=True, slots=True)
class Big(Math):
    """An indexed product or sum: ∏_{symbol=lower}^{upper} body."""

    sign: str
    symbol: str
    lower: str
    upper: str
    body: Math


@dataclass(frozen=True, slots=True)
class Grid(Math):
    """A matrix written out."""

    rows: tuple[tuple[Math, ...], ...]


def row(*items: Math) -> Math:
    """Put factors side by side; nested rows are made flat."""
    flat: list[Math] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Row) else (item,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of prose."""

    text: str


@dataclass(frozen=True, slots=True)
class Display:
    """A displayed equation, left = right; ``label`` lets others refer to it."""

    left: Math
    right: Math
    relation: str = "="
    label: str = ""


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
    """Parts, one below the other."""

    parts: tuple[Part, ...]
