"""Layouts of claims about formulas: relations, slopes, limits, solutions, means."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.claims.expectation import Expectation
from symgrad.claims.jacobian import Jacobian
from symgrad.claims.limit import Limit
from symgrad.claims.moments import Moments
from symgrad.claims.relation import Relation
from symgrad.claims.slope import Slope
from symgrad.claims.solutions import Solutions
from symgrad.export.claims.page import INFINITE, MEAN, ClaimPage, enclosed, laid_out, listed
from symgrad.export.math import Call, Derivative, Display, Frac, Grid, Infix, Math, MathChange, Part, Symbol, Text, row
from symgrad.network.formula import read_formula


@laid_out.register
def _(claim: Relation, page: ClaimPage) -> Iterator[Part]:
    yield Display(page.formula(claim.left), page.right(claim.relation, claim.right), claim.relation, page.label)
    if given := page.given(claim.domain):
        yield Text((*given, "."))


@laid_out.register
def _(claim: Slope, page: ClaimPage) -> Iterator[Part]:
    d = Frac(Symbol("d", r"\mathrm{d}"), MathChange(page.variable(claim.variable)))
    yield Display(row(d, enclosed(page.formula(claim.formula))), page.formula(claim.slope), "=", page.label)
    if given := page.given(claim.domain):
        yield Text((*given, "."))


@laid_out.register
def _(claim: Jacobian, page: ClaimPage) -> Iterator[Part]:
    """Write the functions, the matrix of their derivatives by name, and what these are."""
    names = [page.variable(name) for name, _ in claim.functions]
    by = [page.variable(name) for name in claim.variables]
    for name, (_, formula) in zip(names, claim.functions, strict=True):
        yield Display(name, page.formula(formula), ":=")
    named = [[Derivative(name, x, partial=True) for x in by] for name in names]
    found = [[page.formula(f) for f in row] for row in claim.entries]
    if claim.layout == "denominator":
        named, found = (list(map(list, zip(*rows, strict=True))) for rows in (named, found))
    yield Text(f"Layout: {claim.layout}.")
    yield Display(Grid(tuple(map(tuple, named))), Grid(tuple(map(tuple, found))), "=", page.label)


@laid_out.register
def _(claim: Limit, page: ClaimPage) -> Iterator[Part]:
    value = INFINITE.get(str(claim.value)) or page.formula(claim.value)
    point = INFINITE.get(claim.point) or page.formula(read_formula(claim.point))
    given = page.given(claim.domain)
    yield Text(("As ", Infix("→", page.variable(claim.variable), point), *((" ", *given) if given else ())))
    yield Display(page.formula(claim.formula), value, "→")


@laid_out.register
def _(claim: Solutions, page: ClaimPage) -> Iterator[Part]:
    condition, x = claim.condition, page.variable(claim.variable)
    left, right = page.formula(condition.left), page.formula(condition.right)
    yield Display(left, right, condition.relation, page.label)
    given = page.given(condition.domain)
    if claim.low is None and claim.high is None:
        yield Text((*given, ", holds for every ", x, ".") if given else ("holds for every ", x, "."))
        return
    yield Text((*given, ", holds exactly for") if given else "holds exactly for")
    if claim.low and claim.high:
        yield Display(Infix("≤", page.formula(claim.low), x), page.formula(claim.high), "≤")
    elif claim.low:
        yield Display(x, page.formula(claim.low), "≥")
    elif claim.high:
        yield Display(x, page.formula(claim.high), "≤")


@laid_out.register
def _(claim: Expectation, page: ClaimPage) -> Iterator[Part]:
    x, given = page.variable(claim.variable), page.given(claim.domain)
    yield Text(("With ", x, " normal, of mean 0 and variance 1", *((", ", *given) if given else ()), ","))
    mean = Call(MEAN, (page.formula(claim.formula),))
    yield Display(mean, page.right(claim.relation, claim.value), claim.relation, page.label)


@laid_out.register
def _(claim: Moments, page: ClaimPage) -> Iterator[Part]:
    given = [Infix("=", Call(MEAN, (page.formula(m),)), page.formula(mean)) for m, mean in claim.given]
    together: list[str | Math] = []
    for group in claim.together:
        together += [" but for ", *listed(map(page.variable, group))]
    yield Text(("With ", *listed(given), ", all random quantities being independent of each other", *together, ","))
    yield Display(Call(MEAN, (page.formula(claim.formula),)), page.formula(claim.value), "=", page.label)
