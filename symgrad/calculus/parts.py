"""Parts of arrays in derivatives: a product with rows or columns of the identity matrix is a part of the other factor.

A e_k = A_{:,k},    e_kᵀ x = x_k,    I_{1:k,:} x = x_{1:k},    A I_{:,1:k} = A_{:,1:k}
"""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra.dimension import plus
from symgrad.algebra.expression import Apply, Constant, Expression, Number
from symgrad.ops.part import COLUMN, COLUMNS, ENTRY, ROW, ROWS, place, placed, slice_of, sliced, unit

SELECTED = {slice_of(ROWS): COLUMNS, slice_of(COLUMNS): ROWS}


def of_identity(e: Expression) -> bool:
    """Tell whether e is e_k, or rows or columns of the identity matrix."""
    match e:
        case Apply(op, (Constant("I"), *_)):
            return op == COLUMN or op in SELECTED
    return False


def is_unit(e: Expression) -> bool:
    """Tell whether e is e_k."""
    return of_identity(e) and isinstance(e, Apply) and e.op == COLUMN


def selected(x: Expression, y: Expression, ranks: tuple[int, int]) -> Expression | None:
    """Return x y where one of the two picks a part of the other; None where neither does.

    ranks: the numbers of axes of x and of y.
    """
    match x, y:
        case (Constant("1", (_,)), e) | (e, Constant("1", (_,))) if isinstance(e, Apply) and e.op == COLUMN:
            return Number(Fraction(1)) if of_identity(e) else None
        case Apply(op, (Constant("I"), at)), Apply(rows, (Constant("I", (n, _)), first, _)) if (
            op == COLUMN and rows == slice_of(ROWS)
        ):
            return unit(n, place(plus(plus(placed(first), placed(at)), 1, -1)))
        case _, Apply(op, (Constant("I"), at)) if op == COLUMN:
            return Apply(COLUMN if ranks[0] == 2 else ENTRY, (x, at))
        case Apply(op, (Constant("I"), at)), _ if op == COLUMN:
            return Apply(ROW if ranks[1] == 2 else ENTRY, (y, at))
        case Apply(op, (Constant("I"), first, count)), _ if op == slice_of(ROWS):
            return sliced(y, ROWS, placed(first), placed(count))
        case _, Apply(op, (Constant("I"), first, count)) if op == slice_of(COLUMNS):
            return sliced(x, COLUMNS if ranks[0] == 2 else ROWS, placed(first), placed(count))
    return None


def turned(e: Expression) -> Expression | None:
    """Return rows of the identity for its columns, and columns for its rows; None for anything else."""
    match e:
        case Apply(op, (Constant("I") as one, first, count)) if op in SELECTED:
            return Apply(slice_of(SELECTED[op]), (one, first, count))
    return None
