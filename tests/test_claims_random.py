"""Random relations, slopes and limits: mpmath, which shares nothing with the checkers, says whether they hold."""

from fractions import Fraction

import mpmath
from campaign import campaign
from hypothesis import strategies as st

import symgrad as sg
from symgrad.evidence.check import check

FUNCTIONS = {
    "exp": mpmath.exp,
    "tanh": mpmath.tanh,
    "sin": mpmath.sin,
    "atan": mpmath.atan,
    "abs": abs,
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "log": lambda x: mpmath.log(x) if x > 0 else mpmath.nan,
    "sqrt": lambda x: mpmath.sqrt(x) if x >= 0 else mpmath.nan,
}
SIGNS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y if y != 0 else mpmath.nan,
}
LEAVES = st.one_of(
    st.just(("x", lambda x: x)),
    st.integers(-3, 3).map(lambda n: (f"({n})", lambda x: mpmath.mpf(n))),
    st.sampled_from(["1/3", "1e-2", "2.5e1"]).map(lambda q: (f"({q})", lambda x: to_mpf(Fraction(q)))),
)


def to_mpf(q):
    return mpmath.mpf(q.numerator) / q.denominator


def composed(inner):
    def call(name, f):
        return f"{name}({f[0]})", lambda x: FUNCTIONS[name](f[1](x))

    def sign(op, f, g):
        return f"({f[0]} {op} {g[0]})", lambda x: SIGNS[op](f[1](x), g[1](x))

    return st.one_of(
        st.builds(call, st.sampled_from(sorted(FUNCTIONS)), inner),
        st.builds(sign, st.sampled_from(sorted(SIGNS)), inner, inner),
    )


FORMULAS = st.recursive(LEAVES, composed, max_leaves=5)
ENDS = st.tuples(st.integers(-4, 3), st.integers(1, 5), st.booleans(), st.booleans())


def grid(low, high, open_low, open_high):
    """Return many points of an interval, its ends where they belong to it, and points close to them."""
    inside = [Fraction(k, 97) for k in range(1, 97)] + [Fraction(1, 10**9), 1 - Fraction(1, 10**9)]
    ends = ([] if open_low else [Fraction(0)]) + ([] if open_high else [Fraction(1)])
    return [low + (high - low) * t for t in (*ends, *inside)]


def judged(f, g, relation, places):
    """Return whether the relation surely fails, or is not defined, at one of the places."""
    with mpmath.workdps(40):
        for q in places:
            left, right = f(to_mpf(q)), g(to_mpf(q))
            if mpmath.isnan(left) or mpmath.isnan(right):
                return True
            rest = (left - right) * (-1 if relation in ("<=", "<") else 1)
            close = abs(rest) <= mpmath.mpf(10) ** -30 * (1 + abs(left) + abs(right))
            if (relation == "=" and not close) or (relation != "=" and rest < 0 and not close):
                return True
    return False


@campaign(20, 2000, FORMULAS, FORMULAS, st.sampled_from(["<=", "<", ">=", ">", "="]), ENDS)
def test_random_relations_are_judged_as_mpmath_does(f, g, relation, ends):
    low, length, open_low, open_high = ends
    where = f"{low} {'<' if open_low else '<='} x {'<' if open_high else '<='} {low + length}"
    try:
        found = check(sg.claim(f"{f[0]} {relation} {g[0]}", where))
    except sg.SymgradError:  # 1/0 is refused
        return
    wrong = judged(f[1], g[1], relation, grid(low, low + length, open_low, open_high))
    if wrong:
        assert not found.verdict > sg.Verdict.SAMPLED, str(found)
    if found.verdict is sg.Verdict.REFUTED:
        place = found.counterexample
        assert wrong or "equal" in place or _at(place, f[1], g[1], relation), str(found)


def _at(counterexample, f, g, relation):
    """Tell whether mpmath finds the counterexample too; one that names no place is not looked at."""
    words = counterexample.split()
    if words[:3] != ["at", "x", "="]:
        return True
    return judged(f, g, relation, [Fraction(words[3])])
