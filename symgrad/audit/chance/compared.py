"""A claim of random variables compared: exactly, as its printed decimals allow, and as tables and approximations do."""

from __future__ import annotations

from flint import arb, fmpq

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case
from symgrad.audit.chance.events import letters_in
from symgrad.audit.chance.setting import (
    Chances,
    Setting,
    by_corrected_normal,
    by_normal,
    by_poisson,
    by_table,
    exactly,
)
from symgrad.audit.chance.values import CHANCES, valued
from symgrad.audit.checks.number.link import with_letters
from symgrad.audit.checks.number.rounding import as_printed, judged, printed
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Node, Number, Unknown, walk
from symgrad.reading.value import UndefinedError, Value, evaluate

ENOUGH = 3
"""Trials with values that a claim with letters needs."""
CLOSE, CARRIED = arb("0.01"), arb("0.005")
"""What calculations with decimals, and probabilities that are found with rounded factors, may be off."""
WAYS: tuple[tuple[Chances, str], ...] = (
    (by_table, "as a table of Φ tells it, for z with two decimals"),
    (by_corrected_normal, "as the normal approximation with a correction of 1/2 tells it"),
    (by_normal, "as the normal approximation tells it"),
    (by_poisson, "as the Poisson approximation tells it"),
)
DIGITS, SHORT = 1, 9
"""Digits of decimals that may be rounded, and of a fraction that is shown."""


def compared(case: Case, settings: list[Setting]) -> Judgement:
    """Return the verdict on a claim in one or several settings."""
    if settings[0].drawn:
        return _with_letters(case, settings)
    setting = settings[0]
    found = _closed(case, setting)
    if found.word is not Word.REFUTED:
        return found
    if is_of_chance(case):
        for way, told in WAYS:
            if _is_so(case, setting, way):
                return Judgement(Word.NOTE, found.value, told)
    if setting.doubts:
        return unchecked(min(setting.doubts))
    return found


def is_of_chance(case: Case) -> bool:
    """Tell whether a claim is of a probability."""
    names = [n.name for side in case.nodes[-2:] for n in walk(side) if isinstance(n, Unknown)]
    return any(name in CHANCES or name.partition("_")[0] in ("F", "S") for name in names)


def sides(case: Case, setting: Setting) -> tuple[Value, Value]:
    """Return the values of both sides."""
    found = []
    for side in case.nodes[-2:]:
        values: dict[str, Value] = {}
        node = valued(side, setting, values)
        value = evaluate(node, {**setting.letters, **values})
        if isinstance(value, list):
            raise NotUnderstoodError("a vector")
        found.append(value)
    return found[0], found[1]


def _closed(case: Case, setting: Setting) -> Judgement:
    left, right = sides(case, setting)
    if case.relation not in ("=", "≈"):
        return _ordered(left, case.relation, right)
    p, q = printed(case.right), printed(case.left)
    if (shown := p or q) is not None:
        value = left if p is not None else right
        word, reason = judged(value, shown, case.relation)
        off = abs(arb(value) - exact_ball(shown.value)) < CARRIED * abs(arb(value))
        if word is Word.REFUTED and off and is_of_chance(case):
            word, reason = Word.NOTE, "off by little, as with rounded factors"
        return Judgement(word, as_printed(value, shown) if word in (Word.NOTE, Word.REFUTED) else "", reason)
    return _two(case, setting, left, right)


def _two(case: Case, setting: Setting, left: Value, right: Value) -> Judgement:
    """Judge an equation between two calculations."""
    if _is_equal(left, right):
        return Judgement(Word.CONFIRMED, reason="exact" if isinstance(left, fmpq) else "the balls overlap")
    difference = abs(arb(left) - arb(right))
    if not difference.is_finite():
        return unchecked("not defined")
    loose = case.relation == "≈" or any(map(_is_decimal, (*walk(case.left), *walk(case.right)))) or is_of_chance(case)
    if loose and difference < CLOSE * abs(arb(left)):
        return Judgement(Word.NOTE, reason="nearly")
    if _is_right_as_rounded(case, setting):
        return Judgement(Word.NOTE, reason="right only as far as rounded inputs go")
    random = [letters_in([side], case.reading) & setting.laws.keys() for side in case.nodes[-2:]]
    shown = [left] if not random[1] else [right] if not random[0] else [left, right]
    return Judgement(Word.REFUTED, value=" and ".join(map(_shown, shown)))


def _shown(x: Value) -> str:
    """Return a number as it is shown: a fraction of few digits, or a decimal."""
    return str(x) if isinstance(x, fmpq) and len(str(x)) <= SHORT else arb(x).str(6, radius=False)


def _is_equal(left: Value, right: Value) -> bool:
    if isinstance(left, fmpq) and isinstance(right, fmpq):
        return bool(left == right)
    difference = arb(left) - arb(right)
    return bool(difference.is_finite()) and bool(difference.contains(0))


def _is_decimal(n: Node) -> bool:
    return isinstance(n, Number) and n.places > 0


def _is_right_as_rounded(case: Case, setting: Setting) -> bool:
    """Tell whether an equation holds for decimals near those that are printed."""
    ends = []
    for side in case.nodes[-2:]:
        values: dict[str, Value] = {}
        inputs: dict[str, arb] = {}
        node = with_letters(valued(side, setting, values), inputs, DIGITS)
        try:
            ends.append(arb(evaluate(node, {**setting.letters, **values, **inputs})))
        except (NotUnderstoodError, UndefinedError, TypeError):
            return False
    return bool((ends[0] - ends[1]).contains(0))


def _ordered(left: Value, relation: str, right: Value) -> Judgement:
    difference = arb(left) - arb(right) if relation in ("<", "≤") else arb(right) - arb(left)
    if difference < 0 or (relation in ("≤", "≥") and difference <= 0):
        return Judgement(Word.CONFIRMED, reason="the balls are disjoint")
    if difference > 0:
        return Judgement(Word.REFUTED, arb(left).str(6, radius=False), "the other way round")
    return unchecked("the balls overlap")


def _is_so(case: Case, setting: Setting, way: Chances) -> bool:
    """Tell whether a claim is right where probabilities are found in another way."""
    setting.chances = way
    try:
        left, right = sides(case, setting)
    except (NotUnderstoodError, UndefinedError):
        return False
    finally:
        setting.chances = exactly
    shown = printed(case.right) or printed(case.left)
    margin = arb(0, exact_ball(shown.unit / 2)) if shown is not None else arb(0)
    difference = arb(left) - arb(right) + margin
    if case.relation in ("=", "≈"):
        return bool(difference.contains(0))
    return bool(difference <= 0 if case.relation in ("<", "≤") else difference >= 0) or bool(difference.contains(0))


def _is_rounded(value: Value, node: Node) -> bool:
    p = printed(node)
    return p is not None and p.unit < 1 and judged(value, p, "≈")[0] in (Word.CONFIRMED, Word.NOTE)


def _with_letters(case: Case, settings: list[Setting]) -> Judgement:
    """Judge an equation with letters, by the values of both sides where the letters have drawn ones."""
    if case.relation not in ("=", "≈"):
        return unchecked("a bound with letters")
    found: list[bool] = []
    for setting in settings:
        try:
            left, right = sides(case, setting)
        except (UndefinedError, ZeroDivisionError, ValueError):
            continue
        if (arb(left) - arb(right)).is_finite():
            found.append(_is_equal(left, right) or _is_rounded(left, case.right))
    if len(found) < ENOUGH:
        return unchecked("no value")
    if all(found):
        return Judgement(Word.CONFIRMED, reason="for drawn values of the letters")
    doubts = set().union(*(s.doubts for s in settings))
    if not settings[0].parameters <= letters_in(case.nodes[-2:], case.reading):
        return unchecked("a parameter of the law has no value")
    if any(not settings[0].free <= letters_in([side], case.reading) for side in case.nodes[-2:]):
        return unchecked("an equation for a letter")
    if any(found) or case.relation == "≈" or doubts:
        return unchecked(min(doubts, default="right for some values of the letters"))
    return Judgement(Word.REFUTED, reason="wrong wherever it was tried")
