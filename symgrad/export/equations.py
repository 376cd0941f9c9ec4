"""The equations of a network: typeset, as their author wrote them, or as plain data."""

from __future__ import annotations

from dataclasses import replace

from symgrad.algebra.index import Index
from symgrad.export.math import Display, Document, Heading, Listing, Part, Text
from symgrad.export.notation import Notation
from symgrad.export.typeset import Typesetter
from symgrad.network.meaning import meanings
from symgrad.network.network import Network


def network_document(network: Network, notation: Notation) -> Document:
    """Return a network's name and its equations, typeset in a notation, in the order of evaluation."""
    t = Typesetter(network, notation)
    parts: list[Part] = [Heading(network.name, 2)]
    parts += [Display(t.quantity(e.target), t.expression(e.value)) for e in network.equations]
    if network.steps:
        first, last = t.position(Index(network.symbol)), t.position(Index(network.depth_symbol))
        parts.append(Text(("For ", first, " from 1 to ", last, ".")))
    return t.suited.document(parts)


def understood(network: Network, notation: Notation) -> Document:
    """Return a network as it was read: its equations typeset, and what every name was taken for."""
    names = Listing("\n".join(map(str, meanings(network))))
    notes = [Text(f"Note: {note}") for note in network.notes]
    typeset = network_document(network, notation)
    return replace(typeset, parts=(*typeset.parts, Text("Every name, and what it was taken for:"), names, *notes))


def understood_record(network: Network) -> dict[str, object]:
    """Return a network as it was read, as plain data, for JSON.

    >>> import symgrad as sg
    >>> understood_record(sg.parse("C = w*x"))["names"][1]
    {'name': 'w', 'kind': 'parameter or input', 'words': '', 'shape': []}
    """
    names = [
        {
            "name": m.name,
            "kind": m.kind,
            "words": m.words,
            "shape": None if m.shape is None else list(map(str, m.shape)),
        }
        for m in meanings(network)
    ]
    return {**network_record(network), "names": names, "notes": list(network.notes)}


def network_record(network: Network) -> dict[str, object]:
    """Return a network as plain data, for JSON.

    >>> import symgrad as sg
    >>> network_record(sg.model("chain"))["parameters"]
    ['w[j]', 'b[j]', 'y', 'a[0]']
    """
    return {
        "model": network.name,
        "equations": network.text,
        "index": network.symbol,
        "depth": network.depth_symbol,
        "defined": [str(e.target) for e in network.equations],
        "parameters": [str(q) for q in network.parameters],
    }
