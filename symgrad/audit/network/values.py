"""A network that a text speaks of, at drawn values: what each printed derivative by name is worth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from symgrad.api.model import Model, parse
from symgrad.api.printed.known import Known
from symgrad.api.printed.truth import Truth
from symgrad.audit.network.statement import Statement, names, numbers
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.draw import Draw
from symgrad.evidence.verify import test_functions
from symgrad.export.notation import Notation
from symgrad.network.bind import bind_network
from symgrad.network.read import builtin_names, read_builtin
from symgrad.reading.page import array as V
from symgrad.reading.page.defined import Definition
from symgrad.reading.page.value import Evaluation
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Big, Name, Node, Partial, walk

INDICES = {"L": 4, "T": 4, "t": 4, "k": 1, "m": 1, "j": 3, "l": 3, "i": 3}
"""Numbers for the letters of indices, in a network of 4 layers."""
COSTS = ("C", "L", "E", "J", "ell", "loss", "cost")
"""Letters of a cost that a network need not define: any function of its last layer."""
DIGITS, SEED = 40, 0
DEEPEST = 200
"""The greatest index that is written out."""
LAYOUTS = ("numerator", "denominator")
ORDERS = ("highest", "lowest")
PLACES = ((re.compile(r"\^\{?\["), "bracket"), (re.compile(r"\^\{?\("), "parenthesis"))


@dataclass(frozen=True)
class Found:
    """What comparing says: agree or not, in which layout, and whether a row is told from a column by it alone."""

    agrees: bool
    layout: str = "numerator"
    flat: bool = False


def compared(
    model: str, said: Statement, defined: tuple[Definition, ...], text: str, layouts: tuple[str, ...] = LAYOUTS
) -> Found:
    """Compare the sides of a statement on a network; right in any layout, order of ∏ or reading of ∂⁺ is right.

    Raises NotUnderstoodError where it has no value, SymgradError for what is no network.
    """
    reason, differs = "", False
    place = next((name for pattern, name in PLACES if pattern.search(text)), "subscript")
    for layout in layouts:
        for order in ORDERS if "\\prod" in text or "∏" in text else ORDERS[:1]:
            for step in (False, True) if _is_immediate(said, defined) else (False,):
                try:
                    if (flat := _agrees(closed(model, said), said, defined, place, layout, order, step)) is not None:
                        return Found(True, layout, flat)
                    differs = True
                except NotUnderstoodError as error:
                    reason = reason or str(error)
    if not differs:
        raise NotUnderstoodError(reason)
    return Found(False)


def _is_immediate(said: Statement, defined: tuple[Definition, ...]) -> bool:
    nodes = [said.left, said.right, *(d.right for d in defined)]
    return any(p.immediate for node in nodes for p in _partials(node))


def _partials(node: Node) -> Iterator[Partial]:
    yield from (n for n in walk(node) if isinstance(n, Partial))


def closed(model: str, said: Statement) -> str:
    """Return a network with a cost, where the statement speaks of one that it does not define."""
    if model in builtin_names():
        return model
    partials = [p for node in (said.left, said.right) for p in _partials(node)]
    used = {p.of.base for p in partials if isinstance(p.of, Name) and p.of == Name(p.of.base) and p.of.base in COSTS}
    return _with(model, sorted(used))


def with_cost(model: str, letter: str) -> Model:
    """Return a network with a cost of this letter, if it is a letter of costs that the network does not define."""
    if model in builtin_names() or letter not in COSTS:
        return _network(model)
    return _network(_with(model, [letter]))


def _with(model: str, costs: Sequence[str]) -> str:
    network = _network(model)
    missing = [c for c in costs if c not in network.names]
    last = network.steps[-1].target.name if network.steps else ""
    if not missing or not last:
        return model
    return "\n".join([model, *(f"{c} = loss({last}[{network.depth_symbol}])" for c in missing)])


@lru_cache(maxsize=32)
def _network(model: str) -> Model:
    return read_builtin(model, kind=Model) if model in builtin_names() else parse(model)


def _agrees(
    model: str, said: Statement, defined: tuple[Definition, ...], place: str, layout: str, order: str, step: bool
) -> bool | None:
    """Compare both sides at every depth and choice of indices; None where they differ, else whether they are flat."""
    flat: bool | None = None
    for depth, at in _cases(said, _network(model)):
        truth = truth_of(model, place, depth, step)
        lexicon = truth.known.quantities
        own = tuple(d for d in defined if lexicon.find(d.left) is None)  # type: ignore[arg-type]
        with truth.A.working():
            left, right = _sides(truth, said, own, at, layout, order)
            result = _same(left, right)
        if result is Comparison.DISJOINT:
            return None
        if result is not Comparison.AGREE:
            raise NotUnderstoodError(f"balls that are {result.value}")
        flat = flat is not False and (not isinstance(left, np.ndarray) or 1 in left.shape)
    return flat


def _sides(
    truth: Truth, said: Statement, defined: tuple[Definition, ...], at: dict[str, int], layout: str, order: str
) -> tuple[Any, Any]:
    """Return the values of both sides."""
    evaluation = Evaluation(truth.given(), at, order, layout, defined)
    left = V.dense(evaluation.value(said.left))
    if said.change is not None:
        return _applied(truth, said, said.change, defined, at, layout, order)
    return left, evaluation.value(said.right)


def _applied(
    truth: Truth,
    said: Statement,
    change: Name,
    defined: tuple[Definition, ...],
    at: dict[str, int],
    layout: str,
    order: str,
) -> tuple[Any, Any]:
    """Return the sides of ∂s/∂W dW = ... as matrices in numerator layout, with a column for each entry of W."""
    assert isinstance(said.left, Partial)
    whole = Evaluation(truth.given(), at, order, "numerator", defined)
    name, index = whole.quantity_of(change, at)
    like = truth.given().quantity(name, index)
    one, zero = truth.A.number(1), truth.A.number(0)
    columns = [
        Evaluation(truth.given(), at, order, layout, defined, {change: V.unit(like, place, one, zero)}).value(
            said.right
        )
        for place in V.places(like)
    ]
    return V.dense(whole.value(said.left)), V.beside(columns)


def _same(left: Any, right: Any) -> Comparison:
    if not isinstance(left, np.ndarray):
        if isinstance(left, V.Multiple):
            raise NotUnderstoodError("a left side of no size")
        return compare(left, V.fitted(right, ()))
    whole = V.dense(right)
    if isinstance(whole, np.ndarray) and whole.shape != left.shape and 1 in whole.shape and whole.size == left.size:
        return compare(left.T.reshape(1, -1), whole.reshape(1, -1))
    return compare(left, V.fitted(right, left.shape))


def _cases(said: Statement, network: Model) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield depths, and numbers for the letters of indices: the depth, an early layer, a middle one."""
    written = numbers(said.left) | numbers(said.right)
    printed = {n.base for node in (said.left, said.right) for n in names(node)}
    inner = {n.variable for node in (said.left, said.right) for n in walk(node) if isinstance(n, Big)}
    greatest = max(written, default=0)
    if greatest > DEEPEST:
        raise NotUnderstoodError(f"the index {greatest}")
    ends = {"L", "T", "t"} & printed
    depths = (4, 5) if ends or not written else (greatest,) if printed & set(COSTS) else (max(greatest, 4),)
    for n, depth in enumerate(depths):
        if depth < greatest or depth < 1:
            continue
        at = INDICES | {"L": depth, "T": depth, "t": depth, "k": 1 + n, "m": 1 + n}
        if "T" in printed:
            at["t"] = 2
        free = printed - network.names.keys() - inner
        yield depth, {letter: number for letter, number in at.items() if letter in free}


@lru_cache(maxsize=48)
def truth_of(model: str, place: str, depth: int, step: bool) -> Truth:
    """Return a network at drawn values; place: where its indices are printed; step: what ∂⁺ holds fixed."""
    network = _network(model)
    bound = bind_network(network, test_functions(network, SEED))
    return Truth(Known(bound, Notation("printed", place)), Draw(bound, depth, SEED), DIGITS, step)
