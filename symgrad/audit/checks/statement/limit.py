"""Limits: as n → ∞, 25^n → ∞."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.checks.statement.formula import Letters, by_evidence
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import chains_of
from symgrad.claims.limit import Limit
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import read_formula
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import OVER, Apply, Derivative, Node, Symbol, Unknown, symbols, walk

KIND = "limit"
INFINITE = Symbol("∞")


def limit(case: Case) -> Judgement | None:
    """Judge f → v, where the words of the sentence say "as x → p"; None for any other relation."""
    match case.left:
        case Apply("lim", (Symbol(letter), point, body)) if case.relation == "=":
            return _named(case, letter, point, body)
    if case.relation != "→":
        return None
    if case.passage.role == "as":
        return Judgement(Word.CONDITION, reason="the text says “as”", kind="condition")
    approach = _approach(case)
    if approach is None:
        return unchecked("an arrow without what tends to what", KIND)
    variable, point = approach
    if case.left == Symbol(variable):
        return unchecked("what a letter tends to", KIND)
    if variable not in symbols(case.left) or variable in symbols(case.right):
        return unchecked(f"{variable} tends to its limit, and the left side does not hold it", KIND)
    letters = Letters()
    try:
        formula = letters.formula(case.left)
        domain = letters.intervals([case.left, case.right], case.domain)
        value = _end(letters, case.right)
        where = _end(letters, point)
        claim = Limit(formula, letters.name(variable), where, read_formula(value), domain)
    except (NotUnderstoodError, SymgradError) as error:
        return unchecked(f"not understood: {error}", KIND)
    found = by_evidence(claim, KIND, Verdict.ENCLOSED)
    return _one_sided(found) if point != INFINITE and value.endswith("oo") else found


def _named(case: Case, variable: str, point: Node, body: Node) -> Judgement | None:
    """Judge lim_{x→p} f = v; what holds in no letter of its own is refuted only where no other letters are."""
    match case.right:
        case Apply("lim", (Symbol(other), there, inner)) if (other, there) == (variable, point) and body != inner:
            if compare(body, inner, domain=case.domain).word is Word.CONFIRMED:
                return Judgement(Word.CONFIRMED, reason="limits of what is equal", kind=KIND)
    if any(isinstance(n, Unknown | Derivative) or n == Apply("lim", ()) for n in walk(body)):
        return unchecked("a limit of what is not known", KIND)
    if case.right == case.left or any(
        isinstance(n, Apply) and n.name in OVER for n in (*walk(body), *walk(case.right))
    ):
        return unchecked("a limit of a limit", KIND)
    if variable not in symbols(body) or variable in symbols(case.right):
        return unchecked("the limit of what does not hold its letter", KIND)
    letters = Letters()
    try:
        formula = letters.formula(body)
        value, where = _end(letters, case.right), _end(letters, point)
        claim = Limit(formula, letters.name(variable), where, read_formula(value))
        found = by_evidence(claim, KIND, Verdict.ENCLOSED)
    except (NotUnderstoodError, SymgradError, ValueError) as error:
        return unchecked(f"not understood: {error}", KIND)
    infinite = value.endswith("oo") or found.reason.endswith("oo")
    one_way = point == INFINITE and value != "oo"
    if infinite and not one_way:
        found = _one_sided(found)
    if found.word is Word.REFUTED and symbols(body) - {variable}:
        return unchecked(f"perhaps for other letters; {found.reason}", KIND)
    return found


def _one_sided(found: Judgement) -> Judgement:
    """Return what is said of an infinite limit, which may be that from one side, or of the absolute value."""
    if found.word is not Word.REFUTED:
        return found
    return unchecked(f"perhaps from one side, or without a sign; {found.reason}", KIND)


def _approach(case: Case) -> tuple[str, Node] | None:
    """Return the letter that tends to a point, and the point."""
    for text in case.passage.sentence.said("as"):
        for chain in chains_of(text):
            if chain.relations == ("→",) and isinstance(x := chain.sides[0].node, Symbol) and chain.sides[1].node:
                return x.name, chain.sides[1].node
    return None


def _end(letters: Letters, node: Node) -> str:
    match node:
        case Symbol("∞"):
            return "oo"
        case Apply("neg", (Symbol("∞"),)):
            return "-oo"
    return letters.formula(node).text
