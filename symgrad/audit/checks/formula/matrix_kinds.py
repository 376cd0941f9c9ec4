"""Matrices of a kind, drawn: any, symmetric, orthogonal, idempotent, ...; with exact entries."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TypeAlias

from flint import fmpq, fmpq_mat

SIZE, LARGEST, SEED = 4, 9, 0
Value: TypeAlias = fmpq | fmpq_mat
Values: TypeAlias = Mapping[str, Value]


def is_matrix(name: str) -> bool:
    """Tell whether a letter is a capital one of the Latin alphabet.

    >>> is_matrix("A_1"), is_matrix("x"), is_matrix("Delta")
    (True, False, False)
    """
    return name[:1].isupper() and len(name.partition("_")[0]) == 1


def drawn(
    names: frozenset[str], vectors: frozenset[str], kinds: Mapping[str, str], seed: int, size: int = SIZE
) -> Values:
    """Return a matrix for each capital letter, of its kind where it has one, a vector or a number for each other.

    >>> drawn(frozenset("A"), frozenset(), {"A": "symmetric"}, 0)["A"].nrows()
    4
    """
    source = random.Random(SEED + seed)
    found: dict[str, Value] = {}
    for name in sorted(names):
        if is_matrix(name):
            special = SPECIAL.get(kinds.get(name, ""))
            is_identity = name.partition("_")[0] == "I"
            other = special(source) if special else _entries(source, size, size)
            found[name] = _identity(size) if is_identity else other
        elif name in vectors:
            found[name] = _entries(source, size, 1)
        else:
            found[name] = fmpq(source.randint(2, LARGEST), source.randint(1, 3))
    return found


def _entries(source: random.Random, rows: int, columns: int) -> fmpq_mat:
    return fmpq_mat(rows, columns, [fmpq(source.randint(-LARGEST, LARGEST)) for _ in range(rows * columns)])


def _identity(size: int = SIZE) -> fmpq_mat:
    return fmpq_mat(size, size, [fmpq(int(i == k)) for i in range(size) for k in range(size)])


def _any(source: random.Random) -> fmpq_mat:
    return _entries(source, SIZE, SIZE)


def _symmetric(source: random.Random) -> fmpq_mat:
    x = _any(source)
    return x + x.transpose()


def _skew(source: random.Random) -> fmpq_mat:
    x = _any(source)
    return x - x.transpose()


def _orthogonal(source: random.Random) -> fmpq_mat:
    x = _skew(source)
    return (_identity() - x) * (_identity() + x).inv()


def _diagonal(source: random.Random) -> fmpq_mat:
    values = [source.randint(2, LARGEST) for _ in range(SIZE)]
    return fmpq_mat(SIZE, SIZE, [fmpq(values[i] * (i == k)) for i in range(SIZE) for k in range(SIZE)])


def _like(values: tuple[int, ...]) -> Callable[[random.Random], fmpq_mat]:
    """Return what draws a symmetric matrix with these eigenvalues."""

    def draw(source: random.Random) -> fmpq_mat:
        x = _orthogonal(source)
        d = fmpq_mat(SIZE, SIZE, [fmpq(values[i] * (i == k)) for i in range(SIZE) for k in range(SIZE)])
        return x * d * x.transpose()

    return draw


SPECIAL: dict[str, Callable[[random.Random], fmpq_mat]] = {
    "symmetric": _symmetric,
    "skew-symmetric": _skew,
    "orthogonal": _orthogonal,
    "diagonal": _diagonal,
    "idempotent": _like((1, 1, 0, 0)),
    "self-inverse": _like((1, 1, -1, -1)),
    "orthogonal skew-symmetric": lambda source: _turn(),
}
"""Kinds of matrices, with what draws one; diagonal ones are those that commute, too."""


def _turn() -> fmpq_mat:
    """Return the turn by a right angle in two planes."""
    return fmpq_mat(4, 4, [fmpq(x) for x in (0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0)])
