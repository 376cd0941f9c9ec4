"""What each row or column is divided by, once: (δ - rowmean(δ) - Y ⊙ rowmean(δ ⊙ Y)) ⊘ (s 𝟏ᵀ)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symgrad.algebra.expression import DIV, MUL, Apply, Expression
from symgrad.algebra.expression_tree import applications
from symgrad.calculus.items.named import apart, quotients, statistics
from symgrad.calculus.items.spread import spread
from symgrad.calculus.normal.term import Term, written
from symgrad.calculus.normal.total import summands, total
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import TRANSPOSE


def of_items(network: Network, e: Expression) -> Expression:
    """Return a matrix, or a vector of sums over rows, in which what each row is divided by stands once.

    >>> from symgrad.algebra.differential import Cotangent
    >>> from symgrad.algebra.expression import Apply, Constant, Quantity
    >>> from symgrad.network.read import read_network
    >>> from symgrad.ops.linear import MATMUL
    >>> net = read_network("X: (m, n)\\ns: (m, 1)\\nC = loss(X)\\nY = X/s", "scaled")
    >>> Y, G = net.equations[1].value, Cotangent(Quantity("C"), Quantity("X"))
    >>> of_items(net, Apply(MATMUL, (G / Y.arguments[1], Constant("1", net.shape(Quantity("X"))[1:])))).op.name
    '/'
    """
    if not quotients(network) and not any(_divides(network, x) for x in applications(e)):
        return e
    return _divided_once(network, apart(network, e, statistics(network), quotients(network)))


def _divides(network: Network, e: Apply) -> bool:
    """Tell whether e divides by one number for each row, or for each column."""
    return e.op == DIV and any(spread(x) for x in _factors_of(e.arguments[1]))


def _factors_of(e: Expression) -> Iterator[Expression]:
    if isinstance(e, Apply) and (e.op in (MUL, TRANSPOSE) or e.op.name == "power"):
        for x in e.arguments:
            yield from _factors_of(x)
    yield e


def _divided_once(network: Network, e: Expression) -> Expression:
    """Return c ((A - B) ⊘ S) for c A ⊘ S - c B ⊘ S, with the scalar factors c that all terms have."""
    terms = list(summands(network, e))
    shared = {f: n for f, n in terms[0].factors.items() if n < 0 and (spread(f) is not None or rank(network, f) == 1)}
    for t in terms[1:]:
        shared = {f: max(n, t.factors[f]) for f, n in shared.items() if t.factors.get(f, 0) < 0}
    if len(terms) < 2 or not shared:
        return e
    scalars = {f: n for f, n in terms[0].factors.items() if not rank(network, f)}
    scalars = {f: n for f, n in scalars.items() if all(t.factors.get(f) == n for t in terms)}
    below, front = Term(Fraction(1), shared, terms[0].axes), Term(Fraction(1), scalars)
    taken = (below * front).power(Fraction(-1))
    inner = total(network, *[written(network, t * taken) for t in terms])
    whole = Apply(DIV, (inner, written(network, below.power(Fraction(-1)))))
    return Apply(MUL, (written(network, front), whole)) if scalars else whole
