"""Derivatives entry by entry, ∂s_i^{(j)}/∂a_k^{(j)} = σ'(a_i^{(j)}) for k = i, 0 otherwise; and matrices of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from symgrad.algebra.index import Place
from symgrad.api.printed.truth import Truth
from symgrad.audit.network.statement import Statement
from symgrad.audit.network.values import INDICES, truth_of
from symgrad.evidence.compare import Comparison, compare
from symgrad.reading.page.array.kinds import Value
from symgrad.reading.page.array.sizes import in_shape
from symgrad.reading.page.lexicon import Lexicon, Meaning
from symgrad.reading.page.value import Evaluation, Given
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Call, Name, Node, Number, Partial, Tuple, walk

DEPTH = 4
SUBSCRIPTS = frozenset("ikmpqr")
DOTS = frozenset(["⋯", "⋮", "⋱", "…"])
_SIZE = re.compile(r"\bd\b(?=[^()\n]*\)$)", re.MULTILINE)
Key = tuple[str, Place]


@dataclass(frozen=True)
class _Entries(Lexicon):
    """The quantities of a network, and their entries: a_1^{(j)} of a_j, W_{1,2} of W."""

    ranks: tuple[tuple[str, int, bool], ...] = ()

    def find(self, name: Name) -> Meaning | None:
        """Return what a printed name stands for; of an entry the name holds its subscripts, "a@1"."""
        for base, rank, indexed in self.ranks:
            layered = name.above is not None and name.bracket == "("
            if name.base == base and len(name.below) == rank > 0 and layered == indexed:
                places = [x.value for x in name.below if isinstance(x, Number)]
                if len(places) == rank:
                    return Meaning(f"{base}@{','.join(str(int(p)) for p in places)}", name.above)
        return super().find(name)


def has_entries(said: Statement) -> bool:
    """Tell whether a statement is about entries, or about a matrix that is written out."""
    nodes = [n for side in (said.left, said.right) for n in walk(side)]
    return isinstance(said.right, Tuple) or any(isinstance(n, Name) and n.bracket == "(" and n.below for n in nodes)


def entries_agree(model: str, said: Statement, diagonal: bool, layout: str) -> bool:
    """Compare a statement on a network, at every choice of its subscripts; ``diagonal``: off k = i it says 0.

    Raises NotUnderstoodError where it has no value, SymgradError for what is no network.
    """
    if isinstance(said.right, Tuple):
        return _matrix_agrees(model, said, layout)
    truth = truth_of(model, "subscript", DEPTH, False)
    given, count = _given(truth), 0
    letters = sorted({x.base for n in _names(said.left) for x in n.below if isinstance(x, Name)} & SUBSCRIPTS)
    with truth.A.working():
        for numbers in product(range(1, 4), repeat=len(letters)):
            at = dict(zip(letters, numbers, strict=True))
            try:
                left = _value(truth, given, _put(said.left, at), layout)
            except IndexError:
                continue
            off = diagonal and len(set(numbers)) > 1
            right = truth.A.number(0) if off else _value(truth, given, _put(said.right, at), layout)
            if compare(left, in_shape(right, ())) is not Comparison.AGREE:
                return False
            count += 1
    return count > 1


def _matrix_agrees(model: str, said: Statement, layout: str) -> bool:
    """Compare the entries of a matrix that are written out; dots stand for what is left out."""
    rows = [r.items for r in said.right.items if isinstance(r, Tuple)] if isinstance(said.right, Tuple) else []
    if not rows or not isinstance(said.left, Partial) or len({len(r) for r in rows}) != 1:
        raise NotUnderstoodError("a matrix that is none")
    truth = truth_of(_SIZE.sub(str(len(rows)), model), "subscript", DEPTH, False)
    given, count = _given(truth), 0
    with truth.A.working():
        left = Evaluation(given, INDICES, layout=layout).value(said.left)
        if not isinstance(left, np.ndarray) or left.shape != (len(rows), len(rows[0])):
            raise NotUnderstoodError("a matrix of another size")
        for (i, items), k in product(enumerate(rows), range(len(rows[0]))):
            if _is_dots(items[k]):
                continue
            try:
                entry = _value(truth, given, _put(items[k], {"d": left.shape[0]}), layout)
            except IndexError:
                raise NotUnderstoodError("an entry that there is not") from None
            if compare(left[i, k], in_shape(entry, ())) is not Comparison.AGREE:
                return False
            count += 1
    return count > 1


def _is_dots(node: Node) -> bool:
    return isinstance(node, Apply) and node.name in DOTS


def _names(node: Node) -> Iterator[Name]:
    yield from (n for n in walk(node) if isinstance(n, Name))


def _given(truth: Truth) -> Given:
    """Return what entries are evaluated with."""
    whole, network = truth.given(), truth.network
    ranks = tuple((name, np.ndim(next(iter(layers.values()))), None not in layers) for name, layers in _layers(truth))
    known = _Entries(whole.lexicon.entries, "subscript", ranks)

    def quantity(name: str, index: Place) -> Value:
        base, places = _split(name)
        found = whole.quantity(base, index)
        return found[places if len(places) > 1 else (places[0], 0)] if places else found

    def derivative(of: Key, wrt: Key, immediate: bool) -> Value:
        (above, i), (below, k) = _split(of[0]), _split(wrt[0])
        found = whole.derivative((above, of[1]), (below, wrt[1]), immediate)
        if not i and not k:
            return found
        if not isinstance(found, np.ndarray):
            return found
        if len(k) == 2 and not i:
            return found[k[::-1]]
        return found[i[0] if i else 0, k[0] if k else 0]

    assert network.symbol
    return replace(whole, lexicon=known, quantity=quantity, derivative=derivative)


def _layers(truth: Truth) -> Iterator[tuple[str, Mapping[int | None, Any]]]:
    for name, layers in truth.values.env.items():
        if layers:
            yield name, {k: x for k, x in layers.items() if not isinstance(k, tuple)}


def _split(name: str) -> tuple[str, tuple[int, ...]]:
    base, _, places = name.partition("@")
    return base, tuple(int(p) - 1 for p in places.split(",") if p)


def _value(truth: Truth, given: Given, node: Node, layout: str) -> Value:
    """Return the value of an entry; sums over subscripts are written out."""
    return Evaluation(given, INDICES, layout=layout).value(_expanded(truth, given, node))


def _expanded(truth: Truth, given: Given, node: Node) -> Node:
    match node:
        case Big("∑", variable, Number(low), high, body) if variable in SUBSCRIPTS:
            last = truth.A.number(0) + Evaluation(given, INDICES).value(high)
            size = int(float(last.mid()))
            terms = tuple(_put(body, {variable: n}) for n in range(int(low), size + 1))
            return Apply("+", terms) if len(terms) > 1 else terms[0]
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_expanded(truth, given, a) for a in arguments), primes)
    return node


def _put(node: Node, at: Mapping[str, int]) -> Node:
    """Put numbers in the place of letters among the subscripts of names."""
    match node:
        case Name(below=below):
            return replace(node, below=tuple(_number(x, at) for x in below))
        case Partial(of, wrt, immediate):
            above, under = _put(of, at), _put(wrt, at)
            assert isinstance(above, Name)
            assert isinstance(under, Name)
            return Partial(above, under, immediate)
        case Call(function, arguments, by):
            return Call(function, tuple(_put(a, at) for a in arguments), by)
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_put(a, at) for a in arguments), primes)
        case Big(body=body):
            return replace(node, body=_put(body, at))
    return node


def _number(node: Node, at: Mapping[str, int]) -> Node:
    if isinstance(node, Name) and node == Name(node.base) and node.base in at:
        return Number(Fraction(at[node.base]), str(at[node.base]))
    return node
