"""Gradients as authors write them, W_l^T, ∇_W C, δ^l, σ for what the network applies, as a page's tree has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from symgrad.algebra.expression import Apply as Applied
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import applications
from symgrad.api.model import Model
from symgrad.audit.network.costs import COSTS
from symgrad.audit.network.statement import CHANGE, ERROR, Statement
from symgrad.network.functions import called
from symgrad.network.network import Network
from symgrad.reading.known import is_activation
from symgrad.reading.page.lexicon import shown
from symgrad.reading.tree import Apply, Big, Call, Name, Node, Number, Partial, rebuilt, walk

LETTERS = frozenset(["f", "g", "phi", "varphi", "h", "sigma"])
"""Letters of the activation of a network; which function it is, the network says."""
EXAMPLES = ("m", "n", "N", "M", "B")
"""Letters for the number of examples."""
GRADIENT, DELTA = "∇", "δ"
"""∇C: the derivative of a number as a column, in any layout. δ: the same in the layout of the other derivatives."""
_PRIME = re.compile(r"\^\s*(?:\{\s*(?:\\prime|'|′)\s*\}|\\prime(?![A-Za-z]))")
_LAYER_TURNED = re.compile(r"\^\{\s*([(\[][^{}()\[\]]*[)\]])\s*(?:,\s*)?(?:T|\\mathsf\s*\{?\s*T\s*\}?)\s*\}")
_LAYER_PRIMED = re.compile(r"\^\{\s*([(\[][^{}()\[\]]*[)\]])\s*(?:\\prime|')\s*\}")
_END = re.compile(r"(?:[\s.,;]|\\[,;!]|\\(?:quad|qquad)\b)+\Z")


def plain(text: str) -> str:
    r"""Return a formula in which primes and transposes are spelled as a page spells them, without its full stop.

    >>> print(plain(r"g^{\prime}(z^{(l)})."), plain(r"W^{(l+1)T}"))
    g'(z^{(l)}) W^{(l+1)\top}
    """
    text = _PRIME.sub("'", _LAYER_PRIMED.sub(r"'^{\1}", text))
    return _END.sub("", _LAYER_TURNED.sub(lambda m: f"^{{{m[1]}\\top}}", text))


@dataclass(frozen=True)
class Meant:
    """A statement in the names of a network.

    error: what δ is taken for, the quantity ∂C/∂ of which it is. mean: a factor 1/m was left out.
    """

    said: Statement
    error: str = ""
    mean: bool = False


def of_one_example(said: Statement) -> Statement | None:
    """Return a statement without the factor 1/m in front of its right side, a mean over examples; None without one."""
    match said.right:
        case Apply("*", (Apply("/", (Number(one), Name(base))), *rest)) if one == 1 and base in EXAMPLES and rest:
            letters = [n.base for factor in rest for n in walk(factor) if isinstance(n, Name) and n != CHANGE]
            if not any(len(name) == 1 and name.isupper() and name != "T" for name in letters[:1]):
                return None  # small letters are of one example
            return replace(said, right=rest[0] if len(rest) == 1 else Apply("*", tuple(rest)))
    return None


def activation(network: Model) -> str:
    """Return the function that a network applies to its weighted inputs, where it is one."""
    return _roles(network).activation


def meanings(said: Statement, network: Model) -> Iterator[Meant]:
    """Yield what a statement may mean on a network: δ is ∂C/∂z, or ∂C/∂a; ∏ is of all that follows, or not."""
    for meant in _of_errors(said, network):
        yield meant
        if (narrow := _narrowed(meant.said.right)) != meant.said.right:
            yield replace(meant, said=replace(meant.said, right=narrow))


def _narrowed(node: Node) -> Node:
    """Return a formula with the last factors behind each ∏ outside of it, as far as they do not have its index."""
    if not isinstance(node, Big) or node.sign != "∏":
        return node if isinstance(node, Name | Partial) else rebuilt(node, _narrowed)
    factors = node.body.arguments if isinstance(node.body, Apply) and node.body.name == "*" else (node.body,)
    last = next((k for k in range(len(factors), 0, -1) if _has(factors[k - 1], node.variable)), len(factors))
    if last == len(factors):
        return node
    inner = factors[0] if last == 1 else Apply("*", factors[:last])
    return Apply("*", (replace(node, body=inner), *factors[last:]))


def _has(node: Node, letter: str) -> bool:
    return any(isinstance(n, Name) and n.base == letter for n in walk(node))


def _of_errors(said: Statement, network: Model) -> Iterator[Meant]:
    roles = _roles(network)
    sides = said.left, said.right
    errors = any(isinstance(n, Name) and n.base == ERROR for side in sides for n in walk(side))
    if not errors or ERROR in network.names:
        yield Meant(_with(said, _Reading(roles)))
        return
    for name in dict.fromkeys(n for n in (roles.before, roles.state) if n):
        yield Meant(_with(said, _Reading(roles, name)), name)


@dataclass(frozen=True)
class _Roles:
    """What a network has: its quantities, its cost or a free letter for one, its activation, its argument and value."""

    names: frozenset[str]
    cost: str
    activation: str
    before: str
    state: str


@lru_cache(maxsize=32)
def _roles(network: Model) -> _Roles:
    numbers = [e.target.name for e in network.closings if not rank(e.target.name, network)]
    free = (c for c in COSTS if c not in network.names and c not in (network.depth_symbol, network.symbol))
    cost = next((n for n in numbers[::-1] if n in COSTS), "") or next(free)
    functions = {name for name, op in called(network).items() if op.kind == "function"}
    applied = [
        (e.value.op.name, e.value.arguments[0].name, e.target.name)
        for e in network.steps
        if isinstance(e.value, Applied) and e.value.op.name in functions
        if isinstance(e.value.arguments[0], Quantity)
    ]
    function, before, state = applied[0] if len(applied) == 1 else ("", "", "")
    inner = {a.op.name for e in network.steps for a in applications(e.value)} & functions
    activation = function or (inner.pop() if len(inner) == 1 else "")
    last = state or (network.steps[-1].target.name if network.steps else "")
    return _Roles(frozenset(network.names), cost, activation, before, last)


@dataclass(frozen=True)
class _Reading:
    """Puts the names of a network in a formula. error: the quantity by which δ is the derivative of the cost."""

    roles: _Roles
    error: str = ""

    def __call__(self, node: Node) -> Node:
        match node:
            case Name(base, (), below, Name("T"), "") if self._is_known(base):
                return Apply("transpose", (self(Name(base, (), below, primes=node.primes)),))
            case Name(base, (), below, Apply("*", (layer, Name("T"))), "") if self._is_known(base):
                return Apply("transpose", (self(Name(base, (), below, layer)),))
            case Apply("^", (base, Name("T"))):
                return Apply("transpose", (self(base),))
            case Apply("*", factors):
                return self._product(factors)
            case Name(base) if base == ERROR and self.error:
                return Apply(DELTA, (Partial(Name(self.roles.cost), replace(node, base=self.error)),))
            case Call(function, arguments) if (name := self._activation(function)) is not None:
                return Call(name, tuple(map(self, arguments)))
            case Partial(Name() as of, wrt):
                return replace(node, of=self._cost(of), wrt=wrt)
            case Big():  # its ends are no quantities
                return replace(node, body=self(node.body))
        return rebuilt(node, self)

    def _is_known(self, base: str) -> bool:
        return base == ERROR or any(base == n or n.startswith(f"{base}_") for n in self.roles.names)

    def _activation(self, function: Name) -> Name | None:
        name = self.roles.activation
        if not name or function.base in self.roles.names:
            return None
        if function.base in LETTERS or is_activation(function.base):
            return Name(name, primes=function.primes)
        return None

    def _cost(self, of: Name) -> Name:
        is_cost = of == Name(of.base) and of.base in COSTS and of.base not in self.roles.names
        return Name(self.roles.cost) if is_cost else of

    def _product(self, factors: tuple[Node, ...]) -> Node:
        """Read ∇_W C, and dW for it, and σ' (z) with a space before its parenthesis."""
        found: list[Node] = []
        at = 0
        while at < len(factors):
            first, second = factors[at], factors[at + 1] if at + 1 < len(factors) else None
            if first == CHANGE and isinstance(second, Name) and self._is_known(second.base):
                found.append(Apply(GRADIENT, (Partial(Name(self.roles.cost), second),)))
                at += 2
                continue
            if isinstance(first, Name) and first.base == "nabla" and isinstance(second, Name):
                gradient = self._gradient(first, second)
                if gradient is not None:
                    found.append(gradient)
                    at += 2
                    continue
            if isinstance(first, Name) and first.primes and second is not None and (f := self._activation(first)):
                found.append(Call(f, (self(second),)))
                at += 2
                continue
            found.append(self(first))
            at += 1
        return found[0] if len(found) == 1 else Apply("*", tuple(found))

    def _gradient(self, nabla: Name, of: Name) -> Node | None:
        """Return ∇_W C."""
        if nabla.above is not None or len(nabla.below) != 1 or not isinstance(wrt := nabla.below[0], Name):
            return None
        return Apply(GRADIENT, (Partial(self._cost(of), wrt),))


def _with(said: Statement, reading: _Reading) -> Statement:
    return Statement(reading(said.left), reading(said.right), said.change)


def rank(name: str, network: Network) -> int:
    """Return 0 for a number, 1 for a vector, 2 for a matrix of a network; of a cost that has no shape 0."""
    return next((len(shape) for q, shape in network.shapes.items() if q.name == name), 0)


def quantity(name: Name, network: Model) -> str:
    """Return the quantity of a network that a printed name stands for, W_hh for W_{hh}; nothing for any other name."""
    words = [name.base, *map(shown, name.below)]
    return next((q for k in range(len(words), 0, -1) if (q := "_".join(words[:k])) in network.names), "")


def printed_name(name: Name) -> str:
    """Return a name as a finding shows it: a_{l-1}, W_l, z^{[l]}.

    >>> printed_name(Name("W", below=(Name("l"),)))
    'W_l'
    """
    word = name.base + "'" * name.primes
    below = ",".join(map(shown, name.below))
    word += f"_{below}" if len(below) == 1 else f"_{{{below}}}" if below else ""
    if name.above is None:
        return word
    close = {"[": "]", "(": ")"}.get(name.bracket, "")
    return f"{word}^{{{name.bracket}{shown(name.above)}{close}}}"
