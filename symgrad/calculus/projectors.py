"""Forms that books print with what a network names: (1/s) (I - 𝟏 𝟏ᵀ/n - x̂ x̂ᵀ/n), (I - u uᵀ)/‖v‖, diag(p) - p pᵀ.

What an equation divides is written by the quotient that it defines, x - mean(x) by s x̂ where x̂ = (x - mean(x))/s; a
softmax, a mean, a norm by the quantity that is one. A form is taken where fewer letters stand in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import DIV, Apply, Expression
from symgrad.algebra.expression_tree import applications, quantities
from symgrad.algebra.index import Index, Position
from symgrad.algebra.linear_map import Column, Compose, Diagonal, LinearMap, Matrix, Named, Sum, Transpose
from symgrad.algebra.substitution import substitute
from symgrad.calculus.annihilated import without_vanishing
from symgrad.calculus.collected.collected import collected
from symgrad.calculus.mixture import with_mean
from symgrad.calculus.normal.term import Term, written
from symgrad.calculus.normal.total import term
from symgrad.calculus.output import by_name
from symgrad.calculus.rank import rank
from symgrad.calculus.shares import by_shares
from symgrad.calculus.simplified import extent
from symgrad.network.network import Network
from symgrad.ops.unit import Unit


@dataclass(frozen=True)
class Quotient:
    """``target = above/below``, an equation that divides an array by a number."""

    target: Expression
    above: Expression
    below: Expression
    index: Position | None
    """That of the equation, which its three parts follow."""

    def at(self, symbol: str, position: Position) -> Quotient:
        """Return the equation of one step."""
        target, above, below = (substitute(e, {symbol: position}) for e in (self.target, self.above, self.below))
        return Quotient(target, above, below, position)


def letters(m: LinearMap) -> int:
    """Return how many letters stand in a map as it is printed; a name is one."""
    match m:
        case Named() | Transpose(Named()):
            return 1
        case Compose(maps) | Sum(maps):
            return sum(map(letters, maps))
    return sum(extent(e)[0] for e in map_tree.expressions(m))


@lru_cache(maxsize=64)
def quotients(network: Network) -> tuple[Quotient, ...]:
    """Return the equations of a network that divide an array by a number, and the calls of units that do."""
    return tuple(_quotients(network))


def _quotients(network: Network) -> Iterator[Quotient]:
    for e in network.equations:
        calls = [a for a in applications(e.value) if isinstance(a.op.record, Unit) and a != e.value]
        for target, value in [(e.target, e.value), *((a, a) for a in calls)]:
            if isinstance(value, Apply) and isinstance(value.op.record, Unit):
                value = value.op.record.at(value.arguments, tuple(map(network.shape_of, value.arguments)))
            match value:
                case Apply(op, (above, below)) if op == DIV and rank(network, above) == 1 and not rank(network, below):
                    yield Quotient(target, by_name(network, above), by_name(network, below), e.target.index)


def as_printed(network: Network, m: LinearMap, local: bool = False) -> LinearMap:
    """Return a map collected, and with what the network names by its names, where that is shorter.

    local: it is the Jacobian of one equation. What that divides stays as it is where its mean and its deviation are
    quantities: they have derivatives of their own.
    """
    given, m = m, by_shares(network, collected(network, m))
    for quotient in quotients(network):
        if local and not _has_statistics(quotient.below):
            continue
        given = _written_by(network, given, quotient)
        found = min((collected(network, x) for x in (given, _written_by(network, m, quotient))), key=letters)
        if letters(found) < letters(m):
            m = found
    m = without_vanishing(network, m, [(q.target, q.above, q.below) for q in quotients(network)])
    return with_mean(network, m, lambda x: by_shares(network, collected(network, x)))


def _has_statistics(e: Expression) -> bool:
    return any(a.op.kind == "reduction" for a in applications(e))


def _written_by(network: Network, m: LinearMap, quotient: Quotient) -> LinearMap:
    def leaf(x: LinearMap) -> LinearMap | None:
        match x:
            case Column(v):
                return Column(_factor_by(network, v, quotient))
            case Diagonal(v):
                return M.diagonal(_factor_by(network, v, quotient))
            case Matrix() | Named():
                return x
        return None

    return map_tree.replaced(m, leaf)


def _factor_by(network: Network, e: Expression, quotient: Quotient) -> Expression:
    """Return an expression with target·below in the place of the factor ``above``."""
    t = term(network, e)
    for base, n in t.factors.items():
        found = _matching(network, base, quotient)
        if n == 1 and found is not None:
            rest = Term(t.number, {b: k for b, k in t.factors.items() if b != base}, t.axes)
            return written(network, rest * Term(Fraction(1), {found.target: n}, t.axes) * term(network, found.below))
    return e


def _matching(network: Network, e: Expression, quotient: Quotient) -> Quotient | None:
    """Return the equation at the step at which it divides e."""
    if not isinstance(quotient.index, Index):
        return quotient if quotient.above == e else None
    symbol = quotient.index.symbol
    read = next((q.index for q in quantities(quotient.above) if isinstance(q.index, Index)), None)
    for q in quantities(e):
        if read is not None and q.index is not None:
            found = quotient.at(symbol, q.index - read.offset)
            if found.above == e:
                return found
    return None
