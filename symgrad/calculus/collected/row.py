"""Rows and columns with their numbers, and the matrices in them, in front: (2 A x)ᵀ is 2 xᵀ Aᵀ."""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import NEG, Apply, Expression, Number
from symgrad.algebra.linear_map import Column, LinearMap, Transpose
from symgrad.calculus.normal.term import Term, scalars_apart, written
from symgrad.calculus.normal.total import term
from symgrad.calculus.rank import rank
from symgrad.calculus.simplified import simplified
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL


def row_of(network: Network, v: Expression) -> LinearMap:
    """Return the row vᵀ as a number, a row and the matrices after it: (2 A x)ᵀ is 2 xᵀ Aᵀ."""
    axes = rank(network, v)
    front, rest = scalars_apart(network, term(network, simplified(network, v)))
    number = M.scale(written(network, front))
    match rest:
        case Apply(op, (x, y)) if op == MATMUL and axes == 1:
            if rank(network, x) == 2:
                return M.compose(number, row_of(network, y), M.transpose(M.matrix(x)))
            return M.compose(number, row_of(network, x), M.matrix(y))
    return M.compose(number, Transpose(Column(rest)))


def number_first(network: Network, m: LinearMap) -> LinearMap:
    """Return a column with its number and its scalar factors in front."""
    match m:
        case Column(v):
            front, rest = scalars_apart(network, term(network, v))
            return M.compose(M.scale(written(network, front)), Column(rest)) if front != Term(Fraction(1)) else m
    return m


def signed_scale(c: Expression) -> LinearMap:
    """Return dx -> c dx with the sign as a number in front."""
    match c:
        case Apply(op, (x,)) if op == NEG:
            return M.compose(M.scale(Number(Fraction(-1))), M.scale(x))
    return M.scale(c)
