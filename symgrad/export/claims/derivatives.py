"""Layouts of claims about a network: equations, derivatives, their norms and their entries."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Change
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import Compose, LinearMap, Right
from symgrad.calculus.closed_form import ClosedForm, derive
from symgrad.calculus.layout import arranged, gradient_matrix, side_by_side
from symgrad.claims.component import Component
from symgrad.claims.definition import Definition
from symgrad.claims.differential import Differential
from symgrad.claims.norm_bound import NormBound
from symgrad.export.claims.components import components
from symgrad.export.claims.page import ClaimPage, laid_out, listed
from symgrad.export.derivative import Presentation
from symgrad.export.math import Bars, Derivative, Display, Infix, Math, Part, Symbol, Text, row
from symgrad.export.typeset import Typesetter
from symgrad.network.formula import read_formula
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_quantity

DELTA = Symbol("Δ", r"\Delta")


@laid_out.register
def _(claim: Definition, page: ClaimPage) -> Iterator[Part]:
    writer, equation = Typesetter(claim.network, page.notation), claim.equation
    yield Display(writer.quantity(equation.target), writer.expression(equation.value), ":=", page.label)


@laid_out.register
def _(claim: Differential, page: ClaimPage) -> Iterator[Part]:
    form = claim.form
    derivative = Presentation(form, page.notation, page.layout)
    writer, whole = derivative.typesetter, _is_written_out(form)
    of, wrt = writer.quantity(form.of), writer.quantity(form.wrt)
    left: Math = Derivative(of, wrt, claim.immediate)
    change = writer.expression(Change(form.wrt))
    if claim.first_order:
        yield Display(row(DELTA, of), row(derivative.right, DELTA, wrt), "≈", page.label)
    elif whole and derivative.trivial:
        yield derivative.nothing()
    elif whole:
        yield Display(row(left, change) if derivative.applied else left, derivative.right, "=", page.label)
        yield from derivative.explanations()
        if order := derivative.order(derivative.map):
            yield Text(order, once=True)
    elif not side_by_side(form.network, form.map):
        yield Display(row(left, change), writer.applied(form.map, Change(form.wrt)), "=", page.label)
        if order := derivative.order(form.map):
            yield Text(order, once=True)
    else:
        m = _arranged(form, page.layout)
        yield Display(left, writer.map(m, derivative.commutes(form.map), derivative.space), "=", page.label)
        if order := derivative.order(m):
            yield Text(order, once=True)


@laid_out.register
def _(claim: NormBound, page: ClaimPage) -> Iterator[Part]:
    network = claim.form.network
    writer = Typesetter(network, page.notation)
    of, wrt = writer.quantity(claim.form.of), writer.quantity(claim.form.wrt)
    scalar = not network.shape(claim.form.of) and not network.shape(claim.form.wrt)
    given = [
        Infix("≤", _assumed(name, network, writer), page.formula(read_formula(at_most)))
        for name, at_most in claim.assumptions
    ]
    yield Text(("For " if scalar else f"In the {claim.norm} norm, for ", *listed(given), ","))
    yield Display(Bars(Derivative(of, wrt), double=not scalar), page.formula(claim.right), "≤", page.label)


@laid_out.register
def _(claim: Component, page: ClaimPage) -> Iterator[Part]:
    yield from components(claim, page.notation, page.layout, page.label)


def _arranged(form: ClosedForm, layout: str) -> LinearMap:
    """Write a map with names in the layout; the gradient of a number by a matrix, δ aᵀ, as a matrix."""
    by_matrix = form.network.shape(form.of) == () and len(form.network.shape(form.wrt)) == 2
    if by_matrix and isinstance(form.map, Compose) and isinstance(form.map.maps[-1], Right):
        matrix = gradient_matrix(form.network, form.map, layout)
        if matrix is not None:
            return matrix
    return arranged(form.map, layout)


def _is_written_out(form: ClosedForm) -> bool:
    """Tell whether a closed form is the one that is computed, and not one with names for its parts."""
    named = any(True for _ in map_tree.names(form.map))
    return not named or form.map == derive(form.network, form.of, form.wrt, form.depth).map


def _assumed(name: str, network: Network, writer: Typesetter) -> Math:
    """Write the size that an assumption is about: |w_j|, ‖W‖, |σ'|, |∂C/∂a_L|."""
    if name.endswith("'"):
        return Bars(writer.suited.function(name[:-1], 1))
    if name.startswith("∂"):
        of, wrt = (writer.quantity(read_quantity(q)) for q in name[1:].split("/∂"))
        return Bars(Derivative(of, wrt))
    q = read_quantity(name)
    if q.index is None and network.names.get(q.name):
        q = Quantity(q.name, Index(network.symbol))
    return Bars(writer.quantity(q), double=len(network.shape(q)) > 1)
