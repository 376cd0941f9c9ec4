"""The record of an elementwise function: its value, its slope, and all else that is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from symgrad.algebra.expression import Expression, Quantity
from symgrad.errors import UnknownName, ValuesError
from symgrad.ops.moments import Moments

Rule = Callable[..., Any]


@dataclass(frozen=True)
class Elementwise:
    r"""A real function f of one real variable, with all that is known of it side by side.

    value(A, x, \*parameters): f(x) in the arithmetic A. A rule uses the functions of A and the operators
        only, and does not compare x, so that it also runs on expressions.
    slope(A, x, \*parameters): f'(x), written by hand so that it keeps its accuracy in the tails.
    slope_of_output(A, y, \*parameters): f'(x) by y = f(x); None unless it holds for every x of the domain
        and all parameters. Shorter, and less accurate: 1 - y is 0 in float64 where y rounds to 1.
    slope_by_both(A, x, y, \*parameters): f'(x) by x and y = f(x), for less work than ``slope`` and as accurate
        wherever its float64 value is a normal number; None where there is no such rule.
    latex, text: how the name of the function prints.
    parameters: their names and exact values.
    kink: which slope is taken where there is none.
    written: whether the slope is printed as the function that it is, 1/x, cos x, and not with a prime, σ'(x).
    parity: "even" or "odd", where the rule does not show it (``ops.structure.parity`` asks the rule).
    moments: its Gaussian means in closed form, where they are closed.
    steepest(\*parameters): sup |f'|, where it is rational.
    gains: the squared gains of libraries for it, by the library's name, each a rule of the parameters.
    critical: σ_w² on its critical line by the variance q, as a formula, where a book would print it.
    printed: the names by which texts call it, if they are not ``name``, ``text`` and the aliases.
    common: other values of the parameters that go by the same name; ``free``: any other values do, too.
    positive: the parameters that must be.
    formula: the expression that the function is, and its variable, where it is given by one.
    curvature(A, x): f''(x), where it does not follow from the rule of the slope.
    """

    name: str
    value: Rule
    slope: Rule
    slope_of_output: Rule | None = None
    slope_by_both: Rule | None = None
    latex: str = ""
    text: str = ""
    parameters: tuple[tuple[str, Fraction], ...] = ()
    aliases: tuple[str, ...] = ()
    kink: str = ""
    written: bool = False
    domain: str = "all real x"
    source: str = ""
    parity: str = ""
    moments: Moments | None = None
    steepest: Rule | None = None
    gains: tuple[tuple[str, Rule], ...] = ()
    critical: str = ""
    printed: tuple[str, ...] | None = None
    common: tuple[tuple[Fraction, ...], ...] = ()
    free: bool = False
    positive: tuple[str, ...] = ()
    formula: tuple[Expression, Quantity] | None = None
    curvature: Rule | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text or self.name)
        name = self.name.replace("_", r"\_")
        object.__setattr__(self, "latex", self.latex or rf"\operatorname{{{name}}}")

    @property
    def spellings(self) -> tuple[str, ...]:
        """The names by which texts call the function."""
        return (self.name, self.text, *self.aliases) if self.printed is None else self.printed

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The values of the parameters."""
        return tuple(q for _, q in self.parameters)

    def __call__(self, A: Any, x: Any) -> Any:
        """Return f(x) in the arithmetic A."""
        return self.value(A, x, *self._numbers(A))

    def on(self, A: Any) -> Rule:
        """Return x -> f(x) in the arithmetic A, with the parameters converted once."""
        return _with(self.value, A, self._numbers(A))

    def slope_on(self, A: Any) -> Rule:
        """Return x -> f'(x) in the arithmetic A, with the parameters converted once; by a shorter way that A has."""
        own = A.slope_of(self.name) if hasattr(type(A), "slope_of") else None
        return own or _with(self.slope, A, self._numbers(A))

    def slope_by_both_on(self, A: Any) -> Rule:
        """Return (x, y) -> f'(x) in the arithmetic A, where y = f(x) is known."""
        if self.slope_by_both is None:
            slope = self.slope_on(A)
            return lambda x, _: slope(x)
        return _with(self.slope_by_both, A, self._numbers(A))

    def slope_at(self, A: Any, x: Any) -> Any:
        """Return f'(x) in the arithmetic A."""
        return self.slope(A, x, *self._numbers(A))

    def slope_at_output(self, A: Any, y: Any) -> Any:
        """Return f'(x) by y = f(x), in the arithmetic A; only where slope_of_output is not None."""
        if self.slope_of_output is None:
            raise ValuesError(f"the slope of {self.name} is not known by its output", todo="use slope_at")
        return self.slope_of_output(A, y, *self._numbers(A))

    def with_parameters(self, *values: Fraction | int, **named: Fraction | int) -> Elementwise:
        """Return this function with other parameters, by position or by name.

        >>> from symgrad.ops.rectifier import LEAKY_RELU
        >>> LEAKY_RELU.with_parameters(alpha=Fraction(1, 5)).parameters
        (('alpha', Fraction(1, 5)),)
        """
        names = [name for name, _ in self.parameters]
        if len(values) > len(names):
            takes = f"the parameters {', '.join(names)}" if names else "no parameters"
            raise ValuesError(
                f"{self.name} takes {takes}; {len(values)} values were given", todo=f"give at most {len(names)}"
            )
        given = dict(zip(names, values, strict=False))
        for name in named:
            if name not in names:
                raise UnknownName(f"parameter of {self.name}", name, names)
            if name in given:
                raise ValuesError(f"the parameter {name} of {self.name} was given twice")
        exact = {name: Fraction(q) for name, q in (given | named).items()}
        for name in self.positive:
            if exact.get(name, 1) <= 0:
                raise ValuesError(f"{self.name} with {name} = {exact[name]}", todo=f"give a positive {name}")
        return replace(self, parameters=tuple((name, exact.get(name, q)) for name, q in self.parameters))

    def _numbers(self, A: Any) -> list[Any]:
        return [A.number(q) for q in self.values]


def _with(rule: Rule, A: Any, parameters: list[Any]) -> Rule:
    return (lambda *x: rule(A, *x, *parameters)) if parameters else partial(rule, A)
