"""The growth of a gradient's bound per layer, as a number: (bound of the weights) · sup |σ'| for a chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.calculus.closed_form import derive
from symgrad.errors import ModelError, ValuesError
from symgrad.network.network import Network
from symgrad.numbers.bound.assumptions import read_assumptions
from symgrad.numbers.bound.bound import bound
from symgrad.numbers.bound.size import Size
from symgrad.numbers.magnitude.magnitude import Magnitude


@dataclass(frozen=True, eq=False)
class Growth:
    """‖∂s_t/∂s_(t-1)‖ ≤ value for every t: over n layers a gradient grows at most by value^n.

    The bound is the same in each layer, so value is also the limit of (bound at depth n)^(1/n).
    """

    bound: Size
    value: Magnitude

    def __str__(self) -> str:
        return str(self.value.exact) if self.value.exact is not None else self.value.to(10)


def layer_growth(network: Network, weight: Any = 1, norm: str = "spectral") -> Growth:
    """Return the bound of one step's Jacobian, all weights being at most ``weight`` in a norm.

    Raises ModelError where an activation is still opaque, or the state itself enters the bound.

    >>> import symgrad as sg
    >>> layer_growth(sg.model("chain").bind("logistic"), 2).value.exact
    Fraction(1, 2)
    """
    form = _one_step(network)
    free = bound(form, {}, norm)
    parameters = {q.name for q in network.parameters} - network.defined
    names = {n.partition("[")[0] for n in free.letters if n.partition("[")[0] in parameters}
    found = bound(form, read_assumptions(dict.fromkeys(names, weight)), norm)
    if found.letters:
        raise ModelError(
            f"the growth of one step of {network.name} is at most {found}: not a number",
            todo="bind the activation (--activation tanh); a state in it has no bound of its own",
        )
    value = found.evaluate(None, **{network.depth_symbol: 2})
    exact = found.exact
    return Growth(found, Magnitude(value.enclose, exact) if exact is not None else value)


def _one_step(network: Network) -> Any:
    states = [name for name, lags in network.lags.items() if name in network.defined and max(lags) >= 1]
    if not states:
        raise ValuesError(f"the model {network.name} has no recurrence", todo="give one such as chain or rnn")
    last = Index(network.depth_symbol)
    return derive(network, Quantity(states[-1], last), Quantity(states[-1], last - 1))
