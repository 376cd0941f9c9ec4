"""A real Dask scheduler and two workers on this machine, one of which is killed in the middle of the work."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from symgrad.audit.files import Settings, audit_files, documents
from symgrad.cli.main import main
from symgrad.errors import SymgradError

pytest.importorskip("distributed")
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("default")]
PATIENCE = 120.0
SECONDS = re.compile(r" +\d+\.\d\d\b")
"""How long a derivation of a book took."""


def wait_for(happened, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "nothing has happened"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster_at(tmp_path_factory):
    """The address of a scheduler, and its two workers, each a process."""
    folder = tmp_path_factory.mktemp("dask")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    dask = partial(subprocess.Popen, env=path, cwd=folder, **quiet)
    with ExitStack() as running:

        def started(*arguments: str) -> subprocess.Popen[bytes]:
            process = running.enter_context(dask([sys.executable, "-m", *arguments]))
            running.callback(process.kill)
            return process

        file = folder / "scheduler.json"
        here = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file))
        started("distributed.cli.dask_scheduler", *here, "--port", "0")
        wait_for(file.exists)
        worker = ("distributed.cli.dask_worker", *here, "--nthreads", "1", "--no-nanny")
        workers = [started(*worker) for _ in range(2)]
        import json

        from distributed import Client

        address = json.loads(file.read_text())["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        yield address, workers


def noted(folder: Path, n: int) -> int:
    """Return n², and note that it was asked for; 13 ends its process."""
    (folder / f"{n}-{os.getpid()}-{time.monotonic_ns()}").touch()
    if n == 13:
        os._exit(1)
    time.sleep(0.01)
    return n * n


WRITING = {
    "speed": ("experiment", "speed", "--hidden", "4", "--epochs", "2", "--runs", "3"),
    "accuracy": ("experiment", "accuracy", "--hidden", "4", "--hidden", "5,4", "--epochs", "1", "--runs", "2"),
    "propagation": ("experiment", "propagation", "relu", "--width", "20", "--depth", "5", "--seeds", "4"),
    "book": ("book", "exploding", "--pdf", "none"),
}


@pytest.mark.parametrize("name", WRITING)
def test_a_cluster_writes_the_same_files(name, cluster_at, tmp_path, capsys):
    told = []
    for way in (("--workers", "1"), ("--scheduler", cluster_at[0])):
        folder = tmp_path / way[0]
        assert main([*WRITING[name], *way, "-o", str(folder)]) == 0
        told.append(SECONDS.sub("", capsys.readouterr().out.replace(str(folder), "OUT")))
    one, cluster = ({str(p.relative_to(f)): p.read_bytes() for p in sorted(f.rglob("*")) if p.is_file()}
                    for f in (tmp_path / "--workers", tmp_path / "--scheduler"))  # fmt: skip
    assert one == cluster != {}
    assert told[0] == told[1]


def test_an_audit_finds_the_same_and_a_lost_worker_loses_nothing(cluster_at, tmp_path, monkeypatch):
    from symgrad.workers.cluster import cluster
    from symgrad.workers.stream import stream

    monkeypatch.chdir(tmp_path)
    Path("lib").mkdir()
    for n in range(60):
        Path(f"lib/{n:02}.md").write_text(f"So ${n} \\cdot 11 = {11 * n + (n % 7 == 4)}$.\n")
    address, workers = cluster_at
    settings, paths = Settings(everything=True), documents(["lib"])
    assert list(audit_files(paths, settings, cluster(address))) == list(audit_files(paths, settings))

    notes = tmp_path / "notes"
    notes.mkdir()
    results = stream(partial(noted, notes), range(400), cluster(address), lost=lambda n: -n, batch=5)
    found = [next(results) for _ in range(60)]
    workers[0].send_signal(signal.SIGKILL)
    found += results
    assert found == [-13 if n == 13 else n * n for n in range(400)]
    times = Counter(int(name.name.partition("-")[0]) for name in notes.iterdir())
    assert set(times) == set(range(400))
    assert sum(count > 1 for count in times.values()) < 30  # what the lost one had, and no more, is done again


def test_where_no_scheduler_answers(monkeypatch):
    from symgrad.workers import cluster

    monkeypatch.setattr(cluster, "PATIENCE", "1s")
    with pytest.raises(SymgradError, match="no scheduler answers"):
        cluster.cluster("tcp://127.0.0.1:9")
