"""How fast each hidden layer learns at the start: ‖δ^l‖ of the chapter's networks, over many seeds.

The chapter prints one draw of each network. Here each is drawn anew for every seed, for both ways to draw the
weights and both costs, so that a reader sees which of them the chapter had, and whether its draws are typical.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symgrad.errors import ValuesError
from symgrad.experiments.chapter import IMAGES, NETWORKS, SPEEDS
from symgrad.experiments.data import DIGITS, Data, read_data
from symgrad.experiments.perceptron import COSTS, INITIALISATIONS, Perceptron, check_options, speeds
from symgrad.experiments.runs import Source, Tick, received, sent
from symgrad.experiments.threads import one_thread

CHUNK = 25
"""Seeds that one task of an executor draws."""


@dataclass(frozen=True)
class Setting:
    """A network, how its weights are drawn, and its cost."""

    hidden: tuple[int, ...]
    initialisation: str
    cost: str


@dataclass(frozen=True, eq=False)
class Spread:
    """‖δ^l‖ at the start: one row a seed, one column a hidden layer."""

    setting: Setting
    seeds: tuple[int, ...]
    norms: NDArray[np.float64]

    @property
    def chapter(self) -> tuple[float, ...] | None:
        """The chapter's numbers for this network, None where it gives none."""
        return SPEEDS.get(self.setting.hidden)

    @property
    def median(self) -> tuple[float, ...]:
        """The middle of the seeds, for each layer."""
        return tuple(np.median(self.norms, axis=0).tolist())

    def quantile(self, q: float) -> tuple[float, ...]:
        """Return the norm that a part q of the seeds does not exceed, for each layer."""
        return tuple(np.quantile(self.norms, q, axis=0).tolist())

    @property
    def below(self) -> tuple[float, ...] | None:
        """For each layer the part of the seeds whose norm is less than the chapter's; near 1/2 it is typical."""
        if self.chapter is None:
            return None
        return tuple(np.mean(self.norms < np.array(self.chapter), axis=0).tolist())


@dataclass(frozen=True, eq=False)
class LearningSpeed:
    """The spreads of all settings, the data they were measured on, and whether all seeds were done."""

    data: Data
    spreads: tuple[Spread, ...]
    complete: bool = True

    def distance(self, initialisation: str, cost: str) -> float | None:
        """Return by which factor the medians are off the chapter's numbers, as a root mean square of logarithms.

        None where no network of the chapter was measured. exp of it is 1 where all numbers agree.
        """
        ratios = [
            math.log(ours / theirs)
            for s in self.spreads
            if (s.setting.initialisation, s.setting.cost) == (initialisation, cost) and s.chapter
            for ours, theirs in zip(s.median, s.chapter, strict=True)
        ]
        return math.exp(math.sqrt(sum(r**2 for r in ratios) / len(ratios))) if ratios else None

    @property
    def nearest(self) -> tuple[str, str] | None:
        """The initialisation and the cost whose medians are nearest to the chapter's numbers."""
        known = {(i, c): self.distance(i, c) for i in INITIALISATIONS for c in COSTS}
        found = {pair: d for pair, d in known.items() if d is not None}
        return min(found, key=found.__getitem__) if found else None


def learning_speed(
    hidden: Sequence[Sequence[int]] = NETWORKS,
    data: str | Path | Data = DIGITS,
    images: int = IMAGES,
    seed: int = 0,
    seeds: int = 100,
    initialisations: Sequence[str] = tuple(INITIALISATIONS),
    costs: Sequence[str] = COSTS,
    executor: Executor | None = None,
    tick: Tick | None = None,
) -> LearningSpeed:
    """Return ‖δ^l‖ = ‖∂C/∂b^l‖ of every hidden layer at the start, ∂C/∂b^l averaged over the first ``images``.

    Each network is drawn with the seeds ``seed``, ``seed`` + 1, ...: the same seed gives the same numbers. An
    executor does the seeds in parallel; ``tick`` is called as often as ``tasks`` has items. Ctrl-C keeps the settings
    that are done. Raises DataError, ValuesError or UnknownName for what it cannot take.

    >>> import symgrad as sg
    >>> found = sg.experiments.learning_speed([(30, 30)], seeds=20)
    >>> found.nearest
    ('scaled', 'cross_entropy')
    >>> [round(x, 2) for x in found.spreads[-1].median]  # the chapter has 0.07 and 0.31, for MNIST
    [0.06, 0.28]
    """
    if seeds < 1:
        raise ValuesError(f"{seeds} seeds", todo="give 1 or more")
    chosen = read_data(data).first(images)
    shared = sent(chosen, executor)
    wanted = settings(hidden, initialisations, costs)
    for s in wanted:
        check_options(s.hidden, s.initialisation, s.cost)
    chunks = _chunks(seed, seeds)
    jobs = [(s, shared, chunk) for s in wanted for chunk in chunks]
    found = iter((executor.map if executor else map)(_measure, *zip(*jobs, strict=True)))
    spreads: list[Spread] = []
    try:
        for s in wanted:
            parts = []
            for _ in chunks:
                parts.append(next(found))
                if tick:
                    tick()
            spreads.append(Spread(s, tuple(range(seed, seed + seeds)), np.concatenate(parts)))
    except KeyboardInterrupt:
        return LearningSpeed(chosen, tuple(spreads), complete=False)
    return LearningSpeed(chosen, tuple(spreads))


def settings(
    hidden: Sequence[Sequence[int]],
    initialisations: Sequence[str] = tuple(INITIALISATIONS),
    costs: Sequence[str] = COSTS,
) -> list[Setting]:
    """Return every network with every initialisation and cost."""
    return [Setting(tuple(h), i, c) for i in initialisations for c in costs for h in hidden]


def tasks(settings: int, seeds: int) -> int:
    """Return how many tasks the measurement of so many settings is."""
    return settings * len(_chunks(0, seeds))


def _chunks(seed: int, seeds: int) -> list[range]:
    return [range(k, min(k + CHUNK, seed + seeds)) for k in range(seed, seed + seeds, CHUNK)]


@one_thread
def _measure(setting: Setting, data: Data | Source, seeds: range) -> list[list[float]]:
    """Return the norms at the start, one row a seed."""
    network = Perceptron(setting.hidden, received(data), setting.initialisation, setting.cost, seeds[0])

    def drawn(seed: int) -> list[float]:
        network.draw(seed)
        return list(speeds(network.gradient()))

    return [drawn(seed) for seed in seeds]
