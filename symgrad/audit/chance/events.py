"""Probabilities of events: P(X > 3), P(1 < X ≤ 2), P(|X - μ| < 2σ), P(X > 3 | X > 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flint import fmpq

from symgrad.audit.chance.laws.law import Law, root
from symgrad.audit.chance.region import Interval, Region, met, region
from symgrad.audit.chance.setting import Setting
from symgrad.audit.parsed import parsed
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import EVENT, Chain, Node, Symbol, is_event, symbols, walk
from symgrad.reading.value import UndefinedError, Value

_OR, _AND = re.compile(r" (?:or|oder|ou|o|cup) "), re.compile(r" (?:and|und|et|y|cap) ")
_WORD = re.compile(r"(?<![\\A-Za-z_])([a-z]{2,}|[A-Z][a-z]+)(?![a-z])")


def probability(event: str, setting: Setting) -> Value:
    """Return the probability of an event, or of one given another."""
    tokens = event.split(" ")
    bars = [n for n, token in enumerate(tokens) if token == "|"]
    if len(bars) == 1:
        letter, law, both = _region(" ".join(tokens[: bars[0]]), setting)
        other, _, given = _region(" ".join(tokens[bars[0] + 1 :]), setting)
        if other != letter:
            raise NotUnderstoodError("a probability of one letter given another")
        return _of(met(both, given), law, setting) / _nonzero(_of(given, law, setting))
    _, law, found = _region(event, setting)
    return _of(found, law, setting)


def _region(event: str, setting: Setting) -> tuple[str, Law, Region]:
    """Return the random letter of an event, its law, and where it is; an event may be one or another."""
    parts = [_where(part, setting) for part in _OR.split(event)]
    (letter, law, found), *others = parts
    for other, _, more in others:
        if other != letter or met(found, more):
            raise NotUnderstoodError("events that meet")
        found = (*found, *more)
    return letter, law, found


def _of(found: Region, law: Law, setting: Setting) -> Value:
    total: Value = fmpq(0)
    for inside in found:
        if not law.discrete and inside.low is not None and inside.low == inside.high:
            setting.doubts.add("a probability at a point")
        total = total + setting.chances(law, inside)
    return total


def _nonzero(x: Value) -> Value:
    if not x > 0:
        raise UndefinedError("a condition of probability 0")
    return x


def letters_of_event(node: Node, reading: Reading) -> frozenset[str]:
    """Return the letters that stand in an event."""
    event = node.name.removeprefix(EVENT) if isinstance(node, Symbol) else ""
    found = frozenset[str]()
    parts = event.split(" | ") if event.count(" | ") == 1 else [event]
    for part in [p for both in parts for one in _OR.split(both) for p in _AND.split(one)]:
        parse = parsed(_WORD.sub(r"\\\1", part), reading)
        chains = () if isinstance(parse, str) else parse[0]
        found |= frozenset[str]().union(*(symbols(s.node) for c in chains for s in c.sides if s.node is not None))
    return found


def letters_in(sides: Iterable[Node], reading: Reading) -> frozenset[str]:
    """Return the letters of formulas, those of events too."""
    found = frozenset[str]()
    for side in sides:
        events = (letters_of_event(n, reading) for n in walk(side) if is_event(n))
        found = (found | symbols(side)).union(*events)
    return found


def _letters(chain: Chain) -> frozenset[str]:
    return frozenset[str]().union(*(symbols(s.node) for s in chain.sides if s.node is not None))


def _where(event: str, setting: Setting) -> tuple[str, Law, Region]:
    """Return the random letter of an event, its law, and where it is."""
    parse = parsed(_WORD.sub(r"\\\1", _AND.sub(" , ", event)), setting.reading)
    if isinstance(parse, str) or not parse[0]:
        raise NotUnderstoodError("an event")
    chains = parse[0]
    inside = frozenset[str]().union(*map(_letters, chains))
    named = inside & setting.laws.keys()
    if len(named) != 1:
        raise NotUnderstoodError("an event of no random variable, or of several")
    letter = min(named)
    law = setting.laws[letter]
    usual: dict[str, Value] = {}
    if setting.only() is not None and {"mu", "sigma"} & inside:
        usual = {"mu": law.mean, "sigma": root(law.variance)}
    letters = {**{k: v for k, v in usual.items() if k not in setting.letters}, **setting.letters}
    found: Region = (Interval(),)
    for chain in chains:
        found = met(found, region(chain, letter, letters))
    return letter, law, found
