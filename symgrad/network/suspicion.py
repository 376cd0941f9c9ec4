"""What was read and may have been meant otherwise: ``wh[t-1]`` for ``w*h[t-1]``, ``A**2``, a number for a vector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from symgrad.algebra.expression import ADD, MUL, SUB, Apply, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import inside, nodes, quantities
from symgrad.algebra.greek import LETTERS
from symgrad.algebra.op import Op
from symgrad.ops.piecewise import free_interval, half_width

if TYPE_CHECKING:
    from symgrad.network.network import Network

SHORTEST, LONGEST = 2, 40
"""Letters of a name that may be a product of names."""


def notes(network: Network) -> tuple[str, ...]:
    """Return a sentence for each thing that may have been meant otherwise, with what to write then."""
    counted = Counter(q.name for e in network.equations for q in quantities(e.value))
    found = []
    for q in _undeclared(network):
        if counted[q.name] == 1 and (parts := _parts(network, q)):
            found.append(_sentence(q, parts, network))
    for e in network.equations:
        found += [*_raised(network, e.value), *_spread(network, e.value), *_taken_positive(network, e.value)]
        found += [*_same_for_all(network, e.value), *_two_classes(network, e.value)]
    return tuple(dict.fromkeys(found))


def _spread(network: Network, e: Expression) -> Iterator[str]:
    """Yield a sentence for each square matrix that is multiplied entry by entry with a vector: W*x, and not W@x."""
    return (told for W, told in entrywise(e) if len(set(network.shape_of(W))) == 1)


def entrywise(e: Expression) -> Iterator[tuple[Quantity, str]]:
    """Yield each matrix that is multiplied entry by entry with a vector, and the sentence that says so."""
    for x in nodes(e):
        match x:
            case Apply(op, (W, Apply(by, (Constant("1"), v)))) | Apply(op, (Apply(by, (Constant("1"), v)), W)):
                if op == MUL and by.name == "outer" and isinstance(W, Quantity) and isinstance(v, Quantity):
                    told = f"in {W}*{v} the vector is a row, and multiplies the columns of {W}, as in NumPy; "
                    yield W, told + f"the product of the two is {W}@{v}"


def _same_for_all(network: Network, e: Expression) -> Iterator[str]:
    """Yield a sentence for each number that no line declares and that is added to a product: W@x + b."""
    known = {q.name for q in network.shapes} | {a.target.name for a in network.assumptions} | network.defined
    sums = (x.arguments for x in nodes(e) if isinstance(x, Apply) and x.op in (ADD, SUB))
    for terms in sums:
        to_product = any(_is("@", p) and network.shape_of(p) for p in terms)
        for b in terms if to_product else ():
            if isinstance(b, Quantity) and b.name not in known and not network.shape_of(b):
                yield f"{b} is not declared, so it is one number for all entries; a vector is '{b.name}: (d,)'"


def _two_classes(network: Network, e: Expression) -> Iterator[str]:
    """Yield a sentence for each cross-entropy of two classes that is taken of a softmax."""
    softmax = {x.target.name for x in network.equations if _is("softmax", x.value)}
    for x in nodes(e):
        match x:
            case Apply(Op(name="cross_entropy"), (p, _)) if _is("softmax", p) or getattr(p, "name", "") in softmax:
                yield (
                    "cross_entropy is that of two classes, for each entry alone, and here it is taken of a softmax; "
                    "for classes write softmax_cross_entropy(z, y), of what stands in the softmax, or -sum(y*log(p))"
                )


def _is(name: str, e: Expression) -> bool:
    return isinstance(e, Apply) and e.op.name == name


def _taken_positive(network: Network, e: Expression) -> Iterator[str]:
    """Yield a sentence for each clipped objective whose ends are in order only if a parameter is positive."""
    for x in nodes(e):
        ends = free_interval(x)
        width = half_width(*ends) if ends else None
        if isinstance(width, Quantity) and not any(d.name == "positive" for d in network.domains(width)):
            yield f"{width} is taken to be positive, so that the ends of clip are in order: declare '{width}: positive'"


def _raised(network: Network, e: Expression) -> Iterator[str]:
    """Yield a sentence for each square matrix that is raised entry by entry, where the entries are not just added."""
    for x in nodes(e):
        inner = (a for a in inside(x) if isinstance(a, Apply) and a.op.name == "power")
        for raised in inner if not isinstance(x, Apply) or x.op.kind != "function" else ():
            yield from _power(network, raised)
    if isinstance(e, Apply) and e.op.name == "power":
        yield from _power(network, e)


def _power(network: Network, e: Apply) -> Iterator[str]:
    [A] = e.arguments
    shape = network.shape_of(A)
    if isinstance(A, Quantity) and len(shape) == 2 and shape[0] == shape[1]:
        yield f"{A}**{e.op.record} acts entry by entry, as in NumPy; a product with itself is matrix_power({A}, n)"


def notes_on_zero(network: Network, *asked: Quantity) -> tuple[str, ...]:
    """Return a sentence for each undeclared parameter whose name holds that of a quantity which nothing reads."""
    found = []
    for q in _undeclared(network):
        for name in {x.name for x in asked}:
            before = q.name.removesuffix(name)
            if before and before != q.name and not before.endswith("_"):
                found.append(_sentence(q, (before, name), network))
    return tuple(dict.fromkeys(found))


def _undeclared(network: Network) -> list[Quantity]:
    """Return the parameters, as they are read, whose shape and values no line declares."""
    declared = {q.name for q in network.shapes} | {a.target.name for a in network.assumptions}
    names = {q.name for q in network.parameters} - declared - set(LETTERS)
    reads = [q for e in network.equations for q in quantities(e.value)]
    return [q for q in dict.fromkeys(reads) if q.name in names and SHORTEST <= len(q.name) <= LONGEST]


def _parts(network: Network, q: Quantity) -> tuple[str, ...]:
    """Split a name into known names, the last of them with an index where q has one; () where it is none."""
    known = {name: indexed for name, indexed in network.names.items() if name != q.name}
    last = {name for name, indexed in known.items() if bool(indexed) == bool(q.indices)}
    free = {name for name, indexed in known.items() if not indexed} | set(network.functions)
    if q.index is not None:  # the name of a state, after one letter, with the state's own index
        for name in last & network.defined:
            if q.name[1:] == name or q.name.removesuffix(name) in LETTERS:
                return q.name.removesuffix(name), name
    return _run(q.name, free, last)


def _run(name: str, free: Collection[str], last: Collection[str]) -> tuple[str, ...]:
    """Return names that make a name when written one behind the other; at least two."""
    runs: list[tuple[str, ...] | None] = [()] + [None] * len(name)
    for end in range(1, len(name) + 1):
        for begin in range(end):
            before, piece = runs[begin], name[begin:end]
            if before is not None and piece in (last if end == len(name) else free):
                runs[end] = (*before, piece)
                break
    found = runs[-1] or ()
    return found if len(found) > 1 else ()


def _sentence(q: Quantity, parts: tuple[str, ...], network: Network) -> str:
    *before, last = parts
    meant = str(Quantity(last, q.index))
    for name in reversed(before):
        meant = f"{name}({meant})" if name in network.functions else f"{name}*{meant}"
    return f"{q} was read as a parameter; did you mean {meant}?"
