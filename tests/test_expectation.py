"""Gaussian means: closed forms and quadrature against SymPy's and mpmath's integrals, bounds of growth."""

from fractions import Fraction

import mpmath
import pytest
import sympy
from campaign import in_turn
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.holomorphic import Holomorphic
from symgrad.numbers.expectation.closed import closed_moment, closed_moment_slope
from symgrad.numbers.expectation.expectation import mean_ball
from symgrad.numbers.expectation.mean_field import PRODUCTS, Approximate, moment, moment_slope
from symgrad.numbers.expectation.rest import beyond
from symgrad.ops.elementwise import ACTIVATIONS, ELEMENTWISE, elementwise
from symgrad.ops.regularity import Regularity, regularity
from symgrad.ops.structure import homogeneous, parity

VARIANCES = [Fraction(1, 7), Fraction(9, 2)]
NAMES = [f.name for f in ACTIVATIONS if f.name != "mish"] + ["erf", "sin", "atan"]
"""mish is compared as a formula, in test_activation_formula.py."""
MP = arithmetic("mp", 40)


def by_mpmath(f, which, q):
    """A moment by mpmath's quadrature at 40 digits, which knows nothing of balls or of closed forms."""
    m = MP.context
    root, product = m.sqrt(MP.number(q)), PRODUCTS[which]

    def h(z):
        u = root * z
        return product(f(MP, u), f.slope_at(MP, u)) * m.exp(-z * z / 2)

    kinks = [k / root for k in (-3, -1, 1, 3, 6)]  # of the records whose kinks are not at 0
    nodes = sorted({*map(m.mpf, (-14, -8, -4, -2, -1, 0, 1, 2, 4, 8, 14)), *(k for k in kinks if -14 < k < 14)})
    return m.quad(h, nodes) / m.sqrt(2 * m.pi)


def holds(ball, x, digits=30):
    """Is the ball narrower than 10^-digits, and as near to x?"""
    with ctx.workprec(200):
        y = arb(MP.context.nstr(x, 40))
        return ball.rad() < arb(10) ** -digits and abs(ball - y) < arb(10) ** -digits


@pytest.mark.parametrize(("name", "which"), in_turn(((name,) for name in NAMES), *PRODUCTS))
def test_every_moment_is_that_of_mpmath(name, which):
    f = elementwise(name)
    for q in VARIANCES:
        with ctx.workprec(160):
            ball = moment(f, which, arb(q.numerator) / q.denominator, 128)
        assert holds(ball, by_mpmath(f, which, q)), (name, which, q, ball)


@pytest.mark.parametrize("name", [f.name for f in ACTIVATIONS])
def test_the_slope_by_the_variance_is_the_difference_quotient(name):
    f, h = elementwise(name), arb(2) ** -60
    for which in ("second", "slope_second"):
        with ctx.workprec(256):
            low, high = (moment(f, which, arb(1) + s * h, 230) for s in (-1, 1))
            slope = moment_slope(f, which, arb(1), 128)
            assert abs((high - low) / (2 * h) - slope) < arb(2) ** -100 * (1 + abs(slope)), (name, which)


def test_the_odd_and_the_homogeneous_activations_are_those():
    with arithmetic("ball", 30).working():
        A, x = arithmetic("ball", 30), arb("0.7")
        smooth = [f for f in dict.fromkeys(ELEMENTWISE.values()) if f.domain == "all real x" and f.name != "sign"]
        odd = {f.name for f in smooth if f(A, x).overlaps(-f(A, -x))}
        twice = {f.name for f in smooth if all((2 * f(A, k * x)).overlaps(f(A, 2 * k * x)) for k in (-1, 1, 8))}
    assert odd == {f.name for f in smooth if parity(f) == "odd"}
    assert twice == {f.name for f in smooth if homogeneous(f)}
    assert twice == {"identity", "relu", "leaky_relu", "abs", "negative_part"}


# --- closed forms, by SymPy's own integrals -------------------------------------------------------

Q = sympy.Symbol("q", positive=True)
U = sympy.Symbol("u", real=True)
DENSITY = sympy.exp(-(U**2) / (2 * Q)) / sympy.sqrt(2 * sympy.pi * Q)


def integral(on_the_left, on_the_right):
    """SymPy's integral over the density of N(0, q)."""
    left = sympy.integrate(on_the_left * DENSITY, (U, -sympy.oo, 0))
    return left + sympy.integrate(on_the_right * DENSITY, (U, 0, sympy.oo))


def printed(name, which):
    f, A = elementwise(name), arithmetic("symbolic")
    return getattr(f.moments, which)(A, Q, *(sympy.Symbol(p, real=True) for p, _ in f.parameters))


ALPHA = sympy.Symbol("alpha", real=True)
SIDES = {
    "identity": (U, U),
    "relu": (sympy.Integer(0), U),
    "leaky_relu": (ALPHA * U, U),
    "elu": (ALPHA * (sympy.exp(U) - 1), U),
    "sin": (sympy.sin(U), sympy.sin(U)),
}


@pytest.mark.parametrize("which", PRODUCTS)
@pytest.mark.parametrize("name", SIDES)
def test_a_closed_form_is_the_integral_of_sympy(name, which):
    sides = [PRODUCTS[which](y, sympy.diff(y, U)) for y in SIDES[name]]
    difference = integral(*map(sympy.expand, sides)) - printed(name, which)
    assert sympy.simplify(difference.rewrite(sympy.erf)) == 0


def test_the_closed_forms_of_erf_and_gelu_follow_from_integration_by_parts():
    """F(q) = E[g(u)] has the slope E[g''(u)]/2 by q (the heat equation); with no such integral in SymPy, F' is it."""
    for name in ("erf", "gelu"):
        assert sympy.limit(printed(name, "second"), Q, 0) == 0
    phi = sympy.exp(-(U**2) / 2) / sympy.sqrt(2 * sympy.pi)
    squared = 4 / sympy.pi * sympy.exp(-2 * U**2)  # erf'^2
    mean = sympy.integrate(squared * DENSITY, (U, -sympy.oo, sympy.oo))
    assert sympy.simplify(mean - printed("erf", "slope_second")) == 0
    # E[φ φ''] = -2q (E[φ'^2] + E[φ φ'']), for φ'' = -2u φ'
    assert sympy.simplify(sympy.diff(printed("erf", "second"), Q) - mean / (1 + 2 * Q)) == 0
    # gelu = u Φ: E[u Φ] = q E[Φ'] and E[Φ^2]' = E[Φ'^2 + Φ Φ''], where Φ'' = -u Φ' and E[u Φ Φ'] = q/(1 + q) E[Φ'^2]
    density = sympy.integrate(phi * DENSITY, (U, -sympy.oo, sympy.oo))
    assert sympy.simplify(Q * density - printed("gelu", "mean")) == 0
    square = sympy.integrate(phi**2 * DENSITY, (U, -sympy.oo, sympy.oo))
    normal = sympy.Rational(1, 4) + sympy.atan(Q / sympy.sqrt(1 + 2 * Q)) / (2 * sympy.pi)
    assert sympy.simplify(sympy.diff(normal, Q) - square / (1 + Q)) == 0
    assert normal.subs(Q, 0) == sympy.Rational(1, 4)
    # E[u^2 Φ^2] = q E[Φ^2 + 2 u Φ Φ'] and E[(Φ + u Φ')^2] = E[Φ^2] + 2 E[u Φ Φ'] + E[u^2 Φ'^2]
    mixed = Q / (1 + Q) * square
    assert sympy.simplify(Q * (normal + 2 * mixed) - printed("gelu", "second")) == 0
    last = sympy.integrate(U**2 * phi**2 * DENSITY, (U, -sympy.oo, sympy.oo))
    assert sympy.simplify(normal + 2 * mixed + last - printed("gelu", "slope_second")) == 0


@pytest.mark.parametrize("name", [f.name for f in dict.fromkeys(ELEMENTWISE.values()) if f.moments])
def test_a_closed_form_and_the_quadrature_overlap_at_any_precision(name):
    f = elementwise(name)
    for bits in (53, 200, 700) if regularity(f) is Regularity.ANALYTIC else (53,):
        with ctx.workprec(bits + 40):
            q = arb(3) / 5
            by_balls = mean_ball(lambda A, z, q=q: f(A, A.constant(q.sqrt()) * z) ** 2, bits)
            closed = closed_moment(f, "second", q)
            assert closed.overlaps(by_balls)
            assert by_balls.rad() < arb(2) ** (4 - bits)


def test_what_is_not_closed_has_no_closed_form():
    assert closed_moment(elementwise("tanh"), "second", arb(1)) is None
    assert closed_moment_slope(elementwise("tanh"), "second", arb(1)) is None


# --- quadrature of formulas ------------------------------------------------------------------------

MEANS = [
    ("z^4", "3.00000000000000000000"),
    ("exp(z)", "1.64872127070012814685"),
    ("cosh(z)", "1.64872127070012814685"),
    ("abs(z)", "0.797884560802865355880"),
    ("sqrt(1 + z^2)", None),
    ("log(1 + z^2)", None),
    ("1/(1 + z^2)", None),
    ("abs(z - 1/3)", None),
    ("softplus(3*z - 1)", None),
    ("step(z - 1/2)", None),
    ("tanh(50*z)^2", None),
    ("negative_part(z)*logistic(z)", None),
]


@pytest.mark.parametrize(("formula", "known"), MEANS, ids=[f for f, _ in MEANS])
def test_the_mean_of_a_formula(formula, known):
    found = sg.gaussian_mean(formula)
    if known is not None:
        assert found.to(21) == known
        return
    m = MP.context
    read = sg.claim(f"{formula} = 0").left
    nodes = sorted([-14, -8, -4, -2, -1, -0.25, -0.1, 0, m.mpf(1) / 3, 0.1, 0.5, 1, 2, 4, 8, 14])
    value = m.quad(lambda z: read(MP, z=z) * m.exp(-z * z / 2), nodes) / m.sqrt(2 * m.pi)
    assert holds(found.ball(128), value, 25), (found, value)


def test_a_letter_of_a_formula_has_a_value():
    assert sg.gaussian_mean("relu(sqrt(q)*z)^2", {"q": "0.5"}).to(20) == "0.25000000000000000000"
    with pytest.raises(sg.SymgradError, match="unknown value of the letter 'q'"):
        sg.gaussian_mean("relu(sqrt(q)*z)^2")
    with pytest.raises(sg.SymgradError, match="unknown letter of the formula 'p'"):
        sg.gaussian_mean("relu(z)^2", {"p": 1})


@pytest.mark.parametrize("formula", ["exp(z^2)", "1/z", "log(z)", "tan(z)", "sqrt(z)", "exp(exp(z))", "1/tanh(z)"])
def test_a_mean_that_does_not_exist_or_is_not_bounded_is_no_number(formula):
    with pytest.raises(sg.SymgradError):
        sg.gaussian_mean(formula).to(10)


@given(
    st.lists(st.fractions(-3, 3, max_denominator=8), min_size=1, max_size=6),
    st.sampled_from(["tanh", "softsign", "logistic", "relu"]),
)
@settings(max_examples=20)
def test_the_mean_is_linear_and_that_of_odd_parts_is_0(coefficients, name):
    f, terms = elementwise(name), list(enumerate(coefficients))

    def polynomial(A, z):
        return sum((A.number(c) * z**k for k, c in terms), start=A.number(0))

    with ctx.workprec(120):
        whole = mean_ball(lambda A, z: polynomial(A, z) + f(A, z) ** 2, 100)
        double_factorial = [1, 0, 1, 0, 3, 0]
        expected = sum((c * double_factorial[k] for k, c in terms), start=Fraction(0))
        alone = mean_ball(lambda A, z: f(A, z) ** 2, 100)
        assert (whole - alone).overlaps(arb(expected.numerator) / expected.denominator)


# --- the bound of what lies beyond, and the arithmetics it rests on --------------------------------

GROWING = ["z^3", "silu(z)", "softplus(2*z)", "exp(z/2)", "sinh(z)*z", "z/(1 + abs(z))", "gelu_tanh(z)", "log(1 + z^2)"]


@pytest.mark.parametrize("formula", ["1", "z", "z^2*exp(z/4)", *GROWING])
def test_the_bound_of_the_rest_holds(formula):
    read, m = sg.claim(f"{formula} = 0").left, MP.context
    for R in (5, 9):
        for side in (1, -1):
            rest = m.quad(lambda z, s=side: abs(read(MP, z=s * z)) * m.exp(-z * z / 2), [R, R + 4, R + 30])
            with ctx.workprec(100):
                bound = beyond(lambda A, z: read(A, z=z), arb(R), side)
            assert float(bound) >= float(rest / m.sqrt(2 * m.pi)) * (1 - 1e-12)


@pytest.mark.parametrize("name", ["exp", "expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "erf", "erfc"])
def test_complex_balls_hold_the_values_of_mpmath(name):
    A = Holomorphic(True)
    z = mpmath.mpc("0.3", "0.2")
    found = getattr(A, name)(A.number(Fraction(3, 10)) + A.number(Fraction(1, 5)) * type(A.pi)(0, 1))
    value = getattr(mpmath, name)(z)
    assert abs(float(found.real) - float(value.real)) < 1e-12
    assert abs(float(found.imag) - float(value.imag)) < 1e-12


@pytest.mark.parametrize("name", ["abs", "sign", "relu", "negative_part", "step"])
def test_a_function_with_a_kink_is_not_holomorphic_around_it(name):
    A = Holomorphic(True)
    around = type(A.pi)(arb(0, 1), arb(0, 1))
    assert not getattr(A, name)(around).is_finite()
    assert getattr(Holomorphic(False), name)(around).is_finite()


def test_the_approximation_is_near_enough_to_begin_with():
    import numpy as np

    for f in ACTIVATIONS:
        for which in PRODUCTS:
            with ctx.workprec(100):
                exact = float(moment(f, which, arb(1), 60))
            assert Approximate(f).moments(which, np.ones(1))[0] == pytest.approx(exact, rel=1e-4, abs=1e-5)
