"""Values of expressions: exact ones against SymPy, random ones against mpmath, errors that say what and where."""

import json
import shlex
import warnings
from fractions import Fraction
from random import Random

import pytest
import sympy as sp

import symgrad as sg
from symgrad.arithmetic.ball import Ball
from symgrad.arithmetic.closed import SINES, Closed, root
from symgrad.cli.main import main
from symgrad.errors import SymgradError
from symgrad.network.formula import read_formula

EXACT = """
1/3 + 1/6                        | 1/2
0.1 + 0.2                        | 3/10
1.5^10                           | 59049/1024
(1 + sqrt(2))^2                  | 3 + 2*sqrt(2)
sqrt(8) + sqrt(2)                | 3*sqrt(2)
sqrt(4/3)                        | 2/3*sqrt(3)
1/(1 + sqrt(2))                  | -1 + sqrt(2)
sqrt(3) - sqrt(2) - 1/(sqrt(3) + sqrt(2)) | 0
sqrt(2)*sqrt(3)/sqrt(6)          | 1
abs(1 - sqrt(2))                 | -1 + sqrt(2)
sign(sqrt(2) - 7/5)              | 1
4^(3/2)                          | 8
8^(1/3)                          | 2
pi^2/6                           | 1/6*pi^2
sqrt(pi^2)                       | pi
1/(2*pi)                         | 1/2*pi^(-1)
sin(pi)                          | 0
sin(7*pi/6)                      | -1/2
cos(pi/5)                        | 1/4 + 1/4*sqrt(5)
tan(5*pi/12)                     | 2 + sqrt(3)
atan(1)                          | 1/4*pi
atan(-sqrt(3))                   | -1/3*pi
logistic(0)                      | 1/2
logistic'(0)                     | 1/4
tanh(0) + exp(0) + log(1)        | 1
step(sqrt(2)^2 - 2)              | 0
relu(sqrt(2) - 1)                | -1 + sqrt(2)
leaky_relu(-3)                   | -3/100
silu(0)                          | 0
0^0                              | 1
(sqrt(2) - 1)^4                  | 17 - 12*sqrt(2)
"""
EXACT_ROWS = [tuple(part.strip() for part in line.split("|")) for line in EXACT.strip().splitlines()]


@pytest.mark.parametrize(("text", "exact"), EXACT_ROWS)
def test_what_is_exact(text, exact):
    v = sg.evaluate(text)
    assert v.exact == exact
    assert v.opinion.agrees
    if not any(c.isalpha() and c not in "sqrtpi" for c in text):
        theirs = sp.nsimplify(text.replace("^", "**"), rational=True)
        assert sp.simplify(theirs - sp.nsimplify(exact.replace("^", "**"), rational=True)) == 0


def test_the_table_of_sines_is_that_of_sympy():
    for turns, terms in SINES.items():
        mine = sum((sp.Rational(q.numerator, q.denominator) * sp.sqrt(n) for (n, _), q in terms.items()), sp.Integer(0))
        theirs = sp.sin(sp.pi * sp.Rational(turns.numerator, turns.denominator))
        assert sp.simplify(mine - theirs) == 0


@pytest.mark.parametrize("seed", range(100))
def test_exact_arithmetic_agrees_with_balls(seed):
    """Sums, products, quotients and roots of small numbers, and of their roots."""
    random = Random(f"closed {seed}")

    def draw(depth):
        if depth == 0:
            n = random.randint(-9, 9)
            return random.choice([str(n), f"({n}/{random.randint(1, 7)})", f"sqrt({abs(n)})", "pi"])
        a, b = draw(depth - 1), draw(depth - 1)
        return random.choice([f"({a} + {b})", f"({a} - {b})", f"({a})*({b})", f"({a})/({b})", f"abs({a})", f"({a})^2"])

    A, B = Closed(), Ball(60)
    try:
        formula = read_formula(draw(3))
        mine = formula(A)
    except SymgradError:  # a division by 0, or a sum of too many roots below the line
        return
    with B.working():
        theirs = formula(B)
        near = mine.ball() if mine.terms else B.number(0)
        assert not theirs.is_finite() or near.overlaps(theirs), formula
        assert mine.sign in ((theirs > 0) - (theirs < 0), 0 if theirs.contains(0) else None, mine.sign)


@pytest.mark.parametrize("q", [Fraction(n, d) for n in (0, 1, 2, 12, 50, 99) for d in (1, 2, 9, 12)])
def test_a_root_squared(q):
    assert (root(q) * root(q)).rational == q


UNARY = ["exp", "tanh", "sin", "cos", "logistic", "softplus", "gelu", "silu", "erf", "atan", "abs", "relu", "selu"]


@pytest.mark.parametrize("seed", range(100))
def test_a_random_value_agrees_with_mpmath(seed):
    random = Random(f"value {seed}")

    def draw(depth):
        if depth == 0:
            return random.choice(["x", str(random.randint(-5, 5)), f"{random.randint(-99, 99)}/10", "pi"])
        a = draw(depth - 1)
        match random.randrange(4):
            case 0 | 1:
                return f"{random.choice(UNARY)}({a})"
            case 2:
                return f"({a}) - ({draw(depth - 1)})"
        return f"({a})*({draw(depth - 1)})"

    text, digits = draw(3), random.choice([5, 30, 100])
    x = Fraction(random.randint(-40, 40), random.randint(1, 20))
    v = sg.evaluate(text, {"x": x} if "x" in read_formula(text).variables else None, digits)
    assert v.opinion is None or v.opinion.agrees, (text, x)
    if v.closed is None and v.magnitude.sign:
        assert len(v.magnitude.to(digits).split("e")[0].replace("-", "").replace(".", "").lstrip("0")) == digits


def test_terms_that_cancel_are_computed_with_more_digits():
    v = sg.evaluate("exp(x) - exp(y)", {"x": "1", "y": "1 + 1e-300"}, 20)
    assert v.magnitude.to(20) == "-2.7182818284590452354e-300"
    assert v.opinion.agrees
    assert sg.evaluate("(sqrt(2) - 1)^100", digits=12).magnitude.to(12) == "5.27753918069e-39"


def test_numbers_beyond_every_float():
    v = sg.evaluate("2^(10^30)", digits=12)
    assert v.magnitude.to(12) == "3.11190813687e301029995663981195213738894724"
    assert v.opinion.agrees


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("log(-1)", "log is not defined"),
        ("log(0)", "log is not defined"),
        ("1/(x - 2) --at x=2", "division by 0"),
        ("sqrt(-2)", "negative"),
        ("(-8)^(1/3)", "negative"),
        ("exp(exp(exp(100)))", "could not be enclosed"),
        ("x", "unknown value of the variable 'x'"),
        ("2 --at x=1", "unknown variable of the expression 'x'"),
        ("x --at x=y", "mentions y"),
        ("x --at x", "no number of a variable"),
        ("2*", "not a formula"),
        ("sigma(2)", "opaque"),
        ("2 --digits 0", "0 digits"),
        ("2 --digits 1000000000", "digits"),
    ],
)
def test_what_has_no_value_is_an_error(command, says, capsys):
    expression, *options = command.split(" --")
    assert main(["evaluate", expression, *shlex.split("".join(f" --{o}" for o in options))]) == 2
    assert says in capsys.readouterr().err


def test_json(capsys):
    assert main(["evaluate", "x + sqrt(2)", "--at", "x=1/3", "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["exact"] == "1/3 + sqrt(2)"
    assert record["at"] == {"x": "1/3"}
    assert record["value"] == "1.74754689570642838213502205754"
    assert record["mpmath"]["agrees"] is True


KINKED = [("relu", 0, True), ("relu", 1, False), ("leaky_relu", 0, True), ("elu", 0, True), ("tanh", 0, False)]


@pytest.mark.parametrize("arithmetic", ["ball", "exact"])
@pytest.mark.parametrize(("name", "z", "warns"), KINKED)
def test_a_slope_at_a_kink_comes_with_a_warning(name, z, warns, arithmetic):
    if arithmetic == "exact" and name in ("elu", "tanh"):
        return
    derivative = sg.model("chain").bind(name).derivative("a[1]", "z[1]")
    values = {"w": [1], "b": [z], "a[0]": 0}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        derivative.evaluate(values, arithmetic, depth=1)
    assert [w.category for w in told] == ([sg.KinkWarning] if warns else [])


@pytest.mark.parametrize(("text", "at_kink"), [("relu'(0)", True), ("relu(0)", False), ("abs'(1 - exp(0))", True)])
def test_a_value_at_a_kink_says_so(text, at_kink, capsys):
    assert sg.evaluate(text).at_kink is at_kink
    assert main(["evaluate", text]) == 0
    assert ("exactly at a kink" in capsys.readouterr().out) is at_kink
