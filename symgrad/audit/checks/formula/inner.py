r"""Inner products and squares of norms, multiplied out: \|x - y\|^2 = \|x\|^2 - 2 x^T y + \|y\|^2, at drawn vectors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction

from flint import arb, arb_mat, fmpq

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Tuple, Unknown, rebuilt, symbols, walk

KIND = "inner product"
SIZE, DRAWS, SEED = 3, 6, 0
CHANGES = ((Fraction(2), "a factor 2 is missing"), (Fraction(1, 2), "a factor 2 is too many"), (Fraction(-1), "a sign"))
Values = Mapping[str, arb_mat]


def inner_product(case: Case) -> Judgement | None:
    """Judge an equation between inner products of vectors; None for any other claim.

    It is refuted where a product is multiplied out and one term has a wrong sign or factor: what is left out may be 0.
    """
    if case.relation != "=" or not _has_products(case.left) or isinstance(case.right, Symbol | Number):
        return None
    if not symbols(case.right) or not symbols(case.right) <= symbols(case.left):
        return None
    brackets = "\\langle" in case.passage.text or "⟨" in case.passage.text
    left, right = (_with_brackets(n) if brackets else n for n in case.nodes[-2:])
    vectors = frozenset(x for x in _vectors(left) | _vectors(right) if not x[0].isupper())
    if not vectors or any(isinstance(n, Unknown | Tuple) for n in (*walk(left), *walk(right))):
        return None
    if left == right or not _is_sum(left):
        return None
    if _agree(left, right, vectors):
        return Judgement(Word.CONFIRMED, reason=f"at {DRAWS} drawn vectors", kind=KIND)
    for changed, told in _changed(right):
        if _agree(left, changed, vectors):
            return Judgement(Word.REFUTED, reason=told, kind=KIND)
    return unchecked("perhaps vectors of which more is known", KIND)


def _has_products(node: Node) -> bool:
    return any(isinstance(n, Apply) and n.name in ("transpose", "norm2") for n in walk(node)) or isinstance(node, Tuple)


def _is_sum(node: Node) -> bool:
    """Tell whether a side is a product, or the square of a norm, of which a factor is a sum."""
    inside = (n for n in walk(node) if isinstance(n, Apply) and n.name in ("transpose", "norm2", "*"))
    return any(isinstance(a, Apply) and a.name in ("+", "-") for n in inside for a in n.arguments)


def _with_brackets(node: Node) -> Node:
    """Return a formula with x^T y for ⟨x, y⟩."""
    match node:
        case Tuple((x, y)):
            return Apply("*", (Apply("transpose", (_with_brackets(x),)), _with_brackets(y)))
    return rebuilt(node, _with_brackets)


def _vectors(node: Node) -> set[str]:
    """Return the letters of vectors: those in a transpose or a norm, and those beside a transpose."""
    found: set[str] = set()
    for n in walk(node):
        match n:
            case Apply("transpose" | "norm2", (inner,)):
                found |= _summands(inner)
            case Apply("*", (Apply("transpose"), other)):
                found |= _summands(other)
    return found


def _summands(node: Node) -> set[str]:
    """Return the letters that are vectors where a node is one."""
    match node:
        case Symbol(name):
            return {name}
        case Apply("+" | "-", (a, b)):
            return _summands(a) | _summands(b)
        case Apply("neg" | "transpose", (inner,)):
            return _summands(inner)
        case Apply("*", (_, b)):
            return _summands(b)
    return set()


def _agree(left: Node, right: Node, vectors: frozenset[str]) -> bool:
    """Tell whether two numbers are equal at drawn vectors; letters that are capital are square matrices."""
    source = random.Random(SEED)
    letters = sorted(symbols(left) | symbols(right))
    for _ in range(DRAWS):
        at = {x: _drawn(source, x, x in vectors) for x in letters}
        try:
            x, y = _value(left, at), _value(right, at)
        except NotUnderstoodError:
            return False
        if x.nrows() * x.ncols() != 1 or y.nrows() * y.ncols() != 1 or not (x[0, 0] - y[0, 0]).contains(0):
            return False
    return True


def _drawn(source: random.Random, name: str, is_vector: bool) -> arb_mat:
    capital = name[0].isupper()
    rows, columns = (SIZE, SIZE) if capital else (SIZE, 1) if is_vector else (1, 1)
    return arb_mat([[arb(fmpq(source.randint(-60, 60), 7)) for _ in range(columns)] for _ in range(rows)])


def _value(node: Node, at: Values) -> arb_mat:
    """Return the value of a formula; raises NotUnderstoodError where its sizes do not fit, or for what is none."""
    match node:
        case Number(value):
            return arb_mat([[arb(fmpq(value.numerator, value.denominator))]])
        case Symbol(name) if name in at:
            return at[name]
        case Apply("neg", (inner,)):
            return -_value(inner, at)
        case Apply("transpose", (inner,)):
            return _value(inner, at).transpose()
        case Apply("norm2", (inner,)):
            value = _column(_value(inner, at))
            return arb_mat([[sum((x * x for x in value.entries()), arb(0)).sqrt()]])
        case Apply("^", (Apply("norm2", (inner,)), Number(two))) if two == 2:
            value = _column(_value(inner, at))
            return arb_mat([[sum((x * x for x in value.entries()), arb(0))]])
        case Apply("^", (base, Number(two))) if two == 2:
            value = _value(base, at)
            if len(value.entries()) == 1:
                return value * value
        case Apply("+" | "-" as sign, (a, b)):
            x, y = _value(a, at), _value(b, at)
            if (x.nrows(), x.ncols()) == (y.nrows(), y.ncols()):
                return x + y if sign == "+" else x - y
        case Apply("*", (a, b)):
            x, y = _value(a, at), _value(b, at)
            if 1 in (len(x.entries()), len(y.entries())):
                return y * x[0, 0] if len(x.entries()) == 1 else x * y[0, 0]
            if x.ncols() == y.nrows():
                return x * y
        case Apply("/", (a, Number(value))) if value:
            return _value(a, at) * arb(fmpq(value.denominator, value.numerator))
    raise NotUnderstoodError("what is no inner product")


def _column(value: arb_mat) -> arb_mat:
    if value.ncols() != 1:
        raise NotUnderstoodError("the norm of a matrix")
    return value


def _changed(node: Node) -> Iterator[tuple[Node, str]]:
    """Yield a sum with one of its terms changed, and what is wrong with it then."""
    match node:
        case Apply("+" | "-" as sign, (a, b)):
            yield from ((Apply(sign, (changed, b)), told) for changed, told in _changed(a))
            yield from ((Apply(sign, (a, changed)), told) for changed, told in _changed(b))
        case Apply("neg", (inner,)):
            yield from ((Apply("neg", (changed,)), told) for changed, told in _changed(inner))
        case _:
            yield from ((Apply("*", (Number(factor, str(factor)), node)), told) for factor, told in CHANGES)
