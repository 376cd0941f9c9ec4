"""Where work is done: in processes of this machine, or on a cluster that runs already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any


def each(work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    """Return the results of a batch.

    >>> each(abs, (-1, 2))
    [1, 2]
    """
    return [work(item) for item in items]


@dataclass(frozen=True)
class Workers:
    """What runs the items of a map.

    size: how many of them at once. start: returns a new executor. stop: ends one at once, with what it runs; finish:
    once nothing is left to do. ended: the errors by which it says that what ran an item has died; kept: whether it
    goes on after such an error. gone: those by which it says that it is not there any more. each: what runs a batch.
    """

    size: int
    start: Callable[[], Executor]
    stop: Callable[[Executor], None]
    finish: Callable[[Executor], None]
    ended: tuple[type[BaseException], ...]
    gone: tuple[type[BaseException], ...] = ()
    kept: bool = False
    each: Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]] = each
