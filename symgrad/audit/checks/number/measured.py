r"""Calculations with units: 5\text{ kg} \cdot 2\text{ m/s}^2 = 10\text{ N}, 36\text{ km/h} = 10\text{ m/s}."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.formula import asked
from symgrad.audit.checks.number import numeric as numbers
from symgrad.audit.checks.number.given_quantity import put_together
from symgrad.audit.checks.number.link import number
from symgrad.audit.checks.number.quantity import (
    Chosen,
    NoQuantityError,
    Quantity,
    choices,
    has_units,
    quantity,
    scaled,
)
from symgrad.audit.checks.number.rounding import COARSE, printed
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.kinds import kind
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import UNIT, Node, Symbol, walk
from symgrad.reading.value import UndefinedError, ball

KIND = "numeric"
WITH_UNITS = "with its units"
"""How the reason of a claim begins that holds so."""
RIGHT = (Word.CONFIRMED, Word.NOTE)
RELATIONS = ("=", "≈", "<", ">", "≤", "≥")
ORDER = list(Word)
NEAR = Fraction(1, 50)
"""By less a quantity may be off where the scale of a unit has many digits, of which people print few."""


def measured(case: Case) -> Judgement | None:
    """Judge a relation between calculations with units; None where they have none, or one at the end that is the same.

    It is right where it holds with its units. Where only its numbers agree, the author may have left units out.
    """
    if not case.measured or case.relation not in RELATIONS:
        return None
    sides = case.measured[-2:]
    left, right = sides
    if not case.closed:
        return _of_given(case)
    if left is None or right is None:
        return _of_numbers(case, "a word beside the units that is none")
    if _is_at_the_end(case) or not has_units(left):
        alone = numbers.numeric(case)
        if alone is not None and alone.word.flags and not has_units(left) and _is_in_the_base(case, right):
            return unchecked("perhaps in the basic unit on the left", KIND)
        return None if alone is None else _rounded(alone, (case.left, case.right))
    found = list(_with_units(case, left, right))
    if not found:
        return _of_numbers(case, "the dimensions differ, or a unit is left out", has_units(right))
    best, chosen = min(found, key=lambda said: ORDER.index(said[0].word))
    if best.word in RIGHT:
        return replace(best, reason=f"{WITH_UNITS}, {best.reason}" if best.reason else WITH_UNITS)
    alone = numbers.numeric(case)
    if alone is not None and alone.word in RIGHT:
        if not has_units(right):
            return alone
        return Judgement(Word.NOTE, best.value, f"the units differ: {_named(left)} and {_named(right)}", KIND)
    if best.word is not Word.REFUTED:
        return best
    if not has_units(right):
        return unchecked("a unit is left out", KIND)
    if any(meaning.loose for meaning in chosen.values()):
        return unchecked("a unit that may mean something else", KIND)
    if any(meaning.rounded for meaning in chosen.values()) and _is_near(left, right, chosen):
        return unchecked("the scale of a unit is perhaps rounded", KIND)
    return best


def _of_given(case: Case) -> Judgement | None:
    """Confirm a formula that holds with the quantities that the text gives for its letters; None for any other."""
    said = _put_in(case)
    if right := next((j for j in said if j.word in RIGHT), None):
        return replace(right, reason=f"{WITH_UNITS} and the quantities that are given above")
    alone = asked.given_values(case) if said and said[0].word is Word.REFUTED else None
    if alone is None or alone.word not in RIGHT:
        return None
    return Judgement(Word.NOTE, said[0].value, "the units differ from those of what is given above", KIND)


def _put_in(case: Case) -> list[Judgement]:
    """Return how a formula is judged with the quantities that the text gives; nothing where it gives too little."""
    sides = put_together(case) if case.relation in ("=", "≈") and case.passage.kind == "math" else None
    if sides is None or isinstance(case.left, Symbol) or not all(map(has_units, sides)):
        return []
    return [judgement for judgement, _ in _with_units(replace(case, measured=sides), *sides)]


def left_out(case: Case, said: Judgement) -> str:
    """Return why a claim of another kind, judged without the units in it, need not be wrong; or nothing."""
    if (
        said.kind == KIND
        or kind(said.kind).always
        or not any(n is not None and has_units(n) for n in case.measured[-2:])
    ):
        return ""
    if _is_at_the_end(case):
        return ""
    with_units = [] if case.closed else _put_in(case)
    wrong = bool(with_units) and all(j.word is Word.REFUTED for j in with_units)
    return "" if wrong else "it is judged without its units"


def _is_at_the_end(case: Case) -> bool:
    """Tell whether both sides have the same unit and nothing else, at their end, or one of them has it alone."""
    inside = [n for n in case.measured[-2:] if n is not None and has_units(n)]
    units = case.units[-2:]
    return len(inside) == 2 and bool(units[0]) and units[0] == units[1]


def _of_numbers(case: Case, reason: str, both: bool = True) -> Judgement | None:
    """Judge the numbers alone: they may agree, and are not wrong."""
    alone = numbers.numeric(case)
    if alone is None:
        return None
    if alone.word in RIGHT and not both:
        return alone
    return unchecked(reason, KIND)


def _with_units(case: Case, left: Node, right: Node) -> Iterator[tuple[Judgement, Chosen]]:
    """Yield the judgements with each meaning of the units in which both sides have the same dimension."""
    for chosen in choices(left, right):
        try:
            one, other = quantity(left, chosen), quantity(right, chosen)
        except NoQuantityError:
            continue
        if one.dimension != other.dimension:
            continue
        earlier = list(_carried(case, chosen, other))
        for nodes, turned in _sides(one, other):
            if all(map(is_closed, nodes)):
                said = numbers.numeric(replace(case, nodes=(*earlier, *nodes), units=(), measured=()))
                if said is not None:
                    said = said if turned else _rounded(said, nodes)
                    value = f"{said.value} {_named(right)}".strip() if said.value else ""
                    yield replace(said, value=value, sides=said.sides or nodes), chosen


def _rounded(said: Judgement, nodes: tuple[Node, Node]) -> Judgement:
    """Return a judgement; a quantity is measured, and a whole number of units a rounded one."""
    shown = printed(nodes[1])
    if said.word not in (Word.REFUTED, Word.NOTE) or shown is None or not shown.exact or said.sides:
        return said
    off = abs(ball(number(nodes[0])) - exact_ball(shown.value))
    if bool(off <= exact_ball(shown.unit / 2)) and bool(off < exact_ball(COARSE) * abs(exact_ball(shown.value))):
        return Judgement(Word.CONFIRMED, "", "rounded", KIND)
    return Judgement(Word.NOTE, said.value, "rounded", KIND) if bool(off <= exact_ball(shown.coarse / 2)) else said


def _sides(one: Quantity, other: Quantity) -> Iterator[tuple[tuple[Node, Node], bool]]:
    """Yield both sides in the units of the right one, and turned: those of the left one, where it is a decimal."""
    yield (scaled(one.node, one.scale / other.scale), scaled(other.node, Fraction(1))), False
    shown = None if one.node is None or one.scale == other.scale else printed(one.node)
    if one.node is not None and shown is not None and not shown.exact:
        yield (scaled(other.node, other.scale / one.scale), one.node), True


def _carried(case: Case, chosen: Chosen, last: Quantity) -> Iterator[Node]:
    """Yield the sides before, in the units of the last one, whose values may be carried on."""
    for node in case.measured[:-2]:
        if node is None or any(_name(n) and _name(n) not in chosen for n in walk(node)):
            continue
        try:
            found = quantity(node, chosen)
        except NoQuantityError:
            continue
        if found.dimension == last.dimension and found.node is not None and is_closed(found.node):
            yield scaled(found.node, found.scale / last.scale)


def _is_in_the_base(case: Case, right: Node) -> bool:
    """Tell whether the left side has no unit and is right in the base of that on the right: √1.4e-4 = 1.19 cm."""
    for chosen in choices(right):
        try:
            left = scaled(case.left, 1 / quantity(right, chosen).scale)
        except NoQuantityError:
            continue
        said = numbers.numeric(replace(case, nodes=(left, case.right), units=(), measured=()))
        if said is not None and said.word in RIGHT:
            return True
    return False


def _is_near(left: Node, right: Node, chosen: Chosen) -> bool:
    one, other = quantity(left, chosen), quantity(right, chosen)
    try:
        x, y = (ball(number(scaled(q.node, q.scale))) for q in (one, other))
    except (UndefinedError, NotUnderstoodError):
        return True
    return bool(abs(x - y) < exact_ball(NEAR) * abs(x))


def _name(node: Node) -> str:
    return node.name.removeprefix(UNIT) if isinstance(node, Symbol) and node.name.startswith(UNIT) else ""


def _named(node: Node) -> str:
    """Return the units in a side, in their order, for a sentence."""
    names = list(dict.fromkeys(name for n in walk(node) if (name := _name(n))))
    return ", ".join(name.replace("*", "·") for name in reversed(names))
