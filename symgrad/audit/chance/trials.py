"""The settings in which a claim is tried: one where all letters have values, several where some are drawn."""

from __future__ import annotations

from collections.abc import Mapping

from flint import fmpq

from symgrad.audit.case import Case, is_closed
from symgrad.audit.chance.candidates import TRIALS, Candidate, drawn
from symgrad.audit.chance.events import letters_in
from symgrad.audit.chance.laws.law import Law, root
from symgrad.audit.chance.setting import Setting
from symgrad.audit.given import known_before
from symgrad.reading.tree import Symbol, Unknown, is_event, symbols, walk
from symgrad.reading.value import UndefinedError, Value, evaluate

TRANSFORMS = ("M", "m", "G")


def settings(case: Case, chosen: Mapping[str, Candidate], independent: bool) -> list[Setting]:
    """Return settings for a claim; raises UndefinedError where the parameters of a law are none."""
    given = {n.name: v for n, v in known_before(case).items() if isinstance(n, Symbol) and n.name not in chosen}
    values = {name: evaluate(node, {}) for name, node in given.items() if is_closed(node)}
    values = {name: value for name, value in values.items() if not isinstance(value, list)}
    for candidate in chosen.values():
        values |= candidate.named()
    kinds = {x: kind for c in chosen.values() for x, kind in c.kinds() if x not in values}
    free = _free(case, chosen) - values.keys() - kinds.keys()
    found = []
    for trial in range(TRIALS if kinds or free - {"mu", "sigma"} else 1):
        letters: dict[str, Value] = dict(values)
        letters |= {x: drawn(kind, n, trial) for n, (x, kind) in enumerate(sorted(kinds.items()))}
        laws = {x: c.law(letters) for x, c in chosen.items()}
        setting = Setting(laws, letters, case.reading, independent)
        letters |= _usual(free, setting)
        small = _of_transforms(case)
        for n, x in enumerate(sorted(free - letters.keys())):
            letters[x] = fmpq(1, 40 + 7 * trial + 3 * n) if x in small else _inside(laws, n, trial)
        setting.parameters = frozenset(kinds)
        setting.free = frozenset(free - values.keys() - {"mu", "sigma"})
        setting.drawn = bool(kinds or free - values.keys() - {"mu", "sigma"})
        found.append(setting)
    return found


def _free(case: Case, chosen: Mapping[str, Candidate]) -> frozenset[str]:
    """Return the letters of a claim that are neither random nor in a name."""
    found = {x for x in letters_in(case.nodes[-2:], case.reading) if not is_event(Symbol(x))}
    named = {x for x in found if x.partition("_")[0] in ("mu", "sigma") and x.partition("_")[2] in chosen}
    return frozenset(found) - chosen.keys() - named - {"E", "Var", "∞"}


def _usual(free: frozenset[str], setting: Setting) -> dict[str, Value]:
    """Return μ and σ of the only law that there is."""
    law = setting.only()
    if law is None or not free & {"mu", "sigma"}:
        return {}
    setting.doubts.add("μ and σ may be those of another law")
    found = {"mu": law.mean} if "mu" in free else {}
    return {**found, "sigma": root(law.variance)} if "sigma" in free else found


def _of_transforms(case: Case) -> frozenset[str]:
    """Return the letters that a transform is of, which are near 0."""
    found = frozenset[str]()
    for side in case.nodes[-2:]:
        for n in walk(side):
            if isinstance(n, Unknown) and n.name.partition("_")[0] in TRANSFORMS:
                found |= frozenset[str]().union(*map(symbols, n.arguments))
            elif isinstance(n, Unknown) and n.name == "E":
                found |= frozenset("t") & symbols(n.arguments[0])
    return found


def _inside(laws: Mapping[str, Law], number: int, trial: int) -> Value:
    """Return a value that a random variable takes; letters that follow each other ascend."""
    inside = laws[min(laws)].inside
    if not inside:
        raise UndefinedError("a law without values")
    return inside[min(number + trial % 3, len(inside) - 1)]
