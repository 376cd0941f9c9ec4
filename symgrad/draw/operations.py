"""The operations of one step as a graph: maps and functions in boxes, sums and products in small circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

from symgrad.algebra.expression import ADD, Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import inside, quantities
from symgrad.algebra.index import Index
from symgrad.algebra.index_sum import IndexSum
from symgrad.draw.graph import weight_of
from symgrad.export.math import Call, Frac, Math, Num, Paren, Power, Row, Symbol
from symgrad.export.text import math_text
from symgrad.export.typeset import Typesetter
from symgrad.network.equation import Equation
from symgrad.network.functions import called
from symgrad.network.network import Network

PLACE = Paren(Symbol("·", r"\cdot"))
"""Where what flows is put in."""
COMMA, SUM = Symbol(",", r"\!,"), Symbol("∑", r"\sum")
SIGNS = {
    "+": Symbol("+", "+"),
    "-": Symbol("−", "-"),
    "*": Symbol("⊙", r"\odot"),
    "@": Symbol("·", r"\cdot"),
    "/": Symbol("÷", r"\div"),
    "T": Symbol("⊤", r"\top"),
    "neg": Symbol("−", "-"),
}


@dataclass
class Operation:
    """A box, a circle, or a quantity that stands alone. keys: the quantities that it computes, the last one its value.

    What is inside an equation has a key of its own, f[j]:1.
    """

    keys: tuple[str, ...]
    label: Math
    shape: str
    inputs: list[str] = field(default_factory=list)


class Operations:
    """The operations of the equations of one step, each after those that it reads."""

    def __init__(self, network: Network, equations: Sequence[Equation], write: Typesetter, merged: bool) -> None:
        """merged: a gate stands in one box with the map before it that nothing else reads."""
        self.network, self.write, self.merged = network, write, merged
        self.kept = {str(e.target) for e in equations if goes_on(network, e)}
        self.gates = {name for name, op in called(network).items() if op.kind == "function"}
        """The functions that act entry by entry."""
        self.found: dict[str, Operation] = {}
        self.computed = {str(e.target) for e in equations}
        self.weights = weights_of(network, equations)
        self.readers: dict[str, int] = {}
        for e in equations:
            for q in set(quantities(e.value)):
                self.readers[str(q)] = self.readers.get(str(q), 0) + 1
        self.quantities = {str(q): q for e in equations for q in (e.target, *quantities(e.value))}
        self.source: dict[str, str] = {}
        """By quantity the key of the operation that gives it."""
        self.maps: set[str] = set()
        """The keys of the boxes of weights."""
        for e in equations:
            self._equation(e)

    # --- equations ---

    def _equation(self, e: Equation) -> None:
        self.key, self.count = str(e.target), 0
        last = self._made(e.value)
        if last is None or last not in self.found or not last.startswith(f"{self.key}:"):
            last = self._new(Symbol("=", "="), "operation", [last] if last else [])
        operation = self.found.pop(last)
        operation.keys = (*operation.keys[:-1], self.key)
        self.found[self.key] = operation
        if last in self.maps:
            self.maps.add(self.key)
        self.source[self.key] = self.key

    def _new(self, label: Math, shape: str, inputs: Sequence[str], before: tuple[str, ...] = ()) -> str:
        self.count += 1
        key = f"{self.key}:{self.count}"
        self.found[key] = Operation((*before, key), label, shape, list(inputs))
        return key

    def _quantity(self, q: Quantity) -> str | None:
        """Return the key of what gives a quantity; None for a weight."""
        key = str(q)
        if key in self.source:
            return self.source[key]
        if key in self.weights:
            return None
        if (member := self._member(q)) is not None:
            return self.source[member]
        self.found[key] = Operation((key,), self.write.quantity(q), "plain")
        self.source[key] = key
        return key

    def _member(self, q: Quantity) -> str | None:
        """Return the key of the family that a member belongs to, p[j] of p[o], where it is of the same step."""
        if any(isinstance(p, Index) and p.offset for p in q.indices):
            return None
        alike = [k for k in self.source if k in self.computed and self.quantities[k].name == q.name]
        return alike[0] if alike and q.index is None and q.indices else None

    # --- expressions ---

    def _made(self, e: Expression) -> str | None:
        """Return the key of the operation that gives an expression; None where no quantity flows in it."""
        if isinstance(e, Quantity):
            return self._quantity(e)
        if isinstance(e, Number | Constant) or not self._flows(e):
            return None
        if (found := self._linear(e)) is not None:
            return found
        if isinstance(e, IndexSum):
            label = Symbol("∑", r"\sum") if e.kind == "sum" else Symbol("∏", r"\prod")
            inner = self._made(e.body)
            return self._new(label, "box", [inner] if inner else [])
        assert isinstance(e, Apply)
        return self._operator(e) if e.op.name in SIGNS and e.op.kind == "operator" else self._function(e)

    def _linear(self, e: Expression) -> str | None:
        """Return the box of a sum of which each term is a weight before what flows, or a weight; None for another."""
        maps: dict[Quantity, bool] = {}
        flows: list[Expression] = []
        for t in split(e):
            summed = isinstance(t, IndexSum) and t.kind == "sum"
            weights, flow = self._before(t.body if isinstance(t, IndexSum) and summed else t)
            if flow is None or not weights:
                if flow is not None or not isinstance(without_ones(t), Quantity):
                    return None
                weights = list(quantities(t))
            if flow is not None:
                flows.append(flow)
            maps |= dict.fromkeys(weights, summed)
        if not flows:
            return None
        inputs = dict.fromkeys(k for x in flows if (k := self._made(x)) is not None)
        made = self._new(self._listed(maps), "box", list(inputs))
        self.maps.add(made)
        return made

    def _before(self, e: Expression) -> tuple[list[Quantity], Expression | None]:
        """Return the weights of a product, and the factor that flows; None where there is none, or more than one."""
        if isinstance(e, Apply) and e.op.kind == "operator" and e.op.name in ("@", "*"):
            sides = [self._before(x) for x in e.arguments]
            flow = [f for _, f in sides if f is not None]
            if len(flow) == 1:
                return [q for w, _ in sides for q in w], flow[0]
            return ([], e) if flow else ([q for w, _ in sides for q in w], None)
        inner = without_ones(e)
        if isinstance(inner, Apply) and inner.op.name == "T" and isinstance(inner.arguments[0], Quantity):
            inner = inner.arguments[0] if str(inner.arguments[0]) in self.weights else inner
        if isinstance(inner, Quantity) and str(inner) in self.weights:
            return [inner], None
        return ([], None) if isinstance(inner, Number | Constant) else ([], e)

    def _operator(self, e: Apply) -> str:
        given = self._terms(e) if e.op.name == "+" else list(e.arguments)
        keys = [(x, self._made(x)) for x in given]
        still = [x for x, k in keys if k is None]
        inputs = [k for _, k in keys if k is not None]
        sign: Math = SIGNS[e.op.name]
        if not still and e.op.name == "-":  # which is taken from which is seen: a + (-b)
            minus = self._new(sign, "operation", inputs[1:])
            return self._new(SIGNS["+"], "operation", [inputs[0], minus])
        if not still and e.op.name == "/":
            inverse = self._new(Frac(Num(Fraction(1)), PLACE), "box", inputs[1:])
            return self._new(SIGNS["*"], "operation", [inputs[0], inverse])
        if not still:
            return self._new(sign, "operation", inputs)
        first = keys[0][1] is None
        shown = [self.write.expression(x, 3) for x in still]
        return self._new(Row((*shown, sign) if first else (sign, *shown)), "box", inputs)

    def _terms(self, e: Expression) -> list[Expression]:
        """Return the terms of a sum; those that one box of weights gives stay together."""
        terms = split(e)
        mapped = [t for t in terms if (self._before(t)[0] if self._flows(t) else isinstance(without_ones(t), Quantity))]
        if len(mapped) < 2 or not any(self._flows(t) for t in mapped):
            return terms
        together = reduce(lambda a, b: Apply(ADD, (a, b)), mapped)
        return [together, *(t for t in terms if t not in mapped)]

    def _function(self, e: Apply) -> str:
        """Return the box of a function; that of a gate, σ(W x + b), stands for its weights too, as books draw it."""
        written = self.write.expression(e)
        name = e.op.name.replace("_", " ")
        label: Math = Symbol(name, rf"\text{{{name}}}")
        if isinstance(e.op.record, Fraction):
            label = Power(PLACE, Num(e.op.record))
        elif isinstance(written, Call) and "_" not in math_text(written.function):
            own = written.arguments == tuple(map(self.write.expression, e.arguments))
            label = written.function if own else label  # logdet(A) is written ln|det(A)|, and is no ln of A
        inputs = list(dict.fromkeys(k for x in e.arguments if (k := self._made(x))))
        if len(e.arguments) == 1 and len(inputs) == 1:
            before = self.found[inputs[0]]
            alone = self.readers.get(inputs[0], 0) <= 1
            if self.merged and e.op.name in self.gates and alone and inputs[0] in self.maps - self.kept:
                del self.found[inputs[0]]
                inner = tuple(k for k in before.keys if ":" not in k)
                return self._new(label, "box", before.inputs, inner)
        return self._new(label, "box", inputs)

    def _listed(self, maps: Mapping[Quantity, bool]) -> Math:
        """Return weights with commas between, with the sign of a sum before those that are summed over."""
        shown: list[Math] = []
        for q, summed in maps.items():
            shown += [COMMA] if shown else []
            shown += [SUM] if summed else []
            shown.append(self.write.quantity(q))
        return shown[0] if len(shown) == 1 else Row(tuple(shown))

    def _flows(self, e: Expression) -> bool:
        return any(str(q) not in self.weights for q in quantities(e))


def weights_of(network: Network, equations: Sequence[Equation]) -> frozenset[str]:
    """Return the parameters that stand before what flows, W of W@s, and those that are added to it, b of W@s + b.

    Of a product of two parameters the input flows: the one that several equations read, or what a matrix multiplies.
    """
    targets = {e.target.name for e in network.equations}
    readers: dict[Quantity, int] = {}
    for e in equations:
        for q in set(quantities(e.value)):
            readers[q] = readers.get(q, 0) + 1
    weights, roles = set[str](), Counter[str]()
    shared, later = False, dict[str, bool]()
    for e in equations:
        for terms in _sums(e.value):
            before: set[str] = set()
            for t in terms:
                term = t.body if isinstance(t, IndexSum) else t
                factors = [f for f in factors_of(term) if not isinstance(f, Number | Constant)]
                given = [f for f in factors if isinstance(f, Quantity) and f.name not in targets]
                if len(factors) < 2 or len(given) == len(factors) != 2:
                    continue
                if len(given) == len(factors):
                    alike = len(network.shape(given[0])) == len(network.shape(given[1]))
                    often = sorted(given, key=lambda q: readers[q])
                    clear = alike and readers[often[0]] < readers[often[1]]
                    given = [often[0] if clear else weight_of(network, given)]
                before |= {str(q) for q in given}
            roles.update(before)
            if before:
                weights |= before
                alone = (x for t in terms if isinstance(x := without_ones(t), Quantity))
                added = {str(q): bool(q.indices) for q in alone if q.name not in targets}
                roles.update(added.keys())
                shared = shared or any("[" not in q for q in before)
                later |= added
    every = Counter(str(q) for e in equations for q in quantities(e.value))
    weights |= {q for q, indexed in later.items() if not (indexed and shared and network.steps)}  # x[t] is an input
    return frozenset(q for q in weights if every[q] == roles[q])


def _sums(e: Expression) -> Iterator[list[Expression]]:
    """Yield the terms of each sum in e, of an expression that is no sum itself."""
    terms = split(e)
    yield terms
    for t in terms:
        for f in factors_of(t.body if isinstance(t, IndexSum) else t):
            for x in inside(f):
                yield from _sums(x)


def split(e: Expression) -> list[Expression]:
    """Return the terms of a sum."""
    if isinstance(e, Apply) and e.op.name == "+":
        return [t for x in e.arguments for t in split(x)]
    return [e]


def without_ones(e: Expression) -> Expression:
    """Return b of the outer product of ones and b, which adds b to every row."""
    if isinstance(e, Apply) and e.op.name == "outer":
        others = [x for x in e.arguments if not isinstance(x, Constant)]
        return others[0] if len(others) == 1 else e
    return e


def factors_of(e: Expression) -> list[Expression]:
    """Return the factors of a product, a transposed one without its sign; e itself where it is none."""
    if isinstance(e, Apply) and e.op.kind == "operator" and e.op.name in ("@", "*"):
        return [f for x in e.arguments for f in factors_of(x)]
    if isinstance(e, Apply) and e.op.name == "T":
        return factors_of(e.arguments[0])
    return [e]


def of_one_step(network: Network) -> tuple[Equation, ...]:
    """Return the equations of one step, or all of a network without steps."""
    if network.grid:
        return tuple(e for e in network.grid if network.free(e))
    return network.steps or network.equations


def goes_on(network: Network, e: Equation) -> bool:
    """Tell whether the next step reads what an equation gives."""
    return any(
        isinstance(p, Index) and p.offset
        for x in of_one_step(network)
        for q in quantities(x.value)
        if q.name == e.target.name
        for p in q.indices
    )
