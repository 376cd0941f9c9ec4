"""An upper bound of the norm of a derivative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symgrad.calculus.closed_form import ClosedForm, closed_form
from symgrad.claims import require
from symgrad.claims.kind import Claim
from symgrad.network.formula import Formula, read_formula
from symgrad.network.network import Network
from symgrad.numbers.bound.bound import NORMS


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

    def __str__(self) -> str:
        given = "".join(f", ‖{name}‖ ≤ {at_most}" for name, at_most in self.assumptions)
        return f"‖∂{self.form.of}/∂{self.form.wrt}‖ ≤ {self.right}{given}"


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
