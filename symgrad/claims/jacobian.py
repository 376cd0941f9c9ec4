"""The derivative of several formulas by several variables, a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from symgrad.calculus.layout_name import check_layout
from symgrad.claims.kind import Claim
from symgrad.errors import ShapeError
from symgrad.network.formula import Formula, read_formula


@dataclass(frozen=True)
class Jacobian(Claim):
    """The derivative of formulas by variables: entries[i][k] is that of the i-th formula by the k-th variable.

    functions: (name, formula), as ("z_1", x^2 + y^2). layout: how the matrix stands on the page.
    """

    kind: ClassVar[str] = "jacobian"

    functions: tuple[tuple[str, Formula], ...]
    variables: tuple[str, ...]
    entries: tuple[tuple[Formula, ...], ...]
    layout: str = "numerator"

    def __post_init__(self) -> None:
        check_layout(self.layout)
        rows, columns = len(self.functions), len(self.variables)
        if not rows or not columns or [len(row) for row in self.entries] != [columns] * rows:
            raise ShapeError(
                f"the derivative of {rows} formulas by {columns} variables is no matrix of {len(self.entries)} rows"
                f" with {', '.join(str(len(row)) for row in self.entries)} entries",
                todo="give a row for each formula, with an entry for each variable",
            )

    def __str__(self) -> str:
        of = ", ".join(f"{name} = {formula}" for name, formula in self.functions)
        rows = "; ".join(", ".join(map(str, row)) for row in self.entries)
        return f"the Jacobian of {of} by {', '.join(self.variables)} is [{rows}]"


def jacobian(
    functions: Mapping[str, str], variables: Sequence[str], entries: Sequence[Sequence[str]], layout: str = "numerator"
) -> Jacobian:
    """Return the claim of what the derivative of formulas by variables is: a row for each formula.

    layout: how the matrix stands on the page; "denominator" has a column for each formula there.

    >>> print(jacobian({"z": "x^2 + y^2"}, "xy", [["2*x", "2*y"]]))
    the Jacobian of z = x^2 + y^2 by x, y is [2*x, 2*y]
    """
    named = tuple((name, read_formula(text)) for name, text in functions.items())
    rows = tuple(tuple(map(read_formula, row)) for row in entries)
    return Jacobian(named, tuple(variables), rows, layout)
