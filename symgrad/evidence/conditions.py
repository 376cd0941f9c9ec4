"""Where a formula is defined and has a slope: conditions that are met on the way while it is evaluated.

Any arithmetic can be watched: a formula is evaluated in it as always, and each quotient, logarithm, root, power
and kink leaves the condition that its argument must satisfy. So does f'(u), where f has a kink or a jump. SymPy
cancels x/x before anyone can look; what was divided by is noted before that.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any, NamedTuple

from symgrad.algebra.expression import Apply, Expression
from symgrad.arithmetic.kinks import JUMPS, KINKS
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.arithmetic.scalars import ScalarFunctions
from symgrad.evidence.kinks import breaks, by_convention
from symgrad.network.formula import Formula, value
from symgrad.ops.record import Elementwise

POSITIVE, NONNEGATIVE, NONZERO = "> 0", "≥ 0", "≠ 0"


class Condition(NamedTuple):
    """``value`` must be > 0, ≥ 0 or ≠ 0 (kind). smooth: only for a slope; the formula is defined without it.

    breaks: of a slope f'(u), tells whether f has none at this u; elsewhere the value may be 0 as well.
    """

    kind: str
    value: Any
    smooth: bool = False
    breaks: Callable[[], bool] | None = None


DEFINED: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "log": (POSITIVE, lambda A, x: x),
    "log1p": (POSITIVE, lambda A, x: 1 + x),
    "sqrt": (NONNEGATIVE, lambda A, x: x),
    "tan": (NONZERO, lambda A, x: A.cos(x)),
}
"""The functions of an arithmetic that are not defined everywhere. All others have a value for every real number."""


def conditions(formula: Formula, A: Arithmetic, /, **values: Any) -> list[Condition]:
    """Return the conditions under which a formula is defined at values of A, and has a slope.

    >>> from symgrad.arithmetic import arithmetic
    >>> from symgrad.network.formula import read_formula
    >>> A = arithmetic("exact")
    >>> [(c.kind, str(c.value)) for c in conditions(read_formula("x/x + abs(x - 1)"), A, x=A.number(3))]
    [('≠ 0', '3'), ('≠ 0', '2')]
    """
    watched = _Watched(A)
    given = {name: _Term(values[name], watched) for name in formula.variables}
    _watch(formula.expression, watched, given)
    return watched.met


def _watch(e: Expression, watched: _Watched, given: dict[str, Any]) -> Any:
    """Return the value of an expression, whose slopes by convention leave conditions too."""
    if not isinstance(e, Apply):
        return value(e, watched, given)
    terms = [_watch(a, watched, given) for a in e.arguments]
    if by_convention(e):
        watched.note_slope(e.op.record, _bare(terms[0]))
    return e.op.value(watched, *terms)


class _Term:
    """A value that tells its arithmetic what it is divided by."""

    __slots__ = ("of", "x")

    def __init__(self, x: Any, of: _Watched) -> None:
        self.x, self.of = x, of

    def __add__(self, other: Any) -> _Term:
        return _Term(self.x + _bare(other), self.of)

    def __radd__(self, other: Any) -> _Term:
        return _Term(_bare(other) + self.x, self.of)

    def __sub__(self, other: Any) -> _Term:
        return _Term(self.x - _bare(other), self.of)

    def __rsub__(self, other: Any) -> _Term:
        return _Term(_bare(other) - self.x, self.of)

    def __mul__(self, other: Any) -> _Term:
        return _Term(self.x * _bare(other), self.of)

    def __rmul__(self, other: Any) -> _Term:
        return _Term(_bare(other) * self.x, self.of)

    def __truediv__(self, other: Any) -> _Term:
        return self.of.quotient(self.x, _bare(other))

    def __rtruediv__(self, other: Any) -> _Term:
        return self.of.quotient(_bare(other), self.x)

    def __neg__(self) -> _Term:
        return _Term(-self.x, self.of)

    def __pow__(self, n: Any) -> _Term:
        return self.of.power(self, n)


def _bare(x: Any) -> Any:
    return x.x if isinstance(x, _Term) else x


class _Watched(Arithmetic):
    """An arithmetic whose values are terms; ``met`` holds the conditions in the order in which they are met."""

    def __init__(self, base: Arithmetic) -> None:
        self.base, self.name, self.rigorous, self.digits = base, base.name, base.rigorous, base.digits
        self.met: list[Condition] = []

    def describe(self) -> str:
        """Return the name in words."""
        return self.base.describe()

    def working(self) -> AbstractContextManager[None]:
        """Return the context of the arithmetic below."""
        return self.base.working()

    def number(self, q: Fraction | int) -> Any:
        """Return a number as a term."""
        return _Term(self.base.number(q), self)

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Return the data as the arithmetic below does: formulas hold no arrays."""
        return self.base.array(data, shape)

    @property
    def pi(self) -> Any:
        """The circle's number as a term."""
        return _Term(self.base.pi, self)

    def quotient(self, x: Any, y: Any) -> _Term:
        """Return x / y, and note that y must not be 0."""
        if not isinstance(y, int) or y == 0:
            self.met.append(Condition(NONZERO, y))
        return _Term(x / y, self)

    def power(self, x: Any, y: Any) -> _Term:
        """Return x**y, and note that x must be positive, but for whole exponents."""
        base, exponent = _bare(x), _bare(y)
        whole = _whole(exponent)
        if whole is None and _is_positive(exponent):
            self.met += [Condition(NONNEGATIVE, base), Condition(NONZERO, base, smooth=True)]
        elif whole is None:
            self.met.append(Condition(POSITIVE, base))
        elif whole <= 0:
            self.met.append(Condition(NONZERO, base))
        return _Term(self.base.power(base, exponent), self)

    def note_slope(self, f: Elementwise, x: Any) -> None:
        """Note that x must be none of the places where f has a kink or jumps."""
        inner = _Watched(self.base)
        f(inner, _Term(x, inner))
        self.met += [Condition(c.kind, c.value, breaks=lambda: breaks(f, x)) for c in inner.met if c.smooth]

    def noted(self, name: str, x: Any) -> _Term:
        """Return a function of the table at x, and note where it is defined and has a slope."""
        x = _bare(x)
        if name in DEFINED:
            kind, argument = DEFINED[name]
            self.met.append(Condition(kind, argument(self.base, x)))
        if name in KINKS | JUMPS or name == "sqrt":
            self.met.append(Condition(NONZERO, x, smooth=True))
        return _Term(getattr(self.base, name)(x), self)


def _whole(n: Any) -> int | None:
    """Return a whole exponent; None for another, which has a value for positive numbers only."""
    if isinstance(n, int):
        return n
    return int(n) if getattr(n, "is_Integer", False) else None


def _is_positive(n: Any) -> bool:
    return bool(n.is_positive if hasattr(n, "is_positive") else n > 0)


def _function(name: str) -> Callable[[Any, Any], Any]:
    return lambda A, x: A.noted(name, x)


for _name in [name for name, kind in ScalarFunctions.__annotations__.items() if kind == "Function"]:
    setattr(_Watched, _name, _function(_name))
