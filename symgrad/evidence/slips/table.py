"""The slips of a network: each node of its equations with each wrong rule, each path left out, each range of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from symgrad.algebra.expression import Apply, Expression, Number, Quantity
from symgrad.algebra.expression_tree import nodes, quantities
from symgrad.algebra.index import Index, symbols
from symgrad.algebra.substitution import move
from symgrad.evidence.slips import kinds
from symgrad.evidence.slips.rules import has_slope_of_output, slope_of_output, wrong_rules
from symgrad.evidence.slips.tape import Places, Slip
from symgrad.network.equation import Equation
from symgrad.network.network import Network

E = TypeVar("E", bound=Expression)


def slips(network: Network, wrt: str, depth: int) -> Iterator[Slip]:
    """Yield what may be wrong with a derivative by ``wrt``, from the likeliest; at all steps first, then at one.

    >>> from symgrad.network.read import read_builtin
    >>> from symgrad.network.bind import bind_network
    >>> from symgrad.ops.saturating import TANH
    >>> chain = bind_network(read_builtin("chain"), {"sigma": TANH})
    >>> print(next(s for s in slips(chain, "b", 3) if s.kind == kinds.PRIME_MISSING))
    a prime is missing: sigma(z[j]) stands for sigma'(z[j])
    """
    yield from _ranges(network, wrt, depth)
    everywhere = [*_rules(network), *_shifts(network)]
    paths = list(_paths(network))
    yield from everywhere
    yield from paths
    steps = set(network.steps)
    whole = frozenset(range(1, depth + 1))
    for slip in paths if depth > 2 else ():
        if slip.kind == kinds.PATH_MISSING and slip.places[0][0] in steps:
            for kept, words in ((depth, "last"), (1, "first")):
                detail = f"{slip.detail}, at each {network.symbol} but the {words}"
                yield replace(slip, detail=detail, steps=whole - {kept})
    for slip in (*everywhere, *paths):
        if depth > 1 and slip.places[0][0] in steps:
            yield from (_at_step(slip, network, j) for j in range(1, depth + 1))


def by_outputs(network: Network) -> Slip:
    """Return slopes taken of outputs, tanh'(z) as 1 - a²: no slip, but rounded otherwise where a function saturates."""
    places = tuple(
        (equation, e)
        for equation in _equations(network)
        for e in _unique(nodes(equation.value))
        if isinstance(e, Apply) and has_slope_of_output(e)
    )
    return Slip("slopes by outputs", "", places, rule=slope_of_output)


def _at_step(slip: Slip, network: Network, j: int) -> Slip:
    return replace(slip, detail=f"{slip.detail}, at {network.symbol} = {j} only", steps=frozenset([j]))


def _equations(network: Network) -> tuple[Equation, ...]:
    return (*network.openings, *network.steps, *network.closings, *network.grid)


def _ranges(network: Network, wrt: str, depth: int) -> Iterator[Slip]:
    """Yield the steps that a parameter of all steps may be taken at, and the derivative that goes back no step."""
    symbol = network.symbol
    back = _leaves(network.steps, lambda q: q.name in network.defined and _offset(q, symbol) < 0)
    shared = _leaves(network.steps, lambda q: q.name == wrt and not symbols(q.indices))
    all_steps = frozenset(range(1, depth + 1))
    if shared and depth > 1:
        for kind, kept in (
            (kinds.LAST_STEP, {depth}),
            (kinds.FIRST_STEP, {1}),
            (kinds.EARLY_STEPS, all_steps - {depth}),
            *((kinds.LATE_STEPS, range(k, depth + 1)) for k in range(2, depth)),
        ):
            some = sorted(kept)
            detail = f"{symbol} = {some[0]}" + (f" to {some[-1]}" if len(some) > 1 else "")
            yield Slip(kind, detail, shared, factor=0, steps=all_steps - set(kept))
    if back:
        yield Slip(kinds.IMMEDIATE, "nothing goes back from a step to the one before", back, factor=0)


def _rules(network: Network) -> Iterator[Slip]:
    for equation in _equations(network):
        for e in _unique(nodes(equation.value)):
            if isinstance(e, Apply):
                for kind, pattern, rule in wrong_rules(e):
                    yield Slip(kind, pattern.format(**_names(equation, e)), ((equation, e),), rule=rule)


def _names(equation: Equation, e: Apply) -> dict[str, str]:
    return {
        "f": e.op.text or e.op.name,
        "x": shown(e.arguments[0]),
        "x_2": shown(e.arguments[-1]),
        "y": shown(equation.target if equation.value == e else e),
    }


def shown(e: Expression) -> str:
    """Return an expression as equations write it.

    >>> from symgrad.network.formula import read_formula
    >>> shown(read_formula("tanh(w*x + 1)*(y - 2)").expression)
    'tanh(w*x + 1)*(y - 2)'
    """
    match e:
        case Quantity():
            return str(e)
        case Number(q):
            return str(q)
        case Apply(op, (x, y)) if op.name in ("+", "-"):
            return f"{shown(x)} {op.name} {shown(y)}"
        case Apply(op, (x, y)) if op.kind == "operator":
            parts = (f"({shown(z)})" if isinstance(z, Apply) and z.op.name in ("+", "-") else shown(z) for z in (x, y))
            return op.name.join(parts)
        case Apply(op, arguments):
            return f"{op.name}({', '.join(map(shown, arguments))})"
    return "…"


def _shifts(network: Network) -> Iterator[Slip]:
    """Yield operations that read the values of the step after, or of the one before."""
    symbol = network.symbol
    for equation in network.steps:
        for e in _unique(nodes(equation.value)):
            if not isinstance(e, Apply) or e.op.linear or e.op.name in ("+", "-"):
                continue
            for n, argument in enumerate(e.arguments):
                read = [q for q in quantities(argument) if symbol in symbols(q.indices)]
                for step in (1, -1) if read else ():
                    shown = ", ".join(dict.fromkeys(f"{move(q, {symbol: Index(symbol, step)})} for {q}" for q in read))
                    told = f"in the derivative of {equation.target}, {shown}"
                    yield Slip(kinds.INDEX_OFF, told, ((equation, e),), shift=step, argument=n)


def _paths(network: Network) -> Iterator[Slip]:
    """Yield each path from what an equation defines to what it reads: left out, with the wrong sign, or twice."""
    for equation in _equations(network):
        for q in _unique(quantities(equation.value)):
            place = ((equation, q),)
            yield Slip(kinds.PATH_MISSING, f"from {equation.target} to {q}", place, factor=0)
            yield Slip(kinds.SIGN, f"of the path from {equation.target} to {q}", place, factor=-1)
            yield Slip(kinds.PATH_TWICE, f"from {equation.target} to {q}", place, factor=2)


def _leaves(equations: Iterable[Equation], holds: Callable[[Quantity], bool]) -> Places:
    return tuple((e, q) for e in equations for q in _unique(quantities(e.value)) if holds(q))


def _offset(q: Quantity, symbol: str) -> int:
    return next((p.offset for p in q.indices if isinstance(p, Index) and p.symbol == symbol), 0)


def _unique(found: Iterable[E]) -> list[E]:
    return list(dict.fromkeys(found))
