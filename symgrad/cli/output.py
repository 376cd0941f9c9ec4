"""Where output goes: standard output in whatever encoding it has, or a file in UTF-8."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from symgrad.errors import SymgradError
from symgrad.network.syntax import GREEK

_PLAIN = {
    **GREEK,
    "∂": "d",
    "∏": "prod",
    "∑": "sum",
    "⁺": "^+",
    "ᵀ": "^T",
    "≥": ">=",
    "≤": "<=",
    "≈": "~=",
    "·": "*",
    "×": "x",
    "∘": "o",
    "→": "->",
    "↦": "->",
    "−": "-",
    "…": "...",
}


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """Spell out what a terminal's encoding lacks: σ as sigma, ∂C/∂a as dC/da."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101  # this handler only serves encoders
    text = error.object[error.start : error.end]
    plain = "".join(_PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in text)
    return plain, error.end


def prepare_streams() -> None:
    """Let no character be an error: what standard output and error cannot encode is spelled out."""
    codecs.register_error("symgrad", _spelled)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="symgrad")


def write(text: str, path: str | None = None) -> None:
    """Write text to a file in UTF-8, or to standard output; a reader that has gone is no error.

    Raises SymgradError for a file that cannot be written.
    """
    if path is None:
        with quiet_pipe(sys.stdout):
            sys.stdout.write(text)
            sys.stdout.flush()
        return
    try:
        Path(path).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SymgradError(
            f"cannot write {path}: {reason}", todo="give a file in a directory that exists: -o gradient.md"
        ) from None


@contextlib.contextmanager
def quiet_pipe(stream: TextIO) -> Iterator[None]:
    """Send what is still to be written nowhere once the reader (``| head -1``) has gone."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
