"""Linear maps: the derivative of one quantity by another, kept in product form.

A map takes a change dx to a change dy. Leaves come from single operations; composition, sum, indexed
product and sum put them together. They are built by ``map_algebra`` and ``map_tree`` alone, in a normal form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.index import Position
from symgrad.algebra.span import Span
from symgrad.algebra.tree import remembered_hash


class LinearMap:
    """Base of the kinds of map; those with maps inside know their hash, once it was asked for."""

    __slots__ = ("_hash",)
    symmetric: ClassVar[bool] = False
    """Whether a map of this kind is its own transpose."""


class Leaf(LinearMap):
    """Base of the kinds that one expression gives: what is done to expressions is done to theirs."""

    __slots__ = ()

    @property
    def expression(self) -> Expression:
        """The expression that gives the map, its only field."""
        fields: tuple[str, ...] = self.__slots__
        found: Expression = getattr(self, fields[0])
        return found


@dataclass(frozen=True, slots=True)
class Identity(LinearMap):
    """dx -> dx."""

    symmetric = True


@dataclass(frozen=True, slots=True)
class Zero(LinearMap):
    """dx -> 0."""

    symmetric = True


@dataclass(frozen=True, slots=True)
class Undefined(LinearMap):
    """A derivative that is none of these maps, nor made of them: what needs it fails and says why."""

    why: str
    todo: str
    symmetric = True


@dataclass(frozen=True, slots=True)
class Scale(Leaf):
    """dx -> c dx with a scalar c."""

    c: Expression
    symmetric = True


@dataclass(frozen=True, slots=True)
class Diagonal(Leaf):
    """dx -> v * dx, elementwise; diag(v) dx for vectors."""

    v: Expression
    symmetric = True


@dataclass(frozen=True, slots=True)
class Column(Leaf):
    """dc -> dc v: a scalar's change to an array's; transposed it is the row dx -> <v, dx>."""

    v: Expression


@dataclass(frozen=True, slots=True)
class Matrix(Leaf):
    """dx -> A @ dx."""

    A: Expression


@dataclass(frozen=True, slots=True)
class Right(Leaf):
    """dM -> dM @ B, the map of a matrix parameter; for a vector B its transpose is the outer product."""

    B: Expression


@dataclass(frozen=True, slots=True)
class Swap(LinearMap):
    """dM -> dM.T."""

    symmetric = True


@dataclass(frozen=True, slots=True)
class Transpose(LinearMap):
    """The transpose of a leaf that is not symmetric (Column, Matrix, Right) or of a Named."""

    of: LinearMap

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Named(LinearMap):
    """A map with a name: the derivative of one quantity by another.

    scope: "total", ∂s_t/∂s_k; or an immediate derivative, ∂⁺s_k/∂W: "step", with the step before held
    fixed; "equation", with all else held fixed that the equation of ``of`` reads.
    """

    of: Quantity
    wrt: Quantity
    map: LinearMap
    scope: str = "step"

    @property
    def immediate(self) -> bool:
        """Whether the name is ∂⁺of/∂wrt."""
        return self.scope != "total"

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Compose(LinearMap):
    """The product of maps; the rightmost acts first."""

    maps: tuple[LinearMap, ...]

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Sum(LinearMap):
    """dx -> A dx + B dx + ..."""

    maps: tuple[LinearMap, ...]

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Product(LinearMap):
    """∏ body(j) for j = lower..upper, in order: the highest j leftmost if descending, else rightmost."""

    symbol: str
    lower: Position
    upper: Position
    body: LinearMap
    descending: bool = True

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class IndexedSum(LinearMap):
    """Σ body(k) for k = lower..upper; without: values of k that are left out; within: what is 0 or more."""

    symbol: str
    lower: Position
    upper: Position
    body: LinearMap
    without: tuple[Position, ...] = ()
    within: tuple[Position, ...] = ()

    @property
    def range(self) -> Span:
        """What its symbol runs through."""
        return Span(self.symbol, self.lower, self.upper, self.without, self.within)

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Block(LinearMap):
    """A block matrix of maps, for several state variables: row i, column k maps part k to part i."""

    rows: tuple[tuple[LinearMap, ...], ...]

    __hash__ = remembered_hash


# --- building maps --------------------------------------------------------------------------------


def inside(m: LinearMap) -> tuple[LinearMap, ...]:
    """Return the maps that stand immediately inside m, from left to right; in a name, what it stands for."""
    match m:
        case Compose(maps) | Sum(maps):
            return maps
        case Product(_, _, _, body) | IndexedSum(_, _, _, body) | Transpose(body) | Named(_, _, body):
            return (body,)
        case Block(rows):
            return tuple([x for r in rows for x in r])
    return ()


def inside_unopened(m: LinearMap) -> tuple[LinearMap, ...]:
    """Return the maps that stand immediately inside m, none in a name."""
    return () if isinstance(m, Named) else inside(m)
