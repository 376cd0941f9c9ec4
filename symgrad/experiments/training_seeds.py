"""Training over several seeds: the median of the speeds, how far the seeds spread, and the accuracies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgrad.errors import ValuesError
from symgrad.experiments.chapter import BATCH, BATCH_DECAY, BATCH_EPOCHS, DECAY, EPOCHS, IMAGES, RATE
from symgrad.experiments.data import DIGITS, Data, read_data
from symgrad.experiments.descent import Descent, MiniBatches
from symgrad.experiments.runs import Tick, runs, sent
from symgrad.experiments.training import Accuracy, Training, trained, validated


@dataclass(frozen=True, eq=False)
class TrainingSeeds:
    """Runs of the same training that differ in the seed alone; at least one. After Ctrl-C the last is not complete."""

    runs: tuple[Training, ...]

    @property
    def hidden(self) -> tuple[int, ...]:
        """The sizes of the hidden layers."""
        return self.runs[0].hidden

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seed of each run."""
        return tuple(run.seed for run in self.runs)

    @property
    def complete(self) -> bool:
        """Whether no run was stopped."""
        return all(run.complete for run in self.runs)

    def quantile(self, q: float) -> NDArray[np.float64]:
        """Return the speeds that a part q of the seeds does not exceed, (epochs + 1, layers); 1/2 is the median."""
        whole = [run.speeds for run in self.runs if run.complete] or [self.runs[0].speeds]
        found: NDArray[np.float64] = np.quantile(np.array(whole), q, axis=0)
        return found

    @property
    def slowdowns(self) -> tuple[float | None, ...]:
        """How much slower the first hidden layer learns than the last after the last epoch, for each seed."""
        return tuple(run.slowdown for run in self.runs)


def train_seeds(
    hidden: Sequence[int] = (30, 30),
    data: str | Path | Data = DIGITS,
    seed: int = 0,
    seeds: int = 10,
    tick: Tick | None = None,
    **options: Any,
) -> TrainingSeeds:
    """Return the runs of ``train`` with the seeds ``seed``, ``seed`` + 1, ...; ``options`` are those of ``train``.

    ``tick`` is called after each epoch. Ctrl-C keeps the runs that are done, and the epochs of the one that is not.

    >>> import symgrad as sg
    >>> found = sg.experiments.train_seeds((30, 30), seeds=3, epochs=20)
    >>> found.quantile(0.5).shape, all(s > 1 for s in found.slowdowns)
    ((21, 2), True)
    """
    for found in train_networks([hidden], data, seed, seeds, tick=tick, **options):
        return found
    raise KeyboardInterrupt


def train_networks(
    networks: Sequence[Sequence[int]],
    data: str | Path | Data = DIGITS,
    seed: int = 0,
    seeds: int = 10,
    executor: Executor | None = None,
    tick: Tick | None = None,
    images: int = IMAGES,
    epochs: int = EPOCHS,
    initialisation: str = "scaled",
    cost: str = "cross_entropy",
    rate: float = RATE,
    decay: float = DECAY,
) -> Iterator[TrainingSeeds]:
    """Yield what ``train_seeds`` returns for each network; an executor does the runs of all of them in parallel."""
    if seeds < 1:
        raise ValuesError(f"{seeds} seeds", todo="give 1 or more")
    by = Descent(epochs, initialisation, cost, rate, decay)
    chosen, numbers = read_data(data).first(images), range(seed, seed + seeds)
    work = partial(trained, data=sent(chosen, executor), by=by)
    for hidden, found in zip(networks, runs(work, networks, numbers, executor, tick, epochs), strict=False):
        made = (Training.of(hidden, s, chosen, by, n) for s, n in zip(numbers, found, strict=False))
        yield TrainingSeeds(tuple(made))


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
    for found in accuracy_networks([hidden], data, seed, seeds, tick=tick, **options):
        return found
    raise KeyboardInterrupt


def accuracy_networks(
    networks: Sequence[Sequence[int]],
    data: str | Path | Data = DIGITS,
    seed: int = 0,
    seeds: int = 3,
    executor: Executor | None = None,
    tick: Tick | None = None,
    epochs: int = BATCH_EPOCHS,
    initialisation: str = "scaled",
    cost: str = "cross_entropy",
    rate: float = RATE,
    decay: float = BATCH_DECAY,
    batch: int = BATCH,
) -> Iterator[AccuracySeeds]:
    """Yield what ``accuracy_seeds`` returns for each network; an executor does the runs of all of them in parallel."""
    if seeds < 1:
        raise ValuesError(f"{seeds} seeds", todo="give 1 or more")
    by = MiniBatches(epochs, initialisation, cost, rate, decay, batch)
    whole, numbers = read_data(data), range(seed, seed + seeds)
    work = partial(validated, data=sent(whole, executor), by=by)
    for hidden, found in zip(networks, runs(work, networks, numbers, executor, tick, epochs), strict=False):
        made = (Accuracy.of(hidden, s, whole, by, n) for s, n in zip(numbers, found, strict=False))
        yield AccuracySeeds(tuple(made))
