"""Matrices by their entries, with letters or inverses: a quadratic form multiplied out, the inverse of a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce

from flint import arb, arb_mat

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case
from symgrad.audit.checks.formula.identity import perhaps_imaginary, unclear
from symgrad.audit.checks.formula.mended import is_slip
from symgrad.audit.checks.formula.points import ENOUGH, compare, points
from symgrad.audit.checks.formula.polynomial import Terms, added, multiplied, terms
from symgrad.audit.doubt.evidence import traits
from symgrad.audit.doubt.slip import restored
from symgrad.audit.finding import SURE, Evidence, Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Tuple, rebuilt, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate

KIND = "matrix"
LARGEST, SEVERAL = 6, 2
Rows = list[list[Node]]


def arrays(case: Case) -> Judgement | None:
    """Judge an equation in which matrices are printed by their entries; None for any other claim.

    With letters it is refuted where most entries agree, or where a form differs in a coefficient alone: any other may
    be a system that is to be solved.
    """
    has_letters = bool(symbols(case.left) | symbols(case.right))
    if case.relation == "=" and has_letters and agree_by_components(case.left, case.right):
        return Judgement(Word.CONFIRMED, reason="component by component", kind=KIND)
    if case.relation != "=" or not any(_rows(n) for n in walk(case.left)) or not (_needs(case)):
        return None
    inside = frozenset[str]().union(*(symbols(n) for n in walk(case.left) if isinstance(n, Tuple)))
    letters = tuple(sorted(symbols(case.left) | symbols(case.right)))
    rough = _rough(*case.nodes[-2:])
    agree: list[list[bool]] = []
    values: list[list[arb]] = []
    try:
        for point in points(letters, "", case.domain) if letters else ({},):
            at = {name: arb(x) for name, x in point.items()}
            x, y = _value(case.left, at), _value(case.right, at)
            if (x.nrows(), x.ncols()) != (y.nrows(), y.ncols()):
                return None
            differences = (x - y).entries()
            if all(d.is_finite() for d in differences):
                values.append(y.entries())
                agree.append([bool(d.contains(0) or abs(d) <= rough) for d in differences])
    except (NotUnderstoodError, UndefinedError, ZeroDivisionError):
        return None
    if len(agree) < (ENOUGH if letters else 1):
        return None
    if all(map(all, agree)):
        where = f", at {len(agree)} points" if letters else ""
        return Judgement(Word.CONFIRMED, reason=f"entry by entry{where}", kind=KIND)
    if perhaps_imaginary(case.left, case.right) or _has_unit(case.left) or _has_unit(case.right):
        return unchecked("i may be the imaginary unit", KIND)
    always = [all(entry) for entry in zip(*agree, strict=True)]
    never = [not any(entry) for entry in zip(*agree, strict=True)]
    if rough > 0:
        return unchecked("perhaps rounded on the way", KIND)
    if not letters:
        return Judgement(Word.REFUTED, reason=_told(never), kind=KIND)
    if _asks_for_letters(case, never):
        return unchecked("perhaps a system that is to be solved", KIND)
    of_both = set(letters) == symbols(case.right) == symbols(case.left)
    if of_both and (pair := _but_for_a_slip(case, always, never)):
        return Judgement(Word.REFUTED, reason=_told(never), kind=KIND, sides=pair)
    same = of_both and symbols(case.left) <= inside
    if same and _is_one_of_many(values, always, never):
        shown = Evidence(True, traits(case.left, case.right), "an entry", SURE)
        return Judgement(Word.REFUTED, reason=_told(never), kind=KIND, evidence=shown)
    if same and sum(always) * 2 >= len(always) and all(a or n for a, n in zip(always, never, strict=True)):
        return Judgement(Word.REFUTED, reason=_told(never), kind=KIND)
    if same and len(always) == 1 and _differs_in_a_coefficient(case.left, case.right):
        return Judgement(Word.REFUTED, reason="a coefficient differs", kind=KIND)
    return unchecked("perhaps a system that is to be solved", KIND)


def agree_by_entries(left: Node, right: Node) -> bool:
    """Tell whether two products of printed matrices agree entry by entry, as far as decimals go."""
    rough = _rough(left, right)
    try:
        x, y = (_value(side, {}) for side in (left, right))
    except (NotUnderstoodError, UndefinedError, ZeroDivisionError):
        return False
    same = (x.nrows(), x.ncols()) == (y.nrows(), y.ncols())
    return same and all(d.is_finite() and bool(d.contains(0) or abs(d) <= rough) for d in (x - y).entries())


def agree_by_components(left: Node, right: Node) -> bool:
    """Tell whether two vectors of formulas agree, component by component."""
    match left, right:
        case Tuple(these), Tuple(those) if len(these) == len(those):
            pairs = list(zip(these, those, strict=True))
            if any(isinstance(n, Tuple) or unclear(n) for pair in pairs for n in pair):
                return False
            return all(a == b or compare(a, b).word is Word.CONFIRMED for a, b in pairs)
    return False


def as_columns(node: Node) -> Node:
    """Return a formula with vectors as columns, also those that are printed as transposed rows."""
    match node:
        case Apply("transpose", (Tuple(items),)) if not any(isinstance(n, Tuple) for n in items):
            return as_columns(Tuple(items))
        case Tuple(items) if not any(isinstance(n, Tuple) for n in items):
            return Tuple(tuple(Tuple((n,)) for n in items))
        case Tuple():
            return node
    return rebuilt(node, as_columns)


def _rough(*sides: Node) -> arb:
    """Return how far numbers may be apart that are rounded as the decimals in two sides."""
    decimals = [n for side in sides for n in walk(side) if isinstance(n, Number) and n.places]
    return arb(exact_ball(max((Fraction(10) ** -n.places for n in decimals), default=Fraction(0))))


def _has_unit(node: Node) -> bool:
    """Tell whether an entry of a printed matrix is i, -i, j or -j."""
    entries = (e for n in walk(node) if isinstance(n, Tuple) for e in n.items)
    return any(e == sign for e in entries for unit in "ij" for sign in (Symbol(unit), Apply("neg", (Symbol(unit),))))


def _needs(case: Case) -> bool:
    """Tell whether a claim has letters or an inverse: others are numbers."""
    inverse = any(isinstance(n, Apply) and n.name == "^" and isinstance(n.arguments[0], Tuple) for n in walk(case.left))
    return inverse or bool(symbols(case.left))


def _told(never: list[bool]) -> str:
    wrong = [n + 1 for n, differs in enumerate(never) if differs]
    return f"entry {', '.join(map(str, wrong))}, counted by rows"


def _rows(node: Node) -> Rows:
    """Return the rows of a matrix that is printed; none for any other node."""
    if not isinstance(node, Tuple) or not node.items or not all(isinstance(row, Tuple) for row in node.items):
        return []
    rows = [list(row.items) for row in node.items if isinstance(row, Tuple)]
    return rows if len({len(row) for row in rows}) == 1 and len(rows) <= LARGEST else []


def _value(node: Node, at: Mapping[str, arb]) -> arb_mat:
    """Return the value of a node as a matrix, of one entry for a number; raises NotUnderstoodError."""
    if rows := _rows(node):
        return arb_mat([[_number(entry, at) for entry in row] for row in rows])
    match node:
        case Tuple():
            raise NotUnderstoodError("a vector that is neither a row nor a column")
        case Apply("transpose", (inner,)):
            return _value(inner, at).transpose()
        case Apply("^", (base, Apply("neg", (Number(one),)))) if one == 1 and _is_array(base):
            matrix = _value(base, at)
            if matrix.nrows() != matrix.ncols():
                raise NotUnderstoodError("the inverse of what is not square")
            return matrix.inv()
        case Apply("neg", (inner,)):
            return -_value(inner, at)
        case Apply("+" | "-" as sign, (a, b)):
            x, y = _value(a, at), _value(b, at)
            if (x.nrows(), x.ncols()) != (y.nrows(), y.ncols()):
                raise NotUnderstoodError("a sum of arrays of different sizes")
            return x + y if sign == "+" else x - y
        case Apply("*", (a, b)):
            x, y = _value(a, at), _value(b, at)
            if x.ncols() == y.nrows():
                return x * y
            if x.ncols() == y.ncols() == 1 and x.nrows() == y.nrows():
                return x.transpose() * y
            if 1 not in (len(x.entries()), len(y.entries())):
                raise NotUnderstoodError("a product of arrays that do not fit")
            return y * x[0, 0] if len(x.entries()) == 1 else x * y[0, 0]
        case Apply("/", (a, b)) if _is_array(a):
            return _value(a, at) * (1 / _number(b, at))
    return arb_mat([[_number(node, at)]])


def _number(node: Node, at: Mapping[str, arb]) -> arb:
    if node == Symbol("…"):
        raise NotUnderstoodError("dots")
    return ball(evaluate(node, dict(at)))


def _is_array(node: Node) -> bool:
    return any(isinstance(n, Tuple) for n in walk(node))


def _asks_for_letters(case: Case, never: list[bool]) -> bool:
    """Tell whether all that differs is a letter from its negative or from a number, as in (a, -b) = (a, b)."""
    sides = [_written(side) for side in case.nodes[-2:]]
    if sides[0] is None or sides[1] is None:
        return False
    pairs = zip(*([entry for row in side for entry in row] for side in sides if side is not None), strict=True)
    differing = [pair for pair, differs in zip(pairs, never, strict=True) if differs]
    return bool(differing) and all(map(_is_a_letter, (entry for pair in differing for entry in pair)))


def _is_a_letter(entry: Node) -> bool:
    match entry:
        case Apply("neg", (inner,)):
            return _is_a_letter(inner)
    return isinstance(entry, Symbol | Number)


def _is_one_of_many(values: list[list[arb]], always: list[bool], never: list[bool]) -> bool:
    """Tell whether one entry alone differs, and several agree that are no constants."""
    columns = zip(*values, strict=True)
    varying = [a and any(not x.overlaps(of[0]) for x in of) for a, of in zip(always, columns, strict=True)]
    return sum(never) == 1 and sum(always) == len(always) - 1 and sum(varying) >= SEVERAL


def _but_for_a_slip(case: Case, always: list[bool], never: list[bool]) -> tuple[Node, Node] | None:
    """Return the entry in which two arrays differ, on both sides, where the others agree and a slip explains it."""
    if sum(never) != 1 or sum(always) != len(always) - 1 or not sum(always):
        return None
    sides = [_written(side) for side in case.nodes[-2:]]
    if sides[0] is None or sides[1] is None:
        return None
    left, right = ([entry for row in side for entry in row][never.index(True)] for side in sides if side is not None)
    if not symbols(left) or symbols(left) != symbols(right):
        return None
    explained = any(is_slip(case, said, (left, right), meant) for said, meant in restored(left, right))
    return (left, right) if explained else None


def _written(node: Node) -> Rows | None:
    """Return the entries of sums and products of printed matrices, as formulas; None for any other node."""
    if rows := _rows(node):
        return rows
    match node:
        case Tuple():
            return None
        case Apply("transpose", (inner,)) if (turned := _written(inner)) is not None:
            return [list(row) for row in zip(*turned, strict=True)]
        case Apply("neg", (inner,)) if (of := _written(inner)) is not None:
            return [[Apply("neg", (n,)) for n in row] for row in of]
        case Apply("+" | "-" as sign, (a, b)):
            x, y = _written(a), _written(b)
            if x is None or y is None or (len(x), len(x[0])) != (len(y), len(y[0])):
                return None
            return [[Apply(sign, pair) for pair in zip(*beside, strict=True)] for beside in zip(x, y, strict=True)]
        case Apply("*", (a, b)):
            x, y = _written(a), _written(b)
            if x is None or y is None:
                return None
            if len(x[0]) == len(y):
                columns = list(zip(*y, strict=True))
                return [[_dot(row, column) for column in columns] for row in x]
            if len(x) == len(x[0]) == 1:
                return [[Apply("*", (x[0][0], n)) for n in row] for row in y]
            if len(y) == len(y[0]) == 1:
                return [[Apply("*", (y[0][0], n)) for n in row] for row in x]
            return None
    return None if _is_array(node) else [[node]]


def _dot(row: Sequence[Node], column: Sequence[Node]) -> Node:
    products: list[Node] = [Apply("*", pair) for pair in zip(row, column, strict=True)]
    return reduce(lambda x, y: Apply("+", (x, y)), products)


def _differs_in_a_coefficient(left: Node, right: Node) -> bool:
    """Tell whether a form, multiplied out, has the terms that are printed, and most of their coefficients."""
    form, printed = _form(left), terms(right)
    if form is None or printed is None or len(form) != 1 or len(form[0]) != 1 or form[0][0] is None:
        return False
    found = form[0][0]
    shared = sum(found.get(m) == c for m, c in printed.items())
    return found.keys() == printed.keys() and 0 < shared < len(printed) and shared * 2 >= len(printed)


def _form(node: Node) -> list[list[Terms | None]] | None:
    """Return a product of printed matrices of polynomials; None for any other node."""
    if rows := _rows(node):
        return [[terms(entry) for entry in row] for row in rows]
    match node:
        case Apply("transpose", (inner,)) if (turned := _form(inner)) is not None:
            return [list(row) for row in zip(*turned, strict=True)]
        case Apply("*", (a, b)):
            x, y = _form(a), _form(b)
            if x is None or y is None or len(x[0]) != len(y):
                return None
            zero: Terms | None = {}
            return [[reduce(added, map(multiplied, row, column), zero) for column in zip(*y, strict=True)] for row in x]
    return None
