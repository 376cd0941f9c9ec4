"""IDX, the format of the MNIST files: a magic number, the size of each axis, then the bytes; plain or in gzip.

The magic number is 00 00 08 n, where 08 says "bytes" and n is the number of axes: 2051 for images, 2049 for labels.
Sizes are 4 bytes each, the highest first. Nothing is believed: the file must have as many bytes as it tells.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from symgrad.errors import DataError

Bytes = NDArray[np.uint8]

GZIP = b"\x1f\x8b"
MAGIC = {2049: "labels", 2051: "images"}
AXES = {"labels": 1, "images": 3}
LARGEST = 2**30
"""Bytes; a header that tells of more is taken for a wrong one, before memory is asked for."""
MOST_PACKED = 100
"""Bytes that gzip may hold in one: digits are packed 5 to 1, and what is packed 1,000 to 1 was made to fill memory."""


def read_idx(path: Path, wanted: str) -> Bytes:
    """Return the ``wanted``, "images" (n, rows, columns) or "labels" (n,), of an IDX file. Raises DataError."""
    with _opened(path) as file:
        magic = int.from_bytes(_exactly(file, 4, path), "big")
        _check_magic(magic, wanted, path)
        sizes = [int.from_bytes(_exactly(file, 4, path), "big") for _ in range(AXES[wanted])]
        count = prod(sizes)
        if not 0 < count <= LARGEST:
            shape = " x ".join(map(str, sizes))
            raise DataError(f"{path.name} tells of {shape} bytes", str(path), "take another copy of the file")
        if count > MOST_PACKED * path.stat().st_size:
            what = f"{path.name} has {path.stat().st_size:,} bytes and tells of {count:,}"
            raise DataError(what, str(path), "take another copy of the file")
        data = _exactly(file, count, path)
        if file.read(1):
            raise DataError(
                f"{path.name} has more than the {count:,} bytes that its header tells of",
                str(path),
                "take another copy of the file",
            )
    return np.frombuffer(data, dtype=np.uint8).reshape(sizes)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, through gzip where its first bytes say so, whatever its name."""
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == GZIP
            plain.seek(0)
            if packed:
                with gzip.open(plain) as unpacked:
                    yield cast(BinaryIO, unpacked)
            else:
                yield plain
    except EOFError:
        raise DataError(f"{path.name} is truncated: its gzip stream has no end", str(path), _AGAIN) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path.name} is damaged: {error}", str(path), _AGAIN) from None
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror}", str(path), "name another file") from None


_AGAIN = "copy or download the file again"


def _exactly(file: BinaryIO, count: int, path: Path) -> bytes:
    """Return the next ``count`` bytes, all of them."""
    data = file.read(count)
    if len(data) < count:
        raise DataError(f"{path.name} is truncated: {len(data):,} bytes where {count:,} belong", str(path), _AGAIN)
    return data


def _check_magic(magic: int, wanted: str, path: Path) -> None:
    found = MAGIC.get(magic)
    if found == wanted:
        return
    if found:
        raise DataError(
            f"{path.name} holds {found}, and {wanted} belong there",
            str(path),
            "give each file its own name: the files of images and of labels are swapped",
        )
    right = next(number for number, name in MAGIC.items() if name == wanted)
    raise DataError(
        f"{path.name} is no IDX file of {wanted}: it begins with {magic:08x}, not {right:08x}",
        str(path),
        "take the file of MNIST with this name, plain or in gzip",
    )
