"""The speeds of the hidden layers in training, over several seeds: the median, and how far the seeds spread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgrad.errors import ValuesError
from symgrad.experiments.data import DIGITS, Data, read_data
from symgrad.experiments.training import Training, train

Tick = Callable[[], None]


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
    if seeds < 1:
        raise ValuesError(f"{seeds} seeds", todo="give 1 or more")
    chosen, runs = read_data(data), list[Training]()
    for number in range(seed, seed + seeds):
        runs.append(train(hidden, chosen, seed=number, tick=tick, **options))
        if not runs[-1].complete:
            break
    return TrainingSeeds(tuple(runs))
