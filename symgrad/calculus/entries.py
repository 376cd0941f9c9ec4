"""Entries of expressions: (u ⊙ σ(z))_i is u_i σ(z_i), (u vᵀ)_{ij} is u_i v_j, (e_k)_i is 1 where i = k, else 0.

A place is a number, a dimension, or a letter, which is written as a dimension is: an entry is printed, and checked
where letters have numbers.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symgrad.algebra.dimension import Size, named, plus, product
from symgrad.algebra.expression import MUL, Apply, Constant, Expression, Number
from symgrad.algebra.expression_tree import applications, rebuilt, replaced
from symgrad.algebra.index import Index
from symgrad.algebra.index_sum import IndexSum, index_sum
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension, broadcast
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import free_symbols
from symgrad.calculus.rank import rank
from symgrad.network.functions import LINEAR
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER, SUM, TRANSPOSE
from symgrad.ops.matrix import DIAG
from symgrad.ops.part import COLUMN, COLUMNS, ENTRY, ROW, ROWS, place, placed, slice_of
from symgrad.ops.piecewise import indicator
from symgrad.ops.record import Elementwise

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


Letters = tuple[str, ...] | None
"""Letters for sums over the entries that a product runs through, one inside the other; None leaves (A x)_i."""


def entry(network: Network, e: Expression, *at: Size, letters: Letters = None) -> Expression:
    """Return the entry of a vector at one place, of a matrix at two; of a number the number itself.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_network
    >>> net = read_network("z: (n,)\\nW: (m, n)\\nC = sum(exp(z))", "entries")
    >>> z = Quantity("z")
    >>> entry(net, z * z, 2) == Apply(MUL, (entry(net, z, 2),) * 2)
    True
    """
    if not rank(network, e):
        return e if letters is None or not _has_parts(e) else _summed(network, e, letters)
    if isinstance(e, Apply) and _is_entrywise(e.op):
        return Apply(e.op, tuple([entry(network, a, *at, letters=letters) for a in e.arguments]))
    if isinstance(e, Apply) and e.op == MATMUL and letters is not None:
        return _of_product(network, e, at, letters)
    if isinstance(e, Constant) and e.kind == "1":
        return ONE
    if isinstance(e, IndexSum) and e.kind == "sum":
        return _of_sum(network, e, at, letters)
    return _of_vector(network, e, at[0], letters) if len(at) == 1 else _of_matrix(network, e, at[0], at[1], letters)


def delta(i: Size, j: Size) -> Expression:
    """Return 1 where i = j, else 0."""
    if i == j:
        return ONE
    apart = plus(i, j, -1)
    if isinstance(apart, int):
        return ZERO
    return Apply(indicator("="), (Constant("size", (i,)), Constant("size", (j,))))


def _summed(network: Network, e: Expression, letters: tuple[str, ...]) -> Expression:
    """Return a number with sums for the products of vectors in it, xᵀ y as Σ_l x_l y_l."""
    match e:
        case Apply(op, (_, _)) if op == MATMUL:
            return _of_product(network, e, (), letters)
        case Apply(op, (x,)) if op == SUM and rank(network, x) == 1:
            return _of_product(network, Apply(MATMUL, (x, Constant("1", network.shape_of(x)))), (), letters)
        case Apply(op) if op.kind != "part":
            return rebuilt(e, lambda x: x if rank(network, x) else entry(network, x, letters=letters))
    return e


def _has_parts(e: Expression) -> bool:
    """Tell whether an entry or a part stands in an expression."""
    return any(x.op.kind == "part" for x in applications(e))


def _of_product(network: Network, e: Apply, at: tuple[Size, ...], letters: tuple[str, ...]) -> Expression:
    """Return (A B)_{ij} as Σ_l A_{il} B_{lj}, where the size of what is summed over has a name or is a number."""
    x, y = e.arguments
    n = network.shape_of(x)[-1]
    if isinstance(n, Dimension) and (n.terms or n.index is not None):
        return parted(e, at) if at else e
    letter, *others = letters
    left, right = (at[:1], at[1:]) if rank(network, x) == 2 else ((), at)
    first = entry(network, x, *left, Dimension(letter), letters=tuple(others))
    second = entry(network, y, Dimension(letter), *right, letters=tuple(others))
    end = n if isinstance(n, int) else Index(n.name)
    whole = Apply(MUL, (first, second))
    met = _contracted(Dimension(letter), whole)
    return index_sum(Span(letter, 1, end), whole) if met is None else met


def _of_sum(network: Network, e: IndexSum, at: tuple[Size, ...], letters: Letters) -> Expression:
    """Return Σ_i x_i, of entries; Σ_i c_i δ_{ik} is c_k, where i runs through all places."""
    body = entry(network, e.body, *at, letters=letters)
    [*sizes] = network.shape_of(e)
    whole = [n if isinstance(n, int) else Index(n.name) for n in sizes]
    if (e.lower, e.without, e.within) == (1, (), ()) and e.upper in whole:
        met = _contracted(Dimension("", Index(e.symbol)), body)
        if met is not None and e.symbol not in free_symbols(met):
            return met
    return replace(e, body=body)


def _contracted(letter: Dimension, e: Expression) -> Expression | None:
    """Return Σ_l δ_{l,j} f(l) as f(j); None where no such δ is a factor."""
    factors = _factors(e)
    for f in factors:
        if is_delta(f):
            sides = [a.shape[0] for a in f.arguments if isinstance(a, Constant)]  # type: ignore[attr-defined]
            if letter in sides:
                [other] = [s for s in sides if s != letter]
                rest: Expression = ONE
                for x in factors:
                    if x is not f:
                        rest = x if rest == ONE else Apply(MUL, (rest, x))
                return at_place(rest, letter, other)
    return None


def _factors(e: Expression) -> list[Expression]:
    match e:
        case Apply(op, (x, y)) if op == MUL:
            return [*_factors(x), *_factors(y)]
    return [e]


def is_delta(e: Expression) -> bool:
    """Tell whether e is δ_{ij}."""
    return isinstance(e, Apply) and e.op == indicator("=")


def at_place(e: Expression, letter: Dimension, at: Size) -> Expression:
    """Return e with a place where a letter stands."""

    def put(x: Expression) -> Expression | None:
        match x:
            case Constant("1" | "size" as kind, (n,)) if letter in named(n):
                terms = n.terms if isinstance(n, Dimension) and n.terms else ((1, (n,)),)
                total: Size = 0
                for number, factors in terms:
                    term: Size = number
                    for d in factors:
                        term = product(term, at if d == letter else d)
                    total = plus(total, term)
                return Constant(kind, (total,))
        return None

    return replaced(e, put)


def parted(e: Expression, at: tuple[Size, ...]) -> Expression:
    """Return an entry as it is written by its places alone, x_i, A_{i,j}."""
    if len(at) == 1:
        return Apply(ENTRY, (e, place(at[0])))
    return Apply(ENTRY, (Apply(ROW, (e, place(at[0]))), place(at[1])))


def _of_vector(network: Network, e: Expression, i: Size, letters: Letters) -> Expression:
    match e:
        case Apply(op, (x, at)) if op == COLUMN:
            return entry(network, x, i, placed(at), letters=letters)
        case Apply(op, (x, at)) if op == ROW:
            return entry(network, x, placed(at), i, letters=letters)
        case Apply(op, (x, first, _)) if op == slice_of(ROWS):
            return entry(network, x, plus(plus(i, placed(first)), 1, -1), letters=letters)
        case Apply(op, (x,)) if op == TRANSPOSE:
            return entry(network, x, i, letters=letters)
    return parted(e, (i,))


def _of_matrix(network: Network, e: Expression, i: Size, j: Size, letters: Letters) -> Expression:
    match e:
        case Constant("I"):
            return delta(i, j)
        case Apply(op, (x,)) if op == TRANSPOSE:
            return entry(network, x, j, i, letters=letters)
        case Apply(op, (u, v)) if op == OUTER:
            return Apply(MUL, (entry(network, u, i, letters=letters), entry(network, v, j, letters=letters)))
        case Apply(op, (v,)) if op == DIAG and rank(network, v) == 1:
            return Apply(MUL, (entry(network, v, i, letters=letters), delta(i, j)))
        case Apply(op, (x, first, _)) if op == slice_of(ROWS):
            return entry(network, x, plus(plus(i, placed(first)), 1, -1), j, letters=letters)
        case Apply(op, (x, first, _)) if op == slice_of(COLUMNS):
            return entry(network, x, i, plus(plus(j, placed(first)), 1, -1), letters=letters)
    return parted(e, (i, j))


def _is_entrywise(op: Op) -> bool:
    """Tell whether an operation acts on each entry."""
    if op.kind in ("slope", "second slope") or op.shape is broadcast:
        return True
    return op.kind == "function" and (op.record is None or isinstance(op.record, Elementwise)) and op not in _OF_ARRAYS


_OF_ARRAYS = frozenset(LINEAR.values())
