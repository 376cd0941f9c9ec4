"""Softmax with cross-entropy: of p = softmax(z) and L = -∑ y_k log p_k the gradient by z is p - y."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flint import fmpq

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.network.costs import COSTS
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Derivative, Node, Symbol, symbols
from symgrad.reading.value import UndefinedError, evaluate

KIND = "softmax"
_LETTER = r"((?:\\hat\s*\{?\s*|\\)?[A-Za-z]+)\}?"
_COST = re.compile(
    rf"(\w)\s*(?:\([^()]*\))?\s*&?\s*:?=\s*-\s*\\sum\s*(?:_\{{?[^{{}}]*\}}?)?(?:\^\{{?\w+\}}?)?\s*"
    rf"{_LETTER}_\{{?(\w)\}}?\s*(?:\\cdot\s*)?\\(?:log|ln)\s*(?:\\left)?\(?\s*{_LETTER}_\{{?\3\}}?"
)
"""L = -∑ y_k log p_k: the cost, what is wanted, and what the network says."""
_SOFTMAX = r"soft-?max\}}?\s*(?:\\left)?\(\s*(?:\\mathbf\s*\{{?)?{0}\b|e\^\{{?\s*{0}_"
VALUES = (fmpq(3, 10), fmpq(1, 7)), (fmpq(1, 5), fmpq(2, 3))


def cross_entropy(case: Case) -> Judgement | None:
    """Judge ∂L/∂z where the text has a softmax of z and its cross-entropy L; None for any other claim."""
    if case.relation != "=":
        return None
    match case.left:
        case Derivative(Symbol(cost), wrt, 1) if cost in COSTS:
            letter, _, index = wrt.partition("_")
        case _:
            return None
    texts = [*(text for _, text in case.passage.definitions), case.passage.text]
    around = f"{case.passage.before} {' '.join(texts)}"
    if "softmax" not in around.lower():
        return None
    for of, wanted, said in _costs(texts):
        names = [name + (f"_{index}" if index else "") for name in (said, wanted)]
        if of != cost or letter in (wanted, said) or not symbols(case.right) <= set(names) or not symbols(case.right):
            continue
        if _agrees(case.right, names, 1):
            return Judgement(Word.CONFIRMED, reason="the gradient of softmax with cross-entropy", kind=KIND)
        certain = re.search(_SOFTMAX.format(re.escape(letter)), around, re.IGNORECASE)
        if certain and _agrees(case.right, names, -1):
            return Judgement(Word.REFUTED, " - ".join(map(_shown, names)), "its sign is wrong", KIND)
        return unchecked("perhaps of another network than a softmax", KIND)
    return None


def _costs(texts: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the cost, what is wanted, and what the network says, of each cross-entropy that formulas define."""
    for text in texts:
        for found in _COST.finditer(text):
            yield found[1], _name(found[2]), _name(found[4])


def _name(printed: str) -> str:
    """Return a letter as trees call it."""
    accent = re.match(r"\\hat\s*\{?\s*(\w+)", printed)
    return f"hat {accent[1]}" if accent else printed.lstrip("\\")


def _shown(name: str) -> str:
    """Return a letter as it is printed.

    >>> print(_shown("hat y_i"))
    \\hat{y}_i
    """
    accent, _, letter = name.rpartition(" ")
    base, index = letter[:1], letter[1:]
    return f"\\{accent}{{{base}}}{index}" if accent else name


def _agrees(right: Node, names: list[str], sign: int) -> bool:
    """Tell whether a formula is the difference of two letters, or the opposite of it."""
    try:
        return all(evaluate(right, {names[0]: p, names[1]: y}) == sign * (p - y) for p, y in VALUES)
    except (NotUnderstoodError, UndefinedError):
        return False
