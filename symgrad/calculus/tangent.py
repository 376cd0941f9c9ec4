"""Forward mode: the directional derivative by Taylor numbers.

The network is evaluated in numbers v + t ε whose own arithmetic differentiates: no derivative rule of an
operation is used, neither a Jacobian nor a pull-back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symgrad.algebra.expression import Quantity
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.values.values import Values
from symgrad.network.network import Network


def tangent(network: Network, values: Values, of: Quantity, wrt: Quantity, direction: Any) -> Any:
    """Return (∂of/∂wrt) direction, in balls; ``values`` holds the parameters, in "taylor" arithmetic."""
    A = values.arithmetic
    zero = A.array(np.zeros(np.shape(direction), dtype=int), np.shape(direction))
    step = A.variable(zero, direction)  # type: ignore[attr-defined]
    forward(network, values, Compiler(values), wanted=(of,), change=(wrt, step))
    return _tangents(values.env[of.name][of.place({})])


def _tangents(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return np.frompyfunc(lambda v: v.tangent, 1, 1)(x)
    return x.tangent
