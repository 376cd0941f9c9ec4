"""What the names on a page stand for: θ̂_{max,j} is the j-th of theta_hat_max."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from symgrad.algebra.greek import GREEK
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Name, Node, Number, Tuple

ACCENTS = frozenset(["hat", "bar", "tilde", "dot", "vec"])
PLACES = {"superscript": "", "bracket": "[", "parenthesis": "("}


@dataclass(frozen=True)
class Entry:
    """Something that has a name: what it is called, how the page spells it, and how many indices it carries.

    above: which of them stands above the name where the page writes an index there, None where none does.
    axes: of an array, whose entries and parts have places behind the indices.
    """

    name: str
    spelled: str
    indexed: int = 0
    above: int | None = 0
    axes: int = 0


@dataclass(frozen=True)
class Meaning:
    """What a printed name stands for: an entry, its index, a Tuple of several, and what it is raised to.

    places: of a part of an array, x_2, W_{:,1}.
    """

    name: str
    index: Node | None = None
    power: Node | None = None
    places: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """The entries of a page. place: where an index stands, subscript, superscript, bracket or parenthesis.

    >>> a, w = Entry("a", "A", True), Entry("w_max", "w_max")
    >>> Lexicon((a, w), "bracket").find(Name("A", above=Number(3, "3"), bracket="["))
    Meaning(name='a', index=Number(value=3, ...), power=None, places=())
    """

    entries: tuple[Entry, ...]
    place: str = "subscript"

    @cached_property
    def _spellings(self) -> dict[tuple[str, tuple[str, ...]], list[tuple[Entry, tuple[str, ...]]]]:
        """By base and accents: the entries that may be spelled so, each with what stands below it."""
        found: dict[tuple[str, tuple[str, ...]], list[tuple[Entry, tuple[str, ...]]]] = {}
        for entry in self.entries:
            for base, accents, below in spellings(entry.spelled):
                found.setdefault((base, accents), []).append((entry, below))
        return found

    def find(self, name: Name) -> Meaning | None:
        """Return what a printed name stands for, None for nothing; raises NotUnderstoodError where it is not clear."""
        found = set(self._candidates(name))
        found = {m for m in found if not m.places} or found
        if len(found) > 1:
            several = " or ".join(sorted(m.name for m in found))
            raise NotUnderstoodError(f"the name {shown(name)} may stand for {several}")
        return found.pop() if found else None

    def _candidates(self, name: Name) -> Iterable[Meaning]:
        for entry, below in self._spellings.get((name.base, name.accents), []):
            yield from self._meanings(entry, below, name, ())
            whole = len(name.below) - entry.axes
            if entry.axes and whole >= len(below):
                yield from self._meanings(entry, below, replace(name, below=name.below[:whole]), name.below[whole:])

    def _meanings(
        self, entry: Entry, below: tuple[str, ...], name: Name, places: tuple[Node, ...]
    ) -> Iterable[Meaning]:
        """Yield what a name stands for, without the places of a part."""
        printed = tuple(map(shown, name.below))
        own, indices = printed[: len(below)], name.below[len(below) :]
        if not entry.indexed:
            if printed == below:
                yield Meaning(entry.name, None, name.above, places)
        elif own != below:
            return
        elif self.place == "subscript" or entry.above is None:
            if len(indices) == entry.indexed:
                yield Meaning(entry.name, _together(indices), name.above, places)
        elif name.above is not None and name.bracket == PLACES[self.place] and len(indices) == entry.indexed - 1:
            above = _together((*indices[: entry.above], name.above, *indices[entry.above :]))
            yield Meaning(entry.name, above, None, places)


def _together(indices: tuple[Node, ...]) -> Node:
    return indices[0] if len(indices) == 1 else Tuple(indices)


def spellings(name: str) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return the ways in which a name may be printed: whole, and as a letter with accents and subscripts.

    >>> sorted(spellings("x1_hat"))
    [('x', ('hat',), ('1',)), ('x1', ('hat',), ()), ('x1_hat', (), ())]
    """
    base, *rest = [p for p in name.split("_") if p] or [name]
    accents = tuple(p for p in rest if p in ACCENTS)
    below = tuple(GREEK.get(p, p) for p in rest if p not in ACCENTS)
    found = {(name, (), ()), (base, accents, below)}
    if numbered := re.fullmatch(r"([^\W\d_]+?)(\d+)", base):
        found.add((GREEK.get(numbered[1], numbered[1]), accents, (numbered[2], *below)))
    return found


def shown(node: Node) -> str:
    """Return an index or a name as one line of text."""
    match node:
        case Number(_, text):
            return text
        case Name(base, accents, below, above, bracket, primes):
            word = "".join([base, *(f"_{a}" for a in accents), "'" * primes])
            word += f"_{','.join(map(shown, below))}" if below else ""
            return word + (f"^{bracket}{shown(above)}" if above is not None else "")
        case Apply("+", (first, *others)):
            return shown(first) + "".join(shown(x) if _is_negative(x) else f"+{shown(x)}" for x in others)
        case Apply("neg", (inner,)):
            return f"-{shown(inner)}"
        case Apply("*", factors):
            return "".join(map(shown, factors))
        case Apply(":", ends):
            return ":".join(map(shown, ends)) or ":"
    return "…"


def _is_negative(node: Node) -> bool:
    return isinstance(node, Apply) and node.name == "neg"
