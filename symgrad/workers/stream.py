"""A map whose results come in the order of its items, however many there are and whatever runs them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from symgrad.errors import SymgradError
from symgrad.workers.workers import Workers

AHEAD = 32
"""Batches for each worker that are submitted and not yet asked for: so many results are held at most."""
T = TypeVar("T")
R = TypeVar("R")


def stream(
    work: Callable[[T], R],
    items: Iterable[T],
    workers: Workers | None = None,
    lost: Callable[[T], R] | None = None,
    batch: int = 1,
) -> Iterator[R]:
    """Yield work(item) for each item, in their order; without workers in this process, one after the other.

    batch: items that are sent together, for work that is shorter than sending it. An item whose worker dies is tried
    again by itself; where that dies too, its result is lost(item), and without ``lost`` SymgradError is raised.
    Whatever ends the iteration ends the workers. Raises what the work raises.

    >>> list(stream(abs, [-2, 1, -3]))
    [2, 1, 3]
    """
    if workers is None:
        yield from map(work, items)
        return
    yield from _Stream(work, iter(items), workers, lost or _refused, batch).results()


def _refused(item: object) -> Any:
    raise SymgradError(f"a process was ended twice by {str(item)[:200]}", todo="leave it out, or give more memory")


class _Stream:
    """The batches that are on their way, and the executor that runs them."""

    def __init__(
        self, work: Callable[[Any], Any], items: Iterator[Any], workers: Workers, lost: Callable[[Any], Any], batch: int
    ) -> None:
        self.items, self.workers, self.lost, self.batch = items, workers, lost, batch
        self.each = partial(workers.each, work)
        self.window: deque[tuple[tuple[Any, ...], Future[list[Any]]]] = deque()
        self.pool: Executor = workers.start()

    def results(self) -> Iterator[Any]:
        """Yield the results in their order."""
        finish = self.workers.stop
        try:
            while self._fill():
                _, future = self.window[0]
                try:
                    found = future.result()
                except self.workers.ended:
                    yield from self._again()
                else:
                    self.window.popleft()
                    yield from found
            finish = self.workers.finish
        except self.workers.gone:
            todo = "start it again; what --out has kept is not done again"
            raise SymgradError("the cluster cannot be reached any more", todo=todo) from None
        finally:
            finish(self.pool)

    def _fill(self) -> bool:
        while len(self.window) < AHEAD * self.workers.size and (batch := tuple(islice(self.items, self.batch))):
            self.window.append((batch, self._sent(batch)))
        return bool(self.window)

    def _sent(self, batch: tuple[Any, ...]) -> Future[list[Any]]:
        try:
            return self.pool.submit(self.each, batch)
        except self.workers.ended as error:  # it has died since the last result
            future: Future[list[Any]] = Future()
            future.set_exception(error)
            return future

    def _again(self) -> Iterator[Any]:
        """Yield the results of the first batch, item by item; then send anew what was lost with it."""
        self._renew()
        batch, _ = self.window.popleft()
        for item in batch:
            yield self._alone(item)
        self.window = deque((b, self._sent(b) if self._is_lost(f) else f) for b, f in self.window)

    def _renew(self) -> None:
        if not self.workers.kept:
            self.workers.stop(self.pool)
            self.pool = self.workers.start()

    def _is_lost(self, future: Future[Any]) -> bool:
        if not future.done():
            return False  # of a cluster that goes on
        return future.cancelled() or isinstance(future.exception(), self.workers.ended)

    def _alone(self, item: Any) -> Any:
        """Return the result of an item with which no other is lost."""
        try:
            return self.pool.submit(self.each, (item,)).result()[0]
        except self.workers.ended:
            self._renew()
            return self.lost(item)
