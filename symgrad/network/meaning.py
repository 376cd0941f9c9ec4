"""What each name of a network was taken for: parameter, state, function, dimension, index, depth, constant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.algebra.dimension import named, plus
from symgrad.algebra.expression import Constant, Quantity
from symgrad.algebra.expression_tree import applications, nodes, quantities
from symgrad.algebra.index import Index
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Shape, show
from symgrad.network.constant import MEANING
from symgrad.network.functions import LINEAR
from symgrad.network.network import Network
from symgrad.ops.linear import LOG_SOFTMAX, SUM
from symgrad.ops.part import AXIS as PLACED
from symgrad.ops.part import COLUMNS, ROWS, placed, slice_of
from symgrad.ops.reduction import OPS

MOST = 4
"""Quantities that are named as those that a dimension belongs to."""


@dataclass(frozen=True)
class Meaning:
    """A name, what it was taken for, and its shape where it is a quantity.

    >>> print(Meaning("w[j]", "parameter", "one for each step", ()))
    w[j]: parameter, one for each step, scalar
    """

    name: str
    kind: str
    """parameter, input or target; boundary value; state; intermediate; result; function; slice; dimension; index;
    depth; constant."""
    words: str = ""
    shape: Shape | None = None

    def __str__(self) -> str:
        shape = "" if self.shape is None else show(self.shape)
        return f"{self.name}: {', '.join(part for part in (self.kind, self.words, shape) if part)}"


def meanings(network: Network) -> tuple[Meaning, ...]:
    """Return every name of a network with its meaning: what is defined, what is given, functions, sizes, indices.

    >>> from symgrad.network.read import read_builtin
    >>> print(*meanings(read_builtin("chain")), sep="\\n")
    z[j]: intermediate, defined at each step, scalar
    a[j]: state, defined at each step and read by later ones, scalar
    C: result, defined after the last step, scalar
    w[j]: parameter or input, one for each step, scalar
    b[j]: parameter or input, one for each step, scalar
    y: parameter or input, one for all steps, scalar
    a[0]: boundary value, given, scalar
    sigma: function, elementwise, left open
    cost: function, a number, left open
    j: index, of the steps, 1 to L
    L: depth, the last step
    """
    return (
        *_defined(network),
        *_given(network),
        *_functions(network),
        *_constants(network),
        *_parts(network),
        *_dimensions(network),
        *_indices(network),
    )


def _defined(network: Network) -> Iterator[Meaning]:
    later = {name for name, lags in network.lags.items() if max(lags) > 0}
    for kind, words, equations in (
        ("quantity", "defined before the first step" if network.steps else "defined", network.openings),
        ("", "", network.steps),
        ("result", "defined after the last step", network.closings),
    ):
        for e in equations:
            state = e.target.name in later
            kind_ = kind or ("state" if state else "intermediate")
            words_ = words or ("defined at each step" + (" and read by later ones" if state else ""))
            if isinstance(e.target.index, int):
                kind_, words_ = "boundary value", "defined"
            yield Meaning(str(e.target), kind_, words_, network.shape(e.target))


def _given(network: Network) -> Iterator[Meaning]:
    for q in network.parameters:
        kind, words = "parameter or input", "one for all steps" if network.steps else ""
        if isinstance(q.index, Index):
            words = "one for each step"
        elif q.index is not None:
            kind, words = ("boundary value", "given") if q.name in network.defined else (kind, "given")
        assumed = [d.words for d in network.domains(q)]
        yield Meaning(str(q), kind, ", ".join(filter(None, (words, *assumed))), network.shape(q))


def _functions(network: Network) -> Iterator[Meaning]:
    found: dict[str, Op] = {}
    for e in network.equations:
        found |= {a.op.name: a.op for a in applications(e.value) if a.op.kind in ("function", "scalar", "reduction")}
    for name, op in found.items():
        yield Meaning(name, "function", _function(op))


def _function(op: Op) -> str:
    if op.kind == "reduction" and op != LOG_SOFTMAX:
        return "a number of each row, known" if op == OPS.get(f"row{op.record.name}") else "a number, known"
    if op in LINEAR.values():
        return "a number, known" if op == SUM else "of a vector, or of each row of a matrix, known"
    if op == LOG_SOFTMAX:
        return "of a vector, or of each row of a matrix, known"
    sort = "a number" if op.kind == "scalar" else "elementwise"
    if op.record is None:
        return f"{sort}, left open"
    return f"{sort}, {'known' if op.name in (op.record.name, *op.record.aliases) else op.record.name}"


def _constants(network: Network) -> Iterator[Meaning]:
    found: dict[str, Constant] = {}
    for e in network.equations:
        places = {a for x in applications(e.value) if x.op in PLACED for a in x.arguments[1:]}
        for c in nodes(e.value):
            if isinstance(c, Constant) and c.kind != "size" and c not in places:
                found[{"1": "ones"}.get(c.kind, c.kind)] = c
    for name, c in found.items():
        yield Meaning(name, "constant", MEANING[name], c.own_shape or None)


def _parts(network: Network) -> Iterator[Meaning]:
    """Yield what the slices mean, whose places Python's reader may count otherwise."""
    found: dict[str, None] = {}
    for e in network.equations:
        for x in applications(e.value):
            if x.op in (slice_of(ROWS), slice_of(COLUMNS)) and isinstance(x.arguments[0], Quantity):
                first, count = (placed(a) for a in x.arguments[1:])
                places = f"{first}:{plus(plus(first, count), 1, -1)}"
                whole = len(network.shape(x.arguments[0])) == 2
                inside = (f"{places},:" if x.op == slice_of(ROWS) else f":,{places}") if whole else places
                found[f"{x.arguments[0]}[{inside}]"] = None
    for name in found:
        yield Meaning(name, "slice", "places counted from 1, both ends included")


def _dimensions(network: Network) -> Iterator[Meaning]:
    found: dict[str, list[str]] = {}
    for q in (*network.parameters, *(e.target for e in network.equations)):
        for size in network.shape(q):
            for d in named(size):
                of = found.setdefault(str(d), [])
                of += [str(q)] * (str(q) not in of[-1:])
    for name, of in found.items():
        first, more = of[:MOST], len(of) - MOST
        yield Meaning(name, "dimension", f"of {', '.join(first)}" + (f" and {more} more" if more > 0 else ""))


def _indices(network: Network) -> Iterator[Meaning]:
    indexed = [q for e in network.equations for q in quantities(e.value) if isinstance(q.index, Index)]
    for letter, span in network.ranges.items():
        yield Meaning(letter, "index", f"{span.lower} to {span.upper}")
    for letter, span in network.members.items():
        yield Meaning(letter, "index", f"of one member, from {span.lower} to {span.upper}")
    if network.steps:
        yield Meaning(network.symbol, "index", f"of the steps, 1 to {network.depth_symbol}")
    if network.steps or indexed:
        yield Meaning(network.depth_symbol, "depth", "the last step")
