"""Images from files: what is read, and what each wrong file is told. The files are written here."""

import gzip
import io
import pickle
import zipfile

import numpy as np
import pytest

from symgrad.errors import DataError, SymgradError, ValuesError
from symgrad.experiments.data import Data, read_data

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
COUNT, ROWS, COLUMNS = 6, 3, 2
PIXELS = (np.arange(COUNT * ROWS * COLUMNS) * 7 % 256).astype(np.uint8).reshape(COUNT, ROWS, COLUMNS)
DIGITS = np.array([3, 1, 4, 1, 5, 9], dtype=np.uint8)


def idx(array):
    """Return an array of bytes as an IDX file, by the format's definition."""
    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def packed(content):
    return gzip.compress(content, mtime=0)


def npz(**arrays):
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def folder(tmp_path, files):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


RIGHT = {IMAGES: idx(PIXELS), LABELS: idx(DIGITS)}


@pytest.mark.parametrize(
    "files",
    [
        RIGHT,
        {IMAGES + ".gz": packed(RIGHT[IMAGES]), LABELS + ".gz": packed(RIGHT[LABELS])},
        {IMAGES: packed(RIGHT[IMAGES]), "train-labels.idx1-ubyte": RIGHT[LABELS]},
        {"mnist.npz": npz(x_train=PIXELS, y_train=DIGITS, x_test=PIXELS)},
        {"flat.npz": npz(x_train=PIXELS.reshape(COUNT, -1) / 255, y_train=DIGITS.astype(np.int64))},
    ],
    ids=["plain", "gzip", "gzip by its content", "npz", "npz of numbers"],
)
def test_what_is_read(tmp_path, files):
    data = read_data(folder(tmp_path, files))
    assert data.images.shape == (COUNT, ROWS * COLUMNS)
    assert np.array_equal(data.images, PIXELS.reshape(COUNT, -1) / 255)
    assert data.labels.tolist() == DIGITS.tolist()
    assert data.targets.argmax(axis=1).tolist() == DIGITS.tolist()
    assert np.array_equal(data.targets.sum(axis=1), np.ones(COUNT))


SHORT, LONG = RIGHT[IMAGES][:-1], RIGHT[IMAGES] + b"\0"
HUGE = bytes([0, 0, 8, 3]) + b"\xff" * 12 + b"\0" * 9
BOMB = packed(idx(np.zeros((1000, 28, 28), dtype=np.uint8)))
EMPTY = bytes([0, 0, 8, 3]) + bytes(12)
OTHER = RIGHT[LABELS][:7] + bytes([7]) + RIGHT[LABELS][8:] + b"\0"
TEN = idx(np.array([3, 1, 4, 1, 5, 10], dtype=np.uint8))

WRONG = {
    "truncated": ({**RIGHT, IMAGES: SHORT}, "is truncated: 35 bytes where 36 belong"),
    "truncated in the header": ({**RIGHT, IMAGES: RIGHT[IMAGES][:9]}, "is truncated: 1 bytes where 4 belong"),
    "empty": ({**RIGHT, LABELS: b""}, "is truncated: 0 bytes where 4 belong"),
    "truncated gzip": ({**RIGHT, IMAGES: packed(RIGHT[IMAGES])[:-12]}, "its gzip stream has no end"),
    "damaged gzip": ({**RIGHT, IMAGES: packed(RIGHT[IMAGES])[:-8] + bytes(8)}, "is damaged"),
    "too long": ({**RIGHT, IMAGES: LONG}, "has more than the 36 bytes that its header tells of"),
    "swapped": ({IMAGES: RIGHT[LABELS], LABELS: RIGHT[IMAGES]}, "the files of images and of labels are swapped"),
    "labels for images": ({**RIGHT, IMAGES: RIGHT[LABELS]}, "holds labels, and images belong there"),
    "another format": ({**RIGHT, IMAGES: b"\x89PNG\r\n\x1a\n" + bytes(40)}, "begins with 89504e47, not 00000803"),
    "floats": ({**RIGHT, IMAGES: bytes([0, 0, 13, 3]) + RIGHT[IMAGES][4:]}, "begins with 00000d03"),
    "sizes of another world": ({**RIGHT, IMAGES: HUGE}, "tells of 4294967295 x 4294967295 x 4294967295 bytes"),
    "a bomb": ({**RIGHT, IMAGES: BOMB}, "bytes and tells of 784,000"),
    "no images": ({**RIGHT, IMAGES: EMPTY}, "tells of 0 x 0 x 0 bytes"),
    "one label more": ({**RIGHT, LABELS: OTHER}, "6 images and 7 labels"),
    "a label of 10": ({**RIGHT, LABELS: TEN}, "a label is 10, and labels are 0 to 9"),
    "no labels": ({IMAGES: RIGHT[IMAGES]}, "has the images and not train-labels-idx1-ubyte"),
    "labels alone": ({LABELS: RIGHT[LABELS]}, "has the labels and not train-images-idx3-ubyte"),
    "an empty folder": ({}, "holds no MNIST"),
    "two files": ({"a.npz": npz(x_train=PIXELS), "b.npz": b""}, "holds 2 files of data"),
    "no zip": ({"mnist.npz": b"this is no zip"}, "is no .npz file, or a truncated one"),
    "truncated npz": ({"mnist.npz": npz(x_train=PIXELS, y_train=DIGITS)[:-30]}, "is no .npz file"),
    "other names": ({"mnist.npz": npz(x=PIXELS, y=DIGITS)}, "has no x_train and no y_train: it has x, y"),
    "images of text": ({"mnist.npz": npz(x_train=PIXELS.astype(str), y_train=DIGITS)}, "neither bytes nor numbers"),
    "images of 255 as numbers": ({"mnist.npz": npz(x_train=PIXELS * 1.0, y_train=DIGITS)}, "neither bytes nor numbers"),
    "images with nan": ({"mnist.npz": npz(x_train=PIXELS * np.nan, y_train=DIGITS)}, "neither bytes nor numbers"),
    "labels of text": ({"mnist.npz": npz(x_train=PIXELS, y_train=DIGITS.astype(str))}, "a label is '3'"),
    "labels of two axes": ({"mnist.npz": npz(x_train=PIXELS, y_train=np.eye(6))}, "labels of shape (6, 6)"),
    "a negative label": ({"mnist.npz": npz(x_train=PIXELS, y_train=DIGITS.astype(int) - 2)}, "a label is -1"),
}


@pytest.mark.parametrize(("files", "said"), WRONG.values(), ids=WRONG)
def test_what_a_wrong_file_is_told(tmp_path, files, said):
    with pytest.raises(DataError) as told:
        read_data(folder(tmp_path, files))
    assert said in str(told.value)
    assert told.value.todo


class Trap:
    """What runs code when it is unpickled."""

    sprung = False

    def __reduce__(self):
        return setattr, (Trap, "sprung", True)


@pytest.mark.parametrize("name", ["mnist.pkl.gz", "mnist.pkl", "mnist.npz", "objects.npz"])
def test_no_pickle_is_loaded_whatever_its_name(tmp_path, name):
    content = pickle.dumps([Trap()])
    if name == "objects.npz":
        content = npz(x_train=np.array([Trap()], dtype=object), y_train=DIGITS)
    folder(tmp_path, {name: packed(content) if name.endswith("gz") else content})
    with pytest.raises(DataError) as told:
        read_data(tmp_path)
    assert not Trap.sprung
    assert ("np.savez_compressed" in told.value.todo) == (name != "mnist.npz")
    pickle.loads(content) if name == "mnist.pkl" else None
    assert Trap.sprung == (name == "mnist.pkl"), "the trap works"
    Trap.sprung = False


def test_how_to_convert_a_pickle_works(tmp_path, monkeypatch):
    half = (PIXELS[:3].reshape(3, -1) / 255, DIGITS[:3].astype(int)), (PIXELS[3:].reshape(3, -1) / 255, DIGITS[3:])
    folder(tmp_path, {"mnist.pkl.gz": packed(pickle.dumps((*half, half[0])))})
    with pytest.raises(DataError) as told:
        read_data(tmp_path)
    lines = [line for line in told.value.todo.splitlines() if line.startswith("  ")]
    monkeypatch.chdir(tmp_path)
    exec("\n".join(line.strip() for line in lines), {})
    data = read_data(tmp_path / "mnist.npz")
    assert np.array_equal(data.images, PIXELS.reshape(COUNT, -1) / 255)
    assert data.labels.tolist() == DIGITS.tolist()


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("symgrad.experiments.data.LARGEST", 100)
    with zipfile.ZipFile(tmp_path / "mnist.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x_train.npy", bytes(10_000))
    with pytest.raises(DataError, match="is too large"):
        read_data(tmp_path)


def test_no_such_folder(tmp_path):
    with pytest.raises(DataError, match="there is no folder"):
        read_data(tmp_path / "nowhere")


def test_a_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "mnist.npz").mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        read_data(tmp_path)


# --- scikit-learn's digits --------------------------------------------------------------------------------


def test_the_digits():
    data = read_data()
    assert data.images.shape == (1797, 64)
    assert data.images.min() == 0
    assert data.images.max() == 1
    assert data.digest == "e8115d2c6dd49e860d6efab92daa3ae429d660a2a3f7fa3712955b56d32dc5a6"


def test_the_digits_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(SymgradError) as told:
        read_data()
    assert "pip install 'symgrad[experiments]'" in told.value.todo


def test_the_split_and_the_first():
    data = Data("six", PIXELS.reshape(COUNT, -1) / 255, DIGITS.astype(np.int64))
    training, validation = data.split()
    assert training.labels.tolist() == [3, 1, 4, 1, 5]
    assert validation.labels.tolist() == [9]
    assert data.first(2).labels.tolist() == [3, 1]
    assert data.first(2).digest != data.digest
    for count in (0, 7):
        with pytest.raises(ValuesError, match="give 1 to 6"):
            data.first(count)
