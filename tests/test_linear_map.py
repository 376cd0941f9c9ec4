"""The algebra of linear maps, compared through dense matrices of exact rational numbers."""

from fractions import Fraction
from functools import reduce

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import symgrad as sg
from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Constant, Number, Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import (
    Column,
    Compose,
    Diagonal,
    Matrix,
    Named,
    Product,
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
)
from symgrad.algebra.map_algebra import IDENTITY, ZERO
from symgrad.calculus.dense import basis
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.expand import expand, factors
from symgrad.calculus.values.read import read_values

N, DEPTH = 2, 6

# quantities to build maps of: matrices A, B and W[j], vectors u and v[j], scalars c and w[j]
TEXT = """A: (2, 2)
B: (2, 2)
W[j]: (2, 2)
u: (2,)
v[j]: (2,)
a[j] = a[j-1] + sum(A + B + W[j]) + sum(u + v[j]) + c*w[j]
"""
A, B, W = Quantity("A"), Quantity("B"), Quantity("W", Index("j"))
u, v = Quantity("u"), Quantity("v", Index("j"))
c, w = Quantity("c"), Quantity("w", Index("j"))


def numbers(*shape, start=1):
    """Return an array of different small fractions."""
    flat = [Fraction((-1) ** k * (k % 5 + start), k % 3 + 1) for k in range(int(np.prod(shape)))]
    return np.array(flat, dtype=object).reshape(shape)


VALUES = {
    "A": numbers(2, 2),
    "B": numbers(2, 2, start=3),
    "W": numbers(DEPTH, 2, 2, start=2),
    "u": numbers(2, start=4),
    "v": numbers(DEPTH, 2, start=2),
    "c": Fraction(-3, 2),
    "w": numbers(DEPTH, start=3),
    "a[0]": 0,
}
EVALUATION = Evaluation(read_values(sg.parse(TEXT), VALUES, "exact", None, DEPTH))
AT = {"j": 2, "k": 1, "m": 3, "t": 5}


def dense(m, shape=(N,), out=(N,), at=AT):
    """Return a map from arrays of ``shape`` to arrays of ``out`` as a matrix of exact numbers."""
    columns = []
    for unit in basis(EVALUATION.A, shape):
        y = EVALUATION.apply(m, unit, dict(at))
        zero = EVALUATION.A.array(np.zeros(out, dtype=int), out)
        columns.append(np.ravel(np.array(zero if y is NOTHING else y, dtype=object)))
    return np.array(columns, dtype=object).T


def same(x, y):
    """Tell whether two matrices of exact numbers are equal."""
    return x.shape == y.shape and bool((x == y).all())


# --- random maps from vectors to vectors of size 2 ---

LEAVES = [
    IDENTITY,
    ZERO,
    Scale(c),
    Scale(w),
    Scale(Number(Fraction(-2, 3))),
    Diagonal(u),
    Diagonal(v),
    Matrix(A),
    Matrix(W),
    Transpose(Matrix(B)),
    M.compose(Column(u), M.row(v, (2,))),
]
BOUNDS = st.sampled_from([(1, 3), (2, 2), (Index("k", 1), Index("t")), (3, 2), (Index("m"), Index("m", 1))])


def compounds(maps):
    """Return maps made of maps: products, sums, transposes, indexed products and sums, blocks of one."""
    several = st.lists(maps, min_size=1, max_size=3)
    return (
        several.map(lambda ms: M.compose(*ms))
        | several.map(lambda ms: M.add(*ms))
        | maps.map(M.transpose)
        | st.builds(lambda b, m, d: map_tree.product("j", *b, m, d), BOUNDS, maps, st.booleans())
        | st.builds(lambda b, m: M.indexed_sum("j", *b, m), BOUNDS, maps)
        | maps.map(lambda m: Named(Quantity("a"), Quantity("b"), m))
        | st.builds(
            lambda p, q, r, s: M.compose(M.block([[p, q]]), M.block([[q, r], [s, p]]), M.block([[r], [s]])),
            *[maps] * 4,
        )
    )


MAPS = st.recursive(st.sampled_from(LEAVES), compounds, max_leaves=8)
laws = settings(derandomize=True, deadline=None, max_examples=100)


@given(MAPS, MAPS, MAPS)
@laws
def test_composition_is_associative_and_is_the_matrix_product(f, g, h):
    assert same(dense(M.compose(M.compose(f, g), h)), dense(M.compose(f, M.compose(g, h))))
    assert same(dense(M.compose(f, g)), dense(f) @ dense(g))


@given(MAPS, MAPS, MAPS)
@laws
def test_composition_distributes_over_sums(f, g, h):
    assert same(dense(M.add(f, g)), dense(f) + dense(g))
    assert same(dense(M.compose(h, M.add(f, g))), dense(h) @ (dense(f) + dense(g)))
    assert same(dense(M.compose(M.add(f, g), h)), (dense(f) + dense(g)) @ dense(h))


@given(MAPS)
@laws
def test_identity_and_zero(f):
    assert M.compose(f, IDENTITY) == M.compose(IDENTITY, f) == M.compose(f)
    assert M.compose(f, ZERO) == M.compose(ZERO, f) == ZERO
    assert same(dense(M.add(f, ZERO)), dense(f))


@given(MAPS, MAPS)
@laws
def test_transposition_is_an_involution_and_turns_products_round(f, g):
    assert same(dense(M.transpose(f)), dense(f).T)
    assert same(dense(M.transpose(M.transpose(f))), dense(f))
    assert same(dense(M.transpose(M.compose(f, g))), dense(g).T @ dense(f).T)


@given(MAPS, st.sampled_from([(1, 4), (2, 5), (3, 3), (4, 3)]), st.booleans())
@laws
def test_an_indexed_product_is_the_product_in_order(f, bounds, descending):
    lower, upper = bounds
    maps = [map_tree.at_index(f, {"j": j}) for j in range(lower, upper + 1)]
    ordered = maps[::-1] if descending else maps
    expected = reduce(np.matmul, [dense(x) for x in ordered], dense(IDENTITY))
    product = map_tree.product("j", lower, upper, f, descending)
    assert same(dense(product), expected)
    assert same(dense(expand(product)), expected)


@given(MAPS, st.sampled_from([(1, 4), (2, 5), (3, 3), (4, 3)]))
@laws
def test_an_indexed_sum_is_the_sum_of_its_terms(f, bounds):
    lower, upper = bounds
    expected = sum([dense(map_tree.at_index(f, {"j": j})) for j in range(lower, upper + 1)], dense(ZERO))
    total = M.indexed_sum("j", lower, upper, f)
    assert same(dense(total), expected)
    assert same(dense(expand(total)), expected)


@given(MAPS, st.sampled_from([(1, 2, 4), (2, 2, 3), (1, 3, 3), (1, 1, 1)]), st.booleans())
@laws
def test_a_product_splits_at_any_place(f, places, descending):
    k, m, t = places
    late, early = map_tree.product("j", m + 1, t, f, descending), map_tree.product("j", k, m, f, descending)
    parts = (late, early) if descending else (early, late)
    assert same(dense(map_tree.product("j", k, t, f, descending)), dense(M.compose(*parts)))


@given(MAPS)
@laws
def test_substitution_of_indices_commutes_with_evaluation(f):
    placed = map_tree.at_index(f, AT)
    assert same(dense(placed, at={}), dense(f))
    assert same(dense(map_tree.at_index(M.transpose(f), AT)), dense(f).T)


@given(MAPS)
@laws
def test_expansion_and_rewriting_keep_the_map(f):
    assert same(dense(expand(map_tree.at_index(f, AT))), dense(f))
    assert same(dense(map_tree.rewrite(f, lambda e: e)), dense(f))


@given(MAPS, MAPS, MAPS)
@laws
def test_sums_over_time_by_one_pass_are_the_sums_of_their_terms(J, E, R):
    """Σ_k R (∏_{j=k+1}^{5} J_j) E_k, which evaluation takes in one pass where R or E is constant."""
    R = map_tree.at_index(R, {"j": 5})
    E = map_tree.at_index(E, {"j": Index("k")})
    for descending in (True, False):
        product = Product("j", Index("k", 1), 5, J, descending)
        body = M.compose(R, product, E) if descending else M.compose(E, product, R)
        expected = sum([dense(map_tree.at_index(body, {"k": k})) for k in range(1, 6)], dense(ZERO))
        assert same(dense(M.indexed_sum("k", 1, 5, body)), expected)


# --- maps between numbers, vectors and matrices ---

MATRIX, VECTOR, NUMBER = (2, 2), (2,), ()
BETWEEN = [
    (Column(u), NUMBER, VECTOR),
    (M.row(u, VECTOR), VECTOR, NUMBER),
    (Right(u), MATRIX, VECTOR),
    (Right(B), MATRIX, MATRIX),
    (Matrix(A), MATRIX, MATRIX),
    (Swap(), MATRIX, MATRIX),
    (Diagonal(A), MATRIX, MATRIX),
    (Column(A), NUMBER, MATRIX),
    (M.compose(Matrix(A), Right(u)), MATRIX, VECTOR),
    (M.compose(M.row(v, VECTOR), Matrix(W), Right(u)), MATRIX, NUMBER),
    (M.compose(Right(B), Swap(), Matrix(A)), MATRIX, MATRIX),
]


@pytest.mark.parametrize(("m", "shape", "out"), BETWEEN)
def test_the_transpose_of_a_map_between_shapes(m, shape, out):
    assert same(dense(M.transpose(m), out, shape), dense(m, shape, out).T)


def test_the_transpose_of_the_map_of_a_matrix_parameter_is_the_outer_product():
    g, s = numbers(2), VALUES["u"]
    outer = EVALUATION.apply(M.transpose(Right(u)), EVALUATION.A.array(g, (2,)), {})
    assert [[Fraction(int(x.p), int(x.q)) for x in r] for r in outer] == [[a * b for b in s] for a in g]


# --- the normal form ---

HALF = Scale(Number(Fraction(1, 2)))
NORMAL = [
    (M.compose(), IDENTITY),
    (M.add(), ZERO),
    (M.compose(HALF, Matrix(A), Scale(Number(Fraction(2)))), Matrix(A)),
    (M.compose(Matrix(A), HALF), Compose((HALF, Matrix(A)))),
    (M.compose(M.compose(Matrix(A), Matrix(B)), Matrix(A)), Compose((Matrix(A), Matrix(B), Matrix(A)))),
    (M.add(M.add(Matrix(A), Matrix(B)), IDENTITY), Sum((Matrix(A), Matrix(B), IDENTITY))),
    (M.add(Matrix(A), M.compose(Scale(Number(Fraction(-1))), Matrix(A))), ZERO),
    (M.scale(Number(Fraction(1))), IDENTITY),
    (M.scale(Number(Fraction(0))), ZERO),
    (M.matrix(Constant("I", (2, 2))), IDENTITY),
    (M.matrix(c * Constant("I", (2, 2))), Scale(c)),
    (M.matrix(-Constant("I", (2, 2))), Scale(Number(Fraction(-1)))),
    (map_tree.product("j", 3, 2, Matrix(W)), IDENTITY),
    (map_tree.product("j", 3, 3, Matrix(W)), Matrix(Quantity("W", 3))),
    (map_tree.product("j", Index("k", 1), Index("k"), Matrix(W)), IDENTITY),
    (map_tree.product("j", Index("k"), Index("t"), IDENTITY), IDENTITY),
    (map_tree.product("j", 1, 3, ZERO), ZERO),
    (M.indexed_sum("j", 3, 2, Matrix(W)), ZERO),
    (M.indexed_sum("j", 1, Index("t"), ZERO), ZERO),
    (M.block([[Matrix(A)]]), Matrix(A)),
    (M.block([[ZERO, ZERO]]), ZERO),
    (M.transpose(M.transpose(Right(u))), Right(u)),
    (map_tree.at_index(map_tree.product("j", 1, Index("L"), Matrix(W)), {"L": 1}), Matrix(Quantity("W", 1))),
    (
        map_tree.at_index(map_tree.product("j", Index("k", 1), Index("t"), Matrix(W)), {"j": 9, "t": 5, "k": 2}),
        Product("j", 3, 5, Matrix(W)),
    ),
]


@pytest.mark.parametrize(("found", "expected"), NORMAL)
def test_normal_form(found, expected):
    assert found == expected


def test_a_product_over_layers_of_zeros_and_no_layer_is_the_identity():
    empty = map_tree.product("j", Index("k", 1), Index("t"), ZERO)
    assert map_tree.at_index(empty, {"k": 2, "t": 2}) == IDENTITY
    assert map_tree.at_index(empty, {"k": 2, "t": 3}) == ZERO


def test_expansion_keeps_the_order_of_the_factors():
    product = map_tree.product("j", 1, 3, Matrix(W))
    assert factors(expand(product)) == tuple(Matrix(Quantity("W", j)) for j in (3, 2, 1))
    turned = expand(map_tree.product("j", 1, 3, Matrix(W), descending=False))
    assert factors(turned) == tuple(Matrix(Quantity("W", j)) for j in (1, 2, 3))


def test_numbers_stay_exact():
    assert isinstance(dense(Scale(c))[0, 0], fmpq)
