"""How the product of a Hessian with a direction is laid out on a page: forward, along the direction, and backward.

ż_l = Ẇ_l a_{l-1} + W_l ȧ_{l-1}  for l = 1, …, L        the derivatives along the direction
δ̇_l = (Ẇ_{l+1}ᵀ δ_{l+1} + W_{l+1}ᵀ δ̇_{l+1}) ⊙ σ'(z_l) + …
∂Ċ/∂W_l = δ̇_l a_{l-1}ᵀ + δ_l ȧ_{l-1}ᵀ                   the product: the gradient of Ċ
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import nodes
from symgrad.algebra.linear_map import Block, Column
from symgrad.algebra.span import Span
from symgrad.calculus.along import DOT, dotted, gradient_name
from symgrad.calculus.hessian_vector import HessianVectorPass, is_zero
from symgrad.calculus.readers import Readers
from symgrad.export.backward import BackwardPage, BackwardTypesetter
from symgrad.export.math import Derivative, Display, Document, Math, Num, Part, Text, in_role
from symgrad.export.notation import Notation
from symgrad.export.notes import assumed, cases, declared, functions
from symgrad.export.sums import sentences


class _Typesetter(BackwardTypesetter):
    """In ∂²C/∂a∂b there is a row for each entry of a, in either layout."""

    def _is_turned(self, e: Expression) -> bool:
        return not (isinstance(e, Partial) and e.of.name in self.network.derivatives) and super()._is_turned(e)


@dataclass(frozen=True)
class HessianVectorPage:
    """The equations of a Hessian times a direction in a notation."""

    equations: HessianVectorPass
    notation: Notation
    form: str = "folded"

    @cached_property
    def first(self) -> BackwardPage:
        """The page of the backward pass, written by the same hand."""
        first = replace(self.equations.first, network=self.equations.source)  # in which dotted names have shapes
        errors = replace(self.notation.style, error="delta")  # δ̇, and no dot on dz
        page = BackwardPage(first, replace(self.notation, style=errors), self.form)
        t = page.typesetter
        spelled = {**self.notation.names, **{name: s.name for name, s in self.notation.latex.items()}}
        names = {**self.notation.names, **{name + DOT: to + DOT for name, to in spelled.items()}}
        notation = replace(page.notation, names=names)
        page.__dict__["typesetter"] = _Typesetter(self.equations.network, notation, t.symbols, t.layout, t.errors)
        return page

    @property
    def typesetter(self) -> BackwardTypesetter:
        """The writer of expressions and errors."""
        return self.first.typesetter

    @cached_property
    def forward(self) -> list[Display]:
        """The equations that the number is computed by."""
        return self.first.forward

    @cached_property
    def along(self) -> list[Display]:
        """The derivatives of what is computed forward, along the direction."""
        t, h = self.typesetter, self.equations
        readers = Readers(h.network, h.of, h.first.depth)
        found = []
        for e in map(readers.here, h.forward):
            value: Math = Num(Fraction(0)) if is_zero(e.value) else t.expression(e.value)
            ranges = tuple(Span(s, i.lower, i.upper) for s, i in readers.spans(e).items())
            found.append(Display(t.quantity(e.target), value, steps=self.first.steps(ranges), role="forward"))
        return found

    @cached_property
    def definitions(self) -> list[Display]:
        """What the errors are called."""
        return self.first.definitions

    @cached_property
    def backward(self) -> list[Display]:
        """The equations of the errors, and of their derivatives along the direction."""
        h, shown = self.equations, bool(self.definitions)
        first = [self.first.display(e) for e in h.first.errors if not (e.is_its_name(h.of) and shown)]
        moved = (
            Display(self.moved(e.wrt), self.first.right(e), steps=self.first.steps(e.ranges, e.down)) for e in h.errors
        )
        return in_role("backward", [*first, *moved])

    def moved(self, q: Quantity) -> Math:
        """Write the derivative of a cotangent along the direction: that of its error, or ∂Ċ/∂W."""
        t = self.typesetter
        return t.error(q, moved=True) if q.name in dict(t.errors) else self.product(q)

    def product(self, q: Quantity) -> Math:
        """Write ∂Ċ/∂W."""
        return Derivative(self.typesetter.quantity(self.equations.along), self.typesetter.quantity(q))

    @cached_property
    def gradients(self) -> list[Display]:
        """The products."""
        products = (
            Display(self.product(e.wrt), self.first.right(e), steps=self.first.steps(e.ranges, e.down))
            for e in self.equations.products
        )
        return in_role("gradient", products)

    # --- the page -------------------------------------------------------------------------------------------

    def document(self) -> Document:
        """Return the page as a neutral document."""
        h, t = self.equations, self.typesetter
        parts: list[Part] = [Text("Forward,"), *self.forward]
        if self.along:
            parts += [
                Text(
                    ("and along the direction ", *self._direction, ","),
                ),
                *self.along,
            ]
        if self.definitions:
            parts += [Text("with the errors" if len(self.definitions) > 1 else "with the error"), *self.definitions]
        if self.backward:
            parts += [Text("and backward,"), *self.backward]
        words = "the products of the Hessian with the direction are"
        parts += [Text(words if len(self.gradients) > 1 else "the product of the Hessian with the direction is")]
        parts += self.gradients
        parts += [Text(f"Note: {note}") for note in h.first.network.notes]
        parts += assumed(h.first.assumptions, t)
        whole = Block(tuple((Column(v),) for v in self._values))
        parts += declared(whole, t)
        mixed = any(self._is_mixed(x) for v in self._values for x in nodes(v))
        rows = "A second derivative has a row for each entry of what it is by first. " if mixed else ""
        parts.append(
            Text(
                f"A dot marks the derivative along the direction. {rows}"
                "Each derivative has the shape of what it is by. Layout: denominator."
            )
        )
        parts += functions(whole, t, self.form != "folded")
        parts += sentences(self._values, h.network)
        parts += cases(whole, t)
        return self.typesetter.suited.document(parts)

    def _is_mixed(self, e: Expression) -> bool:
        named = self.equations.network.derivatives
        return isinstance(e, Partial) and e.of.name in named and named[e.of.name][1] != e.wrt

    @property
    def calls(self) -> dict[str, Apply]:
        """The derivatives of opaque losses by their names, ∂C/∂a, as what their equations call."""
        h = self.equations
        values = (s.value for e in h.first.equations for s in e.summands)
        partials = (x for v in values for x in nodes(v) if isinstance(x, Partial) and isinstance(x.value, Apply))
        return {gradient_name(x.of, x.wrt).name: x.value for x in partials}  # type: ignore[misc]

    @property
    def _direction(self) -> list[str | Math]:
        """The direction, (Ẇ_l, ḃ_l)."""
        found: list[str | Math] = []
        for q in self.equations.first.asked:
            found += [", " if found else "(", self.typesetter.quantity(dotted(q))]
        return [*found, ")"]

    @property
    def _values(self) -> list[Expression]:
        h = self.equations
        cotangents = [s.value for e in (*h.first.equations, *h.second) for s in e.summands]
        return [*cotangents, *(e.value for e in h.forward)]
