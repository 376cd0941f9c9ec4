"""Time that is bounded: work asks now and then whether its time is over, and keeps what it has."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import NoReturn

from symgrad.errors import ValuesError


class TimeUp(Exception):  # noqa: N818  # a signal: the work returns what it has so far
    """The time that was allowed is over."""


class Deadline:
    """A point in time; None seconds: never.

    >>> Deadline(3600).check()
    """

    def __init__(self, seconds: float | None) -> None:
        if seconds is not None and not 0 < seconds < 1e9:
            raise ValuesError(f"a time of {seconds} seconds", todo="allow a positive number of seconds")
        self.end = None if seconds is None else monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds that are left, not below 0."""
        return None if self.end is None else max(self.end - monotonic(), 0.0)

    def check(self) -> None:
        """Raise TimeUp if the time is over."""
        if self.end is not None and monotonic() > self.end:
            raise TimeUp


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Interrupt work that does not ask for the time, as SymPy's, by TimeUp; in the main thread of a Unix system.

    Elsewhere the work is not interrupted.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: object) -> NoReturn:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
