"""Work that is told to stop keeps what is finished, whether Ctrl-C tells it or a batch system's SIGTERM."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED, TERMINATED = 130, 128 + 15
"""The exit codes of a program that Ctrl-C, or SIGTERM, ended."""


class Stop:
    """What ended the work, if anything did: ``code`` is the exit code of a program that it ended."""

    code = INTERRUPTED


class Terminated(KeyboardInterrupt):
    """SIGTERM, where it is as good as Ctrl-C."""

    code = TERMINATED


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Raise Terminated, a KeyboardInterrupt, where SIGTERM comes meanwhile; in the main thread."""
    told = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return

    def stop(_: int, __: FrameType | None) -> None:
        told.code = TERMINATED
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield told
    finally:
        signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)
