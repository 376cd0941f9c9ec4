"""The sign of SymPy expressions, by factors and by slopes; an undecided one is None, a wrong one an error."""

import pytest
import sympy as sp

from symgrad.evidence.sign import Sign, is_zero, sign

t, p = sp.Symbol("t", nonnegative=True), sp.Symbol("p", positive=True)
x = sp.Symbol("x", real=True)


def logistic(z):
    return 1 / (1 + sp.exp(-z))


SIGNS = [
    (t - sp.tanh(t), 1, False),
    (p - sp.tanh(p), 1, True),
    (sp.tanh(p) - p, -1, True),
    (logistic(t) - sp.Rational(1, 2) - t / 4, -1, False),
    (logistic(t) - sp.Rational(1, 2) - t / 4 + t**3 / 48, 1, False),
    (1 - logistic(p) - logistic(-2 * p), 1, True),
    (sp.exp(p * t) - 1, 1, False),
    (sp.log((4 + p) * (1 + sp.sqrt(1 - 4 / (4 + p))) / 2 - 1), 1, True),
    (sp.Rational(1, 4) - logistic(x) * logistic(-x), 1, False),
    (sp.exp(t) - 1 - t - t**2 / 2, 1, False),
    (sp.exp(-p) - 1, -1, True),
    (sp.Integer(0) * x, 0, False),
]


@pytest.mark.parametrize(("e", "direction", "strict"), SIGNS, ids=str)
def test_the_sign_is_found(e, direction, strict):
    found = sign(e)
    assert (found.direction, found.strict) == (direction, strict)


UNDECIDED = [
    1 / (t - 1),  # falls everywhere, from -1: but there is a pole between
    (t - 2) / (t - 1),
    t * sp.tanh(t / 2) - 1,
    x - sp.tanh(x),
    sp.exp(t) - 1 - 2 * t,
    sp.sin(p),
    sp.sin(1 / p),
    sp.log(p),
    sp.exp(t) - 1 - t - t**2 / 2 - t**3 / 5,
    sp.sqrt(sp.Abs(x)) - x,
    sp.tan(p),
]


@pytest.mark.parametrize("e", UNDECIDED, ids=str)
def test_what_changes_its_sign_has_none(e):
    assert sign(e) is None


def test_a_product_of_signs():
    assert Sign(-1, True) * Sign(-1, False, "slope") == Sign(1, False, "slope")


ZEROS = [
    (x, False),
    (x - 1, False),
    (sp.exp(x) - 1 - x, False),
    (sp.erf(x) + sp.erfc(x), False),
    (sp.erf(x) + sp.erfc(x) - 1, True),
    (sp.tanh(x) - 2 * logistic(2 * x) + 1, True),
]


@pytest.mark.parametrize(("e", "zero"), ZEROS, ids=[str(e) for e, _ in ZEROS])
def test_what_is_0_and_nothing_else_is_proved_to_be_0(e, zero):
    assert is_zero(e) is zero
