"""Standard output and error; a reader that has gone (``symgrad models | head -1``) is no error."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from symgrad.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


class Closed(io.TextIOBase):
    """Standard output that was closed before the program began."""

    def write(self, text: str) -> int:
        """Raise OSError: what is written would be lost."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def say(text: str) -> None:
    """Write text to standard output, at once. Raises OSError where it is closed, or takes no more."""
    with quiet_pipe(sys.stdout):
        sys.stdout.write(text)
        sys.stdout.flush()


def unwritten(error: OSError) -> int:
    """Say that standard output takes no more, and return the exit code."""
    if not isinstance(sys.stdout, Closed):
        discard(sys.stdout)
    complain(f"cannot write to standard output: {error.strerror}")
    return 2


def complain(message: str) -> None:
    """Write a message to standard error."""
    if sys.stderr is not None:
        with quiet_pipe(sys.stderr):
            sys.stderr.write(f"symgrad: {visible(message, lines=True)}\n")
            sys.stderr.flush()


@contextmanager
def quiet_pipe(stream: TextIO) -> Iterator[None]:
    """Discard what is still to be written once the reader has gone."""
    try:
        yield
    except BrokenPipeError:
        discard(stream)


def discard(stream: TextIO) -> None:
    """Send what is still to be written to a stream nowhere, so that closing it cannot fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
