"""The audit of many files, each in a process of its own, and which files of a directory are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from symgrad.audit.audit import Audited, audit_file
from symgrad.audit.source.format import SUFFIXES, format_of
from symgrad.errors import ReadError

if TYPE_CHECKING:  # little work has no pool of processes
    from concurrent.futures import Executor

SMALL = 200_000
"""Bytes in all up to which no other process is worth its start."""

MOST_FILES = 10_000
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
    found: dict[Path, Path] = {}  # where a file really stands -> its name; links to it are the same file
    named: set[Path] = set()
    skipped: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            for below in _below(path, skipped):
                found.setdefault(below.resolve(), below)
        elif path.exists():
            format_of(name)
            named.add(found.setdefault(path.resolve(), path))
        else:
            raise ReadError("there is no such file", "give files or directories that exist", file=name)
    if not found:
        known = ", ".join(SUFFIXES)
        raise ReadError("no file to audit", f"give files whose names end in {known}", file=", ".join(paths))
    files = list(found.values())
    return Documents(
        tuple(files[:MOST_FILES]), frozenset(named), tuple(dict.fromkeys(skipped)), max(0, len(files) - MOST_FILES)
    )


def _below(directory: Path, skipped: list[Path]) -> Iterator[Path]:
    """Yield the documents below a directory; note the folders that are not read."""
    for folder, folders, files in os.walk(directory):
        left_out = sorted(f for f in folders if f in HIDDEN or f.startswith("."))
        skipped += (Path(folder, f) for f in left_out)
        folders[:] = sorted(set(folders) - set(left_out))
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and path.exists():
                yield path


def executor(paths: Sequence[Path], jobs: int | None = None) -> Executor | None:
    """Return where the files are audited: in other processes, or None for little work, in this one."""
    workers = min(jobs or os.cpu_count() or 1, len(paths))
    if workers == 1 or (jobs is None and sum(_size(path) for path in paths) <= SMALL):
        return None
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


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
    from concurrent.futures import BrokenExecutor, as_completed

    running = {pool.submit(check, path): path for path in paths}
    lost = []
    try:
        for done in as_completed(running):
            if isinstance(done.exception(), BrokenExecutor):
                lost.append(running[done])  # a process was ended, and takes all that are waiting with it
            else:
                yield done.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    for path in lost:
        yield _alone(check, path)


def _alone(check: Callable[[Path], Audited], path: Path) -> Audited:
    """Audit a file in a process of its own, so that no other one is lost with it."""
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(check, path).result()
        except BrokenExecutor:
            return Audited(str(path), counts={}, error=f"its process was ended: {path}\n  what to do: split the file")
