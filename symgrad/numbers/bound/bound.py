"""Upper bounds of closed forms, by structural rules, each with its proof. ‖·‖ is one of three norms of the
Jacobian, a matrix (the entries of a matrix parameter are one vector, in any order):

spectral ‖A‖₂ = max ‖Ax‖₂/‖x‖₂, infinity ‖A‖_∞ = max_i Σ_k |A_ik|, Frobenius ‖A‖_F = (Σ |A_ik|²)^(1/2).

    product       ‖AB‖ ≤ ‖A‖ ‖B‖                 ‖ABx‖ ≤ ‖A‖ ‖Bx‖ ≤ ‖A‖ ‖B‖ ‖x‖; for Frobenius column by column
                                                ‖AB‖_F ≤ ‖A‖₂ ‖B‖_F, and ‖A‖₂ ≤ ‖A‖_F; Horn and Johnson,
                                                Matrix Analysis (2013), section 5.6
    sum           ‖A + B‖ ≤ ‖A‖ + ‖B‖            triangle inequality
    diagonal      ‖diag(v)‖ ≤ sup |v|            (diag(v) x)_i = v_i x_i; spectral and infinity
    identity      ‖I‖ = 1                        spectral and infinity; also a transposition M ↦ Mᵀ, a permutation
    transpose     ‖Aᵀ‖ = ‖A‖                     spectral and Frobenius; ‖Aᵀ‖_∞, the greatest sum of a column of A,
                                                is a letter of its own
    vector        ‖v‖, ‖vᵀ‖                      as matrices: (Σ v_i²)^(1/2), for infinity max |v_i| and Σ |v_i|
    right         ‖M ↦ MB‖ = ‖Bᵀ‖                the matrix is I ⊗ Bᵀ; Horn and Johnson, Topics (1991), 4.2
    rank          ‖A‖_F ≤ √r ‖A‖₂                r rows or columns: Σ of at most r squared singular values; for what
                                                the product rule does not reach, as diag(v) and I
    block         ‖(A_ik)‖ ≤ Σ ‖A_ik‖            triangle inequality: the sum of the blocks, each padded with zeros
    softmax       ‖diag(p) - p pᵀ‖ ≤ 1/2         row i has the sum 2 p_i (1 - p_i) of sizes; symmetric, so that the
                                                spectral norm is not more
    entrywise     ‖u ∘ v‖ ≤ sup |u| ‖v‖          entry by entry
    entries       |f'(x)| ≤ sup |f'|             over all real x, from certified extrema
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symgrad.calculus.closed_form import ClosedForm
from symgrad.errors import UnknownName
from symgrad.numbers.bound.assumptions import read_assumptions
from symgrad.numbers.bound.norm_rules import NORMS, Rules, described
from symgrad.numbers.bound.size import Size, plain
from symgrad.numbers.magnitude.magnitude import Magnitude

__all__ = ["NORMS", "Bound", "bound", "described"]


@dataclass(frozen=True)
class Bound:
    """‖∂of/∂wrt‖ ≤ size, in a norm, under assumptions; print it, or ``evaluate`` it. ``Gradient.bound`` makes it.

    >>> import symgrad as sg
    >>> bound = sg.model("chain").bind("logistic").derivative("a[L]", "a[0]").bound("abs(w) <= 3")
    >>> print(bound, bound.norm, *bound.assumptions, sep=", ")
    (3/4)^L, spectral, abs(w) ≤ 3
    """

    size: Size
    norm: str
    assumptions: tuple[str, ...]

    def evaluate(self, values: Mapping[str, Any] | None = None, **indices: int) -> Magnitude:
        """Return the bound as a Magnitude, with letters, dimensions and index symbols at numbers.

        >>> import symgrad as sg
        >>> g = sg.model("rnn").derivative("s[t]", "s[k]")
        >>> g.bound("norm(W) <= lambda", {"sigma'": "1/4"}).evaluate({"lambda": 2}, t=10, k=0)
        Magnitude(0.0009765625000)
        """
        return self.size.evaluate(values, **indices)

    @property
    def letters(self) -> frozenset[str]:
        """The names of the quantities, and the letters of the assumptions, whose sizes it is made of."""
        return frozenset(map(plain, self.size.letters))

    def growth(self, symbol: str) -> Size:
        """Return the limit of bound^(1/n) as the index symbol n grows: the growth per layer.

        >>> import symgrad as sg
        >>> g = sg.model("chain").bind("logistic").derivative("C", "b[1]")
        >>> b = g.bound("abs(w) <= 3")
        >>> print(b, b.growth("L"), sep=", ")
        (1/3) (3/4)^L |∂C/∂a_L|, (3/4)
        """
        return self.size.growth(symbol)

    def latex(self) -> str:
        """Return the bound as LaTeX, without delimiters."""
        return self.size.latex()

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        return str(self.size)

    __repr__ = __str__


def bound(form: ClosedForm, *assumptions: str | Mapping[str, Any], norm: str = "spectral") -> Bound:
    """Return an upper bound of a closed form's size.

    assumptions: "norm(W) <= lambda", "abs(w) <= 1", "abs(sigma') <= gamma", or {"W": "lambda", "w": 1}; they
    hold for every layer, and "w[2]" for that one. A norm is the one of the bound; "abs" is that of each entry.
    A quantity without an assumption stays as a letter, ‖W‖.

    >>> import symgrad as sg
    >>> bound(sg.model("rnn").derivative("s[t]", "s[k]"), {"W": "lambda", "sigma'": "gamma"})
    (γ λ)^(t-k)
    >>> chain = sg.model("chain").bind("logistic")
    >>> bound(chain.derivative("a[L]", "a[0]"), "abs(w) <= 1")
    4^-L
    """
    if norm not in NORMS:
        raise UnknownName("norm", norm, NORMS)
    known = read_assumptions(*assumptions)
    rules = Rules(form, known, norm)
    size = rules.bound()
    unused = [name for name in known if name not in rules.used]
    if unused:
        raise UnknownName("quantity of the derivative", unused[0], rules.seen)
    return Bound(size, norm, tuple(f"{name} ≤ {size}" for name, size in known.items()))
