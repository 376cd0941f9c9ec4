"""What a command keeps beside its output until that is whole, so that a run that was ended goes on there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import symgrad
from symgrad.errors import ReadError
from symgrad.workers.kept import Kept, OtherWorkError, Record


def resumed(path: Path, head: Record) -> Kept:
    """Open what keeps the results of some work; what it holds of other work is taken away. Raises SymgradError."""
    try:
        return Kept(path, head)
    except (OtherWorkError, ReadError):
        path.unlink(missing_ok=True)
        return Kept(path, head)


def code(folders: Iterable[Path] = ()) -> str:
    """Return what changes with any file of symgrad, and of other folders."""
    found = hashlib.sha256()
    for folder in sorted({Path(symgrad.__file__).parent, *folders}):
        for file in sorted(folder.rglob("*.py")) if folder.is_dir() else ():
            stat = file.stat()
            found.update(os.fsencode(f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n"))
    return found.hexdigest()
