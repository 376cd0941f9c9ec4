"""Functions of listings: what the text defines above them, and what their names say."""

from __future__ import annotations

from itertools import pairwise

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import compare, points
from symgrad.audit.definitions import put
from symgrad.audit.finding import Judgement, Word
from symgrad.reading.known import USUAL
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Symbol, Unknown
from symgrad.reading.value import UndefinedError, ball, evaluate

KIND = "code"


def coded(case: Case) -> Judgement | None:
    """Compare a function f of a listing with the f that the text defines above it; None for any other claim."""
    if case.passage.kind != "function":
        return None
    match case.left:
        case Unknown(name, (Symbol(variable),), 0):
            from symgrad.audit.checks.formula.defined import remembered

            functions, _ = remembered(tuple(text for _, text in case.passage.definitions), case.reading)
            if name in functions:
                letter, body = functions[name]
                found = compare(put(body, {letter: Symbol(variable)}), case.right)
                if found.word is Word.CONFIRMED:
                    return Judgement(Word.CONFIRMED, reason=f"the {name} that is defined above", kind=KIND)
                if found.word is Word.REFUTED:
                    return Judgement(
                        Word.NOTE, reason=f"another {name} than is defined above, {found.reason}", kind=KIND
                    )
            return Judgement(Word.DEFINITION, reason="it says what the function is", kind=KIND)
    return None


def by_name(left: Node, right: Node) -> Judgement | None:
    """Judge what a listing calls a sigmoid function and is not the logistic one, and a slope by the value."""
    match left:
        case Apply(name, (Symbol(letter),), 0) if name == USUAL:
            if not _rises(right, letter):
                return Judgement(Word.REFUTED, reason="as a function of that name it does not rise", kind=KIND)
        case Derivative(body, letter, 1):
            if compare(left, put(right, {letter: body})).word is Word.CONFIRMED:
                said = f"it holds with the value of the function in the place of {letter}"
                return Judgement(Word.NOTE, reason=said, kind=KIND)
    return None


def _rises(node: Node, letter: str) -> bool:
    """Tell whether a function rises from point to point, or may."""
    places = sorted((point[letter] for point in points((letter,), "")), key=float)
    try:
        values = [ball(evaluate(node, {letter: x})) for x in dict.fromkeys(places)]
    except (UndefinedError, NotUnderstoodError):
        return True
    return not any(bool(b < a) for a, b in pairwise(values))
