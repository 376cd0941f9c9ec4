"""Functions of listings beside what their names say of them: a sigmoid function rises, a slope may be by the value."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from symgrad.audit.checks.formula.points import compare, is_constant, points
from symgrad.audit.definitions import put
from symgrad.audit.finding import Judgement, Word
from symgrad.reading.known import USUAL
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Number, Symbol, symbols
from symgrad.reading.value import UndefinedError, ball, evaluate

KIND = "code"


def by_name(left: Node, right: Node) -> Judgement | None:
    """Judge what a listing calls a sigmoid function and is not the logistic one, and a slope by the value."""
    match left:
        case Apply(name, (Symbol(letter),), 0) if name == USUAL:
            if not _rises(right, letter):
                return Judgement(Word.REFUTED, reason="as a function of that name it does not rise", kind=KIND)
        case Apply(name, (Symbol(letter),), 1) if name == USUAL:
            bipolar = Apply("tanh", (Apply("/", (Symbol(letter), Number(Fraction(2), "2"))),))  # 2 σ(x) - 1
            slope = Derivative(bipolar, letter)
            if any(compare(slope, x).word is Word.CONFIRMED for x in (right, put(right, {letter: bipolar}))):
                return Judgement(Word.NOTE, reason="it holds for the sigmoid from -1 to 1", kind=KIND)
        case Apply(name, (Symbol(),), 0) if name != "tanh":
            return Judgement(Word.NOTE, reason=f"another {name}, or one with a parameter", kind=KIND)
        case Derivative(body, letter, 1):
            if compare(left, put(right, {letter: body})).word is Word.CONFIRMED:
                said = f"it holds with the value of the function in the place of {letter}"
                return Judgement(Word.NOTE, reason=said, kind=KIND)
            ratio = Apply("/", (right, left))
            if symbols(right) and is_constant(ratio) and _rises(Apply("*", (ratio, Symbol(letter))), letter):
                return Judgement(Word.NOTE, reason="it holds but for a constant factor", kind=KIND)
    return None


def _rises(node: Node, letter: str) -> bool:
    """Tell whether a function rises from point to point, or may."""
    places = sorted((point[letter] for point in points((letter,), "")), key=float)
    try:
        values = [ball(evaluate(node, {letter: x})) for x in dict.fromkeys(places)]
    except (UndefinedError, NotUnderstoodError):
        return True
    return not any(bool(b < a) for a, b in pairwise(values))
