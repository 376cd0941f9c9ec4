"""The rules for norms, on linear maps; their proofs stand in ``symgrad.numbers.bound.bound``."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Apply, Expression, Number
from symgrad.algebra.index import Index, Position
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    Identity,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
    Zero,
)
from symgrad.calculus.annihilated import contracted
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.cotangent import is_of_softmax_rows
from symgrad.calculus.projectors import as_printed, quotients
from symgrad.calculus.unfold import unfolded
from symgrad.errors import NotDefined
from symgrad.numbers.bound.assumptions import Assumptions
from symgrad.numbers.bound.entry_rules import EntryRules
from symgrad.numbers.bound.size import NOTHING, UNIT, Size, number, over, product, root, total
from symgrad.ops.linear import SOFTMAX

NORMS = ("spectral", "frobenius", "infinity")

Ranks = int | tuple[Any, ...]
"""What a map acts on: a scalar (0), a vector (1), a matrix (2), or the parts of a block."""


class Rules(EntryRules):
    """The rules for one closed form, one set of assumptions, one norm."""

    def __init__(self, form: ClosedForm, known: Assumptions, norm: str) -> None:
        super().__init__(form, known, norm)

    def bound(self) -> Size:
        """Return a bound of the closed form."""
        m = self.form.map
        return self.frobenius(m) if self.norm == "frobenius" else self.induced(m)

    # --- spectral and infinity norm; for a Frobenius bound the spectral norm, in Frobenius norms of matrices

    def induced(self, m: LinearMap) -> Size:
        """Return a bound of the norm of a map as an operator."""
        match m:
            case Zero():
                return NOTHING
            case Identity() | Swap():
                return UNIT
            case Scale(e) | Diagonal(e):
                return self.entries(e)
            case Matrix(A):
                return self.matrix(A)
            case Column(v):
                return self.vector(v)
            case Right(B):
                return self.matrix(B, flip=True) if self.rank(B) == 2 else self.vector(B, flip=True)
            case Transpose(Matrix(A)):
                return self.matrix(A, flip=True)
            case Transpose(Column(v)):
                return self.vector(v, flip=True)
            case Transpose(Right(B)):
                return self.matrix(B) if self.rank(B) == 2 else self.vector(B)
            case Transpose(Named(_, _, inner)):
                return self.induced(M.transpose(inner))
            case Named(_, _, inner):
                return self.induced(inner)
            case Compose(maps):
                return product(self.induced(x) for x in maps)
            case Sum(maps) if _is_softmax(maps):
                return number(Fraction(1, 2))
            case Sum() if (factor := self._of_normalisation(m)) is not None:
                return self.entries(factor)
            case Sum(maps):
                return total(self.induced(x) for x in maps)
            case Block(rows):
                return total(self.induced(x) for r in rows for x in r)
            case Product(symbol, lower, upper, body) | IndexedSum(symbol, lower, upper, body):
                kind = "product" if isinstance(m, Product) else "sum"
                with self.running(symbol, lower):
                    return over(kind, symbol, lower, upper, self.induced(body))
        raise NotDefined(
            f"no rule bounds the norm of a map of the kind {type(m).__name__}",
            todo="bound the derivative at numbers: evaluate it, or enclose it",
        )

    def _of_normalisation(self, m: LinearMap) -> Expression | None:
        """Return c where m is c P with a symmetric matrix P that makes no vector longer; None for any other map."""
        divided = [(q.target, q.above, q.below) for q in quotients(self.network)]
        if self.norm == "infinity" or not divided:
            return None
        return contracted(self.network, as_printed(self.network, unfolded(self.network, m, "folded")), divided)

    # --- Frobenius norm

    def frobenius(self, m: LinearMap) -> Size:
        """Return a bound of the Frobenius norm of a map from ``wrt`` to ``of``."""
        if isinstance(m, Named):
            return self.frobenius(m.map)
        if isinstance(m, Sum) and not _is_softmax(m.maps):
            return total(self.frobenius(x) for x in m.maps)
        found = self.carried(m, len(self.network.shape(self.form.wrt)))
        return found if found is not None else self.root_of_rank() * self.induced(m)

    def carried(self, m: LinearMap, on: Ranks) -> Size | None:
        """Return a bound of the Frobenius norm from a factor that has one; None where there is none.

        on: the ranks of what m acts on; W dM for a matrix dM of k columns has the norm √k ‖W‖_F, which is not used.
        """
        match m:
            case Zero():
                return NOTHING
            case Column() | Transpose(Column()):
                return self.induced(m)
            case Matrix() | Transpose(Matrix()):
                return self.whole(m) if on == 1 else None
            case Named(_, _, inner):
                return self.carried(inner, on)
            case Transpose(Named(_, _, inner)):
                return self.carried(M.transpose(inner), on)
            case Compose(maps):
                for i in reversed(range(len(maps))):
                    found = self.carried(maps[i], on)
                    if found is not None:
                        return product(found if k == i else self.induced(x) for k, x in enumerate(maps))
                    on = self.after(maps[i], on)
                return None
            case Sum(maps) if not _is_softmax(maps):
                return _all(self.carried(x, on) for x in maps)
            case Block(rows):
                parts = on if isinstance(on, tuple) else (on,)
                return _all(self.carried(x, n) for r in rows for x, n in zip(r, parts, strict=True))
            case Product(symbol, lower, upper, body) if not self.may_be_empty(lower, upper):
                with self.running(symbol, lower):
                    found = self.carried(body, on)
                return None if found is None else over("product", symbol, lower, upper, found)
            case IndexedSum(symbol, lower, upper, body):
                with self.running(symbol, lower):
                    found = self.carried(body, on)
                return None if found is None else over("sum", symbol, lower, upper, found)
        return None

    def whole(self, m: LinearMap) -> Size | None:
        """Return the Frobenius norm of a matrix that acts on a vector; None where a multiple of I is in it."""
        A = m.A if isinstance(m, Matrix) else m.of.A  # type: ignore[attr-defined]  # a transposed matrix
        return None if self.mentions_identity(A) else self.induced(m)

    def after(self, m: LinearMap, on: Ranks) -> Ranks:
        """Return the ranks of what a map gives, from those of what it acts on."""
        match m:
            case Column(v):
                return self.rank(v)
            case Transpose(Column()):
                return 0
            case Right(B):
                return self.rank(B)
            case Transpose(Right()):
                return 2
            case Named(_, _, inner):
                return self.after(inner, on)
            case Transpose(Named(_, _, inner)):
                return self.after(M.transpose(inner), on)
            case Compose(maps):
                for x in reversed(maps):
                    on = self.after(x, on)
                return on
            case Sum(maps):
                return self.after(maps[0], on)
            case IndexedSum(_, _, _, body):
                return self.after(body, on)
            case Block(rows):
                parts = on if isinstance(on, tuple) else (on,)
                out = tuple(self._row(r, parts) for r in rows)
                return out if len(out) > 1 else out[0]
        return on

    def _row(self, row: tuple[LinearMap, ...], parts: tuple[Any, ...]) -> Ranks:
        found = [self.after(x, n) for x, n in zip(row, parts, strict=True) if not isinstance(x, Zero)]
        return found[0] if found else 0

    def root_of_rank(self) -> Size:
        """Return √r, where the Jacobian has r rows, or columns."""
        shapes = [self.network.shape(q) for q in (self.form.of, self.form.wrt)]
        shape = min(shapes, key=lambda s: (len(s), *(d if isinstance(d, int) else 0 for d in s)))
        return product(map(root, shape))

    def may_be_empty(self, lower: Position, upper: Position) -> bool:
        """Tell whether a product may have no factor: it is the identity then."""
        if isinstance(lower, int) and isinstance(upper, Index):
            return self.least(upper) < lower
        return not (isinstance(lower, int) and isinstance(upper, int) and lower <= upper)


def _is_softmax(maps: tuple[LinearMap, ...]) -> bool:
    """Tell diag(p) - p pᵀ with p = softmax(x), and what is that of each row."""
    if is_of_softmax_rows(Sum(maps)) and isinstance(maps[0], Diagonal):
        return isinstance(maps[0].v, Apply) and maps[0].v.op == SOFTMAX
    match maps:
        case (Diagonal(p), Compose((Scale(Number(q)), Column(left), Transpose(Column(right))))):
            return q == -1 and p == left == right and isinstance(p, Apply) and p.op == SOFTMAX
    return False


def _all(sizes: Iterable[Size | None]) -> Size | None:
    found = list(sizes)
    return None if None in found else total(s for s in found if s is not None)
