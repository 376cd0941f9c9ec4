"""Sums with their ends, means as sums, and indices as the numbers that they are."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from symgrad.algebra.expression import Expression, Number, Quantity
from symgrad.algebra.expression_tree import inside, nodes, quantities, rebuilt
from symgrad.algebra.index import Affine, Index, fresh, minus, parts, symbols
from symgrad.algebra.index_sum import IndexSum, index_number, index_sum
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import moved
from symgrad.network.equation import Equation
from symgrad.network.indices.plain import replaced_letters
from symgrad.network.indices.ranges import Ranges
from symgrad.network.syntax.index_sum import END
from symgrad.network.syntax.line import Line


class Resolver:
    """Puts the ends of ranges in the place of those that were left out, and numbers in the place of indices."""

    def __init__(self, found: Ranges | None, numbers: Collection[str]) -> None:
        self.found, self.numbers = found, set(numbers)

    def equation(self, e: Equation) -> Equation:
        """Return the equation with whole sums, and with indices and depths as numbers."""
        own = symbols(e.target.indices) if self.found else ()
        self.own, self.taken = frozenset(own), {*_letters(e), *self.numbers}
        value = self._value(e.value, e.line, self.numbers.union(own), frozenset())
        return e if value is e.value else Equation(e.target, value, e.line)

    def _value(self, e: Expression, line: Line, numbers: set[str], bound: frozenset[str]) -> Expression:
        match e:
            case Quantity(name, None, ()) if name in numbers:
                return line.keep(e, index_number(Index(name)))
            case IndexSum() if self.found is not None:
                span = self._span(e, line, bound)
                if e.kind == "mean" and span.within:
                    todo = f"write a sum over {e.symbol}, and divide it by the number of its terms"
                    line.fail("how many terms this mean has is not known", todo, line.span(e)[0])
                body = self._value(e.body, line, numbers | {e.symbol}, bound | {e.symbol})
                if e.symbol in self.own | bound:  # in sum[k](... sum[k](...)) the inner k is another one
                    span, body = self._with_letter_of_its_own(span, body, line)
                whole: Expression = index_sum(span, body, "sum" if e.kind == "mean" else e.kind)
                return line.keep(e, 1 / _count(span) * whole if e.kind == "mean" else whole)
        new = rebuilt(e, lambda x: self._value(x, line, numbers, bound))
        return e if all(a is b for a, b in zip(inside(e), inside(new), strict=True)) else line.keep(e, new)

    def _with_letter_of_its_own(self, span: Span, body: Expression, line: Line) -> tuple[Span, Expression]:
        letter = fresh(span.symbol, self.taken)
        self.taken.add(letter)
        own = {span.symbol: Index(letter)}
        moved_span = span._replace(symbol=letter, within=moved(span.within, own))
        return moved_span, replaced_letters(body, own, line)

    def _span(self, e: IndexSum, line: Line, bound: frozenset[str]) -> Span:
        span, found = e.range, self.found
        assert found is not None  # of a file with sums the ranges are known
        if span.upper != END:
            return span
        root = found.root(found.letter(span.symbol, line, {span.symbol, *bound}))
        if root not in found.declared and root not in found.ends:
            line.fail(
                f"the range of {span.symbol} is not known",
                f"declare it, '{span.symbol}: range(1, N+1)', or write {e.kind}[{span.symbol}:1:N](...)",
                line.span(e)[0],
            )
        known = found.span(root)
        return Span(span.symbol, known.lower, known.upper, span.without)


def counted(e: Equation, names: Collection[str]) -> Equation:
    """Return an equation with its index and the depth as the numbers that they are."""
    return Resolver(None, set(names) - {e.target.name}).equation(e)


def _letters(e: Equation) -> set[str]:
    found = {s for x in (e.target, *quantities(e.value)) for s in (x.name, *symbols(x.indices))}
    return found.union(*({x.symbol, *x.range.free} for x in nodes(e.value) if isinstance(x, IndexSum)))


def _count(span: Span) -> Expression:
    """Return how many values a span has, as an expression: T, T - k, n - 1."""
    known = (span.upper, span.lower)
    if any(isinstance(p, Affine) for p in known):
        return index_number(minus(span.upper, span.lower) + (1 - len(span.without)))
    offset = 1 - len(span.without)
    for p, sign in zip(known, (1, -1), strict=True):
        offset += sign * parts(p)[1]
    upper, lower = (p.symbol if isinstance(p, Index) else None for p in known)
    if upper == lower:
        return index_number(offset)
    count: Expression = Number(Fraction(0)) if upper is None else index_number(Index(upper))
    if lower is not None:
        count = count - index_number(Index(lower))
    return count if not offset else count + offset if offset > 0 else count - (-offset)
