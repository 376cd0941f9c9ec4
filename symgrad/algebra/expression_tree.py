"""Expressions as trees: what stands in them, and what they are with parts of them changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.index_sum import IndexSum, index_sum
from symgrad.algebra.span import Span
from symgrad.algebra.tree import fold, replace, walk


def inside(e: Expression) -> tuple[Expression, ...]:
    """Return the expressions that stand immediately inside e, from left to right."""
    match e:
        case Apply(_, arguments):
            return arguments
        case Partial(_, _, value):
            return (value,)
        case IndexSum():
            return (e.body,)
    return ()


def rebuilt(e: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return e with ``change`` done to each of those that stand immediately inside it."""
    match e:
        case Apply(op, arguments):
            return Apply(op, tuple([change(a) for a in arguments]))
        case Partial(of, wrt, value, immediate):
            return Partial(of, wrt, change(value), immediate)
        case IndexSum():
            return index_sum(e.range, change(e.body), e.kind)
    return e


def nodes(e: Expression) -> Iterator[Expression]:
    """Yield e and all expressions inside it, from left to right."""
    return walk(e, inside)


def replaced(e: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """Return e with change(x) in the place of each x, e itself or inside it, for which that is not None.

    >>> x, y = Quantity("x"), Quantity("y")
    >>> replaced(x * x + 1, lambda e: y if e == x else None) == y * y + 1
    True
    """
    return replace(e, inside, rebuilt, change)


def everywhere(e: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return e with ``change`` done to every expression in it, the innermost first, and to e itself last."""
    return fold(e, inside, lambda x, of: change(rebuilt(x, of)))


def quantities(e: Expression) -> Iterator[Quantity]:
    """Yield every quantity that e reads, from left to right."""
    return (x for x in nodes(e) if isinstance(x, Quantity))


def applications(e: Expression) -> Iterator[Apply]:
    """Yield every application of an operation in e, the outermost first."""
    return (x for x in nodes(e) if isinstance(x, Apply))


def reads(e: Expression, spans: tuple[Span, ...] = ()) -> Iterator[tuple[Quantity, tuple[Span, ...]]]:
    """Yield every quantity that e reads with the sums and products that it stands under, the outermost first."""
    if isinstance(e, Quantity):
        yield e, spans
    spans = (*spans, e.range) if isinstance(e, IndexSum) else spans
    for x in inside(e):
        yield from reads(x, spans)
