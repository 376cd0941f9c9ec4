"""The order of the factors of ∏ on a page: it is the same in every product, so that one sentence says it."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.linear_map import Compose, LinearMap, Named, Product, Transpose
from symgrad.export.maps import in_dots


def ordered_products(m: LinearMap) -> Iterator[Product]:
    """Yield the products whose order the page must say: not those in dots, nor powers of one factor."""
    dots = {x for c in map_tree.parts(m) if isinstance(c, Compose) for x in in_dots(c.maps)}
    yield from (x for x in map_tree.parts(m) if isinstance(x, Product) and x not in dots and not _is_power(x))


def in_order(m: LinearMap, descending: bool) -> LinearMap:
    """Write the products that run the other way as transposes: A_1 A_2 is (A_2ᵀ A_1ᵀ)ᵀ.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.algebra.index import Index
    >>> A = M.Matrix(Quantity("A", Index("j")))
    >>> in_order(Product("j", 1, Index("L"), A, descending=False), True)
    Transpose(of=Product(symbol='j', lower=1, ..., body=Transpose(...), descending=True))
    """
    others = {x for x in ordered_products(m) if x.descending is not descending}

    def turned(x: LinearMap) -> LinearMap | None:
        return Transpose(M.transpose(x)) if x in others else x if isinstance(x, Named) else None

    return map_tree.replaced(m, turned)


def _is_power(m: Product) -> bool:
    return m.body == map_tree.at_index(m.body, {m.symbol: 0})
