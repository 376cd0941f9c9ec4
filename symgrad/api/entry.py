"""An entry of a derivative, ∂F_i/∂x_j, with what a user asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from symgrad.algebra.dimension import Size, named, number
from symgrad.api.gradient import Gradient, _derived
from symgrad.calculus.closed_form import ClosedForm
from symgrad.errors import IndexRangeError, NotDefined
from symgrad.export.derivative import Presentation
from symgrad.export.notation import Notation, fitting
from symgrad.network.asked import Asked
from symgrad.network.read import asked_of

if TYPE_CHECKING:
    from symgrad.evidence.evidence import Evidence
    from symgrad.export.entry import EntryPresentation


@dataclass(frozen=True, repr=False)
class EntryGradient(Gradient):
    """∂F_i/∂x_j: the derivative of F by x in closed form, of which an entry is printed, evaluated and verified.

    asked: what it is of, and by what; letters stand for every place.

    >>> import symgrad as sg
    >>> print(sg.parse("z: (n,)\\np = softmax(z/T)").derivative("p[i]", "z[j]"))
    (p_i (δ_{i,j} - p_j))/T
    """

    asked: tuple[Asked, Asked] = field(default=None)  # type: ignore[assignment]  # it is always given

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the question; see ``Gradient``."""
        of, wrt = map(str, self.asked)
        return _derived, (asked_of(self.network), of, wrt, self.depth, self.layout)

    def presentation(self, notation: Notation | str = "nielsen", form: str = "folded") -> EntryPresentation:
        """Return how it is laid out on a page."""
        from symgrad.export.entry import EntryPresentation

        fitted = fitting(notation, self.network, self.of, self.wrt)
        return EntryPresentation(self, fitted, self.layout, form, *self.asked)

    def evaluate(
        self,
        values: Mapping[str, Any],
        arithmetic: str = "float",
        digits: int | None = None,
        depth: int | None = None,
        indices: Mapping[str, int] | None = None,
    ) -> Any:
        """Return the entry as a number; ``indices`` gives the letters of its places numbers.

        >>> import symgrad as sg
        >>> square = sg.parse("z: (n,)\\ny = z**2").derivative("y[i]", "z[j]")
        >>> square.evaluate({"z": [3, 4]}, "exact", indices={"i": 2, "j": 2})
        8
        """
        letters = {x for a in self.asked for x in a.letters}
        own = {s: n for s, n in (indices or {}).items() if s in letters}
        whole = replace(self, layout="numerator")
        found = Gradient.evaluate(
            whole, values, arithmetic, digits, depth, {s: n for s, n in (indices or {}).items() if s not in own}
        )
        return self._picked(found, own)

    def _picked(self, found: Any, numbers: Mapping[str, int]) -> Any:
        """Return the entry of an array in numerator layout."""
        sizes: dict[Size, int] = {}
        axes = iter(np.shape(found))
        shapes = [self.network.shape(a.quantity) for a in self.asked]
        lengths = [[next(axes) for _ in shapes[0]], [next(axes) for _ in shapes[1]][::-1]]
        for shape, counts in zip(shapes, lengths, strict=True):
            sizes |= dict(zip(shape, counts, strict=True))
        at: list[list[int]] = []
        for asked, counts in zip(self.asked, lengths, strict=True):
            at.append([])
            for n, count in zip(asked.places, counts, strict=False):
                known = {d: numbers.get(d.name, sizes.get(d)) for d in named(n)}
                if missing := sorted(d.name for d, k in known.items() if k is None):
                    todo = f"pass indices={{'{missing[0]}': 1}}"
                    raise IndexRangeError(f"the place {missing[0]} of {asked} has no number", todo=todo)
                k = number(n, known)  # type: ignore[arg-type]  # none is missing
                if not 1 <= k <= count:
                    raise IndexRangeError(f"place {k} of {asked} does not exist", todo=f"give one from 1 to {count}")
                at[-1].append(k - 1)
        return found[(*at[0], *at[1][::-1])]

    def verify(
        self,
        seed: int = 0,
        digits: int = 60,
        notation: Notation | str = "nielsen",
        form: str = "folded",
        pages: Mapping[str, str] | None = None,
        presentation: Presentation | None = None,
    ) -> Evidence:
        """Verify the derivative as a whole, and compare the printed entry, read back, at places that are drawn."""
        from symgrad.api.printed.entry import check_entry
        from symgrad.evidence.verify import verify

        of, wrt = self.asked
        evidence = replace(verify(self, seed=seed, digits=digits), claim=f"∂{of}/∂{wrt} of {self.network.name}")
        printed = check_entry(presentation or self.presentation(notation, form), self.asked, pages, seed, digits)
        return replace(evidence, checks=(*evidence.checks, printed))

    def _of_the_whole(self, what: str) -> NotDefined:
        of, wrt = (a.quantity for a in self.asked)
        return NotDefined(f"{what} of one entry of a derivative", todo=f"ask for that of the whole, ∂{of}/∂{wrt}")

    def sympy(self) -> Any:
        """Return the entry of the SymPy matrix; a letter is a symbol of SymPy, counted from 1.

        >>> import symgrad as sg
        >>> sg.parse("A: (m, n)\\nx: (n,)\\ny = A@x").derivative("y[i]", "x[j]").sympy()
        A[i - 1, j - 1]
        """
        import sympy as sp

        from symgrad.export.symbolic import to_sympy

        of, _ = self.asked
        if max(len(self.network.shape(a.quantity)) for a in self.asked) > 1 and self.network.shape(of.quantity):
            raise self._of_the_whole("a SymPy matrix")
        layout = "numerator" if self.network.shape(of.quantity) else "denominator"
        places = [self._symbol(n) - 1 for a in self.asked for n in a.places]
        zero = [sp.Integer(0)]
        at = places if len(places) == 2 else places + zero if of.places or layout == "denominator" else zero + places
        return to_sympy(self, layout)[tuple(at)]

    def _symbol(self, n: Any) -> Any:
        import sympy as sp

        if isinstance(n, int):
            return sp.Integer(n)
        return number(n, {d: sp.Symbol(d.name, integer=True, positive=True) for d in named(n)})

    def recurrence(self, notation: Notation | str = "nielsen", form: str = "folded") -> Presentation:
        """Raise NotDefined: a recursion is one of the whole derivative."""
        raise self._of_the_whole("the forward recursion")

    def paths(self, notation: Notation | str = "nielsen", form: str = "folded") -> Presentation:
        """Raise NotDefined: the paths are those of the whole derivative."""
        raise self._of_the_whole("the sum over the paths")

    def magnitude(self, *args: Any, **named: Any) -> Any:
        """Return the entry as a Magnitude; arguments as those of the whole derivative."""
        letters = {x for a in self.asked for x in a.letters}
        given = dict(named.pop("indices", None) or {})
        named["indices"] = {s: n for s, n in given.items() if s not in letters}
        whole = replace(self, layout="numerator")
        return self._picked(Gradient.magnitude(whole, *args, **named), {s: n for s, n in given.items() if s in letters})

    def growth_rate(self, *_: Any, **__: Any) -> Any:
        """Raise NotDefined: a growth rate is that of a norm."""
        raise self._of_the_whole("the growth rate")

    def enclose(self, *_: Any, **__: Any) -> Any:
        """Raise NotDefined: enclosures are of models of scalars."""
        raise self._of_the_whole("an enclosure")


def entry_gradient(form: ClosedForm, of: Asked, wrt: Asked, layout: str) -> EntryGradient:
    """Return the entry of a closed form; raise NotDefined where of one of the two the whole is asked for."""
    of, wrt = replace(of, quantity=form.of), replace(wrt, quantity=form.wrt)
    for a in (of, wrt):
        if form.network.shape(a.quantity) and not a.places:
            example = "[i,j]" if len(form.network.shape(a.quantity)) == 2 else "[j]"
            raise NotDefined(
                f"∂{of}/∂{wrt} is no number",
                todo=f"ask for an entry of {a.quantity} too, {a.quantity}{example}, or give what is asked for an "
                f"equation, 'c = {of if of.places else wrt}'",
            )
    return EntryGradient(**vars(form), layout=layout, asked=(of, wrt))
