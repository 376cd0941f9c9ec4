"""Runs of networks that differ in the seed: one map, whatever does its work, network after network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from symgrad.errors import DataError
from symgrad.experiments.data import Data, read_data
from symgrad.workers.keeping import Part, in_process

Tick = Callable[[], None]
Numbers = dict[str, Any]
"""What is recorded of a run, as JSON holds it."""


@dataclass(frozen=True)
class Source:
    """Data that each process reads for itself: from what, how many images, and their digest."""

    name: str
    images: int
    digest: str

    def read(self) -> Data:
        """Return the data. Raises DataError where this machine has others."""
        found = _read(self.name, self.images)
        if found.digest != self.digest:
            raise DataError(f"{self.name} holds other data there", todo="give all workers the same files")
        return found


@lru_cache(maxsize=1)
def _read(name: str, images: int) -> Data:
    return read_data(name).first(images)


def sent(data: Data, executor: Executor | None) -> Data | Source:
    """Return what an executor is sent of data: where each of its processes finds them, if that is known."""
    if in_process(executor) or not data.source:
        return data
    return Source(data.source, len(data), data.digest)


def received(data: Data | Source) -> Data:
    """Return the data of what was sent."""
    return data if isinstance(data, Data) else data.read()


def runs(
    work: Callable[..., Numbers | Part],
    networks: Sequence[Sequence[int]],
    seeds: range,
    executor: Executor | None,
    tick: Tick | None,
    epochs: int,
) -> Iterator[list[Numbers]]:
    """Yield what is recorded of the runs of each network, a run a seed; ``tick`` is called after each epoch.

    After Ctrl-C the runs that are done, the last of them in part, if this process does the work; else only networks
    all of whose runs are done.
    """
    here = in_process(executor)
    jobs = [(tuple(h), s) for h in networks for s in seeds]
    each = partial(work, tick=tick) if here else work
    found = iter((executor.map if executor else map)(each, *zip(*jobs, strict=True)))
    for _ in networks:
        done: list[Numbers] = []
        try:
            for _ in seeds:
                numbers = next(found)
                if isinstance(numbers, Part):
                    yield [*done, numbers.value]
                    return
                done.append(numbers)
                if tick and not here:
                    for _ in range(epochs):
                        tick()
        except KeyboardInterrupt:
            return
        yield done
