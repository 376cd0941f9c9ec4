"""Gaussian means of formulas with an integrable singularity, against E|z|^p = 2^(p/2) Γ((p+1)/2)/√π; and refusals."""

from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx

import symgrad as sg
from symgrad.errors import NotDefined
from symgrad.numbers.expectation.rest import beside, beyond
from symgrad.ops.elementwise import ACTIVATIONS, elementwise


def power_mean(p):
    """Return E|z|^p for any p > -1, by the gamma function."""
    return mpmath.mpf(2) ** (mpmath.mpf(p) / 2) * mpmath.gamma((mpmath.mpf(p) + 1) / 2) / mpmath.sqrt(mpmath.pi)


def by_quadrature(f, *cuts):
    return mpmath.quad(lambda z: f(z) * mpmath.npdf(z), [-mpmath.inf, *cuts, mpmath.inf])


with mpmath.workdps(40):
    MEANS = {
        "log(abs(z))": -(mpmath.euler + mpmath.log(2)) / 2,
        "z^2*log(abs(z))": mpmath.diff(power_mean, 2),
        "(1 - 3*z^2)*log(abs(z))": mpmath.diff(power_mean, 0) - 3 * mpmath.diff(power_mean, 2),
        "abs(z)^(-1/2)": power_mean(-0.5),
        "abs(z)^(1/3)": power_mean(mpmath.mpf(1) / 3),
        "log(abs(z))^2": mpmath.diff(power_mean, 0, 2),
        "z^2/abs(z)": power_mean(1),
        "exp(-1/z^2)": mpmath.exp(-mpmath.sqrt(2)),
        "log(abs(z - 1))": by_quadrature(lambda z: mpmath.log(abs(z - 1)), 0, 1, 2),
        "exp(z^2/4)": mpmath.sqrt(2),
        "exp(3*z)": mpmath.exp(4.5),
        "1/(1 + z^2)": by_quadrature(lambda z: 1 / (1 + z * z), 0),
    }


@pytest.mark.parametrize("text", MEANS)
def test_the_mean_is_enclosed(text):
    mean = sg.gaussian_mean(text)
    with mpmath.workdps(40):
        near = mpmath.nstr(MEANS[text], 20, strip_zeros=False)
    assert float(mean.to(15)) == pytest.approx(float(near), rel=1e-13)
    ball = mean.ball(64)
    with ctx.workprec(128):
        assert abs(ball - arb(near)).upper() < arb(10) ** -15
        assert ball.rad() < arb(10) ** -15


def test_the_mean_of_an_odd_formula_is_0():
    assert sg.gaussian_mean("z*log(abs(z))").exact == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1/z", "beside z = 0 the formula grows as |z|^(-1)"),
        ("1/abs(z)", "beside z = 0 the formula grows as |z|^(-1)"),
        ("abs(z)^(-3/2)", "beside z = 0 the formula grows as |z|^(-3/2)"),
        ("1/(z - 1/3)", "beside z = 1/3 the formula grows as |z - 1/3|^(-1)"),
        ("log(abs(z))/z", "beside z = 0 the formula grows as |z|^(-1) ln"),
        ("1/z^2 - 1/z", "beside z = 0 the formula grows as |z|^(-2)"),
        ("exp(z^2/2)", "no bound of the formula far out"),
        ("exp(z^2)", "no bound of the formula far out"),
    ],
)
def test_a_formula_without_a_mean_is_refused(text, why):
    with pytest.raises(NotDefined) as caught:
        sg.gaussian_mean(text).to(10)
    assert why in str(caught.value)
    assert caught.value.todo


@pytest.mark.parametrize("power", [-0.5, 0, 1, 4])
def test_what_is_left_out_is_bounded(power):
    """The bounds against the integrals themselves."""

    def h(A, z):
        return A.power(A.abs(z), A.number(Fraction(power)))

    with mpmath.workdps(30), ctx.workprec(100):
        for R in (4, 9):
            true = mpmath.quad(lambda z: z**power * mpmath.npdf(z), [R, R + 4, mpmath.inf])
            bound = beyond(h, arb(R), 1)
            assert true <= float(bound) * (1 + 1e-10)
            assert float(bound) < 40 * true
        for k in (4, 20):
            true = mpmath.quad(lambda z: z**power * mpmath.npdf(z), [0, mpmath.mpf(2) ** -k])
            assert true <= float(beside(h, Fraction(0), 1, k)) * (1 + 1e-10)


@pytest.mark.parametrize("scale", ["1", "0.7", "1.7320508"])
@pytest.mark.parametrize("name", [f.name for f in ACTIVATIONS])
def test_every_activation_is_bounded_far_out(name, scale):
    """With a variance that is a ball, its rates are not exact: from below and from above both must do."""
    f = elementwise(name)
    with ctx.workprec(88):
        for side in (1, -1):
            bound = beyond(lambda A, z: f(A, A.constant(arb(scale)) * z) ** 2, arb(12), side)
            assert bound < arb(2) ** -64
