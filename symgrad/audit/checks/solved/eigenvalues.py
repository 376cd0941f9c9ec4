"""A printed matrix, its eigenvalues, and its characteristic polynomial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq, fmpq_mat, fmpq_poly

from symgrad.arithmetic.dyadic import fraction
from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.solved.fit import FAILS, Fit, Kind, fit
from symgrad.audit.checks.solved.linked import doubt_of
from symgrad.audit.checks.solved.roots import quotient
from symgrad.audit.checks.solved.statement import Statement, base_of, is_bare, place_of, statements
from symgrad.audit.checks.solved.values import values_of
from symgrad.audit.finding import Judgement, Passage, Word, unchecked
from symgrad.audit.given import given
from symgrad.reading.reading import Reading
from symgrad.reading.tree import Apply, Node, Number, Symbol, Tuple, symbols
from symgrad.reading.value import evaluate

KIND = "eigenvalue"
LARGEST = 6
LETTER = "lambda"
_VALUES = re.compile(
    r"(?<!no )\b(?:eigenvalues?|Eigenwerte?n?|valeurs? propres?|autovalor(?:es|i|e)?|valor(?:es)? propios?)"
    r"(?:\W|\b(?:of|[A-Z]|are|is|namely|then|thus|therefore|hence|given by|this|the|matrix|sind|lauten|sont|"
    r"son|são)\b)*\Z",
    re.IGNORECASE,
)
_POLYNOMIAL = re.compile(
    r"\b(?:characteristic (?:polynomial|equation)|charakteristische[ns]? Polynom)\b", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:singular|generali[sz]ed|inverse|transposed?|squared?|powers?|similar|shifted|minimal|sum|number|product|"
    r"multiplicit\w+|trace|rank|dimension|magnitude|modul\w+|ratio)\b",
    re.IGNORECASE,
)
_ITS = re.compile(r"\b(?:its|the|of) (?:eigenvalues?|characteristic)", re.IGNORECASE)


@dataclass(frozen=True)
class Printed:
    """A printed matrix of fractions, and whether it surely is the one that the words are about."""

    matrix: fmpq_mat
    sure: bool


def eigenvalues(case: Case) -> Judgement | None:
    """Judge the eigenvalues of the matrix before them; None where the words before a claim name none."""
    found = statements(case.passage, case.reading)
    place = place_of(case, found)
    if place is None or len(case.nodes) != 2 or not _is_of_values(found, place):
        return None
    return of_values(case.passage, case.reading, found, place)


def _is_of_values(found: Sequence[Statement], place: int) -> bool:
    return base_of(found[place]) != "" or is_bare(found[place])


def of_values(passage: Passage, reading: Reading, found: Sequence[Statement], place: int) -> Judgement | None:
    """Judge a statement, or a number by itself, as an eigenvalue; None where the words before it name none."""
    first = place
    while first and found[first].before.kind == "or" and _is_of_values(found, first - 1):
        first -= 1
    values = values_of(found[place])
    words = found[first].words
    if first and found[first].before.kind == "are" and _square(found[first - 1].nodes) is not None:
        words = found[first - 1].words  # the eigenvalues of [...] are
    if not _VALUES.search(words) or _OTHER.search(words) or not values or any(symbols(v) - {"i"} for v in values):
        return None
    printed = _matrix(passage, reading, found, first)
    if printed is None:
        return None
    polynomial = _node(printed.matrix.charpoly())
    relation = found[place].chain.relations[0] if found[place].chain.relations else "="
    fits = [fit((polynomial, Number(Fraction(0), "0")), LETTER, v, relation) for v in values]
    return _said(fits, passage, printed, words)


def _said(fits: Sequence[Fit], passage: Passage, printed: Printed, words: str) -> Judgement:
    wrong = next((f for f in fits if f.kind is Kind.OFF), None)
    if wrong is not None:
        doubt = doubt_of(passage)
        doubt = "" if doubt in ("matrix", "matrices") else doubt
        if doubt or not printed.sure or _OTHER.search(passage.sentence.words() + words):
            return unchecked("perhaps of another matrix", KIND)
        return Judgement(Word.REFUTED, wrong.value, "it is no eigenvalue of the matrix", KIND)
    if near := next((f for f in fits if f.kind is Kind.NEAR), None):
        return Judgement(Word.NOTE, near.value, near.reason, KIND)
    if all(f.kind is Kind.RIGHT for f in fits):
        return Judgement(Word.CONFIRMED, reason="an eigenvalue of the matrix", kind=KIND)
    return unchecked("perhaps an eigenvalue", KIND)


def _matrix(passage: Passage, reading: Reading, found: Sequence[Statement], before: int) -> Printed | None:
    """Return the square matrix that stands last before a statement, or that a formula above gives."""
    inside = [(i, m) for i, s in enumerate(found[:before]) if (m := _square(s.nodes)) is not None]
    if inside:
        last, matrix = inside[-1]
        others = (x for s in found[last + 1 : before] for n in s.nodes for x in symbols(n))
        return None if any(x[0].isupper() for x in others) else Printed(matrix, len(inside) == 1 and last + 1 == before)
    letters = [n.name for s in found[:before] for n in s.nodes if isinstance(n, Symbol) and n.name[:1].isupper()]
    known = given(tuple(text for _, text in passage.given), reading)
    named = [m for x in letters if (m := _square((known.get(Symbol(x)),))) is not None]
    if named:
        return Printed(named[-1], False)
    above = [m for n in known.values() if (m := _square((n,))) is not None]
    return Printed(above[-1], False) if above and _ITS.search(passage.sentence.words()) else None


def _square(nodes: Sequence[Node | None]) -> fmpq_mat | None:
    """Return the square matrix of fractions that a statement prints, A = [...] or the matrix by itself; or None."""
    last = nodes[-1] if nodes else None
    if not isinstance(last, Tuple) or len(nodes) > 2 or (len(nodes) == 2 and not isinstance(nodes[0], Symbol)):
        return None
    size = len(last.items)
    if not 1 < size <= LARGEST or any(not isinstance(r, Tuple) or len(r.items) != size for r in last.items):
        return None
    if not is_closed(last):
        return None
    try:
        rows = evaluate(last, {})
    except FAILS:
        return None
    if not all(isinstance(x, fmpq) for row in rows for x in row):
        return None
    return fmpq_mat(rows)


def _node(polynomial: fmpq_poly) -> Node:
    """Return a polynomial as a formula of λ."""
    total: Node = Number(Fraction(0), "0")
    for c in reversed(polynomial.coeffs()):
        value = fraction(c)
        term: Node = Number(abs(value), str(abs(value)))
        total = Apply("+" if value >= 0 else "-", (Apply("*", (total, Symbol(LETTER))), term))
    return total


# --- the characteristic polynomial --------------------------------------------------------------------


def characteristic(case: Case) -> Judgement | None:
    """Judge a characteristic polynomial, p(λ) = λ² - 4λ + 3 or λ² - 4λ + 3 = 0; None for other claims."""
    found = statements(case.passage, case.reading)
    place = place_of(case, found)
    if place is None or len(case.nodes) != 2 or not _POLYNOMIAL.search(found[place].words):
        return None
    return of_polynomial(case.passage, case.reading, found, place)


def of_polynomial(passage: Passage, reading: Reading, found: Sequence[Statement], place: int) -> Judgement | None:
    """Judge a statement, or a formula by itself, as the characteristic polynomial of the matrix before it."""
    if not _POLYNOMIAL.search(found[place].words) or not (nodes := found[place].nodes):
        return None
    node = nodes[0] if len(nodes) == 1 or nodes[1] == Number(Fraction(0), "0") else nodes[1]
    printed = _matrix(passage, reading, found, place)
    letters = symbols(node)
    polynomial = quotient(node, next(iter(letters))) if len(letters) == 1 else None
    if printed is None or polynomial is None or polynomial[1].degree() > 0:
        return None
    right = printed.matrix.charpoly()
    above = polynomial[0]
    if above.degree() == right.degree() and above / above[above.degree()] == right:
        return Judgement(Word.CONFIRMED, reason="the characteristic polynomial of the matrix", kind=KIND)
    if above.degree() != right.degree() or not printed.sure or doubt_of(passage) not in ("", "matrix"):
        return unchecked("perhaps of another matrix", KIND)
    if _OTHER.search(passage.sentence.words()):
        return unchecked("perhaps of another matrix", KIND)
    return Judgement(Word.REFUTED, _shown(right), "not the characteristic polynomial of the matrix", KIND)


def _shown(polynomial: fmpq_poly) -> str:
    return str(polynomial).replace("x", "λ").replace("*", "").replace(" + (-", " - ").replace(")", "")
