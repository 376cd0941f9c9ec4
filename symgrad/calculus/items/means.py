"""Sums over n entries that are divided by n, as means: mean(δ), rowmean(δ ⊙ Y)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symgrad.algebra.expression import DIV, MUL, Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import replaced
from symgrad.algebra.shape import Shape, broadcast
from symgrad.calculus.items.spread import turned
from symgrad.calculus.normal.product import times
from symgrad.calculus.normal.term import ONE, Term, scalars_apart, written
from symgrad.calculus.normal.total import term
from symgrad.calculus.normal.transposition import named
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER, SUM, TRANSPOSE
from symgrad.ops.record import Elementwise
from symgrad.ops.reduction import MEAN, size_of, whole


def with_means(network: Network, e: Expression) -> Expression:
    """Return e with a sum over n entries, divided by n, as their mean: of vectors, of each row, of each column.

    A root, or any function of numbers, of the mean of each row is that of each entry of the matrix that has the mean of
    its row everywhere; (Aᵀ ⊙ Bᵀ) 𝟏 is (A ⊙ B)ᵀ 𝟏.
    """
    return replaced(e, lambda x: _mean(network, x) if isinstance(x, Apply) else None)


def _mean(network: Network, e: Apply) -> Expression | None:
    match e:
        case Apply(op, (A, Constant("1") as ones)) if op == MATMUL and _is_turned(network, A):
            whole = with_means(network, turned(network, A))
            return Apply(MATMUL, (Apply(TRANSPOSE, (whole,)), ones))
        case Apply(op, (v, Constant("1", along) as ones)) if op == OUTER and _is_function(v) and _of_sums(v, along):
            return with_means(network, _in_each_entry(network, v, lambda x: Apply(OUTER, (x, ones))))
        case Apply(op, (Constant("1", along) as ones, v)) if op == OUTER and _is_function(v) and _of_sums(v, along):
            return with_means(network, _in_each_entry(network, v, lambda x: Apply(OUTER, (ones, x))))
    axes = rank(network, e)
    if e.op not in (MUL, DIV) or (axes == 0 and e.op != DIV):
        return None
    front, array = scalars_apart(network, term(network, e)) if axes else (term(network, e), ONE)
    factors = term(network, array).factors if axes else front.factors
    for f, n in factors.items():
        found = _sum_of(network, f) if n == 1 else None
        if found is None:
            continue
        size, mean = found
        without = front if axes else front * Term(Fraction(1), {f: Fraction(-1)})
        rest = without * term(network, size)
        if len(rest.factors) < len(without.factors) or (not term(network, size).factors and rest.number == 1):
            others = written(network, Term(Fraction(1), {b: k for b, k in factors.items() if b != f}, axes))
            inner = mean
            if axes and len(factors) > 1:
                inner = Apply(MUL, (with_means(network, others), inner))
            return inner if rest == Term(Fraction(1)) else Apply(MUL, (written(network, rest), inner))
    return None


def _sum_of(network: Network, e: Expression) -> tuple[Expression, Expression] | None:
    """Return n, and what is the mean of n entries, where e is their sum; None where it is no sum."""
    match e:
        case Apply(op, (Apply(by, (A, Constant("1", along) as ones)), Constant("1", across))) if (op, by) == (
            OUTER,
            MATMUL,
        ):
            sums: Expression = Apply(OUTER, (Apply(MATMUL, (with_means(network, A), ones)), ones))
            return (size_of(along), sums / size_of(along)) if along == across else None
        case Apply(op, (Constant("1", across), Apply(by, (A, Constant("1", along) as ones)))) if (op, by) == (
            OUTER,
            MATMUL,
        ):
            sums = Apply(OUTER, (ones, Apply(MATMUL, (with_means(network, A), ones))))
            return (size_of(along), sums / size_of(along)) if along == across else None
        case Apply(op, (v,)) if op == SUM and rank(network, v) == 1:
            return size_of(network.shape_of(v)), Apply(whole(MEAN), (v,))
        case Apply(op, (u, v)) if op == MATMUL and rank(network, u) == rank(network, v) == 1:
            u, v = (v, u) if named(v) and not named(u) else (u, v)
            return size_of(network.shape_of(v)), Apply(whole(MEAN), (times(network, u, v),))
    return None


def _is_turned(network: Network, e: Expression) -> bool:
    """Tell whether e is a product entry by entry of matrices that are all transposed."""
    return isinstance(e, Apply) and e.op == MUL and all(_turns(network, f) for f in e.arguments)


def _turns(network: Network, e: Expression) -> bool:
    match e:
        case Apply(op, arguments) if op == MUL:
            return all(_turns(network, x) for x in arguments)
        case Apply(op) if op == TRANSPOSE:
            return True
    return False


def _of_sums(e: Expression, along: Shape) -> bool:
    """Tell whether a vector is a function of numbers of A 𝟏, with as many ones as ``along``, and of no other vector."""
    match e:
        case Apply(op, (_, Constant("1", summed))) if op == MATMUL:
            return summed == along
        case Apply(op, arguments) if op.shape is broadcast:
            parts = [x for x in arguments if not isinstance(x, Number | Quantity) and not _is_size(x)]
            return bool(parts) and all(_of_sums(x, along) for x in parts) and op.name not in ("*", "+", "-")
        case Apply(op, (x,)) if op.kind == "function" and isinstance(op.record, Elementwise):
            return _of_sums(x, along)
    return False


def _is_size(e: Expression) -> bool:
    return isinstance(e, Constant) and e.kind == "size"


def _in_each_entry(network: Network, e: Expression, spread: Callable[[Expression], Expression]) -> Expression:
    if isinstance(e, Apply) and e.op != MATMUL:
        return Apply(e.op, tuple(_in_each_entry(network, x, spread) for x in e.arguments))
    return spread(e) if rank(network, e) else e


def _is_function(e: Expression) -> bool:
    return isinstance(e, Apply) and e.op != MATMUL
