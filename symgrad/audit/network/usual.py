"""The network that a text means which speaks of errors δ^l, weights W^l and z^l without its equations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from symgrad.audit.network.authors import LETTERS
from symgrad.audit.network.costs import COSTS
from symgrad.audit.network.statement import ERROR, Statement
from symgrad.reading.known import is_activation
from symgrad.reading.tree import Apply, Call, Name, Node, Number, rebuilt, walk

WEIGHTS = frozenset(["W", "w", "Theta", "theta"])
BEFORE, STATES, BIASES = frozenset(["z"]), frozenset(["a", "h"]), frozenset(["b"])
_TEXT = """
{w}[l]: (n[l], n[l-1])
b[l]: (n[l],)
{a}[0]: (n[0],)
z[l] = {w}[l]@{a}[l-1] + b[l]
{a}[l] = sigma(z[l])
"""
_ONE = Number(Fraction(1), "1")


@dataclass(frozen=True)
class Usual:
    """A statement on the usual network; said: how its weights are read."""

    network: str
    statement: Statement
    said: str


def usual(said: Statement) -> Iterator[Usual]:
    """Yield the readings of a statement about errors on z_l = W_l a_{l-1} + b_l, a_l = σ(z_l).

    W_l may lead to layer l, or from it, and stand behind a row. Nothing for a statement with other letters.
    """
    nodes = [n for side in (said.left, said.right) for n in walk(side)]
    functions = {n.function.base for n in nodes if isinstance(n, Call)}
    names = {n.base for n in nodes if isinstance(n, Name)} - functions - {"T", "diag", "nabla", "L", "l", "k", "j", "i"}
    weights, states = names & WEIGHTS, names & STATES
    others = names - weights - states - BEFORE - BIASES - {ERROR} - set(COSTS)
    if ERROR not in names or others or len(weights) > 1 or len(states) > 1:
        return
    if any(not (f in LETTERS or is_activation(f) or f == "diag") for f in functions):
        return
    w, a = next(iter(weights), "W"), next(iter(states), "a")
    network = _TEXT.format(w=w, a=a).strip()
    told = f"on z_l = {w}_l {a}_{{l-1}} + b_l, {a}_l = σ(z_l)"
    yield Usual(network, said, told)
    later = Statement(_from_layer(said.left, w), _from_layer(said.right, w))
    yield Usual(network, later, f"on z_{{l+1}} = {w}_l {a}_l + b_l")
    for found, how in ((said, told), (later, f"on z_{{l+1}} = {w}_l {a}_l + b_l")):
        yield Usual(network, Statement(_turned(found.left, w), _turned(found.right, w)), f"{how}, for rows")


def _from_layer(node: Node, weights: str) -> Node:
    """Return a formula in which W_l is what another convention calls W_{l+1}."""
    if isinstance(node, Name) and node.base == weights:
        if node.above is not None and node.above != Name("T"):
            return replace(node, above=Apply("+", (node.above, _ONE)))
        return replace(node, below=(*node.below[:-1], Apply("+", (node.below[-1], _ONE)))) if node.below else node
    return rebuilt(node, lambda n: _from_layer(n, weights))


def _turned(node: Node, weights: str) -> Node:
    """Return a formula with Wᵀ for W."""
    match node:
        case Name(base) if base == weights:
            bare = replace(node, above=None) if node.above == Name("T") else node
            return bare if node.above == Name("T") else Apply("transpose", (bare,))
        case Apply("transpose" | "^" as name, (Name(base) as inner, *power)) if base == weights:
            if name == "transpose" or power == [Name("T")]:
                return inner
    return rebuilt(node, lambda n: _turned(n, weights))
