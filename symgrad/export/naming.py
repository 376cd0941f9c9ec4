"""Give long Jacobians a name in the product: J_j, ∂h_j/∂h_{j-1}; what they are is written below it.

The Jacobian of one step of several states is a block matrix, J_j, with the entries ∂⁺c_j/∂h_{j-1}. A long
Jacobian of a single state keeps its name, ∂h_j/∂h_{j-1}, and so do long entries of a row or a column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Number, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Position
from symgrad.algebra.linear_map import (
    Block,
    Compose,
    Identity,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Scale,
    Sum,
    Transpose,
)
from symgrad.algebra.map_tree import unnamed
from symgrad.algebra.tree import walk
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.collected.collected import collected
from symgrad.calculus.collected.neighbours import covariance_of
from symgrad.calculus.expand import leaves
from symgrad.calculus.layout import is_matrix
from symgrad.calculus.state import components
from symgrad.export.names import BLOCKS

LONG = 5
"""Leaves from which a map gets a name of its own."""


@dataclass(frozen=True)
class Step:
    """The block matrix that a letter stands for, at the index ``symbol`` or at the one position it has."""

    block: LinearMap
    symbol: str | None

    def at(self, position: Position) -> LinearMap:
        """Return the block matrix of one step."""
        return self.block if self.symbol is None else map_tree.at_index(self.block, {self.symbol: position})


class Naming:
    """The map of a closed form with its long parts named, and the block matrices behind the letters."""

    def __init__(self, closed: ClosedForm, layout: str) -> None:
        self.closed, self.layout, self.network = closed, layout, closed.network
        self.steps: dict[str, Step] = {}
        same = unnamed(closed.named) == unnamed(closed.map)
        self.map = self._name(closed.named, None) if same else closed.map

    @cached_property
    def _fixed(self) -> set[str]:
        """The states of which every step reads one by its number, s[0], and some step the one before.

        ∂⁺s_1/∂s_0 of the one way would be the name of the other.
        """
        read = {q for e in self.network.steps for q in quantities(e.value)}
        return {q.name for q in read if isinstance(q.index, int) and q.name in self.network.lags}

    def block(self, q: Quantity) -> LinearMap | None:
        """Return what J_j stands for, if q is such a letter."""
        return self.steps[q.name].at(q.index) if q.name in self.steps and q.index is not None else None

    def _name(self, m: LinearMap, summed: str | None) -> LinearMap:
        """Name the long parts of m; ``summed`` is the index of the sum that m stands in."""
        match m:
            case Compose() | Sum():
                return map_tree.rebuilt(m, lambda x: self._name(x, summed))
            case IndexedSum(symbol):
                return map_tree.rebuilt(m, lambda x: self._name(x, symbol))
            case Product(symbol, lower, upper, Block() as body, descending):
                leaf = self._letter(self._entries(body), symbol, Index(symbol))
                return map_tree.product(symbol, lower, upper, leaf, descending)
            case Product(symbol, lower, upper, Named(of, wrt, inner, scope) as body, descending):
                written = unnamed(inner)
                # a map of matrices has no factors that stand side by side: it keeps its name
                whole = Named(of, wrt, written, scope)
                leaf = self._name(body, summed) if is_matrix(self.network, written) else whole
                return map_tree.product(symbol, lower, upper, leaf, descending)
            case Product():
                return map_tree.rebuilt(m, lambda x: self._name(x, summed))
            case Block(rows) if len(rows) == len(rows[0]) > 1:
                position = next(n.of.index for n in map_tree.names(m) if n.of.index is not None)
                return self._letter(self._entries(m), None, position)
            case Block(rows):
                long = any(_is_long(unnamed(n.map)) for n in map_tree.names(m))
                return self._entries(m) if long else self._short(m, summed)
            case Named(of, wrt, inner, scope):
                is_whole = (of, wrt) == (self.closed.of, self.closed.wrt)
                each = scope == "step" and isinstance(of.index, Index) and of.index.symbol == summed
                parts = self._parts(m, inner)
                if (
                    not each
                    and scope != "equation"
                    and next(map_tree.names(parts), None) is not None
                    and not _is_long(parts)
                ):
                    return parts
                written = unnamed(inner)
                kept = each or (self._stays_long(of, written) and scope != "equation" and not is_whole)
                return Named(of, wrt, written, scope) if kept and not _defines_itself(m) else written
        return m

    def _stays_long(self, of: Quantity, m: LinearMap) -> bool:
        """Tell whether a map is long; that of a number, which is a row, also where its terms are collected."""
        return _is_long(m) and (bool(self.network.shape(of)) or _is_long(collected(self.network, m)))

    def _parts(self, whole: Named, m: LinearMap) -> LinearMap:
        """Return what a name stands for with the names of its long parts, ∂u_l/∂x_{l-1} of a normalisation."""
        match m:
            case Named(of, wrt, inner, scope):
                kept = scope == "total" and (of, wrt) != (whole.of, whole.wrt) and _is_long(unnamed(inner))
                return Named(of, wrt, unnamed(inner), scope) if kept else self._parts(whole, inner)
            case Compose() | Sum():
                return map_tree.rebuilt(m, lambda x: self._parts(whole, x))
        return unnamed(m)

    def _short(self, m: Block, summed: str | None) -> LinearMap:
        """Return a row or a column with its entries written out."""
        return Block(tuple(tuple(self._one(self._name(x, summed)) for x in r) for r in m.rows))

    def _entries(self, m: Block) -> LinearMap:
        """Return a block matrix with its entries named."""
        return Block(tuple(tuple(self._one(x) for x in r) for r in m.rows))

    def _one(self, m: LinearMap) -> LinearMap:
        """Write out what a name stands for; the identity between states that are numbers is 1, not I."""
        if isinstance(m, Named) and (m.wrt.name in self._fixed or _defines_itself(m)):
            return unnamed(m.map)
        if isinstance(m, Named):
            return Named(m.of, m.wrt, unnamed(m.map), m.scope)
        numbers = all(self.network.shape(c.at(Index(self.network.symbol))) == () for c in components(self.network))
        return Scale(Number(Fraction(1))) if numbers and isinstance(m, Identity) else m

    def _letter(self, block: LinearMap, symbol: str | None, position: Position) -> LinearMap:
        """Return the leaf J_j for a block matrix, with the letter that it has already or the next free one."""
        for letter, step in self.steps.items():
            if step.at(position) == block and (step.symbol is not None or symbol is None):
                return self._leaf(letter, position)
        taken = {*self.network.names, *self.steps}
        letter = next(x for n in range(100) for x in (f"{c}{n or ''}" for c in BLOCKS) if x not in taken)
        self.steps[letter] = Step(block, symbol)
        return self._leaf(letter, position)

    def _leaf(self, letter: str, position: Position) -> LinearMap:
        """Return J_j, which stands for the block matrix as the layout writes it."""
        leaf = Matrix(Quantity(letter, position))
        return leaf if self.layout == "numerator" else Transpose(leaf)


def _is_long(m: LinearMap) -> bool:
    return leaves(map_tree.replaced(m, _covariance)) >= LONG


def _defines_itself(m: Named) -> bool:
    """Tell whether what a name stands for has it too: ∂⁺D/∂c by the whole step, and by the equation of D alone."""
    partials = (e for e in map_tree.expressions(unnamed(m.map)) if isinstance(e, Partial) and e.immediate)
    return any((e.of, e.wrt) == (m.of, m.wrt) for e in partials)


def _covariance(m: LinearMap) -> LinearMap | None:
    """Count diag(p) - p pᵀ as one: it is what the derivative of a softmax is called."""
    p = covariance_of(m)
    return None if p is None else M.diagonal(p)


def names_outside_products(m: LinearMap) -> Iterator[Named]:
    """Yield the named derivatives of a map that stand in no indexed product or sum."""
    outside = walk(m, lambda x: x.maps if isinstance(x, Compose | Sum) else ())
    return (x for x in outside if isinstance(x, Named))


def with_name_opened(m: LinearMap, name: Named) -> LinearMap:
    """Return a map with what a name stands for in its place, outside of indexed products and sums."""
    return map_tree.replaced(m, lambda x: name.map if x == name else None if isinstance(x, Compose | Sum) else x)
