"""Maxima and minima: over x ≥ 0, max f ≈ 0.4477, at x ≈ 1.5434 and nowhere else."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case
from symgrad.audit.checks.statement.formula import Letters, by_evidence, decimal
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import chains_of
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.domain import RealDomain
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import OVER, Apply, Node, Number, Symbol, symbols
from symgrad.reading.value import ball, evaluate

KIND = "extremum"
if TYPE_CHECKING:  # the search is loaded where a text speaks of an extremum
    from symgrad.numbers.extremum.extremum import Extremum
    from symgrad.numbers.magnitude.magnitude import Magnitude
LEAST, FEW = 12, 6
"""Digits to which an extremum is searched at least, and to which one is told."""
NEAR = Fraction(1, 10**9)


def extremum(case: Case) -> Judgement | None:
    """Judge the value of an extremum over an interval, or its place; None for any other claim."""
    if case.passage.role == "at":
        return _place(case)
    over: RealDomain | None = None
    match case.left:
        case Apply("+" | "-", (Apply(inner), _)) if inner in OVER and case.relation == "=":
            return Judgement(Word.UNCHECKED, reason="it is not clear what the operator is of", kind=KIND, excused=True)
        case Apply("max" | "min" as name, (body,)) if symbols(body) and not symbols(case.right):
            pass
        case Apply("max over" | "min over" as operator, (Symbol(letter), low, high, body)) if not symbols(case.right):
            name = "max" if operator == "max over" else "min"
            if symbols(body) != {letter}:
                return unchecked("an extremum in several letters", KIND)
            over = _over(case, letter, low, high)
        case _:
            return None
    if case.relation not in ("=", "≈"):
        return None
    shown = _number(case.right)
    if shown is None:
        return unchecked("the value of an extremum is no number", KIND)
    found = _searched(name, body, case, shown, over=over)
    if isinstance(found, Judgement):
        return found
    if isinstance(shown, Formula) and over is not None and not found.attained and found.value is not None:
        return _approached(case, body, over, found.value, shown)
    if isinstance(shown, Formula):
        from symgrad.evidence.extremum import is_value

        same = is_value(found, shown) if found.attained and len(found.points) == 1 else None
        return _exactly(same, found.value, "extremum")
    return _compared(found.value if found.attained or over else None, shown, "extremum")


def _approached(case: Case, body: Node, over: RealDomain, value: Magnitude, shown: Formula) -> Judgement:
    """Judge an extremum that is no value of the function: sup tanh x = 1 is its limit at an end of the interval."""
    from symgrad.claims.limit import Limit

    if not any(name in case.passage.text for name in ("sup", "inf")):
        return unchecked("the extremum is not attained", KIND)
    computed, printed = Fraction(value.to(LEAST)), ball(evaluate(case.right, {}))
    if not bool(abs(printed - exact_ball(computed)) < exact_ball(NEAR) * (1 + abs(printed))):
        return Judgement(Word.REFUTED, value.to(FEW), "it is not the extremum", KIND)
    letters = Letters()
    for end, infinite in ((over.low, "-oo"), (over.high, "oo")):
        where = infinite if end is None else str(end)
        claim = Limit(letters.formula(body), letters.name(over.variable), where, shown)
        if by_evidence(claim, KIND, Verdict.ENCLOSED).word is Word.CONFIRMED:
            return Judgement(Word.CONFIRMED, reason=f"approached as {over.variable} → {where}", kind=KIND)
    return unchecked("the extremum is not shown to be exactly that", KIND)


def _over(case: Case, letter: str, low: Node, high: Node) -> RealDomain | None:
    """Return the interval that an operator is over, or that the sentence says; None for one that is no number."""
    if (said := case.domain.interval(letter)) is not None and (said.low, said.high) != (None, None):
        return said
    ends: list[Fraction | None] = []
    for end in (low, high):
        infinite = end in (Symbol("∞"), Apply("neg", (Symbol("∞"),)))
        value = None if infinite else _exact(end)
        if value is None and not infinite:
            return None
        ends.append(value)
    return RealDomain(letter, ends[0], ends[1], ends[0] is None, ends[1] is None)


def _exact(node: Node) -> Fraction | None:
    match node:
        case Number(value):
            return Fraction(value)
        case Apply("neg", (Number(value),)):
            return -Fraction(value)
    return None


def _place(case: Case) -> Judgement | None:
    """Judge "at z ≈ 1.54 and nowhere else"."""
    parts = case.passage.sentence.parts[: case.passage.at]
    chains = [chain for part in parts for chain in chains_of(part.text)]
    extrema = [c.sides[0].node for c in chains if len(c.relations) == 1 and c.relations[0] in ("=", "≈")]
    match extrema[-1] if extrema else None:
        case Apply("max" | "min" as name, (body,)) if symbols(body):
            pass
        case _:
            return None
    shown = _number(case.right)
    if not isinstance(case.left, Symbol) or shown is None or case.relation not in ("=", "≈"):
        return unchecked("the place of an extremum is no number", KIND)
    found = _searched(name, body, case, shown, case.left.name)
    if isinstance(found, Judgement):
        return found
    if not found.unique and "nowhere else" in case.passage.sentence.end:
        return Judgement(Word.REFUTED, reason=f"there is more than one place: {found.where}", kind=KIND)
    if not found.unique:
        return unchecked(f"there is more than one place: {found.where}", KIND)
    if isinstance(shown, Formula):
        from symgrad.evidence.extremum import is_place

        return _exactly(is_place(found, shown), found.at, "place")
    return _compared(found.at, shown, "place")


def _number(node: Node) -> str | Formula | None:
    """Return a decimal as it is written, or another number without letters as a formula: 1/4, √2."""
    if (written := decimal(node)) is not None and "." in written:
        return written
    if symbols(node):
        return None
    try:
        return Letters().formula(node)
    except (NotUnderstoodError, SymgradError):
        return None


def _exactly(same: bool | None, found: Magnitude | None, what: str) -> Judgement:
    if same:
        return Judgement(Word.CONFIRMED, reason=f"the {what} over the whole interval, exactly", kind=KIND)
    if same is None or found is None:
        return unchecked(f"the {what} is not shown to be exactly that", KIND)
    return Judgement(Word.REFUTED, found.to(LEAST), f"it is not the {what}", KIND)


def _searched(
    name: str, body: Node, case: Case, shown: str | Formula, variable: str = "", over: RealDomain | None = None
) -> Extremum | Judgement:
    """Return the extremum that is enclosed and proved; or why there is none."""
    said = [chain for text in case.passage.sentence.said("over") for chain in chains_of(text)]
    if len(symbols(body)) != 1 or not (said or over):
        return unchecked("an extremum in several letters, or over nothing that is said", KIND)
    [letter] = symbols(body)
    if variable not in ("", letter):
        return unchecked(f"{variable} is not the letter of the extremum", KIND)
    letters = Letters()
    try:
        interval = over or ClaimDomain.of_passage(case.passage).interval(letter)
        if interval is None:
            return unchecked(f"a bound of {letter} that is no number", KIND)
        x = letters.name(letter)
        ends = interval.low, interval.high, interval.open_low, interval.open_high
        found = _extremum(
            name,
            letters.formula(body),
            RealDomain(x, *ends),
            max(LEAST, _digits(shown) if isinstance(shown, str) else 0),
        )
    except (NotUnderstoodError, SymgradError) as error:
        return unchecked(f"not understood: {error}", KIND)
    return found if found.proved else unchecked("the search for the extremum does not decide it", KIND)


@lru_cache(maxsize=16)
def _extremum(name: str, formula: Formula, interval: RealDomain, digits: int) -> Extremum:
    from symgrad.numbers.extremum.extremum import maximise, minimise

    return (maximise if name == "max" else minimise)(formula, interval.variable, interval, digits)


def _compared(found: Magnitude | None, shown: str, what: str) -> Judgement:
    if found is None:
        return unchecked(f"the {what} is not attained", KIND)
    right = found.to(_digits(shown))
    if Fraction(right) == Fraction(shown):
        return Judgement(Word.CONFIRMED, reason=f"the {what} over the whole interval, to the digits shown", kind=KIND)
    return Judgement(Word.REFUTED, _short(found) or right, f"it is not the {what}", KIND)


def _short(found: Magnitude) -> str:
    """Return an exact decimal of few digits as it is, 0.25; nothing for any other value."""
    if found.exact is None:
        return ""
    digits = next((n for n in range(FEW) if (found.exact * 10**n).denominator == 1), None)
    return "" if digits is None or abs(found.exact) >= 10**FEW else f"{float(found.exact):.{digits}f}"


def _digits(shown: str) -> int:
    mantissa = shown.partition("e")[0]
    return max(1, len(mantissa.lstrip("-").replace(".", "").lstrip("0")))
