"""Processes of this machine, none of which outlives the one that started it."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection

from symgrad.workers.workers import Workers


def processes(size: int) -> Workers:
    """Return workers that are so many processes of this machine.

    >>> from symgrad.workers.stream import stream
    >>> list(stream(abs, range(-3, 0), processes(1)))
    [3, 2, 1]
    """
    return Workers(size, lambda: _Processes(size), _stop, _finish, (BrokenExecutor,))


def cores() -> int:
    """Return how many processes this one may run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Processes(ProcessPoolExecutor):
    """Processes that end when this one does, however it ends: they wait for the other end of its pipe."""

    def __init__(self, size: int) -> None:
        context = get_context("spawn")
        self.theirs, self.ours = context.Pipe(duplex=False)
        super().__init__(size, mp_context=context, initializer=_begin, initargs=(self.theirs,))


def _finish(pool: Executor) -> None:
    pool.shutdown()
    if isinstance(pool, _Processes):
        pool.theirs.close()
        pool.ours.close()


def _stop(pool: Executor) -> None:
    """End the processes of an executor, in the middle of what they do."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()
    pool.shutdown(cancel_futures=True)
    _finish(pool)


def _begin(pipe: Connection) -> None:
    """End this process with the one that started it; what a terminal's keys send is for that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def wait() -> None:
        try:
            pipe.poll(None)
        finally:
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
