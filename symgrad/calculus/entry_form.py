"""An entry of a derivative, ∂y_i/∂x_j, as a number: the map applied to e_j, and of what it gives the entry i.

∂p_i/∂z_j = p_i (δ_{ij} - p_j)/T,    ∂C/∂W_{ij} = δ_i a_j,    ∂y_i/∂x_j = Σ_l W_{il} σ'(z_l) V_{lj}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import replaced
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.shape import Dimension
from symgrad.calculus.cotangent import applied, pulled
from symgrad.calculus.entries import at_place, entry, is_delta
from symgrad.calculus.normal.folded import numbers_folded
from symgrad.calculus.normal.term import ONE, written
from symgrad.calculus.normal.total import normal, summands, total
from symgrad.calculus.simplified import simplified
from symgrad.network.asked import Asked
from symgrad.network.network import Network
from symgrad.ops.linear import OUTER
from symgrad.ops.part import place, unit

DEEPEST = 40
"""Sums inside each other."""


def entry_form(network: Network, m: LinearMap, of: Asked, wrt: Asked) -> Expression | None:
    """Return the entry of a derivative, given as a map; None where it is no expression: a product over steps.

    Where of or wrt is a number, it has no places.
    """
    letters = _free_letters({*network.names, *network.index_letters, *of.letters, *wrt.letters, *_dimensions(network)})
    m = map_tree.rewrite(m, lambda e: replaced(e, lambda x: _by_equation(network, x)))
    is_number = not network.shape(of.quantity)
    found = pulled(network, m) if is_number else applied(network, m, _change(network, wrt))
    if found is None:
        return None
    at = of.places or wrt.places
    equations = (e for e in (*network.openings, *network.closings) if e.target != of.quantity or of.places)
    values = {e.value: e.target for e in equations if not isinstance(e.value, Quantity)}
    found = replaced(found, values.get)  # Y for X⁻¹, z for W x
    number = numbers_folded(entry(network, normal(network, found), *at, letters=letters))
    terms = [written(network, replace(t, factors=_met(t.factors))) for t in summands(network, number)]
    return simplified(network, total(network, *terms))


def _met(factors: Mapping[Expression, Fraction]) -> dict[Expression, Fraction]:
    """Return the factors of a term with one place where δ says that two are the same: p_j δ_{ij} is p_i δ_{ij}."""
    found = dict(factors)
    for f in factors:
        if is_delta(f):
            i, j = (a.shape[0] for a in f.arguments if isinstance(a, Constant))  # type: ignore[attr-defined]
            if isinstance(j, Dimension) and not j.terms:
                found = {x if x == f else at_place(x, j, i): n for x, n in found.items()}
    return found


def _change(network: Network, wrt: Asked) -> Expression:
    """Return e_j, or e_i e_jᵀ of a matrix; of a number 1."""
    shape = network.shape(wrt.quantity)
    units = [unit(n, place(at)) for n, at in zip(shape, wrt.places, strict=True)]
    return Apply(OUTER, tuple(units)) if len(units) == 2 else units[0] if units else ONE


def _dimensions(network: Network) -> Iterator[str]:
    for shape in network.shapes.values():
        for d in shape:
            yield str(d)


def _free_letters(used: Collection[str]) -> tuple[str, ...]:
    """Return letters for sums that mean nothing else, one inside the other."""
    return tuple(x for x in (*"lkmpqrsuv", *(f"l{n}" for n in range(1, DEEPEST))) if x not in used)


def _by_equation(network: Network, e: Expression) -> Expression | None:
    """Return the Jacobian of an open function of vectors by the name of what is defined by it: ∂z/∂x of z = f(x)."""
    if not isinstance(e, Apply) or e.op.kind != "jacobian" or e.op.place is None:
        return None
    wrt = e.arguments[e.op.place]
    for equation in (*network.openings, *network.closings):
        value = equation.value
        called = isinstance(value, Apply) and value.op.kind == "vector" and value.op.name == e.op.name
        same = isinstance(value, Apply) and value.arguments == e.arguments and e.arguments.count(wrt) == 1
        if called and same and isinstance(wrt, Quantity):
            return Partial(equation.target, wrt, e)
    return None
