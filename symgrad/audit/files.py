"""The audit of many files, in one process or in several, and which files of a directory are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from symgrad.audit.audit import TIMEOUT, Audited, audit_file
from symgrad.audit.source.format import SUFFIXES, format_of
from symgrad.errors import ReadError

if TYPE_CHECKING:  # little work has no processes of its own
    from symgrad.workers.workers import Workers

SMALL = 200_000
"""Bytes in all up to which no other process is worth its start."""
LARGEST_BATCH = 16
"""Files that are sent to a process together, where there are many."""

MOST_FILES = 10_000_000
HIDDEN = frozenset({"node_modules", "__pycache__", "_build", "site-packages"})


@dataclass(frozen=True)
class Documents:
    """The files that are audited: those that were named, and those that were found in directories.

    skipped: folders that are not read. left: how many files there are beyond MOST_FILES.
    """

    files: tuple[Path, ...]
    named: frozenset[Path]
    skipped: tuple[Path, ...] = ()
    left: int = 0


def documents(paths: Sequence[str]) -> list[Path]:
    """Return the files of the paths; of a directory those whose names tell a format, hidden ones left out.

    Raises ReadError for a path that is not there, UnknownName for a file of another format.
    """
    return list(looked_for(paths).files)


def looked_for(paths: Sequence[str]) -> Documents:
    """Return the files of the paths, and what is left out. Raises as ``documents``."""
    found: dict[str, Path] = {}  # where a file really stands -> its name; links to it are the same file
    named: set[Path] = set()
    skipped: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            for real, below in _below(path, skipped):
                found.setdefault(real, below)
        elif path.exists():
            format_of(name)
            named.add(found.setdefault(os.path.realpath(path), path))
        else:
            raise ReadError("there is no such file", "give files or directories that exist", file=name)
    if not found:
        known = ", ".join(SUFFIXES)
        raise ReadError("no file to audit", f"give files whose names end in {known}", file=", ".join(paths))
    files = list(found.values())
    return Documents(
        tuple(files[:MOST_FILES]), frozenset(named), tuple(dict.fromkeys(skipped)), max(0, len(files) - MOST_FILES)
    )


def _below(directory: Path, skipped: list[Path]) -> Iterator[tuple[str, Path]]:
    """Yield where each document below a directory stands, and its name; note the folders that are not read."""
    for folder, folders, files in os.walk(directory):
        left_out = sorted(f for f in folders if f in HIDDEN or f.startswith("."))
        skipped += (Path(folder, f) for f in left_out)
        folders[:] = sorted(set(folders) - set(left_out))
        real = os.path.realpath(folder)
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and path.exists():
                yield os.path.realpath(path) if path.is_symlink() else os.path.join(real, name), path


@dataclass(frozen=True)
class Settings:
    """How files are audited: as ``audit_text`` has it. preamble: a text whose commands all of them use."""

    timeout: float = TIMEOUT
    everything: bool = False
    model: str = ""
    preamble: str = ""


def audit_files(
    paths: Sequence[Path],
    settings: Settings,
    workers: Workers | None = None,
    tell: Callable[[int], None] | None = None,
) -> Iterator[Audited]:
    """Yield what is found in each file, in their order, whatever it is found by: the same in every way of running.

    ``tell`` is called with the line of each passage, where there are no workers.
    """
    check = partial(
        audit_file,
        timeout=settings.timeout,
        everything=settings.everything,
        model=settings.model,
        preamble=settings.preamble,
    )
    if workers is None:
        yield from map(partial(check, tell=tell), paths)
        return
    from symgrad.workers.stream import stream

    batch = max(1, min(LARGEST_BATCH, len(paths) // (32 * workers.size)))
    yield from stream(check, paths, workers, _lost, batch)


def _lost(path: Path) -> Audited:
    return Audited(str(path), counts={}, error=f"its process was ended: {path}\n  what to do: split the file")


def worth(paths: Sequence[Path], size: int) -> int:
    """Return in how many processes the files are audited, of so many that there may be; little work is done in one."""
    size = min(size, len(paths))
    if size < 2:
        return 1
    total = 0
    for path in paths:
        total += _size(path)
        if total > SMALL:
            return size
    return 1


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
