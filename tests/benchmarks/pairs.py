"""Two computations in turn: ours, the peer's, the peer's, ours, ..., and their ratio pair by pair."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Run = Callable[[], object]


@dataclass(frozen=True)
class Pairs:
    """Seconds of each run, in pairs."""

    ours: tuple[float, ...]
    peer: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times as long the peer takes: the median over the pairs, which a drift of the machine spares."""
        return median(p / o for o, p in zip(self.ours, self.peer, strict=True))

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles of the ratios."""
        ratios = sorted(p / o for o, p in zip(self.ours, self.peer, strict=True))
        return ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]


def seconds(run: Run, before: Run = gc.collect, clock: Callable[[], float] = perf_counter) -> float:
    """Return how long one run takes; ``before`` is not counted."""
    before()
    start = clock()
    run()
    return clock() - start


def in_pairs(
    ours: Run, peer: Run, rounds: int = 15, before: Run = gc.collect, clock: Callable[[], float] = perf_counter
) -> Pairs:
    """Measure both ``rounds`` times in turn, after one run of each that does not count."""
    seconds(ours, before), seconds(peer, before)
    mine, theirs = [], []
    for k in range(rounds):
        order = [(ours, mine), (peer, theirs)]
        for run, times in order if k % 2 else reversed(order):
            times.append(seconds(run, before, clock))
    return Pairs(tuple(mine), tuple(theirs))
