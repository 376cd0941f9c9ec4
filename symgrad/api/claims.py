"""Claims as an author writes them: formulas and intervals as text, and names bound: functions={"sigma": "logistic"}."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symgrad.calculus.closed_form import closed_form
from symgrad.calculus.layout import check_layout
from symgrad.errors import UnknownName
from symgrad.evidence.claim import (
    EXTREMA,
    RELATIONS,
    Expectation,
    Extremum,
    Jacobian,
    Limit,
    Minimax,
    Moments,
    NormBound,
    Relation,
    Slope,
    Solutions,
)
from symgrad.network.formula import read_formula
from symgrad.network.network import Network
from symgrad.numbers.extremum.domain import read_domain

ASCII = {"<=": "≤", ">=": "≥", "==": "=", "~": "≈"}


def claim(text: str, *where: str, functions: Mapping[str, str] | None = None) -> Relation:
    """Return the claim that a line states: ``claim("abs(w)*logistic'(z) <= abs(w)/4", "w >= 4")``.

    A relation is one of = ≤ < ≥ > ≈ (or == <= >= ~); ``where`` gives the intervals of the variables, and
    ``functions`` binds names: {"sigma": "logistic"}. Raises ReadError for what is not a formula.

    >>> print(claim("logistic'(z) <= 1/4"))
    logistic'(z) ≤ 1/4
    """
    left, relation, right = _sides(text)
    return Relation(read_formula(left, functions), relation, read_formula(right, functions), read_domain(*where))


def _sides(text: str) -> tuple[str, str, str]:
    for sign in (*ASCII, *RELATIONS):
        left, found, right = text.partition(sign)
        if found:
            return left.strip(), ASCII.get(sign, sign), right.strip()
    raise UnknownName("relation in", text, RELATIONS)


def limit(
    formula: str, variable: str, point: str, value: str, *where: str, functions: Mapping[str, str] | None = None
) -> Limit:
    """Return the claim that formula → value as variable → point; "oo" is infinity.

    >>> print(limit("tanh(z)", "z", "oo", "1"))
    tanh(z) → 1 as z → oo
    """
    return Limit(read_formula(formula, functions), variable, point, read_formula(value, functions), read_domain(*where))


def slope(formula: str, variable: str, value: str, *where: str, functions: Mapping[str, str] | None = None) -> Slope:
    """Return the claim that the derivative of a formula by a variable is another formula.

    >>> print(slope("z*tanh(z)", "z", "tanh(z) + z*tanh'(z)"))
    d/dz (z*tanh(z)) = tanh(z) + z*tanh'(z)
    """
    return Slope(read_formula(formula, functions), variable, read_formula(value, functions), read_domain(*where))


def jacobian(
    functions: Mapping[str, str], variables: Sequence[str], entries: Sequence[Sequence[str]], layout: str = "numerator"
) -> Jacobian:
    """Return the claim of what the derivative of formulas by variables is: a row for each formula.

    layout: how the matrix stands on the page; "denominator" has a column for each formula there.

    >>> print(jacobian({"z": "x^2 + y^2"}, "xy", [["2*x", "2*y"]]))
    the Jacobian of z = x^2 + y^2 by x, y is [2*x, 2*y]
    """
    named = tuple((name, read_formula(text)) for name, text in functions.items())
    rows = tuple(tuple(map(read_formula, row)) for row in entries)
    return Jacobian(named, tuple(variables), rows, check_layout(layout))


def solutions(
    condition: str, variable: str, low: str, high: str, *where: str, functions: Mapping[str, str] | None = None
) -> Solutions:
    """Return the claim that a condition holds for low ≤ variable ≤ high and nowhere else; an end may be oo.

    >>> print(solutions("w*exp(z) >= 1", "z", "-log(w)", "oo", "w > 0"))
    w*exp(z) ≥ 1, w > 0 exactly for z in [-log(w), oo]
    """
    ends = (None if end in ("oo", "-oo") else read_formula(end, functions) for end in (low, high))
    return Solutions(claim(condition, *where, functions=functions), variable, *ends)


def extremum(
    kind: str, formula: str, where: str, value: str, at: str, functions: Mapping[str, str] | None = None
) -> Extremum:
    """Return the claim that a formula has its maximum (or minimum) over an interval at one place, in decimals.

    >>> print(extremum("maximum", "sqrt(w) - w", "w >= 0", "0.25", "0.25"))
    maximum of sqrt(w) - w over w ≥ 0 is 0.25, only at 0.25
    """
    if kind not in EXTREMA:
        raise UnknownName("extremum", kind, EXTREMA)
    [interval] = read_domain(where)
    return Extremum(kind, read_formula(formula, functions), interval, value, at)


def minimax(
    error: str,
    where: str,
    parameters: Mapping[str, str],
    points: Sequence[str],
    value: str,
    functions: Mapping[str, str] | None = None,
) -> Minimax:
    """Return the claim that ``value`` is the least max |error| over an interval, for all values of the parameters.

    parameters: the best ones. points: where the error has this size, with alternating signs.

    >>> print(minimax("c - x", "0 <= x <= 1", {"c": "0.5"}, ("0", "1"), "0.5"))
    the least max |c - x| over 0 ≤ x ≤ 1, for all c, is 0.5
    """
    [interval] = read_domain(where)
    return Minimax(read_formula(error, functions), interval, tuple(parameters.items()), tuple(points), value)


def expectation(text: str, *where: str, variable: str = "z", functions: Mapping[str, str] | None = None) -> Expectation:
    """Return the claim of a mean over a normal variable: ``expectation("relu(sqrt(q)*z)^2 = q/2", "q > 0")``.

    The variable has the mean 0 and the variance 1. The relation is one of = ≤ < ≥ > ≈, as of ``claim``.

    >>> print(expectation("tanh(z)^2 ~ 0.3943"))
    E[tanh(z)^2] ≈ 0.3943
    """
    left, relation, right = _sides(text)
    formula, value = read_formula(left, functions), read_formula(right, functions)
    return Expectation(formula, variable, relation, value, read_domain(*where))


def moments(formula: str, given: Mapping[str, str], value: str, together: Sequence[Sequence[str]] = ()) -> Moments:
    """Return the claim of the mean of a polynomial in random variables, whose own moments are given.

    They are independent, but for those of one group in ``together``.

    >>> print(moments("(w*x)^2", {"w": "0", "w^2": "v", "x^2": "q"}, "v*q"))
    E[(w*x)^2] = v*q, E[w] = 0, E[w^2] = v, E[x^2] = q
    """
    means = tuple((read_formula(monomial), read_formula(mean)) for monomial, mean in given.items())
    return Moments(read_formula(formula), means, read_formula(value), tuple(map(tuple, together)))


def norm_bound(
    network: Network,
    of: str,
    wrt: str,
    at_most: str,
    given: Mapping[str, str],
    depth: int | None = None,
    norm: str = "spectral",
) -> NormBound:
    """Return the claim ‖∂of/∂wrt‖ ≤ at_most, where the size of each given name is at most a number or a letter.

    norm="spectral" (the default), "frobenius" or "infinity"; of a number the norm is the absolute value. Given are
    parameters, "W"; the slope of a function, "sigma'"; what is not known of a cost, "∂C/∂a[L]".

    >>> import symgrad as sg
    >>> print(norm_bound(sg.model("rnn"), "s[t]", "s[k]", "(gamma*lambda)**(t-k)", {"W": "lambda", "sigma'": "gamma"}))
    ‖∂s[t]/∂s[k]‖ ≤ (gamma*lambda)**(t-k), ‖W‖ ≤ lambda, ‖sigma'‖ ≤ gamma
    """
    form = closed_form(network, of, wrt, depth)
    return NormBound(form, tuple(given.items()), read_formula(at_most), norm)
