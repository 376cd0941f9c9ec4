"""Strategies of Hypothesis: values of a model's parameters, and small networks."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from symgrad.api.model import Model, parse
from symgrad.network.network import Network
from symgrad.testing.drawn import Drawn

SCALAR_STATES = ("w[j]*a[j-1] + b[j]", "w*a[j-1] + b", "w[j]*a[j-1]", "w*a[j-1] + v*x[j]")
VECTOR_STATES = ("W@a[j-1] + b", "W[j]@a[j-1] + b[j]", "W[j]@a[j-1]", "W@a[j-1] + U@x[j] + b", "W@a[j-1] + v*x[j]")
ACTIVATIONS = ("tanh", "logistic", "softplus", "softsign", "sin", "identity")
RESIDUALS = ("{f}(z[j])", "a[j-1] + {f}(z[j])", "g*a[j-1] + (1 - g)*{f}(z[j])")
COSTS = ("sum((a[L] - y)**2)/2", "sum(a[L]*y)", "sum(softplus(a[L])*y)")
SHAPES = {"W": "({d}, {d})", "U": "({d}, {d})", "b": "({d},)", "v": "({d},)", "x": "({d},)", "y": "({d},)"}


def drawn(draw: Any, model: Network, depth: int, sizes: dict[str, int]) -> Drawn:
    """Draw values by a function of Hypothesis."""
    source = draw(st.randoms(use_true_random=False))
    return Drawn(model, depth, lambda low, high: draw(st.integers(low, high)), source, sizes)


@st.composite
def _values(draw: Any, model: Network, depth: int, sizes: dict[str, int]) -> dict[str, Any]:
    return drawn(draw, model, depth, sizes).given


def values(model: Network, depth: int = 1, **sizes: int) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of values for the parameters of a model at a depth, as ``Model.gradients`` takes them.

    Arrays of float64 with whole numbers from -3 to 3, which shrink towards 0, or in the domain that the model declares;
    the layers on the first axis. sizes: of dimensions, n=2; others are drawn from 1 to 3, and shrink towards 1.

    >>> import symgrad as sg
    >>> from hypothesis import find
    >>> found = find(values(sg.model("chain"), depth=2), lambda v: v["w"][1] > 1)
    >>> found["w"].tolist(), found["a[0]"]
    ([0.0, 2.0], 0.0)
    """
    return _values(model, depth, sizes)


@st.composite
def _networks(draw: Any) -> Model:
    d = draw(st.sampled_from(("", "d")))
    step = draw(st.sampled_from(VECTOR_STATES if d else SCALAR_STATES))
    f = draw(st.sampled_from(ACTIVATIONS))
    state = draw(st.sampled_from(RESIDUALS)).format(f=f)
    cost = draw(st.sampled_from(COSTS))
    equations = [f"z[j] = {step}", f"a[j] = {state}", f"C = {cost}"]
    text = "\n".join(equations)
    declared = [
        f"{name}{'[j]' if f'{name}[j]' in text else ''}: {shape.format(d=d)}"
        for name, shape in SHAPES.items()
        if d and re.search(rf"(?<!\w){name}(?!\w)", text)
    ]
    return parse("\n".join([*declared, *([f"a[0]: ({d},)"] if d else []), *equations]))


def networks() -> st.SearchStrategy[Model]:
    """Return a strategy of small networks: a recurrence of numbers or vectors, shared weights or not, and a cost C.

    All functions are known, so that they have values at once.

    >>> from hypothesis import find
    >>> print(find(networks(), lambda net: "@" in net.text).text)
    W: (d, d)
    b: (d,)
    y: (d,)
    a[0]: (d,)
    z[j] = W@a[j-1] + b
    a[j] = tanh(z[j])
    C = sum((a[L] - y)**2)/2
    """
    return _networks()
