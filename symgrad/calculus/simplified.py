"""The shortest of the forms of an expression: as it stands, normal, multiplied out, with its common factors in front.

Multiplied out, what a loss divides by meets the slope that has it as a factor: (t/p - (1 - t)/(1 - p)) p (1 - p) is
t - p; and a slope by its output: f'(z)/f(z) of the logistic function is 1 - f(z). A form that is not shorter than
what its author wrote is not taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from symgrad.algebra.expression import ADD, MUL, SUB, Apply, Expression, Number
from symgrad.calculus.normal.folded import numbers_folded
from symgrad.calculus.normal.term import Term, written
from symgrad.calculus.normal.total import content, summands, term, total
from symgrad.calculus.output import output_of
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.function import Symbols, elementwise_function

MOST = 24
"""Terms beyond which a product is not multiplied out."""


def simplified(network: Network, e: Expression) -> Expression:
    """Return the shortest form that the rules find, and e where none is shorter.

    >>> from symgrad.network.formula import read_formula, scalars
    >>> f = read_formula("(t/p - (1 - t)/(1 - p))*(p*(1 - p))")
    >>> simplified(scalars(), f.expression) == read_formula("t - p").expression
    True
    """
    if not isinstance(e, Apply):
        return e
    best: Expression = e
    letters, nodes = extent(e)
    for found, opened in _forms(network, e):
        fewer, smaller = extent(found)
        if fewer < letters or (not opened and fewer == letters and smaller < nodes):
            best, letters, nodes = found, fewer, smaller
    return best


def extent(e: Expression) -> tuple[int, int]:
    """Return how many letters stand in an expression, and how many nodes it has."""
    letters = count = 0
    pending = [e]
    while pending:
        x = pending.pop()
        count += 1
        if isinstance(x, Apply):
            pending += x.arguments
        else:
            letters += not isinstance(x, Number)
    return letters, count


def product(network: Network, *factors: Expression) -> Expression:
    """Return a product, entry by entry, in its shortest form."""
    whole = factors[0]
    for x in factors[1:]:
        whole = Apply(MUL, (whole, x))
    found = written(network, term(network, whole))
    shorter = simplified(network, whole)
    return shorter if extent(shorter) < extent(found) else found


def _forms(network: Network, e: Expression) -> Iterator[tuple[Expression, bool]]:
    """Yield forms of an expression, and whether a product of sums was multiplied out on the way."""
    terms = list(summands(network, e))
    yield total(network, e), False
    met = [slopes_met(network, t) for t in terms]
    for found in (terms, met):
        yield _added(network, found), False
        yield _factored(network, _collected(network, found)), False
    for found in multiplied_out(network, met):
        yield _added(network, found), True
        yield _factored(network, _collected(network, found)), True


def _added(network: Network, terms: Sequence[Term]) -> Expression:
    return written(network, terms[0]) if len(terms) == 1 else total(network, *[written(network, t) for t in terms])


def _collected(network: Network, terms: Sequence[Term]) -> list[Term]:
    return list(terms) if len(terms) == 1 else list(summands(network, _added(network, terms)))


# --- multiplied out -----------------------------------------------------------------------------------


def multiplied_out(network: Network, terms: Sequence[Term]) -> Iterator[list[Term]]:
    """Yield the terms with their sums multiplied out, once more each time, as long as they are few."""
    found = list(terms)
    while True:
        opened = [x for t in found for x in _opened(network, t)]
        if len(opened) > MOST or opened == found:
            return
        found = [slopes_met(network, t) for t in opened]
        yield _of_all_axes(found, terms)


def _opened(network: Network, t: Term) -> list[Term]:
    """Return a term as several, where one of its factors is a sum."""
    for base, n in t.factors.items():
        if n > 0 and n.denominator == 1 and _is_sum(base):
            others = {b: k for b, k in t.factors.items() if b != base} | ({base: n - 1} if n > 1 else {})
            rest = Term(t.number, others)
            return [s * rest for s in summands(network, base)]
    return [t]


def _is_sum(e: Expression) -> bool:
    return isinstance(e, Apply) and e.op in (ADD, SUB)


def _of_all_axes(found: list[Term], before: Sequence[Term]) -> list[Term]:
    """Return terms of which one has the axes of the whole: of c (1 - p) + c p is left c in every entry."""
    axes = max((t.axes for t in before), default=0)
    if not axes or any(t.axes == axes for t in found):
        return found
    return [Term(t.number, t.factors, axes) for t in found]


# --- slopes -------------------------------------------------------------------------------------------


def slopes_met(network: Network, t: Term) -> Term:
    """Return a term with a slope by its output, where it is divided by a factor of that: σ'(z)/σ(z) is 1 - σ(z)."""
    below = {b for b, n in t.factors.items() if n < 0}
    for base, n in t.factors.items():
        if not below or n != 1 or not isinstance(base, Apply) or base.op.kind != "slope":
            continue
        record = base.op.record
        if record is None or record.slope_of_output is None:
            continue
        [z] = base.arguments
        output = output_of(network, elementwise_function(base.op.name, record), z)
        by_output = term(network, numbers_folded(record.slope_at_output(Symbols(), output)))
        if below & set(by_output.factors):
            rest = Term(t.number, {b: k for b, k in t.factors.items() if b != base}, t.axes)
            return slopes_met(network, rest * by_output)
    return t


# --- common factors -----------------------------------------------------------------------------------


def in_front(network: Network, e: Expression) -> Expression:
    """Return a sum with the scalar factors in front that all its terms share, where fewer letters stand in it so."""
    terms = list(summands(network, e))
    shared = {b: n for b, n in terms[0].factors.items() if not rank(network, b)} if terms else {}
    for t in terms:
        shared = {b: n for b, n in shared.items() if t.factors.get(b) == n}
    if len(terms) < 2 or not shared:
        return e
    inner = [Term(t.number, {b: n for b, n in t.factors.items() if b not in shared}, t.axes) for t in terms]
    return Apply(MUL, (written(network, Term(Fraction(1), shared)), _added(network, inner)))


def _factored(network: Network, terms: Sequence[Term]) -> Expression:
    """Return a sum with the number and the factors in front that all its terms share: 2 n - 2 p is 2 (n - p)."""
    if len(terms) < 2:
        return _added(network, terms)
    number = content([abs(t.number) for t in terms])
    first, *others = [dict(t.factors) for t in terms]
    shared = {b: n for b, n in first.items() if all(o.get(b) == n for o in others)}
    axes = max(t.axes for t in terms)
    shared = {b: n for b, n in shared.items() if rank(network, b) == 0 or axes == rank(network, b)}
    if number == 1 and not shared:
        return _added(network, terms)
    rests = [Term(t.number / number, {b: n for b, n in t.factors.items() if b not in shared}, 0) for t in terms]
    left = max((rank(network, b) for t in rests for b in t.factors), default=0)
    inner = total(network, *[written(network, Term(t.number, t.factors, min(t.axes, left))) for t in rests])
    if isinstance(inner, Number):
        return _added(network, terms)
    return written(network, Term(number, shared, axes) * term(network, inner))
