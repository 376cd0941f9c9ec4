"""Whether a printed number solves an equation: exactly, as it is rounded, nearly, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from flint import acb, arb, fmpq

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.checks.number.rounding import PrintedNumber, as_printed, judged, printed
from symgrad.audit.checks.solved.roots import roots
from symgrad.audit.finding import Word
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, rebuilt, symbols, walk
from symgrad.reading.value import UndefinedError, evaluate

Equation = tuple[Node, Node]
SHARP = Fraction(1, 10**20)
TURNING = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))
LARGE = 10
"""A whole number from which on it may be rounded, though it is said to be equal."""
FAILS = (UndefinedError, NotUnderstoodError, ArithmeticError, ValueError, TypeError)
IMAGINARY = acb(0, 1)
ELSEWHERE = 100
"""From here on the decimals of an equation are counted, apart from those of a value."""


class Kind(Enum):
    """How a number stands to an equation. OPEN: it is not decided."""

    RIGHT = "right"
    NEAR = "near"
    OPEN = "open"
    OFF = "off"


@dataclass(frozen=True)
class Fit:
    """How a number stands to an equation, and what solves it, as the author would print it."""

    kind: Kind
    value: str = ""
    reason: str = ""


RIGHT, OPEN = Fit(Kind.RIGHT), Fit(Kind.OPEN)


def fit(equation: Equation, letter: str, value: Node, relation: str = "=") -> Fit:
    """Return whether a value without letters solves an equation of one letter.

    >>> two = Number(Fraction(2), "2")
    >>> x_squared = Apply("^", (Symbol("x"), two))
    >>> fit((x_squared, two), "x", Number(Fraction(141, 100), "1.41", 2)).kind, fit((x_squared, two), "x", two).kind
    (<Kind.RIGHT: 'right'>, <Kind.OFF: 'off'>)
    """
    try:
        found = _fit(equation, letter, value, "=" if relation == "∈" else relation)
    except FAILS:
        return OPEN
    turned = found.kind is Kind.OFF and _turns(equation, letter)
    return OPEN if turned and not _is_off_in_degrees(equation, letter, value) else found


def _fit(equation: Equation, letter: str, value: Node, relation: str) -> Fit:
    p = printed(value)
    if p is not None and not (p.exact and relation == "="):
        return _rounded(equation, letter, value, p, relation)
    other = {"i": IMAGINARY} if letter != "i" else {"j": IMAGINARY}
    x = evaluate(value, other)
    difference = _difference(equation, {**other, letter: x})
    if not _is_zero(difference):
        return _off(equation, letter, value, p) if _is_apart(difference) else OPEN
    return RIGHT


def _difference(equation: Equation, letters: Mapping[str, object]) -> fmpq | arb | acb:
    left, right = (evaluate(side, letters) for side in equation)
    found = acb(left) - acb(right) if isinstance(left, acb) or isinstance(right, acb) else left - right
    if not isinstance(found, fmpq | arb | acb):
        raise NotUnderstoodError("no number")
    return found


def _is_zero(x: fmpq | arb | acb) -> bool:
    if isinstance(x, fmpq):
        return bool(x == 0)
    return bool(x.is_finite() and x.contains(0) and abs(x).rad() < exact_ball(SHARP))


def _is_apart(x: fmpq | arb | acb) -> bool:
    return bool(x != 0) if isinstance(x, fmpq) else bool(x.is_finite() and not x.contains(0))


def _off(equation: Equation, letter: str, value: Node, p: PrintedNumber | None) -> Fit:
    """Return how a value stands to an equation that it does not solve exactly: perhaps something in it is rounded."""
    loose = _loose(equation, letter, *_widened(value))
    if loose is None or loose.contains(0):
        return Fit(Kind.OPEN, reason="right only as far as rounded inputs go")
    if p is None:
        return Fit(Kind.OFF)
    nearest = _nearest(equation, letter, p)
    if nearest is None:
        wide = _loose(equation, letter, Symbol(letter), {letter: _ball(p, Fraction(1, 2))})
        return Fit(Kind.OPEN if wide is None or wide.contains(0) else Kind.OFF)
    word, reason = judged(nearest, p, "=")
    if word is Word.REFUTED and abs(p.value) >= LARGE and abs(nearest - exact_ball(p.value)) <= exact_ball(p.unit / 2):
        word, reason = Word.NOTE, "rounded"
    kind = Kind.OFF if word is Word.REFUTED else Kind.NEAR
    return Fit(kind, as_printed(nearest, p), reason)


def _rounded(equation: Equation, letter: str, value: Node, p: PrintedNumber, relation: str) -> Fit:
    """Return how a decimal stands to the true solution that it is rounded from."""
    if (nearest := _nearest(equation, letter, p)) is not None:
        word, reason = judged(nearest, p, relation)
        if word is Word.CONFIRMED:
            return replace(RIGHT, reason=reason)
        if word is not Word.REFUTED:
            return Fit(Kind.NEAR, as_printed(nearest, p), reason)
        loose = _loose(equation, letter, Symbol(letter), {letter: _ball(p, Fraction(1))})
        if loose is None or loose.contains(0):
            return Fit(Kind.OPEN, reason="right only as far as rounded inputs go")
        return Fit(Kind.OFF, as_printed(nearest, p))
    return _by_signs(equation, letter, p)


def _by_signs(equation: Equation, letter: str, p: PrintedNumber) -> Fit:
    """Return how a decimal stands to an equation whose roots are not known, by its signs beside the decimal."""
    ends = [exact_ball(p.value + sign * p.unit / 2) for sign in (-1, 1)]
    inside = _difference(equation, {letter: _ball(p, Fraction(1, 2))})
    if isinstance(inside, arb) and inside.is_finite() and inside.contains(0):
        signs = [_difference(equation, {letter: end}) for end in ends]
        return RIGHT if all(isinstance(s, arb | fmpq) for s in signs) and signs[0] * signs[1] < 0 else OPEN
    loose = _loose(equation, letter, Symbol(letter), {letter: _ball(p, Fraction(3, 2))})
    return Fit(Kind.OFF) if loose is not None and not loose.contains(0) else OPEN


def _ball(p: PrintedNumber, units: Fraction) -> arb:
    return arb(exact_ball(p.value), exact_ball(p.unit * units))


def _nearest(equation: Equation, letter: str, p: PrintedNumber) -> arb | None:
    """Return the real solution nearest to a number; None where the solutions are not known, or none is real."""
    found = [r.real for r in roots(*equation, letter) or () if r.imag == 0]
    return min(found, key=lambda r: float(abs(r - exact_ball(p.value)).mid()), default=None)


def _loose(equation: Equation, letter: str, value: Node, letters: Mapping[str, arb]) -> arb | acb | None:
    """Return the difference of both sides where every decimal in them may be rounded; None where there is none."""
    left, some = _widened(equation[0], ELSEWHERE)
    right, others = _widened(equation[1], ELSEWHERE + len(some))
    imaginary = {"i": IMAGINARY} if letter != "i" else {"j": IMAGINARY}
    x = letters[letter] if value == Symbol(letter) else evaluate(value, {**imaginary, **letters})
    try:
        found = _difference((left, right), {**imaginary, **some, **others, letter: x})
    except FAILS:
        return None
    found = arb(found) if isinstance(found, fmpq) else found
    return found if found.is_finite() else None


def _widened(node: Node, begin: int = 0) -> tuple[Node, dict[str, arb]]:
    """Return a formula with a letter for each decimal in it, and what these can be, half a unit of the last digit."""
    found: dict[str, arb] = {}

    def inner(n: Node) -> Node:
        if isinstance(n, Number) and n.places:
            name = f"decimal {begin + len(found)}"
            unit = Fraction(10) ** -n.places * n.scale
            found[name] = arb(exact_ball(n.value), exact_ball(unit / 2))
            return Symbol(name)
        return rebuilt(n, inner)

    return inner(node), found


def _turns(equation: Equation, letter: str) -> bool:
    """Tell whether the letter is an angle in the equation."""
    return any(
        isinstance(n, Apply) and n.name in TURNING and letter in symbols(n) for side in equation for n in walk(side)
    )


def _is_off_in_degrees(equation: Equation, letter: str, value: Node) -> bool:
    """Tell whether an angle is off in degrees too, by more than two of its last digit."""
    match value:
        case Apply("*", (inner, Apply("/", (Symbol("pi"), Number())))):
            value = inner
    p = printed(value)
    if p is None:
        return not any(isinstance(n, Number) for n in walk(value))
    turn = arb.pi() / 180
    x = arb(exact_ball(p.value), exact_ball(2 * p.unit)) * turn
    found = _loose(equation, letter, Symbol(letter), {letter: x})
    return found is not None and not found.contains(0)
