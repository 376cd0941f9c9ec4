"""A derivative as printed entry by entry: ∂C/∂z_i = Σ_k W_{k,i} δ_k σ'(z_i)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.api.printed.formulas import DiffersError
from symgrad.api.printed.truth import Truth
from symgrad.calculus.numeric import placed
from symgrad.claims.component import Component
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.verify import cases_of
from symgrad.export.claims.components import of_components
from symgrad.export.notation import Notation
from symgrad.reading.page.array.kinds import Value, is_array
from symgrad.reading.page.array.sizes import dense
from symgrad.reading.page.document import Page
from symgrad.reading.page.lexicon import Lexicon, Meaning, shown
from symgrad.reading.page.value import At, Evaluation, Key
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Name, Node, Number, Partial, Tuple

if TYPE_CHECKING:
    from symgrad.api.printed.network import Derivations


@dataclass
class _Circumstances:
    notation: Notation
    layout: str
    seed: int
    digits: int


@dataclass
class _Entries(Evaluation):
    """Evaluates names with subscripts, the last of which number an entry. ranks: how many axes a quantity has."""

    ranks: dict[str, int] = field(default_factory=dict)
    whole: Lexicon = field(default_factory=lambda: Lexicon(()))
    truth: Truth | None = None

    def _name(self, name: Name, at: At) -> Value:
        found = self._split(name)
        if found is None:
            return super()._name(name, at)
        meaning, below = found
        value = self.given.quantity(meaning.name, self._index_of(meaning, at))
        x = _entry(value, [self.index(b, at) for b in below])
        return x if meaning.power is None else self._raised(x, meaning.power, at)

    def _partial(self, partial: Partial, at: At) -> Value:
        if isinstance(partial.of, Partial):
            raise NotUnderstoodError("an entry of a second derivative")
        (of, rows), (wrt, columns) = (self._part(q, at) for q in (partial.of, partial.wrt))
        found = self.given.derivative(of, wrt, partial.immediate)
        if self.ranks[of[0]] == 0 and self.ranks[wrt[0]] == 2:
            return _entry(found, columns[::-1])
        flat = dense(found) if is_array(found) else np.array([[found]], dtype=object)
        sizes = [self._sizes(q) for q in (of, wrt)]
        return flat[tuple(_flat(places, size) for places, size in zip((rows, columns), sizes, strict=True))]

    def _part(self, name: Name, at: At) -> tuple[Key, list[int]]:
        found = self._split(name)
        if found is None:
            return self.quantity_of(name, at), []
        meaning, below = found
        return (meaning.name, self._index_of(meaning, at)), [self.index(b, at) for b in below]

    def _index_of(self, meaning: Meaning, at: At) -> int | None:
        return None if meaning.index is None else self.index(meaning.index, at)

    def _sizes(self, q: Key) -> tuple[int, ...]:
        value = self.given.quantity(*q)
        return value.shape[: self.ranks[q[0]]] if is_array(value) else ()

    def _split(self, name: Name) -> tuple[Meaning, tuple[Node, ...]] | None:
        """Return the quantity of W_{k,i}^{(l)}, and k and i; None for what has no entries."""
        for rank in (1, 2):
            if len(name.below) >= rank:
                short = replace(name, below=name.below[:-rank])
                meaning = self.whole.find(short)
                if meaning is not None and self.ranks.get(meaning.name) == rank:
                    return meaning, name.below[-rank:]
        return None


def _entry(x: Value, place: list[int]) -> Value:
    if not is_array(x):
        return x
    whole = [*place, 1] if len(place) == 1 else place
    if not all(1 <= n <= size for n, size in zip(whole, x.shape, strict=True)):
        raise NotUnderstoodError("an entry that is not there")
    return x[tuple(n - 1 for n in whole)]


def _flat(place: list[int], size: tuple[int, ...]) -> int:
    at = 0
    for n, s in zip(place, size, strict=True):
        at = at * s + n - 1
    return at


def same_entries(
    claim: Component, page: Page, notation: Notation, layout: str, networks: Derivations, seed: int, digits: int
) -> int:
    """Compare the entries that a page gives of ∂of/∂wrt with backpropagation; return at how many points.

    Raises NotUnderstoodError where it is not read, and DiffersError where it says something else.
    """
    first, *matrices = page.equations
    if first.reason or any(e.reason for e in matrices):
        raise NotUnderstoodError(next(e.reason for e in page.equations if e.reason))
    count, unread = 0, NotUnderstoodError("no entry is known")
    for evaluation, of, wrt in _evaluations(claim, notation, layout, networks, seed, digits):
        shapes = [evaluation._sizes(q) for q in (of, wrt)]
        truth = evaluation.truth
        assert truth is not None  # _evaluations gives it
        with truth.A.working():
            for numbers in product(*(range(1, n + 1) for s in shapes for n in s)):
                at = {**evaluation.at, **dict(zip(claim.subscripts, numbers, strict=True))}
                if claim.diagonal and len(set(numbers)) > 1:
                    continue
                try:
                    values = [evaluation.value(side, at) for side in first.sides]
                except NotUnderstoodError as error:  # of the last layer there may be no next one
                    unread = error
                    break
                if compare(*values) is Comparison.DISJOINT:
                    raise DiffersError(f"the entry {numbers}, at depth {truth.depth}, {truth.draw}")
                count += compare(*values) is Comparison.AGREE
            if len(matrices) == 2:
                _check_grids(claim, evaluation, matrices[0].sides[1], matrices[1].sides[1], layout)
    if not count:
        raise unread
    return count


def _check_grids(claim: Component, evaluation: _Entries, named: Node, found: Node, layout: str) -> None:
    """Check that the matrix of derivatives is laid out as it says, and equal to the other where nothing has dots."""
    rows = [[r.items for r in g.items if isinstance(r, Tuple)] for g in (named, found) if isinstance(g, Tuple)]
    if len(rows) != 2 or [len(r) for r in rows[0]] != [len(r) for r in rows[1]]:
        raise DiffersError("the matrix of all entries")
    across: dict[int, Name] = {}
    for i, (names, entries) in enumerate(zip(*rows, strict=True)):
        for k, (name, x) in enumerate(zip(names, entries, strict=True)):
            if not isinstance(name, Partial) or isinstance(name.of, Partial):
                if x != name:  # dots
                    raise DiffersError("the matrix of all entries")
                continue
            line = i if layout == "numerator" else k
            if across.setdefault(line, name.of) != name.of:
                raise DiffersError(f"the {layout} layout of the matrix of all entries: {shown(name.of)}")
            if not all(isinstance(b, Number) for q in (name.of, name.wrt) for b in q.below):
                continue  # the last row, d, may be an earlier one in the sizes that are drawn
            try:
                values = [evaluation.value(node, evaluation.at) for node in (name, x)]
            except NotUnderstoodError:
                continue  # an entry beyond these sizes
            if compare(*values) is Comparison.DISJOINT:
                raise DiffersError("an entry of the matrix of all entries")


def _evaluations(
    claim: Component, notation: Notation, layout: str, networks: Derivations, seed: int, digits: int
) -> Iterator[tuple[_Entries, tuple[str, int | None], tuple[str, int | None]]]:
    form = claim.form if claim.form.network.steps or claim.form.network.grid else replace(claim.form, depth=1)
    network = form.network
    ranks = {
        name: len(network.shape(Quantity(name, Index(network.symbol) if indexed else None)))
        for name, indexed in network.names.items()
    }
    by = _Circumstances(of_components(claim, notation), layout, seed, digits)
    for depth, at in list(cases_of(form))[:3]:
        truth = networks.truth(network, depth, by, digits, False, False)
        printed = {truth.position(s): n for s, n in at.items()}
        entries = truth.quantities
        place = "parenthesis" if entries.place == "subscript" else entries.place
        evaluation = _Entries(truth.given(), printed)
        evaluation.ranks, evaluation.whole, evaluation.truth = ranks, Lexicon(entries.entries, place), truth
        of, wrt = placed(form.of, at), placed(form.wrt, at)
        if isinstance(of.index, int | None) and isinstance(wrt.index, int | None):
            yield evaluation, (of.name, of.index), (wrt.name, wrt.index)
