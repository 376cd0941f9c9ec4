"""The equations of a network that a text defines as it goes: a_j = U x_j + W s_{j-1} + b, s_j = σ(a_j)."""

from __future__ import annotations

import re

from symgrad.audit.network.matrices import index_text
from symgrad.audit.parsed import chains_of
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Symbol, Unknown, walk

LONGEST = 2_000
MOST_EQUATIONS = 4
_LIKELY = re.compile(r"=.*(?:-\s*1|sigma|σ|tanh|[fgh]\()", re.DOTALL)
_LAYER = re.compile(r"([jltik])(-1)?")
_NAME = re.compile(r"[A-Za-z]\w*")


class Equations:
    r"""What a text has defined so far.

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

    def read(self, formula: str) -> None:
        """Keep the equations that stand in a formula; one that is given anew with other letters replaces the first."""
        if len(formula) > LONGEST or not _LIKELY.search(formula):
            return
        for chain in chains_of(formula):
            left, right = chain.sides[0].node, chain.sides[1].node if chain.relations[:1] == ("=",) else None
            if left is None or right is None:
                continue
            target = _quantity(left)
            if target and target[1] == 0 and _is_layer(right):
                self._right.pop(target[0], None)
                self._right[target[0]] = right

    def text(self) -> str:
        """Return the equations as those of a model; nothing where they make no recurrence."""
        right = dict(list(self._right.items())[-MOST_EQUATIONS:])
        reads = {name: _read(node) for name, node in right.items()}
        steps = {name for found in reads.values() for name, offset in found if offset == -1}
        if not steps <= right.keys() or not steps:
            return ""
        used = steps | {name for found in reads.values() for name, offset in found if offset == 0 and name in right}
        kept = _ordered({name: found for name, found in reads.items() if name in used})
        if not kept:
            return ""
        if not any(map(_is_activated, (right[name] for name in kept))):
            return ""
        parameters = _parameters([right[name] for name in kept])
        lines = [f"{name}[j] = {_written(right[name], parameters)}" for name in kept]
        return "\n".join([*_shapes(kept, reads, parameters, steps), *lines])


def _quantity(node: Node) -> tuple[str, int | None] | None:
    """Return a letter and how its layer is counted: 0 for j, -1 for j-1, None without a layer."""
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
    found = _LAYER.fullmatch(layer)
    if found:
        return name, -1 if found[2] else 0
    whole = f"{name}_{layer}" if layer else name
    return (whole, None) if _NAME.fullmatch(whole) else None


def _is_layer(node: Node) -> bool:
    """Tell whether a side is made of sums, products and activations of letters only."""
    match node:
        case Apply("+" | "*", (left, right)):
            return _is_layer(left) and _is_layer(right)
        case Apply("sigmoid" | "tanh", (inner,), 0) | Unknown("f" | "g" | "phi", (inner,), 0):
            return _is_layer(inner)
    return _quantity(node) is not None


def _is_activated(node: Node) -> bool:
    return any(isinstance(n, Unknown) or (isinstance(n, Apply) and n.name in ("sigmoid", "tanh")) for n in walk(node))


def _read(node: Node) -> list[tuple[str, int | None]]:
    """Return the quantities that a side reads."""
    found = _quantity(node)
    if found is not None:
        return [found]
    inner = node.arguments if isinstance(node, Apply | Unknown) else ()
    return [q for a in inner for q in _read(a)]


def _parameters(sides: list[Node]) -> dict[str, int | None]:
    """Return the matrices: what stands on the left of a product and has a capital letter."""
    found: dict[str, int | None] = {}
    for side in sides:
        if isinstance(side, Apply) and side.name == "*" and (first := _quantity(side.arguments[0])):
            found |= {first[0]: first[1]} if first[0][0].isupper() else {}
        if isinstance(side, Apply | Unknown):
            found |= _parameters(list(side.arguments))
    return found


def _ordered(reads: dict[str, list[tuple[str, int | None]]]) -> list[str]:
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


def _shapes(
    kept: list[str], reads: dict[str, list[tuple[str, int | None]]], matrices: dict[str, int | None], steps: set[str]
) -> list[str]:
    if not matrices:
        return []
    layered = any(offset == 0 for offset in matrices.values())
    inside, outside, first = ("n[j]", "n[j-1]", "n[0]") if layered else ("d", "d", "d")
    lines = [
        f"{m}[j]: ({inside}, {outside})" if offset == 0 else f"{m}: ({inside}, {outside})"
        for m, offset in sorted(matrices.items(), reverse=True)
    ]
    others = dict.fromkeys(q for name in kept for q in reads[name] if q[0] not in matrices and q[0] not in kept)
    given = sorted(others, key=lambda q: (q[1] is not None, q[0]))
    lines += [f"{n}: ({inside},)" if offset is None else f"{n}[j]: ({inside},)" for n, offset in given]
    return [*lines, *(f"{name}[0]: ({first},)" for name in sorted(steps))]


def _written(node: Node, matrices: dict[str, int | None]) -> str:
    match node:
        case Apply("+", (left, right)):
            return f"{_written(left, matrices)} + {_written(right, matrices)}"
        case Apply("*", (left, right)):
            first = _quantity(left)
            sign = "@" if first and first[0] in matrices else "*"
            return f"{_written(left, matrices)}{sign}{_written(right, matrices)}"
        case Apply("tanh", (inner,)):
            return f"tanh({_written(inner, matrices)})"
        case Apply("sigmoid", (inner,)) | Unknown(_, (inner,)):
            return f"sigma({_written(inner, matrices)})"
    name, offset = _quantity(node) or ("", None)
    return name if offset is None else f"{name}[j]" if offset == 0 else f"{name}[j-1]"
