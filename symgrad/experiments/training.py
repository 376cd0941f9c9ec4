"""The speed of each hidden layer during training, and the accuracy that deeper networks reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symgrad.experiments.chapter import BATCH, BATCH_DECAY, BATCH_EPOCHS, DECAY, EPOCHS, IMAGES, RATE
from symgrad.experiments.data import DIGITS, Data, read_data
from symgrad.experiments.descent import Descent, MiniBatches
from symgrad.experiments.perceptron import Perceptron, speeds
from symgrad.experiments.runs import Numbers, Source, Tick, received
from symgrad.experiments.threads import one_thread
from symgrad.workers.keeping import Part


@dataclass(frozen=True, eq=False)
class Training:
    """A run of training: its options, and what was recorded at each epoch.

    speeds: ‖δ^l‖ of each hidden layer before the first step and after each epoch. costs: C, the average over the
    images, beside it. start: |∂C/∂b| of every hidden neuron before the first step. complete: False after Ctrl-C.
    """

    hidden: tuple[int, ...]
    data: Data
    initialisation: str
    cost: str
    seed: int
    rate: float
    decay: float
    speeds: tuple[tuple[float, ...], ...]
    costs: tuple[float, ...]
    start: tuple[tuple[float, ...], ...]
    complete: bool

    @classmethod
    def of(cls, hidden: Sequence[int], seed: int, data: Data, by: Descent, found: Numbers | Part) -> Training:
        """Return the run of which these numbers were recorded."""
        numbers = found.value if isinstance(found, Part) else found
        norms, start = (tuple(map(tuple, numbers[name])) for name in ("speeds", "start"))
        costs, complete = tuple(numbers["costs"]), len(norms) > by.epochs
        return cls(
            tuple(hidden), data, by.initialisation, by.cost, seed, by.rate, by.decay, norms, costs, start, complete
        )

    @property
    def slowdown(self) -> float | None:
        """How much slower the first hidden layer learns than the last, ‖δ^last‖/‖δ^1‖ after the last epoch.

        None where the first does not learn at all.
        """
        first, *_, last = (self.speeds[-1][0], *self.speeds[-1])
        return last / first if first else None


def train(
    hidden: Sequence[int] = (30, 30),
    data: str | Path | Data = DIGITS,
    images: int = IMAGES,
    epochs: int = EPOCHS,
    initialisation: str = "scaled",
    cost: str = "cross_entropy",
    seed: int = 0,
    rate: float = RATE,
    decay: float = DECAY,
    tick: Tick | None = None,
) -> Training:
    """Return the speeds of the hidden layers over ``epochs`` steps of batch gradient descent on the first ``images``.

    rate: η. decay: λ/n of the regularisation. ``tick`` is called after each epoch. Ctrl-C keeps what is done. Raises
    SymgradError where the gradient overflows.

    >>> import symgrad as sg
    >>> run = sg.experiments.train((30, 30), epochs=20)
    >>> len(run.speeds), all(first < second for first, second in run.speeds)
    (21, True)
    """
    by, chosen = Descent(epochs, initialisation, cost, rate, decay), read_data(data).first(images)
    return Training.of(hidden, seed, chosen, by, trained(hidden, seed, chosen, by, tick))


@one_thread
def trained(
    hidden: Sequence[int], seed: int, data: Data | Source, by: Descent, tick: Tick | None = None
) -> Numbers | Part:
    """Return what ``train`` records: speeds, costs and start; a Part of it after Ctrl-C."""
    network = Perceptron(hidden, received(data), by.initialisation, by.cost, seed)
    gradient = network.gradient()
    start = [abs(g).tolist() for g in list(gradient["b"].values())[:-1]]
    norms, costs = [list(speeds(gradient))], [network.cost()]
    try:
        while len(norms) <= by.epochs:
            network.descend(gradient, by.rate, by.decay)
            gradient = network.gradient()
            costs.append(network.cost())
            norms.append(list(speeds(gradient)))
            if tick:
                tick()
    except KeyboardInterrupt:
        pass
    found: Numbers = {"speeds": norms, "costs": costs[: len(norms)], "start": start}
    return found if len(norms) > by.epochs else Part(found)


@dataclass(frozen=True, eq=False)
class Accuracy:
    """A run by mini-batches: the part of the validation images that is told right, after each epoch."""

    hidden: tuple[int, ...]
    data: Data
    images: int
    validation: int
    initialisation: str
    cost: str
    seed: int
    rate: float
    decay: float
    batch: int
    accuracies: tuple[float, ...]
    complete: bool

    @classmethod
    def of(cls, hidden: Sequence[int], seed: int, data: Data, by: MiniBatches, found: Numbers | Part) -> Accuracy:
        """Return the run of which these numbers were recorded."""
        numbers = found.value if isinstance(found, Part) else found
        images, validation, reached = numbers["images"], numbers["validation"], tuple(numbers["accuracies"])
        said = (by.initialisation, by.cost, seed, by.rate, by.decay, by.batch)
        return cls(tuple(hidden), data, images, validation, *said, reached, complete=len(reached) == by.epochs)


def accuracy(
    hidden: Sequence[int] = (30,),
    data: str | Path | Data = DIGITS,
    epochs: int = BATCH_EPOCHS,
    initialisation: str = "scaled",
    cost: str = "cross_entropy",
    seed: int = 0,
    rate: float = RATE,
    decay: float = BATCH_DECAY,
    batch: int = BATCH,
    tick: Tick | None = None,
) -> Accuracy:
    """Return the validation accuracy after each epoch of stochastic gradient descent by mini-batches.

    It trains with the first 5/6 of the data, in a new order at each epoch, and validates with the rest. ``tick`` is
    called after each epoch. Ctrl-C keeps what is done.

    >>> import symgrad as sg
    >>> run = sg.experiments.accuracy((30,), epochs=3)
    >>> run.images, run.validation, run.accuracies[-1] > 0.7
    (1497, 300, True)
    """
    by, whole = MiniBatches(epochs, initialisation, cost, rate, decay, batch), read_data(data)
    return Accuracy.of(hidden, seed, whole, by, validated(hidden, seed, whole, by, tick))


@one_thread
def validated(
    hidden: Sequence[int], seed: int, data: Data | Source, by: MiniBatches, tick: Tick | None = None
) -> Numbers | Part:
    """Return what ``accuracy`` records: accuracies, and the numbers of images; a Part of it after Ctrl-C."""
    training, validation = received(data).split()
    network = Perceptron(hidden, training, by.initialisation, by.cost, seed)
    order = np.random.default_rng([seed, 1])  # not the numbers that the weights were drawn with
    targets, reached = training.targets, []
    try:
        for _ in range(by.epochs):
            places = order.permutation(len(training))
            for k in range(0, len(places), by.batch):
                chosen = places[k : k + by.batch]
                network.feed(training.images[chosen], targets[chosen])
                network.descend(network.gradient(), by.rate, by.decay)
            reached.append(network.accuracy(validation))
            if tick:
                tick()
    except KeyboardInterrupt:
        pass
    found: Numbers = {"accuracies": reached, "images": len(training), "validation": len(validation)}
    return found if len(reached) == by.epochs else Part(found)
