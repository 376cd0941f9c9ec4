"""The small edit that a wrong claim is away from the truth, if there is one.

An error in a book is nearly always a slip: a sign, a digit, an operator, a term that is left out. What is misread is
anything. So an edit that makes a claim right is evidence that it is read as its author means it, and that it is wrong;
the more, the more digits agree then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from flint import arb, fmpq

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.checks.formula.points import ends, points
from symgrad.audit.checks.number.link import entries_said, number
from symgrad.audit.checks.number.rounding import PrintedNumber, judged, printed
from symgrad.audit.doubt.edits import OF_NUMBERS, PART, POINT, SQUARE, edited, numbers, whole
from symgrad.audit.finding import Word
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Number, Tuple, symbols, walk
from symgrad.reading.value import UndefinedError, Value, ball, evaluate

MOST = 1200
"""Edits that are tried."""
FEW_EDITS = 20
"""Edits of which one leads to a number of three digits by chance seldom enough; of ten times as many, one of four."""
LARGE = 100
POWERS_OF_UNITS = (2, 3, 6, 9)
"""By such powers of 10 numbers differ that are in percent, or in thousands."""
SMALL_FACTORS = (2, 3, 4, arb(3) / 2)
CALCULATED = frozenset(("+", "-", "*", "^", "transpose", "sqrt"))
"""What makes a side with vectors a calculation; fractions and signs may be entries, row by row of an elimination."""
TRIED = 4
"""Points at which formulas with letters are compared."""
FAILS = (UndefinedError, NotUnderstoodError, ArithmeticError, ValueError, IndexError, TypeError)


class Strength(IntEnum):
    """How much a slip says: nothing found; agreement that may be chance; that seldom is; that is none."""

    NONE = 0
    WEAK = 1
    LIKELY = 2
    SURE = 3


NEAR = {"0.1": Strength.WEAK, "0.01": Strength.LIKELY, "0.001": Strength.SURE}
"""What it says that a number is off by less than such a part of the right one."""


@dataclass(frozen=True)
class Slip:
    """An edit that makes a claim right, and how much that says."""

    said: str = ""
    strength: Strength = Strength.NONE


def slip(left: Node, right: Node) -> Slip:
    """Return the edit that makes two sides equal, the one that says the most.

    >>> from symgrad.reading.chain import chains
    >>> def of(text):
    ...     [chain], _ = chains(text)
    ...     return slip(chain.sides[0].node, chain.sides[1].node)
    >>> of("17 * 23 = 381").said, of("3 * 3 = 0").strength.name
    ('a digit', 'WEAK')
    """
    try:
        if isinstance(right, Tuple):
            return _of_entries(left, right)
        found = _of_letters(left, right) if (symbols(left) | symbols(right)) - {"pi"} else _of_numbers(left, right)
    except FAILS:
        return Slip()
    return found


def _of_entries(left: Node, right: Tuple) -> Slip:
    """Return the slip in a calculation of a vector or a matrix, where most entries but zeros are right."""
    if symbols(left) | symbols(right) or not any(isinstance(n, Apply) and n.name in CALCULATED for n in walk(left)):
        return Slip()
    right_ones = wrong_ones = 0
    for entry, said in entries_said(left, right, "="):
        right_ones += said[0] is Word.CONFIRMED and number(entry) != 0
        wrong_ones += said[0] is not Word.CONFIRMED
    if wrong_ones > right_ones:
        return Slip()
    return Slip("an entry", Strength.SURE if right_ones > wrong_ones else Strength.LIKELY)


def _of_numbers(left: Node, right: Node) -> Slip:
    """Return the slip in a relation between calculations."""
    best = Slip()
    for side, other in ((left, right), (right, left)):
        p = printed(other)
        if p is None or p.power is not None:
            continue
        value = number(side)
        for found in _of_printed(value, p, other):
            best = max(best, found, key=lambda s: s.strength)
            if best.strength is Strength.SURE:
                return best
    for side, other in ((left, right), (right, left)):
        found = _of_calculation(side, other)
        best = max(best, found, key=lambda s: s.strength)
        if best.strength is Strength.SURE:
            return best
    return best


def _of_printed(value: Value, p: PrintedNumber, node: Node) -> Iterator[Slip]:
    """Yield slips of a printed number itself."""
    x, y = arb(value), exact_ball(p.value)
    digits, strength = _digits(p), _by_digits(_digits(p))
    for within, says in NEAR.items():
        if abs(x - y) < arb(within) * abs(x):
            yield Slip("a number nearby", min(says, strength))
    if p.mantissa and x * y > 0 and abs(x) < 10 * abs(y) < 100 * abs(x):
        yield Slip("a number of this size", Strength.LIKELY)
    plain = _plain(node)
    for said, other in numbers(plain) if plain else ():
        q = printed(other)
        if q is not None and _is_right(value, q):
            yield Slip(said, Strength.WEAK if said == POINT else strength)
    if x != 0 and y != 0 and _agrees(-x, p):
        yield Slip("a minus sign", strength)
    for power in range(-9, 10):
        if power and x != 0 and y != 0 and digits > 1 and _agrees(x * arb(10) ** power, p):
            unit = p.mantissa is None and abs(power) in POWERS_OF_UNITS
            yield Slip("the power of 10", Strength.WEAK if unit else strength)


def _plain(node: Node) -> Number | None:
    """Return the digits of a printed number, without a sign, a power of 10 or a percent sign."""
    match node:
        case Number():
            return node
        case Apply("neg" | "/" | "*", (Number() as first, *_)):
            return first
        case Apply("neg" | "/", (inner, *_)):
            return _plain(inner)
    return None


def _is_right(value: Value, p: PrintedNumber) -> bool:
    return judged(value, p, "≈")[0] is Word.CONFIRMED


def _agrees(x: arb, p: PrintedNumber) -> bool:
    return bool(abs(x - exact_ball(p.value)) <= exact_ball(p.unit / 2))


def _of_calculation(side: Node, other: Node) -> Slip:
    """Return the edit of a calculation that leads to the value of the other side."""
    p, value = printed(other), number(other)
    best, found = Slip(), []
    tried = list(islice((*whole(side), *edited(side)), MOST))
    of_digits = sum(said in OF_NUMBERS for said, _ in tried)
    for said, changed in tried:
        try:
            x = number(changed)
        except FAILS:
            continue
        if arb(x).is_finite() and (_is_right(x, p) if p is not None else (arb(x) - arb(value)).contains(0)):
            among = of_digits if said in OF_NUMBERS else len(tried) - of_digits
            found.append(Slip(said, _strength(said, value, p, among)))
    return max(found, key=lambda s: s.strength, default=best)


def _strength(said: str, value: Value, p: PrintedNumber | None, among: int) -> Strength:
    """Return how much it says that an edit, one among many, leads to a value."""
    if said == POINT:
        return Strength.WEAK
    if p is not None:
        return _by_digits(_digits(p) + 1 - len(str(among // FEW_EDITS)))
    integer = value.unique_fmpz() if isinstance(value, arb) else None
    size = max(abs(value.p), value.q) if isinstance(value, fmpq) else LARGE if integer is None else abs(integer)
    if size < LARGE:
        return Strength.WEAK
    return Strength.LIKELY if said in OF_NUMBERS or said == PART else Strength.SURE


def _digits(p: PrintedNumber) -> int:
    """Return how many digits of a printed number say something: zeros at the end of a whole one do not."""
    return len(str(abs(p.value / p.coarse).__floor__()).lstrip("0"))


def _by_digits(digits: int) -> Strength:
    return Strength(min(max(digits - 1, 1), 3))


def _of_letters(left: Node, right: Node) -> Slip:
    """Return the edit that makes two formulas with letters equal at points."""
    some = _some(left, right)
    if not some:
        return Slip()
    if said := _factor(left, right, some):
        return Slip(said, Strength.SURE)
    return next((Slip(said, Strength.SURE) for said, _ in restored(left, right) if said != SQUARE), Slip())


def restored(left: Node, right: Node) -> Iterator[tuple[str, tuple[Node, Node]]]:
    """Yield the edits that make two formulas with letters equal at points, each with the two sides that it leads to."""
    letters, some = symbols(left) | symbols(right), _some(left, right)
    for side, other in ((left, right), (right, left)) if some else ():
        values = [ball(evaluate(other, point)) for point in some]
        for said, changed in islice((*whole(side), *edited(side, letters)), MOST):
            try:
                pairs = zip(some, values, strict=True)
                if all(d.is_finite() and d.contains(0) for d in (ball(evaluate(changed, p)) - v for p, v in pairs)):
                    yield said, (changed, other) if side is left else (other, changed)
            except FAILS:
                continue


def _some(left: Node, right: Node) -> list[dict[str, fmpq]]:
    """Return points at which two formulas have values; none where these are too few."""
    names = tuple(sorted(symbols(left) | symbols(right)))
    some = [p for p in points(names, "", whole=ends(left, right)) if _has_values(left, right, p)][:TRIED]
    return some if len(some) == TRIED else []


def _factor(left: Node, right: Node, some: Sequence[dict[str, fmpq]]) -> str:
    """Return by which number, or part of the formula or its slope, two sides differ at all points, or nothing."""
    x, y = ([ball(evaluate(side, point)) for point in some] for side in (left, right))
    ratios = [a / b for a, b in zip(x, y, strict=True)]
    differences = [a - b for a, b in zip(x, y, strict=True)]
    if not all(r.is_finite() and r != 0 for r in ratios):
        return ""
    if any(all((r - n).contains(0) for r in of) for n in SMALL_FACTORS for of in (ratios, [1 / r for r in ratios])):
        return "a factor"
    if any(all((abs(d) - n).contains(0) for d in differences) for n in (1, 2, arb(1) / 2)):
        return "a number that is added"
    for part in dict.fromkeys(n for side in (left, right) for n in walk(side) if symbols(n)):
        slopes = [Derivative(part, letter) for letter in sorted(symbols(part))]
        for factor in (part, *slopes):
            try:
                values = [ball(evaluate(factor, point)) for point in some]
            except FAILS:
                continue
            for of in (ratios, [1 / r for r in ratios], differences, [-d for d in differences]):
                if all((r - v).is_finite() and (r - v).contains(0) for r, v in zip(of, values, strict=True)):
                    return "a factor or a term"
    return ""


def _has_values(left: Node, right: Node, point: dict[str, fmpq]) -> bool:
    try:
        return all(ball(evaluate(side, point)).is_finite() for side in (left, right))
    except FAILS:
        return False
