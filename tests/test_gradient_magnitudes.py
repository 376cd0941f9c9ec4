"""Gradients that no float holds: as Magnitudes, against mpmath, and their rates of growth."""

import mpmath
import numpy as np
import pytest

import symgrad as sg

DEEP = 12_000
CHAIN = sg.model("chain").bind("logistic")


def by_mpmath(depth, w, a, digits):
    """Return ∂a_L/∂a_0 of the logistic chain without biases, by a loop of its own."""
    with mpmath.workdps(digits):
        product, w, a = mpmath.mpf(1), mpmath.mpf(w), mpmath.mpf(a)
        for _ in range(depth):
            a = 1 / (1 + mpmath.exp(-w * a))
            product *= w * a * (1 - a)
        return product


@pytest.mark.parametrize("w", ["0.5", "-3", "1"])
def test_a_gradient_far_below_the_floats(w):
    values = {"w": [w] * DEEP, "b": [0] * DEEP, "a[0]": "0.5"}
    g = CHAIN.derivative("a[L]", "a[0]")
    found = g.magnitude(values, digits=20)
    expected = by_mpmath(DEEP, w, "0.5", 60)
    with mpmath.workdps(60):
        assert found.sign == mpmath.sign(expected)
        assert found.log10().to(12) == mpmath.nstr(mpmath.log10(abs(expected)), 12, strip_zeros=False)
        assert mpmath.almosteq(mpmath.mpf(found.to(40)), expected, rel_eps=mpmath.mpf(10) ** -39)
    assert found.log10().ball() < -2_000
    with pytest.warns(sg.PrecisionWarning, match="underflow"):
        assert g.evaluate({k: np.array(v, dtype=float) for k, v in values.items()}) == 0


def test_an_exploding_gradient():
    g = sg.model("deep_linear").let("W[l] = 1.5*I").derivative("a[L]", "a[0]")
    found = g.magnitude({"a[0]": [1, 2]}, depth=40_000)
    assert found.shape == (2, 2)
    assert found[0, 0].to(15) == sg.power("1.5", 40_000).to(15)
    assert found[0, 1].sign == 0
    assert found[0, 1].to(5) == "0"


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_arrays_have_the_shape_of_the_evaluated_derivative(layout):
    model = sg.parse("W: (d, n)\nx: (n,)\na[0]: (d,)\na[j] = tanh(a[j-1])*(W@x)\nE = sum(a[L])")
    values = {"W": [[1, 2, 3], [4, 5, 6]], "x": ["0.1", "-0.2", "0.3"], "a[0]": ["0.7", 1]}
    for of in ("E", "a[2]"):
        g = model.derivative(of, "W", depth=2, layout=layout)
        expected = g.evaluate(values, "mp", 40)
        found = g.magnitude(values, digits=25)
        assert found.shape == expected.shape
        for x, y in zip(found.flat, expected.flat, strict=True):
            assert x.sign == np.sign(float(y))
            with mpmath.workdps(40):
                assert not x.sign or mpmath.almosteq(mpmath.mpf(x.to(25)), y, rel_eps=mpmath.mpf(10) ** -24)


def test_more_digits_when_they_are_asked_for():
    found = CHAIN.derivative("a[L]", "a[0]").magnitude({"w": [2], "b": [1], "a[0]": "1/3"}, digits=5)
    with mpmath.workdps(220):
        a = 1 / (1 + mpmath.exp(-(mpmath.mpf(2) / 3 + 1)))
        assert found.to(200) == mpmath.nstr(2 * a * (1 - a), 200, strip_zeros=False)


def test_rates_of_growth():
    linear = sg.model("deep_linear").let("W[l] = 0.25*I")
    rate = linear.derivative("a[L]", "a[0]").growth_rate({"a[0]": [1]}, depth=500)
    with mpmath.workdps(60):
        assert rate.to(40) == mpmath.nstr(-mpmath.log(4), 40, strip_zeros=False)
    bound = linear.derivative("a[L]", "a[0]").bound()
    assert bound.growth("L").exact == sg.power("1/4", 1).exact
    # between two layers it is their distance that counts; of a matrix, the Frobenius norm
    between = linear.derivative("a[5]", "a[2]").growth_rate({"a[0]": [1, 1]}, depth=9)
    with mpmath.workdps(40):
        assert between.to(30) == mpmath.nstr((mpmath.log(2) / 2 - 3 * mpmath.log(4)) / 3, 30, strip_zeros=False)


def test_the_rate_at_the_critical_weight_is_reached():
    """Where z_j = 0 in every layer, the weight 4 of the logistic chain gives the growth 1 in each."""
    depth = 50
    values = {"w": [4] * depth, "b": ["-2"] * depth, "a[0]": "1/2"}
    g = CHAIN.derivative("a[L]", "a[0]")
    assert g.magnitude(values).to(10) == "1.000000000"
    assert abs(float(g.growth_rate(values))) < 1e-15
    assert sg.critical_weight("logistic").exact == 4


def test_bad_input():
    g = sg.model("chain").bind("relu").derivative("a[L]", "a[0]")
    dead = {"w": [1], "b": [-5], "a[0]": 1}
    assert g.magnitude(dead).sign == 0
    with pytest.raises(sg.SymgradError, match="no rate of growth"):
        g.growth_rate(dead)
    with pytest.raises(sg.SymgradError, match="no layer between"):
        CHAIN.derivative("a[1]", "a[1]").growth_rate({"w": [1], "b": [0], "a[0]": 1})
    with pytest.raises(sg.SymgradError, match="digits"):
        g.magnitude(dead, digits=0)
    with pytest.raises(sg.SymgradError, match="no value is given for b"):
        g.magnitude({"w": [1], "a[0]": 1})
    with pytest.raises(sg.SymgradError, match="unknown elementwise function 'logistc'"):
        sg.critical_weight("logistc")
