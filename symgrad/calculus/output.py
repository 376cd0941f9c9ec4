"""What is f(z) in a network: f(z) itself, or a quantity that an equation defines so."""

from __future__ import annotations

from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import quantities, replaced
from symgrad.algebra.index import Index, difference
from symgrad.algebra.op import Op
from symgrad.algebra.substitution import move, substitute
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import SOFTMAX


def as_output(network: Network, a: Expression) -> Apply | None:
    """Return f(z) where a is f(z) for a function f of a number; None where it is not.

    >>> import symgrad as sg
    >>> [str(z) for z in as_output(sg.model("chain"), Quantity("a", 2)).arguments]
    ['z[2]']
    """
    found = definition(network, a) if isinstance(a, Quantity) else a
    return found if isinstance(found, Apply) and found.op.kind == "function" else None


def definition(network: Network, q: Quantity) -> Expression | None:
    """Return the right side of the equation that defines q, at its index; None where there is none for sure."""
    found: Expression | None = next((e.value for e in network.equations if e.target == q), None)
    if found is None and isinstance(q.index, int | Index) and _is_a_layer(network, q.index):
        steps = [e for e in network.steps if e.target == Quantity(q.name, Index(network.symbol))]
        found = substitute(steps[0].value, {network.symbol: q.index}) if steps else None
    return found


def _is_a_layer(network: Network, index: int | Index) -> bool:
    """Tell whether an index is seen to be 1 or more: 3, or the depth."""
    return index > 0 if isinstance(index, int) else index == Index(network.depth_symbol)


def output_of(network: Network, f: Op, x: Expression) -> Expression:
    """Return the quantity that is f(x) in the network, or f(x) itself."""
    for equation in network.equations:
        value, target = equation.value, equation.target
        if isinstance(value, Apply) and value.op == f:
            [argument] = value.arguments
            if argument == x:
                return target
            match argument, x, target.index:
                case Quantity(name, Index() as read), Quantity(other, int() | Index() as at), Index() as defined:
                    if name == other:
                        return Quantity(target.name, at + (difference(defined, read) or 0))
    return Apply(f, (x,))


def by_name(network: Network, e: Expression, but: Quantity | None = None) -> Expression:
    """Return e with the name of a quantity for each function of arrays that an equation calls so: P for softmax(S).

    but: a number that is not named, since it is the one whose derivative is taken.

    >>> from symgrad.network.read import read_network
    >>> net = read_network("S[l]: (n, n)\\nP[l] = softmax(S[l])\\nE = sum(P[L])", "rows")
    >>> print(by_name(net, substitute(net.steps[0].value, {"l": 3})))
    P[3]
    """

    def name(x: Expression) -> Quantity | None:
        found = _named(network, x) if isinstance(x, Apply) and (_is_of_arrays(x.op) or _is_root(network, x)) else None
        return None if found is not None and found == but and not rank(network, found) else found

    return replaced(e, name)


def _is_of_arrays(op: Op) -> bool:
    return op == SOFTMAX or op.kind in ("reduction", "unit")


def _is_root(network: Network, e: Apply) -> bool:
    """Tell whether e is the root of a number, as the deviation that a normalisation divides by."""
    return e.op.name == "sqrt" and not rank(network, e)


def _named(network: Network, e: Apply) -> Quantity | None:
    """Return the quantity that e is the right side of, at any index."""
    for equation in network.equations:
        value, target = equation.value, equation.target
        if not isinstance(value, Apply) or value.op != e.op:
            continue
        if value == e:
            return target
        if isinstance(target.index, Index):
            for read, at in zip(quantities(value), quantities(e), strict=False):
                if isinstance(read.index, Index) and read.index.symbol == target.index.symbol and at.index is not None:
                    there = {target.index.symbol: at.index - read.index.offset}
                    if substitute(value, there) == e:
                        return move(target, there)
                    break
    return None
