"""Files are written whole or not at all, whatever happens in the middle."""

import errno
import os
import stat
import subprocess
import sys
import threading

import pytest

import symgrad.files
from symgrad.cli.main import main
from symgrad.errors import SymgradError
from symgrad.files import read_at_most, write_whole


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


KILLED = """
import os, sys
from symgrad.files import write_whole
os.fsync = lambda _: os.kill(os.getpid(), 9)
write_whole(sys.argv[1], "half")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no locks there")
def test_what_a_killed_process_left_is_taken_away_by_the_next_and_what_is_written_is_not(tmp_path):
    path = tmp_path / "gradient.md"
    path.write_text("as it was")
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False).returncode == -9
    assert path.read_text() == "as it was"
    assert len(os.listdir(tmp_path)) == 2  # the second has taken away what the first left
    with symgrad.files._part(path) as being_written:
        write_whole(path, "new")
        assert sorted(os.listdir(tmp_path)) == sorted([os.path.basename(being_written.name), "gradient.md"])
    assert path.read_text() == "new"


def test_a_file_is_read_up_to_its_bound(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"12345")
    assert read_at_most(path, 5) == b"12345"
    with pytest.raises(OSError, match="more than 4 bytes"):
        read_at_most(path, 4)


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


@pytest.mark.parametrize(
    "command",
    [
        ["read", "./FILE"],
        ["derive", "chain", "--of", "C", "--wrt", "w[1]", "--notation", "./FILE"],
        ["verify", "./FILE"],
        ["audit", "--baseline", "./FILE", "README.md"],
    ],
    ids=lambda command: command[0],
)
def test_a_file_that_has_no_end_is_refused_by_every_reader(command, tmp_path, monkeypatch, capsys):
    (tmp_path / "x.toml").symlink_to("/dev/zero")
    (tmp_path / "README.md").write_text("$1+1=2$")
    monkeypatch.chdir(tmp_path)
    assert main([part.replace("FILE", "x.toml") for part in command]) == 2
    assert "more than" in capsys.readouterr().err or command[0] == "audit"  # a baseline is a regular file


@pytest.mark.parametrize("name", [r"x\u001b[2J", r"x\nPROVED: everything", r"\u202e"])
def test_the_name_of_a_notation_forges_no_line(name, tmp_path, capsys):
    path = tmp_path / "n.toml"
    path.write_text(f'name = "{name}"\n[names]\nq = "r"\n')
    assert main(["derive", "chain", "--of", "C", "--wrt", "w[1]", "--notation", str(path)]) == 2
    told = capsys.readouterr().err
    assert "the name in" in told
    assert not {"\x1b", "\u202e"} & set(told)
    assert [line for line in told.splitlines() if not line.startswith(("symgrad: ", "  "))] == []
