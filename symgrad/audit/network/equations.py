"""The equations of a network that a text defines as it goes: a_j = U x_j + W s_{j-1} + b, s_j = σ(a_j)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from symgrad.audit.parsed import chains_of
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.reading.known import USUAL, is_activation
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Symbol, Unknown, walk

LONGEST = 2_000
MOST_EQUATIONS = 4
MOST_DEFINED = 40
MOST_FORMULAS = 8
_LIKELY = re.compile(r"=.*(?:-\s*1|sigma|σ|tanh|[fgh]\()", re.DOTALL)
_VECTORS = re.compile(r"w[^\s=]{0,12}\^\s*\{?\s*(?:T\b|\\top|\\intercal|\\mathsf)")
"""A small weight that is transposed: it is a matrix, as a capital one is anyhow."""
_LAYERED = re.compile(r"(\\sigma|\\phi|[fgσφ])\^\{?[\[(][^{}\[\]()]{1,8}[\])]\}?(?=\s*(?:\\left)?\()")
"""An activation with its layer, g^{[l]}(z)."""
LAYERS = "jltik"
"""Letters that may count layers."""
_LAST = re.compile(r"([LTt])(-1)?")
_NAME = re.compile(r"[A-Za-z]\w*")
_TAKEN = frozenset(["I", "e", "pi", "ones"])
Read = tuple[str, int | None]
"""A letter and how its layer is counted: 0 for j, -1 for j-1, None without a layer."""


class Equations:
    r"""What a text has defined so far: by signs := surely, and by = perhaps.

    >>> network = Equations()
    >>> network.read(r"a_j = Ux_j + Ws_{j-1} + b, \quad s_j = \sigma(a_j)")
    >>> print(network.text())
    W: (d, d)
    U: (d, d)
    b: (d,)
    x[j]: (d,)
    s[0]: (d,)
    a[j] = U@x[j] + W@s[j-1] + b
    s[j] = sigma(a[j])
    """

    def __init__(self) -> None:
        self._right: dict[str, Node] = {}
        self._defined: dict[str, Node] = {}
        self._after: dict[str, Node] = {}
        self._layers = LAYERS
        self._vectors = False
        self._told: dict[str, str] = {}
        self.formulas: list[str] = []

    def read(self, formula: str) -> None:
        """Keep the equations that stand in a formula; one that is given anew with other letters replaces the first."""
        if not self._vectors and "^" in formula and _VECTORS.search(formula):
            self._vectors, self._told = True, {}
        formula = _LAYERED.sub(r"\1", formula) if "(" in formula else formula
        if len(formula) > LONGEST or not (":=" in formula or "≔" in formula or _LIKELY.search(formula)):
            return
        self._told = {}
        for chain in chains_of(formula):
            if chain.relations[:1] not in (("=",), (":=",)):
                continue
            left, right = chain.sides[0].node, chain.sides[1].node
            if left is None or right is None:
                continue
            if chain.relations[0] == ":=" and (layer := _numbered(left, self._defined)):
                left, right = _at_any(left, layer), _at_any(right, layer)
            target = _quantity(left)
            if target is None:
                continue
            if chain.relations[0] == ":=":
                self._define(target, right)
                self.formulas = [*self.formulas, formula][-MOST_FORMULAS:] if target[1] is None else self.formulas
                self._layers = _counter(left) or self._layers
            if target[1] == 0 and _is_layer(right):
                self._right.pop(target[0], None)
                self._right[target[0]] = right

    def _define(self, target: Read, right: Node) -> None:
        kept = self._defined if target[1] == 0 else self._after
        kept.pop(target[0], None)
        if len(kept) < MOST_DEFINED:
            kept[target[0]] = right

    def new_chapter(self) -> None:
        """Forget what was surely defined before."""
        self._told = {}
        self._defined, self._after, self._layers, self.formulas = {}, {}, LAYERS, []

    def defined(self) -> str:
        """Return the equations that := defines as those of a model; nothing where they make no recurrence."""
        if "defined" not in self._told:
            self._told["defined"] = _model(self._defined, self._after, self._layers, self._vectors)
        return self._told["defined"]

    def text(self) -> str:
        """Return the equations as those of a model; nothing where they make no recurrence."""
        if "text" not in self._told:
            self._told["text"] = self._written()
        return self._told["text"]

    def _written(self) -> str:
        right = dict(list(self._right.items())[-MOST_EQUATIONS:])
        kept = [right[name] for name in _kept(right, LAYERS)]
        return _model(right, {}, LAYERS, self._vectors) if any(map(_is_activated, kept)) else ""


def _numbered(node: Node, defined: Mapping[str, Node]) -> int:
    """Return the layer of a quantity of one layer, Z^{[2]}, where that of every layer is defined; or 0."""
    match node:
        case Apply("^", (Symbol(name), Number(value))) if name in defined and value.denominator == 1:
            return int(value)
        case Symbol(name) if name.partition("_")[0] in defined and name.partition("_")[2].isdecimal():
            return int(name.partition("_")[2])
    return 0


def _at_any(node: Node, layer: int) -> Node:
    """Put the layers l and l-1 in the place of a number and the one before."""
    names = {str(layer): "l", str(layer - 1): "l-1"}
    match node:
        case Symbol(name) if name.partition("_")[2] in names:
            return Symbol(f"{name.partition('_')[0]}_{names[name.partition('_')[2]]}")
        case Apply("^", (Symbol(name), Number(value))) if str(value) in names:
            return Symbol(f"{name}_{names[str(value)]}")
        case Apply(name, arguments, primes):
            return Apply(name, tuple(_at_any(a, layer) for a in arguments), primes)
        case Unknown(name, arguments, primes):
            return Unknown(name, tuple(_at_any(a, layer) for a in arguments), primes)
    return node


def _counter(node: Node) -> str:
    """Return the letter that counts layers in z_{f,j}, or nothing."""
    match node:
        case Symbol(name):
            last = name.rpartition("_")[2].rpartition(",")[2]
        case Apply("^", (_, Symbol(last))):
            pass
        case _:
            return ""
    return last if last in LAYERS and len(last) == 1 else ""


def _model(right: dict[str, Node], after: dict[str, Node], layers: str, vectors: bool) -> str:
    """Write the equations of a step, and those after the last, as a model; nothing where they make no recurrence."""
    kept = _kept(right, layers)
    if not kept:
        return ""
    words = _Words({name: right[name] for name in kept}, layers, vectors)
    try:
        lines = [f"{name}[j] = {words.written(right[name])}" for name in kept]
        shapes = words.shapes()
    except NotUnderstoodError:
        return ""
    return "\n".join([*shapes, *lines, *words.closings(after)])


def _kept(right: dict[str, Node], layers: str) -> list[str]:
    """Return the equations that belong to the recurrence, each after those that it reads."""
    reads = {name: _read(node, layers) for name, node in right.items()}
    steps = {name for found in reads.values() for name, offset in found if offset == -1 and name in right}
    used = set(steps)
    while more := {n for name in used for n, offset in reads[name] if offset == 0 and n in right} - used:
        used |= more
    return _ordered({name: found for name, found in reads.items() if name in used}) if steps else []


def _quantity(node: Node, layers: str = LAYERS) -> Read | None:
    """Return a letter and its layer, which one of ``layers`` counts; None for anything else."""
    layer = ""
    match node:
        case Symbol(name):
            name, _, layer = name.partition("_")
        case Apply("^", (Symbol(name), exponent)):
            try:
                layer = index_text(exponent)
            except NotUnderstoodError:
                return None
        case _:
            return None
    word, _, last = layer.rpartition(",")
    if last and last[0] in layers and last[1:] in ("", "-1"):
        whole, offset = f"{name}_{word}" if word else name, -1 if last[1:] else 0
        return (whole, offset) if _NAME.fullmatch(whole) else None
    whole = f"{name}_{layer}" if layer else name
    return (whole, None) if _NAME.fullmatch(whole) and whole not in _TAKEN else None


def _is_layer(node: Node) -> bool:
    """Tell whether a side is made of sums, products and activations of letters only."""
    match node:
        case Apply("+" | "*", (left, right)):
            return _is_layer(left) and _is_layer(right)
        case Unknown("f" | "g" | "phi", (inner,), 0):
            return _is_layer(inner)
        case Apply(name, (inner,), 0) if is_activation(name):
            return _is_layer(inner)
    return _quantity(node) is not None


def _is_activated(node: Node) -> bool:
    return any(isinstance(n, Unknown) or (isinstance(n, Apply) and is_activation(n.name)) for n in walk(node))


def _read(node: Node, layers: str) -> list[Read]:
    """Return the quantities that a side reads."""
    found = _quantity(node, layers)
    if found is not None:
        return [found]
    inner = node.arguments if isinstance(node, Apply | Unknown) else ()
    return [q for a in inner for q in _read(a, layers)]


def _ordered(reads: dict[str, list[Read]]) -> list[str]:
    """Return the equations so that each comes after those of its own layer that it reads; nothing for a circle."""
    order: list[str] = []
    while len(order) < len(reads):
        ready = [
            name
            for name, found in reads.items()
            if name not in order and all(n in order for n, offset in found if offset == 0 and n in reads)
        ]
        if not ready:
            return []
        order += ready
    return order


@dataclass(frozen=True)
class _Words:
    """The equations of a step, and what their letters are: capital letters on the left of a product are matrices."""

    right: dict[str, Node]
    layers: str
    vectors: bool = False

    @property
    def matrices(self) -> dict[str, int | None]:
        """The matrices, and whether they have a layer."""
        found: dict[str, int | None] = {}
        for side in self.right.values():
            found |= self._matrices(side)
        return found

    def _matrices(self, node: Node) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        if isinstance(node, Apply) and node.name == "*" and (first := _quantity(node.arguments[0], self.layers)):
            name, offset = first
            of_state = self.vectors and _quantity(node.arguments[1], self.layers) in {(n, -1) for n in self.right}
            is_matrix = (name[0].isupper() or of_state) and name not in self.right and offset != -1
            found |= {name: offset} if is_matrix else {}
        if isinstance(node, Apply | Unknown):
            for inner in node.arguments:
                found |= self._matrices(inner)
        return found

    def shapes(self) -> list[str]:
        """Return the lines that declare shapes; without matrices and capital states all are numbers."""
        matrices, by_entries = self.matrices, any(_is_by_entries(side) for side in self.right.values())
        if not matrices and not by_entries and not any(name[0].isupper() for name in self.right):
            return []
        reads = [q for side in self.right.values() for q in _read(side, self.layers)]
        states = dict.fromkeys(name for name, offset in reads if offset == -1 and name in self.right)
        layered = any(offset == 0 for offset in matrices.values())
        inside, outside, first = ("n[j]", "n[j-1]", "n[0]") if layered else ("d", "d", "d")
        lines = [
            f"{m}[j]: ({inside}, {outside})" if offset == 0 else f"{m}: ({inside}, {outside})"
            for m, offset in sorted(matrices.items(), reverse=True)
        ]
        others = dict.fromkeys(q for q in reads if q[0] not in matrices and q[0] not in self.right)
        given = sorted(others, key=lambda q: (q[1] is not None, q[0])) if matrices or by_entries else []
        lines += [f"{n}: ({inside},)" if offset is None else f"{n}[j]: ({inside},)" for n, offset in given]
        return [*lines, *(f"{name}[0]: ({first},)" for name in sorted(states))]

    def written(self, node: Node) -> str:
        """Return a side as a model writes it; raises NotUnderstoodError for what is no part of one."""
        match node:
            case Apply("*", (left, Symbol("I"))):
                return self.written(left)
            case Number(value) if value.denominator == 1:
                return str(value)
            case Number(value):
                return f"{value.numerator}/{value.denominator}"
            case Apply("+", (left, right)):
                return f"{self.written(left)} + {self.written(right)}"
            case Apply("-", (left, right)):
                return f"{self.written(left)} - {self._factor(right)}"
            case Apply("neg", (inner,)):
                return f"-{self._factor(inner)}"
            case Apply("⊙", (left, right)):
                return f"{self._factor(left)}*{self._factor(right)}"
            case Apply("/", (left, right)):
                return f"{self._factor(left)}/{self._factor(right)}"
            case Apply("*", (left, right)):
                first = _quantity(left, self.layers)
                sign = "@" if first and first[0] in self.matrices else "*"
                return f"{self._factor(left)}{sign}{self._factor(right)}"
            case Apply(name, (inner,), 0) if name != USUAL and name in ELEMENTWISE:
                return f"{name}({self.written(inner)})"
            case Apply("sigmoid", (inner,), 0) | Unknown("f" | "g" | "phi", (inner,), 0):
                return f"sigma({self.written(inner)})"
        found = _quantity(node, self.layers)
        if found is None:
            raise NotUnderstoodError("what is no part of a network")
        name, offset = found
        return name if offset is None else f"{name}[j]" if offset == 0 else f"{name}[j-1]"

    def _factor(self, node: Node) -> str:
        shown = self.written(node)
        return f"({shown})" if isinstance(node, Apply) and node.name in ("+", "-", "neg", "/", "*", "⊙") else shown

    def closings(self, after: dict[str, Node]) -> list[str]:
        """Return the equations that read the last layer: Y = V a_L."""
        lines = []
        for name, node in after.items():
            match node:
                case Apply("*", (Symbol(matrix), last)) if matrix[0].isupper() and matrix not in self.right:
                    read = _last(last)
                    if read is not None and read[0] in self.right and matrix not in self.matrices:
                        inside = f"n[L{read[1]}]" if any(offset == 0 for offset in self.matrices.values()) else "d"
                        lines += [f"{matrix}: (m, {inside})", f"{name} = {matrix}@{read[0]}[L{read[1]}]"]
        return lines


def _is_by_entries(node: Node) -> bool:
    return any(isinstance(n, Apply) and n.name == "⊙" for n in walk(node))


def _last(node: Node) -> tuple[str, str] | None:
    """Return the letter of the last layer, a_L or a^{[L-1]}, and what is added to L."""
    match node:
        case Symbol(name):
            name, _, layer = name.partition("_")
        case Apply("^", (Symbol(name), exponent)):
            layer = index_text(exponent)
        case _:
            return None
    found = _LAST.fullmatch(layer)
    return (name, found[2] or "") if found else None


def index_text(node: Node) -> str:
    """Return an index as it is written: k+1."""
    match node:
        case Number(_, text):
            return text
        case Symbol(name):
            return name
        case Apply("+" | "-" as sign, (left, right)):
            return f"{index_text(left)}{sign}{index_text(right)}"
    raise NotUnderstoodError("an index")
