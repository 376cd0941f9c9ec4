"""A derivative entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symgrad.calculus.closed_form import ClosedForm
from symgrad.claims.kind import Claim
from symgrad.network.formula import Formula


@dataclass(frozen=True)
class Component(Claim):
    """An entry of ∂of/∂wrt by its subscripts, as Σ_k W_ki δ_k σ'(z_i): one for each axis of of, then of wrt.

    formula: in letters with subscripts, "W_ki"; summed: the subscripts that it is summed over; letters: what each
    letter is the entries of, ("W", "W[l+1]") or ("delta", "∂C/∂z[l+1]"). diagonal: the entries off the diagonal are 0.
    """

    kind: ClassVar[str] = "component"

    form: ClosedForm
    subscripts: tuple[str, ...]
    formula: Formula
    letters: tuple[tuple[str, str], ...]
    summed: tuple[str, ...] = ()
    diagonal: bool = False
    matrix: bool = False
    """Is the matrix of all entries written out on the page as well?"""

    def __str__(self) -> str:
        sums = f"sum over {', '.join(self.summed)} of " if self.summed else ""
        zero = ", 0 off the diagonal" if self.diagonal else ""
        return f"∂{self.form.of}/∂{self.form.wrt} at {', '.join(self.subscripts)} = {sums}{self.formula}{zero}"


def letter_of(variable: str) -> tuple[str, str]:
    """Split a letter of a component from its subscripts.

    >>> letter_of("W_ki"), letter_of("U_f_ki")
    (('W', 'ki'), ('U_f', 'ki'))
    """
    name, _, subscripts = variable.rpartition("_")
    return name, subscripts
