"""Values of a page that have no size of their own: what I and 𝟏 𝟏ᵀ give is what they give where they have one."""

import numpy as np
import pytest

import symgrad as sg
from symgrad.evidence.verdict import Verdict
from symgrad.reading.page.array import products as V
from symgrad.reading.page.array.entries import by_entries
from symgrad.reading.page.array.kinds import Multiple, Spread, negative
from symgrad.reading.page.array.sizes import in_shape
from symgrad.reading.page.array.sums import plus
from symgrad.reading.token import NotUnderstoodError

N = 3
ONES = V.times(Spread(1), V.transposed(Spread(1)))
SQUARES = {
    "I": Multiple(1),
    "2 I - 𝟏 𝟏ᵀ": plus(Multiple(2), negative(ONES)),
    "𝟏 𝟏ᵀ + 5 I": plus(ONES, Multiple(5)),
}
A = np.array([[2, 3, 5], [7, 11, 13], [17, 19, 23]], dtype=object)
ROW, COLUMN = A[:1], A[:, 1:2]


def sized(x):
    return in_shape(x, (N, N))


@pytest.mark.parametrize("a", SQUARES)
@pytest.mark.parametrize("b", SQUARES)
def test_sums_and_products_of_what_has_no_size(a, b):
    x, y = SQUARES[a], SQUARES[b]
    assert (sized(plus(x, y)) == sized(x) + sized(y)).all()
    assert (sized(V.times(x, y)) == sized(x).dot(sized(y))).all()
    assert (sized(V.power(V.times(x, y), 3, 1)) == np.linalg.matrix_power(sized(x).dot(sized(y)), 3)).all()
    assert (V.times(ROW, V.times(x, y)) == ROW.dot(sized(x)).dot(sized(y))).all()
    assert (V.times(V.times(x, y), COLUMN) == sized(x).dot(sized(y)).dot(COLUMN)).all()
    assert (by_entries("⊙", A, x) == A * sized(x)).all()


def test_ones_beside_arrays_have_the_size_that_fits():
    assert (plus(A[:2], ONES) == A[:2] + 1).all()
    assert (in_shape(V.times(A[:2], ONES), (2, 4)) == A[:2].dot(np.ones((N, 4), dtype=object))).all()
    assert (in_shape(V.times(ONES, A[:, :2]), (4, 2)) == np.ones((4, N), dtype=object).dot(A[:, :2])).all()


def test_what_depends_on_a_size_that_nothing_says_is_not_read():
    for x, y in ((ONES, ONES), (V.transposed(Spread(1)), Spread(1))):
        with pytest.raises(NotUnderstoodError):
            V.times(x, y)
    with pytest.raises(NotUnderstoodError):
        in_shape(SQUARES["2 I - 𝟏 𝟏ᵀ"], (2, N))


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("step", ["x[j-1] - sum(x[j-1])/d", "tanh(w*x[j-1] - sum(x[j-1])/d)"])
def test_a_page_of_centred_steps_is_read(step, layout):
    gradient = sg.parse(f"x: (d,)\nx[j] = {step}\nE = loss(x[L])").derivative("E", "x[0]", layout=layout)
    assert gradient.verify().verdict is Verdict.PROVED
