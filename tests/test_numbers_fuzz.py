"""Random formulas and domains, a deterministic share: no crash, and nothing that is said to be proved is false.

Formulas have kinks, jumps, roots, logarithms, poles and slopes; what is found is compared with values at points drawn
from the domain, and close to its ends and to simple numbers, where jumps are.
"""

from fractions import Fraction
from random import Random

import pytest

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.errors import SymgradError
from symgrad.network.formula import read_formula
from symgrad.numbers.extremum.extremum import find_domain

FUNCTIONS = [
    "exp",
    "tanh",
    "sin",
    "cos",
    "logistic",
    "relu",
    "abs",
    "softplus",
    "gelu",
    "silu",
    "erf",
    "step",
    "sign",
    "log",
    "sqrt",
    "atan",
    "leaky_relu",
    "elu",
    "selu",
    "softsign",
    "relu'",
    "leaky_relu'",
    "elu'",
    "softsign'",
    "tanh'",
    "silu'",
    "abs'",
    "expm1",
    "log1p",
    "sinh",
    "cosh",
    "erfc",
    "negative_part",
]
DOMAINS = [
    "[-1,2]",
    "(0,3]",
    "[1/3,5/3)",
    "(-oo,oo)",
    "[0,oo)",
    "(0,oo)",
    "(1,oo)",
    "(-oo,0)",
    "[0,1]",
    "(0,1)",
    "(-1,1)",
    "(-oo,1/3]",
    "[0,3/2]",
]
A = arithmetic("ball", 50)


def drawn(random, depth):
    """Draw a formula in x."""
    if depth == 0 or random.random() < 0.12:
        n = random.randint(-9, 9)
        return random.choice(["x", "x", "x", str(n), f"({n}/{random.randint(1, 7)})", "100", "1/1000"])
    a, b = (drawn(random, depth - 1) for _ in range(2))
    f = random.choice(FUNCTIONS)
    shapes = [*[f"{f}({a})"] * 3, f"({a} + {b})", f"({a} - {b})", f"({a})*({b})", f"({a})/(1 + ({b})^2)"]
    return random.choice([*shapes, f"({a})^{random.choice([2, 3, '(1/2)', -1])}"])


def places(random, domain):
    """Return points of a domain, many of them close to its ends and to simple numbers."""
    low = domain.low if domain.low is not None else Fraction(-12)
    high = domain.high if domain.high is not None else low + 24
    found = [low + (high - low) * Fraction(random.randint(0, 10**6), 10**6) for _ in range(60)]
    for k in (1, 3, 8, 20, 60):
        step = Fraction(1, 2**k)
        centres = [c for c in (domain.low, domain.high, *map(Fraction, (0, 1, -1, 2, 100))) if c is not None]
        found += [c + s for c in (*centres, Fraction(1, 3)) for s in (step, -step, 0)]
        found += [Fraction(2**k), -Fraction(2**k)]
    return [x for x in found if inside(x, domain)]


def inside(x, domain):
    above = domain.low is None or x > domain.low or (x == domain.low and not domain.open_low)
    below = domain.high is None or x < domain.high or (x == domain.high and not domain.open_high)
    return above and below


def says_what_to_do(error):
    assert error.todo, error


def values(formula, random, domain):
    """Yield points and the values there, where they are defined."""
    for x in places(random, domain):
        try:
            with A.working():
                y = formula(A, x=A.number(x)) if formula.variables else formula(A)
        except SymgradError:
            continue
        if y.is_finite():
            yield x, y


@pytest.mark.parametrize("seed", range(60))
def test_an_extremum_of_a_random_formula(seed):
    random = Random(f"fuzz {seed}")
    text, over = drawn(random, random.choice([1, 2, 2])), random.choice(DOMAINS)
    try:
        formula = read_formula(text)
        domain = find_domain(formula, "x", over)
        found = [
            (s, search(text, "x", over, digits=12, timeout=1)) for s, search in ((1, sg.maximise), (-1, sg.minimise))
        ]
    except SymgradError as error:  # it is not defined on the domain, and says so
        says_what_to_do(error)
        return
    points = list(values(formula, random, domain))
    for sign, m in found:
        assert m.where or not m.proved
        assert str(m)
        if m.unbounded or m.value is None:
            assert m.unbounded or not m.proved
            continue
        bound = m.value.ball(100)
        assert [x for x, y in points if sign * (y - bound) > 0] == [], (text, over, str(m))
        if m.proved and m.attained is False:
            assert not any(y.is_exact() and bound.is_exact() and y == bound for _, y in points), (text, over)


@pytest.mark.parametrize("seed", range(40))
def test_a_random_base(seed):
    random = Random(f"base {seed}")
    n, d = random.randint(1, 10 ** random.randint(1, 30)), random.randint(1, 10 ** random.randint(1, 30))
    text = random.choice(
        [f"{n}/{d}", f"sqrt({n}/{d})", f"0.{'9' * random.randint(1, 60)}", f"-{n}e-{random.randint(0, 400)}"]
    )
    try:
        found = sg.horizon(text)
    except SymgradError as error:
        says_what_to_do(error)
        return
    for loss in found.losses:
        depths = [k for k in loss[1:] if k is not None]
        assert depths == sorted(depths)
        assert (loss.zero is None) != (loss.overflow is None)
        lost = loss.zero if loss.zero is not None else loss.overflow
        decides = loss.format.is_zero if loss.zero is not None else loss.format.is_beyond
        assert decides(found.sequence(lost))
        assert lost == 0 or not decides(found.sequence(lost - 1))
