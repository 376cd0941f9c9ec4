"""The notation that is asked for, if it fits the network that it is to write."""

from __future__ import annotations

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.notation_record import check_used
from symgrad.export.typeset import sizes
from symgrad.network.bind import called
from symgrad.network.network import Network


def fitting(notation: Notation | str, network: Network, *asked: Quantity) -> Notation:
    """Return a notation, which may be given by its name; asked: quantities whose indices may be letters, s[k].

    Raises UnknownName where it names what the network has not, unless it is shared or came with symgrad.

    >>> import symgrad as sg
    >>> fitting("ng", sg.model("chain")).name
    'ng'
    """
    found = find_notation(notation)
    if not (found.ready or found.shared):
        letters = {p.symbol for q in asked for p in q.indices if isinstance(p, Index)}
        known = {network.symbol, network.depth_symbol, *network.index_letters, *letters}
        check_used(found, [*network.names, *called(network), *sizes(network)], known)
    return found
