"""A derivative on the page component by component: ∂C/∂z_i = Σ_k W_ki δ_k σ'(z_i), and as a matrix with dots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symgrad.algebra.expression import Quantity
from symgrad.claims.component import Component, letter_of
from symgrad.export.math import Big, Derivative, Display, Grid, Math, Name, Num, Part, Symbol, Text
from symgrad.export.notation import Notation
from symgrad.export.typeset import Typesetter
from symgrad.network.syntax.read import read_quantity

ACROSS, DOWN, DIAGONALLY = Symbol("⋯", r"\cdots"), Symbol("⋮", r"\vdots"), Symbol("⋱", r"\ddots")
LARGEST_WHOLE = 4
"""Rows and columns up to which a matrix is written without dots."""

Places = tuple[str | None, ...]
"""Numbers of rows or columns, as they are written; None stands for dots."""


@dataclass(frozen=True)
class _Writer(Typesetter):
    """Writes letters with subscripts, W_ki, as components of what they stand for; ``put``: subscripts at numbers."""

    letters: Mapping[str, str] = field(default_factory=dict)
    put: Mapping[str, str] = field(default_factory=dict)

    def quantity(self, q: Quantity) -> Math:
        """Write a component: W_{k,i}^{(l)}; or ∂C/∂z_k^{(l)}."""
        name, subscripts = letter_of(q.name)
        if name not in self.letters:
            return super().quantity(q)
        return self.component(self.letters[name], subscripts)

    def whole(self, q: Quantity) -> Math:
        """Write a quantity that has all its components."""
        return super().quantity(q)

    def component(self, meaning: str, subscripts: str) -> Math:
        """Write the component of a quantity, "W[l]", or of a derivative, "∂C/∂z[l]"."""
        if meaning.startswith("∂"):
            of, wrt = meaning[1:].split("/∂")
            rank = len(self.network.shape(read_quantity(of)))
            return Derivative(self.component(of, subscripts[:rank]), self.component(wrt, subscripts[rank:]))
        name = self.suited.quantity(read_quantity(meaning))
        base = "_".join([name.base, *(self.put.get(s, s) for s in subscripts)])
        return replace(
            name, base=base, spelled=None, place="parenthesis" if name.place == "subscript" else name.place, whole=False
        )


def of_components(claim: Component, notation: Notation) -> Notation:
    """Return a notation in which no index of layers is written as a subscript of the claim is, W_{k,i}^{(l)}."""
    taken = {*claim.subscripts, *claim.summed}
    return replace(notation, indices={old: new for old, new in notation.indices.items() if new not in taken})


def components(claim: Component, notation: Notation, layout: str, label: str) -> Iterator[Part]:
    """Yield the entry, and, in a layout, the matrix of all entries where the claim wants it written out."""
    writer = _Writer(claim.form.network, of_components(claim, notation), letters=dict(claim.letters))
    right = writer.expression(claim.formula.expression)
    for symbol in reversed(claim.summed):
        right = Big("∑", Name(symbol), Num(Fraction(1)), _size(writer, claim, symbol), right)
    yield Display(_derivative(writer, claim), right, "=", label)
    if claim.diagonal:
        first, *others = map(Name, claim.subscripts)
        yield Text(("for ", *(x for other in others for x in (other, " = ")), first, ", and 0 otherwise."))
    if claim.matrix:
        whole = Derivative(writer.whole(claim.form.of), writer.whole(claim.form.wrt))
        yield Text("All entries together:")
        yield Display(whole, _grid(writer, claim, layout, entries=False))
        yield Display(whole, _grid(writer, claim, layout, entries=True))


def _size(writer: _Writer, claim: Component, symbol: str) -> Math:
    """Write how far a subscript runs: the size of the axis where a letter has it."""
    for variable in claim.formula.variables:
        name, subscripts = letter_of(variable)
        if symbol in subscripts:
            meaning = writer.letters[name]
            names = meaning[1:].split("/∂") if meaning.startswith("∂") else [meaning]
            shape = [d for q in names for d in claim.form.network.shape(read_quantity(q))]
            size = shape[subscripts.index(symbol)]
            return Num(Fraction(size)) if isinstance(size, int) else writer.whole(Quantity(size.name, size.index))
    raise TypeError(f"no letter has the subscript {symbol}")


def _derivative(writer: _Writer, claim: Component) -> Derivative:
    rank = len(claim.form.network.shape(claim.form.of))
    of, wrt = str(claim.form.of), str(claim.form.wrt)
    subscripts = "".join(claim.subscripts)
    return Derivative(writer.component(of, subscripts[:rank]), writer.component(wrt, subscripts[rank:]))


def _grid(writer: _Writer, claim: Component, layout: str, entries: bool) -> Grid:
    """Write the derivative of a vector by a vector as a matrix: of derivatives, or of what they are."""
    shape = claim.form.network.shape
    rows, columns = (_places(shape(q)[0], claim.diagonal) for q in (claim.form.of, claim.form.wrt))
    row, column = claim.subscripts

    def entry(i: str | None, k: str | None) -> Math:
        if i is None or k is None:
            return DIAGONALLY if i is k else DOWN if (i if layout == "numerator" else k) is None else ACROSS
        at = replace(writer, put={row: i, column: k})
        if not entries:
            return _derivative(at, claim)
        return Num(Fraction(0)) if claim.diagonal and i != k else at.expression(claim.formula.expression)

    if layout == "denominator":
        return Grid(tuple(tuple(entry(i, k) for i in rows) for k in columns))
    return Grid(tuple(tuple(entry(i, k) for k in columns) for i in rows))


def _places(size: object, diagonal: bool) -> Places:
    if isinstance(size, int) and size <= LARGEST_WHOLE:
        return tuple(str(n) for n in range(1, size + 1))
    return ("1", "2", None, str(size)) if diagonal else ("1", None, str(size))
