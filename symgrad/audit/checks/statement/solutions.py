"""Where a condition holds: w exp(z) ≥ 1, for w ≥ 1, holds exactly for z ≥ -ln w."""

from __future__ import annotations

from functools import lru_cache

from symgrad.audit.case import Case
from symgrad.audit.checks.statement.formula import Letters, by_evidence
from symgrad.audit.finding import Judgement, unchecked
from symgrad.audit.parsed import chains_of
from symgrad.claims.relation import Relation
from symgrad.claims.solutions import Solutions
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Chain, Node, Symbol

KIND, ROLE = "solutions", "holds exactly for"
BELOW, ABOVE = ("<", "≤"), (">", "≥")


def solutions(case: Case) -> Judgement | None:
    """Judge an inequality and the interval of which the sentence says that it holds there; None for other claims."""
    sentence = case.passage.sentence
    if case.relation not in (*BELOW, *ABOVE) or sentence.roles.count(ROLE) != 1:
        return None
    place = sentence.roles.index(ROLE)
    related = (i for i in range(place) if any(chain.relations for chain in chains_of(sentence.parts[i].text)))
    free = [i for i in related if not sentence.roles[i]]
    if not free or case.passage.at not in (free[-1], place):
        return None
    conditions, intervals = chains_of(sentence.parts[free[-1]].text), chains_of(sentence.parts[place].text)
    if len(conditions) != 1 or len(conditions[0].relations) != 1 or len(intervals) != 1:
        return unchecked("no single condition, or no single interval", KIND)
    ends = _ends(intervals[0])
    left, right = (side.node for side in conditions[0].sides)
    if ends is None or left is None or right is None:
        return unchecked("an interval that is not read", KIND)
    return _judged(case, left, conditions[0].relations[0], right, *ends)


def _ends(chain: Chain) -> tuple[str, Node | None, Node | None] | None:
    """Return the letter of an interval, and its ends."""
    nodes = [side.node for side in chain.sides]
    if None in nodes or len(set(chain.relations)) != 1:
        return None
    if chain.relations[0] in ABOVE:
        nodes.reverse()
    if not set(chain.relations) <= {"≤", "≥"}:
        return None
    match nodes:
        case [low, Symbol(name), high]:
            return name, low, high
        case [Symbol(name), high] if len(nodes) == 2:
            return name, None, high
        case [low, Symbol(name)]:
            return name, low, None
    return None


def _judged(
    case: Case, left: Node, relation: str, right: Node, variable: str, low: Node | None, high: Node | None
) -> Judgement:
    letters = Letters()
    nodes = [n for n in (left, right, low, high) if n is not None]
    try:
        domain = letters.intervals(nodes, case.domain, variable)
        condition = Relation(letters.formula(left), relation, letters.formula(right), domain)
        ends = [None if end is None else letters.formula(end) for end in (low, high)]
        claim = Solutions(condition, letters.name(variable), *ends)
    except (NotUnderstoodError, SymgradError) as error:
        return unchecked(f"not understood: {error}", KIND)
    return _evidence(claim)


@lru_cache(maxsize=16)
def _evidence(claim: Solutions) -> Judgement:
    return by_evidence(claim, KIND, Verdict.ENCLOSED)
