"""A worker: a process that answers one request after the other, and ends when the server does.

The server starts it as ``python -m symgrad.serve.worker SECONDS BYTES``, and speaks with it in frames.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from typing import Any, BinaryIO

from symgrad.deadline import TimeUp, limited
from symgrad.errors import ReadError, SymgradError, TooLarge
from symgrad.serve.frames import packed, receive
from symgrad.serve.limits import GRACE

SPARE = 64 * 2**20
"""Bytes beyond its own that a worker needs to say that it has too few."""


def answered(task: str, arguments: Mapping[str, Any], seconds: float, memory: int) -> dict[str, Any]:
    """Return {"result": ...}, or {"error": what, where, todo}; whatever happens, an answer.

    >>> answered("model", {"model": "chian"}, 5, 2**30)["error"]["what"]
    "unknown model 'chian'"
    """
    from symgrad.serve.tasks import find_task

    try:
        try:
            with limited(seconds, memory):
                return {"result": find_task(task)(arguments, seconds)}
        except (TimeUp, MemoryError):
            raise too_large(seconds, memory) from None
        except RecursionError:
            raise TooLarge("it nests too deep", todo="write it in parts, each with a name") from None
    except SymgradError as error:
        over = isinstance(error, TooLarge) and "--timeout" in error.todo  # no option of this page
        return {"error": told(too_large(seconds, memory) if over else error)}
    except Exception as error:
        fault = SymgradError(f"a fault of symgrad: {type(error).__name__}", todo="report it, with the question")
        return {"error": told(fault)}


def too_large(seconds: float, memory: int) -> TooLarge:
    """Return the error of work that is ended, which says what a user can do."""
    return TooLarge(
        f"more than {seconds:g} seconds, or {memory // 2**20:,} MB, would be needed",
        todo="ask for less, as a smaller depth, or use the command line, which may take longer: --timeout",
    )


def told(error: SymgradError) -> dict[str, Any]:
    """Return an error as a record: what, where, what to do, and the place in the text, if there is one."""
    record: dict[str, Any] = {"what": error.what, "where": error.where, "todo": error.todo}
    if isinstance(error, ReadError) and error.line is not None:
        record |= {"line": error.line, "column": error.column}
    return record


def _inbox(stream: BinaryIO) -> queue.SimpleQueue[Any]:
    """Return a queue of what comes in; when the server goes away the process ends, whatever it is doing."""
    box: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def read() -> None:
        try:
            while (record := receive(stream)) is not None:
                box.put(record)
        finally:
            os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return box


def _bound_memory(memory: int) -> None:
    """Let the process have so many bytes beyond what it has now, where the system knows such a bound."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + memory + SPARE,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):  # another system: the server ends what takes too long
        return


def _bound_time(seconds: float) -> None:
    """End the process when it has computed for so long, also where no signal reaches Python."""
    try:
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds + GRACE) + 1, hard))
    except (ImportError, OSError, ValueError):
        return


def main(seconds: float, memory: int) -> None:
    """Answer requests until the server goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the server's to handle
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # what a library prints is no answer
    from symgrad.serve.tasks import prepare

    prepare()
    box = _inbox(source)
    _bound_memory(memory)
    sink.write(packed({"ready": True}))
    sink.flush()
    while True:
        record = box.get()
        _bound_time(seconds)
        sink.write(packed(answered(record["task"], record["arguments"], seconds, memory)))
        sink.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
