"""The Jacobian of softmax, entry by entry: ∂p_i/∂z_j = p_i (δ_ij - p_j), in exact fractions."""

from __future__ import annotations

import re
from itertools import product

from flint import fmpq

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Derivative, Symbol, symbols
from symgrad.reading.value import UndefinedError, evaluate

KIND = "softmax"
VALUES = (fmpq(1, 10), fmpq(2, 10), fmpq(3, 10), fmpq(4, 10))
"""A softmax: numbers above 0 with the sum 1."""
_SOFTMAX = re.compile(r"soft-?max|e\^\{?\s*[a-z]_[a-z]\s*\}?\s*\}?\s*\{\s*\\sum", re.IGNORECASE)
_WHERE = ((True, r"{0}\s*=\s*{1}\b"), (False, r"{0}\s*(?:\\neq?|\\not=|≠|!=)\s*{1}\b"))
"""How a text says which entries it means."""


def softmax(case: Case) -> Judgement | None:
    """Judge an entry of the Jacobian where the text speaks of softmax; None for any other claim.

    What is right only for i = j, or only for other entries, is noted, unless the text says which is meant.
    """
    match case.left:
        case Derivative(Symbol(of), wrt, 1) if case.relation == "=":
            (p, _, i), (z, _, j) = of.partition("_"), wrt.partition("_")
        case _:
            return None
    names = {f"{p}_{i}", f"{p}_{j}", f"delta_{i}{j}", f"delta_{j}{i}"}
    if len(i) != 1 or len(j) != 1 or p == z or not symbols(case.right) or not symbols(case.right) <= names:
        return None
    passage = case.passage
    around = passage.before + passage.after + " ".join(text for _, text in passage.definitions)
    if not _SOFTMAX.search(around):
        return None
    right = {same: _agrees(case, p, i, j, same) for same in (True, False) if same or i != j}
    if None in right.values():
        return unchecked("an entry that has no value", KIND)
    said = passage.text + passage.after[:40] + passage.before[-40:]
    for same, pattern in _WHERE:
        if i != j and re.search(pattern.format(i, j), said):
            right = {same: right[same]}
    if all(right.values()):
        return Judgement(Word.CONFIRMED, reason="entry by entry, exactly", kind=KIND)
    if any(right.values()):
        where = f"{i} = {j}" if right[True] else f"{i} ≠ {j}"
        return Judgement(Word.NOTE, reason=f"right for {where} only", kind=KIND)
    return Judgement(Word.REFUTED, f"{p}_{i}(δ_{i}{j} - {p}_{j})", "it differs at every entry", KIND)


def _agrees(case: Case, p: str, i: str, j: str, same: bool) -> bool | None:
    """Tell whether the right side is the entry for all i = j, or for all others; None where it has no value."""
    for a, b in product(range(len(VALUES)), repeat=2):
        if (a == b) != same:
            continue
        delta = fmpq(int(same))
        letters = {f"{p}_{j}": VALUES[b], f"{p}_{i}": VALUES[a], f"delta_{i}{j}": delta, f"delta_{j}{i}": delta}
        try:
            if evaluate(case.right, letters) != VALUES[a] * (delta - VALUES[b]):
                return False
        except (NotUnderstoodError, UndefinedError):
            return None
    return True
