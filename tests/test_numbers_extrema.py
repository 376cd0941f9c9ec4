"""Certified extrema: tricky functions, random ones against sampled values, and enclosures against mpmath."""

from fractions import Fraction
from random import Random

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.interval import OutsideDomain
from symgrad.errors import SymgradError, UnknownName, ValuesError
from symgrad.network.formula import read_formula
from symgrad.numbers.extremum.extremum import find_domain
from symgrad.numbers.extremum.local_extrema import local_extrema
from symgrad.numbers.extremum.objective import INTERVALS, Objective
from symgrad.numbers.extremum.shown import proof
from symgrad.numbers.extremum.simplest import between
from symgrad.numbers.tail.monomial import TryFurther

SEARCH = {"max": sg.maximise, "min": sg.minimise}

DECIDED = """
abs(x)                                  | [-1, 2]     | max | 2                  | at x = 2
abs(x)                                  | [-1, 2]     | min | 0                  | at x = 0
abs(x)                                  | (-oo, oo)   | min | 0                  | at x = 0
abs(x^2 - 1)                            | [-1, 1]     | max | 1                  | at x = 0
abs(x^2 - 1)                            | [-1, 1]     | min | 0                  | at x = -1; at x = 1
abs(x^2 - 1)                            | [-3/2, 3/2] | max | 5/4                | at x = -3/2; at x = 3/2
abs(x - 1/3)                            | [0, 1]      | min | 0                  | at x = 1/3
-abs(x - 1/3)^0.5                       | [0, 1]      | max | 0                  | at x = 1/3
abs(abs(x) - 1)                         | [-2, 2]     | min | 0                  | at x = -1; at x = 1
abs(x - 1/3) + abs(x - 2/3)             | (-oo, oo)   | min | 1/3                | on [0.3333333333, 0.6666666667]
relu(x)                                 | (-oo, oo)   | min | 0                  | on x ≤ 0
relu(x)                                 | [-1, 2]     | min | 0                  | on [-1.000000000, 0]
relu(x) - relu(x - 1)                   | (-oo, oo)   | max | 1                  | on x ≥ 1.000000000
relu(x) - 2*relu(x - 1/3)               | (-oo, oo)   | max | 1/3                | at x = 1/3
relu(1 - abs(x))                        | (-oo, oo)   | max | 1                  | at x = 0
relu(x)*relu(1 - x)                     | (-oo, oo)   | max | 1/4                | at x = 1/2
relu(sin(x))                            | [0, 10]     | max | 1                  | at x = π/2; at x = 5π/2
x^3                                     | [-1, 2]     | max | 8                  | at x = 2
x^3                                     | [-1, 2]     | min | -1                 | at x = -1
exp(-x)                                 | [0, oo)     | max | 1                  | at x = 0
exp(-x)                                 | [0, oo)     | min | 0                  | approached as x → oo
sin(x)                                  | [0, 10]     | max | 1                  | at x = π/2; at x = 5π/2
sin(x)                                  | [0, 10]     | min | -1                 | at x = 3π/2
cos(x)                                  | [-1, 15]    | max | 1                  | at x = 0; at x = 2π; at x = 4π
sin(x)^2 + cos(x)^2                     | [0, 1]      | max | 1                  | on [0, 1.000000000]
3                                       | (-oo, oo)   | max | 3                  | on the whole domain
x - x                                   | [0, 1]      | min | 0                  | on [0, 1.000000000]
1/x                                     | (0, 1]      | min | 1                  | at x = 1
1/x                                     | (0, 1]      | max | none               | grows beyond all bounds as x → 0
1/x                                     | [1, oo)     | min | 0                  | approached as x → oo
x*log(x)                                | (0, 1]      | max | 0                  | approached as x → 0; at x = 1
x*log(x)                                | (0, 2]      | min | -exp(-1)           | at x = 0.36787944117144232160
log(x)^2                                | (0, oo)     | min | 0                  | at x = 1
x/log(x)                                | (1, oo)     | min | exp(1)             | at x = 2.7182818284590452354
1/log(x)                                | (0, 1)      | max | 0                  | approached as x → 0
tan(x)                                  | [0, 1]      | max | tan(1)             | at x = 1
sqrt(x)                                 | [0, 1]      | min | 0                  | at x = 0
sqrt(1 - sqrt(1 - x^2))                 | [-1, 1]     | max | 1                  | at x = -1; at x = 1
sqrt(1 - sqrt(1 - x^2))                 | [-1, 1]     | min | 0                  | at x = 0
sqrt(x + sqrt(x))                       | [0, 4]      | max | sqrt(6)            | at x = 4
sqrt(x) + sqrt(1 - x)                   | [0, 1]      | max | sqrt(2)            | at x = 1/2
sqrt(x - 1/3)                           | [1/3, 1]    | min | 0                  | at x = 1/3
sqrt(x - 1/3)                           | (1/3, 1]    | min | 0                  | approached as x → 1/3
sqrt(abs(x))                            | [-1, 2]     | min | 0                  | at x = 0
x^(2/3)*(1 - x)                         | [0, 1]      | max | 0.4^(2/3)*0.6      | at x = 2/5
2/x*log(x*(1 + sqrt(1 - 4/x))/2 - 1)    | [4, oo)     | min | 0                  | at x = 4; approached as x → oo
x^2                                     | [-1, 2]     | max | 4                  | at x = 2
x^2                                     | [-1/3, 1/3] | max | 1/9                | at x = -1/3; at x = 1/3
x^4 - 2*x^2                             | [-2, 2]     | min | -1                 | at x = -1; at x = 1
-(x - 1)^2*(x - 2)^2*(x - 3)^2          | (-oo, oo)   | max | 0                  | at x = 1; at x = 2; at x = 3
x^3 - 3*x                               | [-2, 2]     | max | 2                  | at x = -1; at x = 2
-(x - 1/3)^4                            | (-oo, oo)   | max | 0                  | at x = 1/3
cos(x) - 1 + x^2/2                      | [-1, 1]     | min | 0                  | at x = 0
-(exp(x) - 1 - x)^2                     | (-oo, oo)   | max | 0                  | at x = 0
x^10*exp(-x)                            | [0, oo)     | min | 0                  | at x = 0; approached as x → oo
x^10*exp(-x)                            | [0, oo)     | max | 10^10*exp(-10)     | at x = 10
sin(x)/x                                | (0, 30]     | max | 1                  | approached as x → 0
(exp(x) - 1 - x)/x^2                    | (0, 1]      | min | 1/2                | approached as x → 0
tanh(x)/x                               | (0, oo)     | max | 1                  | approached as x → 0
x*tanh(1/x)                             | (0, oo)     | max | 1                  | approached as x → oo
x*log(1 + 1/x)                          | (0, oo)     | max | 1                  | approached as x → oo
sqrt(x*x + x) - x                       | [0, oo)     | max | 1/2                | approached as x → oo
exp(-exp(x))                            | (-oo, oo)   | max | 1                  | approached as x → -oo
exp(-exp(-x))*exp(-x)                   | (-oo, oo)   | max | exp(-1)            | at x = 0
tanh(x)                                 | (-oo, oo)   | max | 1                  | approached as x → oo
softplus(x) - x                         | (-oo, oo)   | min | 0                  | approached as x → oo
softplus(x) - relu(x)                   | (-oo, oo)   | max | log(2)             | at x = 0
softplus(x) - relu(x)                   | [0, oo)     | min | 0                  | approached as x → oo
logistic(x)*(1 - logistic(x))           | (-oo, oo)   | max | 1/4                | at x = 0
softsign'(x)                            | (-oo, oo)   | max | 1                  | at x = 0
selu(x)                                 | (-oo, oo)   | max | none               | grows beyond all bounds as x → oo
x + sin(x)                              | (-oo, oo)   | max | none               | grows beyond all bounds as x → oo
-(x - 1000000)^2                        | (-oo, oo)   | max | 0                  | at x = 1000000
exp(1000*x)                             | [0, 1]      | max | exp(1000)          | at x = 1
x^100*(1 - x)^100                       | [0, 1]      | max | 4^(-100)           | at x = 1/2
x*(1 - x)                               | (0, 1/2)    | max | 1/4                | approached as x → 1/2
x*(1 - x)                               | (0, 1/2]    | max | 1/4                | at x = 1/2
1/x                                     | [2, 2]      | max | 1/2                | at x = 2
x*sin(1/x)                              | (0, 1]      | max | sin(1)             | at x = 1
100 - x                                 | (-oo, oo)   | min | none               | falls beyond all bounds as x → oo
100 - x                                 | [0, 7]      | min | 93                 | at x = 7
1000 - x^2                              | (-oo, oo)   | min | none               | falls beyond all bounds as x → -oo
log(x) - 5                              | (0, oo)     | max | none               | grows beyond all bounds as x → oo
log(x) - 5                              | (0, oo)     | min | none               | falls beyond all bounds as x → 0
1/x - 100                               | (0, 1]      | max | none               | grows beyond all bounds as x → 0
exp(x) - 1000*x^50                      | [0, oo)     | max | none               | grows beyond all bounds as x → oo
exp(x*log(x))*exp(-2*x)                 | [1, oo)     | max | none               | grows beyond all bounds as x → oo
x*(2 + sin(x)) - 100                    | (-oo, oo)   | max | none               | grows beyond all bounds as x → oo
sqrt(x) - 10^6                          | [0, oo)     | max | none               | grows beyond all bounds as x → oo
step(x)                                 | (0, oo)     | min | 1                  | on x > 0
step(x)                                 | [0, 1]      | min | 0                  | at x = 0
step(x)                                 | (-oo, oo)   | max | 1                  | on x > 0
step(x)                                 | (-oo, oo)   | min | 0                  | on x ≤ 0
step(x)                                 | (-oo, 0]    | max | 0                  | on x ≤ 0
step(-x)                                | (-oo, 0)    | min | 1                  | on x < 0
sign(x)                                 | (0, oo)     | min | 1                  | on x > 0
sign(x)                                 | [0, oo)     | min | 0                  | at x = 0
sign(x)^2                               | [-1, 1]     | min | 0                  | at x = 0
relu'(x)                                | (0, oo)     | min | 1                  | on x > 0
leaky_relu'(x)                          | (0, oo)     | min | 1                  | on x > 0
leaky_relu'(x)                          | [0, oo)     | min | 1/100              | at x = 0
step(x) + 2*step(x - 1)                 | (0, oo)     | min | 1                  | on (0, 1.000000000]
step(x) + 2*step(x - 1)                 | (1, oo)     | min | 3                  | on x > 1.000000000
step(x - 100)                           | (-oo, oo)   | max | 1                  | on x > 100.0000000
step(x - 1/3)*(1 - x)                   | [0, 1]      | max | 2/3                | approached as x → 1/3 from above
(1 - x)*step(x)                         | [-1, 2]     | max | 1                  | approached as x → 0 from above
(1 - x)*relu'(x)                        | [-1, 2]     | max | 1                  | approached as x → 0 from above
(x + 2)*step(-x)                        | (-oo, oo)   | max | 2                  | approached as x → 0 from below
x*sign(x)                               | (-oo, oo)   | min | 0                  | at x = 0
softsign'(x)                            | (-oo, oo)   | max | 1                  | at x = 0
3                                       | (0, 1)      | max | 3                  | on (0, 1.000000000)
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in DECIDED.strip().splitlines()]


def value_of(text):
    """Return the value that a row states, an enclosure."""
    A = arithmetic("ball", 40)
    with A.working():
        return read_formula(text)(A)


@pytest.mark.parametrize(("expression", "domain", "kind", "value", "where"), ROWS, ids=lambda text: text)
def test_what_is_decided(expression, domain, kind, value, where):
    m = SEARCH[kind](expression, "x", domain, digits=20, timeout=20)
    assert m.where == where
    if value == "none":
        assert m.unbounded
        return
    assert m.proved
    assert m.value.ball(80).overlaps(value_of(value))
    assert len(m.value.to(20).replace(".", "").replace("-", "").lstrip("0").split("e")[0]) in (0, 20)
    assert m.attained is any(part.startswith(("at", "on")) for part in where.split("; "))
    if m.attained:
        assert m.unique is (where.count("at x") == 1)


UNDECIDED = """
sin(x)                   | (-oo, oo) | max | 1
sin(1/x)                 | (0, 1]    | max | 1
abs(x^2 - 2)             | [-2, 2]   | min | 0
abs(sin(x))              | [1, 10]   | min | 0
"""


@pytest.mark.parametrize(
    ("expression", "domain", "kind", "value"),
    [tuple(part.strip() for part in line.split("|")) for line in UNDECIDED.strip().splitlines()],
)
def test_what_is_not_decided_is_enclosed_and_said(expression, domain, kind, value):
    m = SEARCH[kind](expression, "x", domain, digits=20, timeout=20)
    assert not m.proved
    assert "undecided" in proof(m)
    assert m.value.ball(80).overlaps(value_of(value))


def test_a_jump_is_not_said_to_be_reached():
    assert sg.maximise("(1 - x)*step(x)", "x", "[-1, 2]").attained is not True
    assert sg.maximise("(1 - x)*relu'(x)", "x", "[-1, 2]").attained is not True


@pytest.mark.parametrize(
    ("expression", "domain"),
    [
        ("1/x", "[0, 1]"),
        ("1/x", "[-1, 1]"),
        ("tan(x)", "[0, 2]"),
        ("log(x)", "[-1, 1]"),
        ("log(x)", "[0, 1]"),
        ("log(x - 1/3)", "[1/3, 1]"),
        ("sqrt(x)", "[-1, 1]"),
        ("sqrt(x)", "(-oo, oo)"),
        ("log(-1)", "[0, 1]"),
        ("x^0.5", "[-1, 1]"),
        ("1/(x - x)", "[0, 1]"),
    ],
)
def test_an_expression_that_is_not_defined_on_the_domain_is_an_error(expression, domain):
    for search in SEARCH.values():
        with pytest.raises(ValuesError, match="is not defined"):
            search(expression, "x", domain, timeout=20)


@pytest.mark.parametrize("timeout", [1e-6, 0.05])
@pytest.mark.parametrize("expression", ["x*sin(x)", "sin(x)/x + sin(40*x)*sin(41*x)", "-exp(-exp(-x))", "sqrt(x)*x"])
def test_when_the_time_is_over_the_best_so_far_is_told(expression, timeout):
    m = sg.maximise(expression, "x", "[1, oo)", timeout=timeout)
    if not m.complete:
        assert not m.proved
        assert m.value is not None or m.value_text == "not known" or m.value_text.startswith("at least ")
        if m.value is not None:
            assert m.value.ball(64).upper() >= m.reached.ball(64).lower()


def test_every_local_extremum_is_listed():
    found = local_extrema("sin(x)*exp(-x/10)", "x", "[0, 20]")
    places = [mpmath.atan(10) + k * mpmath.pi for k in range(6)]
    assert [e.what for e in found] == ["maximum", "minimum"] * 3
    for e, place in zip(found, places, strict=True):
        assert e.at.to(12) == mpmath.nstr(place, 12, strip_zeros=False)
    found = local_extrema("abs(x^2 - 1)", "x", "[-2, 2]")
    assert [(e.what, str(e.at)) for e in found] == [
        ("minimum", "-1.000000000"),
        ("maximum", "0"),
        ("minimum", "1.000000000"),
    ]


@pytest.mark.parametrize(
    ("expression", "local"),
    [
        ("x*sign(x)", [("minimum", "0")]),
        ("sign(x)^2", [("minimum", "0")]),
        ("1 - sign(x)^2", [("maximum", "0")]),
        ("x + step(x)", []),
        ("step(x)", []),
        ("x - 2*step(x)", [("maximum", "0")]),  # 0 at 0, from below; -2 just above
        ("x", []),
    ],
)
def test_a_value_at_a_jump_is_compared_with_both_sides(expression, local):
    assert [(e.what, str(e.at)) for e in local_extrema(expression, "x")] == local


def test_no_bound_is_no_proved_number():
    m = sg.maximise("x*sin(x)", "x", "[1, oo)", timeout=5)
    assert m.value is None
    assert not m.proved
    assert "undecided" in proof(m)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: sg.maximise("x*y", "x", "[0, 1]"), ValuesError, "mentions y"),
        (lambda: sg.maximise("x*y"), SymgradError, "has the variables x, y"),
        (lambda: sg.maximise("x", "x", "[1, 0]"), SymgradError, "is empty"),
        (lambda: sg.maximise("x", "x", "(1, 1)"), SymgradError, "is empty"),
        (lambda: sg.maximise("x", "x", "x > oo"), SymgradError, "is empty"),
        (lambda: sg.maximise("x", "x", "x <= -∞"), SymgradError, "is empty"),
        (lambda: sg.maximise("x", "x", "[oo, oo)"), SymgradError, "is empty"),
        (lambda: sg.maximise("x", "x", "abs(x) < -oo"), SymgradError, "is empty"),
        (lambda: sg.maximise("x", "x", "y in [0, 1]"), UnknownName, "'y'"),
        (lambda: sg.maximise("x", "x", "[0, z]"), SymgradError, "not a rational number"),
        (lambda: sg.maximise("x", digits=0), ValuesError, "0 digits"),
        (lambda: sg.maximise("x", digits=10**7), ValuesError, "digits"),
        (lambda: sg.maximise("x", timeout=0), ValuesError, "seconds"),
        (lambda: sg.maximise("x", timeout=-1), ValuesError, "seconds"),
        (lambda: sg.maximise("x", timeout=float("nan")), ValuesError, "seconds"),
        (lambda: sg.maximise("2*"), SymgradError, "expression"),
        (lambda: sg.maximise("foo(x)"), SymgradError, "foo"),
        (lambda: sg.maximise("sigma(x)"), SymgradError, "sigma"),
        (lambda: sg.maximise("tanh(x)").at, ValuesError, "no single place"),
        (lambda: sg.maximise("W@x", "x"), SymgradError, "mentions W"),
    ],
)
def test_bad_input_is_an_error_that_says_what(call, error, says):
    with pytest.raises(error, match=says.replace("(", r"\(")) as caught:
        call()
    assert caught.value.todo


# --- random functions -----------------------------------------------------------------------------

UNARY = ["exp", "tanh", "sin", "cos", "logistic", "relu", "abs", "softplus", "gelu", "silu", "erf", "-"]


def random_expression(random, depth=3):
    """Draw an expression that is defined everywhere."""
    if depth == 0 or random.random() < 0.15:
        return random.choice(["x", "x", str(Fraction(random.randint(-9, 9), random.choice([1, 2, 3])))])
    a = random_expression(random, depth - 1)
    match random.randrange(5):
        case 0 | 1:
            f = random.choice(UNARY)
            return f"{f}({a})" if f != "exp" else f"exp(-abs({a}))"
        case 2:
            return f"({a} + {random_expression(random, depth - 1)})"
        case 3:
            return f"({a})*({random_expression(random, depth - 1)})"
        case _:
            return f"({a})/(1 + ({random_expression(random, depth - 1)})^2)"


def at(formula, A, q):
    """Return the value at a rational place."""
    with A.working():
        return formula(A, x=A.number(q))


DOMAINS = ["[-1, 2]", "(0, 3]", "[1/3, 5/3)", "(-oo, oo)", "[0, oo)"]


@pytest.mark.parametrize("seed", range(60))
def test_no_sampled_value_is_beyond_and_the_place_takes_the_value(seed):
    random = Random(f"extrema {seed}")
    text, over = random_expression(random), DOMAINS[seed % len(DOMAINS)]
    formula = read_formula(text)
    domain = find_domain(formula, "x", over)
    A = arithmetic("ball", 50)
    for sign, search in ((1, sg.maximise), (-1, sg.minimise)):
        m = search(text, "x", over, digits=15, timeout=2)
        sampled = [at(formula, A, domain.draw(random)) for _ in range(200)]
        if m.value is not None:
            bound = m.value.ball(100)
            assert not any(sign * (y - bound) > 0 for y in sampled), text
            assert m.reached is None or not sign * (m.reached.ball(100) - bound) > 0
        for c in m.points if m.proved and m.attained else ():
            if c.kind in ("stationary", "kink", "end") and c.attained:
                place = c.place(120)
                with A.working():
                    assert formula(A, x=place.ball()).overlaps(m.value.ball(100)), text


def meet(X, Y):
    """Tell whether two intervals have a point in common."""
    return X.lo <= Y.hi and X.hi >= Y.lo


@pytest.mark.parametrize("seed", range(60))
def test_enclosures_on_tails_hold_every_value(seed):
    """f and f' on x = q - s/z, z ≥ 2^k, and toward infinity, at points drawn from the tail."""
    random = Random(f"tails {seed}")
    text = random_expression(random)
    f = Objective(read_formula(text), "x")
    end, side, k = random.choice([None, Fraction(0), Fraction(1, 3)]), random.choice([-1, 1]), random.choice([3, 5, 10])
    try:
        value, slope = f.tail(k, end, side)
    except (TryFurther, OutsideDomain):
        return
    for _ in range(20):
        z = Fraction(2) ** k * (1 + Fraction(random.randint(0, 4000), 1000)) ** 2
        x = side * z if end is None else end - side / z
        with INTERVALS.working():
            X = INTERVALS.number(x)
            found = f.slope(X)
            assert meet(found.value, value.range), (text, x)
            if slope is not None and found.slope is not None:
                assert meet(found.slope, slope.range), (text, x)


@given(st.fractions(), st.fractions())
def test_the_simplest_fraction_lies_between_and_none_is_simpler(x, y):
    low, high = min(x, y), max(x, y)
    q = between(low, high)
    assert low <= q <= high
    if q.denominator <= 60:
        for d in range(1, q.denominator):
            assert (low * d).__ceil__() > (high * d).__floor__()
