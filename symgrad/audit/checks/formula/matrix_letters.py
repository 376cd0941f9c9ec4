r"""Equations between matrices by their letters: (A B)ᵀ = Bᵀ Aᵀ, det(A B) = det A det B, tr(A B) = tr(B A).

Capital letters of the Latin alphabet are square matrices, small ones vectors where they stand as such, and numbers
otherwise, as Greek ones; all are drawn, and the arithmetic is exact. What holds for matrices of a kind alone,
symmetric or orthogonal, may be of these, and is not refuted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product

from flint import fmpq, fmpq_mat

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.matrix_kinds import SPECIAL, Value, Values, drawn, is_matrix
from symgrad.audit.finding import SURE, Evidence, Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Unknown, symbols, walk

KIND = "matrices"
GENERAL = (3, 4, 5)
"""Sizes of the matrices that are drawn: det(-A) = det A holds for even ones alone."""
LARGEST_POWER = 6
INVERSE = Apply("neg", (Number(Fraction(1), "1"),))
MOST_LETTERS = 3
"""Letters for which each kind of matrix is tried beside each kind of the others."""


def matrix_letters(case: Case) -> Judgement | None:
    """Judge an equation between matrices; None for any other claim.

    It is confirmed where it holds for any matrices, and refuted where it holds for no kind of them, and does with a
    transpose, an inverse, a sign or an order that is another.
    """
    left, right = case.nodes[-2:]
    names = symbols(left) | symbols(right)
    signs = [n for n in _all(left, right) if _is_of_matrices(n)]
    if left == right or not 0 < len(names) <= 2 * MOST_LETTERS or not signs:
        return None
    if all(map(_is_inverse, signs)) and "matri" not in (case.passage.before + case.passage.after).lower():
        return None  # (R C)^-1, of numbers
    vectors = frozenset(name for n in _all(left, right) for name in _vectors(n))
    if any(not _is_letter(name) for name in names):
        return None
    try:
        general = [drawn(names, vectors, {}, size, size) for size in GENERAL]
        if _holds(left, right, general):
            return Judgement(Word.CONFIRMED, reason="exactly, for drawn matrices", kind=KIND)
        if (found := _special(left, right, names, vectors)) is not None:
            return unchecked(f"it holds for {found} matrices", KIND)
        for said, other in _edited(right):
            if _holds(left, other, general):
                shown = Evidence(True, frozenset(["letters", "transpose"]), said, SURE)
                return Judgement(Word.REFUTED, reason=f"{said} is wrong, for any matrices", kind=KIND, evidence=shown)
    except NotUnderstoodError:
        return None
    return None


def _all(*sides: Node) -> Iterator[Node]:
    return (n for side in sides for n in walk(side))


def _is_letter(name: str) -> bool:
    """Tell whether a name is one letter, with or without an index, or a Greek one."""
    letter = name.partition("_")[0]
    return (len(letter) == 1 and letter.isalpha()) or (letter.isalpha() and letter.islower())


def _is_of_matrices(n: Node) -> bool:
    """Tell whether a node is a transpose, an inverse or a determinant of what has a capital letter."""
    match n:
        case Apply("transpose", (inner,)) | Unknown("\\det" | "\\tr", (inner,), 0):
            return any(map(is_matrix, symbols(inner)))
        case Apply("^", (Apply("*", _) as inner, Apply("neg", (Number(value),)))):
            return value == 1 and all(map(is_matrix, symbols(inner)))
    return False


def _is_inverse(n: Node) -> bool:
    return isinstance(n, Apply) and n.name == "^"


def _vectors(n: Node) -> Iterator[str]:
    """Yield the small letters that stand as vectors: transposed, beside what is, or behind a matrix."""
    match n:
        case Apply("transpose", (Symbol(name),)):
            yield from _small(name)
        case Apply("*", (Symbol(name), Apply("transpose", (Symbol(),)))):
            yield from _small(name)
        case Apply("*", (before, Symbol(name))):
            last = before.arguments[-1] if isinstance(before, Apply) and before.name == "*" else before
            transposed = isinstance(last, Apply) and last.name == "transpose"
            if transposed or (
                any(map(is_matrix, symbols(last))) and not any(isinstance(m, Unknown) for m in walk(last))
            ):
                yield from _small(name)


def _small(name: str) -> Iterator[str]:
    if not is_matrix(name) and len(name.partition("_")[0]) == 1:
        yield name


def _holds(left: Node, right: Node, draws: Iterable[Values]) -> bool:
    """Tell whether both sides agree for all draws; raises NotUnderstoodError for other than products and sums."""
    return all(_agree(_value(left, at), _value(right, at)) for at in draws)


def _agree(x: Value, y: Value) -> bool:
    if isinstance(x, fmpq_mat) and isinstance(y, fmpq) and y == 0:
        return all(entry == 0 for entry in x.entries())
    return type(x) is type(y) and x == y


def _special(left: Node, right: Node, names: frozenset[str], vectors: frozenset[str]) -> str | None:
    """Return for which kind of matrices an equation holds, or None."""
    matrices = sorted(n for n in names if is_matrix(n) and n != "I")
    together = (dict.fromkeys(matrices, kind) for kind in SPECIAL)
    apart = product(("", *SPECIAL), repeat=len(matrices)) if len(matrices) <= MOST_LETTERS else ()
    for kinds in (*together, *(dict(zip(matrices, some, strict=True)) for some in apart if any(some))):
        if _holds(left, right, (drawn(names, vectors, kinds, seed) for seed in range(2))):
            return " and ".join(dict.fromkeys(kind for kind in kinds.values() if kind))
    return None


def _value(node: Node, at: Values) -> Value:
    match node:
        case Number(value):
            return fmpq(value.numerator, value.denominator)
        case Symbol(name) if name in at:
            return at[name]
        case Apply("transpose", (inner,)):
            x = _value(inner, at)
            return x.transpose() if isinstance(x, fmpq_mat) else x
        case Apply("neg", (inner,)):
            return fmpq(-1) * _value(inner, at)
        case Apply("^", (Apply("norm2", (inner,)), Number(value))) if value == 2:
            x = _value(inner, at)
            if isinstance(x, fmpq_mat) and x.ncols() == 1:
                return _combined("*", x.transpose(), x)
        case Apply("^", (inner, exponent)):
            return _power(_value(inner, at), exponent)
        case Apply("/", (above, below)):
            divisor = _value(below, at)
            if isinstance(divisor, fmpq) and divisor:
                return _value(above, at) * (1 / divisor)
        case Apply("+" | "-" | "*" as name, (one, other)):
            return _combined(name, _value(one, at), _value(other, at))
        case Apply("abs" | "det" as name, (inner,)) | Unknown("\\det" | "\\tr" as name, (inner,), 0):
            x = _value(inner, at)
            if isinstance(x, fmpq_mat) and x.nrows() == x.ncols():
                return sum((x[i, i] for i in range(x.nrows())), fmpq(0)) if name == "\\tr" else x.det()
            if name == "\\tr" and isinstance(x, fmpq):
                return x
    raise NotUnderstoodError("what is no form of matrices")


def _power(x: Value, exponent: Node) -> Value:
    match exponent:
        case Number(value) if value.denominator == 1 and 0 < value <= LARGEST_POWER:
            n = int(value)
        case Apply("neg", (Number(value),)) if value == 1:
            n = -1
        case _:
            raise NotUnderstoodError("a power of a matrix")
    if isinstance(x, fmpq):
        if not x:
            raise NotUnderstoodError("1/0")
        return x**n
    if x.nrows() != x.ncols():
        raise NotUnderstoodError("a power of a vector")
    if n == -1:
        if not x.det():
            raise NotUnderstoodError("a matrix without an inverse")
        return x.inv()
    found = x
    for _ in range(n - 1):
        found = found * x
    return found


def _combined(name: str, x: Value, y: Value) -> Value:
    if name == "*":
        if isinstance(x, fmpq_mat) and isinstance(y, fmpq_mat):
            if x.ncols() != y.nrows():
                raise NotUnderstoodError("shapes that do not fit")
            found = x * y
            return found[0, 0] if found.nrows() == found.ncols() == 1 else found
        return x * y
    if isinstance(x, fmpq_mat) != isinstance(y, fmpq_mat):
        raise NotUnderstoodError("a matrix and a number")
    if isinstance(x, fmpq_mat) and isinstance(y, fmpq_mat) and (x.nrows(), x.ncols()) != (y.nrows(), y.ncols()):
        raise NotUnderstoodError("shapes that do not fit")
    return x + y if name == "+" else x - y


def _edited(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the formulas that are a transpose, an inverse, a sign or an order away, each with what is wrong then."""
    match node:
        case Apply("transpose", (inner,)):
            yield "a transpose", inner
            yield "a transpose", Apply("^", (inner, INVERSE))
        case Apply("^", (inner, Apply("neg", _))):
            yield "an inverse", inner
            yield "an inverse", Apply("transpose", (inner,))
        case Apply("*", (one, other)):
            yield "the order of a product", Apply("*", (other, one))
        case Apply("+", (one, other)):
            yield "a sign", Apply("-", (one, other))
        case Apply("-", (one, other)):
            yield "a sign", Apply("+", (one, other))
    if isinstance(node, Symbol) and is_matrix(node.name):
        yield "a transpose", Apply("transpose", (node,))
        yield "an inverse", Apply("^", (node, INVERSE))
    if isinstance(node, Apply):
        for n, argument in enumerate(node.arguments):
            for said, changed in _edited(argument):
                arguments = (*node.arguments[:n], changed, *node.arguments[n + 1 :])
                yield said, Apply(node.name, arguments, node.primes)
