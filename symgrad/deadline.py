"""Time that is bounded: work asks now and then whether its time is over, and keeps what it has."""

from __future__ import annotations

import gc
import mmap
import os
import signal
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import _GeneratorContextManager, contextmanager
from time import monotonic, thread_time
from types import FrameType
from typing import TypeVar

from symgrad.errors import TooLarge, ValuesError

TICK = 0.1
"""Seconds after which limited work is looked at."""
SECONDS = 12.0
"""Seconds that an attempt may take where nothing else is said."""
LARGEST = 400_000_000
"""Bytes that limited work may take."""
PAGE = mmap.PAGESIZE
T = TypeVar("T")
U = TypeVar("U")


class TimeUp(Exception):  # noqa: N818  # a signal: the work returns what it has so far
    """The time that was allowed is over."""


class Deadline:
    """So many seconds of work from now on, of the thread that asks; None: without end.

    Other programs on the machine change nothing in what is found within it.

    >>> Deadline(3600).check()
    """

    def __init__(self, seconds: float | None) -> None:
        if seconds is not None and not 0 < seconds < 1e9:
            raise ValuesError(f"a time of {seconds} seconds", todo="allow a positive number of seconds")
        self.end = None if seconds is None else thread_time() + seconds

    @property
    def left(self) -> float | None:
        """Seconds that are left, not below 0."""
        return None if self.end is None else max(self.end - thread_time(), 0.0)

    def check(self) -> None:
        """Raise TimeUp if the time is over."""
        if self.end is not None and thread_time() > self.end:
            raise TimeUp


def attempt(
    work: Callable[[], T],
    otherwise: U,
    seconds: float = SECONDS,
    failures: tuple[type[Exception], ...] = (TimeUp, RecursionError, MemoryError),
) -> T | U:
    """Return what the work returns, or ``otherwise`` where its time or memory is over, or it nests too deep.

    The time is that of the work, so that what else the machine does changes no verdict.

    failures: (Exception,) for work of another library, which fails in whatever way: then nothing is known.

    >>> attempt(lambda: 1 + 1, 0), attempt(lambda: 1 / 0, None, failures=(Exception,))
    (2, None)
    """
    try:
        with limited(seconds, clock=thread_time):
            return work()
    except failures:
        return otherwise


class _Limit:
    """The end of a piece of work on some clock, and the memory that it may take; ``rung``: whether it was told so."""

    def __init__(self, seconds: float, memory: int, clock: Callable[[], float]) -> None:
        self.end, self.most, self.clock, self.rung = clock() + seconds, _resident() + memory, clock, False

    def is_over(self) -> bool:
        return self.clock() >= self.end or _resident() > self.most


_LIMITS: list[_Limit] = []
"""The limits under which this moment's work stands, the innermost last."""
_INTERVAL: list[float] = []
"""The seconds between two looks at them, of each ``ticking`` that changed it."""


def _ring(_: int, frame: FrameType | None) -> None:
    over = [limit for limit in _LIMITS if limit.is_over()]
    if over and not _untouchable(frame):
        for limit in (*over, _LIMITS[-1]):
            limit.rung = True
        raise TimeUp


def _interruptible() -> bool:
    return threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")


@contextmanager
def ticking(interval: float = TICK) -> Iterator[None]:
    """Look at the limits of work so often; around many pieces of limited work, each of them costs little."""
    if not _interruptible() or (_INTERVAL and _INTERVAL[-1] <= interval):
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    left, others = signal.setitimer(signal.ITIMER_REAL, interval, interval)
    started = monotonic()
    _INTERVAL.append(interval)
    try:
        yield
    finally:
        _INTERVAL.pop()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:  # what was asked for outside goes on
            signal.setitimer(signal.ITIMER_REAL, max(left - (monotonic() - started), 0.001), others)


@contextmanager
def limited(seconds: float, memory: int = LARGEST, clock: Callable[[], float] = monotonic) -> Iterator[None]:
    """Interrupt work that does not ask for the time, as SymPy's, by TimeUp; in the main thread of a Unix system.

    memory: bytes that the process may grow by. clock: ``time.thread_time`` counts the work of this process alone, so
    that others on the machine change nothing. A limit within another ends no later than that. What catches TimeUp is
    interrupted again a little later. Elsewhere the work is not interrupted.
    """
    if not _interruptible():
        yield
        return
    limit = _Limit(seconds, memory, clock)
    with ticking(max(min(seconds, TICK), 0.001)):
        _LIMITS.append(limit)
        try:
            yield
        except Exception as error:  # libraries make an error of their own of what interrupts them
            if limit.rung and not isinstance(error, MemoryError):
                raise TimeUp from None
            raise
        finally:
            _LIMITS.remove(limit)


@contextmanager
def bounded(seconds: float, memory: int = 2**30) -> Iterator[None]:
    """Raise TooLarge where work takes more than so many seconds, or more memory, a gigabyte if nothing is said."""
    Deadline(seconds)  # refuses a time that is none
    try:
        with limited(seconds, memory):
            yield
    except (TimeUp, MemoryError):
        raise TooLarge(
            f"more than {seconds:g} seconds, or {memory // 2**20:,} MB, would be needed",
            todo=f"allow more time, as --timeout {10 * seconds:g}, or ask for less",
        ) from None


IMPORTS = "<frozen importlib._bootstrap>"
"""Where Python says that the code of an import is."""
WEAK = (weakref.__file__, weakref.WeakSet.__init__.__code__.co_filename)
"""Where the callbacks of weak references are."""
CONTEXTS = (_GeneratorContextManager.__enter__.__code__, _GeneratorContextManager.__exit__.__code__)
"""What enters and leaves a context: an exception there would leave a precision set, or a limit unsaid."""


def _untouchable(frame: FrameType | None) -> bool:
    """Say whether a callback of the collector or of a weak reference runs, a module is imported, or a context ends.

    From callbacks no exception comes out; an import would leave a module of which a half is missing.
    """
    codes = {getattr(f, "__code__", None) for f in gc.callbacks} | set(CONTEXTS)
    while frame is not None and frame.f_code not in codes and frame.f_code.co_filename not in (IMPORTS, *WEAK):
        frame = frame.f_back
    return frame is not None


_STATM: dict[int, int] = {}
"""The open file in which the system says how much memory a process holds; that of another process is of no use."""


def _resident() -> int:
    """Return the bytes of memory that the process holds; 0 where the system does not say."""
    process = os.getpid()
    try:
        if process not in _STATM:
            _STATM[process] = os.open("/proc/self/statm", os.O_RDONLY)
        return int(os.pread(_STATM[process], 100, 0).split()[1]) * PAGE
    except OSError:
        return 0
