"""The audit of many files, each in a process of its own, and which files of a directory are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from symgrad.audit.audit import Audited, audit_file
from symgrad.audit.source.format import SUFFIXES, format_of
from symgrad.errors import ReadError

SMALL = 200_000
"""Bytes in all up to which no other process is worth its start."""

MOST_FILES = 10_000
HIDDEN = frozenset({"node_modules", "__pycache__", "_build", "site-packages"})


def documents(paths: Sequence[str]) -> list[Path]:
    """Return the files of the paths; of a directory those whose names tell a format, hidden ones left out.

    Raises ReadError for a path that is not there, UnknownName for a file of another format.
    """
    found: dict[Path, Path] = {}  # where a file really stands -> its name; links to it are the same file
    for name in paths:
        path = Path(name)
        if path.is_dir():
            for below in _below(path):
                found.setdefault(below.resolve(), below)
        elif path.exists():
            format_of(name)
            found.setdefault(path.resolve(), path)
        else:
            raise ReadError("there is no such file", "give files or directories that exist", file=name)
    if not found:
        known = ", ".join(SUFFIXES)
        raise ReadError("no file to audit", f"give files whose names end in {known}", file=", ".join(paths))
    return list(found.values())[:MOST_FILES]


def _below(directory: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(f for f in folders if f not in HIDDEN and not f.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and path.is_file():
                yield path


def executor(paths: Sequence[Path], jobs: int | None = None) -> Executor | None:
    """Return where the files are audited: in other processes, or None for little work, in this one."""
    workers = min(jobs or os.cpu_count() or 1, len(paths))
    if workers == 1 or (jobs is None and sum(path.stat().st_size for path in paths) <= SMALL):
        return None
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def audit_files(
    paths: Sequence[Path],
    timeout: float,
    everything: bool,
    model: str = "",
    pool: Executor | None = None,
    tell: Callable[[int], None] | None = None,
) -> Iterator[Audited]:
    """Yield what is found in each file as it is finished; with a pool, in any order.

    ``tell`` is called with the line of each passage, where there is no pool.
    """
    check = partial(audit_file, timeout=timeout, everything=everything, model=model)
    if pool is None:
        yield from map(partial(check, tell=tell), paths)
        return
    running = [pool.submit(check, path) for path in paths]
    try:
        for done in as_completed(running):
            yield done.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
