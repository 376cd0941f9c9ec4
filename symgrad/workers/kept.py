"""Results that are kept as they come, one JSON object a line, so that work that was ended goes on where it was.

The first line says what the work is, the last, once it is there, that it is done. What a power cut or a kill leaves
of a line that was being written is no result, and is taken away when the work goes on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Any

from symgrad.errors import ReadError, SymgradError
from symgrad.files import lock

Record = Mapping[str, Any]
DONE = "done"
SYNC = 1.0
"""Seconds after which what was written is sent to the disk."""
LONGEST = 256 * 2**20
"""Bytes of a line."""
AT_ONCE = 64
"""Lines that are read at once, so that a thousand files can be put together with few of them open."""


class OtherWorkError(SymgradError):
    """A file that holds the results of other work."""


class Kept:
    """A file of results that is written. ``count``: how many it holds already. ``done``: whether these are all."""

    def __init__(self, path: Path, head: Record) -> None:
        """Open a file, or go on with it. Raises SymgradError where it is of other work, or another process has it."""
        self.path, self.synced = path, monotonic()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.file: IO[bytes] = path.open("a+b")
        except OSError as error:
            raise SymgradError(f"cannot write {path}: {error.strerror}", todo="name another directory") from None
        try:
            _take(self.file, path)
            self.count, self.done, end = self._begin(head)
            self.file.truncate(end)
            if not end:
                self._line(head)
        except BaseException:
            self._close()
            raise

    def _begin(self, head: Record) -> tuple[int, bool, int]:
        """Return how many results are there, whether that is all, and where what is whole ends."""
        self.file.seek(0)
        first = self.file.readline(LONGEST)
        if not first.endswith(b"\n"):
            return 0, False, 0
        if _parsed(first, self.path) != json.loads(json.dumps(head)):
            todo = "name another directory, or take away what is in it"
            raise OtherWorkError("it holds the results of other work, or of other options", str(self.path), todo)
        count, end = 0, len(first)
        for line in iter(lambda: self.file.readline(LONGEST), b""):
            if not line.endswith(b"\n"):
                break
            if _parsed(line, self.path).get(DONE) == count:
                return count, True, end + len(line)
            count, end = count + 1, end + len(line)
        return count, False, end

    def results(self) -> Iterator[Record]:
        """Yield the results that it held when it was opened."""
        with _opened(self.path) as file:
            file.readline(LONGEST)
            for line in islice(file, self.count):
                yield _parsed(line, self.path)

    def add(self, record: Record) -> None:
        """Keep a result."""
        self._line(record, sync=monotonic() - self.synced > SYNC)
        self.count += 1

    def finish(self) -> None:
        """Say that these are all."""
        if not self.done:
            self._line({DONE: self.count}, sync=True)
            self.done = True

    def _line(self, record: Record, sync: bool = False) -> None:
        try:
            self.file.write(json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n")
            self.file.flush()
            if sync:
                os.fsync(self.file.fileno())
                self.synced = monotonic()
        except OSError as error:
            todo = "make room, and run it again: what is finished is kept"
            raise SymgradError(f"cannot write {self.path}: {error.strerror}", todo=todo) from None

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._close()

    def _close(self) -> None:
        """Close the file; what a full disk did not take has been told, and is not told again."""
        with suppress(OSError):
            self.file.close()


def head_of(path: Path) -> Record:
    """Return what the work of a file of results is. Raises ReadError where it is none."""
    with _opened(path) as file:
        line = file.readline(LONGEST)
    if not line.endswith(b"\n"):
        raise ReadError("no results, or none yet", "run its shard", file=str(path))
    return _parsed(line, path)


def results_of(path: Path) -> Iterator[Record]:
    """Yield the results of a file, which is open only while it is read. Raises ReadError where it is not finished."""
    count = at = 0
    while True:
        with _opened(path) as file:
            file.seek(at)
            lines = list(islice(file, AT_ONCE))
            at = file.tell()
        if not lines:
            raise ReadError("not finished", "run its shard again: it goes on where it was", file=str(path))
        for line in lines if count else lines[1:]:
            record = _parsed(line, path)
            if record.get(DONE) == count:
                return
            yield record
            count += 1


def is_done(path: Path) -> bool:
    """Say whether the last line of a file of results is that which ends it."""
    with _opened(path) as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 64))
        last = file.read().removesuffix(b"\n").rpartition(b"\n")[2]
    return last.startswith(b'{"done":')


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror}", "name the directory of --out", file=str(path)) from None


def _parsed(line: bytes, path: Path) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise ReadError("a line that is no result", "take the file away, and run its shard", file=str(path))
    return record


def _take(file: IO[bytes], path: Path) -> None:
    try:
        lock(file)
    except BlockingIOError:
        raise SymgradError(f"another process writes {path}", todo="wait until it has ended") from None
