"""Layouts of claims about greatest and least values."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.claims.extremum import Extremum, exact_number
from symgrad.claims.minimax import Minimax
from symgrad.export.claims.page import ClaimPage, decimal, laid_out, listed
from symgrad.export.lines import GROUP
from symgrad.export.math import Display, Infix, Math, Paren, Part, Symbol, Terms, Text, row
from symgrad.network.formula import read_formula

MAX, MIN = Symbol("max", r"\max"), Symbol("min", r"\min")


@laid_out.register
def _(claim: Extremum, page: ClaimPage) -> Iterator[Part]:
    yield Text(("Over ", page.interval(claim.domain), ","))
    of = page.formula(claim.formula)
    whole = Paren(of) if isinstance(of, Terms) else of
    sign, value = _number(claim.value, page)
    yield Display(row(MAX if claim.sense == "maximum" else MIN, whole), value, sign, page.label)
    x = page.variable(claim.domain.variable)
    sign, place = _number(claim.at, page)
    if len(claim.at) <= 2 * GROUP:
        yield Text(("at ", Infix(sign, x, place), " and nowhere else."))
        return
    yield Text("at")
    yield Display(x, place, sign)
    yield Text("and nowhere else.")


def _number(text: str, page: ClaimPage) -> tuple[str, Math]:
    """Return the sign and the number: = 1/4, or ≈ 0.4477, a decimal as it was written."""
    exact = exact_number(text)
    return ("≈", decimal(text)) if exact is None else ("=", page.formula(exact))


@laid_out.register
def _(claim: Minimax, page: ClaimPage) -> Iterator[Part]:
    named = [(page.variable(name), decimal(q)) for name, q in claim.parameters]
    error = read_formula(f"abs({claim.error.text})", dict(claim.error.functions))
    yield Text(("Over ", page.interval(claim.domain), " and for all ", *listed(x for x, _ in named), ","))
    yield Display(row(MAX, page.formula(error)), decimal(claim.value), "≥", page.label)
    yield Text(("to the digits shown, and equal to it for ", *listed(Infix("≈", *q) for q in named), "."))
