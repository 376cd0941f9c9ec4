"""The activations of the registry by the names that texts give them, Leaky ReLU, hard-swish, GELU.

A name may have several definitions: GELU is exact or by tanh, LeakyReLU has the slope 0.01 or 0.2. Each is read, and
where any parameter will do, what holds for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, partial

from symgrad.ops.elementwise import Elementwise, activations
from symgrad.ops.regularity import Regularity, regularity

LONGEST = 40
ANY = "(?)"
"""Stands behind the name of a function whose parameters the text does not say."""
SPREAD = (-3, -1, 0, 2)
"""Parameters that stand for any; together with the known ones they differ wherever a parameter matters."""
USUAL = "sigmoid"
"""What trees call the logistic function, which σ is where nothing else is said."""
OLD = {"logistic": USUAL}
"""What trees call a function otherwise than the registry does."""


_HYPHENS = re.compile(r"[-_\s\\]")


def key(word: str) -> str:
    """Return a name without case, spaces and hyphens.

    >>> key("Leaky ReLU"), key("hard-swish")
    ('leakyrelu', 'hardswish')
    """
    return _HYPHENS.sub("", word).lower() if len(word) <= LONGEST else ""


def is_known(word: str) -> bool:
    """Tell whether texts call an activation so."""
    return key(word) in _spelled(activations())


def _spelled(records: tuple[Elementwise, ...]) -> dict[str, tuple[str, ...]]:
    """Return by each name what trees call its definitions, the usual one first; kept for the last records."""
    if not _SPELLED or _SPELLED[0][0] is not records:  # records are equal at a glance, and dear to hash
        _SPELLED[:] = [(records, _definitions_of(records))]
    return _SPELLED[0][1]


_SPELLED: list[tuple[tuple[Elementwise, ...], dict[str, tuple[str, ...]]]] = []


def _definitions_of(records: tuple[Elementwise, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for f in records:
        name = OLD.get(f.name, f.name)
        variants = (name, *(f"{name}({', '.join(map(str, values))})" for values in f.common))
        for word in dict.fromkeys(key(w) for w in f.spellings):
            found[word] = found.get(word, ()) + ((*variants, name + ANY) if f.free else variants)
    return found


def definitions(word: str) -> tuple[str, ...]:
    """Return what trees call the definitions of a name, the usual one first; none for another word.

    >>> definitions("GELU"), definitions("Swish")
    (('gelu', 'gelu_tanh'), ('silu',))
    """
    return _spelled(activations()).get(key(word), ())


def with_parameter(name: str, value: Fraction) -> str | None:
    """Return what trees call a function with another parameter; None where it has not exactly one, or not this.

    >>> with_parameter("leaky_relu", Fraction(3, 10)), with_parameter("mish", Fraction(2))
    ('leaky_relu(3/10)', None)
    """
    found = records(name)
    if not found or len(found[0].parameters) != 1 or (found[0].positive and value <= 0):
        return None
    return f"{name}({value})"


def records(name: str) -> tuple[Elementwise, ...]:
    """Return the functions that a name in a tree stands for: one, or several where any parameter will do.

    >>> [f.values for f in records("leaky_relu(1/5)")], len(records("tanh")), records("sin")
    ([(Fraction(1, 5),)], 1, ())
    """
    return _found(activations())(name)


def _found(known: tuple[Elementwise, ...]) -> Callable[[str], tuple[Elementwise, ...]]:
    """Return the search among some records, which keeps what it has found; the last search is kept by them."""
    kept = _SEARCHES.get(id(known))
    if kept is None or kept[0] is not known:
        _SEARCHES.clear()
        kept = _SEARCHES[id(known)] = known, lru_cache(maxsize=256)(partial(_records, known=known))
    return kept[1]


_SEARCHES: dict[int, tuple[tuple[Elementwise, ...], Callable[[str], tuple[Elementwise, ...]]]] = {}


def _records(name: str, known: tuple[Elementwise, ...]) -> tuple[Elementwise, ...]:
    plain, _, inside = name.removesuffix(")").partition("(")
    found = next((f for f in known if OLD.get(f.name, f.name) == plain), None)
    if found is None:
        return ()
    if not inside:
        return (found,)
    if inside != "?":
        return (found.with_parameters(*map(Fraction, inside.split(", "))),)
    others = [(Fraction(q),) for q in SPREAD if not found.positive or q > 0]
    return (found, *(found.with_parameters(*values) for values in (*found.common, *others)))


def shown(name: str) -> str:
    """Return how a function of a tree is called in a sentence.

    >>> shown("leaky_relu(1/5)"), shown("sin")
    ('LeakyReLU', 'sin')
    """
    found = records(name)
    return found[0].text if found else name


def is_analytic(name: str) -> bool:
    """Tell whether a name in a tree is an activation that is analytic."""
    found = records(name)
    return bool(found) and all(regularity(f) is Regularity.ANALYTIC for f in found)


def is_activation(name: str) -> bool:
    """Tell whether a name in a tree is an activation."""
    return bool(records(name))


def known_by_output() -> tuple[str, ...]:
    """Return what trees call the analytic activations whose slope is known by their value alone.

    >>> known_by_output()[:2]
    ('sigmoid', 'tanh')
    """
    found = (f for f in activations() if f.slope_of_output and regularity(f) is Regularity.ANALYTIC)
    return tuple(OLD.get(f.name, f.name) for f in found)
