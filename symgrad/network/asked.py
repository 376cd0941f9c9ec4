"""What is asked for, of a network: a quantity, or an entry of one, F[i], W[1,2], h[t][i]."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.algebra.dimension import Size, named, plus
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Position, parts
from symgrad.algebra.shape import Dimension, show
from symgrad.errors import IndexRangeError, ModelError
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_places


@dataclass(frozen=True)
class Asked:
    """A quantity, and the places of an entry of it, counted from 1; none: the whole of it."""

    quantity: Quantity
    places: tuple[Size, ...] = ()

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters in the places, in their order; some may be dimensions."""
        return tuple(dict.fromkeys(d.name for n in self.places for d in named(n)))

    def __str__(self) -> str:
        if not self.places:
            return str(self.quantity)
        places = f"[{','.join(map(str, self.places))}]"
        return f"{self.quantity}{places}"


def asked(network: Network, text: str, what: str) -> Asked:
    """Read what is asked for: indices that the network knows belong to the quantity, those behind them are places.

    >>> from symgrad.network.read import read_network
    >>> net = read_network("W: (m, n)\\nh[0]: (n,)\\nh[t] = tanh(h[t-1])\\nC = loss(W@h[T])", "entries")
    >>> print(asked(net, "W[1,i]", "--wrt"), asked(net, "h[t][2]", "--of"), asked(net, "h[t]", "--of").places)
    W[1,i] h[t][2] ()
    """
    q, behind = read_places(text, what)
    indexed = network.names.get(q.name)
    if indexed is None:
        return Asked(q)
    positions = q.indices
    places = tuple(map(_size, (*positions[indexed:], *behind)))
    if not places or len(positions) < indexed:
        return Asked(q)
    whole = Quantity(q.name, positions[0], positions[1:indexed]) if indexed else Quantity(q.name)
    shape = network.shape(network.general(network.example(q.name)))
    if len(shape) != len(places):
        if not behind and (not shape or indexed):
            return Asked(q)  # the network says what indices it carries
        has = f"{q.name} carries no index in this model" if not indexed else f"{whole} is {show(shape)}"
        raise ModelError(
            f"{has}, and {text} has {len(places)} place{'s' * (len(places) > 1)}",
            where=f"model {network.name}",
            todo=f"write {whole}; an entry of a vector has one place, x[i], of a matrix two, W[i,j]",
        )
    for n, size in zip(places, shape, strict=True):
        if isinstance(n, int) and (n < 1 or (isinstance(size, int) and n > size)):
            raise IndexRangeError(f"{text} does not exist: places run from 1 to {size}", todo="count from 1")
        for d in named(n):
            if d.name in network.names:
                raise ModelError(f"{d} is a quantity of this model, and no place", todo="write another letter")
    return Asked(whole, places)


def _size(p: Position) -> Size:
    """Return a place: its letters are written as dimensions."""
    terms, offset = parts(p)
    total: Size = offset
    for symbol, times in terms:
        total = plus(total, Dimension(symbol), times)
    return total
