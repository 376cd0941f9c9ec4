"""What one claim says about its text: the notation that is in it, and whether a slip of the pen explains an error."""

from __future__ import annotations

from symgrad.audit.doubt.slip import Slip, Strength, slip
from symgrad.audit.finding import Evidence, Judgement, Word
from symgrad.reading.tree import Apply, Big, Derivative, Integral, Node, Number, Symbol, Tuple, Unknown, walk

SMALL = 100
"""Integers below it may be residues, bits or labels."""
BOUNDS = ("≤", "≥")
"""How the value of a bound begins that is right but for the equality."""
OF_SMALL_SUMS = frozenset(("small", "+", "-", "*", "neg"))
"""The notation of sums and products of small whole numbers, which may be sizes, bits or labels."""
SAID = frozenset((Word.CONFIRMED, Word.NOTE, Word.REFUTED, Word.IMPOSSIBLE))


def evidence(said: Judgement, left: Node, right: Node, composed: bool = False) -> Evidence | None:
    """Return what a judged claim says about its text; None for one that says nothing.

    composed: whether it is put together, of cells or with numbers for letters.
    """
    wrong = said.word.flags or said.excused
    if not wrong and said.word not in SAID:
        return None
    found = slip(left, right) if said.word.flags else None
    if found is not None and said.value[:1] in BOUNDS:
        found = Slip("an equality that is left out", Strength.SURE)
    found = found or Slip()
    notation = traits(left, right)
    if found.strength < Strength.SURE and (composed or notation <= OF_SMALL_SUMS):
        found = Slip(found.said)
    return Evidence(wrong, notation, found.said, int(found.strength))


def traits(*sides: Node) -> frozenset[str]:
    """Return what is in a claim: its operators and functions, letters, decimals, large and small whole numbers.

    >>> from fractions import Fraction
    >>> sorted(traits(Apply("+", (Symbol("x"), Number(Fraction(1), "1")))))
    ['+', 'letters', 'small']
    """
    return frozenset(trait for side in sides for n in walk(side) if (trait := _trait(n)))


def _trait(n: Node) -> str:
    match n:
        case Number(value, _, places):
            return "decimals" if places else "small" if value < SMALL else "large"
        case Symbol("pi"):
            return "π"
        case Symbol():
            return "letters"
        case Apply(name):
            return name
        case Unknown():
            return "unknown"
        case Derivative():
            return "derivative"
        case Integral():
            return "integral"
        case Big(sign):
            return sign
        case Tuple():
            return "vector"
    return ""
