"""Index symbols in expressions: which are free, and what an expression is with others in their place."""

from __future__ import annotations

from collections.abc import Callable

from symgrad.algebra.differential import Change, Cotangent, Partial
from symgrad.algebra.dimension import named
from symgrad.algebra.expression import Constant, Expression, Quantity
from symgrad.algebra.expression_tree import inside, rebuilt
from symgrad.algebra.index import Bindings, Index, Position, at, symbols
from symgrad.algebra.index_sum import IndexNumber, IndexSum, index_number, index_sum
from symgrad.algebra.shape import shape_at
from symgrad.algebra.span import Span
from symgrad.algebra.tree import fold


def move(q: Quantity, bindings: Bindings) -> Quantity:
    """Replace the index symbols of a quantity: z[j] at {j: 3} is z[3]."""
    if not q.further:
        return q if q.index is None or isinstance(q.index, int) else Quantity(q.name, at(q.index, bindings))
    return Quantity(q.name, at(q.index, bindings), moved(q.further, bindings), q.ahead)


def moved(positions: tuple[Position, ...], bindings: Bindings) -> tuple[Position, ...]:
    """Replace the symbols of several indices."""
    return tuple([at(p, bindings) for p in positions])  # type: ignore[misc]  # None only from None


def free_symbols(e: Expression) -> frozenset[str]:
    """Return the index symbols of an expression that no sum in it binds."""
    return fold(e, inside, _free)


def _free(e: Expression, of: Callable[[Expression], frozenset[str]]) -> frozenset[str]:
    positions: tuple[Position, ...] = ()
    match e:
        case Quantity():
            positions = e.indices
        case IndexNumber(position):
            positions = (position,)
        case Constant(_, shape):
            positions = tuple(n.index for d in shape for n in named(d) if n.index is not None)
        case Partial(numerator, wrt) | Cotangent(numerator, wrt):
            positions = (*numerator.indices, *wrt.indices)
        case Change(changed):
            positions = changed.indices
        case IndexSum():
            return of(e.body) - {e.symbol} | e.range.free
    return symbols(positions).union(*map(of, inside(e)))


def substitute(e: Expression, bindings: Bindings) -> Expression:
    """Replace index symbols in an expression."""

    def at_bindings(x: Expression, of: Callable[[Expression], Expression]) -> Expression:
        match x:
            case Quantity():
                return move(x, bindings)
            case Constant(kind, shape):
                return Constant(kind, shape_at(shape, bindings))
            case Partial(numerator, wrt, value, immediate):
                return Partial(move(numerator, bindings), move(wrt, bindings), of(value), immediate)
            case Cotangent(numerator, wrt):
                return Cotangent(move(numerator, bindings), move(wrt, bindings))
            case Change(changed):
                return Change(move(changed, bindings))
            case IndexNumber(position):
                return index_number(at(position, bindings))  # type: ignore[arg-type]  # None only from None
            case IndexSum():
                span, own = x.range.at(bindings, lambda: free_symbols(x.body))
                return index_sum(span, substitute(x.body, own), x.kind)
        return rebuilt(x, of)

    return fold(e, lambda x: () if isinstance(x, IndexSum) else inside(x), at_bindings)


def plain_letters(e: Expression, nesting: int = 0) -> Expression:
    """Return e with the letters that its sums bind named by their order, so that equal sums are equal."""
    if isinstance(e, IndexSum):
        letter = f"#{nesting}"
        own = {e.symbol: Index(letter)}
        span = Span(letter, e.lower, e.upper, e.without, moved(e.within, own))
        return index_sum(span, plain_letters(substitute(e.body, own), nesting + 1), e.kind)
    return rebuilt(e, lambda x: plain_letters(x, nesting))
