"""Curves of formulas, computed in balls, and plots of them, each with its global extremum found, proved and marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from symgrad.api.shown_plot import ShownPlot
from symgrad.arithmetic import arithmetic
from symgrad.derivation.figure import Curve, Mark
from symgrad.errors import SymgradError, UnknownName, ValuesError
from symgrad.export.latex_math import math_latex
from symgrad.export.math import Name
from symgrad.export.notation import notation
from symgrad.export.typeset import Typesetter
from symgrad.network.formula import Formula, read_formula, scalars
from symgrad.numbers.extremum.domain import read_domain

if TYPE_CHECKING:
    from symgrad.numbers.extremum.extremum import Extremum

WORKING, DIGITS = 30, 5
"""Digits of the computation, and of what is written beside a mark."""
LONGEST = 14
"""Letters of an exact value that is written beside a mark."""
WIDEST = 40
"""Letters of LaTeX that are written beside an axis."""
MARKS = ("maximum", "minimum", "both", "none")
FARTHEST = 1e300
"""How far the ends of an interval, and values, may lie from 0; and 1 / FARTHEST, how near the largest value."""
PLACES = ("stationary", "kink", "end")
"""Kinds of places that are marked."""


@dataclass(frozen=True)
class ShownCurve(Curve):
    """The curve of a formula, which knows what it is of."""

    formula: str = ""
    where: str = ""
    functions: tuple[tuple[str, str], ...] = ()

    def plot(self, mark: str = "maximum") -> ShownPlot:
        """Return a plot of the curve, with its global extremum marked; see ``plot_formulas``.

        >>> curve("", "tanh'(z)", "-3 <= z <= 3", points=7).plot().marks[0].label
        '$1$ at $z = 0$'
        """
        return plot_formulas([self.formula], self.where, mark, len(self.points), dict(self.functions))


def curve(
    label: str, formula: str, where: str, points: int = 121, functions: Mapping[str, str] | None = None
) -> ShownCurve:
    """Return the curve of a formula over a bounded interval, its ends included: each value is the nearest float64.

    Raises ValuesError where the interval has no end, or where the formula has no value.

    >>> curve("$z^2$", "z^2", "0 <= z <= 1", points=3).points
    ((0.0, 0.0), (0.5, 0.25), (1.0, 1.0))
    """
    read, [interval] = read_formula(formula, functions), read_domain(where)
    x, low, high = interval.variable, interval.low, interval.high
    if low is None or high is None:
        raise ValuesError(f"a curve over {where} has no end", todo="write '0 <= z <= 4'")
    if max(abs(low), abs(high)) > FARTHEST or float(low) == float(high):
        what = f"no curve is drawn over {where}: its ends are the same in float64, or too large for it"
        raise ValuesError(what, todo=f"write '0 <= {x} <= 4'")
    if others := [v for v in read.variables if v != x]:
        raise UnknownName(f"variable of the curve {formula}", others[0], [x])
    A = arithmetic("ball", WORKING)
    places = [low + (high - low) * Fraction(k, points - 1) for k in range(points)]
    with A.working():
        values = [arb(read(A, **{x: A.number(q)})) for q in places]
    for q, y in zip(places, values, strict=True):
        if not y.is_finite():
            raise ValuesError(f"{formula} has no value at {x} = {q}", todo="leave this place out of the interval")
    found = tuple((float(q), float(y.mid())) for q, y in zip(places, values, strict=True))
    largest = max(abs(y) for _, y in found)
    if largest > FARTHEST or (largest < 1 / FARTHEST and not all(y == 0 for y in values)):
        what = f"the values of {formula} are too {'large' if largest > 1 else 'small'} for a plot in float64"
        raise ValuesError(what, todo="plot a multiple of it, or its logarithm")
    return ShownCurve(label, found, (), formula, where, tuple((functions or {}).items()))


def plot_formulas(
    formulas: Sequence[str],
    over: str,
    mark: str = "maximum",
    points: int = 361,
    functions: Mapping[str, str] | None = None,
) -> ShownPlot:
    """Return a plot of formulas over a bounded interval, each value a float64 that was computed in balls.

    mark: "maximum", "minimum", "both" or "none": the global extremum of each formula over the interval is found, proved
    and marked where it is attained at one place; its label is exact, 1/4, where an exact arithmetic gives it. What has
    no mark, and why, stands in ``unmarked``.
    Raises ValuesError for an interval without an end, and where a formula has no value.

    >>> plot = plot_formulas(["logistic'(z)"], "-6 <= z <= 6", points=3)
    >>> [(m.x, m.y, m.label) for m in plot.marks], plot.curves[0].points[1]
    ([(0.0, 0.25, '$1/4$ at $z = 0$')], (0.0, 0.25))
    """
    if mark not in MARKS:
        raise SymgradError(f"{mark} is nothing that can be marked", todo=f"say one of {', '.join(MARKS)}")
    if not formulas:
        raise SymgradError("there is no formula to plot", todo='give one: "logistic\'(z)"')
    read = [read_formula(f, functions) for f in formulas]
    labels = [f"${formula_latex(f)}$" for f in read]
    curves = [curve(label, f, over, points, functions) for f, label in zip(formulas, labels, strict=True)]
    kinds = {"both": ("maximum", "minimum"), "none": ()}.get(mark, (mark,))
    extrema = [(f, extremum(f, over, kind)) for f in read for kind in kinds]
    found = [place for f, e in extrema for place in marks(f, e)]
    [interval] = read_domain(over)
    name = math_latex(Name(interval.variable))
    alone = len(curves) == 1
    told = "; ".join(m.label for m in found)
    return ShownPlot(
        name="formulas",
        caption=f"{', '.join(labels)} over {over}{f'; marked: {told}' if told else ''}.",
        x_label=f"${name}$",
        y_label=labels[0] if alone and len(labels[0]) <= WIDEST else "",
        curves=tuple(replace(c, label="") if alone else c for c in curves),
        marks=tuple(found),
        unmarked=tuple(f"the {e.kind} of {e.formula} {why}" for _, e in extrema if (why := _why_unmarked(e))),
    )


def formula_latex(f: Formula) -> str:
    """Return a formula in LaTeX.

    >>> formula_latex(read_formula("logistic'(z)*z"))
    "\\\\operatorname{logistic}'(z)\\\\, z"
    """
    return math_latex(Typesetter(scalars(), notation("nielsen")).expression(f.expression))


def extremum(f: Formula, over: str, kind: str) -> Extremum:
    """Return the global extremum of a formula over an interval."""
    from symgrad.numbers.extremum.extremum import maximise, minimise

    [interval] = read_domain(over)
    return (maximise if kind == "maximum" else minimise)(f, interval.variable, over)


def marks(f: Formula, found: Extremum) -> list[Mark]:
    """Return the marks of an extremum, where it is attained at one place or at several apart."""
    if found.value is None or not found.complete:
        return []
    return [_mark(f, found, n) for n, p in enumerate(found.points) if p.kind in PLACES]


def _why_unmarked(found: Extremum) -> str:
    """Say why an extremum has no mark; nothing where it has one."""
    if found.unbounded:
        return found.where
    if found.value is None or not found.complete:
        return "was not found: the search did not come to its end"
    return "" if any(p.kind in PLACES for p in found.points) else f"is {found.where}"


def _mark(f: Formula, found: Extremum, n: int) -> Mark:
    assert found.value is not None  # as ``marks`` has asked
    point, name = found.points[n], math_latex(Name(found.variable))
    place = point.place_magnitude()
    value = _exact(f, found.variable, point.at) or rf"\approx {found.value.to(DIGITS)}"
    where = f"{name} = {point.at}" if point.at is not None else rf"{name} \approx {place.to(DIGITS)}"
    x = float(point.at) if point.at is not None else float(place.to(17))
    return Mark(x, float(found.value.to(17)), f"${value}$ at ${where}$")


def _exact(f: Formula, variable: str, at: Fraction | None) -> str:
    """Return the value at a place in LaTeX, exactly; nothing where it is not closed, or long."""
    from symgrad.numbers.magnitude.value import evaluate

    exact = None if at is None else evaluate(f, {variable: at}).exact
    if not exact or len(exact) > LONGEST:
        return ""
    return exact if exact.replace("/", "").lstrip("-").isdigit() else formula_latex(read_formula(exact))
