"""The speed of each hidden layer during training, and the accuracy that deeper networks reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from symgrad.errors import ValuesError
from symgrad.experiments.chapter import BATCH, BATCH_DECAY, BATCH_EPOCHS, DECAY, EPOCHS, IMAGES, RATE
from symgrad.experiments.data import DIGITS, Data, read_data
from symgrad.experiments.perceptron import Perceptron, speeds
from symgrad.experiments.threads import one_thread

Tick = Callable[[], None]


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

    @property
    def slowdown(self) -> float | None:
        """How much slower the first hidden layer learns than the last, ‖δ^last‖/‖δ^1‖ after the last epoch.

        None where the first does not learn at all.
        """
        first, *_, last = (self.speeds[-1][0], *self.speeds[-1])
        return last / first if first else None


@one_thread
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
    _check(epochs, rate, decay)
    chosen = read_data(data).first(images)
    network = Perceptron(hidden, chosen, initialisation, cost, seed)
    gradient = network.gradient()
    start = tuple(tuple(abs(g).tolist()) for g in list(gradient["b"].values())[:-1])
    norms, costs = [speeds(gradient)], [network.cost()]
    try:
        while len(norms) <= epochs:
            network.descend(gradient, rate, decay)
            gradient = network.gradient()
            costs.append(network.cost())
            norms.append(speeds(gradient))
            if tick:
                tick()
    except KeyboardInterrupt:
        pass
    return Training(
        tuple(hidden),
        chosen,
        initialisation,
        cost,
        seed,
        rate,
        decay,
        tuple(norms),
        tuple(costs[: len(norms)]),
        start,
        complete=len(norms) > epochs,
    )


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


@one_thread
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
    _check(epochs, rate, decay)
    if batch < 1:
        raise ValuesError(f"batches of {batch} images", todo="give 1 or more")
    whole = read_data(data)
    training, validation = whole.split()
    network = Perceptron(hidden, training, initialisation, cost, seed)
    order = np.random.default_rng([seed, 1])  # not the numbers that the weights were drawn with
    targets, found = training.targets, []
    try:
        for _ in range(epochs):
            places = order.permutation(len(training))
            for k in range(0, len(places), batch):
                chosen = places[k : k + batch]
                network.feed(training.images[chosen], targets[chosen])
                network.descend(network.gradient(), rate, decay)
            found.append(network.accuracy(validation))
            if tick:
                tick()
    except KeyboardInterrupt:
        pass
    return Accuracy(
        tuple(hidden),
        whole,
        len(training),
        len(validation),
        initialisation,
        cost,
        seed,
        rate,
        decay,
        batch,
        tuple(found),
        complete=len(found) == epochs,
    )


@dataclass(frozen=True, eq=False)
class AccuracySeeds:
    """Runs by mini-batches that differ in the seed alone; at least one. After Ctrl-C the last is not complete."""

    runs: tuple[Accuracy, ...]

    @property
    def hidden(self) -> tuple[int, ...]:
        """The sizes of the hidden layers."""
        return self.runs[0].hidden

    @property
    def complete(self) -> bool:
        """Whether no run was stopped."""
        return all(run.complete for run in self.runs)


def accuracy_seeds(
    hidden: Sequence[int] = (30,),
    data: str | Path | Data = DIGITS,
    seed: int = 0,
    seeds: int = 3,
    tick: Tick | None = None,
    **options: Any,
) -> AccuracySeeds:
    """Return the runs of ``accuracy`` with the seeds ``seed``, ``seed`` + 1, ...; ``options`` are its own.

    ``tick`` is called after each epoch. Ctrl-C keeps what is done.
    """
    if seeds < 1:
        raise ValuesError(f"{seeds} seeds", todo="give 1 or more")
    chosen, runs = read_data(data), list[Accuracy]()
    for number in range(seed, seed + seeds):
        runs.append(accuracy(hidden, chosen, seed=number, tick=tick, **options))
        if not runs[-1].complete:
            break
    return AccuracySeeds(tuple(runs))


def _check(epochs: int, rate: float, decay: float) -> None:
    if epochs < 1:
        raise ValuesError(f"{epochs} epochs", todo="give 1 or more")
    if not 0 < rate < np.inf:
        raise ValuesError(f"a learning rate of {rate}", todo="give a number above 0")
    if not 0 <= decay * rate < 1:
        raise ValuesError(f"a decay of {decay} at the rate {rate}", todo="give λ/n, from 0 to less than 1/η")
