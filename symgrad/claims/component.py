"""A derivative entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symgrad.calculus.closed_form import ClosedForm
from symgrad.claims import require
from symgrad.claims.kind import Claim
from symgrad.errors import ShapeError
from symgrad.network.formula import Formula
from symgrad.network.syntax.read import read_quantity


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

    def __post_init__(self) -> None:
        names = [name for name, _ in self.letters]
        for variable in self.formula.variables:
            name, subscripts = letter_of(variable)
            require.known("letter of the entries", name, names)
            for subscript in subscripts:
                require.known("subscript", subscript, (*self.subscripts, *self.summed))
        axes = [len(self.form.network.shape(q)) for q in (self.form.of, self.form.wrt)]
        marks = (*self.subscripts, *self.summed)
        if sum(axes) != len(self.subscripts) or len(set(marks)) != len(marks):
            raise ShapeError(
                f"the subscripts {', '.join(marks)} of ∂{self.form.of}/∂{self.form.wrt}, which has {sum(axes)} axes",
                todo="give one for each axis of the one and then of the other, all different",
            )
        ranks = {
            name: sum(len(self.form.network.shape(read_quantity(q))) for q in meaning.removeprefix("∂").split("/∂"))
            for name, meaning in self.letters
        }
        for variable in self.formula.variables:
            name, subscripts = letter_of(variable)
            if len(subscripts) != ranks[name]:
                raise ShapeError(f"{variable} has {len(subscripts)} subscripts", todo=f"give {name} {ranks[name]}")

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
