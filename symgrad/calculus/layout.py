"""Layouts: how the numbers of a derivative are arranged.

numerator:    ∂y/∂x has a row for each entry of y; the gradient of a scalar by W has the shape of W.T.
denominator:  the transpose: a column for each entry of y; the gradient by W has the shape of W.
"""

from __future__ import annotations

from symgrad.algebra import linear_map as M
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    IndexedSum,
    LinearMap,
    Named,
    Right,
    Sum,
    Swap,
    Transpose,
    Zero,
)
from symgrad.errors import UnknownName

LAYOUTS = ("numerator", "denominator")


def check_layout(layout: str) -> str:
    """Return the layout, or raise UnknownName."""
    if layout not in LAYOUTS:
        raise UnknownName("layout", layout, LAYOUTS)
    return layout


def arranged(m: LinearMap, layout: str) -> LinearMap:
    """Return the map as a layout writes it: as it is, or transposed."""
    return m if check_layout(layout) == "numerator" else M.transpose(m)


def gradient_matrix(m: LinearMap, layout: str) -> LinearMap | None:
    """Write the derivative of a scalar by a matrix as a matrix.

    A path r M s, with a row r and a vector s, has the derivative s r (numerator layout) or r^T s^T
    (denominator layout). None if a path is not of this form.
    """
    match m:
        case Sum(maps):
            terms = [gradient_matrix(x, layout) for x in maps]
            return None if None in terms else M.add(*[t for t in terms if t is not None])
        case IndexedSum(symbol, lower, upper, body):
            inner = gradient_matrix(body, layout)
            return None if inner is None else IndexedSum(symbol, lower, upper, inner)
    return _path(m.maps if isinstance(m, Compose) else (m,), layout)


def _path(maps: tuple[LinearMap, ...], layout: str) -> LinearMap | None:
    *left, last = maps
    match last:
        case Named(_, _, inner):
            return gradient_matrix(M.compose(*left, inner), layout)
        case Sum(terms):
            return gradient_matrix(M.add(*(M.compose(*left, t) for t in terms)), layout)
        case Swap() if left:
            turned = gradient_matrix(M.compose(*left), layout)
            return None if turned is None else M.transpose(turned)
        case Block(rows) if all(len(r) == 1 for r in rows):
            return _column(left, [r[0] for r in rows], layout)
        case Right(s):
            row = M.compose(*left)
            numerator = M.compose(Column(s), row)
            return numerator if layout == "numerator" else M.compose(M.transpose(row), Transpose(Column(s)))
    return None


def _column(left: list[LinearMap], entries: list[LinearMap], layout: str) -> LinearMap | None:
    """Write paths that meet in a block column, where each ends in the same vector: r (A_1; A_2) M s."""
    split = [_last(e) for e in entries]
    vectors = {last for _, last in split if last is not None}
    if len(vectors) != 1 or not all(isinstance(v, Right) for v in vectors):
        return None
    return _path((*left, Block(tuple((m,) for m, _ in split)), *vectors), layout)


def _last(m: LinearMap) -> tuple[LinearMap, LinearMap | None]:
    """Split the factor that acts first from a map; of a zero there is none."""
    match m:
        case Zero():
            return m, None
        case Named(_, _, inner):
            return _last(inner)
        case Compose(maps):
            return M.compose(*maps[:-1]), maps[-1]
    return M.IDENTITY, m
