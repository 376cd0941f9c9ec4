"""Answers that were given before, by what they depend on: one JSON file each, whose name is the digest of all of that.

An entry is written whole or not at all, so that builds side by side share a cache. An entry that is not what was
written, too long, or of other contents than its name says is as good as none. Whoever may write to the folder may
write what is found in it: it is made for its owner alone, and one that others may write to is not used.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from symgrad.errors import SymgradError
from symgrad.files import write_whole

LARGEST = 2_000_000
"""Bytes of an entry; what is longer is not kept."""
MOST = 100
"""Entries in one of the 256 folders; the oldest go where there are more."""
VARIABLE, OFF = "SYMGRAD_CACHE", "off"


class Cache:
    """A folder of entries.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     kept = Cache(folder)
    ...     key = key_of({"of": "C", "wrt": ["b"]})
    ...     kept.keep(key, {"page": "∂C/∂b"})
    ...     kept.find(key), kept.find(key_of({"of": "C"}))
    ({'page': '∂C/∂b'}, None)
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def find(self, key: str) -> dict[str, Any] | None:
        """Return what was kept under a key, or None."""
        try:
            if not _is_ones_own(self.folder):
                return None
            with self._path(key).open("rb") as file:
                data = file.read(LARGEST + 1)
            if len(data) > LARGEST:
                return None
            digest, _, body = data.partition(b"\n")
            if digest.decode("ascii") != _digest(key, body):
                return None
            entry = json.loads(body)
        except (OSError, ValueError, RecursionError):
            return None
        return entry if isinstance(entry, dict) else None

    def keep(self, key: str, entry: dict[str, Any]) -> None:
        """Keep an entry; where the folder takes none, nothing is kept."""
        body = json.dumps(entry, sort_keys=True).encode()
        data = _digest(key, body).encode() + b"\n" + body
        if len(data) > LARGEST:
            return
        path = self._path(key)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ones_own(self.folder):
                return
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_whole(path, data)
            _thin_out(path.parent)
        except (OSError, SymgradError):
            return

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.json"


def usual_cache() -> Cache | None:
    """Return the cache of this user: the folder that SYMGRAD_CACHE names, none where it says off, or the usual one."""
    named = os.environ.get(VARIABLE, "")
    if named.lower() == OFF:
        return None
    if named:
        return Cache(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return Cache((Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "symgrad" / "answers")
    except RuntimeError:  # a user without a home
        return None


def key_of(parts: dict[str, Any]) -> str:
    """Return the digest of plain data and records, and of the program that would answer."""
    text = json.dumps({**parts, "symgrad": program()}, sort_keys=True, default=_plain)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def program() -> str:
    """Return the digest of symgrad's files, with its version in one of them: another program may answer otherwise."""
    root = Path(__file__).parent.parent
    digest = sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".eq", ".toml")):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {"": type(value).__name__, **{f.name: getattr(value, f.name) for f in fields(value)}}
    return dict(value) if isinstance(value, Mapping) else repr(value)


def _digest(key: str, body: bytes) -> str:
    return sha256(key.encode() + b"\n" + body).hexdigest()


def _is_ones_own(folder: Path) -> bool:
    """Tell whether no other user may write to a folder; where the system does not say, it is so."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & stat.S_IWOTH


def _thin_out(folder: Path) -> None:
    entries = list(folder.glob("*.json"))
    if len(entries) > MOST:
        entries.sort(key=lambda p: p.stat().st_mtime)
        for path in entries[: len(entries) - MOST]:
            path.unlink(missing_ok=True)
