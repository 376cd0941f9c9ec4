"""How smooth a function is, derived from its rule: the rule is written out on symbols, and its branches are looked at.

A rule is composed of the functions of an arithmetic. All of these are analytic wherever they are defined, but for
the branches: abs, relu and negative_part have a kink, sign and step a jump. So no activation needs to be listed.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache

from symgrad.algebra.expression import Expression, Quantity, expression
from symgrad.algebra.expression_tree import applications
from symgrad.algebra.op import Op
from symgrad.arithmetic.kinks import JUMPS, KINKS
from symgrad.arithmetic.scalars import is_scalar
from symgrad.errors import SymgradError
from symgrad.ops.function import Symbols, elementwise_function, slope
from symgrad.ops.record import Elementwise


class Regularity(IntEnum):
    """UNKNOWN < DISCONTINUOUS < CONTINUOUS < ANALYTIC, on the domain of the function.

    What is composed of several functions is as regular as the least regular of them, or more.
    """

    UNKNOWN = 0
    DISCONTINUOUS = 1
    CONTINUOUS = 2
    ANALYTIC = 3


def regularity(f: Elementwise) -> Regularity:
    """Return how regular f is, by its rule.

    >>> from symgrad.ops.elementwise import elementwise
    >>> [regularity(elementwise(name)).name for name in ("silu", "softsign", "step")]
    ['ANALYTIC', 'CONTINUOUS', 'DISCONTINUOUS']
    """
    return of_operation(elementwise_function(f.name, f), 1)


def slope_regularity(f: Elementwise) -> Regularity:
    """Return how regular f' is: no more than its rule, and no more than f where f jumps.

    >>> from symgrad.ops.elementwise import elementwise
    >>> [slope_regularity(elementwise(name)).name for name in ("silu", "softsign", "relu", "step")]
    ['ANALYTIC', 'CONTINUOUS', 'DISCONTINUOUS', 'DISCONTINUOUS']
    """
    return of_operation(slope(f.name, f), 1)


def of_expression(e: Expression) -> Regularity:
    """Return how regular an expression is in all that it reads: as its least regular operation."""
    return min((of_operation(a.op, len(a.arguments)) for a in applications(e)), default=Regularity.ANALYTIC)


@cache
def of_operation(op: Op, arity: int) -> Regularity:
    """Return how regular an operation of so many arguments is, by its value rule.

    An opaque function, and a rule that does not run on symbols, are UNKNOWN.
    """
    try:
        written = expression(op.value(Symbols(), *(Quantity("x", i) for i in range(arity))))
    except (SymgradError, TypeError, AttributeError, ValueError, ArithmeticError):
        return Regularity.UNKNOWN
    found = min((_of_primitive(a.op) for a in applications(written)), default=Regularity.ANALYTIC)
    if op.kind == "slope":
        of = regularity(op.record)
        return found if of is Regularity.ANALYTIC else min(found, of)
    return found


def _of_primitive(op: Op) -> Regularity:
    """Return how regular a function of the arithmetic is, or an operator."""
    if op.name in JUMPS:
        return Regularity.DISCONTINUOUS
    if op.name in KINKS:
        return Regularity.CONTINUOUS
    if op.record is None or op.kind == "operator" or is_scalar(op.name):
        return Regularity.ANALYTIC
    from symgrad.arithmetic.protocol import in_table  # functions of arrays are loaded where one is asked about

    return Regularity.ANALYTIC if in_table(op.name) else Regularity.UNKNOWN
