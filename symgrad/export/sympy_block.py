"""Block matrices for SymPy: how large the blocks are, where some of them are written as 0, 1 or c."""

from __future__ import annotations

from typing import Any, NamedTuple

import sympy as sp

from symgrad.errors import NotDefined
from symgrad.export.sympy_product import OrderedProduct


class Grid(NamedTuple):
    """The entries of a block matrix; a number c among matrices stands for c times the identity."""

    rows: list[list[Any]]
    is_Matrix: bool = True  # noqa: N815  # SymPy's name, so that factors can be asked alike


def multiple(c: Any, shape: tuple[Any, Any]) -> Any:
    """Return c times the identity as a matrix: the zero matrix for c = 0."""
    if c == 0:
        return sp.ZeroMatrix(*shape)
    if shape[0] != shape[1]:
        raise NotDefined(f"{c} times the identity is not {shape[0]} x {shape[1]}")
    return sp.Identity(shape[0]) if c == 1 else sp.MatMul(c, sp.Identity(shape[0]))


def sized(factors: list[Any]) -> list[Any]:
    """Return the factors of a product with its grids as matrices: of numbers, or of blocks."""
    grids = [x for x in factors if isinstance(x, Grid)]
    if not grids:
        return factors
    known = _sizes_of_power(factors)
    if known is None and not any(e.is_Matrix for g in grids for r in g.rows for e in r):
        return [sp.ImmutableMatrix(x.rows) if isinstance(x, Grid) else x for x in factors]
    sizes = known or _sizes(grids)
    return [_blocks(x, sizes) if isinstance(x, Grid) else x for x in factors]


def _sizes_of_power(factors: list[Any]) -> list[Any] | None:
    """Return the sizes of the parts from a power or a product of block matrices, which are no grids any more."""
    bodies = (
        x.base if isinstance(x, sp.MatPow) else x.factor for x in factors if isinstance(x, sp.MatPow | OrderedProduct)
    )
    return next((list(body.rowblocksizes) for body in bodies if isinstance(body, sp.BlockMatrix)), None)


def _sizes(grids: list[Grid]) -> list[Any]:
    """Return the size of each part of the state, from any block that tells it."""
    parts = max(max(len(g.rows), len(g.rows[0])) for g in grids)
    sizes: dict[int, Any] = {}
    for g in grids:
        for i, r in enumerate(g.rows):
            for k, e in enumerate(r):
                if e.is_Matrix and len(g.rows) == parts:
                    sizes.setdefault(i, e.shape[0])
                if e.is_Matrix and len(r) == parts:
                    sizes.setdefault(k, e.shape[1])
    if len(sizes) < parts:
        raise NotDefined("the sizes of the blocks are not known", todo="print the derivative, or evaluate it")
    return [sizes[i] for i in range(parts)]


def _blocks(g: Grid, sizes: list[Any]) -> Any:
    heights = sizes if len(g.rows) == len(sizes) else [_outer(g.rows[0], 0, sizes)]
    widths = sizes if len(g.rows[0]) == len(sizes) else [_outer([r[0] for r in g.rows], 1, sizes)]
    return sp.BlockMatrix(
        [
            [e if e.is_Matrix else multiple(e, (h, w)) for e, w in zip(r, widths, strict=True)]
            for r, h in zip(g.rows, heights, strict=True)
        ]
    )


def _outer(entries: list[Any], axis: int, sizes: list[Any]) -> Any:
    """Return the height of a block row, or the width of a block column."""
    for e, size in zip(entries, sizes, strict=True):
        if e.is_Matrix:
            return e.shape[axis]
        if e != 0:
            return size
    return sp.Integer(1)
