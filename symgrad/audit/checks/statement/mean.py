"""Means: over a normal variable, E(tanh(z)²) ≈ 0.394, and of polynomials in independent quantities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symgrad.audit.case import Case
from symgrad.audit.checks.statement.formula import Letters, by_evidence, decimal
from symgrad.audit.finding import Judgement, unchecked
from symgrad.audit.parsed import chains_of
from symgrad.claims.expectation import Expectation
from symgrad.claims.moments import Moments
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula, read_formula
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Node, Symbol, Unknown, is_event, symbols, walk

NORMAL = re.compile(
    r"with ◇ (?:standard )?normal\b,? ?(?:of|with) mean 0 and variance 1|with ◇ standard normal\b", re.I
)
INDEPENDENT = re.compile(r"\bindependent\b", re.IGNORECASE)
RELATIONS = ("=", "≈", "<", "≤", ">", "≥")
KIND = "mean"


def mean(case: Case) -> Judgement | None:
    """Judge E(formula) relation value, with what the sentence says of its letters; None for any other claim."""
    body = _mean_of(case.left)
    if body is None or case.relation not in RELATIONS or case.passage.role:
        return None
    if any(map(is_event, walk(body))):
        return unchecked("a conditional mean", KIND)
    if any(_mean_of(n) is not None for n in (*walk(body), *walk(case.right))):
        return unchecked("a mean of a mean", KIND)
    words = case.passage.sentence.words()
    try:
        if NORMAL.search(words):
            return _normal(case, body)
        if INDEPENDENT.search(words) and case.relation == "=":
            return _moments(case, body)
    except (NotUnderstoodError, SymgradError, ValueError) as error:
        return unchecked(f"not understood: {error}", KIND)
    return unchecked("what the letters in the mean are is not said", KIND)


def _mean_of(node: Node) -> Node | None:
    return node.arguments[0] if isinstance(node, Unknown) and node.name == "E" and len(node.arguments) == 1 else None


def _normal(case: Case, body: Node) -> Judgement:
    sentence = case.passage.sentence
    place = next(i for i, role in enumerate(sentence.roles) if role == "with")
    letters, variable = Letters(), _letter(sentence.parts[place].text)
    if variable not in symbols(body):
        return unchecked("the normal variable does not stand in the mean", KIND)
    domain = letters.intervals([body, case.right], case.domain, variable)
    shown = decimal(case.right) if case.relation == "≈" else None
    if case.relation == "≈" and shown is None:
        return unchecked("≈ compares a mean with a decimal", KIND)
    value = read_formula(shown) if shown else letters.formula(case.right)
    claim = Expectation(letters.formula(body), letters.name(variable), case.relation, value, domain)
    return by_evidence(claim, KIND, Verdict.SAMPLED if case.relation == "=" else Verdict.ENCLOSED)


def _moments(case: Case, body: Node) -> Judgement:
    letters = Letters()
    given = tuple(_given(case, letters))
    if not given:
        raise NotUnderstoodError("no moments are given")
    together = tuple(letters.name(_letter(text)) for text in case.passage.sentence.said("but for"))
    claim = Moments(letters.formula(body), given, letters.formula(case.right), (together,) if len(together) > 1 else ())
    return by_evidence(claim, KIND, Verdict.ENCLOSED)


def _letter(text: str) -> str:
    """Return the letter that a formula is; raises NotUnderstoodError for any other formula."""
    found = chains_of(text)
    if len(found) != 1 or found[0].relations or not isinstance(letter := found[0].sides[0].node, Symbol):
        raise NotUnderstoodError(f"{text.strip()} is no letter")
    return letter.name


def _given(case: Case, letters: Letters) -> Iterator[tuple[Formula, Formula]]:
    """Yield the moments that the sentence gives: E(w) = 0."""
    for text in case.passage.sentence.said("with"):
        for chain in chains_of(text):
            left, right = (side.node for side in chain.sides[:2]) if chain.relations == ("=",) else (None, None)
            monomial = None if left is None else _mean_of(left)
            if monomial is None or right is None:
                raise NotUnderstoodError("what is given is no mean")
            yield letters.formula(monomial), letters.formula(right)
