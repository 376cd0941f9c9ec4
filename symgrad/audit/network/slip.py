"""What may be wrong with a printed gradient: the formulas that differ from it by one slip of the pen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from symgrad.api.model import Model
from symgrad.audit.network.authors import DELTA, printed_name, quantity, rank
from symgrad.evidence.slips import kinds
from symgrad.reading.page.lexicon import shown as shown_index
from symgrad.reading.tree import Apply, Big, Call, Name, Node, Number, Partial, children, rebuilt, walk

MOST_CHANGES = 80
LARGEST = 200
"""Nodes of a formula of which slips are tried."""
Change = tuple[Node, str, str]
"""A formula with one change, what ought to stand there, and what is wrong."""


def changes(node: Node, left: Node, network: Model, activation: str) -> Iterator[Change]:
    """Yield a right side with one small change, from the likeliest; left: what it is said to be."""
    if sum(1 for _ in walk(node)) > LARGEST:
        return
    found = [(-1, node, new, value, told) for new, value, told in _whole(node, left, activation)]
    lying = {a for n in walk(node) if isinstance(n, Call) for a in n.arguments}
    for n, place in enumerate(_places(node)):
        for new, value, told in _variants(place, network, activation):
            if place not in lying or new != Apply("transpose", (place,)):  # in rows δ W ⊙ σ'(z) has its z as a row
                found.append((n, place, new, value, told))
    likely = sorted(
        islice(found, 2 * MOST_CHANGES), key=lambda f: (kinds.ON_A_PAGE.index(f[4].partition(":")[0]), f[0])
    )
    for _, place, new, value, told in likely[:MOST_CHANGES]:
        yield _replaced(node, place, new), value, told


def _places(node: Node) -> Iterator[Node]:
    """Yield the nodes in which something may be wrong, with what stands in them; the names in derivatives are right."""
    yield node
    match node:
        case Name() | Partial() | Number():
            return
        case Big(body=body):
            yield from _places(body)
        case Call(_, arguments):
            for n in arguments:
                yield from _places(n)
        case _:
            for n in children(node):
                yield from _places(n)


def _whole(node: Node, left: Node, activation: str) -> Iterator[Change]:
    """Yield the right side with a slope that is missing."""
    wrt = left.arguments[0].wrt if isinstance(left, Apply) and isinstance(left.arguments[0], Partial) else None
    wrt = left.wrt if isinstance(left, Partial) else wrt
    called = [n for n in walk(node) if isinstance(n, Call) and n.function.primes]
    if activation and isinstance(wrt, Name) and not called:
        slope = Call(Name(activation, primes=1), (wrt,))
        yield Apply("⊙", (node, slope)), shown(slope), f"{kinds.SLOPE_MISSING}: {shown(slope)}"


def _variants(n: Node, network: Model, activation: str) -> Iterator[Change]:
    match n:
        case Call(function, (_,)) if function.base == activation and function.primes < 2:
            slope, plain = (replace(n, function=replace(function, primes=k)) for k in (1, 0))
            if function.primes:
                yield plain, shown(plain), f"{kinds.PRIME_TOO_MANY}: {shown(slope)}"
            else:
                yield slope, shown(slope), f"{kinds.PRIME_MISSING}: {shown(plain)}"
            if function.primes:
                yield Call(Name("diag"), (n,)), f"diag({shown(slope)})", kinds.DIAGONAL
        case Big(sign, variable, low, high):
            for step in (1, -1):
                begin, end = _shifted(low, step), _shifted(high, step)
                told = kinds.RANGE_OFF
                first = f"{variable} = {shown_index(begin)}"
                yield replace(n, low=begin), first, f"{told}: {variable} = {shown_index(low)}"
                yield replace(n, high=end), f"to {shown_index(end)}", f"{told}: to {shown_index(high)}"
        case Name():
            yield from _of_name(n, network)
        case Apply(name, (Partial(wrt=wrt) as partial,)) if name == DELTA and (wrt.below or wrt.above is not None):
            yield Apply("transpose", (n,)), f"({shown(n)})^T", f"{kinds.TRANSPOSE_MISSING}: {shown(n)}"
            for step in (1, -1):
                moved = Apply(name, (replace(partial, wrt=_moved(wrt, step)),))
                yield moved, shown(moved), f"{kinds.INDEX_OFF}: {shown(n)}"
        case Apply("transpose", (inner,)):
            yield inner, shown(inner), f"{kinds.TRANSPOSE_TOO_MANY}: {shown(n)}"
        case Apply("neg", (inner,)):
            yield inner, "", kinds.SIGN
        case Apply("*", factors) | Apply("⊙", factors):
            sign = n.name
            for k in range(len(factors) - 1 if sign == "*" else 0):
                turned = (*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :])
                yield Apply(sign, turned), "", kinds.ORDER
            for k, f in enumerate(factors):
                others = factors[:k] + factors[k + 1 :]
                if _is_slope(f):
                    rest = others[0] if len(others) == 1 else Apply(sign, others)
                    yield rest, "", f"{kinds.FACTOR_TOO_MANY}: {shown(f)}"


def _of_name(n: Name, network: Model) -> Iterator[Change]:
    known = quantity(n, network)
    if not known:
        return
    if rank(known, network):
        turned = Apply("transpose", (n,))
        yield turned, shown(turned), f"{kinds.TRANSPOSE_MISSING}: {printed_name(n)}"
    for step in (1, -1) if network.names[known] and (n.below or n.above is not None) else ():
        moved = _moved(n, step)
        yield moved, printed_name(moved), f"{kinds.INDEX_OFF}: {printed_name(n)}"


def _moved(n: Name, step: int) -> Name:
    """Return a name with its layer one higher or lower."""
    if n.above is not None:
        return replace(n, above=_shifted(n.above, step))
    return replace(n, below=(*n.below[:-1], _shifted(n.below[-1], step))) if n.below else n


def _is_slope(n: Node) -> bool:
    inner = n.arguments[0] if isinstance(n, Call) and n.function == Name("diag") else n
    return isinstance(inner, Call) and inner.function.primes == 1


def _shifted(index: Node, step: int) -> Node:
    """Return an index that is one more or one less.

    >>> shown_index(_shifted(Name("l"), 1)), shown_index(_shifted(Number(Fraction(2), "2"), -1))
    ('l+1', '1')
    """
    letter, total = index, step
    match index:
        case Number(value) if value.denominator == 1:
            return _number(int(value) + step)
        case Apply("+", (inner, Number(value))):
            letter, total = inner, int(value) + step
        case Apply("+", (inner, Apply("neg", (Number(value),)))):
            letter, total = inner, step - int(value)
    if total == 0:
        return letter
    return Apply("+", (letter, _number(total) if total > 0 else Apply("neg", (_number(-total),))))


def _number(n: int) -> Number:
    return Number(Fraction(n), str(n))


def shown(n: Node) -> str:
    """Return what a finding shows of a part of a formula; dots for what is long.

    >>> shown(Call(Name("sigma", primes=1), (Name("z", below=(Number(Fraction(2), "2"),)),)))
    "σ'(z_2)"
    """
    match n:
        case Name():
            return printed_name(n)
        case Number(_, text):
            return text
        case Call(function, arguments):
            name = "σ" if function.base == "sigma" else function.base
            return f"{name}{chr(39) * function.primes}({', '.join(map(shown, arguments))})"
        case Apply("transpose", (inner,)):
            return f"({shown(inner)})^T" if "^" in shown(inner) else f"{shown(inner)}^T"
        case Apply(name, (Partial(wrt=wrt),)) if name == DELTA:
            return printed_name(replace(wrt, base="δ"))
        case Apply("*", factors):
            return " ".join(map(shown, factors))
    return "…"


def _replaced(node: Node, old: Node, new: Node) -> Node:
    """Put a node in the place of the one that is the same object."""
    if node is old:
        return new
    return node if isinstance(node, Name | Partial | Number) else rebuilt(node, lambda n: _replaced(n, old, new))
