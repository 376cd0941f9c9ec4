"""Arrays in files that others wrote: .npz, .npy and JSON, read within bounds and never run."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from symgrad.errors import ValuesError

LARGEST_FILE = 64 * 2**20
MOST_NUMBERS = 2_000_000
MOST_ARRAYS = 10_000
_INDEXED = re.compile(r"(\w+)\[(\d+)\]")
_DECIMALS = re.compile(r"-?\d+(?:\.(\d+))?")


def read_arrays(path: str, where: str) -> dict[str, Any]:
    """Return the arrays of a file by name; "" is the name of the one of a .npy file, or of JSON without names.

    where: the option that names the file, for messages. Raises ValuesError for what is no file of numbers.
    """
    file = Path(path)
    try:
        if not file.is_file():
            what = "does not exist" if not file.exists() else "is no file"
            raise ValuesError(f"{where} {path} {what}", todo="give the path of an .npz, .npy or JSON file")
        if file.stat().st_size > LARGEST_FILE:
            raise ValuesError(f"{where} {path} is larger than {LARGEST_FILE // 2**20} MB", todo="give fewer numbers")
        with file.open("rb") as stream:
            start = stream.read(6)
        if start.startswith(b"PK"):
            return _of_archive(file, f"{where} {path}")
        if start == b"\x93NUMPY":
            with file.open("rb") as stream:
                return {"": _of_stream(stream, f"{where} {path}")}
        return _of_json(file.read_bytes(), f"{where} {path}")
    except OSError as error:
        raise ValuesError(f"{where} {path} cannot be read: {error.strerror}", todo="give a file of numbers") from None


def _of_archive(file: Path, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if len(names) > MOST_ARRAYS:
                raise ValuesError(f"{where} holds more than {MOST_ARRAYS:,} arrays", todo="put the layers on an axis")
            left = MOST_NUMBERS
            for name in names:
                with archive.open(name) as stream:
                    array = _of_stream(stream, f"{name.removesuffix('.npy')} in {where}", left)
                left -= array.size
                found[name.removesuffix(".npy")] = array
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValuesError(f"{where} is no whole .npz file: {error}", todo="write it by numpy.savez") from None
    return found


def _of_stream(stream: IO[bytes], where: str, most: int = MOST_NUMBERS) -> Any:
    """Read an array whose header says that it holds numbers, and not too many: the rest is read after that."""
    todo = "write arrays of numbers, by numpy.savez"
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(stream)
        if dtype.hasobject:
            raise ValuesError(f"{where} holds Python objects (a pickle), which are not read", todo=todo)
        if dtype.kind not in "fiu" or dtype.itemsize > 16:
            raise ValuesError(f"{where} holds {dtype}, and not real numbers", todo=todo)
        count = 1
        for n in shape:
            count *= n
        if count > most or min(shape, default=0) < 0:
            raise ValuesError(f"{where} holds more than {MOST_NUMBERS:,} numbers", todo="give fewer")
        content = stream.read(count * dtype.itemsize)
        array = np.frombuffer(content, dtype=dtype, count=count)
    except ValuesError:
        raise
    except Exception as error:  # numpy's own message; zlib's for a torn archive
        raise ValuesError(f"{where} is no array that can be read: {str(error).splitlines()[0]}", todo=todo) from None
    if not np.isfinite(array).all():
        raise ValuesError(f"{where} holds NaN or an infinity", todo="give finite numbers")
    return array.reshape(shape, order="F" if fortran else "C")


def _of_json(content: bytes, where: str) -> dict[str, Any]:
    """Read JSON; a decimal stays a text, so that it is exactly what it says."""

    def refused(name: str) -> Any:
        raise ValuesError(f"{where} holds {name}", todo="give finite numbers")

    try:
        found = json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=refused)
    except (ValueError, RecursionError) as error:
        told = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ValuesError(f"{where} is neither .npz nor JSON: {told}", todo="write it by numpy.savez") from None
    named = found if isinstance(found, dict) else {"": found}
    for name, value in named.items():
        _check_numbers(value, f"{name} in {where}" if name else where)
    return named


def _check_numbers(value: Any, where: str) -> None:
    pending, count = [value], 0
    while pending:
        x = pending.pop()
        count += 1
        if count > MOST_NUMBERS:
            raise ValuesError(f"{where} holds more than {MOST_NUMBERS:,} numbers", todo="give fewer")
        if isinstance(x, list):
            pending += x
        elif not isinstance(x, str):
            raise ValuesError(f"{where} holds {json.dumps(x)[:40]}, and not only numbers", todo='{"W": [[1, 0.5]]}')


def by_layers(arrays: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Put W[1], W[2], ... together as the layers of W, where W is no name of a single one: ``names`` has those.

    >>> by_layers({"w[2]": 5, "w[1]": 3, "a[0]": 1}, {"w", "a[0]"})
    {'a[0]': 1, 'w': [3, 5]}
    """
    layers: dict[str, dict[int, Any]] = {}
    found = {}
    for name, x in arrays.items():
        match = _INDEXED.fullmatch(name.replace(" ", ""))
        if match and name not in names and match[1] in names:
            layers.setdefault(match[1], {})[int(match[2])] = x
        else:
            found[name] = x
    return found | {name: [x for _, x in sorted(of.items())] for name, of in layers.items()}


def decimals(value: Any) -> int | None:
    """Return how many decimals numbers in JSON are rounded to; None where they are as many as a computer writes.

    >>> decimals([["0.125", "-1.4"]]), decimals(["0.1000000000000001"]), decimals(["1e-3"])
    (3, None, None)
    """
    most, pending = 0, [value]
    while pending:
        x = pending.pop()
        if isinstance(x, list):
            pending += x
            continue
        match = _DECIMALS.fullmatch(x) if isinstance(x, str) else None
        if match is None:
            return None
        most = max(most, len(match[1] or ""))
    return most if 0 < most <= 8 else None
