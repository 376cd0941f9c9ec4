"""A derivation that an author writes: claims in the equation language, put one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import EllipsisType

from symgrad.algebra.linear_map import LinearMap, Named
from symgrad.algebra.map_algebra import compose
from symgrad.algebra.map_tree import product
from symgrad.algebra.substitution import move
from symgrad.api.derivation import Derivation
from symgrad.calculus.assumption import Assumption, strongest
from symgrad.calculus.closed_form import ClosedForm, closed_form
from symgrad.calculus.expand import expand
from symgrad.claims.component import Component
from symgrad.claims.definition import Definition
from symgrad.claims.differential import Differential
from symgrad.claims.kind import Claim
from symgrad.claims.limit import limit
from symgrad.claims.norm_bound import norm_bound
from symgrad.claims.relation import claim
from symgrad.derivation import derivation as steps
from symgrad.derivation.erratum import Erratum
from symgrad.errors import IndexRangeError, ReadError, UnknownName
from symgrad.export.inline import inline
from symgrad.network.formula import read_formula
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_quantity

Place = str | EllipsisType
"""A quantity by its name; ``...`` for the steps between its neighbours."""


class Draft(steps.Draft):
    """Collects the steps of a derivation; each method returns the number of its step, for later premises.

    >>> draft = Draft("The slope of the logistic function", source="DLMF")
    >>> slope = draft.states("logistic'(z) = logistic(z)*(1 - logistic(z))", by="calculus")
    >>> bound = draft.states("logistic'(z) <= 1/4", by="bound on the slope", premises=(slope,))
    >>> print(draft.derivation().checked().verdict)
    PROVED
    """

    def add(self, claim: Claim, by: str, because: str = "", *premises: int, label: str = "") -> int:
        r"""Add a step and return its number.

        because: a sentence, whose mathematics stands between dollars, as LaTeX: "at most $1/4$, for $\sigma'(z)$ is
        even"; it is typeset in every format. Raises SymgradError where it is not understood, or a dollar is left over.
        """
        inline(because)
        return super().add(claim, by, because, *premises, label=label)

    def states(
        self,
        text: str,
        *where: str,
        by: str = "algebra",
        because: str = "",
        premises: tuple[int, ...] = (),
        label: str = "",
        functions: Mapping[str, str] | None = None,
    ) -> int:
        """Add a relation between formulas: "w/4 >= 1", where "w >= 4"."""
        return self.add(claim(text, *where, functions=functions), by, because, *premises, label=label)

    def tends(
        self,
        formula: str,
        variable: str,
        point: str,
        value: str,
        *where: str,
        because: str = "",
        premises: tuple[int, ...] = (),
        label: str = "",
        functions: Mapping[str, str] | None = None,
    ) -> int:
        """Add a limit: formula → value as variable → point; "oo" is infinity."""
        tends = limit(formula, variable, point, value, *where, functions=functions)
        return self.add(tends, "limit", because, *premises, label=label)

    def defines(
        self,
        network: Network,
        name: str,
        because: str = "",
        label: str = "",
        index: int | None = None,
        premises: tuple[int, ...] = (),
    ) -> int:
        """Add an equation of a network, by the name that it defines; ``index``: for this layer or step alone."""
        among = network.equations if index is None else network.steps
        equation = next((e for e in among if e.target.name == name), None)
        if equation is None:
            raise UnknownName("equation for", name, [e.target.name for e in among])
        if index is not None and index < 1:
            raise IndexRangeError(f"the equation of {name} at {index}", todo="give a layer or a step from 1 on")
        target = equation.target if index is None else move(equation.target, {network.symbol: index})
        return self.add(Definition(network, target), "definition", because, *premises, label=label)

    def derives(
        self,
        network: Network,
        of: str,
        wrt: str,
        depth: int | None = None,
        by: str = "chain rule",
        because: str = "",
        premises: tuple[int, ...] = (),
        label: str = "",
        first_order: bool = False,
        via: str | Sequence[Place] | None = None,
        map: LinearMap | None = None,
        paths: bool = False,
    ) -> int:
        """Add ∂of/∂wrt in closed form, or with ``first_order`` Δof ≈ ∂of/∂wrt Δwrt.

        via: a quantity through which all paths run: ∂of/∂wrt = ∂of/∂via ∂via/∂wrt, the first under its name.
        Several of them, ("s[t-1]", ..., "s[k+1]"), name every factor: ∂s_t/∂s_{t-1} ⋯ ∂s_{k+1}/∂s_k.
        map: what the author claims it to be, where that is not the computed closed form.
        paths: at a depth that is a number, each path is written out, ∂E/∂s_2 ∂s_2/∂s_1 ∂⁺s_1/∂W + ∂E/∂s_2 ∂⁺s_2/∂W.
        """
        form = closed_form(network, of, wrt, depth)
        if isinstance(via, str):
            form = _through(form, closed_form(network, of, via, depth), closed_form(network, via, wrt, depth))
        elif via is not None:
            form = _along(form, (of, *via, wrt))
        elif paths:
            form = replace(form, map=expand(form.named))
        if map is not None:
            form = replace(form, map=map)
        return self.add(Differential(form, first_order=first_order), by, because, *premises, label=label)

    def bounds(
        self,
        network: Network,
        of: str,
        wrt: str,
        at_most: str,
        given: Mapping[str, str],
        depth: int | None = None,
        norm: str = "spectral",
        by: str = "norm submultiplicativity",
        because: str = "",
        premises: tuple[int, ...] = (),
        label: str = "",
    ) -> int:
        """Add ‖∂of/∂wrt‖ ≤ at_most, with the size of each given name at most a number or a letter: {"W": "lambda"}."""
        return self.add(norm_bound(network, of, wrt, at_most, given, depth, norm), by, because, *premises, label=label)

    def components(
        self,
        network: Network,
        of: str,
        wrt: str,
        entry: str,
        letters: Mapping[str, str],
        subscripts: str = "ik",
        summed: str = "",
        diagonal: bool = False,
        matrix: bool = False,
        depth: int | None = None,
        by: str = "entry by entry",
        because: str = "",
        premises: tuple[int, ...] = (),
        label: str = "",
    ) -> int:
        """Add the entries of ∂of/∂wrt: "W_ki*delta_k*sigma'(z_i)", with letters={"W": "W[l+1]", ...}, summed="k".

        subscripts: one letter for each axis of ``of`` and then of ``wrt``. diagonal: the others are 0.
        matrix: show the matrix of all entries too, with dots where a size is symbolic.
        """
        form = closed_form(network, of, wrt, depth)
        formula, known = read_formula(entry), tuple(letters.items())
        claim = Component(form, tuple(subscripts), formula, known, tuple(summed), diagonal, matrix)
        return self.add(claim, by, because, *premises, label=label)

    def errs(self, place: str, printed: str, right: str, claim: Claim, *steps: int) -> None:
        """Add an error of the source: where, what is printed, what is right, and the printed claim, to be refuted."""
        self.erratum(Erratum(place, printed, right, claim, steps))

    def derivation(self) -> Derivation:
        """Return the derivation."""
        return Derivation(**vars(super().derivation()))


def _along(form: ClosedForm, places: Sequence[Place]) -> ClosedForm:
    """Return ∂of/∂wrt as the product of the named derivatives from place to place; ``...`` are the steps between."""
    factors, assumptions = list[LinearMap](), list(form.assumptions)
    for i, (of, wrt) in enumerate(pairwise(places)):
        if isinstance(wrt, EllipsisType):
            continue
        if isinstance(of, EllipsisType):
            between, order = _between(form.network, places[i - 1], wrt)
            factors.append(between)
            assumptions.append(order)
        else:
            factors.append(_named(closed_form(form.network, of, wrt, form.depth)))
    return replace(form, map=compose(*factors), assumptions=strongest(assumptions))


def _between(network: Network, later: Place, earlier: str) -> tuple[LinearMap, Assumption]:
    """Return ∏ ∂s_j/∂s_{j-1} over the steps between two states, and that they come in this order."""
    last = read_quantity(earlier)
    name, lower = last.name, last.index
    upper = None if isinstance(later, EllipsisType) else read_quantity(later).index
    if upper is None or lower is None:
        raise ReadError("'...' stands between steps", todo='write via=("s[t-1]", ..., "s[k+1]")')
    step = closed_form(network, f"{name}[{network.symbol}]", f"{name}[{network.symbol}-1]")
    return product(network.symbol, lower + 1, upper, _named(step)), Assumption(upper, lower)


def _named(form: ClosedForm) -> Named:
    return Named(form.of, form.wrt, form.map, "total")


def _through(form: ClosedForm, outer: ClosedForm, inner: ClosedForm) -> ClosedForm:
    """Return ∂of/∂via ∂via/∂wrt, the first under its name: that no path goes round is left to the check."""
    assumptions = tuple(dict.fromkeys((*form.assumptions, *outer.assumptions, *inner.assumptions)))
    return replace(form, map=compose(_named(outer), inner.map), assumptions=assumptions)
