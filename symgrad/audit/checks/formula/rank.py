r"""The rank of a matrix, and the dimension of what it takes to 0: \operatorname{rank} A = 2, \dim \ker A = 1."""

from __future__ import annotations

from flint import fmpq, fmpq_mat

from symgrad.audit.case import Case, is_closed
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.given import known_before, put_in
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Node, Number, Tuple, Unknown
from symgrad.reading.value import UndefinedError, evaluate

KIND = "rank"


def rank(case: Case) -> Judgement | None:
    """Judge the rank of a printed matrix; of one that is given by its name it is only confirmed.

    >>> from fractions import Fraction
    >>> one = Number(Fraction(1), "1")
    >>> _rows(Tuple((Tuple((one, one)), Tuple((one, one))))).rank()
    1
    """
    of = _of(case.left)
    if of is None or case.relation != "=" or not isinstance(case.right, Number):
        return None
    name, matrix = of
    printed = isinstance(matrix, Tuple)
    whole = matrix if printed else put_in(matrix, known_before(case), {})
    rows = _rows(whole) if isinstance(whole, Tuple) else None
    if rows is None:
        return None
    value = rows.rank() if name == "rank" else rows.ncols() - rows.rank()
    if case.right.value == value:
        return Judgement(Word.CONFIRMED, reason="exact", kind=KIND)
    if not printed:
        return unchecked(f"perhaps another matrix; with what is given above it is {value}", KIND)
    return Judgement(Word.REFUTED, str(value), kind=KIND)


def _of(node: Node) -> tuple[str, Node] | None:
    """Return what is asked of which matrix."""
    match node:
        case Unknown("\\dim", (Unknown("\\ker", (matrix,)),)) | Unknown("\\nullity", (matrix,)):
            return "nullity", matrix
        case Unknown("\\rank", (matrix,)):
            return "rank", matrix
    return None


def _rows(matrix: Tuple) -> fmpq_mat | None:
    """Return a matrix of exact numbers; None for any other, as for a vector."""
    rows = [row.items for row in matrix.items if isinstance(row, Tuple)]
    if len(rows) != len(matrix.items) or not rows or len({len(row) for row in rows}) != 1:
        return None
    if not all(is_closed(entry) for row in rows for entry in row):
        return None
    try:
        values = [evaluate(entry, {}) for row in rows for entry in row]
    except (UndefinedError, NotUnderstoodError):
        return None
    if not all(isinstance(v, fmpq) for v in values):
        return None
    return fmpq_mat(len(rows), len(rows[0]), values)
