"""One relation between two calculations: exact, rounded, truncated, or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from flint import arb, fmpq

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.arithmetic.dyadic import rational
from symgrad.audit.checks.number.rounding import CLOSE, PrintedNumber, as_printed, judged, printed
from symgrad.audit.finding import Word
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Tuple, walk
from symgrad.reading.value import UndefinedError, Value, ball, evaluate
from symgrad.reading.vector import flat

NEARLY = Fraction(1, 10**8)
"""Large numbers that differ by less are a near miss, which an author shows on purpose."""
LOOSE = Fraction(1, 10)
"""An approximation by a calculation, 22/7 ≈ π, may be off by as much."""
ROUNDED_DIGITS, PERHAPS_ROUNDED = 3, 2
"""Decimals with as many digits may be rounded themselves; with two, where they are off by less than twice CLOSE."""
BESIDE = Fraction(3, 2)
"""A number of two digits that is off by less of its last one may come from several inputs of two digits."""
NEAR_PI = Fraction(22, 7)
LARGE = 6
"""A power that large is not taken of a rounded number."""

Said = tuple[Word, str, str]
"""The verdict, the right value, the reason."""


def judge(sides: Sequence[Node], relation: str) -> Said:
    """Judge the last side against the one before it, and against the earlier ones, whose values it may carry on."""
    left, right = sides[-2], sides[-1]
    if isinstance(left, Tuple) or isinstance(right, Tuple):
        return _vectors(left, right, relation)
    if relation in ("=", "≈") and all(any(isinstance(n, Tuple) for n in walk(side)) for side in (left, right)):
        found = _two_vectors(left, right, relation)
        if found is not None:
            return found
    if relation in ("<", ">", "≤", "≥"):
        found = _ordered(left, relation, right)
        meant = _another_meaning(left, right) if found[0] is Word.REFUTED else ""
        return (Word.UNCHECKED, "", meant) if meant else found
    if relation not in ("=", "≈"):
        return Word.UNCHECKED, "", f"the relation {relation}"
    found = _equal(left, right, relation)
    if found[0] is Word.REFUTED and (meant := _another_meaning(left, right)):
        return Word.UNCHECKED, "", meant
    if found[0] is Word.REFUTED:
        for earlier in sides[:-2]:
            if _equal(earlier, right, relation)[0] in (Word.CONFIRMED, Word.NOTE):
                return Word.NOTE, found[1], "right if unrounded values are carried on"
    return found


def _another_meaning(left: Node, right: Node) -> str:
    """Return what a side may mean other than the number that it is read as, or nothing: π = 0.3, σ(6) = 12."""
    for side, other in ((left, right), (right, left)):
        inner = side.arguments[0] if isinstance(side, Apply) and side.name == "neg" else side
        p = printed(other)
        if inner == Symbol("pi") and (p is None or abs(p.value - NEAR_PI) > 1):
            return "π may be a letter"
        match side:
            case Apply("sigmoid", (Number(_, _, 0),)) if p is not None and p.value.denominator == 1 and p.value != 0:
                return "σ may be another function"
            case Apply("Phi"):
                return "Φ may be another function"
    return ""


def _equal(left: Node, right: Node, relation: str) -> Said:
    p, q = printed(right), printed(left)
    if p is not None and q is not None:
        return _two_numbers(q, p, relation)
    turned = p is None and q is not None
    if turned:
        left, p = right, q
    if p is None:
        return _two_calculations(left, right, relation)
    try:
        value = number(left)
    except UndefinedError as error:
        return Word.UNCHECKED, "", str(error)
    word, reason = judged(value, p, relation)
    if word is Word.REFUTED and relation == "≈" and _is_near(value, p) and _is_shorter(value, p):
        return Word.NOTE, as_printed(value, p), "perhaps measured"
    if word is Word.REFUTED and relation == "≈" and left == Symbol("pi") and _is_near(value, p):
        return Word.NOTE, as_printed(value, p), "near: perhaps what a method yields"
    if word is Word.REFUTED and turned and relation == "≈" and _is_near(value, p):
        return Word.NOTE, "", "near"
    near = abs(arb(value) - exact_ball(p.value)) < exact_ball(2 * CLOSE) * abs(arb(value))
    digits = len(str(abs(p.value / p.coarse).__floor__()))
    beside = digits < ROUNDED_DIGITS and abs(arb(value) - exact_ball(p.value)) < exact_ball(BESIDE * p.coarse)
    beside = beside and sum(_is_rounded(n, PERHAPS_ROUNDED) for n in walk(left)) > 1
    digits = PERHAPS_ROUNDED if near or beside else ROUNDED_DIGITS
    if word is Word.REFUTED and (perturbed := _perturbed(left, digits)) is not None:
        margin = arb(0, exact_ball(p.unit / 2))
        if (perturbed - exact_ball(p.value) + margin).contains(0):
            return Word.NOTE, as_printed(value, p), "right only as far as rounded inputs go"
    if word is Word.REFUTED and _is_of_truncated(left, p):
        return Word.NOTE, as_printed(value, p), "right only as far as inputs go that are cut off, and not rounded"
    return word, as_printed(value, p) if word in (Word.REFUTED, Word.NOTE) else "", reason


def _is_shorter(value: Value, p: PrintedNumber) -> bool:
    """Tell whether a value is a whole number of fewer digits than what is printed for it, 10^6 for 999,842."""
    if not isinstance(value, fmpq) or value.q != 1:
        return False
    return len(str(abs(int(value.p))).rstrip("0")) < p.digits - ROUNDED_DIGITS


def _is_near(value: Value, p: PrintedNumber) -> bool:
    """Tell whether a calculation is an approximation of a number, as 1/2 of 0.4995."""
    return bool(abs(arb(value) - exact_ball(p.value)) < exact_ball(CLOSE) * abs(arb(value)))


def _two_numbers(left: PrintedNumber, right: PrintedNumber, relation: str) -> Said:
    """Judge 150K ≈ 150,000: numbers without a calculation are compared, and not refuted as equalities."""
    fine, other = (left, right) if left.unit < right.unit else (right, left)
    word, reason = judged(rational(fine.value), other, "≈")
    powers = left.power is not None and right.power is None and _is_power_of_ten(right.value)
    if word is not Word.CONFIRMED and relation == "=" and powers:
        return Word.REFUTED, as_printed(rational(left.value), replace(right, unit=min(left.value, Fraction(1)))), ""
    if word is Word.REFUTED or (word is Word.NOTE and left.unit == right.unit):
        return Word.UNCHECKED, "", "two numbers without a calculation"
    return word, "", reason


def _is_power_of_ten(x: Fraction) -> bool:
    """Tell whether a decimal is 100 or 0.001; 1 may be one of any unit."""
    digits = str(max(x.numerator, x.denominator))
    return min(x.numerator, x.denominator) == 1 and digits.rstrip("0") == "1" and x != 1


def _two_calculations(left: Node, right: Node, relation: str) -> Said:
    try:
        x, y = number(left), number(right)
    except UndefinedError as error:
        return Word.UNCHECKED, "", str(error)
    if isinstance(x, fmpq) and isinstance(y, fmpq) and x == y:
        return Word.CONFIRMED, "", "exact"
    difference = arb(x) - arb(y)
    if not difference.is_finite():
        return Word.UNCHECKED, "", "the value is too large or not defined"
    if difference.contains(0):
        return Word.CONFIRMED, "", "the balls overlap"
    if relation == "=" and _is_rounded_inside(left, right):
        return Word.NOTE, "", "rounded inside"
    near = abs(difference) < exact_ball(NEARLY) * abs(arb(x))
    if near:
        return Word.NOTE, "", "nearly equal, not exactly"
    off = abs(difference) / max(abs(arb(x)), abs(arb(y)), key=lambda b: float(b.mid()))
    decimals = any(isinstance(n, Number) and n.places > 0 for side in (left, right) for n in walk(side))
    if (relation == "≈" or decimals) and off < exact_ball(CLOSE):
        return Word.NOTE, "", f"off by {float(100 * off):.1g} %"
    if relation == "≈" and off < exact_ball(LOOSE):
        return Word.NOTE, "", f"off by {float(100 * off):.1g} %"
    both = _decimals(left) & _decimals(right)  # what both sides have is the same number on both, rounded or not
    spans = [_perturbed(side, exact=both) for side in (left, right)]
    if any(s is not None for s in spans):
        wide = [s if s is not None else arb(v) for s, v in zip(spans, (x, y), strict=True)]
        if (wide[0] - wide[1]).contains(0):
            return Word.NOTE, "", "right only as far as rounded inputs go"
    return Word.REFUTED, f"{arb(x).str(6, radius=False)} and {arb(y).str(6, radius=False)}", ""


def _is_rounded_inside(left: Node, right: Node) -> bool:
    """Tell whether both sides are one function, of a calculation and of that rounded: √(800/3) = √267."""
    match left, right:
        case Apply("sqrt" | "ln" | "exp" as one, (inner,)), Apply(other, (Number() as rounded,)) if one == other:
            p = printed(rounded)
            try:
                return (
                    p is not None and p.digits >= ROUNDED_DIGITS and judged(number(inner), p, "≈")[0] is Word.CONFIRMED
                )
            except UndefinedError:
                return False
    return False


def _ordered(left: Node, relation: str, right: Node) -> Said:
    try:
        difference = ball(number(left)) - ball(number(right))
    except UndefinedError as error:
        return Word.UNCHECKED, "", str(error)
    if relation in (">", "≥"):
        difference = -difference
    strict = relation in ("<", ">")
    if difference < 0 or (not strict and difference <= 0):
        return Word.CONFIRMED, "", "the balls are disjoint"
    if Symbol("pi") in (left, right):
        return Word.UNCHECKED, "", "π may be a letter"
    if difference > 0 or (strict and difference >= 0 and difference == 0):
        return Word.REFUTED, f"{arb(number(left)).str(6, radius=False)}", "the other way round"
    return Word.UNCHECKED, "", "the balls overlap"


def entries_said(left: Node, right: Node, relation: str) -> list[tuple[Node, Said]]:
    """Return each entry of the right side, a vector or a matrix, with the verdict on it.

    Raises UndefinedError where the sides are no vectors of one size.
    """
    if isinstance(left, Tuple) and isinstance(right, Tuple) and len(left.items) == len(right.items):
        pairs = zip(left.items, right.items, strict=True)
        return [said for one, other in pairs for said in entries_said(one, other, relation)]
    if not isinstance(left, Tuple) and not isinstance(right, Tuple):
        return [(right, judge([left, right], relation))]
    values, entries = flat(evaluate(left, {})), _entries(right)
    if len(values) != len(entries):
        raise UndefinedError("vectors of different sizes")
    return [(e, _entry(v, e, relation)) for v, e in zip(values, entries, strict=True)]


def _vectors(left: Node, right: Node, relation: str) -> Said:
    if not isinstance(right, Tuple):
        left, right = right, left  # a matrix, and the product of its factors
    if relation not in ("=", "≈") or not isinstance(right, Tuple):
        return Word.UNCHECKED, "", "a vector beside what is none"
    if isinstance(left, Tuple) and len(left.items) == len(right.items):
        found = [judge(pair, relation) for pair in zip(left.items, right.items, strict=True)]
    else:
        try:
            found = [said for _, said in entries_said(left, right, relation)]
        except (NotUnderstoodError, UndefinedError) as error:
            return Word.UNCHECKED, "", str(error)
    worst = max(found, key=lambda j: list(Word).index(j[0]))
    shown = ", ".join(j[1] or "✓" for j in found) if worst[0] in (Word.REFUTED, Word.NOTE) else ""
    return worst[0], f"[{shown}]" if shown else "", worst[2]


def _two_vectors(left: Node, right: Node, relation: str) -> Said | None:
    """Judge two calculations of vectors, entry by entry; None where they are numbers, as inner products are."""
    try:
        x, y = (evaluate(side, {}) for side in (left, right))
    except (NotUnderstoodError, UndefinedError) as error:
        return Word.UNCHECKED, "", str(error)
    if not isinstance(x, list) or not isinstance(y, list):
        return None
    if len(flat(x)) != len(flat(y)):
        return Word.UNCHECKED, "", "vectors of different sizes"
    differences = [ball(v) - ball(w) for v, w in zip(flat(x), flat(y), strict=True)]
    if all(d.contains(0) for d in differences):
        return Word.CONFIRMED, "", "the balls overlap"
    if relation == "≈" or any(_decimals(side) for side in (left, right)) or not all(d.is_finite() for d in differences):
        return Word.UNCHECKED, "", "vectors that may be rounded"
    shown = ", ".join(ball(v).str(6, radius=False) for v in flat(x))
    return Word.REFUTED, f"[{shown}]", ""


def _entries(node: Node) -> list[Node]:
    return [e for item in node.items for e in _entries(item)] if isinstance(node, Tuple) else [node]


def _entry(value: Value, entry: Node, relation: str) -> Said:
    """Judge one entry of a printed vector."""
    p = printed(entry)
    if p is not None:
        word, reason = judged(value, p, relation)
        return word, as_printed(value, p) if word is Word.REFUTED else "", reason
    difference = ball(value) - ball(number(entry))
    if difference.contains(0):
        return Word.CONFIRMED, "", "the balls overlap"
    if relation == "=" and difference.is_finite() and _perturbed(entry) is None:
        return Word.REFUTED, arb(ball(value)).str(6, radius=False), ""
    return Word.UNCHECKED, "", "an entry that may be rounded"


def number(node: Node) -> Value:
    """Return the value of a calculation; raises UndefinedError for a vector, or where it has none."""
    value = evaluate(node, {})
    if isinstance(value, list):
        raise UndefinedError("a vector as a number")
    return value


def _decimals(node: Node) -> frozenset[Fraction]:
    return frozenset(n.value for n in walk(node) if isinstance(n, Number) and n.places > 0)


def _perturbed(node: Node, digits: int = ROUNDED_DIGITS, exact: frozenset[Fraction] = frozenset()) -> arb | None:
    """Return the range of a calculation whose inputs of so many digits are half a unit off; None where it has none.

    exact: inputs that are not.
    """
    letters: dict[str, arb] = {}
    inexact = with_letters(node, letters, digits, exact=exact)
    if not letters:
        return None
    try:
        return ball(evaluate(inexact, letters))
    except (NotUnderstoodError, UndefinedError):
        return None


def _is_of_truncated(left: Node, p: PrintedNumber) -> bool:
    """Tell whether a quotient of one or two decimals has more digits than they have, and is as right as they are.

    A number that is cut off is off by up to a unit of its last digit: 1/0.0026 = 376.78.
    """
    match left:
        case Apply("/", parts):
            decimals = [n for part in parts for n in walk(part) if isinstance(n, Number) and n.places]
        case _:
            return False
    if not decimals or min(n.digits for n in decimals) >= p.digits:
        return False
    letters: dict[str, arb] = {}
    inexact = with_letters(left, letters, PERHAPS_ROUNDED, Fraction(1))
    if not 1 <= len(letters) <= 2:
        return False
    try:
        return (ball(evaluate(inexact, letters)) - exact_ball(p.value)).contains(0)
    except (NotUnderstoodError, UndefinedError):
        return False


def _is_rounded(node: Node, digits: int) -> bool:
    return isinstance(node, Number) and node.places > 0 and node.digits >= digits


def _is_large(exponent: Node) -> bool:
    try:
        return bool(abs(ball(evaluate(exponent, {}))) > LARGE)
    except (NotUnderstoodError, UndefinedError):
        return False


def with_letters(
    node: Node,
    letters: dict[str, arb],
    digits: int,
    units: Fraction = Fraction(1, 2),
    exact: frozenset[Fraction] = frozenset(),
) -> Node:
    """Put a letter for each decimal of so many digits, and into ``letters`` the ball around it that it stands for.

    units: of the last digit, by which it may be off. exact: decimals that are left as they are.
    """
    match node:
        case Number() if _is_rounded(node, digits) and node.value not in exact:
            name = f"input {len(letters)}"
            letters[name] = arb(exact_ball(node.value), exact_ball(units * Fraction(10) ** -node.places))
            return Symbol(name)
        case Apply("^", (Number(), exponent)) if _is_large(exponent):
            return node  # 1.05^30: half a unit more or less would excuse everything
        case Apply(name, arguments, primes):
            return Apply(name, tuple(with_letters(a, letters, digits, units, exact) for a in arguments), primes)
    return node
