"""Two identities at once: sin(a ± b) = sin a cos b ± sin b cos a, cos(a ± b) = cos a cos b ∓ sin a sin b."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from symgrad.audit.case import Case
from symgrad.audit.checks.formula import identity as identities
from symgrad.audit.finding import Judgement, Word
from symgrad.reading.tree import Apply, Node, Unknown, rebuilt, symbols, walk

KIND = "identity"
MOST = 4


def both_signs(case: Case) -> Judgement | None:
    """Judge an equation between formulas with ± in both; None for any other claim.

    ± and ∓ are read alike: it is right where it holds for some signs and for the opposite ones, and wrong where it
    differs for all.
    """
    left, right = case.nodes[-2:]
    counts = [sum(map(_is_sign, walk(side))) for side in (left, right)]
    if case.relation != "=" or not all(counts) or sum(counts) > MOST or symbols(left) != symbols(right):
        return None
    said = {signs: _with(case, signs) for signs in product((1, -1), repeat=sum(counts))}
    words = {signs: None if j is None else j.word for signs, j in said.items()}
    if any(w is Word.CONFIRMED and words[tuple(-s for s in signs)] is w for signs, w in words.items()):
        return Judgement(Word.CONFIRMED, reason="for both signs", kind=KIND)
    if all(w is Word.REFUTED for w in words.values()):
        first = said[(1,) * sum(counts)]
        assert first is not None
        sides = tuple(_signed(side, (1,) * MOST) for side in (left, right))
        return replace(first, reason=f"for both signs, {first.reason}", sides=(sides[0], sides[1]))
    return None


def _is_sign(n: Node) -> bool:
    return isinstance(n, Unknown) and n.name == "±"


def _with(case: Case, signs: Sequence[int]) -> Judgement | None:
    """Judge the equation with one choice of its signs."""
    counted = sum(map(_is_sign, walk(case.left)))
    nodes = _signed(case.left, signs[:counted]), _signed(case.right, signs[counted:])
    return identities.identity(replace(case, nodes=nodes))


def _signed(node: Node, signs: Sequence[int]) -> Node:
    """Return a formula with + or - in the place of each ±."""
    return _put(node, iter(signs))


def _put(node: Node, signs: Iterator[int]) -> Node:
    match node:
        case Unknown("±", (left, right)):
            sign = "+" if next(signs) > 0 else "-"
            return Apply(sign, (_put(left, signs), _put(right, signs)))
        case Unknown("±", (inner,)):
            positive = next(signs) > 0
            return _put(inner, signs) if positive else Apply("neg", (_put(inner, signs),))
    return rebuilt(node, lambda n: _put(n, signs))
