"""A network that a text speaks of, at drawn values: what each printed derivative by name is worth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from symgrad.api.model import Model, parse
from symgrad.api.printed.known import Known
from symgrad.api.printed.truth import Truth
from symgrad.audit.network.authors import DELTA, GRADIENT, rank
from symgrad.audit.network.costs import COSTS
from symgrad.audit.network.evaluation import COLUMNS, AuthorsEvaluation
from symgrad.audit.network.statement import Statement, names, numbers
from symgrad.calculus.layout_name import LAYOUTS
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.draw import Draw
from symgrad.evidence.verify import test_functions
from symgrad.export.notation import Notation
from symgrad.export.style import Style
from symgrad.network.bind import bind_network
from symgrad.network.built_in import builtin_names
from symgrad.network.functions import opaque
from symgrad.network.network import Network
from symgrad.network.read import read_builtin
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.reading.page.array.kinds import Multiple
from symgrad.reading.page.array.sizes import beside, dense, entry_places, in_shape, unit_change
from symgrad.reading.page.defined import Definition
from symgrad.reading.page.value import Evaluation
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Name, Node, Number, Partial, children, walk

INDICES = {"L": 4, "T": 4, "t": 4, "k": 1, "m": 1, "j": 3, "l": 3, "i": 3}
"""Numbers for the letters of indices, in a network of 4 layers."""
DIGITS, SEED = 40, 0
DEEPEST = 200
"""The greatest index that is written out."""
ORDERS = ("highest", "lowest")
PLACES = ((re.compile(r"\^\{?\["), "bracket"), (re.compile(r"\^\{?\("), "parenthesis"))
_ABOVE = re.compile(r"\^(?:\{\s*)?(?:[a-zL]|\d+\s*[+-])(?![A-Za-z])")
WRITTEN_OUT = ("logistic", "tanh")
"""Activations whose slopes texts write out by their value, 1 - a^2."""
UNFIT = "of shapes that do not fit"


@dataclass(frozen=True)
class Manner:
    """How a statement is read: where indices stand, in which layout and order of ∏, and with which activation.

    step: ∂⁺ holds the layers before fixed. immediate: so does every derivative by a parameter.
    """

    place: str = "subscript"
    layout: str = "numerator"
    order: str = "highest"
    step: bool = False
    immediate: bool = False
    activation: str = ""


@dataclass(frozen=True)
class Found:
    """What comparing says: agree or not, in which manner, and whether a row is told from a column by it alone.

    tried: the manners in which it differs or, where it is valued in none, all. reason: why it is not.
    """

    agrees: bool
    manner: Manner = Manner()
    flat: bool = False
    tried: tuple[Manner, ...] = ()
    reason: str = ""

    @property
    def valued(self) -> bool:
        """Whether a statement that does not agree has values that differ."""
        return not self.reason


def compared(
    model: str, said: Statement, defined: tuple[Definition, ...], text: str, layouts: tuple[str, ...] = LAYOUTS
) -> Found:
    """Compare the sides of a statement on a network; right in any layout, order of ∏ or reading of ∂⁺ is right.

    Raises NotUnderstoodError where it has no value, SymgradError for what is no network.
    """
    tried, reason = [], ""
    network = closed(model, said)
    possible = tuple(manners(network, said, defined, text, layouts))
    for manner in possible:
        try:
            flat = agrees(network, said, defined, manner)
        except NotUnderstoodError as error:
            reason = reason or str(error)
            continue
        if flat is not None:
            return Found(True, manner, flat)
        tried.append(manner)
    if tried:
        return Found(False, tried=tuple(tried))
    if reason.endswith(UNFIT):
        return Found(False, tried=possible, reason=reason)
    raise NotUnderstoodError(reason)


def manners(
    model: str, said: Statement, defined: tuple[Definition, ...], text: str, layouts: tuple[str, ...] = LAYOUTS
) -> Iterator[Manner]:
    """Yield the manners in which a statement may be meant, the usual ones first."""
    nodes = [said.left, said.right, *(d.right for d in defined)]
    parts = [n for node in nodes for n in walk(node)]
    network = network_of(model)
    place = next((name for pattern, name in PLACES if pattern.search(text)), "")
    places = (place,) if place else ("superscript", "subscript") if _ABOVE.search(text) else ("subscript",)
    orders = ORDERS if any(isinstance(n, Big) and n.sign == "∏" for n in parts) else ORDERS[:1]
    steps = (False, True) if any(p.immediate for n in nodes for p in _partials(n)) else (False,)
    by_parameter = any(isinstance(p.wrt, Name) and p.wrt.base in parameters(network) for p in _partials(said.right))
    immediate = (False, True) if by_parameter and said.change is None else (False,)
    out = any(isinstance(n, Apply) and n.name == "+" and any(map(_is_one, n.arguments)) for n in _parts(said.right))
    activations = ("", *WRITTEN_OUT) if out and any(op.kind == "function" for op in opaque(network).values()) else ("",)
    if not any(network.shapes.values()):
        layouts = layouts[:1]  # of numbers
    with_columns = len(layouts) > 1 and said.change is None and any(isinstance(n, Partial) for n in parts)
    columns = (COLUMNS,) if with_columns else ()
    choices = product(immediate, places, activations, (*layouts, *columns), orders, steps)
    for whole, where, activation, layout, order, step in choices:
        yield Manner(where, layout, order, step or whole, whole, activation)


def _is_one(n: Node) -> bool:
    return isinstance(n, Number) and n.value == 1


def _parts(node: Node) -> Iterator[Node]:
    """Yield the nodes of a formula, and not what stands in the indices of names or at the ends of sums."""
    yield node
    match node:
        case Name() | Partial():
            return
        case Big(body=body):
            yield from _parts(body)
        case _:
            for n in children(node):
                yield from _parts(n)


def parameters(network: Network) -> frozenset[str]:
    """Return the names of a network that no equation defines."""
    return frozenset(network.names) - {e.target.name for e in network.equations}


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
        return network_of(model)
    return network_of(_with(model, [letter]))


def _with(model: str, costs: Sequence[str]) -> str:
    network = network_of(model)
    missing = [c for c in costs if c not in network.names]
    last = network.steps[-1].target.name if network.steps else ""
    if not missing or not last:
        return model
    return "\n".join([model, *(f"{c} = loss({last}[{network.depth_symbol}])" for c in missing)])


@lru_cache(maxsize=32)
def network_of(model: str) -> Model:
    """Return a network, built-in by its name or from its equations; raises SymgradError."""
    return read_builtin(model, kind=Model) if model in builtin_names() else parse(model)


def agrees(model: str, said: Statement, defined: tuple[Definition, ...], manner: Manner) -> bool | None:
    """Compare both sides at every depth and choice of indices; None where they differ, else whether they are flat.

    The first depth at which they differ ends it.
    """
    flat: bool | None = None
    for depth, at in _cases(said, model):
        truth = truth_of(model, manner.place, depth, manner.step, manner.activation)
        lexicon = truth.known.quantities
        own = tuple(d for d in defined if lexicon.find(d.left) is None)  # type: ignore[arg-type]
        with truth.A.working():
            left, right = _sides(truth, said, own, at, manner)
            result = _same(left, right)
        if result is Comparison.DISJOINT:
            return None
        if result is not Comparison.AGREE:
            raise NotUnderstoodError(f"balls that are {result.value}")
        flat = flat is not False and (not isinstance(left, np.ndarray) or 1 in left.shape or _is_of_number(said, truth))
    return flat


def _is_of_number(said: Statement, truth: Truth) -> bool:
    """Tell whether a statement is about the derivative of a number, ∂C/∂W: it may be laid out as W is."""
    if isinstance(said.left, Apply) and said.left.name in (GRADIENT, DELTA):
        return True
    of = said.left.of if isinstance(said.left, Partial) else None
    meaning = truth.known.quantities.find(of) if isinstance(of, Name) else None
    return meaning is not None and not rank(meaning.name, truth.network)


def _sides(
    truth: Truth, said: Statement, defined: tuple[Definition, ...], at: dict[str, int], manner: Manner
) -> tuple[Any, Any]:
    """Return the values of both sides."""
    evaluation = AuthorsEvaluation(truth.given(), at, manner.order, manner.layout, defined)
    evaluation.layered = frozenset(n for n, indexed in truth.network.names.items() if indexed)
    evaluation.depth = truth.depth
    left = dense(evaluation.value(said.left))
    if said.change is not None:
        return _applied(truth, said, said.change, defined, at, manner.layout, manner.order)
    evaluation.parameters, evaluation.immediate = parameters(truth.network), manner.immediate
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
        Evaluation(truth.given(), at, order, layout, defined, {change: unit_change(like, place, one, zero)}).value(
            said.right
        )
        for place in entry_places(like)
    ]
    return dense(whole.value(said.left)), beside(columns)


def _same(left: Any, right: Any) -> Comparison:
    if not isinstance(left, np.ndarray):
        if isinstance(left, Multiple):
            raise NotUnderstoodError("a left side of no size")
        return compare(left, in_shape(right, ()))
    whole = dense(right)
    if isinstance(whole, np.ndarray) and whole.shape != left.shape and 1 in whole.shape and whole.size == left.size:
        return compare(left.T.reshape(1, -1), whole.reshape(1, -1))
    return compare(left, in_shape(right, left.shape))


def _cases(said: Statement, model: str) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield depths, and numbers for the letters of indices: the depth, an early layer, a middle one."""
    return ((depth, dict(at)) for depth, at in _cases_of(said, model))


@lru_cache(maxsize=8)
def _cases_of(said: Statement, model: str) -> tuple[tuple[int, dict[str, int]], ...]:
    """Return the cases of a statement, which is compared in many manners."""
    return tuple(_found_cases(said, network_of(model)))


def _found_cases(said: Statement, network: Model) -> Iterator[tuple[int, dict[str, int]]]:
    written = numbers(said.left) | numbers(said.right)
    printed = {n.base for node in (said.left, said.right) for n in names(node)}
    inner = {n.variable for node in (said.left, said.right) for n in walk(node) if isinstance(n, Big)}
    greatest = max(written, default=0)
    if greatest > DEEPEST:
        raise NotUnderstoodError(f"the index {greatest}")
    ends = {"L", "T", "t"} & printed
    concrete = greatest > 2
    depths = (
        (4, 5)
        if (ends and not concrete) or not written
        else (greatest,)
        if ends or printed & set(COSTS)
        else (max(greatest, 4),)
    )
    for n, depth in enumerate(depths):
        if depth < greatest or depth < 1:
            continue
        at = INDICES | {"L": depth, "T": depth, "t": depth, "k": 1 + n, "m": 1 + n}
        if "T" in printed or _LATER in said_indices(said):
            at["t"] = 2
        free = printed - network.names.keys() - inner
        yield depth, {letter: number for letter, number in at.items() if letter in free}


_LATER = Apply("+", (Name("t"), Number(Fraction(1), "1")))


def said_indices(said: Statement) -> set[Node]:
    """Return what stands as an index of a name in a statement."""
    return {x for node in (said.left, said.right) for n in names(node) for x in (*n.below, n.above) if x is not None}


@lru_cache(maxsize=48)
def truth_of(model: str, place: str, depth: int, step: bool, activation: str = "") -> Truth:
    """Return a network at drawn values; place: where its indices are printed; step: what ∂⁺ holds fixed."""
    network = network_of(model)
    bindings = test_functions(network, SEED)
    if activation:
        applied = {name for name, op in opaque(network).items() if op.kind == "function"}
        bindings = {n: ELEMENTWISE[activation] if n in applied else b for n, b in bindings.items()}
    bound = bind_network(network, bindings)
    return Truth(Known(bound, Notation("printed", style=Style(index=place))), Draw(bound, depth, SEED), DIGITS, step)
