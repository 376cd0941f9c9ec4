"""What a normalisation does not see, and that it makes nothing longer.

(1/s) (I - 𝟏 𝟏ᵀ/n - y yᵀ/n) x is 0 where y = (a x - mean(a x))/std(a x): the derivative by the scale a is 0. The matrix
in parentheses is symmetric, and its eigenvalues are 0, 1 and 1 - yᵀ y/n: between 0 and 1 since yᵀ y ≤ n.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symgrad.algebra.expression import ADD, SUB, Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.linear_map import Column, Compose, Identity, LinearMap, Scale, Sum, Transpose
from symgrad.algebra.map_algebra import ZERO
from symgrad.calculus.normal.term import Term, is_ones, scalars_apart
from symgrad.calculus.normal.total import term
from symgrad.calculus.output import definition
from symgrad.network.domain import POSITIVE
from symgrad.network.network import Network
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.function import elementwise_function
from symgrad.ops.reduction import MEAN, NORM, STD, VAR, size_of, whole

Divided = tuple[Expression, Expression, Expression]
"""y, what it divides, and by what: y = (u - mean(u))/std(u), u/norm(u)."""


def without_vanishing(network: Network, m: LinearMap, divided: Sequence[Divided]) -> LinearMap:
    """Return 0 for a product that begins with a normalisation's Jacobian of what it normalises, else m."""
    match m:
        case Compose((*_, Sum() as projector, Column(v))):
            for quotient in divided:
                if _projects(network, projector, quotient) and _is_multiple(network, v, quotient):
                    return ZERO
    return m


def contracted(network: Network, m: LinearMap, divided: Sequence[Divided]) -> Expression | None:
    """Return c where m is c P with the symmetric matrix P of a normalisation, ‖P‖ ≤ 1; None for other maps."""
    match m:
        case Compose((Scale(c), Sum() as projector)):
            for quotient in divided:
                if _projects(network, projector, quotient) and _is_no_longer(network, quotient):
                    return c
    return None


def _is_no_longer(network: Network, quotient: Divided) -> bool:
    """Tell whether yᵀ y ≤ n, or ≤ 1: what is divided by is the deviation, or the root of the variance and more."""
    _, known = _sizes(network, quotient)
    divisor = _meaning(network, quotient[2])
    if divisor in known:
        return True
    match divisor:
        case Apply(op, (Apply(plus, (square, more)),)) if op.name == "sqrt" and plus == ADD:
            return _root(square) in known and _is_positive(network, more)
    return False


def _is_positive(network: Network, e: Expression) -> bool:
    match e:
        case Number(value):
            return value >= 0
        case Quantity():
            return POSITIVE in network.domains(e)
    return False


def _projects(network: Network, m: Sum, quotient: Divided) -> bool:
    """Tell whether m is I - y yᵀ/n, with or without -𝟏 𝟏ᵀ/n, or I - y yᵀ where y has the length 1."""
    target, above, below = quotient
    first, *others = m.maps
    size = term(network, size_of(network.shape_of(target)))
    by_size = Term(Fraction(-1)) * size.power(Fraction(-1))
    centred = isinstance(above, Apply) and above.op == SUB
    divisor = _meaning(network, below)
    is_norm = isinstance(divisor, Apply) and divisor.op == whole(NORM)
    wanted = {target: Term(Fraction(-1)) if is_norm else by_size} | ({ONES: by_size} if centred else {})
    found = [_rank_one(network, x) for x in others]
    if None in found or not isinstance(first, Identity):
        return False
    return dict(f for f in found if f is not None) == wanted and len(found) == len(wanted)


ONES = Constant("1", (0,))
"""Stands for 𝟏 of any length."""


def _rank_one(network: Network, m: LinearMap) -> tuple[Expression, Term] | None:
    """Return v and c of c v vᵀ; None for any other map."""
    maps = m.maps if isinstance(m, Compose) else ()
    scales = [x.c for x in maps if isinstance(x, Scale)]
    match [x for x in maps if not isinstance(x, Scale)]:
        case [Column(v), Transpose(Column(w))] if v == w or (is_ones(v) and is_ones(w)):
            front = Term(Fraction(1))
            for c in scales:
                front = front * term(network, c)
            return (ONES if is_ones(v) else v), front
    return None


def _is_multiple(network: Network, v: Expression, quotient: Divided) -> bool:
    """Tell whether v is a number times what is normalised, with nothing added below the root."""
    u, known = _sizes(network, quotient)
    exact = _meaning(network, quotient[2]) in known
    return exact and _array(network, v) in (_array(network, u), _array(network, _meaning(network, u)))


def _sizes(network: Network, quotient: Divided) -> tuple[Expression, tuple[Expression, ...]]:
    """Return what is normalised, and what it may be divided by so that it has the length √n, or 1."""
    _, above, _ = quotient
    if isinstance(above, Apply) and above.op == SUB:
        u, mean = above.arguments
        if _meaning(network, mean) == Apply(whole(MEAN), (u,)):
            return u, (Apply(whole(STD), (u,)), _root(Apply(whole(VAR), (u,))))
        return u, ()
    return above, (Apply(whole(NORM), (above,)), _root(Apply(whole(MEAN), (above**2,))))


def _root(x: Expression) -> Expression:
    return Apply(elementwise_function("sqrt", ELEMENTWISE["sqrt"]), (x,))


def _meaning(network: Network, e: Expression) -> Expression:
    found = definition(network, e) if isinstance(e, Quantity) else None
    return e if found is None else found


def _array(network: Network, e: Expression) -> Expression:
    """Return what stands behind the number and the scalar factors."""
    return scalars_apart(network, term(network, e))[1]
