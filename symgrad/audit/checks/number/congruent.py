r"""Congruences whose modulus is printed: 17 \equiv 5 \pmod{12}, (x + 1)^2 \equiv x^2 + 1 \pmod 2."""

from __future__ import annotations

import re
from math import gcd

from flint import fmpq

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.polynomial import terms
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import parsed
from symgrad.reading.modulus import MODULO
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Unknown
from symgrad.reading.value import UndefinedError, evaluate

KIND = "congruence"
_OPEN = re.compile(
    r"contradict|\bno (?:integers?|solutions?|such)|\bcannot\b|\bimpossible\b|\bnot\b|\bbut\b|\bsolv|[≢?]|\\not",
    re.IGNORECASE,
)
"""Words around a congruence that need not be claimed."""


def congruent(case: Case) -> Judgement | None:
    """Judge a ≡ b (mod n); None for any other relation. With letters it is only confirmed, for all integers."""
    if case.relation not in ("≡", "=") or not isinstance(modulus := _modulus(case), int):
        return None
    left, right = map(_side, case.nodes[-2:])
    x, y = (_integer(side, modulus) for side in (left, right))
    if x is not None and y is not None:
        if (x - y) % modulus == 0:
            return Judgement(Word.CONFIRMED, reason=f"modulo {modulus}", kind=KIND)
        around = f"{case.passage.before[-80:]} {case.passage.text} {case.passage.after[:80]}"
        if case.relation != "≡" or len(case.nodes) > 2 or _OPEN.search(around):
            return unchecked("perhaps a congruence that is not claimed", KIND)
        return Judgement(Word.REFUTED, str(x % modulus), f"modulo {modulus}", KIND)
    difference = terms(Apply("-", (left, right)))
    if difference is not None and all(c % modulus == 0 for c in difference.values()):
        return Judgement(Word.CONFIRMED, reason=f"modulo {modulus}, for all integers", kind=KIND)
    return unchecked("perhaps a congruence that is to be solved", KIND)


def _modulus(case: Case) -> int | None:
    """Return the modulus that is printed behind a side, or behind the last side of the chain."""
    parse = parsed(case.passage.text, case.reading)
    chains = [] if isinstance(parse, str) else [c for c in parse[0] if c.relations]
    last = chains[case.number].sides[-1].node if case.number < len(chains) else None
    for node in (case.right, *((last,) if last is not None else ())):
        match node:
            case Unknown(name, (_, Number(value))) if name == MODULO and value.denominator == 1 and value > 1:
                return int(value)
            case Apply("mod", (_, Number(value))) if case.relation == "≡" and value.denominator == 1 and value > 1:
                return int(value)
    return None


def _side(node: Node) -> Node:
    """Return a side without its modulus."""
    match node:
        case Unknown(name, (inner, _)) if name == MODULO:
            return inner
        case Apply("mod", (inner, Number())):
            return inner
    return node


def _integer(node: Node, modulus: int) -> int | None:
    """Return an integer that a calculation is congruent to, 1/2 to 4 modulo 7; None for any other."""
    try:
        value = evaluate(node, {})
    except (NotUnderstoodError, UndefinedError):
        return None
    if not isinstance(value, fmpq) or gcd(int(value.q), modulus) != 1:
        return None
    return int(value.p) * pow(int(value.q), -1, modulus) % modulus
