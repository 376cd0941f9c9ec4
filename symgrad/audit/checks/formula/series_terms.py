r"""Series by their first terms beside their sign: x - x³/3! + … = \sum_{n=0}^\infty (-1)^n x^{2n+1}/(2n+1)!."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb, fmpq

from symgrad.audit.checks.formula.points import points
from symgrad.audit.doubt.evidence import traits
from symgrad.audit.finding import SURE, Evidence, Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Big, Node, Number, Symbol, Unknown, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate

KIND, WRONG = "series", "terms"
FEWEST, SKIPPED = 3, 8
"""Terms that are compared, and those that may be 0 between them."""
TRIED = 4
INFINITY = Symbol("∞")
Rows = Sequence[Sequence[arb]]
"""The terms at each of some points."""


def by_terms(printed: Sequence[tuple[int, Node]], series: Node) -> Judgement | None:
    """Judge terms with their signs, behind which dots stand, as the first ones of a series; None for any other."""
    if not isinstance(series, Big) or series.sign != "∑" or series.high != INFINITY or series.without:
        return None
    if not isinstance(series.low, Number) or series.low.value.denominator != 1 or len(printed) < FEWEST:
        return None
    nodes = [n for _, n in printed]
    if any(isinstance(n, Unknown | Big) for part in (*nodes, series.body) for n in walk(part)):
        return None
    if any(not x.isalpha() for x in symbols(series.body)):
        return None  # a letter with an index, which is another one in each term
    letters = frozenset().union(*map(symbols, nodes)) | (symbols(series.body) - {series.variable})
    some = [p for p in points(tuple(sorted(letters)), "") if all(v.q != 1 for v in p.values()) or not p][:TRIED]
    try:
        shown = [[sign * ball(evaluate(n, p)) for sign, n in printed] for p in some]
        meant = [_terms(series, p, len(printed)) for p in some]
    except (NotUnderstoodError, UndefinedError):
        return None
    if any(len(row) < len(printed) for row in meant) or not some:
        return None
    if _agree(shown, meant):
        return Judgement(Word.CONFIRMED, reason=f"its first {len(printed)} terms", kind=KIND)
    said = _slip(series, shown, meant)
    if not said:
        return unchecked("perhaps another series, or in another order", KIND)
    shown_by = Evidence(True, traits(*nodes, series), said, SURE)
    return Judgement(Word.REFUTED, reason=f"its first terms differ: {said}", kind=WRONG, evidence=shown_by)


def _terms(series: Big, at: dict[str, fmpq], count: int) -> list[arb]:
    """Return the first terms of a series that are not 0, and one more on each side, where it has them."""
    assert isinstance(series.low, Number)
    found: list[arb] = []
    for n in range(int(series.low.value), int(series.low.value) + count + SKIPPED):
        term = ball(evaluate(series.body, {**at, series.variable: fmpq(n)}))
        if not term.is_finite():
            raise UndefinedError("a term that has no value")
        if not term.contains(0):
            found.append(term)
    return found[: count + 1]


def _agree(shown: Rows, meant: Rows) -> bool:
    return all((x - y).contains(0) for a, b in zip(shown, meant, strict=True) for x, y in zip(a, b, strict=False))


def _slip(series: Big, shown: Rows, meant: Rows) -> str:
    """Return how the terms of a series differ from what is printed of them, if a slip explains it, or nothing."""
    if series.variable not in symbols(series.body):
        return f"its terms are the same for all {series.variable}"
    if _agree([[-x for x in row] for row in shown], meant):
        return "a minus sign"
    if _agree([row[1:] for row in shown], meant):
        return "where it begins"
    if _agree(shown, [row[1:] for row in meant]):
        return "where it begins"
    if _agree([[abs(x) for x in row] for row in shown], [[abs(x) for x in row] for row in meant]):
        return "the signs of its terms"
    ratios = [[x / y for x, y in zip(a, b, strict=False)] for a, b in zip(shown, meant, strict=True)]
    one = ratios[0][0]
    if all((r - one).contains(0) for row in ratios for r in row):
        return "a factor"
    return ""
