"""Two formulas that someone types, in LaTeX or as plain text: are they equal?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import fmpq

from symgrad.algebra.greek import GREEK
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.checks.statement.formula import Letters
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Word
from symgrad.errors import ReadError
from symgrad.evidence.equality import Equality, equality
from symgrad.evidence.evidence import Evidence
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.extremum.domain import Domain
from symgrad.reading.chain import chains
from symgrad.reading.reading import Reading, readings
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Chain, Node, symbols
from symgrad.reading.value import UndefinedError, evaluate

LONGEST = 2_000
MOST_READINGS = 8
_LONG = re.compile(r"\d{4,}/\d+|\d+/\d{4,}")
"""A fraction that is shown as the decimal that it is."""
_GREEK = "|".join(sorted(set(GREEK.values()), key=len, reverse=True))
_WORD = re.compile(rf"(?<![\\A-Za-z])({_GREEK})(?![A-Za-z])")


@dataclass(frozen=True)
class Same:
    """What is to be said of two formulas.

    verdict: that they are equal on the whole domain, PROVED, ENCLOSED or SAMPLED; REFUTED where they differ somewhere;
    UNKNOWN where it is not decided, or a side is not defined everywhere. where: on which parts they are equal, each
    with the evidence; different, undefined: a point where they are not. reading: how they are read, if not as usual.
    """

    left: str
    right: str
    verdict: Verdict
    method: str = ""
    where: tuple[tuple[str, Verdict, str], ...] = ()
    different: str = ""
    undefined: tuple[str, ...] = ()
    reading: str = ""
    shared: bool = False

    def __bool__(self) -> bool:
        return self.verdict.passes

    def __str__(self) -> str:
        beside = f", read with {self.reading}" if self.reading else ""
        domains = ", and for ".join(part for part, _, _ in self.where)
        if self.shared:
            return f"{self.verdict}  equal{beside} where they are defined, for {domains}: {self.method}"
        if self:
            return f"{self.verdict}  equal{beside}: {self.method}"
        if self.where:
            lines = [f"{min(v for _, v, _ in self.where)}  equal on a part of the domain{beside}: for {domains}"]
            lines += [f"  for {part}: {verdict}, {method}" for part, verdict, method in self.where]
        elif self.different:
            lines = [f"{Verdict.REFUTED}  different{beside}"]
        else:
            lines = [f"{Verdict.UNKNOWN}  not decided{beside}: {self.method}"]
        lines += [f"  different {self.different}"] if self.different else []
        lines += [f"  {told}" for told in self.undefined]
        return "\n".join(lines)

    def record(self) -> dict[str, object]:
        """Return it as plain data, for JSON."""
        return {
            "left": self.left,
            "right": self.right,
            "verdict": str(self.verdict),
            "method": self.method,
            "equal_for": [{"domain": d, "verdict": str(v), "method": m} for d, v, m in self.where],
            "different": self.different or None,
            "undefined": list(self.undefined),
            "reading": self.reading,
        }


def same(left: str, right: str, *where: str, seed: int = 0) -> Same:
    r"""Compare two formulas, in LaTeX or as plain text, on the domain that ``where`` gives: "x > 0".

    Letters are real numbers; log is the natural one and σ the logistic function, unless the formulas are equal in
    another reading only, which is said then. Raises ReadError for what is no formula.

    >>> print(same(r"\sigma'(z)", "sigma(z)*(1 - sigma(z))"))
    PROVED  equal: SymPy simplify
    >>> print(same("log(x^2)", "2 log(x)"))
    PROVED  equal on a part of the domain: for x > 0
      for x > 0: PROVED, SymPy simplify
      log(x^2) is not defined at x = 0
      2 log(x) is not defined at x = 0
    """
    try:
        given = ClaimDomain.of(where) if where else ClaimDomain()
    except NotUnderstoodError as error:
        raise ReadError(f"{error} is not understood", todo="write 'x > 0', or '0 < p <= 1'") from None
    found: Same | None = None
    for reading in _readings(left, right):
        pair = _side(left, reading), _side(right, reading)
        said = _compared(left, right, pair, given, str(reading), seed)
        if said:
            return said
        found = said if found is None else found
    assert found is not None
    return found


def _readings(left: str, right: str) -> Iterator[Reading]:
    ambiguous: frozenset[str] = frozenset()
    for text in (left, right):
        ambiguous |= _chains(text, Reading())[1]
    for n, reading in enumerate(readings(ambiguous)):
        if n == MOST_READINGS:
            return
        if not reading.is_open:
            yield reading


def _chains(text: str, reading: Reading) -> tuple[tuple[Chain, ...], frozenset[str]]:
    if len(text) > LONGEST:
        raise ReadError(f"a formula of more than {LONGEST:,} characters", todo="give a shorter one")
    plain = text if "\\" in text else _WORD.sub(r"\\\1 ", text)
    try:
        return chains(plain, reading)
    except NotUnderstoodError as error:
        raise ReadError(f"{text!r} is not understood: {error}", todo="write it in LaTeX, or as exp(-x)/2") from None


def _side(text: str, reading: Reading) -> Node:
    found, _ = _chains(text, reading)
    todo = "give one formula, in LaTeX or as exp(-x)/2"
    if len(found) != 1 or found[0].relations:
        raise ReadError(f"{text!r} is not one formula", todo=todo)
    [side] = found[0].sides
    if side.node is None:
        raise ReadError(f"{text!r} is not understood: {side.reason}", todo=todo)
    return side.node


def _compared(left: str, right: str, pair: tuple[Node, Node], given: ClaimDomain, reading: str, seed: int) -> Same:
    letters = Letters()
    try:
        formulas = [letters.formula(node) for node in pair]
        domain = letters.intervals(pair, given)
    except NotUnderstoodError:
        return _at_points(left, right, pair, given, reading)
    named = [replace(f, text=text) for f, text in zip(formulas, (left, right), strict=True)]
    said = _of_equality(left, right, equality(named[0], named[1], domain, seed), reading)
    where = tuple((letters.shown(part), verdict, method) for part, verdict, method in said.where)
    told = tuple(map(letters.shown, said.undefined))
    return replace(said, method=letters.shown(said.method), where=where, different=letters.shown(said.different),
                   undefined=told)  # fmt: skip


def _of_equality(left: str, right: str, found: Equality, reading: str) -> Same:
    if found.shared:
        whole = min((p.evidence for p in found.parts), key=lambda e: e.verdict)
        parts = tuple((_shown(p.domain), p.evidence.verdict, _method(p.evidence)) for p in found.parts)
        return Same(left, right, whole.verdict, _method(whole), parts, reading=reading, shared=True)
    best = max(found.whole.checks, key=lambda c: c.verdict)
    required = next((c for c in found.whole.checks if c.required and not c.verdict.passes), None)
    parts = tuple((_shown(p.domain), p.evidence.verdict, _method(p.evidence)) for p in found.parts)
    method = _method(found.whole) if found.whole.verdict.passes else (required or best).detail or best.method
    return Same(left, right, found.verdict, method, parts, found.different, found.undefined, reading)


def _method(evidence: Evidence) -> str:
    return max(evidence.checks, key=lambda c: c.verdict).method


def _shown(domain: Domain) -> str:
    shown = ", ".join(str(i) for i in domain if (i.low, i.high) != (None, None))
    return _LONG.sub(lambda m: f"{float(Fraction(m[0])):.7g}", shown) or "all real numbers"


def _numbers(left: str, right: str, pair: tuple[Node, Node], reading: str) -> Same | None:
    """Compare two numbers that are fractions, exactly; None where they are none."""
    try:
        x, y = (evaluate(node, {}) for node in pair)
    except (NotUnderstoodError, UndefinedError):
        return None
    if not (isinstance(x, fmpq) and isinstance(y, fmpq)):
        return None
    if x == y:
        return Same(left, right, Verdict.PROVED, "exact rational numbers", reading=reading)
    return Same(left, right, Verdict.REFUTED, different=f"{x} against {y}", reading=reading)


def _at_points(left: str, right: str, pair: tuple[Node, Node], given: ClaimDomain, reading: str) -> Same:
    """Compare what no formula of the kernel is, sums and derivatives, at points."""
    for text, node in zip((left, right), pair, strict=True):
        if reason := unclear(node):
            raise ReadError(f"{text!r} is not understood: {reason}", todo="write it out in known functions")
    if not symbols(pair[0]) | symbols(pair[1]) and (said := _numbers(left, right, pair, reading)) is not None:
        return said
    found = compare(*pair, domain=given)
    match found.word:
        case Word.CONFIRMED:
            return Same(left, right, Verdict.SAMPLED, f"equal {found.reason}", reading=reading)
        case Word.REFUTED:
            return Same(left, right, Verdict.REFUTED, different=found.reason, reading=reading)
        case Word.NOTE:
            place = found.reason.partition("not ")[2]
            some = (("some points", Verdict.SAMPLED, "points"),)
            return Same(left, right, Verdict.REFUTED, where=some, different=place, reading=reading)
    return Same(left, right, Verdict.UNKNOWN, found.reason, reading=reading)
