"""A process below this one for each of its threads, in which work is the main thread's and can be interrupted.

The time of Python code is limited by signals, which only a main thread takes; a worker of a cluster runs what it is
sent in another. What such a process dies of does not end the worker.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Any

from symgrad.errors import SymgradError

_PROGRAM = "from symgrad.workers.child import serve; serve()"
_OF_THREAD = threading.local()


class EndedError(Exception):
    """The process that was to do the work has died."""


class Child:
    """A process that does what it is sent, one piece of work after the other, until its input is closed."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=-1,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def each(self, folder: str, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        """Return the results of a batch. Raises what the work raises, EndedError where the process dies."""
        try:
            pickle.dump((folder, work, items), self._stream(self.process.stdin))
            self._stream(self.process.stdin).flush()
            found, error = pickle.load(self._stream(self.process.stdout))
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            self.close()
            raise EndedError(f"exit code {self.process.returncode}") from None
        if error is not None:
            raise error
        return found

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                self._stream(stream).close()

    def __del__(self) -> None:
        if self.process.poll() is None:
            self.close()

    @staticmethod
    def _stream(stream: IO[bytes] | None) -> IO[bytes]:
        assert stream is not None
        return stream


def each_in_child(folder: str, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    """Return work(item) for each item, done in the process of this thread, in a folder that names are relative to.

    >>> each_in_child(".", abs, (-1, 2))
    [1, 2]
    >>> _OF_THREAD.child.close()
    """
    child = getattr(_OF_THREAD, "child", None)
    if child is None or child.process.poll() is not None:
        child = _OF_THREAD.child = Child()
    return child.each(folder, work, items)


def serve() -> None:
    """Do what standard input says, and write the results to what was standard output; prints go elsewhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            folder, work, items = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        told: tuple[list[Any], Exception | None]
        try:
            _enter(folder)
            told = [work(item) for item in items], None
        except Exception as error:
            told = [], error
        pickle.dump(told, answers)
        answers.flush()


def _enter(folder: str) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        todo = "give all workers the same file system"
        raise SymgradError(f"a worker has no folder {folder}: {error.strerror}", todo=todo) from None
