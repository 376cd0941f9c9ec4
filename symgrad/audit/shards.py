"""An audit whose results are kept in a directory, as a whole or in shards, and put together."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from symgrad.audit.audit import Audited
from symgrad.audit.files import Settings
from symgrad.audit.stored import record, restored
from symgrad.errors import ReadError
from symgrad.workers.kept import Kept, head_of, is_done, results_of
from symgrad.workers.shard import Shard, together

FORMAT = 1
TODO = "name the directory that --out was given"
Run = Callable[[Sequence[Path]], Iterator[Audited]]


def kept_in(directory: Path, shard: Shard, files: Sequence[Path], settings: Settings, version: str) -> Kept:
    """Open the file that keeps the results of a shard of these files. Raises SymgradError."""
    names = hashlib.sha256()
    for file in files:
        names.update(os.fsencode(file) + b"\0")
    head: dict[str, Any] = {"audit": FORMAT, "version": version, "shard": str(shard), "files": len(files)}
    head |= {"names": names.hexdigest(), "timeout": settings.timeout}
    head |= {"everything": settings.everything, "model": settings.model, "preamble": settings.preamble}
    return Kept(_path(directory, shard), head)


def keep(kept: Kept, shard: Shard, files: Sequence[Path], run: Run) -> Iterator[Audited]:
    """Audit what of a shard is not finished, and keep what is found; yield it."""
    if not kept.done:
        left = list(shard.of_items(files))[kept.count :]
        for found in run(left):
            kept.add(record(found))
            yield found
        kept.finish()


def merged(directory: Path) -> Iterator[Audited]:
    """Return what was found, in the order of the files, whatever shards it was found in.

    Raises ReadError where a shard is missing or not finished, or shards are of different audits.
    """
    paths = sorted(directory.glob("*-of-*.jsonl")) if directory.is_dir() else []
    if not paths:
        raise ReadError("no results of an audit", TODO, file=str(directory))
    heads = [_head(path) for path in paths]
    shards = [Shard.read(str(head["shard"])) for head in heads]
    for path, head in zip(paths, heads, strict=True):
        if {**head, "shard": ""} != {**heads[0], "shard": ""} or Shard.read(head["shard"]).of != shards[0].of:
            todo = "keep each audit in a directory of its own"
            raise ReadError(f"shards of different audits: this one and {paths[0]}", todo, file=str(path))
    there = {shard.number: path for shard, path in zip(shards, paths, strict=True)}
    of = shards[0].of
    missing = [n for n in range(1, of + 1) if n not in there or not is_done(there[n])]
    if missing:
        named = ", ".join(f"{n}/{of}" for n in missing[:12]) + (" ..." if len(missing) > 12 else "")
        todo = f"run what is missing, as --shard {missing[0]}/{of}: it goes on where it was"
        raise ReadError(f"{len(missing)} of {of} shards are not finished: {named}", todo, file=str(directory))
    return map(restored, together(results_of(there[n]) for n in range(1, of + 1)))


def _head(path: Path) -> dict[str, Any]:
    head = dict(head_of(path))
    if head.get("audit") != FORMAT or not isinstance(head.get("shard"), str):
        raise ReadError("not the results of an audit", TODO, file=str(path))
    return head


def _path(directory: Path, shard: Shard) -> Path:
    width = len(str(shard.of))
    return directory / f"{shard.number:0{width}}-of-{shard.of}.jsonl"
