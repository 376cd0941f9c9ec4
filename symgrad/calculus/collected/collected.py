"""The normal form of a map between numbers and vectors: (1/2) (2 r)ᵀ is rᵀ, xᵀ Aᵀ + (Aᵀ x)ᵀ is xᵀ (A + Aᵀ).

A row is taken apart into its number and the matrices in it, so that equal terms meet; what cancels is cancelled, as
where the slope of a loss divides by the slope of the output. What does not get shorter by it stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import ADD, SUB, Apply, Number, Quantity
from symgrad.algebra.linear_map import Column, Compose, Diagonal, IndexedSum, LinearMap, Product, Scale, Sum, Transpose
from symgrad.calculus.collected.multiples import one_multiple
from symgrad.calculus.collected.neighbours import product_of_two
from symgrad.calculus.collected.row import number_first, row_of, signed_scale
from symgrad.calculus.collected.through_matrix import through_matrix
from symgrad.calculus.exponential import exponential_of_sum
from symgrad.calculus.layout import is_matrix
from symgrad.calculus.normal.total import content, number_apart, total
from symgrad.calculus.simplified import simplified
from symgrad.network.network import Network


def collected(network: Network, m: LinearMap) -> LinearMap:
    """Return a map with its numbers, its equal terms and its common factors collected.

    >>> from fractions import Fraction
    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_network
    >>> net = read_network("r: (n,)\\nC = r @ r / 2", "square")
    >>> collected(net, M.compose(M.scale(Number(Fraction(1, 2))), M.row(2 * Quantity("r"), net.shape(Quantity("r")))))
    Transpose(of=Column(v=Quantity(name='r', index=None, further=(), ahead=0)))
    """
    match m:
        case Scale(c):
            return signed_scale(simplified(network, c))
        case Diagonal(v):
            return M.diagonal(simplified(network, v))
        case Column(v):
            return Column(simplified(network, v))
        case Transpose(Column(v)):
            return row_of(network, v)
        case Compose(maps):
            return _product(network, M.compose(*[collected(network, x) for x in maps]))
        case Sum():
            from symgrad.calculus.collected.terms import common_row, each_kind_as_one, shared_in_front

            return shared_in_front(
                network, common_row(each_kind_as_one(network, map_tree.rebuilt(m, lambda x: collected(network, x))))
            )
        case Transpose():
            return m
        case IndexedSum():
            return _before_sum(network, map_tree.rebuilt(m, lambda x: collected(network, x)))
        case Product(symbol, lower, upper, body):
            body = collected(network, body)
            exponential = exponential_of_sum(network, symbol, lower, upper, body)
            return map_tree.product(symbol, lower, upper, body, m.descending) if exponential is None else exponential
    return map_tree.rebuilt(m, lambda x: collected(network, x))


def _before_sum(network: Network, m: LinearMap) -> LinearMap:
    """Return Σ_k q A_k, with a number q, as q Σ_k A_k; a sum of maps of matrices is written by its terms."""
    if not isinstance(m, IndexedSum) or not is_matrix(network, m.body):
        return m
    number, rest = M.number_apart(m.body)
    return M.compose(M.scale(Number(number)), replace(m, body=rest)) if number != 1 else m


def _product(network: Network, m: LinearMap) -> LinearMap:
    """Return a product with its neighbours that cancel made one, and its multiples as one where that is shorter."""
    m = through_matrix(network, m)
    if not isinstance(m, Compose):
        return m
    kept: list[LinearMap] = []
    whole = M.compose(*[number_first(network, x) for x in m.maps])
    for x in whole.maps if isinstance(whole, Compose) else (whole,):
        pending: LinearMap | None = x
        while pending is not None and kept:
            two = M.compose(*kept[-2:])
            for left in ([two] if len(kept) > 1 else []) + [kept[-1]]:
                met = product_of_two(network, left, pending)
                if met is not None:
                    break
            if met is None:
                break
            del kept[-(2 if left is two else 1) :]
            pending = met
        if pending is not None:
            kept += pending.maps if isinstance(pending, Compose) else [pending]
    return _without_sign(network, _without_fraction(network, one_multiple(network, M.compose(*kept))))


def _without_fraction(network: Network, m: LinearMap) -> LinearMap:
    """Return (1/2) (2 x - 2 y)ᵀ as (x - y)ᵀ: a fraction in front meets the number that all terms of a row have."""
    match m:
        case Compose((Scale(Number(q)), *others)) if q.denominator != 1:
            for i, x in enumerate(others):
                number, rest = _number_of_sum(network, x)
                if (q * number).denominator < q.denominator:
                    return M.compose(M.scale(Number(q * number)), *others[:i], rest, *others[i + 1 :])
    return m


def _number_of_sum(network: Network, m: LinearMap) -> tuple[Fraction, LinearMap]:
    """Return the number that the terms of a sum, or of a row, share, and the rest."""
    match m:
        case Transpose(Column(Apply(op) as v)) if op in (ADD, SUB):
            number, rest = number_apart(network, v)
            return number, Transpose(Column(rest))
        case Sum(maps):
            parts = [M.number_apart(x) for x in maps]
            number = content([n for n, _ in parts])
            return number, M.add(*[M.compose(M.scale(Number(n / number)), x) for n, x in parts])
    return Fraction(1), m


def _without_sign(network: Network, m: LinearMap) -> LinearMap:
    """Return -(y - x)ᵀ as (x - y)ᵀ, and -2 c (y - x)ᵀ as 2 c (x - y)ᵀ where these are quantities."""
    match m:
        case Compose((Scale(Number(q)), *others)) if q < 0:
            number = Scale(Number(-q))
            for i, x in enumerate(others):
                match x:
                    case Transpose(Column(Apply(op, (a, b)) as v)) if op == SUB:
                        if (q != -1 or i) and not (isinstance(a, Quantity) and isinstance(b, Quantity)):
                            break
                        turned = Transpose(Column(total(network, -v)))
                        return M.compose(M.scale(number.c), *others[:i], turned, *others[i + 1 :])
                    case Scale():
                        continue
                break
    return m
