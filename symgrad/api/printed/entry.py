"""The check "as printed" of an entry of a derivative: the page is read, and compared at places of small arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random

import numpy as np

from symgrad.algebra.dimension import Size, named, number
from symgrad.api.printed.pages import read_pages
from symgrad.api.printed.truth import Truth
from symgrad.api.printed.witness import Witness, compared, pages_of
from symgrad.evidence.compare import Comparison, Judge
from symgrad.evidence.evidence import Check
from symgrad.export.derivative import Presentation
from symgrad.network.asked import Asked
from symgrad.reading.page.array.sizes import in_shape, unit_change
from symgrad.reading.page.document import Equation, Page
from symgrad.reading.page.value import Evaluation, Key
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Name, Partial

MOST_PLACES = 12
"""Entries that are compared at one point, drawn where there are more."""


def check_entry(
    presentation: Presentation,
    asked: tuple[Asked, Asked],
    pages: Mapping[str, str] | None = None,
    seed: int = 0,
    digits: int = 60,
) -> Check:
    """Read pages of an entry, by format, and compare what they say with backpropagation; by default text and LaTeX."""
    shown = pages if pages is not None else pages_of(presentation.document())
    read = read_pages(shown, presentation.typesetter.suited)
    witness = EntryWitness(presentation, seed, digits, asked)
    return compared(
        read, witness, f"{', '.join(shown)}; {presentation.notation.name} notation, up to {MOST_PLACES} places a draw"
    )


@dataclass
class EntryStatement:
    """A page that says what an entry is."""

    page: Page
    asked: tuple[Asked, Asked]

    def compare(self, truth: Truth, of: Key, wrt: Key, at: Mapping[str, int], *, judge: Judge) -> Comparison:
        """Compare the entry with that of a pull-back, at the places that are drawn."""
        at, keys = {**truth.ends, **at}, (of, wrt)
        places = list(self._letters(truth, keys))
        found = [self._at(truth, keys, {**at, **x}, e, judge) for x in places for e in self.page.equations]
        return next((c for c in WORST_FIRST if c in found), Comparison.UNDEFINED)

    def _letters(self, truth: Truth, keys: tuple[Key, Key]) -> Iterator[dict[str, int]]:
        """Yield numbers for the letters of the places, as the page writes them."""
        axes = [
            (n, size)
            for a, key in zip(self.asked, keys, strict=True)
            for n, size in zip(a.places, np.shape(truth.value(key)), strict=False)
        ]
        letters = {d.name: 0 for n, _ in axes for d in named(n) if d not in truth.values.sizes}
        longest = max((size for _, size in axes), default=1)
        numbers = (dict(zip(letters, n, strict=True)) for n in product(range(1, longest + 1), repeat=len(letters)))
        able = [at for at in numbers if all(1 <= _number(truth, n, at) <= size for n, size in axes)]
        for at in Random(0).sample(able, min(len(able), MOST_PLACES)):
            yield {truth.spelled(s): n for s, n in at.items()}

    def _at(self, truth: Truth, keys: tuple[Key, Key], at: dict[str, int], e: Equation, judge: Judge) -> Comparison:
        left, right = e.sides
        assert isinstance(left, Partial)
        evaluation = Evaluation(truth.given(), at, self.page.order, self.page.layout or "numerator")
        places: list[tuple[int, ...]] = []
        for a, key, name in zip(self.asked, keys, (left.of, left.wrt), strict=True):
            letters = {s: at[truth.spelled(s)] for s in a.letters if truth.spelled(s) in at}
            wanted = tuple(_number(truth, n, letters) for n in a.places)
            same = isinstance(name, Name) and evaluation.key_of(name, at) == key
            if not isinstance(name, Name) or not same or evaluation.places_of(name, at) != wanted:
                raise NotUnderstoodError(f"the page is not about {a}")
            places.append(tuple(k - 1 for k in wanted))
        of, wrt = keys
        seed = unit_change(truth.value(of), places[0], truth.A.number(1), truth.A.number(0))
        pulled = truth.pulled(of, wrt, seed)
        shape = np.shape(truth.value(wrt))
        expected = truth.A.number(0) if pulled is None else np.reshape(pulled, shape)[places[1]]
        return judge(in_shape(evaluation.value(right, at), ()), expected)


def _number(truth: Truth, n: Size, at: Mapping[str, int]) -> int:
    """Return a place as a number."""
    return number(n, {d: at[d.name] if d.name in at else truth.values.sizes[d][0] for d in named(n)})


WORST_FIRST = (Comparison.DISJOINT, Comparison.UNDEFINED, Comparison.WIDE, Comparison.AGREE)


class EntryWitness(Witness):
    """Compares a page about an entry with backpropagation."""

    def __init__(self, presentation: Presentation, seed: int, digits: int, asked: tuple[Asked, Asked]) -> None:
        super().__init__(presentation, seed, digits)
        self.asked = asked

    def said(self, page: Page) -> EntryStatement:
        """Return what a page says; NotUnderstoodError for a line that is not about the entry."""
        for e in (*page.equations, *page.conditions):
            if e.reason:
                raise NotUnderstoodError(f"not read: {e.text or 'a formula'}: {e.reason}")
        for e in page.equations:
            if len(e.sides) != 2 or e.relations != ("=",) or not isinstance(e.sides[0], Partial):
                raise NotUnderstoodError(f"the line {e.text} says nothing that is checked")
        if not page.equations:
            raise NotUnderstoodError("the page says nothing of the derivative")
        return EntryStatement(page, self.asked)
