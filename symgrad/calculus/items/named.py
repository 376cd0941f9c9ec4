"""What the equations of a network say of rows and columns: μ is (1/n) X 𝟏, Y is (X - μ 𝟏ᵀ) ⊘ (s 𝟏ᵀ).

In derived expressions they stand by their names: X - rowmean(X) is Y ⊙ (s 𝟏ᵀ) where it is divided by s 𝟏ᵀ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from symgrad.algebra.expression import ADD, DIV, MUL, NEG, SUB, Apply, Constant, Expression
from symgrad.algebra.expression_tree import applications, everywhere, quantities
from symgrad.algebra.index import Index
from symgrad.algebra.substitution import substitute
from symgrad.calculus.items.spread import ONE_ENTRY, factor_apart, spread, turned
from symgrad.calculus.normal.term import Term, is_ones, scalars_apart, written
from symgrad.calculus.normal.total import normal, term
from symgrad.calculus.output import by_name
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER, TRANSPOSE
from symgrad.ops.unit import Unit

Quotient = tuple[Expression, Expression, Expression]
"""target, above, below of ``target = above ⊘ below``, where below is one number for each row, or for each column."""


Statistic = tuple[Expression, Expression, Term]
"""A vector, and what its equation says that it is: sums over rows or a function of each row, times numbers."""


def apart(
    network: Network, e: Expression, statistics: Sequence[Statistic] = (), quotients: Sequence[Quotient] = ()
) -> Expression:
    """Return e with spread vectors as factors: (u ⊘ s) 𝟏ᵀ is u 𝟏ᵀ ⊘ (s 𝟏ᵀ), (A ⊘ (s 𝟏ᵀ)) 𝟏 is (A 𝟏) ⊘ s."""

    def change(e: Expression) -> Expression:
        x = factor_apart(network, e)
        for statistic in statistics:
            x = _by_statistic(network, x, statistic)
        for quotient in quotients:
            x = _by_quotient(network, x, quotient)
        return x

    return normal(network, everywhere(e, change))


@lru_cache(maxsize=64)
def quotients(network: Network) -> tuple[Quotient, ...]:
    """Return the equations, and the calls of units, that divide each row or each column by a number."""
    return tuple(_found(network))


def _found(network: Network) -> Iterator[Quotient]:
    for equation in network.equations:
        calls = [a for a in applications(equation.value) if isinstance(a.op.record, Unit) and a != equation.value]
        for target, value in [(equation.target, equation.value), *((a, a) for a in calls)]:
            if isinstance(value, Apply) and isinstance(value.op.record, Unit):
                value = value.op.record.at(value.arguments, tuple(map(network.shape_of, value.arguments)))
            match value:
                case Apply(op, (above, below)) if op == DIV and spread(below) is not None:
                    known = statistics(network)
                    above, below = (apart(network, by_name(network, x), known) for x in (above, below))
                    yield target, above, below
                    yield Apply(TRANSPOSE, (target,)), turned(network, above), turned(network, below)


def _by_quotient(network: Network, e: Expression, quotient: Quotient) -> Expression:
    """Return a product entry by entry with target ⊙ below in the place of ``above`` where it is divided by below."""
    if not isinstance(e, Apply) or e.op not in (MUL, DIV) or rank(network, e) != 2:
        return e
    t = term(network, e)
    for f, n in t.factors.items():
        match = _at(f, quotient) if n == 1 else None
        if match is not None and t.factors.get(match[2], 0) < 0:
            rest = Term(t.number, {b: k for b, k in t.factors.items() if b != f}, t.axes)
            return written(network, rest * Term(Fraction(1), {match[0]: Fraction(1), match[2]: Fraction(1)}, t.axes))
    return e


def _at(e: Expression, quotient: Quotient) -> Quotient | None:
    """Return a quotient at the step at which e is what it divides."""
    target, above, below = quotient
    at = _step(e, above)
    return None if at is None else (substitute(target, at), e, substitute(below, at))


def _step(e: Expression, pattern: Expression) -> Mapping[str, Index | int] | None:
    """Return the number, or the index, of the step at which a pattern is e; None where it never is."""
    if e == pattern:
        return {}
    read = next((q.index for q in quantities(pattern) if isinstance(q.index, Index)), None)
    for q in quantities(e) if read is not None else ():
        if isinstance(q.index, Index | int):
            at = {read.symbol: q.index - read.offset}  # type: ignore[union-attr]
            if substitute(pattern, at) == e:
                return at
    return None


@lru_cache(maxsize=64)
def statistics(network: Network) -> tuple[Statistic, ...]:
    """Return the equations that define a number for each row, or for each column, of a matrix."""
    return tuple(_found_statistics(network))


def _found_statistics(network: Network) -> Iterator[Statistic]:
    for equation in network.equations:
        target: Expression = equation.target
        value = equation.value
        match value:
            case Apply(op, (v, Constant("1", (1,)))) if op == OUTER:
                target, value = Apply(MATMUL, (target, ONE_ENTRY)), v
            case Apply(op, (Constant("1", (1,)), v)) if op == OUTER:
                target, value = Apply(MATMUL, (Apply(TRANSPOSE, (target,)), ONE_ENTRY)), v
        if rank(network, value) == 1:
            front, array = scalars_apart(network, term(network, apart(network, by_name(network, value))))
            if isinstance(array, Apply) and (_is_sum_of_rows(array) or array.op.kind == "reduction"):
                yield target, array, front


def _is_sum_of_rows(e: Apply) -> bool:
    return e.op == MATMUL and is_ones(e.arguments[1])


def _by_statistic(network: Network, e: Expression, statistic: Statistic) -> Expression:
    """Return a product with the name of a vector, (1/n) X 𝟏 as μ, and (1/n) X 𝟏 𝟏ᵀ as μ 𝟏ᵀ."""
    if not isinstance(e, Apply) or not rank(network, e) or e.op in (ADD, SUB, NEG):
        return e
    target, array, front = statistic
    t = term(network, e)
    for f, n in t.factors.items():
        along = spread(f)
        v = f if along is None else along[0]
        at = _step(v, array)
        if at is None or (n != 1 and front != Term(Fraction(1))):
            continue
        own = {substitute(b, at): k for b, k in front.factors.items()}
        rest = t * Term(front.number, own).power(Fraction(-1)) * Term(Fraction(1), {f: -n})
        if len(rest.factors) == len(t.factors) - 1 - len(own) and (own or rest.number == t.number / front.number):
            named_: Expression = substitute(target, at)
            if along is not None and isinstance(f, Apply) and f.op == OUTER:
                named_ = Apply(OUTER, (named_, f.arguments[1]) if along[1] == 0 else (f.arguments[0], named_))
            return written(network, rest * Term(Fraction(1), {named_: n}, t.axes))
    return e
