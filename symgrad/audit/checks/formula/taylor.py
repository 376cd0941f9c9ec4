r"""Power series by their first terms, e^x = 1 + x + x²/2! + …, and geometric series, 1 + 1/2 + 1/4 + … = 2."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import factorial

from flint import arb, fmpq

from symgrad.arithmetic.dyadic import fraction
from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.formula.series_terms import by_terms
from symgrad.audit.checks.number.link import judge, number
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Number, Unknown, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate

KIND = "series"
DOTS = Unknown("…", ())
HIGHEST = 9
FEWEST = 3
"""Terms from which a series is known."""


def taylor(case: Case) -> Judgement | None:
    """Judge f(x) = the first terms of its power series, and dots; None for any other claim."""
    if case.relation not in ("=", "≈"):
        return None
    for side, other in ((case.right, case.left), (case.left, case.right)):
        terms = list(_terms(side, 1))
        if len(terms) <= FEWEST or terms[-1][1] != DOTS or any(DOTS in walk(n) for _, n in (*terms[:-1], (1, other))):
            continue
        printed = [(sign, n) for sign, n in terms[:-1]]
        if found := by_terms(printed, other):
            return found
        if all(is_closed(n) for _, n in printed):
            return _geometric(case, printed, other)
        letters = symbols(side) | symbols(other)
        return _of_function(other, printed, min(letters)) if len(letters) == 1 and symbols(other) == letters else None
    return None


def _terms(node: Node, sign: int) -> Iterator[tuple[int, Node]]:
    """Yield the terms of a sum with their signs."""
    match node:
        case Apply("+" | "-" as operation, (left, right)):
            yield from _terms(left, sign)
            yield from _terms(right, sign if operation == "+" else -sign)
        case Apply("neg", (inner,)):
            yield from _terms(inner, -sign)
        case _:
            yield sign, node


def _geometric(case: Case, printed: list[tuple[int, Node]], other: Node) -> Judgement | None:
    """Judge a sum of numbers of which each is the same multiple of the one before."""
    if not is_closed(other):
        return None
    values = [sign * number(n) for sign, n in printed]
    if not all(isinstance(v, fmpq) and v != 0 for v in values):
        return None
    exact = [fraction(v) for v in values if isinstance(v, fmpq)]
    ratios = {b / a for a, b in pairwise(exact)}
    if len(ratios) != 1 or not abs(ratio := ratios.pop()) < 1:
        return None
    total = exact[0] / (1 - ratio)
    whole = Apply("/", (Number(Fraction(total.numerator), str(total.numerator)), _integer(total.denominator)))
    word, value, reason = judge([whole, other], case.relation)
    return Judgement(word, value, reason or "a geometric series", KIND)


def _integer(n: int) -> Number:
    return Number(Fraction(n), str(n))


def _of_function(function: Node, printed: list[tuple[int, Node]], letter: str) -> Judgement | None:
    """Compare the terms that are printed with those of the power series at 0, as far as they go."""
    polynomial: Node = _integer(0)
    for sign, n in printed:
        polynomial = Apply("+" if sign > 0 else "-", (polynomial, n))
    try:
        shown = [_coefficient(polynomial, letter, k) for k in range(HIGHEST + 1)]
        degree = max((k for k, c in enumerate(shown) if not c.contains(0)), default=0)
        if degree == HIGHEST or sum(not c.contains(0) for c in shown) != len(printed):
            return None
        right = [_coefficient(function, letter, k) for k in range(degree + 1)]
    except (NotUnderstoodError, UndefinedError):
        return None
    if not all(c.is_finite() for c in right):
        return None
    wrong = [k for k in range(degree + 1) if not (right[k] - shown[k]).contains(0)]
    if not wrong:
        return Judgement(Word.CONFIRMED, reason=f"its power series up to the power {degree}", kind=KIND)
    first = wrong[0]
    before = sum(not c.contains(0) for c in shown[:first])
    if before < 2 or len(wrong) > 1 + len(printed) // 3:
        return unchecked("perhaps another series than that at 0", KIND)
    return Judgement(Word.REFUTED, reason=f"the coefficient of {letter}^{first} is {_told(right[first])}", kind=KIND)


def _coefficient(node: Node, letter: str, k: int) -> arb:
    """Return the coefficient of a power in the series of a formula at 0."""
    slope = Derivative(node, letter, k) if k else node
    return ball(evaluate(slope, {letter: fmpq(0)})) / factorial(k)


def _told(coefficient: arb) -> str:
    """Return a coefficient as a fraction of a small denominator, where it is one."""
    for below in (1, 2, 3, 4, 6, 8, 12, 15, 16, 24, 120, 720, 5040):
        above = (coefficient * below).unique_fmpz()
        if above is not None and (coefficient * below - above).contains(0):
            return str(Fraction(int(above), below))
    return coefficient.str(6, radius=False)
