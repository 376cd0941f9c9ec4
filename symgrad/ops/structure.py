"""What the rule of a function shows of it: whether it is even, odd, or homogeneous."""

from __future__ import annotations

from functools import cache
from typing import Any

from symgrad.algebra.expression import Apply, Expression, Number, Quantity, expression
from symgrad.arithmetic.kinks import KINKS
from symgrad.errors import SymgradError
from symgrad.ops.function import Symbols
from symgrad.ops.record import Elementwise

EVEN, ODD = 1, -1
_X = Quantity("x")


@cache
def parity(f: Elementwise) -> str:
    """Return "even" for f(-x) = f(x), "odd" for f(-x) = -f(x), and "" where neither is known.

    >>> from symgrad.ops.elementwise import elementwise
    >>> [parity(elementwise(name)) for name in ("cosh", "lecun_tanh", "softsign", "relu")]
    ['even', 'odd', 'odd', '']
    """
    written = _written(f)
    found = None if f.parity or written is None else _parity(written)
    return f.parity or {EVEN: "even", ODD: "odd", None: ""}[found]


@cache
def homogeneous(f: Elementwise) -> bool:
    """Tell whether the rule shows that f(c x) = c f(x) for all c > 0, as of relu, abs, the identity.

    E[φ'(u)²] is then the same for every variance of u, and E[φ(u)²] proportional to it.

    >>> from symgrad.ops.elementwise import elementwise
    >>> [homogeneous(elementwise(name)) for name in ("leaky_relu", "abs", "elu")]
    [True, True, False]
    """
    written = _written(f)
    return written is not None and _is_homogeneous(written)


def _written(f: Elementwise) -> Expression | None:
    try:
        return expression(f(Symbols(), _X))
    except (SymgradError, TypeError, AttributeError, ValueError, ArithmeticError):
        return None


def _parity(e: Expression) -> int | None:
    """Return 1, -1, or None where e is neither even nor odd, or not known to be."""
    match e:
        case Quantity():
            return ODD
        case Apply(op, arguments):
            return _of_operation(op.name, op.record, [_parity(a) for a in arguments])
    return EVEN


def _of_operation(name: str, record: Any, of: list[int | None]) -> int | None:
    if None in of:
        return None
    if all(p == EVEN for p in of):
        return EVEN
    match name, of:
        case "neg", [p]:
            return p
        case "+" | "-", [p, q]:
            return p if p == q else None
        case "*" | "/", [int(p), int(q)]:
            return p * q
        case "power", [p]:
            return None if record.denominator != 1 else EVEN if record % 2 == 0 else p
    known = record.parity if isinstance(record, Elementwise) else ""
    return {"even": EVEN, "odd": ODD}.get(known)


def _is_homogeneous(e: Expression) -> bool:
    match e:
        case Quantity():
            return True
        case Number(value):
            return value == 0
        case Apply(op, (x,)) if op.name in KINKS or op.name == "neg":
            return _is_homogeneous(x)
        case Apply(op, (x, y)) if op.name in ("+", "-"):
            return _is_homogeneous(x) and _is_homogeneous(y)
        case Apply(op, (Number(), x)) if op.name == "*":
            return _is_homogeneous(x)
        case Apply(op, (x, Number())) if op.name in ("*", "/"):
            return _is_homogeneous(x)
    return False
