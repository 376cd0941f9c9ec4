"""Claims: what one line of a derivation says. A closed set of kinds; ``check`` gives the evidence of each."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.algebra.expression import Quantity
from symgrad.calculus.closed_form import ClosedForm
from symgrad.network.equation import Equation
from symgrad.network.formula import Formula
from symgrad.network.network import Network
from symgrad.numbers.extremum.domain import Domain, Interval

RELATIONS = ("=", "≤", "<", "≥", ">", "≈")
EXTREMA = ("maximum", "minimum")
SCOPES = ("total", "equation", "step")


@dataclass(frozen=True)
class Definition:
    """target := value, an equation of a network; it needs no evidence."""

    network: Network
    equation: Equation

    def __str__(self) -> str:
        return f"{self.equation.target} := {self.equation.line.quote(self.equation.value)}"


@dataclass(frozen=True)
class Differential:
    """∂of/∂wrt = map, or as changes to first order, Δof ≈ map Δwrt.

    scope: "total"; "equation", the partial derivative of one equation, all else that it reads held fixed;
    "step", within one step of the recurrence, the step before held fixed.
    immediate: it is written ∂⁺, for it is not the total derivative.
    """

    form: ClosedForm
    scope: str = "total"
    first_order: bool = False
    immediate: bool = False

    def __str__(self) -> str:
        of, wrt = self.form.of, self.form.wrt
        if self.first_order:
            return f"Δ{of} ≈ ∂{of}/∂{wrt} Δ{wrt}"
        return f"∂{'⁺' if self.immediate else ''}{of}/∂{wrt}"


@dataclass(frozen=True)
class Relation:
    """left relation right, for all values of the variables in a domain; a variable without one is real.

    ``left ≈ 1.728e26`` says that the number on the left, rounded to the digits shown, is the decimal on the right.
    """

    left: Formula
    relation: str
    right: Formula
    domain: Domain = ()

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}" + "".join(f", {i}" for i in self.domain)


@dataclass(frozen=True)
class Limit:
    """formula → value as variable → point; the point and the value may be infinite: "oo", "-oo"."""

    formula: Formula
    variable: str
    point: str
    value: Formula
    domain: Domain = ()

    def __str__(self) -> str:
        return f"{self.formula} → {self.value} as {self.variable} → {self.point}"


@dataclass(frozen=True)
class Slope:
    """The derivative of a formula by a variable is the formula ``slope``, over a domain."""

    formula: Formula
    variable: str
    slope: Formula
    domain: Domain = ()

    def __str__(self) -> str:
        return f"d/d{self.variable} ({self.formula}) = {self.slope}" + "".join(f", {i}" for i in self.domain)


@dataclass(frozen=True)
class Jacobian:
    """The derivative of formulas by variables: entries[i][k] is that of the i-th formula by the k-th variable.

    functions: (name, formula), as ("z_1", x^2 + y^2). layout: how the matrix stands on the page.
    """

    functions: tuple[tuple[str, Formula], ...]
    variables: tuple[str, ...]
    entries: tuple[tuple[Formula, ...], ...]
    layout: str = "numerator"

    def __str__(self) -> str:
        of = ", ".join(f"{name} = {formula}" for name, formula in self.functions)
        rows = "; ".join(", ".join(map(str, row)) for row in self.entries)
        return f"the Jacobian of {of} by {', '.join(self.variables)} is [{rows}]"


@dataclass(frozen=True)
class Solutions:
    """A condition left ≥ right holds where low ≤ variable ≤ high and nowhere else, for all values of the others.

    low, high: formulas in the other variables, whose domain is that of the condition; None is infinite.
    """

    condition: Relation
    variable: str
    low: Formula | None
    high: Formula | None

    def __str__(self) -> str:
        low, high = self.low or "-oo", self.high or "oo"
        return f"{self.condition} exactly for {self.variable} in [{low}, {high}]"


@dataclass(frozen=True)
class Extremum:
    """The maximum or minimum of a formula over an interval is ``value``, at the one place ``at``.

    Both are decimals, rounded to the digits shown.
    """

    kind: str
    formula: Formula
    domain: Interval
    value: str
    at: str

    def __str__(self) -> str:
        return f"{self.kind} of {self.formula} over {self.domain} is {self.value}, only at {self.at}"


@dataclass(frozen=True)
class Minimax:
    """No parameters make the largest |error| over an interval less than ``value``, and ``parameters`` reach it.

    parameters: (name, decimal), rounded to the digits shown, as ``value``. points: where the error has
    alternating signs and its largest size, from left to right.
    """

    error: Formula
    domain: Interval
    parameters: tuple[tuple[str, str], ...]
    points: tuple[str, ...]
    value: str

    def __str__(self) -> str:
        names = ", ".join(name for name, _ in self.parameters)
        return f"the least max |{self.error}| over {self.domain}, for all {names}, is {self.value}"


@dataclass(frozen=True)
class NormBound:
    """‖∂of/∂wrt‖ ≤ right, in one of three norms, under assumptions; of a number the norm is the absolute value.

    assumptions: (name, number or letter), as ("w", "1"), ("W", "lambda"), ("sigma'", "gamma"), ("∂C/∂a[L]", "D"): the
    size of each is at most this, in every layer. right: a formula in the letters and the index symbols.
    """

    form: ClosedForm
    assumptions: tuple[tuple[str, str], ...]
    right: Formula
    norm: str = "spectral"

    def __str__(self) -> str:
        given = "".join(f", ‖{name}‖ ≤ {at_most}" for name, at_most in self.assumptions)
        return f"‖∂{self.form.of}/∂{self.form.wrt}‖ ≤ {self.right}{given}"


@dataclass(frozen=True)
class Component:
    """An entry of ∂of/∂wrt by its subscripts, as Σ_k W_ki δ_k σ'(z_i): one for each axis of of, then of wrt.

    formula: in letters with subscripts, "W_ki"; summed: the subscripts that it is summed over; letters: what each
    letter is the entries of, ("W", "W[l+1]") or ("delta", "∂C/∂z[l+1]"). diagonal: the entries off the diagonal are 0.
    """

    form: ClosedForm
    subscripts: tuple[str, ...]
    formula: Formula
    letters: tuple[tuple[str, str], ...]
    summed: tuple[str, ...] = ()
    diagonal: bool = False
    matrix: bool = False
    """Is the matrix of all entries written out on the page as well?"""

    def __str__(self) -> str:
        sums = f"sum over {', '.join(self.summed)} of " if self.summed else ""
        zero = ", 0 off the diagonal" if self.diagonal else ""
        return f"∂{self.form.of}/∂{self.form.wrt} at {', '.join(self.subscripts)} = {sums}{self.formula}{zero}"


@dataclass(frozen=True)
class Expectation:
    """E[formula] relation value, where ``variable`` is normal with mean 0 and variance 1, over a domain of the others.

    ``E[formula] ≈ 0.394`` says that the mean, rounded to the digits shown, is the decimal on the right.
    """

    formula: Formula
    variable: str
    relation: str
    value: Formula
    domain: Domain = ()

    def __str__(self) -> str:
        return f"E[{self.formula}] {self.relation} {self.value}" + "".join(f", {i}" for i in self.domain)


@dataclass(frozen=True)
class Moments:
    """E[formula] = value, for a polynomial in random variables of which some moments are given.

    given: (monomial, its mean), as (w, 0), (w^2, v). The variables in the monomials are random, and independent of
    each other but for those of one group in ``together``.
    """

    formula: Formula
    given: tuple[tuple[Formula, Formula], ...]
    value: Formula
    together: tuple[tuple[str, ...], ...] = ()

    @property
    def random(self) -> tuple[str, ...]:
        """The random variables."""
        return tuple(dict.fromkeys(v for monomial, _ in self.given for v in monomial.variables))

    def __str__(self) -> str:
        return f"E[{self.formula}] = {self.value}" + "".join(f", E[{m}] = {mean}" for m, mean in self.given)


def letter_of(variable: str) -> tuple[str, str]:
    """Split a letter of a component from its subscripts.

    >>> letter_of("W_ki"), letter_of("U_f_ki")
    (('W', 'ki'), ('U_f', 'ki'))
    """
    name, _, subscripts = variable.rpartition("_")
    return name, subscripts


Claim = (
    Definition
    | Differential
    | Component
    | NormBound
    | Relation
    | Limit
    | Slope
    | Jacobian
    | Solutions
    | Extremum
    | Minimax
    | Expectation
    | Moments
)


def quantity_of(claim: Claim) -> Quantity | None:
    """Return the quantity that a claim is about, where it has one."""
    match claim:
        case Definition(_, equation):
            return equation.target
        case Differential(form) | NormBound(form) | Component(form):
            return form.of
    return None
