"""Vectors that stand in every column, or in every row, of a matrix: v 𝟏ᵀ and 𝟏 vᵀ.

A factor that is the same in a whole row stands before a sum over rows: (A ⊘ (s 𝟏ᵀ)) 𝟏 is (A 𝟏) ⊘ s.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symgrad.algebra.expression import ADD, DIV, MUL, NEG, SUB, Apply, Constant, Expression
from symgrad.calculus.normal.term import Term, is_ones, written
from symgrad.calculus.normal.total import normal, summands, term
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER, SUM, TRANSPOSE

ONE_ENTRY = Constant("1", (1,))
"""𝟏 of one entry: v 𝟏ᵀ is a vector as a matrix of one column, A 𝟏 a matrix of one column as a vector."""


def spread(e: Expression) -> tuple[Expression, int] | None:
    """Return v and 0 of v 𝟏ᵀ, v and 1 of 𝟏 vᵀ; None for what is neither."""
    match e:
        case Apply(op, (v, Constant("1"))) if op == OUTER and not is_ones(v):
            return v, 0
        case Apply(op, (Constant("1"), v)) if op == OUTER and not is_ones(v):
            return v, 1
        case Apply(op, (A, Constant("1", (1, _)))) if op == MATMUL:  # A has one column
            return Apply(MATMUL, (A, ONE_ENTRY)), 0
        case Apply(op, (Constant("1", (_, 1)), A)) if op == MATMUL:
            return Apply(MATMUL, (Apply(TRANSPOSE, (A,)), ONE_ENTRY)), 1
    return None


def factor_apart(network: Network, e: Expression) -> Expression:
    """Return an operation on what is in this form, with each spread vector as a factor, and sums normal."""
    match e:
        case Apply(op) if op in (ADD, SUB) and rank(network, e) == 2:
            return normal(network, e)
        case Apply(op, (x,)) if op == SUM:
            return Apply(op, (normal(network, x),))
        case Apply(op, (x,)) if op == TRANSPOSE and rank(network, x) == 2:
            return turned(network, x)
        case Apply(op, (Constant("1", (_,)), A)) if op == MATMUL and rank(network, A) == 2:
            return factor_apart(network, Apply(MATMUL, (turned(network, A), e.arguments[0])))
        case Apply(op, (A, Constant("1", (_,)) as ones)) if op == MATMUL and rank(network, A) == 2:
            return _sums(network, A, ones)
        case Apply(op, (A, Constant("1", (n, 1)))) if op == MATMUL and n != 1:  # a sum over rows that keeps its axis
            e = Apply(OUTER, (_sums(network, A, Constant("1", (n,))), ONE_ENTRY))
        case Apply(op, (Constant("1", (1, m)), A)) if op == MATMUL and m != 1:
            e = Apply(OUTER, (ONE_ENTRY, _sums(network, turned(network, A), Constant("1", (m,)))))
    if (found := spread(e)) is None or not isinstance(e, Apply):
        return e
    v, place = found
    one = e.arguments[1 - place]
    if e.op == MATMUL and isinstance(one, Constant):
        one = Constant("1", (one.shape[1 - place],))
        e = _along(v, one, place)
    parts = term(network, v)
    factors = {(_along(x, one, place) if rank(network, x) else x): n for x, n in parts.factors.items()}
    return written(network, Term(parts.number, factors, 2)) if factors != {e: 1} else e


def _along(v: Expression, one: Expression, place: int) -> Expression:
    """Return v 𝟏ᵀ for place 0, 𝟏 vᵀ for place 1."""
    return Apply(OUTER, (v, one) if place == 0 else (one, v))


def turned(network: Network, e: Expression) -> Expression:
    """Return eᵀ, of sums and of products entry by entry by their parts."""
    match e:
        case Apply(op, arguments) if (op in (ADD, SUB, MUL, DIV, NEG) or op.name == "power") and rank(network, e) == 2:
            return Apply(op, tuple(turned(network, a) for a in arguments))
    return transposed(network, e)


def _sums(network: Network, A: Expression, ones: Expression) -> Expression:
    """Return A 𝟏, the factors in front that are the same in a whole row."""
    terms = list(summands(network, A))
    if len(terms) != 1:
        return Apply(MATMUL, (A, ones))
    [t] = terms
    same = {f: n for f, n in t.factors.items() if (found := spread(f)) is not None and found[1] == 0}
    if not same:
        return Apply(MATMUL, (A, ones))
    rest = written(network, replace(t, factors={f: n for f, n in t.factors.items() if f not in same}))
    front = {spread(f)[0]: n for f, n in same.items()}  # type: ignore[index]  # they are spread
    return written(network, Term(Fraction(1), front, 1) * term(network, Apply(MATMUL, (rest, ones))))
