"""What a program of a question computes, checked before it is shown."""

from __future__ import annotations

from symgrad.api.model import Model
from symgrad.evidence.evidence import Evidence


def checked(model: Model, of: str, wrt: tuple[str, ...], depth: int | None, seed: int, digits: int) -> list[Evidence]:
    """Return the evidence for what a program computes: backward equations of a number, each Jacobian of an array.

    >>> import symgrad as sg
    >>> [str(e.verdict) for e in checked(sg.model("rnn"), "s[t]", ("s[k]",), None, 0, 30)]
    ['PROVED']
    """
    from symgrad.code.ask import network_quantity

    if not model.shape(model.resolve(model.arranged(network_quantity(of)), depth)):
        return [model.backward(of, wrt or None, depth).verify(seed, digits)]
    return [model.derivative(of, w, depth).verify(seed, digits) for w in wrt]
