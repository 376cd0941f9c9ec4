"""An entry of a derivative on a page: ∂p_i/∂z_j = p_i (δ_{i,j} - p_j)/T."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.dimension import Size
from symgrad.algebra.expression import Apply, Expression
from symgrad.algebra.expression_tree import inside, replaced
from symgrad.algebra.index import Index, fresh
from symgrad.algebra.linear_map import Column, IndexedSum, LinearMap, Product
from symgrad.calculus.entries import ONE, is_delta
from symgrad.calculus.entry_form import entry_form
from symgrad.calculus.layout import array
from symgrad.calculus.rank import rank
from symgrad.errors import NotDefined
from symgrad.export.derivative import Presentation
from symgrad.export.maps import MapTypesetter
from symgrad.export.math import Derivative, Display, Document, Entry, Math, Paren, Part, Text
from symgrad.export.notes import assumed, cases, declared, functions
from symgrad.export.order import in_order, ordered_products
from symgrad.export.sums import sentences
from symgrad.export.typeset import part_of
from symgrad.network.asked import Asked


@dataclass(frozen=True)
class EntryPresentation(Presentation):
    """An entry of a closed form in a notation. of, wrt: what is asked for."""

    of: Asked | None = None
    wrt: Asked | None = None

    @property
    def _asked(self) -> tuple[Asked, Asked]:
        assert self.of is not None
        assert self.wrt is not None
        return self.of, self.wrt

    @cached_property
    def typesetter(self) -> MapTypesetter:
        """The writer of expressions: what has no entries in it stands as it does in one layout."""
        plain = super().typesetter
        symbols = plain.symbols | {x for a in self._asked for x in a.letters}
        return MapTypesetter(self.closed.network, self.notation, symbols, self._page_layout)

    @property
    def _page_layout(self) -> str:
        """The layout of the arrays that may be left on the page; an entry itself has none."""
        return "numerator" if self.closed.network.shape(self.closed.of) else "denominator"

    @property
    def trivial(self) -> bool:
        """Whether there is nothing to derive."""
        return self.right == self.left

    @cached_property
    def _entry(self) -> Expression | None:
        """The entry as an expression; None where it is written as that of a product."""
        m = self._written(self.closed.map) if self.closed.depth is not None else self._collected(self.closed.map)
        return entry_form(self.closed.network, m, *self._asked)

    @property
    def names(self) -> tuple[str, str]:
        """What is derived, and by what, as it was asked for."""
        of, wrt = self._asked
        return str(of), str(wrt)

    @cached_property
    def left(self) -> Math:
        """∂F_i/∂x_j."""
        of, wrt = self._asked
        return Derivative(self._name(of), self._name(wrt))

    def _name(self, a: Asked) -> Math:
        name = self.typesetter.quantity(a.quantity)
        return part_of(name, tuple(map(self._place, a.places))) if a.places else name

    def _place(self, n: Size) -> Math:
        return self.typesetter.size(n)

    @cached_property
    def right(self) -> Math:
        """The entry, or that of a product over steps, (∏ …)_{i,j}."""
        if self._entry is not None:
            return self.typesetter.expression(self._entry)
        network, (of, wrt) = self.closed.network, self._asked
        found = self._product
        if found is None:
            raise NotDefined(
                f"∂{of}/∂{wrt}: an entry of a derivative through products over steps that are no matrices",
                todo=f"ask for the whole, ∂{self.closed.of}/∂{self.closed.wrt}, or give the depth as a number",
            )
        places = tuple(map(self._place, (*of.places, *wrt.places)))
        of_axes, wrt_axes = (len(network.shape(a.quantity)) for a in (of, wrt))
        space = (of_axes, wrt_axes) if of_axes else (1, wrt_axes - 1)
        return Entry(Paren(self.typesetter.map(found, False, space)), places)

    @cached_property
    def _product(self) -> LinearMap | None:
        """The derivative as a matrix of which an entry is written; None where it is none."""
        network, (of, wrt) = self.closed.network, self._asked
        axes = [len(network.shape(a.quantity)) for a in (of, wrt)]
        plain = sum(axes) <= 2 and axes[0] < 2
        found = array(network, self._renamed, axes[0], axes[1], self._page_layout) if plain else None
        first = None if found is None else next(ordered_products(found), None)
        return found if found is None or first is None else in_order(found, first.descending)

    @property
    def _renamed(self) -> LinearMap:
        """The map, in which no product or sum over steps has a letter of the entry."""
        letters = {x for a in self._asked for x in a.letters}

        def renamed(m: LinearMap) -> LinearMap | None:
            if not isinstance(m, Product | IndexedSum) or m.symbol not in letters:
                return None
            new = fresh("s", {*letters, *map_tree.free_symbols(m), *self.closed.network.names})
            body = map_tree.replaced(map_tree.at_index(m.body, {m.symbol: Index(new)}), renamed)
            return replace(m, symbol=new, body=body)

        return map_tree.replaced(self._collected(self.closed.map), renamed)

    def document(self) -> Document:
        """Return the equation with its explanations."""
        if self.trivial:
            return self.typesetter.suited.document((self.nothing(),))
        parts: list[Part] = [Display(self.left, self.right, role="equation")]
        if self.closed.reason:
            parts.append(Text(f"The derivative is 0: {self.closed.reason}."))
        parts += [Text(f"Note: {note}") for note in self.closed.notes]
        parts += assumed(self._assumptions, self.typesetter)
        t = self.typesetter
        parts += declared(self.closed.map, t)
        if self._entry is None or _has_arrays(self):
            order = "" if self._entry is not None or self._product is None else self.order(self._product)
            parts.append(Text(" ".join(x for x in (f"Layout: {self._page_layout}.", order) if x)))
        shown = self.closed.map if self._entry is None else Column(self._entry)
        parts += functions(shown, self.typesetter, self.form != "folded")
        parts += cases(map_tree.rewrite(shown, lambda e: replaced(e, lambda x: ONE if is_delta(x) else None)), t)
        parts += sentences([shown.v] if isinstance(shown, Column) else [], self.closed.network)
        return self.typesetter.suited.document(parts)

    def factors(self) -> tuple[str, ...]:
        """Return the entry as its only factor."""
        from symgrad.export.text import math_text

        return (math_text(self.right),)


def _has_arrays(page: EntryPresentation) -> bool:
    """Tell whether the name of a derivative stands on the page that is no entry: it has a layout."""
    network = page.closed.network

    def found(e: Expression) -> bool:
        if isinstance(e, Apply) and e.op.kind == "part" and isinstance(e.arguments[0], Partial):
            return False
        return (isinstance(e, Partial) and rank(network, e) > 0) or any(map(found, inside(e)))

    return page._entry is not None and found(page._entry)
