"""Formulas: expressions in free variables, for claims and extrema: ``2/w*log(w*(1 + sqrt(1 - 4/w))/2 - 1)``.

They are read by the same safe reader as equations. Two things are theirs alone: ``pi`` is the circle's
number, and ``sigma'(z)`` is the slope of a function of the registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from symgrad.algebra.expression import Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import quantities, replaced
from symgrad.errors import UnknownName
from symgrad.network.activation import bound
from symgrad.network.functions import default_functions
from symgrad.network.network import Network
from symgrad.network.scalar import build_scalar, parse_scalar


@dataclass(frozen=True)
class Formula:
    """An expression in free variables.

    >>> f = read_formula("w*logistic'(w*a + b)")
    >>> f.variables
    ('w', 'a', 'b')
    """

    text: str
    expression: Expression = field(compare=False)
    functions: tuple[tuple[str, str], ...] = ()
    """The names that were bound: (("sigma", "logistic"),)."""

    @property
    def variables(self) -> tuple[str, ...]:
        """The free variables, in the order in which they are met."""
        return tuple(dict.fromkeys(str(q) for q in quantities(self.expression)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle a formula as its text, which is read again."""
        return read_formula, (self.text, dict(self.functions))

    def __call__(self, A: Any, /, **values: Any) -> Any:
        """Return the value in the arithmetic A; called inside ``A.working()``.

        >>> from symgrad.arithmetic import arithmetic
        >>> A = arithmetic("exact")
        >>> print(read_formula("x**2/3")(A, x=A.number(2)))
        4/3
        """
        return value(self.expression, A, values)

    def __str__(self) -> str:
        return self.text


def read_formula(text: str, functions: Mapping[str, str] | None = None, file: str = "formula") -> Formula:
    """Read a formula; ``functions`` binds names to activations, as {"sigma": "logistic"} does.

    Raises ReadError with the column of what cannot be read.
    """
    known = default_functions()
    for name, record in (functions or {}).items():
        known[name] = bound(name, record)
    line, tree = parse_scalar(text, file)
    return Formula(text, build_scalar(line, tree, known), tuple((functions or {}).items()))


@cache
def scalars() -> Network:
    """Return the network without equations: what formulas are written in."""
    return Network("formula", (), (), (), "j", "L", functions=default_functions(), shapes={}, text="")


def put(f: Formula, **formulas: Formula) -> Formula:
    """Return a formula with others put in for some of its variables.

    >>> put(read_formula("w*x"), x=read_formula("2*y")).variables
    ('w', 'y')
    """
    given = ", ".join(f"{name} = {g}" for name, g in formulas.items())
    tree = _put(f.expression, {name: g.expression for name, g in formulas.items()})
    return Formula(f"{f.text} where {given}", tree, f.functions)


def value(e: Expression, A: Any, values: Mapping[str, Any]) -> Any:
    """Return the value of an expression whose variables are given by name."""
    match e:
        case Number(q):
            return A.number(q)
        case Quantity():
            return values[str(e)]
        case Constant("pi"):
            return A.pi
        case Apply(op, arguments):
            return op.value(A, *(value(a, A, values) for a in arguments))
    raise UnknownName("kind of formula", type(e).__name__, ["number", "variable", "function"])


def _put(e: Expression, given: Mapping[str, Expression]) -> Expression:
    return replaced(e, lambda x: given.get(str(x)) if isinstance(x, Quantity) else None)
