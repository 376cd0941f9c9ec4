"""The value of an expression: exact where it is a sum of roots and powers of π, else enclosed, and mpmath's opinion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, log10
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.closed import Closed, ClosedNumber
from symgrad.arithmetic.events import kink_events
from symgrad.arithmetic.literal import exact
from symgrad.errors import NotClosed, NotDefined, SymgradError, UnknownName, ValuesError
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.magnitude.cross_check import MOST_LOST, MpmathOpinion, opinion_on
from symgrad.numbers.magnitude.magnitude import Magnitude, check_digits

MOST_DIGITS = 100_000
GUARD = 10
LARGEST_SHOWN = 400
"""Characters up to which an exact value is written."""


@dataclass(frozen=True, eq=False)
class Value:
    """An expression at given numbers.

    closed: the exact value, where it is one of the numbers Σ q √n π^k; else None. magnitude: the enclosure.
    """

    formula: Formula
    at: tuple[tuple[str, Formula], ...]
    closed: ClosedNumber | None
    magnitude: Magnitude
    digits: int
    at_kink: bool = False
    """Whether a slope or a step was taken exactly at a kink or a jump, where it is a convention."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the expression and the numbers that are put in; it is evaluated again."""
        return _again, (self.formula, self.at, self.digits)

    def _repr_latex_(self) -> str:
        """Show the number in a notebook, to the digits that were asked for."""
        return f"${self.magnitude.latex(self.digits)}$"

    @property
    def exact(self) -> str | None:
        """The exact value as text; None where it is not known, or too long to be shown.

        >>> evaluate("sin(pi/3) + x", {"x": "1/2"}).exact
        '1/2 + 1/2*sqrt(3)'
        """
        if self.closed is None or any(_length(q) > 4 * LARGEST_SHOWN for q in self.closed.terms.values()):
            return None
        text = str(self.closed)
        return text if len(text) <= LARGEST_SHOWN else None

    @cached_property
    def opinion(self) -> MpmathOpinion | None:
        """What mpmath makes of the same expression in floating point; None where it gives no number."""
        return opinion_on(self.magnitude, lambda A: _value(self.formula, A, self.at), self.digits)

    def __str__(self) -> str:
        return self.exact or self.magnitude.enclosed(self.digits)


def evaluate(expression: str | Formula, at: Mapping[str, Any] | None = None, digits: int = 30) -> Value:
    """Return the value of an expression, exact where it is closed, else enclosed to so many digits.

    at: the numbers of its variables; text may be a closed expression: {"x": "1/3", "y": "sqrt(2)"}. Raises ReadError
    for text that is no expression, UnknownName for a variable without a number, NotDefined where it is not defined.

    >>> v = evaluate("(1 + sqrt(2))^2")
    >>> v.exact, v.magnitude.to(12), v.opinion.agrees
    ('3 + 2*sqrt(2)', '5.82842712475', True)
    >>> print(evaluate("exp(x)", {"x": "1/3"}))
    1.39561242508608952862812531960
    """
    check_digits(digits, MOST_DIGITS)
    f = expression if isinstance(expression, Formula) else read_formula(expression, file="expression")
    given = {name: _given(name, x) for name, x in (at or {}).items()}
    if missing := [v for v in f.variables if v not in given]:
        raise UnknownName("value of the variable", missing[0], given, where=f"{f}")
    if unused := [name for name in given if name not in f.variables]:
        raise UnknownName("variable of the expression", unused[0], f.variables, where=f"{f}")
    numbers = tuple(given.items())
    with kink_events() as kinks:
        closed = _closed(f, numbers)

    def computed(bits: int) -> arb:
        A = arithmetic("ball", max(1, ceil(bits * log10(2))))
        with A.working():
            found = arb(_value(f, A, numbers))
        if not found.is_finite():
            raise NotDefined(
                f"{f} could not be enclosed: it may not be defined there, or it is beyond all numbers",
                where=", ".join(f"{name} = {g}" for name, g in numbers),
                todo="look at the places where it divides by 0, or takes a root or a logarithm",
            )
        return found

    rational = None if closed is None else closed.rational
    if closed is None:
        _check_domain(f, numbers)
    enclose = _accurate(computed if closed is None else closed.enclosed)
    with kink_events() as later:
        value = Magnitude(enclose, rational)
        value.ball(64)
    return Value(f, numbers, closed, value, digits, kinks.met or later.met)


def _again(formula: Formula, at: tuple[tuple[str, Formula], ...], digits: int) -> Value:
    return evaluate(formula, {name: str(f) for name, f in at}, digits)


def _accurate(computed: Callable[[int], arb]) -> Callable[[int], arb]:
    """Return the enclosures that are sharp to the bits asked for, by more bits where terms cancel."""

    def enclose(bits: int) -> arb:
        working = bits + GUARD
        while True:
            found = computed(working)
            if found.rel_accuracy_bits() >= bits or working >= bits + MOST_LOST / log10(2):
                return found
            working += max(bits, 64)

    return enclose


def _given(name: str, x: Any) -> Formula:
    if isinstance(x, str):
        g = read_formula(x, file=f"value of {name}")
        if g.variables:
            raise ValuesError(f"the value of {name} mentions {g.variables[0]}", todo=f"give a number: {name}=1/3")
        return g
    return read_formula(str(exact(x)))


def _value(f: Formula, A: Any, at: tuple[tuple[str, Formula], ...]) -> Any:
    return f(A, **{name: g(A) for name, g in at})


def _closed(f: Formula, at: tuple[tuple[str, Formula], ...]) -> ClosedNumber | None:
    A = Closed()
    try:
        found = _value(f, A, at)
    except NotClosed:
        return None
    return found if isinstance(found, ClosedNumber) else ClosedNumber.of(Fraction(found))


def _check_domain(f: Formula, at: tuple[tuple[str, Formula], ...]) -> None:
    """Raise NotDefined where a function is surely not defined, with the name of the function."""
    A = arithmetic("interval", 50)
    try:
        with A.working():
            _value(f, A, at)
    except SymgradError as error:
        if getattr(error, "nowhere", False):
            where = ", ".join(f"{name} = {g}" for name, g in at)
            raise NotDefined(f"{f} is not defined: {error.what}", where=where, todo=error.todo) from None


def _length(q: Fraction) -> int:
    return q.numerator.bit_length() + q.denominator.bit_length()
