"""Files that are written whole or not at all, beside their place first and then renamed; and read up to a bound."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from symgrad.errors import SymgradError

PART = ".part"
"""How the names of files end that are being written; they begin with a dot, and nothing of symgrad reads them."""
ANOTHER = "name a file in a directory that exists"


def read_at_most(path: Path | str, most: int) -> bytes:
    """Return what a file holds. Raises OSError (EFBIG) for more than ``most`` bytes, before it takes their memory.

    A device or a pipe that has no end is such a file.

    >>> read_at_most("/dev/zero", 1000)
    Traceback (most recent call last):
        ...
    OSError: [Errno 27] more than 1,000 bytes
    """
    with Path(path).open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"more than {most:,} bytes")
    return data


def write_whole(path: Path | str, content: bytes | str, todo: str = ANOTHER) -> None:
    """Write a file, text in UTF-8; whoever reads it meanwhile, or after a full disk, finds it as it was.

    A link is followed, what a file allows whom stays, and a device or a pipe is written to as it is. Raises
    SymgradError, with what to do, for a file that cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        target = Path(path).resolve()
        if not str(path) or target.is_dir() or (target.exists() and not target.is_file()):
            Path(path).write_bytes(data)  # a device, a pipe; or an error that says what it is
        else:
            _replaced(target, data)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SymgradError(f"cannot write {path}: {reason}", todo=todo) from None


def _replaced(target: Path, data: bytes) -> None:
    _take_away_parts(target)
    file = _part(target)
    beside = Path(file.name)
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if target.exists():
                beside.chmod(target.stat().st_mode & 0o7777)
            beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _part(target: Path) -> IO[bytes]:
    """Open a new file beside a target, locked as long as it is open."""
    while True:
        file = target.with_name(f"{_stem(target)}{os.urandom(8).hex()}{PART}").open("xb")
        lock(file, wait=True)
        if Path(file.name).exists():  # else another process took it away before it was locked
            return file
        file.close()


def _take_away_parts(target: Path) -> None:
    """Take away what processes that were killed have left beside a target; what is being written is locked."""
    for name in os.listdir(target.parent):
        if name.startswith(_stem(target)) and name.endswith(PART):
            with suppress(OSError), (left := target.with_name(name)).open("rb") as file:
                if lock(file):
                    left.unlink()


def _stem(target: Path) -> str:
    return f".{target.name[:100]}."


def lock(file: IO[bytes], wait: bool = False) -> bool:
    """Lock an open file for this process; return False where a system has no locks.

    Raises BlockingIOError where another process has it.
    """
    try:
        import fcntl
    except ImportError:  # not a Unix system
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise
    except OSError:  # a file system without locks
        return False
    return True
