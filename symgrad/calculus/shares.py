"""What is divided by a sum, by its name: exp(z_i)/Σ_j exp(z_j) is p_i where an equation says so, (1/Z) Σ_j exp(z_j) u_j
is Σ_j p_j u_j.

A quotient of numbers is written by the member that it is, also where the number below stands in front of a sum whose
terms have what stands above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import DIV, Apply, Expression, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import Compose, IndexedSum, LinearMap, Scale, Sum
from symgrad.algebra.substitution import plain_letters, substitute
from symgrad.calculus.normal.term import Term, written
from symgrad.calculus.normal.total import term
from symgrad.calculus.rank import rank
from symgrad.network.network import Network


@dataclass(frozen=True)
class Share:
    """target = above/below, an equation of numbers for each member of a family; below is the same for all."""

    target: Quantity
    above: Expression
    below: Expression

    def member(self, e: Expression) -> Expression | None:
        """Return the target at the letters for which ``above`` is e, None where it never is."""
        letters = [p.symbol for p in self.target.indices if isinstance(p, Index)]
        for read in quantities(e):
            for own in quantities(self.above):
                if own.name != read.name or len(own.indices) != len(read.indices):
                    continue
                pairs = zip(own.indices, read.indices, strict=True)
                at = {p.symbol: r - p.offset for p, r in pairs if isinstance(p, Index) and p.symbol in letters}
                if at and substitute(self.above, at) == e:
                    return substitute(self.target, at)
        return None


def shares(network: Network) -> Iterator[Share]:
    """Yield the equations of a network that divide a number of each member by one that all have."""
    for e in network.equations:
        match e.value:
            case Apply(op, (above, below)) if op == DIV and not rank(network, above) and not rank(network, below):
                letters = {p.symbol for p in e.target.further if isinstance(p, Index)}
                if letters and not letters & map_tree.free_symbols(Scale(below)):
                    yield Share(e.target, above, plain_letters(below))


def by_shares(network: Network, m: LinearMap) -> LinearMap:
    """Return a map with the shares by their names."""
    for share in shares(network):
        m = _written(network, m, share)
    return m


def _written(network: Network, m: LinearMap, share: Share) -> LinearMap:
    match m:
        case Sum() | IndexedSum():
            return map_tree.rebuilt(m, lambda x: _written(network, x, share))
        case Scale() | Compose():
            maps = m.maps if isinstance(m, Compose) else (m,)
            number = Term(Fraction(1))
            for x in maps:
                number = number * term(network, x.c) if isinstance(x, Scale) else number
            rest = [_written(network, x, share) for x in maps if not isinstance(x, Scale)]
            number, rest = _named(number, rest, network, share)
            return M.compose(M.scale(written(network, number)), *rest)
    return m


def _named(number: Term, rest: list[LinearMap], network: Network, share: Share) -> tuple[Term, list[LinearMap]]:
    """Return a number and the maps behind it, with each member that can be named by its name."""
    while (
        below := next((e for e, n in number.factors.items() if n < 0 and plain_letters(e) == share.below), None)
    ) is not None:
        above = next((e for e, n in number.factors.items() if n > 0 and share.member(e) is not None), None)
        if above is not None:
            member = share.member(above)
            assert member is not None  # as it was a line before
            number = number * Term(Fraction(1), {above: Fraction(-1), below: Fraction(1)}) * term(network, member)
            continue
        for i, x in enumerate(rest):
            if isinstance(x, Sum | IndexedSum) and (inside := _inside(network, x, below, share)) is not None:
                number = number * Term(Fraction(1), {below: Fraction(1)})
                rest = [*rest[:i], inside, *rest[i + 1 :]]
                break
        else:
            break
    return number, rest


def _inside(network: Network, m: LinearMap, below: Expression, share: Share) -> LinearMap | None:
    """Return m/below where each of its terms is a member by its name then, else None."""
    match m:
        case Sum(maps):
            terms = [_inside(network, x, below, share) for x in maps]
            return None if None in terms else M.add(*[t for t in terms if t is not None])
        case IndexedSum():
            body = _inside(network, m.body, below, share)
            return None if body is None else M.summed(m.range, body)
    divided = M.compose(Scale(1 / below), m)
    found = _written(network, divided, share)
    numbers = [x.c for x in (found.maps if isinstance(found, Compose) else (found,)) if isinstance(x, Scale)]
    left = any(plain_letters(f) == share.below and n < 0 for c in numbers for f, n in term(network, c).factors.items())
    return None if left else found
