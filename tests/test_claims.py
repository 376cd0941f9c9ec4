"""Claims and their verdicts; what is false is refuted, or at least does not pass."""

import json

import pytest

import symgrad as sg
from symgrad.derivation.data import to_data
from symgrad.derivation.restore import from_data
from symgrad.evidence.check import check

END = "log(abs(w)*(1 + sqrt(1 - 4/abs(w)))/2 - 1)"
WIDTH = "2/w*log(w*(1 + sqrt(1 - 4/w))/2 - 1)"
BEST = {"w": "5.6476435659624458258", "b": "-2.8238217829812229129", "v": "1"}
POINTS = ("0", "0.28598557477912912449", "0.71401442522087087551", "1")
NEURON = "v*logistic(w*x + b) - x"

RELATIONS = [
    (sg.claim("logistic'(z) <= 1/4"), "PROVED"),
    (sg.claim("logistic'(z) < 1/4"), "REFUTED"),  # equal at 0 alone
    (sg.claim("abs(w)*logistic'(w*a + b) <= abs(w)/4"), "PROVED"),
    (sg.claim("abs(w)*logistic'(w*a + b) < abs(w)/4"), "REFUTED"),
    (sg.claim("abs(w)/4 < 1", "abs(w) < 4"), "PROVED"),
    (sg.claim("abs(w)/4 < 1", "abs(w) <= 4"), "REFUTED"),
    (sg.claim("w < 1", "0 <= w <= 1"), "REFUTED"),
    (sg.claim("w < 1", "0 <= w < 1"), "PROVED"),
    (sg.claim("v*w < v", "0 < v < 1", "0 <= w <= 1"), "REFUTED"),  # on one side of the square alone
    (sg.claim("v*w <= v", "0 < v < 1", "0 <= w <= 1"), "PROVED"),
    (sg.claim("1/(1 - w) > 0", "0 <= w < 1"), "PROVED"),
    (sg.claim("1/(1 - w) > 0", "0 <= w <= 1"), "UNKNOWN"),  # it is not defined at 1
    (sg.claim("relu'(z) = 1", "0 <= z <= 1"), "REFUTED"),  # the slope at the kink is 0
    (sg.claim("gelu'(sqrt(2)) = (1 + erf(1))/2 + exp(-1)/sqrt(pi)"), "PROVED"),
    (sg.claim("softplus'(z) < 1"), "PROVED"),  # approached and not reached
    (sg.claim("exp(z) >= 1 + z"), "ENCLOSED"),
    (sg.claim("silu'(z) <= 1.0999"), "ENCLOSED"),
    (sg.claim("silu'(z) <= 1.0998"), "REFUTED"),
    (sg.claim("gelu_tanh'(z) <= 1.129"), "ENCLOSED"),
    (sg.claim("tanh(v) >= v - v^3/3", "v >= 0"), "PROVED"),
    (sg.claim("tanh(v) >= v - v^3/4", "v >= 0"), "REFUTED"),
    (sg.claim("logistic(u) - 1/2 <= u/4", "u >= 0"), "PROVED"),
    (sg.claim("u = u + 10^(-90)*u"), "SAMPLED"),  # no ball of 60 digits tells, and SymPy proves no difference to be 0
]
SLOPES = [
    (sg.slope("z/(2*cosh(z/2)^2)", "z", "(1 - z*tanh(z/2))/(2*cosh(z/2)^2)"), "PROVED"),
    (sg.slope("z/(2*cosh(z/2)^2)", "z", "(1 + z*tanh(z/2))/(2*cosh(z/2)^2)"), "REFUTED"),
    (sg.slope("silu'(z)", "z", "logistic'(z)*(2 - z*tanh(z/2))"), "PROVED"),
    (sg.slope("gelu'(z)", "z", "(2 - z^2)*exp(-z^2/2)/sqrt(2*pi)"), "PROVED"),
    (sg.slope("gelu'(z)", "z", "(2 - z)*exp(-z^2/2)/sqrt(2*pi)"), "REFUTED"),
    (sg.slope("a*log(a*x)", "x", "a/x", "a > 0", "x > 0"), "PROVED"),
]
SOLUTIONS = [
    (sg.solutions("w*logistic'(z) >= 1", "z", f"-{END}", END, "w >= 4"), "PROVED"),
    (sg.solutions("w*logistic'(z) >= 1", "z", END, f"-{END}", "w >= 4"), "REFUTED"),  # ends exchanged
    (sg.solutions("w*logistic'(z) >= 1", "z", f"-2*{END}", END, "w >= 4"), "REFUTED"),
    (sg.solutions("w*logistic'(z) >= 1", "z", "0", END, "w >= 4"), "REFUTED"),
    (sg.solutions("w*logistic'(z) <= 1", "z", f"-{END}", END, "w >= 4"), "REFUTED"),
    (
        sg.solutions("abs(w)*logistic'(w*a) >= 1", "a", f"-{END}/abs(w)", f"{END}/abs(w)", "w <= -4"),
        "PROVED",
    ),
    (sg.solutions("(1 + y)^2*softsign'(z) >= 1", "z", "-y", "y", "y >= 0"), "PROVED"),
    (sg.solutions("w*exp(z) >= 1", "z", "-log(w)", "oo", "w >= 1"), "PROVED"),
    (sg.solutions("w*exp(z) >= 1", "z", "log(w)", "oo", "w > 1"), "REFUTED"),
    (sg.solutions("exp(-z) >= w", "z", "-oo", "-log(w)", "w > 0"), "PROVED"),
    (sg.solutions("1/z >= -z", "z", "-1", "1"), "REFUTED"),  # a pole inside, where the difference jumps
    (sg.solutions("w*exp(z) >= 1", "z", "-log(w)", "oo", "1 <= w <= 2"), "PROVED"),
]
EXTREMA = [
    (sg.extremum("maximum", WIDTH, "w >= 4", "0.44774320469430284918", "6.8941510322729280142"), "ENCLOSED"),
    (sg.extremum("maximum", WIDTH, "w >= 4", "0.45", "6.9"), "ENCLOSED"),
    (sg.extremum("maximum", WIDTH, "w >= 4", "0.45", "6.8"), "REFUTED"),
    (sg.extremum("maximum", WIDTH, "w >= 4", "0.44", "6.9"), "REFUTED"),
    (sg.extremum("maximum", WIDTH, "w >= 7", "0.4477", "7"), "ENCLOSED"),
    (sg.extremum("minimum", "silu(z)", "z real", "-0.2784645427610737951", "-1.278464542761073795"), "ENCLOSED"),
    (sg.extremum("maximum", "softplus'(z)", "z real", "1.0", "99"), "REFUTED"),  # approached and not reached
    (sg.extremum("maximum", "logistic'(z)", "z real", "1/4", "0"), "ENCLOSED"),
    (sg.extremum("maximum", "logistic'(z)", "z real", "0.25", "0"), "ENCLOSED"),
    (sg.extremum("maximum", "logistic'(z)", "z real", "1/4 + 1/10^40", "0"), "REFUTED"),
    (sg.extremum("maximum", "logistic'(z)", "z real", "1/4", "1/10^40"), "REFUTED"),
    (sg.extremum("maximum", "gelu'(z)", "z real", "1.12890414518515", "sqrt(2)"), "ENCLOSED"),
    (sg.extremum("maximum", "gelu'(z)", "z real", "1.12890414518515", "sqrt(2) + 1/10^50"), "REFUTED"),
    (sg.extremum("maximum", "sin(x) + cos(x)", "0 <= x <= 3", "sqrt(2)", "pi/4"), "ENCLOSED"),
    (sg.extremum("maximum", "x*exp(-x)", "x real", "exp(-1)", "1"), "ENCLOSED"),
    (sg.extremum("maximum", "x*exp(-x)", "x real", "exp(-1) + 1/10^90", "1"), "UNKNOWN"),  # nobody can tell them apart
    (sg.extremum("maximum", "x*exp(-x)", "x real", "exp(-1) + 1/10^50", "1"), "REFUTED"),
    (sg.extremum("maximum", "w/4", "w >= 4", "1.0", "4"), "REFUTED"),  # unbounded
    (sg.extremum("maximum", "z*exp(-z^2)*z", "z real", "0.3679", "1.0"), "REFUTED"),  # at -1 too
]
MINIMA_OF_MAXIMA = [
    (sg.minimax(NEURON, "0 <= x <= 1", BEST, POINTS, "0.05605038444115139"), "ENCLOSED"),
    (sg.minimax(NEURON, "0 <= x <= 1", BEST, POINTS, "0.05"), "REFUTED"),
    (sg.minimax(NEURON, "0 <= x <= 1", BEST, POINTS, "0.0560505"), "REFUTED"),
    (sg.minimax(NEURON, "0 <= x <= 1", BEST, POINTS[1:], "0.0560504"), "UNKNOWN"),  # one point too few
    (sg.minimax(NEURON, "0 <= x <= 1", BEST | {"w": "5.6"}, POINTS, "0.0560504"), "UNKNOWN"),
    (sg.minimax("v*tanh(w*x*x + b) - x", "0 <= x <= 1", BEST, POINTS, "0.056"), "UNKNOWN"),  # not exponentials
    (sg.minimax("c - x", "0 <= x <= 1", {"c": "0.5"}, ("0", "1"), "0.5"), "ENCLOSED"),
    (sg.minimax("c - x", "0 <= x <= 1", {"c": "0.5"}, ("1", "0"), "0.5"), "UNKNOWN"),
]
CHAIN, RNN = sg.model("chain").bind("logistic"), sg.model("rnn")
RESIDUAL = sg.model("residual").bind("logistic")
SMALL, LETTERS = {"w": "1"}, {"W": "lambda", "sigma'": "gamma"}
NORM_BOUNDS = [
    (sg.norm_bound(CHAIN, "a[L]", "b[1]", "4**(-L)", SMALL), "PROVED"),
    (sg.norm_bound(CHAIN, "a[L]", "b[1]", "4**(1-L)", SMALL), "PROVED"),
    (sg.norm_bound(CHAIN, "a[L]", "b[1]", "4**(-L-1)", SMALL), "REFUTED"),
    (sg.norm_bound(CHAIN, "a[L]", "b[1]", "5**(-L)", {"w": "1/2"}), "REFUTED"),
    (sg.norm_bound(CHAIN, "C", "b[1]", "D*4**(-L)", SMALL | {"∂C/∂a[L]": "D"}), "PROVED"),
    (sg.norm_bound(RNN, "s[t]", "s[k]", "(gamma*lambda)**(t-k)", LETTERS), "PROVED"),
    (sg.norm_bound(RNN, "s[t]", "s[k]", "(gamma*lambda)**(t-k)", LETTERS, norm="infinity"), "PROVED"),
    (sg.norm_bound(RNN, "s[t]", "s[k]", "(gamma*lambda)**(t-k-1)", LETTERS), "REFUTED"),
    (sg.norm_bound(RNN, "s[t]", "s[k]", "(gamma*lambda)**(t-k)/2", LETTERS), "REFUTED"),
    (sg.norm_bound(RESIDUAL, "a[L]", "a[0]", "(1 + c/4)**L", {"w": "c"}), "PROVED"),
    (sg.norm_bound(RESIDUAL, "a[L]", "a[0]", "(1 + c/8)**L", {"w": "c"}), "REFUTED"),
]
ELU_SECOND = "q/2 + exp(2*q)*erfc(sqrt(2*q))/2 - exp(q/2)*erfc(sqrt(q/2)) + 1/2"
EXPECTATIONS = [
    (sg.expectation("relu(sqrt(q)*z)^2 = q/2", "q > 0"), "PROVED"),
    (sg.expectation("relu(sqrt(q)*z)^2 = q/3", "q > 0"), "REFUTED"),
    (sg.expectation("relu'(z)^2 = 1/2"), "PROVED"),
    (sg.expectation("relu'(z)^2 = 1/2 + 1/1000000"), "REFUTED"),
    (sg.expectation("(relu(z) - alpha*relu(-z))^2 = (1 + alpha^2)/2"), "PROVED"),
    (sg.expectation("(relu(z) - alpha*relu(-z))^2 = (1 + alpha)/2"), "REFUTED"),
    (sg.expectation("z^4 = 3"), "PROVED"),
    (sg.expectation("exp(a*z) = exp(a^2/2)"), "PROVED"),
    (sg.expectation("exp(a*z) = exp(a^2)"), "REFUTED"),
    (sg.expectation(f"elu(sqrt(q)*z)^2 = {ELU_SECOND}", "q > 0"), "PROVED"),
    (sg.expectation(f"elu(sqrt(q)*z)^2 = {ELU_SECOND} - q/10^9", "q > 0"), "REFUTED"),
    (sg.expectation("sin(sqrt(q)*z)^2 = (1 - exp(-2*q))/2", "q > 0"), "PROVED"),
    (sg.expectation("erf(sqrt(q)*z)^2 = 2/pi*atan(2*q/sqrt(1 + 4*q))", "q > 0"), "SAMPLED"),
    (sg.expectation("erf(sqrt(q)*z)^2 = 2/pi*atan(2*q/sqrt(1 + 3*q))", "q > 0"), "REFUTED"),
    (sg.expectation("tanh(z)^2 ~ 0.394294490397841174"), "ENCLOSED"),
    (sg.expectation("tanh(z)^2 ~ 0.394294490397841175"), "REFUTED"),
    (sg.expectation("tanh(x)^2 < 0.3943", variable="x"), "ENCLOSED"),
    (sg.expectation("tanh(z)^2 > 0.3943"), "REFUTED"),
    (sg.expectation("tanh'(sqrt(q)*z)^2 >= 0.4", "1/2 <= q <= 1"), "ENCLOSED"),
    (sg.expectation("tanh'(sqrt(q)*z)^2 >= 0.55", "1/2 <= q <= 1"), "REFUTED"),
    (sg.expectation("tanh'(sqrt(q)*z)^2 <= 1", "0 <= q <= 10"), "SAMPLED"),  # no ball of q stays above 0
    (sg.expectation("1/z = 0"), "UNKNOWN"),  # there is no such mean
    (sg.expectation("exp(z^2) > 0"), "UNKNOWN"),
]
WEIGHT, TOGETHER = {"w": "0", "w^2": "v", "x^2": "q"}, [("S", "x")]
MOMENTS = [
    (sg.moments("(w*x)^2", WEIGHT, "v*q"), "PROVED"),
    (sg.moments("(w*x)^2", WEIGHT, "v*q^2"), "REFUTED"),
    (sg.moments("(S + w*x)^2", WEIGHT | {"S^2": "s"}, "s + v*q", TOGETHER), "PROVED"),
    (sg.moments("(S + w*x)^2", WEIGHT | {"S^2": "s"}, "s + 2*v*q", TOGETHER), "REFUTED"),
    (sg.moments("(S + x)^2", {"x": "0", "x^2": "q", "S^2": "s"}, "s + q"), "PROVED"),
    (sg.moments("(S + x)^2", {"x": "0", "x^2": "q", "S^2": "s"}, "s + q", TOGETHER), "UNKNOWN"),  # E[S x] is not 0
    (sg.moments("(S + w*x)^2", {"w^2": "v", "x^2": "q", "S^2": "s"}, "s + v*q", TOGETHER), "UNKNOWN"),
    (sg.moments("w^4", {"w": "0", "w^2": "v"}, "v^2"), "UNKNOWN"),
    (sg.moments("w^2", {"w^2": "1/3"}, "1/4"), "REFUTED"),
    (sg.moments("w^2", {"2*w^2": "1/3"}, "1/6"), "UNKNOWN"),  # 2 w² is no product of random variables
]
CLAIMS = RELATIONS + SLOPES + SOLUTIONS + EXTREMA + MINIMA_OF_MAXIMA + NORM_BOUNDS + EXPECTATIONS + MOMENTS


SLOW = [c for c in CLAIMS if "0 ≤ q ≤ 10" in str(c[0]) or "v - v^3/3" in str(c[0])]
"""What is tried until its time is over, and what SymPy decides after seconds."""


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [pytest.param(*c, marks=[pytest.mark.long] if c in SLOW else [], id=f"{c[0]}-{c[1]}") for c in CLAIMS],
)
def test_the_verdict(claim, verdict):
    found = check(claim)
    assert str(found.verdict) == verdict, str(found)
    if verdict == "REFUTED":
        assert found.counterexample


def test_every_kind_of_claim_is_stored_and_read_back():
    draft = sg.Draft("all kinds")
    for claim, _ in CLAIMS:
        draft.add(claim, "algebra")
    steps = draft.derivation().steps
    restored = from_data(json.loads(json.dumps(to_data(draft.derivation()))))
    assert [str(s.claim) for s in restored.steps] == [str(s.claim) for s in steps]
    assert to_data(restored)["steps"] == to_data(draft.derivation())["steps"]


PRINTED = [
    (SLOPES[0][0], r"\frac{\mathrm{d}}{\mathrm{d}z}"),
    (SOLUTIONS[7][0], r"z &\ge -\ln(w)"),
    (EXTREMA[0][0], "w \\approx 6.8941510322729280142"),
    (sg.extremum("maximum", "logistic'(z)", "z real", "1/4", "0"), r"\operatorname{logistic}'(z) &= \frac{1}{4}"),
    (sg.extremum("maximum", "logistic'(z)", "z real", "1/4", "0"), "at $z = 0$ and nowhere else"),
    (MINIMA_OF_MAXIMA[0][0], "w \\approx 5.6476435659624458258"),
    (EXPECTATIONS[0][0], r"\operatorname{E}(\operatorname{ReLU}(\sqrt{q}\, z)^{2}) &= \frac{q}{2}"),
    (MOMENTS[2][0], r"\operatorname{E}((S + w\, x)^{2}) &= s + v\, q"),
    (NORM_BOUNDS[5][0], r"\right\Vert &\le (\gamma\, \lambda)^{t-k}"),
]


@pytest.mark.parametrize(
    ("claim", "part"), PRINTED, ids=[f"{type(c).__name__} {i}" for i, (c, _) in enumerate(PRINTED)]
)
def test_every_kind_of_claim_is_printed(claim, part):
    draft = sg.Draft("one")
    draft.add(claim, "algebra")
    assert part in draft.derivation().checked().latex()


def test_the_best_neuron_is_found_by_an_optimiser_too():
    """Nelder and Mead's simplex knows nothing of alternation."""
    import numpy as np
    from scipy.optimize import minimize

    x = np.linspace(0, 1, 501)
    start = np.array([4.0, -2.0, 1.2])

    def error(p):
        return np.max(np.abs(p[2] / (1 + np.exp(-(p[0] * x + p[1]))) - x))

    for _ in range(4):
        start = minimize(error, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11}).x
    assert error(start) == pytest.approx(0.0560503844, rel=1e-4)
    assert start == pytest.approx([5.6476, -2.8238, 1], rel=1e-2)


FACTORS = [
    (("s[t]", "s[k]", None), ("s[t-1]", ..., "s[k+1]"), "∂s_t/∂s_k = ∂s_t/∂s_{t-1} ⋯ ∂s_{k+1}/∂s_k"),
    (("s[4]", "s[1]", 4), ("s[3]", "s[2]"), "∂s_4/∂s_1 = ∂s_4/∂s_3 ∂s_3/∂s_2 ∂s_2/∂s_1"),
]


@pytest.mark.parametrize(("which", "via", "printed"), FACTORS, ids=["symbolic", "four states"])
def test_a_product_with_every_factor_named(which, via, printed):
    draft = sg.Draft("long")
    draft.derives(sg.model("rnn"), *which, via=via)
    steps = draft.derivation().checked()
    assert str(steps.verdict) == "PROVED"
    assert [str(c.verdict) for c in steps.steps[0].evidence.checks if c.method == "names"] == ["PROVED"]
    assert printed in str(steps).splitlines()
    assert "∏" not in str(steps)


@pytest.mark.parametrize("via", [(..., "E"), ("s[t-1]", ..., ..., "s[k+1]")])
def test_dots_stand_between_steps(via):
    with pytest.raises(sg.SymgradError, match="stands between steps"):
        sg.Draft("long").derives(sg.model("rnn"), "s[t]", "s[k]", via=via)
