"""Files are written whole or not at all, whatever happens in the middle."""

import errno
import os
import stat
import threading

import pytest

from symgrad.errors import SymgradError
from symgrad.files import write_whole


def no_space(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def stopped(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize(("fault", "error"), [(no_space, SymgradError), (stopped, KeyboardInterrupt)])
def test_a_fault_in_the_middle_leaves_the_file_as_it_was(fault, error, tmp_path, monkeypatch):
    path = tmp_path / "gradient.md"
    path.write_text("as it was")
    monkeypatch.setattr(os, "fsync", fault)
    with pytest.raises(error):
        write_whole(path, "new")
    assert path.read_text() == "as it was"
    assert os.listdir(tmp_path) == ["gradient.md"]


@pytest.mark.parametrize("content", ["∂C/∂b\n", b"\x00\xff"])
def test_what_is_written_is_there(content, tmp_path):
    write_whole(tmp_path / "new", content)
    assert (tmp_path / "new").read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert os.listdir(tmp_path) == ["new"]


def test_what_a_file_allows_stays_and_a_new_one_allows_what_others_do(tmp_path):
    old, new, plain = (tmp_path / name for name in ("old", "new", "plain"))
    old.write_text("")
    old.chmod(0o640)
    plain.write_text("")
    for path in (old, new):
        write_whole(path, "x")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


def test_a_link_is_followed(tmp_path):
    (tmp_path / "target").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_whole(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "x"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes there")
def test_a_pipe_is_written_to(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()))
    reader.start()
    write_whole(tmp_path / "pipe", "x")
    reader.join(10)
    assert read == ["x"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none/x", "No such file"),
        (".", "Is a directory"),
        ("", "Is a directory"),
        ("a\0b", "null"),
        ("x" * 300, "long"),
    ],
)
def test_a_path_that_takes_no_file_is_an_error(path, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SymgradError, match=f"cannot write .*{reason}"):
        write_whole(path, "x")
