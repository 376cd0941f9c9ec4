"""An upper bound of the norm of a derivative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symgrad.algebra.index import Index
from symgrad.calculus.closed_form import ClosedForm, closed_form
from symgrad.claims import require
from symgrad.claims.decimal import read_decimal
from symgrad.claims.kind import Claim
from symgrad.errors import ModelError
from symgrad.network.formula import Formula, read_formula
from symgrad.network.network import Network
from symgrad.numbers.bound.norm_rules import NORMS


@dataclass(frozen=True)
class NormBound(Claim):
    """‖∂of/∂wrt‖ ≤ right, in one of three norms, under assumptions; of a number the norm is the absolute value.

    assumptions: (name, number or letter), as ("w", "1"), ("W", "lambda"), ("sigma'", "gamma"), ("∂C/∂a[L]", "D"): the
    size of each is at most this, in every layer. right: a formula in the letters and the index symbols.
    """

    kind: ClassVar[str] = "norm_bound"

    form: ClosedForm
    assumptions: tuple[tuple[str, str], ...]
    right: Formula
    norm: str = "spectral"

    def __post_init__(self) -> None:
        require.known("norm", self.norm, NORMS)
        letters = [at_most for _, at_most in self.assumptions if not is_number(at_most)]
        for letter in letters:
            if read_formula(letter).variables != (letter,) or letter in self.indices:
                raise ModelError(f"a size is at most {letter!r}", todo="give a number, or a letter that is no index")
        for variable in self.right.variables:
            require.known("letter of the bound", variable, {*letters, *self.indices})

    @property
    def indices(self) -> frozenset[str]:
        """The symbols that stand for whole numbers: the depth, and the indices of both quantities."""
        positions = (self.form.of.index, self.form.wrt.index)
        return frozenset({self.form.network.depth_symbol, *(p.symbol for p in positions if isinstance(p, Index))})

    def __str__(self) -> str:
        given = "".join(f", ‖{name}‖ ≤ {at_most}" for name, at_most in self.assumptions)
        return f"‖∂{self.form.of}/∂{self.form.wrt}‖ ≤ {self.right}{given}"


def is_number(at_most: str) -> bool:
    """Tell whether a size is given as a number, a decimal or a fraction of two; else it is a letter.

    >>> is_number("1/2"), is_number("1e-3"), is_number("gamma")
    (True, True, False)
    """
    return all(read_decimal(part) is not None for part in at_most.split("/", 1))


def norm_bound(
    network: Network,
    of: str,
    wrt: str,
    at_most: str,
    given: Mapping[str, str],
    depth: int | None = None,
    norm: str = "spectral",
) -> NormBound:
    """Return the claim ‖∂of/∂wrt‖ ≤ at_most, where the size of each given name is at most a number or a letter.

    norm="spectral" (the default), "frobenius" or "infinity"; of a number the norm is the absolute value. Given are
    parameters, "W"; the slope of a function, "sigma'"; what is not known of a cost, "∂C/∂a[L]".

    >>> import symgrad as sg
    >>> print(norm_bound(sg.model("rnn"), "s[t]", "s[k]", "(gamma*lambda)**(t-k)", {"W": "lambda", "sigma'": "gamma"}))
    ‖∂s[t]/∂s[k]‖ ≤ (gamma*lambda)**(t-k), ‖W‖ ≤ lambda, ‖sigma'‖ ≤ gamma
    """
    form = closed_form(network, of, wrt, depth)
    return NormBound(form, tuple(given.items()), read_formula(at_most), norm)
