"""The check "as printed" of a Hessian times a direction: the page is read, computed from its own lines, and compared.

What stands without a dot is compared as that of backward equations is. What has a dot is the derivative of the same
thing along the direction: of a quantity, of an error δ, of a derivative ∂C/∂W. It is compared with backpropagation in
Taylor numbers, which knows nothing of the equations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from symgrad.algebra.expression import Apply, Quantity
from symgrad.algebra.index import Index, Place
from symgrad.algebra.substitution import free_symbols, move
from symgrad.api.printed.backward import Reading, Witness
from symgrad.api.printed.pages import read_pages
from symgrad.api.printed.truth import Truth, column
from symgrad.api.printed.witness import compared, pages_of
from symgrad.calculus.along import DOT, dotted
from symgrad.calculus.backward_values import numberings
from symgrad.evidence.evidence import Check
from symgrad.evidence.hessian_vector import AlongDirection
from symgrad.evidence.verify import test_functions
from symgrad.export.hessian_vector import HessianVectorPage
from symgrad.network.bind import Binding, bind_expression, bind_network
from symgrad.reading.page.array import products as V
from symgrad.reading.page.array.kinds import Value
from symgrad.reading.page.defined import Instance
from symgrad.reading.page.document import Page
from symgrad.reading.page.value import Key
from symgrad.reading.tree import Name, Partial


def check_hessian_vector(
    shown_page: HessianVectorPage, pages: Mapping[str, str] | None = None, seed: int = 0, digits: int = 60
) -> Check:
    """Read pages of the equations, by format, and compare what they say with dual numbers through backpropagation."""
    texts = pages if pages is not None else pages_of(shown_page.document())
    read = read_pages(texts, shown_page.typesetter.suited)
    detail = f"{', '.join(texts)}; {shown_page.notation.name} notation"
    return compared(read, _Witness(shown_page, seed, digits), detail)


class _Witness(Witness):
    def __init__(self, page: HessianVectorPage, seed: int, digits: int) -> None:
        h = page.equations
        super().__init__(page.first, h.first, h.network, seed, digits)
        self.along = page
        self.functions = test_functions(h.network, seed)
        self.plain = bind_network(h.first.network, self.functions)

    def reading(self, page: Page, truth: Truth, at: dict[str, int]) -> Reading:
        """Return a page at a point, with the network along its direction."""
        h = self.along.equations
        moved = AlongDirection(h, truth.draw, self.plain, truth.digits)
        return _Reading(page, truth, h.first, at, self.along, moved, self.functions)


@dataclass
class _Reading(Reading):
    """A page whose lines may be about what has a dot."""

    along: HessianVectorPage
    moved: AlongDirection
    functions: Mapping[str, Binding]

    def numbers_derived(self) -> tuple[Key, ...]:
        """Return C and Ċ."""
        of, place = self.of
        return (self.of, (of + DOT, place))

    def defined_as(self, left: Name, sought: Instance) -> tuple[Partial, dict[str, int]] | None:
        """Return the derivative that an error is; with a dot on it, that of Ċ."""
        if left.accents[-1:] != ("dot",):
            return super().defined_as(left, sought)
        base, accents, *others = sought
        assert isinstance(accents, tuple)
        found = super().defined_as(replace(left, accents=left.accents[:-1]), (base, accents[:-1], *others))
        if found is None:
            return None
        partial, numbers = found
        assert isinstance(partial.of, Name)
        return replace(partial, of=replace(partial.of, accents=(*partial.of.accents, "dot"))), numbers

    @property
    def _asked(self) -> set[str]:
        return {dotted(q).name for q in self.along.equations.first.asked}

    def quantity(self, key: Key) -> Value:
        """Return the value of a quantity; of one with a dot its derivative along the direction."""
        name, place = key
        if not name.endswith(DOT) or name in self._asked:
            return super().quantity(key)
        return column(self.moved.quantity(self._symbol(name.removesuffix(DOT), place)))

    def derivative(self, key: Key, of: str) -> Value:
        """Return ∂C/∂q, or its derivative along the direction, in the shape of q."""
        if not of.endswith(DOT):
            return super().derivative(key, of)
        return column(self.moved.product(self._symbol(*key)))

    def _symbol(self, name: str, place: Place) -> Quantity:
        return self.truth.symbol((name, place))

    def required(self) -> Iterator[tuple[Key, str]]:
        """Yield what was derived, and must be on the page."""
        h, truth = self.along.equations, self.truth
        ends = {**truth.values.ends, truth.network.depth_symbol: truth.depth}
        for of, equations in ((h.of, h.first.errors), (h.along, h.second)):
            for e in equations:
                for at in numberings(e.ranges, ends) if not e.is_its_name(h.of) else ():
                    q = move(e.wrt, at)
                    yield (q.name, q.place({})), of.name
        for f in h.forward:
            for at in numberings(h.network.free(f), ends):
                yield (f.target.name, f.target.place(at)), ""

    def given(self, of: Key, wrt: Key, immediate: bool) -> Value:
        """Return ∂C/∂a of a loss by its argument, and its second derivatives, by Taylor numbers."""
        named = [
            name
            for name, (number, by) in self.along.equations.network.derivatives.items()
            if of[0] in {f"∂{x}/∂{by.name}" for x in (number.name, self.truth.spelled(number.name))}
        ]
        for name in named if not immediate else ():
            if (found := self._second(name, of[1], wrt)) is not None:
                return found
        if of == self.numbers_derived()[1] and wrt in set(self.arguments(self.of)):
            return V.transposed(self.derivative(wrt, of[0]))  # R{∂C/∂A} of an opaque loss of matrices
        return super().given(of, wrt, immediate)

    def _second(self, name: str, place: Place, wrt: Key) -> Value | None:
        """Return ∂²C/∂a∂x, a row for each entry of a, of a loss that is called with a and x; None where it is not.

        place: that of a.
        """
        call = self.along.calls[name]
        a = call.arguments[call.op.place or 0]
        assert isinstance(a, Quantity)
        at = {**_letters(a, place), **self.truth.values.ends, self.truth.network.depth_symbol: self.truth.depth}
        if free_symbols(call) - at.keys() or a.place(at) != place:
            return None
        op = bind_expression(call, self.functions)
        assert isinstance(op, Apply)
        places = [isinstance(q, Quantity) and (q.name, q.place(at)) == wrt for q in call.arguments]
        if sum(places) != 1:
            return None
        x = [self.truth.compiler(a)(at) for a in call.arguments]
        return V.transposed(self.truth.along(op.op, x, places.index(True)))  # rows of a in either layout


def _letters(q: Quantity, place: Place) -> dict[str, int]:
    """Return what the letters of a quantity are where it stands at a place."""
    pairs = zip(q.indices, place if isinstance(place, tuple) else (place,), strict=False)
    return {p.symbol: n - p.offset for p, n in pairs if isinstance(p, Index) and n is not None}
