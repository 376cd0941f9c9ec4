"""The chapter's network: the built-in ``mlp`` of logistic neurons, with the gradient that symgrad derived."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from symgrad.api.model import model
from symgrad.errors import SymgradError, UnknownName, ValuesError
from symgrad.experiments.batch import BatchGradient, Layers
from symgrad.experiments.data import CLASSES, Data

Floats = NDArray[np.float64]

INITIALISATIONS = {
    "normal": "standard normal weights",
    "scaled": "weights of variance 1/n_in",
}
"""How weights are drawn; biases are standard normal in both."""
COSTS = ("quadratic", "cross_entropy")


class Perceptron:
    """A network of layers of the sizes [pixels, hidden..., 10] on a set of images, trained in place.

    The weights are drawn layer by layer with numpy's ``default_rng(seed)``, first the biases, then the weights.
    """

    def __init__(self, hidden: Sequence[int], data: Data, initialisation: str, cost: str, seed: int) -> None:
        check_options(hidden, initialisation, cost)
        self.hidden, self.initialisation = tuple(hidden), initialisation
        self.sizes = (data.images.shape[1], *hidden, CLASSES)
        parameters = {
            "W": [np.zeros((m, n)) for n, m in pairwise(self.sizes)],
            "b": [np.zeros(m) for m in self.sizes[1:]],
        }
        network = model("mlp").bind("logistic", cost=cost)
        values = {**parameters, "a[0]": data.images.T, "y": data.targets.T}
        self._gradient = BatchGradient(network, "C", values, ["W", "b"])
        self.count = len(data)
        self.draw(seed)

    @cached_property
    def weights(self) -> tuple[Floats, ...]:
        """The arrays W_l, from l = 1; to change them in place is to change the network."""
        return tuple(self._gradient.parameter("W", k) for k in range(1, len(self.sizes)))

    @cached_property
    def biases(self) -> tuple[Floats, ...]:
        """The arrays b_l, from l = 1."""
        return tuple(self._gradient.parameter("b", k) for k in range(1, len(self.sizes)))

    def draw(self, seed: int) -> None:
        """Draw all parameters anew."""
        random = np.random.default_rng(seed)
        for W, b in zip(self.weights, self.biases, strict=True):
            b[:] = random.standard_normal(b.shape)
            W[:] = random.standard_normal(W.shape)
            if self.initialisation == "scaled":
                W /= np.sqrt(W.shape[1])

    def feed(self, images: Floats, targets: Floats) -> None:
        """Take other images (n, pixels) and their targets (n, 10)."""
        self._gradient.feed("a[0]", images.T)
        self._gradient.feed("y", targets.T)
        self.count = len(images)

    def gradient(self) -> dict[str, Layers]:
        """Return ∂C/∂W_l and ∂C/∂b_l by l, the average over the images. Raises SymgradError where they overflow."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            total = self._gradient()
        if not all(np.isfinite(g).all() for layers in total.values() for g in layers.values()):
            raise SymgradError(
                "the gradient is not finite: the weights, or sums of them, overflow float64",
                todo="take a smaller learning rate",
            )
        return {name: {k: g / self.count for k, g in layers.items()} for name, layers in total.items()}

    def cost(self) -> float:
        """Return the cost that the last gradient was of, the average over the images."""
        return float(self._gradient.value("C").mean())

    def descend(self, gradient: dict[str, Layers], rate: float, decay: float) -> None:
        """Take one step: b <- b - η ∂C/∂b, w <- (1 - η λ/n) w - η ∂C/∂w, with ``decay`` = λ/n."""
        for k, (W, b) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            W *= 1 - rate * decay
            W -= rate * gradient["W"][k]
            b -= rate * gradient["b"][k]

    def accuracy(self, data: Data) -> float:
        """Return the part of the images whose digit is that of the most active neuron."""
        self.feed(data.images, data.targets)
        with np.errstate(divide="ignore", invalid="ignore"):  # the cost of a saturated output is not asked for
            self._gradient.forward()
        output = self._gradient.value("a", len(self.sizes) - 1)
        return float(np.mean(output.argmax(axis=0) == data.labels))


def speeds(gradient: dict[str, Layers]) -> tuple[float, ...]:
    """Return ‖δ^l‖ = ‖∂C/∂b^l‖ of each hidden layer, the chapter's speed of learning."""
    layers = list(gradient["b"].values())[:-1]
    return tuple(map(length, layers))


def length(g: Floats) -> float:
    """Return ‖g‖, by way of its greatest entry, so that squares of small numbers do not underflow."""
    largest = float(np.max(abs(g)))
    return largest * float(np.sqrt(np.sum((g / largest) ** 2))) if 0 < largest < np.inf else largest


def check_options(hidden: Sequence[int], initialisation: str, cost: str) -> None:
    """Raise an error that says what is wrong with the sizes or the names."""
    if not hidden or min(hidden) < 1:
        raise ValuesError(f"hidden layers of {list(hidden)} neurons", todo="give one size a layer: 30,30")
    if initialisation not in INITIALISATIONS:
        raise UnknownName("initialisation", initialisation, INITIALISATIONS)
    if cost not in COSTS:
        raise UnknownName("cost", cost, COSTS)
