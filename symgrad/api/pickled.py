"""How what follows from a model is pickled: as the equations, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symgrad.network.network import Network

if TYPE_CHECKING:
    from symgrad.api.model import Model


def asked_of(network: Network) -> tuple[Any, ...]:
    """Return the text of a network, and what is bound and replaced in it.

    >>> import symgrad as sg
    >>> asked_of(sg.parse("y = phi(x)").bind("tanh"))
    ('y = phi(x)', 'equations', (('phi', 'tanh'),), ())
    """
    return network.text, network.name, network.bindings, network.forms


def again(equations: tuple[Any, ...]) -> Model:
    """Return the model that these are the equations of.

    >>> import symgrad as sg
    >>> chain = sg.model("chain")
    >>> again(asked_of(chain)) == chain
    True
    """
    from symgrad.api.model import Model
    from symgrad.network.read import read_network

    text, name, bindings, forms = equations
    return read_network(text, name, bindings, forms, kind=Model)
