"""The logistic function, where the text names it, with a slip of the pen: σ(x) = 1/(1 - e^{-x})."""

from __future__ import annotations

from fractions import Fraction

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.finding import Judgement, Word
from symgrad.audit.words.meaning import meanings
from symgrad.reading.known import USUAL
from symgrad.reading.tree import Apply, Node, Number, Symbol

KIND = "activation"
ONE = Number(Fraction(1), "1")
MEANT = r"\frac{1}{1 + e^{-x}}"


def misprinted(case: Case) -> Judgement | None:
    """Refute σ(x) = … where the text names the logistic function alone and one wrong sign explains the formula.

    A mirrored one, 1/(1 + e^x), is a note: some texts call it so. None for any other formula, which may define σ.
    """
    if case.relation != "=" or meanings(case.passage).get("sigma") != (USUAL,) or case.passage.role in ("let", "if"):
        return None
    match case.left:
        case Apply(name, (Symbol(letter),), 0) if name == USUAL:
            for wrong, word, why in _slips(Symbol(letter)):
                if compare(wrong, case.right).word is Word.CONFIRMED:
                    return Judgement(word, MEANT.replace("x", letter if len(letter) == 1 else f"\\{letter}"), why, KIND)
    return None


def _slips(x: Symbol) -> list[tuple[Node, Word, str]]:
    """Return what is printed for 1/(1 + e^{-x}) by one slip, and what is wrong with it."""
    up, down = (Apply("^", (Apply("e", ()), exponent)) for exponent in (x, Apply("neg", (x,))))
    pole = "it has a pole at 0"
    over = [Apply("/", (ONE, Apply("-", pair))) for pair in ((ONE, down), (down, ONE), (ONE, up), (up, ONE))]
    return [
        *((wrong, Word.REFUTED, pole) for wrong in over),
        (Apply("/", (up, Apply("-", (ONE, up)))), Word.REFUTED, pole),
        (Apply("/", (down, Apply("-", (ONE, down)))), Word.REFUTED, pole),
        (Apply("+", (ONE, down)), Word.NOTE, "parentheses are missing"),
        (Apply("/", (ONE, Apply("+", (ONE, up)))), Word.NOTE, "it is the logistic function of the opposite number"),
    ]
