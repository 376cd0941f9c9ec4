"""How a derivative is laid out on a page: the equation, what its names mean, what was assumed.

A long Jacobian inside a product gets a name, J_j, and is written below; the immediate derivative by a
parameter is explained as a map; the gradient of a number by a matrix is also written as a matrix.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import (
    Block,
    Compose,
    IndexedSum,
    LinearMap,
    Named,
    Product,
    Sum,
    Transpose,
)
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.expand import expand, factors
from symgrad.calculus.layout import arranged, gradient_matrix
from symgrad.calculus.unfold import unfolded
from symgrad.export.math import Derivative, Display, Document, Math, Name, Part, Row, Text
from symgrad.export.notation import Notation
from symgrad.export.text import math_text
from symgrad.export.typeset import Typesetter


@dataclass(frozen=True)
class Presentation:
    """A closed form in a notation, a layout and a form (folded, unfolded, inputs)."""

    closed: ClosedForm
    notation: Notation
    layout: str = "numerator"
    form: str = "folded"

    @cached_property
    def typesetter(self) -> Typesetter:
        """The writer of expressions and maps."""
        return Typesetter(self.closed.network, self.notation, self.layout)

    @cached_property
    def _written(self) -> LinearMap:
        return unfolded(self.closed, expand(self.closed.map), self.form)

    @cached_property
    def map(self) -> LinearMap:
        """The map that is printed: written out, in its layout."""
        matrix = self._matrix
        keep = self.layout == "numerator" and any(_immediates(self._written))
        return matrix if matrix is not None and not keep else arranged(self._written, self.layout)

    @cached_property
    def _matrix(self) -> LinearMap | None:
        """The gradient of a number by a matrix, as a matrix."""
        network = self.closed.network
        if network.shape(self.closed.of) == () and len(network.shape(self.closed.wrt)) == 2:
            return gradient_matrix(self._written, self.layout)
        return None

    @property
    def scalar(self) -> bool:
        """Whether the derivative is a number by a number, so that its factors commute."""
        network = self.closed.network
        return network.shape(self.closed.of) == () == network.shape(self.closed.wrt)

    @cached_property
    def left(self) -> Math:
        """∂of/∂wrt."""
        return Derivative(self._write(self.closed.of), self._write(self.closed.wrt))

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
        parts += self._immediate_derivatives()
        if self._matrix is not None and self.map is not self._matrix:
            parts.append(Text("As a matrix, that is"))
            parts.append(Display(self.left, self.typesetter.map(self._matrix, False)))
        if self.closed.assumptions:
            parts.append(Text("For " + ", ".join(map(str, self.closed.assumptions)) + "."))
        parts += self._notes()
        return Document(tuple(parts))

    def _write(self, q: Quantity) -> Math:
        return self.typesetter.expression(q)

    def _immediate_derivatives(self) -> list[Part]:
        """Explain each immediate derivative, once for all steps, by what it does to a change."""
        first: dict[tuple[str, Quantity], Named] = {}
        for m in _immediates(self.map):
            first.setdefault((m.of.name, m.wrt), m)
        lines: list[Part] = []
        for m in first.values():
            of, wrt = self._write(m.of), self._write(m.wrt)
            change = Row((Name("d"), wrt))
            left = Row((Derivative(of, wrt, immediate=True), change))
            lines.append(Display(left, self.typesetter.applied(m.map, change)))
        explained = "where ∂⁺ is the immediate derivative, with the step before held fixed:"
        return [Text(explained), *lines] if lines else []

    def _notes(self) -> list[Part]:
        notes = []
        if not self.scalar:
            notes.append(f"Layout: {self.layout}.")
        products = [m for m in _walk(self.map) if isinstance(m, Product) and not M.is_scalar_product(m)]
        if any(m.body != M.at_index(m.body, {m.symbol: Index("")}) for m in products):
            leftmost = "highest" if products[0].descending else "lowest"
            notes.append(f"In ∏ the factor of the {leftmost} index stands leftmost.")
        return [Text(" ".join(notes))] if notes else []


def _walk(m: LinearMap) -> Iterator[LinearMap]:
    """Yield a map and all maps inside it; an immediate derivative is not opened."""
    yield m
    match m:
        case Compose(maps) | Sum(maps):
            for x in maps:
                yield from _walk(x)
        case Product(_, _, _, body) | IndexedSum(_, _, _, body):
            yield from _walk(body)
        case Block(rows):
            for r in rows:
                for x in r:
                    yield from _walk(x)
        case Transpose(of):
            yield from _walk(of)


def _immediates(m: LinearMap) -> Iterator[Named]:
    return (x for x in _walk(m) if isinstance(x, Named) and x.immediate)
