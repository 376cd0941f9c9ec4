"""The system of what a text gives: formulas in their order, and words as "independent"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from flint import fmpq

from symgrad.audit.case import is_closed
from symgrad.audit.chance.sets.event import MOST, Chance, Event, chance
from symgrad.audit.chance.sets.system import System
from symgrad.reading.tree import Chain
from symgrad.reading.value import evaluate

INDEPENDENT = re.compile(
    r"(?<!not )(?<!nicht )\b(?:independent|unabhängige?|indépendants?|independientes)\b(?! variable)", re.IGNORECASE
)
DISJOINT = re.compile(
    r"(?<!not )(?<!nicht )\b(?:disjoint|mutually exclusive|incompatible|disjunkte?|unvereinbar|excluyentes)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Known:
    """What is given: the system, and whether it began anew because something contradicted what
    stood before, or something in it is only likely; given: what it holds by itself."""

    system: System
    anew: bool
    given: frozenset[Chance] = frozenset()


def _with_parts(system: System) -> bool:
    """Add that B_1, B_2, … exclude each other where their probabilities add up to 1; return whether some do."""
    found = False
    for base in {x.partition("_")[0] for x in system.letters if "_" in x}:
        parts = [Event(x) for x in system.letters if x.partition("_")[0] == base and x != base]
        values = [v for part in parts if (v := system.value(Chance(part))) is not None]
        if 1 < len(parts) == len(values) and sum(values, fmpq(0)) == 1:
            found = True
            for a, b in combinations(parts, 2):
                system.add(system.row(Event("and", (a, b))), fmpq(0))
    return found


def said(chains: Iterable[Chain]) -> Iterator[tuple[Chance, fmpq]]:
    """Yield the probabilities that chains say: the first calculation behind P(A)."""
    for found in chains:
        first = found.sides[0].node
        of = None if first is None or found.asked else chance(first)
        if of is None or not set(found.relations) <= {"=", "≈"} or "≈" in found.relations[:1]:
            continue
        for side in found.sides[1:]:
            if is_closed(side.node) and side.node is not None:
                value = evaluate(side.node, {})
                if isinstance(value, fmpq) and 0 <= value <= 1:
                    yield of, value
                break


def system_of(given: list[tuple[Chance, fmpq]], words: str, letters: frozenset[str]) -> Known | None:
    """Return what is given of some events; None where there are too many of them."""
    names = sorted(frozenset[str]().union(letters, *(of.letters() for of, _ in given)))
    if not 0 < len(names) <= MOST:
        return None
    system, anew = System(names), False
    for n, (of, value) in enumerate(given):
        plain = of.given is None and not of.event.parts
        repeated = plain and any(of == before for before, _ in given[:n])
        new = None if repeated else system.say(of, value)
        if new is None:
            system, anew = System(names), True
            system.say(of, value)
    for a, b in combinations(names, 2) if len(names) == 2 else ():
        both = Event("and", (Event(a), Event(b)))
        if DISJOINT.search(words):
            system.add(system.row(both), fmpq(0))
        one, other = (system.value(Chance(Event(x))) for x in (a, b))
        if INDEPENDENT.search(words) and one is not None and other is not None:
            system.add(system.row(both), one * other)
    anew = _with_parts(system) or anew
    return Known(system, anew, frozenset(of for of, _ in given))
