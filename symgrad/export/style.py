r"""The style of a book: where indices stand, and the signs of transposes, derivatives, products and ranges.

A style is applied to mathematics as it is laid out, before any format: ``dressed`` says in each node how it is written,
and the writers of the formats know no style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise

from symgrad.export.math import (
    Big,
    Call,
    Derivative,
    Display,
    Document,
    Dotted,
    Frac,
    Grid,
    Inverse,
    Math,
    MathChange,
    Name,
    Paren,
    Part,
    Row,
    Spelled,
    Steps,
    Symbol,
    Text,
    Transposed,
)

VALUES: Mapping[str, tuple[str, ...]] = {
    "index": ("subscript", "superscript", "bracket", "parenthesis"),
    "time": ("index", "subscript", "superscript", "bracket", "parenthesis"),
    "hadamard": ("⊙", "∘"),
    "error": ("delta", "d"),
    "transpose": (r"\mathsf T", r"\top", r"\intercal", r"\mathrm T", "T"),
    "subscripts": ("upright", "italic"),
    "derivative": (r"\partial", r"\mathrm d"),
    "jacobian": ("plain", "round", "square"),
    "matrix": ("round", "square"),
    "product": ("space", "dot"),
    "vectors": ("italic", "bold", "bold italic"),
    "matrices": ("italic", "bold", "bold italic"),
    "range": ("limits", "between"),
}
"""What a style may say, the usual first."""
SAME = {
    r"\odot": "⊙",
    r"\circ": "∘",
    r"\mathrm{d}": r"\mathrm d",
    r"\mathrm{T}": r"\mathrm T",
    r"\mathsf{T}": r"\mathsf T",
}
"""Other ways of writing a value."""


@dataclass(frozen=True)
class Style:
    r"""index: where an index stands, w_j, w^j, W^{[l]} or W^{(l)}; time: where that of steps in time stands.

    hadamard: the product entry by entry. error: what ∂C/∂z is called in backward equations, δ_z or dz. transpose: the
    T above a matrix. subscripts: of words below a name. derivative: the d of total derivatives; immediate and partial
    ones have ∂ in every style. jacobian: what stands around a derivative that is a factor. matrix: what stands around
    a matrix that is written out. product: what stands between factors. vectors, matrices: their letters. range: below
    a product or a sum, j = 1 and L above it, or 1 ≤ j ≤ L.
    """

    index: str = "subscript"
    time: str = "index"
    hadamard: str = "⊙"
    error: str = "delta"
    transpose: str = r"\mathsf T"
    subscripts: str = "upright"
    derivative: str = r"\partial"
    jacobian: str = "plain"
    matrix: str = "round"
    product: str = "space"
    vectors: str = "italic"
    matrices: str = "italic"
    range: str = "limits"

    def font(self, axes: int) -> str:
        """Return the letters of a quantity with so many axes: italic, bold or bold italic."""
        return {1: self.vectors, 2: self.matrices}.get(axes, "italic")

    def in_time(self) -> Style:
        """Return the style of equations whose index counts steps in time.

        >>> Style(index="parenthesis", time="subscript").in_time().index
        'subscript'
        """
        return self if self.time == "index" else replace(self, index=self.time)


PLAIN_STYLE = Style()


def dressed(m: Math, style: Style) -> Math:
    """Return mathematics in a style.

    >>> dressed(Transposed(Name("W")), Style(transpose=r"\\top")).sign
    '\\\\top'
    """
    return m if style == PLAIN_STYLE else _dressed(m, style)


def dressed_part(part: Part, style: Style) -> Part:
    """Return a part of a page in a style."""
    return part if style == PLAIN_STYLE else _changed(part, lambda m: _dressed(m, style))


def _changed(part: Part, f: Callable[[Math], Math]) -> Part:
    """Return a part of a page with f applied to its mathematics."""
    match part:
        case Display(left, right, steps=steps):
            found = tuple(Steps(*(f(x) for x in (s.symbol, s.first, s.last))) for s in steps)
            return replace(part, left=f(left), right=f(right), steps=found)
        case Text(items) if not isinstance(items, str):
            return replace(part, text=tuple(x if isinstance(x, str) else f(x) for x in items))
    return part


def dressed_parts(parts: Iterable[Part], style: Style) -> tuple[Part, ...]:
    """Return the parts of a page in a style."""
    return tuple(dressed_part(p, style) for p in parts)


def without_macros(document: Document) -> Document:
    r"""Return a document whose names are written without the commands of a book, for where nothing defines them."""
    return Document(tuple(_changed(p, plain) for p in document.parts)) if document.macros else document


def plain(m: Math) -> Math:
    """Return mathematics with the commands of a book written out."""
    found = rebuilt(m, plain)
    if isinstance(found, Name) and found.spelled is not None:
        stem, below = found.spelled.plain
        return replace(found, spelled=Spelled(stem, below, found.spelled.plain))
    return found


def _dressed(m: Math, style: Style) -> Math:
    def inner(x: Math) -> Math:
        return _dressed(x, style)

    match m:
        case Name():
            return rebuilt(m, lambda x: _dressed(x, replace(style, product="space")))
        case Transposed(base):
            return Transposed(inner(base), style.transpose)
        case Inverse(base, turned):
            return Inverse(inner(base), turned, style.transpose)
        case Derivative(Derivative(of, x), y):
            return Derivative(Derivative(inner(of), inner(x)), inner(y))
        case Derivative(of, wrt, immediate, partial):
            upright = style.derivative != r"\partial" and not (immediate or partial)
            return Derivative(inner(of), inner(wrt), immediate, partial, upright)
        case Paren(Derivative() as body):
            return Paren(inner(body), style.jacobian == "square")
        case Row(items):
            return Row(_factors([_factor(x, style) for x in items], style))
        case Big(body=body):
            whole = rebuilt(m, inner)
            assert isinstance(whole, Big)
            return replace(whole, body=_factor(body, style), between=style.range == "between")
        case Grid(rows):
            return Grid(tuple(tuple(map(inner, r)) for r in rows), style.matrix == "square")
        case Call(Row() as function, arguments):  # ∂_1 f(x)
            return Call(rebuilt(function, inner), tuple(map(inner, arguments)))
    return rebuilt(m, inner)


def _factor(m: Math, style: Style) -> Math:
    """Write a factor; a derivative stands between brackets where the style has it so."""
    found = _dressed(m, style)
    bracketed = style.jacobian != "plain" and isinstance(m, Derivative)
    return Paren(found, style.jacobian == "square") if bracketed else found


def _factors(items: list[Math], style: Style) -> tuple[Math, ...]:
    """Put dots between factors; not behind an operator, max or d/dx, and not before the change dx."""
    if style.product == "space":
        return tuple(items)
    found = items[:1]
    for before, m in pairwise(items):
        found.append(m if _is_operator(before) or isinstance(m, MathChange) else Dotted(m))
    return tuple(found)


def _is_operator(m: Math) -> bool:
    match m:
        case Symbol(text):
            return text in ("max", "min", "sup", "Δ")
        case Frac(Symbol("d")) | Big():
            return True
    return False


def rebuilt(m: Math, f: Callable[[Math], Math]) -> Math:
    """Return mathematics with f applied to what stands directly in it."""
    changes = {x.name: _mapped(getattr(m, x.name), f) for x in fields(m)}  # type: ignore[arg-type]  # all are records
    return replace(m, **changes)  # type: ignore[type-var]


def _mapped(value: object, f: Callable[[Math], Math]) -> object:
    if isinstance(value, Math):
        return f(value)
    return tuple(_mapped(x, f) for x in value) if isinstance(value, tuple) else value
