"""An executor whose results are kept as they come, so that work that was ended goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from symgrad.workers.kept import Kept
from symgrad.workers.stream import stream
from symgrad.workers.workers import Workers


@dataclass(frozen=True)
class Part:
    """What there is of a result whose work was stopped: it is passed on, and not kept."""

    value: Any


class Keeping(Executor):
    """Its ``map`` gives the results that a file has kept, and then those of workers; None: of this process.

    Results are what JSON holds: numbers, texts, lists, and dictionaries with texts as keys. Each is kept once it is
    there, in the order of the items; maps that come one after the other share the file.
    """

    def __init__(self, kept: Kept, workers: Workers | None = None) -> None:
        self.kept, self.workers = kept, workers
        self.before = kept.results()

    @property
    def in_process(self) -> bool:
        """Whether this process does the work, so that it can tell how far it is."""
        return self.workers is None

    def map(
        self, fn: Callable[..., Any], *iterables: Iterable[Any], timeout: float | None = None, chunksize: int = 1
    ) -> Iterator[Any]:
        """Yield fn of each item, in their order; those of the results that are Parts are not kept."""
        items = list(zip(*iterables, strict=False))
        known = 0
        for record in islice(self.before, len(items)):
            known += 1
            yield record["result"]
        for found in stream(partial(_starred, fn), items[known:], self.workers):
            if not isinstance(found, Part):
                self.kept.add({"result": found})
            yield found


def in_process(executor: Executor | None) -> bool:
    """Say whether an executor does its work in this process, in its main thread; None does."""
    return executor is None or getattr(executor, "in_process", False)


def _starred(fn: Callable[..., Any], item: tuple[Any, ...]) -> Any:
    return fn(*item)
