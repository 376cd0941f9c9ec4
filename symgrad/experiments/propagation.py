"""How a gradient spreads through random networks, beside the line that the theory of wide networks predicts.

With weights of variance σ_w²/n and biases of variance σ_b² the mean square of the weighted inputs of a wide network
settles at a fixed point q*, and one layer backwards multiplies ‖δ‖² by

    χ₁ = σ_w² E[φ'(√q* z)²],   z standard normal,   so that   ‖δ_l‖ ≈ ‖δ_L‖ χ₁^((L-l)/2).

Here networks are drawn, and ‖δ_l‖ is what the derived gradient gives for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symgrad.api.model import model
from symgrad.arithmetic.literal import exact
from symgrad.errors import ValuesError
from symgrad.experiments.batch import BatchGradient
from symgrad.experiments.perceptron import length
from symgrad.experiments.runs import Tick
from symgrad.experiments.threads import one_thread
from symgrad.network.functions import called
from symgrad.numbers.expectation.mean_field import Layer
from symgrad.numbers.magnitude.magnitude import magnitude

Floats = NDArray[np.float64]

WIDTH, DEPTH, SEEDS = 1_000, 50, 5
SMALLEST, LARGEST = 1e-290, 1e290
"""Norms between which no entry that matters under- or overflows in float64."""


@dataclass(frozen=True)
class Prediction:
    """An activation and the variances σ_w², σ_b², with what is predicted: χ₁, and where the variance q starts.

    start: q of the first layer. It is q* where there is one, and any number where every q is one.
    """

    activation: str
    weight_variance: float
    bias_variance: float
    rate: float
    start: float = 1.0

    def __post_init__(self) -> None:
        if not self.weight_variance > 0 or not self.bias_variance >= 0:
            raise ValuesError(
                f"variances {self.weight_variance} of weights and {self.bias_variance} of biases",
                todo="give σ_w² above 0 and σ_b² of 0 or more",
            )
        if not self.start > self.bias_variance or not self.rate > 0:
            raise ValuesError(
                f"q = {self.start} at the start and χ₁ = {self.rate} for {self.activation}",
                todo="give q above σ_b², and χ₁ above 0",
            )

    def line(self, depth: int) -> Floats:
        """Return ‖δ_l‖/‖δ_L‖ = χ₁^((L-l)/2) for l = 1, ..., L."""
        return self.rate ** ((depth - np.arange(1.0, depth + 1)) / 2)


def predict(activation: str, weight_variance: str | float, bias_variance: str | float = 0) -> Prediction:
    """Return χ₁ and q* of an activation, from the certified Gaussian means; a variance in quotes is exact.

    Where q* is 0, or every q is a fixed point, q starts at 1. Raises NotDefined where the variance grows without end.

    >>> predict("tanh", "25/9").rate
    1.2098313...
    """
    record = called(model("mlp").bind(activation))["sigma"].record
    weight, bias = (magnitude(exact(v)) for v in (weight_variance, bias_variance))
    layer = Layer(record, weight, bias)
    q = layer.fixed_point
    start = float(q) if q is not None and q.sign != 0 else 1.0
    return Prediction(activation, float(weight), float(bias), float(layer.chi), start)


SHOWN = (
    ("relu", "2", "0"),  # He
    ("relu", "1", "0"),  # LeCun, made for tanh
    ("tanh", "25/9", "0"),  # the gain 5/3
    ("tanh", "1.760954639606739131631552", "0.05"),  # on the critical line
    ("selu", "1", "0"),
)
"""What is simulated where nothing else is asked for: activation, σ_w², σ_b²."""


@dataclass(frozen=True, eq=False)
class Propagation:
    """‖δ_l‖ of random networks: one row a seed, one column a layer."""

    prediction: Prediction
    width: int
    seeds: tuple[int, ...]
    norms: Floats

    @property
    def relative(self) -> Floats:
        """‖δ_l‖/‖δ_L‖, one row a seed."""
        return self.norms / self.norms[:, -1:]

    @property
    def rate(self) -> float:
        """The measured χ₁: the mean over the seeds of ln(‖δ_1‖²/‖δ_L‖²)/(L-1), as a factor."""
        layers = self.norms.shape[1] - 1
        return float(np.exp(2 * np.log(self.relative[:, 0]).mean() / layers))


def propagation(
    predictions: Sequence[Prediction],
    width: int = WIDTH,
    depth: int = DEPTH,
    seed: int = 0,
    seeds: int = SEEDS,
    executor: Executor | None = None,
    tick: Tick | None = None,
) -> list[Propagation]:
    """Return ‖δ_l‖ of random networks for each prediction, drawn with the seeds ``seed``, ``seed`` + 1, ...

    All layers have ``width`` neurons; the input is drawn so that the first layer is at the fixed point already, and
    ∂C/∂a_L is standard normal. ``tick`` is called after each network. Ctrl-C keeps the predictions that are done.

    >>> from symgrad.experiments.propagation import Prediction, propagation
    >>> he = Prediction("relu", weight_variance=2, bias_variance=0, rate=1)
    >>> (found,) = propagation([he], width=200, depth=10, seeds=3)
    >>> found.norms.shape, 0.8 < found.rate < 1.2
    ((3, 10), True)
    """
    for name, number, least in (("width", width, 1), ("depth", depth, 2), ("seeds", seeds, 1)):
        if number < least:
            raise ValuesError(f"{name} = {number}", todo=f"give {least} or more")
    jobs = [(p, width, depth, seed + k) for p in predictions for k in range(seeds)]
    found = iter((executor.map if executor else map)(_norms, *zip(*jobs, strict=True)))
    done: list[Propagation] = []
    try:
        for p in predictions:
            rows = []
            for _ in range(seeds):
                rows.append(next(found))
                if tick:
                    tick()
            done.append(Propagation(p, width, tuple(range(seed, seed + seeds)), np.array(rows)))
    except KeyboardInterrupt:
        pass
    return done


@one_thread
def _norms(p: Prediction, width: int, depth: int, seed: int) -> list[float]:
    """Return ‖δ_l‖ = ‖∂C/∂b_l‖ of one random network."""
    network = model("mlp").bind(p.activation, cost="quadratic")
    nothing = np.broadcast_to(0.0, (width, width))
    layers = {"W": [nothing] * depth, "b": np.zeros((depth, width))}
    gradient = BatchGradient(network, "C", layers | {"a[0]": np.zeros((width, 1)), "y": np.zeros((width, 1))}, ["b"])
    random = np.random.default_rng(seed)
    for k in range(1, depth + 1):
        W, b = gradient.parameter("W", k), gradient.parameter("b", k)
        random.standard_normal(out=W)
        W *= np.sqrt(p.weight_variance / width)
        b[:] = random.standard_normal(width) * np.sqrt(p.bias_variance)
    mean_square = (p.start - p.bias_variance) / p.weight_variance
    gradient.feed("a[0]", random.standard_normal((width, 1)) * np.sqrt(mean_square))
    with np.errstate(over="ignore", invalid="ignore"):  # told below
        gradient.forward()
        # C = ‖a_L - y‖²/2 with y = a_L - g has the gradient g: one that knows nothing of the network
        gradient.feed("y", gradient.value("a", depth) - random.standard_normal((width, 1)))
        norms = [float(length(g)) for g in gradient()["b"].values()]
    if not SMALLEST < min(norms) <= max(norms) < LARGEST:
        raise ValuesError(
            f"the gradient leaves the range of float64 within {depth} layers of {p.activation}: χ₁ = {p.rate:.4g}",
            todo="take fewer layers",
        )
    return norms
