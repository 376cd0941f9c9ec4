"""Layouts of claims about greatest and least values."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.claims.extremum import Extremum
from symgrad.claims.minimax import Minimax
from symgrad.export.claims.page import ClaimPage, decimal, laid_out, listed
from symgrad.export.lines import GROUP
from symgrad.export.math import Display, Infix, Paren, Part, Symbol, Terms, Text, row
from symgrad.network.formula import read_formula

MAX, MIN = Symbol("max", r"\max"), Symbol("min", r"\min")


@laid_out.register
def _(claim: Extremum, page: ClaimPage) -> Iterator[Part]:
    yield Text(("Over ", page.interval(claim.domain), ","))
    of = page.formula(claim.formula)
    whole = Paren(of) if isinstance(of, Terms) else of
    yield Display(row(MAX if claim.sense == "maximum" else MIN, whole), decimal(claim.value), "≈", page.label)
    x, place = page.variable(claim.domain.variable), decimal(claim.at)
    if len(claim.at) <= 2 * GROUP:
        yield Text(("at ", Infix("≈", x, place), " and nowhere else."))
        return
    yield Text("at")
    yield Display(x, place, "≈")
    yield Text("and nowhere else.")


@laid_out.register
def _(claim: Minimax, page: ClaimPage) -> Iterator[Part]:
    named = [(page.variable(name), decimal(q)) for name, q in claim.parameters]
    error = read_formula(f"abs({claim.error.text})", dict(claim.error.functions))
    yield Text(("Over ", page.interval(claim.domain), " and for all ", *listed(x for x, _ in named), ","))
    yield Display(row(MAX, page.formula(error)), decimal(claim.value), "≥", page.label)
    yield Text(("to the digits shown, and equal to it for ", *listed(Infix("≈", *q) for q in named), "."))
