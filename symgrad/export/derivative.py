"""How a derivative is laid out on a page: the equation, what its names mean, what was assumed.

Long Jacobians have names in the equation and are written out below it; the immediate derivative by a
matrix is explained as a map; the gradient of a number by a matrix is also written as a matrix.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Partial, Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import (
    Block,
    Compose,
    Identity,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Scale,
    Sum,
    Transpose,
    Zero,
)
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.expand import expand, factors
from symgrad.calculus.layout import arranged, gradient_matrix
from symgrad.calculus.unfold import unfolded
from symgrad.export.maps import MapTypesetter, in_dots
from symgrad.export.math import Change, Derivative, Display, Document, Math, Part, Row, Text, row
from symgrad.export.naming import Naming
from symgrad.export.notation import Notation
from symgrad.export.notes import assumed, functions
from symgrad.export.powers import power_lines
from symgrad.export.text import math_text


@dataclass(frozen=True)
class Presentation:
    """A closed form in a notation, a layout and a form (folded, unfolded, inputs)."""

    closed: ClosedForm
    notation: Notation
    layout: str = "numerator"
    form: str = "folded"

    @cached_property
    def typesetter(self) -> MapTypesetter:
        """The writer of expressions and maps."""
        symbols = {q.index.symbol for q in (self.closed.of, self.closed.wrt) if isinstance(q.index, Index)}
        symbols |= {x.symbol for x in walk(self.closed.map) if isinstance(x, Product | IndexedSum)}
        return MapTypesetter(self.closed.network, self.notation, frozenset(symbols), self.layout)

    @cached_property
    def _naming(self) -> Naming:
        return Naming(self.closed, self.layout)

    def _written(self, m: LinearMap) -> LinearMap:
        """Write a map out: its products where the depth is a number, its slopes as the form says."""
        if self.form == "unfolded":  # before the layers are written out: equal ones are a power
            return expand(unfolded(self.closed, m, self.form))
        return unfolded(self.closed, expand(m), self.form)

    def _in_form(self, m: LinearMap) -> LinearMap:
        """Write a map for every step at once, or for each of them where it is written by the inputs."""
        return self._written(m) if self.form == "inputs" else unfolded(self.closed, m, self.form)

    @cached_property
    def map(self) -> LinearMap:
        """The map that is printed: written out, in its layout."""
        named = self._written(self._naming.map)
        keep = self.layout == "numerator" and any(n.immediate for n in M.names(named))
        return self._matrix if self._matrix is not None and not keep else arranged(named, self.layout)

    @cached_property
    def _matrix(self) -> LinearMap | None:
        """The gradient of a number by a matrix, as a matrix."""
        network = self.closed.network
        if network.shape(self.closed.of) == () and len(network.shape(self.closed.wrt)) == 2:
            return gradient_matrix(self._written(self._naming.map), self.layout)
        return None

    @cached_property
    def scalar(self) -> bool:
        """Whether the derivative is a product of numbers, so that its factors commute."""
        return self.commutes(self.map)

    def commutes(self, m: LinearMap) -> bool:
        """Tell whether m, in the place of the closed form, is a product of numbers."""
        return self._is_number(self.closed.of, self.closed.wrt) and self._commutes(m)

    def _is_number(self, *quantities: Quantity) -> bool:
        return all(self.closed.network.shape(q) == () for q in quantities)

    def _commutes(self, m: LinearMap) -> bool:
        """Tell whether m is built of numbers alone, so that its factors may stand in path order."""
        match m:
            case Scale() | Identity() | Zero():
                return True
            case Named(of, wrt):
                return self._is_number(of, wrt)
            case Compose(maps) | Sum(maps):
                return all(map(self._commutes, maps))
            case Product(_, _, _, body) | IndexedSum(_, _, _, body):
                return self._commutes(body)
        return False

    @cached_property
    def left(self) -> Math:
        """∂of/∂wrt."""
        return Derivative(self.typesetter.quantity(self.closed.of), self.typesetter.quantity(self.closed.wrt))

    @cached_property
    def right(self) -> Math:
        """The closed form."""
        return self.typesetter.map(self.map, self.scalar)

    def factors(self) -> tuple[str, ...]:
        """Return the factors of the product as text."""
        parts = factors(self.map)
        ordered = parts[::-1] if self.scalar else parts
        return tuple(math_text(self.typesetter.map(m, self.scalar)) for m in ordered)

    def document(self) -> Document:
        """Return the equation with its explanations, as a neutral document."""
        parts: list[Part] = [Display(self.left, self.right)]
        if self.closed.reason:
            parts.append(Text(f"The derivative is 0: {self.closed.reason}."))
        parts += self._tensor()
        if definitions := self.definitions():
            parts += [Text(self._where(definitions)), *definitions]
        if self._matrix is not None and self.map is not self._matrix:
            parts += [Text("As a matrix, that is"), Display(self.left, self.typesetter.map(self._matrix, False))]
        parts += power_lines(self.map)
        parts += assumed(self.closed.assumptions, self.typesetter)
        parts += self._notes()
        parts += functions(self._naming.map, self.typesetter, self.form != "folded")
        return Document(tuple(parts))

    # --- what the names mean -----------------------------------------------------------------------------

    def definitions(self) -> list[Display]:
        """Return what each name in the equation stands for, once for all steps; first the letters, J_j."""
        source = self._in_form(self._naming.map)
        letters: dict[object, Display] = {}
        named: dict[object, Display] = {}
        printed = {name_of(m) for m in walk(self.map)}
        for m in (x for x in walk(source) if name_of(x) in printed):
            for inner in self._inside_letter(m, letters):
                for n in M.names(inner):
                    named.setdefault((n.of, n.wrt), self._definition(n))
        return [*letters.values(), *named.values()]

    def _inside_letter(self, m: LinearMap, letters: dict[object, Display]) -> Iterator[LinearMap]:
        """Yield m if it is a name, and what a letter stands for, which is put among the letters."""
        match m:
            case Named():
                yield m
            case Matrix(Quantity() as q) if (block := self._naming.block(q)) is not None:
                if q not in letters:
                    right = self.typesetter.map(arranged(self._in_form(block), self.layout), False)
                    letters[q] = Display(self.typesetter.quantity(q), right)
                    yield block

    def _definition(self, m: Named) -> Display:
        network, t = self.closed.network, self.typesetter
        inner = self._in_form(m.map)
        if len(network.shape(m.wrt)) == 2:
            change = Change(t.quantity(m.wrt))
            return Display(row(t.name(m), change), t.applied(inner, change))
        scalar = self._is_number(m.of, m.wrt) and self._commutes(inner)
        return Display(t.name(m), t.map(arranged(inner, self.layout), scalar))

    def _where(self, definitions: list[Display]) -> str:
        """Return the words before the definitions."""
        if not any(isinstance(x, Derivative) and x.immediate for d in definitions for x in _factors(d.left)):
            return "where"
        held = STEP_BEFORE if not self._naming.steps else ALL_ELSE
        return f"where ∂⁺ is the immediate derivative, {held}:"

    def _tensor(self) -> list[Part]:
        """Explain the derivative of an array by a matrix: what it does to a change of the matrix."""
        network, t = self.closed.network, self.typesetter
        if not network.shape(self.closed.of) or len(network.shape(self.closed.wrt)) != 2:
            return []
        if any(isinstance(m, Named | IndexedSum) for m in walk(self._naming.map)):
            return []
        change = Change(t.quantity(self.closed.wrt))
        applied = t.applied(self._written(self._naming.map), change)
        return [Text("that is, for a change of the matrix,"), Display(row(self.left, change), applied)]

    def order(self, m: LinearMap) -> str:
        """Say in which order the factors of ∏ stand, where they do not commute; else nothing."""
        dots = {x for c in walk(m) if isinstance(c, Compose) for x in in_dots(c.maps)}
        products = [x for x in walk(m) if isinstance(x, Product) and x not in dots and not self._commutes(x)]
        if all(x.body == M.at_index(x.body, {x.symbol: 0}) for x in products):
            return ""
        return f"In ∏ the factor of the {'highest' if products[0].descending else 'lowest'} index stands leftmost."

    def _notes(self) -> list[Part]:
        notes = []
        if not self.scalar:
            notes.append(f"Layout: {self.layout}.")
        if order := self.order(self.map):
            notes.append(order)
        if any(isinstance(e, Partial) and e.immediate for e in M.expressions(self.map)):
            notes.append("In ∂⁺ all else that the equation reads is held fixed.")
        return [Text(" ".join(notes))] if notes else []


STEP_BEFORE = "with the step before held fixed"
ALL_ELSE = "inside one step, with all else held fixed that the step reads"


def _factors(m: Math) -> tuple[Math, ...]:
    return m.items if isinstance(m, Row) else (m,)


def name_of(m: LinearMap) -> tuple[str, ...]:
    """Return the names in the name of a derivative or of a matrix, whatever their indices."""
    match m:
        case Named(of, wrt):
            return of.name, wrt.name
        case Matrix(Quantity(name)):
            return (name,)
    return ()


def walk(m: LinearMap) -> Iterator[LinearMap]:
    """Yield a map and all maps inside it; a name is not opened."""
    yield m
    match m:
        case Compose(maps) | Sum(maps):
            for x in maps:
                yield from walk(x)
        case Product(_, _, _, body) | IndexedSum(_, _, _, body):
            yield from walk(body)
        case Block(rows):
            for r in rows:
                for x in r:
                    yield from walk(x)
        case Transpose(of):
            yield from walk(of)
