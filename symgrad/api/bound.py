"""Upper bounds of derivatives, printed in the notation of the derivative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symgrad.calculus.closed_form import ClosedForm
from symgrad.export.latex_math import math_latex
from symgrad.export.math import Math
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.size import typeset_size
from symgrad.export.text import math_text
from symgrad.export.typeset import Typesetter
from symgrad.numbers.bound.assumptions import read_assumptions
from symgrad.numbers.bound.bound import bound
from symgrad.numbers.bound.size import Size
from symgrad.numbers.magnitude.magnitude import Magnitude


@dataclass(frozen=True, eq=False)
class Sized:
    """A product of powers of sizes that belong to a derivative: print it, set it in LaTeX, evaluate it."""

    form: ClosedForm
    size: Size

    def evaluate(self, values: Mapping[str, Any] | None = None, **indices: int) -> Magnitude:
        """Return the number as a Magnitude, with letters, dimensions and index symbols at numbers.

        >>> import symgrad as sg
        >>> g = sg.model("rnn").derivative("s[t]", "s[k]")
        >>> g.bound("norm(W) <= lambda", {"sigma'": "1/4"}).evaluate({"lambda": 2}, t=10, k=0)
        Magnitude(0.0009765625000)
        """
        return self.size.evaluate(values, **indices)

    @property
    def exact(self) -> Fraction | None:
        """The value, where the size is one rational number."""
        return self.size.exact

    @property
    def letters(self) -> frozenset[str]:
        """The names of the quantities, and the letters of the assumptions, whose sizes it is made of."""
        return self.size.letters

    def math(self, notation: Notation | str = "nielsen") -> Math:
        """Return the size as it is laid out on a page, in a notation."""
        writer = Typesetter(self.form.network, find_notation(notation))
        return writer.suited.math(typeset_size(self.size, writer))

    def latex(self, notation: Notation | str = "nielsen") -> str:
        """Return the size as LaTeX, without delimiters, in the notation of the derivative.

        >>> import symgrad as sg
        >>> print(sg.model("deep_linear").derivative("a[L]", "a[0]").bound().latex("ng"))
        \\prod_{l=1}^{L} \\lVert W^{[l]} \\rVert
        """
        return math_latex(self.math(notation))

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        return math_text(self.math())

    __repr__ = __str__


@dataclass(frozen=True, eq=False, repr=False)
class Bound(Sized):
    """‖∂of/∂wrt‖ ≤ size, in a norm, under assumptions; print it, or ``evaluate`` it. ``Gradient.bound`` makes it.

    >>> import symgrad as sg
    >>> bound = sg.model("chain").bind("logistic").derivative("a[L]", "a[0]").bound("abs(w) <= 3")
    >>> print(bound, bound.norm, *bound.assumptions, sep=", ")
    (3/4)^L, spectral, abs(w) ≤ 3
    """

    norm: str = "spectral"
    assumptions: tuple[str, ...] = ()

    def growth(self, symbol: str) -> Sized:
        """Return the limit of bound^(1/n) as the index symbol n grows: the growth per layer.

        >>> import symgrad as sg
        >>> g = sg.model("chain").bind("logistic").derivative("C", "b[1]")
        >>> b = g.bound("abs(w) <= 3")
        >>> print(b, b.growth("L"), sep=", ")
        (1/3) · (3/4)^L |∂C/∂a_L|, 3/4
        """
        return Sized(self.form, self.size.growth(symbol))


def bounded(form: ClosedForm, *assumptions: str | Mapping[str, Any], norm: str = "spectral") -> Bound:
    """Return an upper bound of a closed form's size.

    assumptions: "norm(W) <= lambda", "abs(w) <= 1", "abs(sigma') <= gamma", or {"W": "lambda", "w": 1}; they
    hold for every layer, and "w[2]" for that one. A norm is the one of the bound; "abs" is that of each entry.
    A quantity without an assumption stays as a letter, ‖W‖.

    >>> import symgrad as sg
    >>> bounded(sg.model("rnn").derivative("s[t]", "s[k]"), {"W": "lambda", "sigma'": "gamma"})
    (γ λ)^(t-k)
    >>> chain = sg.model("chain").bind("logistic")
    >>> bounded(chain.derivative("a[L]", "a[0]"), "abs(w) <= 1")
    4^(-L)
    """
    known = read_assumptions(*assumptions)
    shown = tuple(f"{name} ≤ {size}" for name, size in known.items())
    return Bound(form, bound(form, known, norm), norm, shown)
