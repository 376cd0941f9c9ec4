"""Functions that a formula itself defines, f(x) = x³, and what they are put in for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from symgrad.reading.tree import Apply, Chain, Derivative, Integral, Node, Symbol, Unknown, rebuilt, symbols, walk

Definitions = Mapping[str, tuple[tuple[str, ...], Node]]
"""Functions by their names: their letters and what they are."""


def definitions(found: Iterable[Chain]) -> Definitions:
    """Return the functions that chains define: f(x) = x³."""
    known: dict[str, tuple[tuple[str, ...], Node]] = {}
    for chain in found:
        if (
            chain.relations[:1] == ("=",)
            and isinstance(function := chain.sides[0].node, Unknown)
            and not function.primes
            and function.name[0].isalpha()
        ):
            letters = tuple(a.name for a in function.arguments if isinstance(a, Symbol))
            body = chain.sides[1].node
            whole = len(letters) == len(function.arguments)
            if body is not None and whole and set(letters) <= symbols(body) and not _unknown(body):
                known[function.name] = letters, body
    return known


def _unknown(node: Node) -> bool:
    return any(isinstance(n, Unknown | Derivative) for n in walk(node))


def called(node: Node, known: Definitions) -> Node:
    """Put what a formula defines in the place of a call with numbers, f(2)."""
    if isinstance(node, Unknown) and node.name in known and not any(map(symbols, node.arguments)):
        return written_out(node, known)
    return node


def written_out(node: Node, known: Definitions) -> Node:
    """Put what a formula defines in the place of its functions: f'(x) with f(x) = x³."""
    match node:
        case Unknown(name, arguments, primes) if name in known:
            letters, body = known[name]
            given = tuple(written_out(a, known) for a in arguments)
            if len(letters) == len(given) == 1 and primes:
                if given[0] == Symbol(letters[0]):
                    return Derivative(body, letters[0], primes)
            elif not primes and len(letters) == len(given):
                return put(body, dict(zip(letters, given, strict=True)))
        case Derivative(Symbol(name), variable) if name in known and variable in known[name][0]:
            return replace(node, body=known[name][1])
        case Derivative(body):
            return replace(node, body=written_out(body, known))
        case Apply(name, arguments, primes):
            return Apply(name, tuple(written_out(a, known) for a in arguments), primes)
    return node


def put(node: Node, letters: Mapping[str, Node]) -> Node:
    """Put nodes in the place of letters."""
    match node:
        case Symbol(name):
            return letters.get(name, node)
        case Apply(name, arguments, primes):
            return Apply(name, tuple(put(a, letters) for a in arguments), primes)
        case Unknown(name, arguments, primes):
            return Unknown(name, tuple(put(a, letters) for a in arguments), primes)
    return node


def without_integrals(node: Node) -> Node:
    """Return a formula with d/dx ∫_a^b f(t) dt as f(b) b' - f(a) a', where f holds no x.

    >>> x = Symbol("x")
    >>> without_integrals(Derivative(Integral(Symbol("t"), "t", Symbol("a"), x), "x")).arguments[0]
    Symbol(name='x')
    """
    match node:
        case Derivative(Integral(body, t, low, high), x, 1) if low is not None and high is not None:
            ends = [e for e in (high, low) if x in symbols(e)]
            if ends and t != x and x not in symbols(body):
                parts = [Apply("*", (put(body, {t: end}), Derivative(end, x))) for end in ends]
                if len(parts) == 2:
                    return Apply("-", tuple(parts))
                return parts[0] if ends[0] is high else Apply("neg", tuple(parts))
    return rebuilt(node, without_integrals)
