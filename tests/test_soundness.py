"""No false claim is proved, and no true one refuted: every kind, at the borders of what it says."""

import pytest

import symgrad as sg
from symgrad.evidence.check import check

CHAIN = sg.model("chain").bind("logistic")
HALF = ("0", "1")

FALSE = [
    # --- relations: narrow places, ends, far away, names of inner symbols, exponents
    (sg.claim, "x^2 > 0"),
    (sg.claim, "x^2 > 0", "0 <= x < 1"),
    (sg.claim, "x < 1", "0 <= x <= 1"),
    (sg.claim, "x <= 100"),
    (sg.claim, "x + y <= 100"),
    (sg.claim, "x + y <= 1e6", "x >= 0", "y >= 0"),
    (sg.claim, "x*y <= 1e9"),
    (sg.claim, "(x - y - 1/3)^2 >= 1e-12"),
    (sg.claim, "(x - t_x - 1/3)^2 >= 1e-12", "x >= 1", "t_x >= 0"),
    (sg.claim, "(x - t_x)^2 > 0", "x >= 1", "t_x >= 0"),
    (sg.claim, "t_x = x - 1", "x >= 1", "t_x >= 0"),
    (sg.claim, "x*(1 + t_x) = t_x", "0 < x < 1", "t_x > 0"),
    (sg.claim, "E*x >= x", "E > 0", "x > 0"),
    (sg.claim, "sin(4096*pi*x) = 0"),
    (sg.claim, "sin(4096*pi*x)*sin(4095*pi*y) = 0"),
    (sg.claim, "cos(8192*pi*x) = 1"),
    (sg.claim, "cos(8192*pi*x) = 1", "x > 0"),
    (sg.claim, "step(x) = 1", "x >= 0"),
    (sg.claim, "sign(x) >= 0", "x >= -1e-9"),
    (sg.claim, "sign(sin(x)) >= 1/2", "0 <= x < 3"),
    (sg.claim, "relu'(x) = 1", "x >= 0"),
    (sg.claim, "abs(x) > 0"),
    (sg.claim, "exp(x) < 1e100"),
    (sg.claim, "exp(-x) > 1e-100"),
    (sg.claim, "x^4 - 2*x^2 + 1 > 0"),
    (sg.claim, "tanh(x) < 0.999999"),
    (sg.claim, "sqrt(x^2) = x"),
    (sg.claim, "(x^2)^(1/2) >= x + 1e-30"),
    (sg.claim, "1/3 = 0.333333333333"),
    (sg.claim, "1e-30 = 0"),
    (sg.claim, "1e30 + 1 = 1e30"),
    (sg.claim, "1/3 ~ 0.334"),
    (sg.claim, "2^100 ~ 1.267e29"),
    (sg.claim, "100 ~ 1.1e2"),
    (sg.claim, "relu(x) = x"),
    (sg.claim, "logistic'(z) < 1/4"),
    (sg.claim, "silu(x) >= -0.2784"),
    # --- limits: sides, letters at their ends, points that are not reached
    (sg.limit, "a**n", "n", "oo", "0", "0 < a <= 1"),
    (sg.limit, "a**n", "n", "oo", "0", "0 <= a <= 1"),
    (sg.limit, "a**n", "n", "oo", "oo", "a >= 1"),
    (sg.limit, "exp(-g*n)", "n", "oo", "0", "g >= 0"),
    (sg.limit, "exp(-g*n)", "n", "oo", "0"),
    (sg.limit, "abs(x)/x", "x", "0", "1"),
    (sg.limit, "abs(x)/x", "x", "0", "-1"),
    (sg.limit, "1/x", "x", "0", "oo"),
    (sg.limit, "step(x)", "x", "0", "1"),
    (sg.limit, "step(x)", "x", "0", "0"),
    (sg.limit, "exp(1/x)", "x", "0", "oo"),
    (sg.limit, "atan(x)", "x", "-oo", "pi/2"),
    (sg.limit, "(a*n)/(a*n + 1)", "n", "oo", "1", "a >= 0"),
    (sg.limit, "1/(1 + (a - 1)^2*n)", "n", "oo", "0", "a >= 0"),
    (sg.limit, "a*n", "n", "oo", "oo"),
    (sg.limit, "sin(x)", "x", "oo", "0"),
    (sg.limit, "x*exp(-x)", "x", "-oo", "0"),
    (sg.limit, "(1 + 1/n)**n", "n", "oo", "1", "n > 0"),
    (sg.limit, "x_a*x", "x", "0", "1e-40"),
    (sg.limit, "x^2", "x", "0", "1e-300"),
    (sg.limit, "cos(pi*n)", "n", "oo", "1"),
    (sg.limit, "sin(pi/x)", "x", "0", "0"),
    (sg.limit, "cos(2*pi*n) + 1/n", "n", "oo", "1", "n > 0"),
    (sg.limit, "a^x", "x", "-oo", "0", "a > 1/2"),
    (sg.limit, "a*x + 1e-300*a", "x", "0", "0"),
    (sg.limit, "x^2", "x", "0", "a", "0 <= a <= 1e-300"),
    # --- slopes: kinks, jumps, letters, exponents
    (sg.slope, "abs(x)", "x", "1", "x >= -1"),
    (sg.slope, "relu(x)", "x", "1", "-1e-3 <= x <= 1"),
    (sg.slope, "x^2", "x", "x"),
    (sg.slope, "t_x*x", "x", "x", "x >= 1", "t_x >= 0"),
    (sg.slope, "x^3", "x", "3*x^2 + 1e-30"),
    (sg.slope, "exp(2*x)", "x", "exp(2*x)"),
    # --- solutions: no point at all, ends, other ends
    (sg.solutions, "x^2 <= -1", "x", "-oo", "oo"),
    (sg.solutions, "x^2 > 0", "x", "-oo", "oo"),
    (sg.solutions, "x > 1", "x", "1", "oo"),
    (sg.solutions, "x < 1", "x", "-oo", "1"),
    (sg.solutions, "x^2 < 1", "x", "-1", "1"),
    (sg.solutions, "x^2 <= 1", "x", "-1", "oo"),
    (sg.solutions, "x^2 >= 1", "x", "1", "oo"),
    (sg.solutions, "x >= t_0", "x", "0", "oo", "t_0 >= 0"),
    (sg.solutions, "x >= y", "x", "y + 1e-20", "oo"),
    (sg.solutions, "x^2 >= 0", "x", "0", "oo"),
    (sg.solutions, "1/x >= 1", "x", "-oo", "1"),
    (sg.solutions, "x <= 1e20", "x", "-oo", "1e19"),
    (sg.solutions, "x^2 <= 1", "x", "-1", "1", "x > 0"),
    (sg.solutions, "x >= 0", "x", "-1", "oo", "x >= 0"),
    (sg.solutions, "x <= a", "x", "0", "a", "x > 0", "a > 0"),
    (sg.solutions, "w*x >= 1", "x", "1/w", "oo", "w >= 0"),
    (sg.solutions, "a*x <= 1", "x", "-oo", "1/a", "a >= 0"),
    (sg.solutions, "abs(x) <= a", "x", "-a", "a"),
    # --- extrema: ends that do not belong, plateaus, exponents
    (sg.extremum, "maximum", "x", "0 <= x < 1", "1.0", "1.0"),
    (sg.extremum, "minimum", "x", "0 < x <= 1", "0", "0"),
    (sg.extremum, "maximum", "tanh(x)", "x real", "1.0", "100"),
    (sg.extremum, "maximum", "x^2", "-1 <= x <= 1", "1.0", "1.0"),
    (sg.extremum, "maximum", "1 - relu(-x)", "-1 <= x <= 1", "1.0", "1.0"),
    (sg.extremum, "minimum", "step(x)", "-1 <= x <= 1", "0", "0"),
    (sg.extremum, "maximum", "hard_tanh(x)", "0 <= x <= 3/2", "1", "1.5"),
    (sg.extremum, "maximum", "sqrt(x) - x", "x >= 0", "2.6e-1", "2.5e-1"),
    (sg.extremum, "maximum", "sqrt(x) - x", "x >= 0", "2.5e-1", "2.6e-1"),
    (sg.extremum, "minimum", "x^2 - 1e-9*x", "x real", "0.0e-3", "1e-10"),
    # --- the best approximation
    (sg.minimax, "c - x", "0 <= x <= 1", {"c": "0.5"}, HALF, "9e-1"),
    (sg.minimax, "c - x", "0 <= x <= 1", {"c": "0.5"}, HALF, "0.4"),
    (sg.minimax, "c - x", "0 <= x <= 1", {"c": "5e-2"}, HALF, "5e-1"),
    (sg.minimax, "c - x", "0 < x < 1", {"c": "0.5"}, HALF, "0.51"),
    (sg.minimax, "c + d*x - x", "0 <= x <= 1", {"c": "0.5", "d": "0"}, HALF, "0.5"),
    # --- means
    (sg.expectation, "z^2 = 2"),
    (sg.expectation, "z^2 ~ 1.1e0"),
    (sg.expectation, "exp(a*z) = 1", "0 <= a <= 1"),
    (sg.expectation, "exp(log(z)) = 0"),
    (sg.expectation, "relu(half_z*z) = half_z/sqrt(2*pi)"),
    (sg.expectation, "relu(q*z)^2 > 0", "0 <= q <= 1"),
    (sg.moments, "(w*x)^2", {"w^2": "v", "x^2": "q"}, "v + q"),
    (sg.moments, "w*x", {"w": "a", "x": "b"}, "0"),
    (sg.moments, "w^2", {"w^2": "v"}, "v + 1e-30"),
    # --- norms
    (sg.norm_bound, CHAIN, "a[L]", "b[1]", "4**(-L-1)", {"w": "1"}),
    (sg.norm_bound, CHAIN, "a[L]", "a[0]", "(c/4)**L - 1e-3", {"w": "c"}),
    (sg.norm_bound, CHAIN, "a[L]", "a[0]", "(1e-1)**L", {"w": "1"}),
]
"""False somewhere in their domains."""

UNDEFINED = [
    (sg.claim, "x/x = 1"),
    (sg.claim, "x/x = 1", "x >= 0"),
    (sg.claim, "(x - 1)/(x - 1) = 1", "0 <= x <= 2"),
    (sg.claim, "exp(log(x)) = x"),
    (sg.claim, "exp(log(x)) = x", "x >= 0"),
    (sg.claim, "sqrt(x)^2 = x"),
    (sg.claim, "sqrt(x - y)^2 = x - y", "x > 0", "y > 0"),
    (sg.claim, "x*x^(-1) = 1"),
    (sg.claim, "x^(1/2)*x^(1/2) = x"),
    (sg.claim, "tan(x) - tan(x) = 0"),
    (sg.claim, "log(x) - log(x) = 0"),
    (sg.claim, "log1p(x) - log1p(x) = 0"),
    (sg.claim, "log(-1) = log(-1)"),
    (sg.claim, "1/(1 - w) > 0", "0 <= w <= 1"),
    (sg.claim, "(1/x)^2 > 0"),
    (sg.limit, "log(x)", "x", "-oo", "oo"),
    (sg.limit, "x/a", "x", "0", "0"),
    (sg.limit, "x*log(a)", "x", "0", "0", "a >= 0"),
    (sg.limit, "x + a", "x", "0", "a^2/a"),
    (sg.limit, "sqrt(x)", "x", "0", "0"),
    (sg.limit, "x", "x", "3", "3", "0 <= x <= 1"),
    (sg.limit, "x", "x", "oo", "oo", "0 <= x <= 1"),
    (sg.claim, "sign'(x) = 0"),
    (sg.claim, "step'(x) = 0"),
    (sg.claim, "relu'(x) = step(x)"),
    (sg.claim, "relu'(x - 1/3) = step(x - 1/3)"),
    (sg.claim, "hard_tanh'(x) <= 1"),
    (sg.slope, "step(x)", "x", "0"),
    (sg.slope, "hard_tanh(x)", "x", "1", "-1 <= x <= 1"),
    (sg.slope, "relu6(x)", "x", "1", "0 <= x <= 6"),
    (sg.slope, "abs(x)", "x", "sign(x)"),
    (sg.slope, "abs(x)", "x", "sign(x)", "x > -1"),
    (sg.slope, "relu(x)", "x", "relu'(x)"),
    (sg.slope, "relu(x - 1/3)", "x", "relu'(x - 1/3)", "x > 0"),
    (sg.slope, "leaky_relu(x)", "x", "leaky_relu'(x)"),
    (sg.slope, "hard_tanh(x)", "x", "hard_tanh'(x)", "x > 0"),
    (sg.slope, "log(x)", "x", "1/x"),
    (sg.slope, "sqrt(x)", "x", "1/(2*sqrt(x))", "x >= 0"),
    (sg.jacobian, {"u": "abs(x)"}, "x", [["sign(x)"]]),
    (sg.jacobian, {"u": "log(x)"}, "x", [["1/x"]]),
    (sg.expectation, "1/z = 0"),
    (sg.expectation, "z^2 = q/q"),
    (sg.moments, "w^2", {"w^2": "-1"}, "-1"),
    (sg.moments, "w^2", {"w": "2", "w^2": "1"}, "1"),
    (sg.moments, "w^2", {"w^2": "1"}, "v/v"),
]
"""Not defined somewhere in their domains, or about nothing: neither is such a claim true."""

TRUE = [
    (sg.claim, "x^2 >= 0"),
    (sg.claim, "x^2 > 0", "x > 0"),
    (sg.claim, "(x - y)^2 >= 0"),
    (sg.claim, "x + y <= 2", "0 <= x <= 1", "0 <= y <= 1"),
    (sg.claim, "x < 1", "0 <= x < 1"),
    (sg.claim, "x/x = 1", "x > 0"),
    (sg.claim, "x/x = 1", "x < 0"),
    (sg.claim, "exp(log(x)) = x", "x > 0"),
    (sg.claim, "sqrt(x)^2 = x", "x >= 0"),
    (sg.claim, "log(exp(x)) = x"),
    (sg.claim, "t_x = t_x", "x >= 1", "t_x >= 0"),
    (sg.claim, "x*t_x = t_x*x", "0 < x < 1", "t_x >= 0"),
    (sg.claim, "sign(sin(x)) >= 1/2", "0 < x < 3"),
    (sg.claim, "step(x) = 1", "x > 0"),
    (sg.claim, "abs(x) >= x"),
    (sg.claim, "relu(x) - relu(-x) = x"),
    (sg.claim, "softplus(x) > relu(x)"),
    (sg.claim, "tanh(x) < 1"),
    (sg.claim, "sin(x)^2 + cos(x)^2 = 1"),
    (sg.claim, "cosh(x)^2 - sinh(x)^2 = 1"),
    (sg.claim, "exp(x) >= 1 + x"),
    (sg.claim, "x^y > 0", "x > 0"),
    (sg.claim, "1e30 + 1 > 1e30"),
    (sg.claim, "2^100 ~ 1.268e30"),
    (sg.claim, "1/3 ~ 3.33e-1"),
    (sg.claim, "100 ~ 1.0e2"),
    (sg.claim, "sin(4096*pi*x) <= 1"),
    (sg.claim, "silu(x) >= -0.2785"),
    (sg.limit, "a**n", "n", "oo", "0", "0 <= a < 1"),
    (sg.limit, "a**n", "n", "oo", "oo", "a > 1"),
    (sg.limit, "abs(x)/x", "x", "0", "1", "x > 0"),
    (sg.limit, "abs(x)/x", "x", "0", "-1", "x < 0"),
    (sg.limit, "sin(x)/x", "x", "0", "1"),
    (sg.limit, "1/x", "x", "0", "oo", "x > 0"),
    (sg.limit, "sqrt(x)", "x", "0", "0", "x > 0"),
    (sg.limit, "x*log(x)", "x", "0", "0", "x > 0"),
    (sg.limit, "tanh(x)", "x", "-oo", "-1"),
    (sg.limit, "exp(-g*n)", "n", "oo", "0", "g > 0"),
    (sg.limit, "a/n + b", "n", "oo", "b"),
    (sg.limit, "eta*g", "g", "oo", "oo", "eta > 0"),
    (sg.claim, "relu'(x) = step(x)", "x > 0"),
    (sg.claim, "sign'(x) = 0", "x > 0"),
    (sg.claim, "softsign'(x) <= 1"),
    (sg.slope, "step(x)", "x", "0", "x > 0"),
    (sg.slope, "hard_tanh(x)", "x", "1", "-1 < x < 1"),
    (sg.slope, "relu(x)^2", "x", "2*relu(x)"),
    (sg.slope, "abs(x)", "x", "1", "x > 0"),
    (sg.slope, "relu(x)", "x", "relu'(x)", "x < 0"),
    (sg.slope, "x*abs(x)", "x", "2*abs(x)"),
    (sg.slope, "sqrt(x)", "x", "1/(2*sqrt(x))", "x > 0"),
    (sg.slope, "t_x*x", "x", "t_x", "x >= 1", "t_x >= 0"),
    (sg.slope, "x^2", "x", "2*x", "0 <= x <= 1"),
    (sg.jacobian, {"u": "x*y", "v": "x - y"}, "xy", [["y", "x"], ["1", "-1"]]),
    (sg.solutions, "x^2 >= 0", "x", "-oo", "oo"),
    (sg.solutions, "x^2 <= 1", "x", "-1", "1"),
    (sg.solutions, "x >= t_0", "x", "t_0", "oo"),
    (sg.solutions, "x^2 >= 4", "x", "2", "oo", "x >= 0"),
    (sg.solutions, "log(x) >= 0", "x", "1", "oo"),
    (sg.solutions, "step(-x) < 1", "x", "0", "oo"),
    (sg.solutions, "w*x >= 1", "x", "1/w", "oo", "w > 0"),
    (sg.solutions, "abs(x) <= a", "x", "-a", "a", "a >= 0"),
    (sg.extremum, "maximum", "x", "0 <= x <= 1", "1.0", "1.0"),
    (sg.extremum, "maximum", "sqrt(x) - x", "x >= 0", "2.5e-1", "2.5e-1"),
    (sg.extremum, "minimum", "x^2 + 1e-3", "x real", "1e-3", "0"),
    (sg.minimax, "c - x", "0 <= x <= 1", {"c": "5e-1"}, HALF, "5e-1"),
    (sg.expectation, "z^2 = 1"),
    (sg.expectation, "z^2 ~ 1.0e0"),
    (sg.expectation, "exp(a*z) = exp(a^2/2)", "0 <= a <= 1"),
    (sg.expectation, "relu(z)*half_z = half_z/sqrt(2*pi)"),
    (sg.moments, "(w + x)^2", {"w": "0", "x": "0", "w^2": "v", "x^2": "q"}, "v + q"),
    (sg.norm_bound, CHAIN, "a[L]", "a[0]", "(c/4)**L", {"w": "c"}),
]

REFUSED = [
    (sg.claim, "x <= 0", "x >= 1", "x <= 0"),
    (sg.claim, "x <= 0", "50 <= x <= 20"),
    (sg.claim, "x <= 0", "0 < x < 0"),
    (sg.claim, "1/0 = 1/0"),
    (sg.claim, "1 ~ 1e999999999"),
    (sg.limit, "x", "x", "0", "x"),
    (sg.limit, "x", "x", "a", "1"),
    (sg.solutions, "x = 1", "x", "1", "oo"),
    (sg.solutions, "x >= 0", "x", "x", "oo"),
    (sg.extremum, "maximum", "x", "0 <= x <= 1", "1e100000000", "1"),
    (sg.extremum, "maximum", "x", "0 <= x <= 1", "x", "1"),
    (sg.minimax, "c - x + q", "0 <= x <= 1", {"c": "0.5"}, HALF, "0.5"),
    (sg.minimax, "c - x", "0 <= x <= 1", {"c": "x"}, HALF, "0.5"),
    (sg.expectation, "z^2 = z"),
    (sg.expectation, "z^2 = 1", "z > 0"),
    (sg.moments, "w", {"w": "w"}, "w"),
    (sg.jacobian, {"u": "x"}, "xy", [["1"]]),
    (sg.norm_bound, CHAIN, "a[L]", "a[0]", "L**L", {"w": "L"}),
    (sg.norm_bound, CHAIN, "a[L]", "a[0]", "q**L", {"w": "c"}),
]
"""Claims that say nothing: they are refused when they are made, and when they are read from a file."""


def named(rows):
    return [pytest.param(row, id=f"{row[0].__name__} {' | '.join(map(str, row[1:]))}"[:120]) for row in rows]


@pytest.mark.parametrize("row", named(FALSE))
def test_what_is_false_is_not_proved(row):
    found = check(row[0](*row[1:]))
    assert not found.verdict > sg.Verdict.SAMPLED, str(found)
    assert not found.verdict.passes, str(found)


@pytest.mark.parametrize("row", named(UNDEFINED))
def test_what_is_not_defined_everywhere_does_not_pass(row):
    found = check(row[0](*row[1:]))
    assert found.verdict is sg.Verdict.UNKNOWN, str(found)


@pytest.mark.parametrize("row", named(TRUE))
def test_what_is_true_is_not_refuted(row):
    found = check(row[0](*row[1:]))
    assert found.verdict.passes, str(found)


def test_a_variance_below_zero_refutes_nothing():
    """E[w²] = v says that v ≥ 0, where |v| is v."""
    assert check(sg.moments("w^2", {"w^2": "v"}, "abs(v)")).verdict is not sg.Verdict.REFUTED


@pytest.mark.parametrize("row", named(REFUSED))
def test_what_says_nothing_is_refused(row):
    with pytest.raises(sg.SymgradError):
        row[0](*row[1:])
