"""Work that is told to stop keeps what is finished, whether Ctrl-C tells it or a batch system's SIGTERM."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TERMINATED = 128 + 15
"""The exit code of a program that SIGTERM ended."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, where it is as good as Ctrl-C."""

    code = TERMINATED


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Terminated, a KeyboardInterrupt, where SIGTERM comes meanwhile; in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)
