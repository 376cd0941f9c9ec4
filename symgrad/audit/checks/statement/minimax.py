"""Best approximations: for all w, max |f(x, w)| ≥ 0.056 over an interval, and equal to it for w ≈ 5.6."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.audit.case import Case
from symgrad.audit.checks.statement.formula import Letters, by_evidence, decimal
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Judgement, unchecked
from symgrad.audit.parsed import chains_of
from symgrad.claims.minimax import Minimax
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula, put, read_formula
from symgrad.numbers.extremum.domain import RealDomain
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Symbol, symbols

KIND, ROLE = "minimax", "equal to it for"
SAMPLES, DIGITS = 64, 30
"""Points at which the sign of the error is looked at, and digits of the places where it is largest."""


def minimax(case: Case) -> Judgement | None:
    """Judge the value of a best approximation, or one of its parameters; None for any other claim."""
    sentence = case.passage.sentence
    if ROLE not in sentence.roles or case.relation not in ("≥", "≈"):
        return None
    sides: list[Node | None] = [case.left, case.right]
    if case.passage.role == ROLE:
        chains = [c for part in sentence.parts for c in chains_of(part.text) if c.relations == ("≥",)]
        sides = [side.node for side in chains[0].sides] if len(chains) == 1 else []
    match sides:
        case [Apply("max", (Apply("abs", (error,)),)), value] if value is not None and error is not None:
            shown = decimal(value)
            return unchecked("a value that is no decimal", KIND) if shown is None else _judged(case, error, shown)
    return None


def _judged(case: Case, error: Node, value: str) -> Judgement:
    letters = Letters()
    try:
        over = [chain for text in case.passage.sentence.said("over") for chain in chains_of(text)]
        variables = {n.name for chain in over for side in chain.sides if isinstance(n := side.node, Symbol)}
        if len(variables) != 1 or not variables < symbols(error):
            return unchecked("no single interval", KIND)
        [x] = variables
        bounded = ClaimDomain.of((), over).interval(x)
        parameters = tuple((letters.name(name), shown) for name, shown in _parameters(case))
        if bounded is None or not bounded.bounded or len(parameters) != len(symbols(error)) - 1:
            return unchecked("an interval without ends, or parameters that are not all given", KIND)
        ends = bounded.low, bounded.high, bounded.open_low, bounded.open_high
        return _evidence(letters.formula(error), RealDomain(letters.name(x), *ends), parameters, value)
    except (NotUnderstoodError, SymgradError) as problem:
        return unchecked(f"not understood: {problem}", KIND)


def _parameters(case: Case) -> Iterator[tuple[str, str]]:
    for text in case.passage.sentence.said(ROLE):
        for chain in chains_of(text):
            name, value = (side.node for side in chain.sides[:2]) if chain.relations == ("≈",) else (None, None)
            shown = None if value is None else decimal(value)
            if not isinstance(name, Symbol) or shown is None:
                raise NotUnderstoodError("a parameter that is no decimal")
            yield name.name, shown


@lru_cache(maxsize=4)
def _evidence(error: Formula, interval: RealDomain, parameters: tuple[tuple[str, str], ...], value: str) -> Judgement:
    best = put(error, **{name: read_formula(shown) for name, shown in parameters})
    claim = Minimax(error, interval, parameters, tuple(_alternating(best, interval)), value)
    return by_evidence(claim, KIND, Verdict.ENCLOSED)


def _alternating(error: Formula, interval: RealDomain) -> Iterator[str]:
    """Yield the places at which the error is largest between two changes of its sign."""
    assert interval.low is not None
    assert interval.high is not None
    A, step = arithmetic("ball", DIGITS), (interval.high - interval.low) / SAMPLES
    places = [interval.low + k * step for k in range(SAMPLES + 1)]
    with A.working():
        values = [arb(error(A, **{interval.variable: A.number(p)})) for p in places]
    from symgrad.numbers.extremum.extremum import maximise, minimise

    begin = 0
    for k in range(1, len(places) + 1):
        if k < len(places) and bool(values[k] > 0) == bool(values[begin] > 0):
            continue
        if k - 1 > begin:
            piece = RealDomain(interval.variable, places[begin], places[k - 1], False, False)
            found = (maximise if values[begin] > 0 else minimise)(error, interval.variable, piece, DIGITS)
            if found.proved and found.unique and found.at is not None:
                yield found.at.to(DIGITS)
        begin = k
