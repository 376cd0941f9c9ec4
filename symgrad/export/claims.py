"""How a claim is laid out on a page: an equation, where it holds, and what its letters stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import Compose, LinearMap, Right
from symgrad.calculus.closed_form import ClosedForm, derive
from symgrad.calculus.layout import arranged, gradient_matrix
from symgrad.evidence.claim import (
    Claim,
    Component,
    Definition,
    Differential,
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
from symgrad.export.components import components
from symgrad.export.derivative import Presentation
from symgrad.export.lines import GROUP
from symgrad.export.math import (
    Bars,
    Call,
    Change,
    Derivative,
    Display,
    Frac,
    Grid,
    Infix,
    Math,
    Num,
    Paren,
    Part,
    Scientific,
    Symbol,
    Terms,
    Text,
    row,
)
from symgrad.export.notation import Notation
from symgrad.export.typeset import Typesetter
from symgrad.network.formula import Formula, read_formula, scalars
from symgrad.network.network import Network
from symgrad.network.syntax import read_quantity
from symgrad.numbers.extremum.domain import Domain, Interval

DELTA = Symbol("Δ", r"\Delta")
MAX, MIN = Symbol("max", r"\max"), Symbol("min", r"\min")
MEAN = Symbol("E", r"\operatorname{E}")
INFINITY = Symbol("∞", r"\infty")
INFINITE: dict[str, Math] = {"oo": INFINITY, "-oo": Terms((("-", INFINITY),))}


@dataclass(frozen=True)
class ClaimPresentation:
    """Claims in a notation and a layout."""

    notation: Notation
    layout: str = "numerator"

    def parts(self, claim: Claim, label: str = "") -> Iterator[Part]:
        """Yield the equation of a claim, and what its letters stand for; ``label``: its number in the source."""
        match claim:
            case Definition(network, equation):
                writer = Typesetter(network, self.notation)
                yield Display(writer.quantity(equation.target), writer.expression(equation.value), ":=", label)
            case Differential():
                yield from self._differential(claim, label)
            case Relation(left, relation, right, domain):
                shown = _decimal(right.text) if relation == "≈" else self._formula(right)
                yield Display(self._formula(left), shown, relation, label)
                if given := self._given(domain):
                    yield Text((*given, "."))
            case Limit():
                yield from self._limit(claim)
            case Slope(formula, variable, slope, domain):
                d = Frac(Symbol("d", r"\mathrm{d}"), Change(self._variable(variable)))
                yield Display(row(d, _enclosed(self._formula(formula))), self._formula(slope), "=", label)
                if given := self._given(domain):
                    yield Text((*given, "."))
            case Jacobian():
                yield from self._jacobian(claim, label)
            case Solutions():
                yield from self._solutions(claim, label)
            case Extremum(kind, formula, interval, value, at):
                sign = MAX if kind == "maximum" else MIN
                yield Text(("Over ", self._interval(interval), ","))
                of = self._formula(formula)
                whole = Paren(of) if isinstance(of, Terms) else of
                yield Display(row(sign, whole), _decimal(value), "≈", label)
                yield from self._nowhere_else(interval.variable, at)
            case Minimax():
                yield from self._minimax(claim, label)
            case Expectation(formula, variable, relation, value, domain):
                x, given = self._variable(variable), self._given(domain)
                yield Text(("With ", x, " normal, of mean 0 and variance 1", *((", ", *given) if given else ()), ","))
                shown = _decimal(value.text) if relation == "≈" else self._formula(value)
                yield Display(Call(MEAN, (self._formula(formula),)), shown, relation, label)
            case Moments():
                yield from self._moments(claim, label)
            case NormBound():
                yield from self._norm_bound(claim, label)
            case Component():
                yield from components(claim, self.notation, self.layout, label)

    def _differential(self, claim: Differential, label: str) -> Iterator[Part]:
        form = claim.form
        page = Presentation(form, self.notation, self.layout)
        writer, whole = page.typesetter, _is_written_out(form)
        of, wrt = writer.quantity(form.of), writer.quantity(form.wrt)
        left: Math = Derivative(of, wrt, claim.immediate)
        if claim.first_order:
            yield Display(row(DELTA, of), row(page.right, DELTA, wrt), "≈", label)
        elif whole and form.network.shape(form.of) and len(form.network.shape(form.wrt)) == 2:
            yield Display(row(left, Change(wrt)), writer.applied(form.map, Change(wrt)), "=", label)
        elif whole:
            yield Display(left, page.right, "=", label)
            if definitions := page.definitions():
                yield Text("where")
                yield from definitions
            if order := page.order(page.map):
                yield Text(order, once=True)
        else:
            m = self._arranged(form)
            yield Display(left, writer.map(m, page.commutes(form.map)), "=", label)
            if order := page.order(m):
                yield Text(order, once=True)

    def _arranged(self, form: ClosedForm) -> LinearMap:
        """Write a map with names in the layout; the gradient of a number by a matrix, δ aᵀ, as a matrix."""
        by_matrix = form.network.shape(form.of) == () and len(form.network.shape(form.wrt)) == 2
        if by_matrix and isinstance(form.map, Compose) and isinstance(form.map.maps[-1], Right):
            matrix = gradient_matrix(form.map, self.layout)
            if matrix is not None:
                return matrix
        return arranged(form.map, self.layout)

    # --- formulas ---------------------------------------------------------------------------------------

    @cached_property
    def _writer(self) -> Typesetter:
        return Typesetter(scalars(), self.notation)

    def _formula(self, formula: Formula) -> Math:
        return self._writer.expression(formula.expression)

    def _variable(self, name: str) -> Math:
        return self._writer.quantity(Quantity(name))

    def _given(self, domain: Domain) -> tuple[str | Math, ...]:
        """Write "for w ≥ 4, 0 < y ≤ 1"; a variable that runs through all real numbers goes without saying."""
        said = [self._interval(i) for i in domain if (i.low, i.high) != (None, None)]
        return ("for ", *_listed(said)) if said else ()

    def _interval(self, i: Interval) -> Math:
        x = self._variable(i.variable)
        if i.low is None and i.high is None:
            return Infix("∈", x, Symbol("ℝ", r"\mathbb{R}"))
        if i.low is None:
            return Infix("<" if i.open_high else "≤", x, Num(i.high or Fraction(0)))
        if i.high is None:
            return Infix(">" if i.open_low else "≥", x, Num(i.low))
        below = Infix("<" if i.open_low else "≤", Num(i.low), x)
        return Infix("<" if i.open_high else "≤", below, Num(i.high))

    def _jacobian(self, claim: Jacobian, label: str) -> Iterator[Part]:
        """Write the functions, the matrix of their derivatives by name, and what these are."""
        names = [self._variable(name) for name, _ in claim.functions]
        by = [self._variable(name) for name in claim.variables]
        for name, (_, formula) in zip(names, claim.functions, strict=True):
            yield Display(name, self._formula(formula), ":=")
        named = [[Derivative(name, x) for x in by] for name in names]
        found = [[self._formula(f) for f in row] for row in claim.entries]
        if claim.layout == "denominator":
            named, found = (list(map(list, zip(*rows, strict=True))) for rows in (named, found))
        yield Text(f"Layout: {claim.layout}.")
        yield Display(Grid(tuple(map(tuple, named))), Grid(tuple(map(tuple, found))), "=", label)

    def _limit(self, claim: Limit) -> Iterator[Part]:
        value = INFINITE.get(str(claim.value)) or self._formula(claim.value)
        point = INFINITE.get(claim.point) or self._formula(read_formula(claim.point))
        given = self._given(claim.domain)
        yield Text(("As ", Infix("→", self._variable(claim.variable), point), *((" ", *given) if given else ())))
        yield Display(self._formula(claim.formula), value, "→")

    def _solutions(self, claim: Solutions, label: str) -> Iterator[Part]:
        condition, x = claim.condition, self._variable(claim.variable)
        yield Display(self._formula(condition.left), self._formula(condition.right), condition.relation, label)
        given = self._given(condition.domain)
        yield Text((*given, ", holds exactly for") if given else "holds exactly for")
        if claim.low and claim.high:
            yield Display(Infix("≤", self._formula(claim.low), x), self._formula(claim.high), "≤")
        elif claim.low:
            yield Display(x, self._formula(claim.low), "≥")
        elif claim.high:
            yield Display(x, self._formula(claim.high), "≤")

    def _norm_bound(self, claim: NormBound, label: str) -> Iterator[Part]:
        network = claim.form.network
        writer = Typesetter(network, self.notation)
        of, wrt = writer.quantity(claim.form.of), writer.quantity(claim.form.wrt)
        scalar = not network.shape(claim.form.of) and not network.shape(claim.form.wrt)
        given = [
            Infix("≤", _assumed(name, network, writer), self._formula(read_formula(at_most)))
            for name, at_most in claim.assumptions
        ]
        yield Text(("For " if scalar else f"In the {claim.norm} norm, for ", *_listed(given), ","))
        yield Display(Bars(Derivative(of, wrt), double=not scalar), self._formula(claim.right), "≤", label)

    def _moments(self, claim: Moments, label: str) -> Iterator[Part]:
        given = [Infix("=", Call(MEAN, (self._formula(m),)), self._formula(mean)) for m, mean in claim.given]
        together: list[str | Math] = []
        for group in claim.together:
            together += [" but for ", *_listed(map(self._variable, group))]
        yield Text(
            ("With ", *_listed(given), ", all random quantities being independent of each other", *together, ",")
        )
        yield Display(Call(MEAN, (self._formula(claim.formula),)), self._formula(claim.value), "=", label)

    def _nowhere_else(self, variable: str, at: str) -> Iterator[Part]:
        x, place = self._variable(variable), _decimal(at)
        if len(at) <= 2 * GROUP:
            yield Text(("at ", Infix("≈", x, place), " and nowhere else."))
            return
        yield Text("at")
        yield Display(x, place, "≈")
        yield Text("and nowhere else.")

    def _minimax(self, claim: Minimax, label: str) -> Iterator[Part]:
        named = [(self._variable(name), _decimal(q)) for name, q in claim.parameters]
        error = read_formula(f"abs({claim.error.text})", dict(claim.error.functions))
        yield Text(("Over ", self._interval(claim.domain), " and for all ", *_listed(x for x, _ in named), ","))
        yield Display(row(MAX, self._formula(error)), _decimal(claim.value), "≥", label)
        yield Text(("to the digits shown, and equal to it for ", *_listed(Infix("≈", *q) for q in named), "."))


def _is_written_out(form: ClosedForm) -> bool:
    """Tell whether a closed form is the one that is computed, and not one with names for its parts."""
    named = any(True for _ in M.names(form.map))
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


def _enclosed(m: Math) -> Math:
    return m if isinstance(m, Call) else Paren(m)


def _listed(items: Iterable[Math]) -> tuple[str | Math, ...]:
    return tuple(x for i, m in enumerate(items) for x in ((", ", m) if i else (m,)))


def _decimal(text: str) -> Math:
    """Write a decimal as it was written, 0.50 and not 1/2; one with many digits may be broken over lines."""
    mantissa, e, exponent = text.strip().lower().partition("e")
    if e:
        return Scientific(mantissa, int(exponent))
    return Symbol(mantissa, mantissa) if len(mantissa) <= GROUP else Num(Fraction(mantissa))
