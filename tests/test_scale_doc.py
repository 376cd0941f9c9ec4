"""docs/scale.md: its commands are run, in the order in which they stand, and print what stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs/scale.md").read_text(encoding="utf-8")
PORT = "8786"


def steps(kind):
    """Return the commands of the blocks of a kind, each with what it prints."""
    blocks = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [part.partition("\n")[::2] for block in blocks for part in block.split("$ ")[1:]]


def shell(program, folder):
    """Run a program of the shell in a folder, in which ``symgrad`` and ``dask`` are those of this Python."""
    (folder / "bin").mkdir(exist_ok=True)
    for name in ("symgrad", "dask"):
        (folder / "bin" / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {name} "$@"\n')
        (folder / "bin" / name).chmod(0o755)
    ours = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    run = ["bash", "-c", f"set -e\n{program}"]
    return subprocess.run(
        run,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        env={**os.environ, **ours, "PYTHONUTF8": "1"},
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="no shell")
def test_its_commands_do_what_it_says(tmp_path):
    for command, printed in steps("console here"):
        done = shell(command, tmp_path)
        assert done.returncode == 0, (command, done.stderr)
        if "..." in printed:
            assert done.stdout.startswith(printed.partition("...")[0]), command
        else:
            assert done.stdout == printed, command


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="no shell")
def test_a_cluster_finds_the_same(tmp_path):
    pytest.importorskip("distributed")
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    commands = [command for command, _ in steps("console here")[:3]]
    cluster = [command.replace(PORT, port) for command, _ in steps("console dask")]
    cluster[1:1] = ["sleep 4"]
    cluster[-1] = "kill $(jobs -p)"
    done = shell("\n".join([*commands, *cluster]), tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
