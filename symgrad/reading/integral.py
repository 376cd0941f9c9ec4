"""Definite integrals, enclosed: from analytic functions on the complex plane, as Arb does it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from flint import acb, arb

from symgrad.deadline import TimeUp
from symgrad.reading.known import is_analytic
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Integral, Node, symbols, walk

ANALYTIC = frozenset(["+", "-", "*", "/", "neg", "^", "e", "exp", "ln", "log", "sqrt", "root"])
ANALYTIC |= {"sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch"}
"""Functions that are analytic where they are finite; the roots and logarithms are to the right of 0."""
EVALUATIONS = 3_000


def definite(
    node: Integral, letters: Collection[str], number: Callable[[Node], arb | acb], body: Callable[[acb], acb]
) -> acb:
    """Return an enclosure of an integral between numbers, which are complex in an integral inside another one.

    letters: those that have values. number: the value of a limit. body: the integrand's, nan where it has none.
    Raises NotUnderstoodError where it has none: the integrand has a pole, a branch or a corner on the way.
    """
    if any(
        isinstance(n, Apply) and (n.primes or not (n.name in ANALYTIC or is_analytic(n.name))) for n in walk(node.body)
    ):
        raise NotUnderstoodError("an integral of a function that is not analytic")
    if node.low is None or node.high is None:
        raise NotUnderstoodError("an integral without limits")
    low, high = number(node.low), number(node.high)
    unknown = symbols(node.body) - {node.variable} - set(letters)
    if unknown:
        raise NotUnderstoodError(f"the letter {min(unknown)}")
    wrong: list[Exception] = []

    def integrand(x: acb, _analytic: bool) -> acb:
        if wrong:
            return acb("nan")
        try:
            return body(x)
        except Exception as error:  # through FLINT's own code none may pass
            wrong.append(error)
            return acb("nan")

    if not (low.is_finite() and high.is_finite()):
        raise NotUnderstoodError("an integral without finite limits")
    found = acb.integral(integrand, acb(low), acb(high), eval_limit=EVALUATIONS)
    if wrong and isinstance(wrong[0], TimeUp):
        raise wrong[0]
    if wrong:
        raise NotUnderstoodError("an integral of what is not known for complex numbers") from wrong[0]
    if not found.is_finite():
        raise NotUnderstoodError("an integral with a pole or a corner on the way")
    return found
