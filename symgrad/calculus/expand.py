"""Write indexed products and sums out, factor by factor, where their bounds are numbers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Constant, Number
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    IndexedSum,
    LinearMap,
    Product,
    Scale,
    Sum,
    Transpose,
    inside_unopened,
)

LARGEST_PRODUCT = 10_000
"""Layers up to which a product is written out; a longer one stays ∏, with numbers for its bounds."""
SHORT = 40
"""Bits of a power of a number that is written as one number."""
LARGEST_SUM = 10_000
"""Factors up to which a sum over the steps is written out."""


def expand(m: LinearMap, largest: int = LARGEST_SUM, longest: int = LARGEST_PRODUCT) -> LinearMap:
    """Return m with its products and sums written out; long ones stay folded.

    largest: factors up to which a sum is written out; longest: layers up to which a product is.

    ∏_{j=2}^{4} f_j becomes f_4 f_3 f_2: exact, in time linear in the number of factors.
    """
    match m:
        case Compose():
            return _with_ones_absorbed(map_tree.rebuilt(m, lambda x: expand(x, largest, longest)))
        case Product(symbol, int(lower), int(upper), body, descending):
            if body == map_tree.at_index(body, {symbol: 0}):
                return m  # a power
            if upper - lower >= longest:
                return m
            number, rest = M.number_apart(body)
            indices = range(upper, lower - 1, -1) if descending else range(lower, upper + 1)
            written = expand(rest, largest, longest)
            one = factors(written)
            each: Iterable[LinearMap] = (map_tree.at_index(x, {symbol: j}) for j in indices for x in one)
            if any(
                isinstance(x, Product | IndexedSum) for x in map_tree.parts(written)
            ):  # their bounds may be numbers now
                each = (expand(x, largest, longest) for x in each)
            return M.compose(_power(number, symbol, lower, upper), *each)
        case IndexedSum(symbol, int(lower), int(upper), body) if (upper - lower + 1) ** 2 * leaves(body) <= 2 * largest:
            numbers = list(m.range.numbers({})) if not m.range.free else None
            if numbers is None:
                return map_tree.rebuilt(m, lambda x: expand(x, largest, longest))
            return M.add(*[expand(map_tree.at_index(body, {symbol: k}), largest, longest) for k in numbers])
        case Sum() | Block() | IndexedSum():
            return map_tree.rebuilt(m, lambda x: expand(x, largest, longest))
    return m


def _with_ones_absorbed(m: LinearMap) -> LinearMap:
    """Write 1^T diag(v) as v^T."""
    if not isinstance(m, Compose) or not any(type(x) is Transpose for x in m.maps):
        return m
    maps: list[LinearMap] = []
    for x in m.maps:
        match maps, x:
            case [*_, Transpose(Column(Constant("1")))], Diagonal(v):
                maps[-1] = Transpose(Column(v))
            case _:
                maps.append(x)
    return M.compose(*maps)


def _power(q: Fraction, symbol: str, lower: int, upper: int) -> LinearMap:
    """Return q^(upper - lower + 1): a number where it is short, else a power, which any page can hold."""
    n = upper - lower + 1
    if n * max(q.numerator.bit_length(), q.denominator.bit_length()) > SHORT and abs(q) != 1:
        return map_tree.product(symbol, lower, upper, M.scale(Number(q)))
    return M.scale(Number(q**n))


MINUS = Scale(Number(Fraction(-1)))


def leaves(m: LinearMap) -> int:
    """Count the leaves of a map as it stands; a sign is none."""
    return sum(not inside_unopened(x) and x != MINUS for x in map_tree.parts(m))


def factors(m: LinearMap) -> tuple[LinearMap, ...]:
    """Return the factors of a product, the leftmost first."""
    return m.maps if isinstance(m, Compose) else (m,)
