"""Functions of listings beside what the text defines above them."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.defined import remembered
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.definitions import put
from symgrad.audit.finding import Judgement, Word
from symgrad.reading.tree import Symbol, Unknown

KIND = "code"


def coded(case: Case) -> Judgement | None:
    """Compare a function f of a listing with the f that the text defines above it; None for any other claim."""
    if case.passage.kind != "function":
        return None
    match case.left:
        case Unknown(name, (Symbol(variable),), 0):
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
