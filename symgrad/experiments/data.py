"""Images of digits with their labels, from files that are checked; no pickle is ever loaded."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgrad.errors import DataError, SymgradError, ValuesError
from symgrad.experiments.idx import LARGEST, read_idx
from symgrad.experiments.mnist import fetched

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

CLASSES = 10
DIGITS = "digits"
"""The name of the data that come with scikit-learn."""
MNIST = "mnist"
"""The name of the data that ``symgrad experiment fetch mnist`` has fetched; a folder of this name is ./mnist."""
TRAINING = 5 / 6
"""The part of the images to train with, the first ones; the chapter has 50,000 of 60,000. The others validate."""


@dataclass(frozen=True, eq=False)
class Data:
    """Images (n, pixels) with values in [0, 1], and the digit that each shows.

    source: what ``read_data`` reads them from, of which they are the first; "" where that is not known.
    """

    name: str
    images: Floats
    labels: Labels
    source: str = ""

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def targets(self) -> Floats:
        """The unit vector of each label, (n, 10)."""
        return np.eye(CLASSES)[self.labels]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of images and labels: the same for the same data on every machine."""
        told = hashlib.sha256(repr(self.images.shape).encode())
        told.update(self.images.astype("<f8").tobytes())
        told.update(self.labels.astype("<i8").tobytes())
        return told.hexdigest()

    def first(self, count: int) -> Data:
        """Return the first ``count`` images; ValuesError where there are fewer."""
        if not 1 <= count <= len(self):
            raise ValuesError(f"{count:,} images of {self.name}", todo=f"give 1 to {len(self):,}")
        return replace(self, images=self.images[:count], labels=self.labels[:count])

    def split(self) -> tuple[Data, Data]:
        """Return what to train with and what to validate with, as they stand: the last sixth validates."""
        count = max(1, int(TRAINING * len(self)))
        rest = replace(self, images=self.images[count:], labels=self.labels[count:], source="")
        return self.first(count), rest


def read_data(source: str | Path | Data = DIGITS) -> Data:
    """Return the digits of scikit-learn (8 x 8) for "digits", the MNIST that was fetched for "mnist", else that of a
    folder or of an ``.npz`` file.

    A folder holds train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or with .gz, or one .npz with x_train
    and y_train. Raises DataError for what is missing, truncated or wrong.
    """
    return source if isinstance(source, Data) else replace(_read(source), source=str(source))


def _read(source: str | Path) -> Data:
    if str(source) == DIGITS:
        return _digits()
    if source == MNIST:
        return replace(_read(fetched()), name="MNIST")
    path = Path(source)
    if not path.exists():
        raise DataError(f"there is no folder {path}", todo=f"name the folder that holds MNIST, or take --data {DIGITS}")
    if path.is_file():
        return _from_file(path)
    images, labels = _found(path, "train-images", "idx3"), _found(path, "train-labels", "idx1")
    if images and labels:
        return _checked(f"IDX files in {path.name}", read_idx(images, "images"), read_idx(labels, "labels"), path)
    if images or labels:
        known, missing = ("images", "labels-idx1") if images else ("labels", "images-idx3")
        raise DataError(
            f"{path} has the {known} and not train-{missing}-ubyte", todo="put it beside the other, plain or as .gz"
        )
    return _from_file(_only_file(path))


def _digits() -> Data:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise SymgradError(
            "the digits come with scikit-learn, which is not installed",
            todo="pip install 'symgrad[experiments]', or name a folder that holds MNIST",
        ) from None
    found = load_digits()
    return Data("scikit-learn's digits (8x8)", found.data / 16.0, found.target.astype(np.int64))


def _found(folder: Path, name: str, kind: str) -> Path | None:
    """Return the file of MNIST with this name, as it is written here and there."""
    names = [f"{name}{dash}{kind}-ubyte{gz}" for dash in "-." for gz in ("", ".gz")]
    return next((folder / n for n in names if (folder / n).is_file()), None)


def _only_file(folder: Path) -> Path:
    found = sorted([*folder.glob("*.npz"), *_pickles(folder)])
    if not found:
        raise DataError(
            f"{folder} holds no MNIST",
            todo="put train-images-idx3-ubyte and train-labels-idx1-ubyte there, plain or as .gz, or one .npz",
        )
    if len(found) > 1:
        raise DataError(f"{folder} holds {len(found)} files of data", todo=f"name one of them: {found[0]}")
    return found[0]


PICKLES = (".pkl", ".pickle", ".pkl.gz", ".pickle.gz", ".p")


def _pickles(folder: Path) -> Iterator[Path]:
    return (p for p in folder.iterdir() if p.name.endswith(PICKLES))


CONVERT = """a pickle runs what is in it when it is loaded, so symgrad loads none. If you trust the file, write
  import gzip, pickle, numpy as np
  (x, y), (u, v), _ = pickle.load(gzip.open("mnist.pkl.gz"), encoding="latin1")
  np.savez_compressed("mnist.npz", x_train=np.concatenate([x, u]), y_train=np.concatenate([y, v]))
and name mnist.npz"""


def _from_file(path: Path) -> Data:
    if path.name.endswith(PICKLES):
        raise DataError(f"{path.name} is a pickle", str(path), CONVERT)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise DataError(f"{path.name} is too large", str(path), "take the .npz of MNIST")
        with np.load(path, allow_pickle=False) as found:
            names = [n for n in ("x_train", "y_train") if n not in found.files]
            if names:
                raise DataError(
                    f"{path.name} has no {' and no '.join(names)}: it has {', '.join(found.files) or 'nothing'}",
                    str(path),
                    "name the arrays x_train (n, 28, 28) and y_train (n,)",
                )
            return _checked(path.name, found["x_train"], found["y_train"], path)
    except zipfile.BadZipFile as error:
        raise DataError(
            f"{path.name} is no .npz file, or a truncated one: {error}",
            str(path),
            "name a folder that holds the IDX files of MNIST, or an .npz file that numpy.savez wrote",
        ) from None
    except ValueError as error:  # an array of objects is a pickle inside of the file
        raise DataError(f"{path.name} cannot be read without a pickle: {error}", str(path), CONVERT) from None
    except (OSError, EOFError, zlib.error, MemoryError, NotImplementedError) as error:
        raise DataError(f"{path.name} cannot be read: {error}", str(path), "copy the file again") from None


def _checked(name: str, images: NDArray[Any], labels: NDArray[Any], path: Path) -> Data:
    """Return the data of two arrays whose sizes and values are those of digits; bytes are divided by 255."""
    where = str(path)
    if labels.ndim != 1 or images.ndim not in (2, 3) or not images.size:
        raise DataError(
            f"images of shape {images.shape} and labels of shape {labels.shape}",
            where,
            "give images (n, rows, columns) or (n, pixels), and labels (n,)",
        )
    if len(images) != len(labels):
        raise DataError(
            f"{len(images):,} images and {len(labels):,} labels", where, "take the two files of the same set"
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= CLASSES:
        wrong = next((x for x in labels.tolist() if not (isinstance(x, int) and 0 <= x < CLASSES)), None)
        raise DataError(f"a label is {wrong!r}, and labels are 0 to 9", where, "take the labels of MNIST")
    if images.dtype == np.uint8:
        scaled = images / 255.0
    elif images.dtype.kind == "f" and np.isfinite(images).all() and images.min() >= 0 and images.max() <= 1:
        scaled = images.astype(np.float64)
    else:
        raise DataError(
            f"images of {images.dtype} that are neither bytes nor numbers from 0 to 1", where, "give bytes (uint8)"
        )
    return Data(name, scaled.reshape(len(images), -1), labels.astype(np.int64))
