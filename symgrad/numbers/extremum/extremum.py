"""Certified extrema of a function of one variable: where, how large, proved to be global or said to be open."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, log2
from typing import TYPE_CHECKING, Any

from flint import arb

from symgrad.arithmetic.dyadic import fraction
from symgrad.arithmetic.interval import Interval
from symgrad.deadline import Deadline, TimeUp
from symgrad.errors import ReadError, UnknownName, ValuesError
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.extremum.candidate import Candidate
from symgrad.numbers.extremum.condition import Condition, condition
from symgrad.numbers.extremum.cross_check import Opinion, mpmath_opinion, scipy_opinion
from symgrad.numbers.extremum.domain import RealDomain, read_domain
from symgrad.numbers.extremum.objective import Objective
from symgrad.numbers.extremum.shown import extremum_html, extremum_latex, extremum_rows, proof
from symgrad.numbers.extremum.survey import Survey, survey
from symgrad.numbers.extremum.symmetry import is_even
from symgrad.numbers.frame import frame
from symgrad.numbers.magnitude.magnitude import Magnitude, check_digits, magnitude_of_ball

if TYPE_CHECKING:
    import pandas

MOST_DIGITS = 100_000
POINTS = ("stationary", "kink", "jump", "end")
MOST_PLACES = 12
GUARD = 16
CLOSE = 256
"""Bits to which a place is known before SymPy is asked about it."""


@dataclass(frozen=True, eq=False, repr=False)
class Extremum:
    """The supremum of f over a domain (for a minimum: the infimum), with what is proved of it.

    value: the extreme value, None where f is unbounded, or where no bound of it was found: then ``reached`` is a value
    that f takes, or surpasses, and the best that is known. points: where it is, enclosed; several where they
    cannot be told apart or are equal. attained, unique: None means that it is not decided.
    complete: whether the search came to its end; if not, ``value`` is the best enclosure so far.
    """

    kind: str
    formula: Formula
    domain: RealDomain
    digits: int
    value: Magnitude | None
    points: tuple[Candidate, ...]
    attained: bool | None
    unique: bool | None
    complete: bool
    survey: Survey = field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the question; the extremum is found, and proved, again."""
        return _extremum, (self.kind, self.formula, None, self.domain, self.digits, None if self.complete else 30)

    def __eq__(self, other: object) -> bool:
        """Tell whether two extrema answer the same question, and have come equally far."""
        return isinstance(other, Extremum) and self._answer == other._answer

    def __hash__(self) -> int:
        return hash(self._answer)

    @property
    def _answer(self) -> tuple[Any, ...]:
        return self.kind, self.formula, self.domain, self.digits, self.attained, self.unique, self.complete

    @property
    def variable(self) -> str:
        """The variable of the formula."""
        return self.domain.variable

    @property
    def at(self) -> Magnitude:
        """The place, where there is one; ValuesError where there is none or more than one."""
        if len(self.points) != 1 or self.points[0].kind in ("limit", "plateau", "open"):
            raise ValuesError(f"the {self.kind} has no single place: {self.where}", todo="look at points")
        return self.points[0].place_magnitude()

    @property
    def unbounded(self) -> bool:
        """Whether f grows (for a minimum: falls) beyond all bounds."""
        return self.survey.unbounded is not None

    @property
    def reached(self) -> Magnitude | None:
        """A bound of the extreme value from within, by the points that were tried; None where there is none."""
        floor = self.survey.floor
        return magnitude_of_ball(self.survey.f.sign * floor) if floor.is_finite() else None

    @property
    def proved(self) -> bool:
        """Whether value, attainment and uniqueness are all decided, or that there is none: f is unbounded."""
        if self.unbounded:
            return True
        known = self.complete and self.value is not None
        return known and (self.attained is False or (bool(self.attained) and self.unique is not None))

    @cached_property
    def where(self) -> str:
        """The places in words.

        >>> maximise("1/(1 + exp(-z))").where
        'approached as z → oo'
        """
        if self.unbounded:
            moves = "grows" if self.kind == "maximum" else "falls"
            return f"{moves} beyond all bounds as {self.variable} → {self.survey.unbounded}"
        shown = [_place(c, self.variable, self.digits) for c in self.points[:MOST_PLACES]]
        more = len(self.points) - len(shown)
        return "; ".join([*shown, f"and {more} more places"] if more else shown)

    @property
    def _stationary(self) -> Candidate | None:
        """The stationary point, or one of two mirrored ones."""
        found = [c for c in self.points if c.kind == "stationary"]
        return found[-1] if found and len(found) == len(self.points) else None

    @cached_property
    def condition(self) -> Condition | None:
        """The stationarity condition in closed form, where SymPy finds one.

        >>> print(*maximise("z/cosh(z)", domain="z >= 0").condition.lines()[:2], sep="; ")
        e^(2*z) = (z + 1)/(z - 1); v tanh v = 1, v = z
        """
        c = self._stationary
        return None if c is None or not self.complete else condition(c.f, c.place(CLOSE))

    @cached_property
    def opinions(self) -> tuple[Opinion, ...]:
        """What SciPy's optimiser and mpmath's root finder say, and to how many digits they agree."""
        c = self.points[0] if len(self.points) == 1 else self._stationary
        if c is None or not self.complete or c.kind not in POINTS:
            return ()
        bits = ceil(self.digits * log2(10)) + CLOSE
        X, Y = c.place(bits), c.value(bits)
        found = [scipy_opinion(c.f, self.domain, [p.place(bits) for p in self.points], Y)]
        if c.kind == "stationary":
            found.append(mpmath_opinion(c.f, X, Y, self.digits))
        return tuple(opinion for opinion in found if opinion is not None)

    def __str__(self) -> str:
        return f"{self.kind} {self.value_text}, {self.where}"

    def __repr__(self) -> str:
        return f"<{self.kind} of {self.formula}: {self.value_text}, {self.where}>"

    @property
    def proof(self) -> str:
        """What is proved of it, in words."""
        return proof(self)

    def _repr_html_(self) -> str:
        """Show it in a notebook: the value, the places, and in a fold what is proved."""
        return extremum_html(self)

    def _repr_latex_(self) -> str:
        """Show it in LaTeX: the value, and the place where there is one."""
        return extremum_latex(self)

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for each place, as digits, with the value; needs pandas.

        >>> print(maximise("logistic'(x)", digits=5).to_frame().to_dict("records"))
        [{'kind': 'maximum', 'variable': 'x', 'place': '0', 'point': 'stationary', 'value': '0.25000', 'proved': True}]
        """
        return frame(extremum_rows(self))

    @property
    def value_text(self) -> str:
        """The value in words: its digits, its two ends, or that there is none."""
        if self.value is not None:
            return self.value.enclosed(self.digits)
        if self.unbounded:
            return "none: it is unbounded"
        if self.reached is None:
            return "not known"
        low, high = self.reached.ends(10)
        return f"at least {low}" if self.kind == "maximum" else f"at most {high}"


def maximise(
    expression: str | Formula,
    variable: str | None = None,
    domain: str | tuple[object, object] | RealDomain | None = None,
    digits: int = 30,
    timeout: float | None = 30,
) -> Extremum:
    """Return the global maximum of an expression over a domain, enclosed and proved, to so many digits.

    domain: "z in [0, oo)", "w >= 4", "[0, 1]", a pair of ends, or None for the real line. Raises ReadError
    for text that is not an expression, ValuesError where the expression is not defined on the domain.

    >>> m = maximise("z/(2*cosh(z/2)^2)", "z", "[0, oo)")
    >>> m.at.to(15), m.value.to(15), m.unique
    ('1.54340463841821', '0.447743204694303', True)
    """
    return _extremum("maximum", expression, variable, domain, digits, timeout)


def minimise(
    expression: str | Formula,
    variable: str | None = None,
    domain: str | tuple[object, object] | RealDomain | None = None,
    digits: int = 30,
    timeout: float | None = 30,
) -> Extremum:
    """Return the global minimum of an expression over a domain, as ``maximise`` does the maximum.

    >>> minimise("silu(x)").value.to(12)
    '-0.278464542761'
    """
    return _extremum("minimum", expression, variable, domain, digits, timeout)


def _extremum(
    kind: str,
    expression: str | Formula,
    variable: str | None,
    domain: str | tuple[object, object] | RealDomain | None,
    digits: int,
    timeout: float | None,
) -> Extremum:
    check_digits(digits, MOST_DIGITS)
    formula = expression if isinstance(expression, Formula) else read_formula(expression, file="expression")
    interval = find_domain(formula, variable, domain)
    deadline = Deadline(timeout)
    f = Objective(formula, interval.variable, 1 if kind == "maximum" else -1)
    found = survey(f, interval, deadline)
    if found.unbounded is not None:
        return Extremum(kind, formula, interval, digits, None, (), False, None, found.complete, found)
    bits = ceil(digits * log2(10)) + GUARD
    survivors, complete = _survivors(found.candidates, found.floor, bits)
    complete = complete and found.complete
    for c in survivors:
        c.deadline = Deadline(None)
    attained, unique = _decide(f, interval, survivors, complete)
    value = _value(f, survivors, found, complete)
    return Extremum(kind, formula, interval, digits, value, survivors, attained, unique, complete, found)


def find_domain(
    formula: Formula, variable: str | None, domain: str | tuple[object, object] | RealDomain | None
) -> RealDomain:
    """Return the domain as an interval of the formula's one variable."""
    name = variable or _only_variable(formula, domain)
    if isinstance(domain, tuple):
        low, high = domain
        domain = f"[{_end(low)}, {_end(high)}]"
    if domain is None:
        domain = RealDomain(name)
    if isinstance(domain, str):
        text = domain.strip()
        [domain] = read_domain(f"{name} in {text}" if text[:1] in ("[", "(") else text)
    if domain.variable != name:
        raise UnknownName("variable of the expression", domain.variable, formula.variables or [name])
    others = [v for v in formula.variables if v != name]
    if others:
        raise ValuesError(
            f"the expression {formula} mentions {', '.join(others)} besides {name}",
            todo=f"put numbers in for {', '.join(others)}; {name} alone is varied",
        )
    return domain


def _only_variable(formula: Formula, domain: object) -> str:
    if isinstance(domain, RealDomain):
        return domain.variable
    if isinstance(domain, str) and domain.strip()[:1] not in ("[", "("):
        return read_domain(domain)[0].variable
    if len(formula.variables) == 1:
        return formula.variables[0]
    if not formula.variables:
        return "x"
    raise ReadError(
        f"the expression {formula} has the variables {', '.join(formula.variables)}",
        todo=f"say which is varied: '{formula.variables[0]} in [0, 1]'",
    )


def _end(x: object) -> str:
    if isinstance(x, float) and x in (float("inf"), float("-inf")):
        return "oo" if x > 0 else "-oo"
    from symgrad.arithmetic.literal import exact

    return x if isinstance(x, str) else str(exact(x))


def _survivors(candidates: tuple[Candidate, ...], floor: arb, bits: int) -> tuple[tuple[Candidate, ...], bool]:
    """Drop what is surely less than the best, with more and more bits; all that are left may be it."""
    left, complete = list(candidates), True
    for precision in sorted({64, min(160, bits), bits}):
        try:
            values = [c.value(precision) for c in left]
        except TimeUp:
            complete = False
            break
        best = max([floor, *(v.lo for v in values)])
        left = [c for c, v in zip(left, values, strict=True) if not v.hi < best]
        exact = [c.exact_value for c in left]
        known = [q for q in exact if q is not None]
        if known:
            left = [c for c, q in zip(left, exact, strict=True) if q is None or q == max(known)]
    return tuple(left), complete


def _decide(
    f: Objective, domain: RealDomain, survivors: tuple[Candidate, ...], complete: bool
) -> tuple[bool | None, bool | None]:
    """Return whether the supremum is attained, and whether at one point only."""
    if not complete or not survivors:
        return None, None
    if any(c.kind == "stationary" and not _inside(c, domain) for c in survivors):
        return None, None
    values = [c.value(128) for c in survivors]
    exact = [c.exact_value for c in survivors]
    reached = [
        c.attained and all(v.hi <= w.lo or d is c for d, v in zip(survivors, values, strict=True))
        for c, w in zip(survivors, values, strict=True)
    ]
    equal = None not in exact and len(set(exact)) == 1
    if not equal and len(survivors) == 2 and all(c.kind in POINTS for c in survivors):
        equal = is_even(f, domain)
    sure = [c for c, r in zip(survivors, reached, strict=True) if c.attained and (r or equal)]
    if not sure:
        none = all(c.attained is False for c in survivors)
        return (False if none else True if all(c.attained for c in survivors) else None), None
    if len(sure) > 1 or sure[0].kind == "plateau":
        return True, False
    others = [c for c in survivors if c is not sure[0]]
    alone = sure[0].kind in POINTS and all(c.attained is False for c in others)
    return True, True if alone else None


def _inside(c: Candidate, domain: RealDomain) -> bool:
    """Tell whether a stationary point lies in the domain, and not in what its ends were rounded to."""
    X = c.place(64)
    low, high = fraction(X.lo), fraction(X.hi)
    return (domain.low is None or low >= domain.low) and (domain.high is None or high <= domain.high)


def _value(f: Objective, survivors: tuple[Candidate, ...], found: Survey, complete: bool) -> Magnitude | None:
    if not survivors or not all(c.value(64).hi.is_finite() for c in survivors):
        return None
    if complete and len(survivors) == 1 and survivors[0].kind != "open":
        return survivors[0].value_magnitude()
    for c in survivors:
        q = c.exact_value
        if complete and q is not None and all(d is c or _not_above(d.value(128).hi, q) for d in survivors):
            return c.value_magnitude()

    def enclose(bits: int) -> arb:
        values = [c.value(bits) for c in survivors]
        lo = max([v.lo for v in values] + [found.floor])
        hi = max(v.hi for v in values)
        ball = Interval(lo, max(hi, lo)).ball()
        return ball if f.sign > 0 else -ball

    return Magnitude(enclose)


def _not_above(upper: arb, q: Fraction) -> bool:
    """Tell whether an upper bound is finite and not above q."""
    return bool(upper.is_finite()) and fraction(upper) <= q


def _place(c: Candidate, variable: str, digits: int) -> str:
    if c.kind == "limit":
        return f"approached as {variable} → {c.toward}"
    if c.kind == "plateau":
        return f"on {span(c.box, variable, c.open_low, c.open_high)}"
    if c.kind == "open":
        within = span(c.box, variable)
        return f"close to {within}" if "=" in within else f"somewhere in {within}"
    return f"at {variable} = {c.exact_place or c.place_magnitude().to(digits)}"


def span(box: Interval, variable: str, open_low: bool = False, open_high: bool = False) -> str:
    """Return an interval in words: "x ≥ 1", "[0, 1)", "x = 2"."""
    low, high = (magnitude_of_ball(x).to(10) if x.is_finite() else None for x in (box.lo, box.hi))
    if low is None or high is None:
        if low is None and high is None:
            return "the whole domain"
        if high is None:
            return f"{variable} {'>' if open_low else '≥'} {low}"
        return f"{variable} {'<' if open_high else '≤'} {high}"
    if low == high:
        return f"{variable} = {low}"
    return f"{'(' if open_low else '['}{low}, {high}{')' if open_high else ']'}"
