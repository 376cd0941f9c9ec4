"""Workers: results in order, processes that die, shards that go on, and nothing that survives its parent."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symgrad.cli.main import main
from symgrad.errors import SymgradError, ValuesError
from symgrad.workers.child import EndedError, each_in_child
from symgrad.workers.kept import Kept, is_done, results_of
from symgrad.workers.processes import processes
from symgrad.workers.shard import Shard, together
from symgrad.workers.stream import stream


def square(n: int) -> int:
    """Return n²; 13 ends its process, and 7 does so the first time."""
    if n == 13:
        os._exit(1)
    if n == 7 and not (once := Path("once")).exists():
        once.touch()
        os._exit(1)
    return n * n


def test_a_process_that_dies_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = list(stream(square, iter(range(40)), processes(2), lost=lambda n: -n, batch=3))
    assert found == [-13 if n == 13 else n * n for n in range(40)]


def test_a_result_that_is_lost_is_an_error_where_nothing_else_is_said():
    with pytest.raises(SymgradError, match="ended twice by 13"):
        list(stream(square, [13], processes(1)))


def test_only_so_many_items_are_taken_as_are_on_their_way():
    taken = []

    def items():
        for n in range(10_000):
            taken.append(n)
            yield n

    results = stream(abs, items(), processes(1), batch=2)
    assert next(results) == 0
    assert len(taken) < 200
    results.close()


def test_a_child_does_its_work_in_its_main_thread_and_may_die():
    assert each_in_child(".", square, [2, 3]) == [4, 9]
    with pytest.raises(EndedError):
        each_in_child(".", square, [13])
    with pytest.raises(ZeroDivisionError):
        each_in_child(".", divmod_by_zero, [1])
    assert each_in_child(".", square, [4]) == [16]


def divmod_by_zero(n: int) -> int:
    return n // 0


# --- shards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "a/b", "1/100001", "-1/3", "²/3", "1/2/3"])
def test_what_is_no_shard(text):
    with pytest.raises(ValuesError):
        Shard.read(text)


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("of", [1, 2, 5, 9])
def test_shards_are_put_together_in_order(number, of):
    shares = [Shard(k + 1, of).of_items(range(number)) for k in range(of)]
    assert list(together(shares)) == list(range(number))


def test_what_was_kept_goes_on_wherever_it_was_cut(tmp_path):
    path, head = tmp_path / "a.jsonl", {"work": 1}
    with Kept(path, head) as kept:
        for n in range(5):
            kept.add({"n": n, "text": "\ud800é"})
        kept.finish()
    whole = path.read_bytes()
    for cut in range(0, len(whole), 7):
        path.write_bytes(whole[:cut])
        with Kept(path, head) as kept:
            for n in range(kept.count, 5):
                kept.add({"n": n, "text": "\ud800é"})
            kept.finish()
        assert path.read_bytes() == whole
    assert is_done(path)
    assert [r["n"] for r in results_of(path)] == list(range(5))


def test_results_of_other_work_are_not_added_to(tmp_path):
    Kept(tmp_path / "a.jsonl", {"work": 1}).file.close()
    with pytest.raises(SymgradError, match="other work"):
        Kept(tmp_path / "a.jsonl", {"work": 2})


def test_two_processes_do_not_write_one_file(tmp_path):
    with Kept(tmp_path / "a", {}), pytest.raises(SymgradError, match="another process"):
        Kept(tmp_path / "a", {})


# --- one audit, in every way of running --------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("lib/b").mkdir(parents=True)
    for n in range(9):
        Path(f"lib/{'b/' * (n % 2)}{n}.md").write_text(f"So ${n} \\cdot 11 = {11 * n + (n == 4)}$ and $x_{n} = 2$.\n")
    Path("lib/none.txt").write_bytes(b"\0\1")
    Path(os.fsdecode(b"lib/caf\xe9.md")).write_text("So $3 \\cdot 4 = 13$.\n")
    return tmp_path


def reported(capsys, *arguments):
    code = main(["audit", *map(str, arguments)])
    return code, *capsys.readouterr()


FORMATS = ["text", "json", "sarif", "html"]


def test_every_way_of_running_finds_the_same(library, capsys):
    whole = {f: reported(capsys, "lib", "--all", "--format", f) for f in FORMATS}
    assert whole["text"][0] == 1
    assert reported(capsys, "lib", "--all", "--workers", 2) == whole["text"]
    for n in (3, 1, 2):
        assert reported(capsys, "lib", "--all", "--shard", f"{n}/3", "--out", "found")[:2] == (0, "")
    for f in FORMATS:
        assert reported(capsys, "--merge", "found", "--format", f) == whole[f]
    assert reported(capsys, "lib", "--all", "--out", "alone") == whole["text"]
    assert reported(capsys, "--merge", "alone") == whole["text"]


def test_a_shard_that_was_cut_off_goes_on(library, capsys):
    whole = reported(capsys, "lib")
    for n in (1, 2):
        reported(capsys, "lib", "--shard", f"{n}/2", "--out", "found")
    cut = Path("found/2-of-2.jsonl")
    lines = cut.read_bytes()
    cut.write_bytes(lines[: len(lines) * 2 // 3])
    code, _, told = reported(capsys, "--merge", "found")
    assert code == 2
    assert "1 of 2 shards are not finished: 2/2" in told
    code, _, told = reported(capsys, "lib", "--shard", "2/2", "--out", "found")
    assert code == 0
    assert "files are finished, and are not read again" in told
    assert cut.read_bytes() == lines
    assert reported(capsys, "--merge", "found") == whole


@pytest.mark.parametrize(
    "arguments",
    [
        ("--shard", "1/2", "lib"),
        ("--shard", "3/2", "--out", "found", "lib"),
        ("--merge", "nowhere"),
        ("--merge", "found", "lib"),
        ("--scheduler", "127.0.0.1", "lib"),
        ("--scheduler", "tcp://127.0.0.1:1", "--workers", "2", "lib"),
        ("--out", "lib/0.md", "lib"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments, library, capsys):
    code, out, told = reported(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "\n  what to do: " in told


def test_shards_of_different_audits_are_not_put_together(library, capsys):
    reported(capsys, "lib", "--shard", "1/2", "--out", "found")
    reported(capsys, "lib/b", "--shard", "2/2", "--out", "found")
    code, _, told = reported(capsys, "--merge", "found")
    assert code == 2
    assert "shards of different audits" in told


# --- none survives ----------------------------------------------------------------------------------------------------


def below(pid: int) -> set[int]:
    """Return the processes below one, as Linux lists them."""
    found, pending = set(), [pid]
    while pending:
        for task in Path(f"/proc/{pending.pop()}/task").glob("*/children"):
            pending += (more := [int(p) for p in task.read_text().split()])
            found |= set(more)
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_no_process_survives_the_one_that_started_it(sent, library):
    slow = "$\\frac{d}{dx} x^x \\sin(x^x) = x^x$ " * 20_000
    for n in range(4):
        Path(f"lib/slow{n}.md").write_text(slow)
    run = [sys.executable, "-m", "symgrad", "audit", "lib", "--workers", "2", "--out", "found"]
    with subprocess.Popen(run, stderr=subprocess.PIPE, text=True) as started:
        end = time.monotonic() + 60
        while time.monotonic() < end and not (kept := list(Path("found").glob("*.jsonl"))):
            time.sleep(0.05)
        while time.monotonic() < end and kept[0].read_bytes().count(b"\n") < 3:
            time.sleep(0.05)
        children = below(started.pid)
        started.send_signal(sent)
        _, told = started.communicate(timeout=60)
    assert len(children) >= 2
    end = time.monotonic() + 20
    while time.monotonic() < end and any(map(lives, children)):
        time.sleep(0.05)
    assert not any(map(lives, children))
    assert started.returncode == {signal.SIGTERM: 143, signal.SIGINT: 130}.get(sent, -sent)
    if sent != signal.SIGKILL:
        assert "files are finished, and kept in found" in told
        assert "Traceback" not in told


@pytest.mark.long
def test_an_audit_that_is_killed_at_random_moments_loses_nothing(library, capsys):
    """Forty moments: each run goes on where the last was, and in the end the result is that of one that ran through."""
    for n in range(60):
        Path(f"lib/more{n}.md").write_text("So $13 \\cdot 12 = 156$ and $1.5^3 = 3.5$.\n\n" * 20)
    whole = reported(capsys, "lib")
    run = [sys.executable, "-m", "symgrad", "audit", "lib", "--workers", "2", "--out", "found"]
    draw, before = random.Random(0), 0
    for _ in range(40):
        with subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as started:
            time.sleep(draw.uniform(0, 2))
            started.kill()
        kept = Path("found/1-of-1.jsonl")
        lines = kept.read_bytes().splitlines(keepends=True) if kept.exists() else []
        finished = [json.loads(line) for line in lines if line.endswith(b"\n")]
        assert len(finished) >= before
        before = len(finished)
        assert {p.name for p in Path("found").glob("*")} <= {"1-of-1.jsonl"}
    assert reported(capsys, "lib", "--out", "found")[:2] == whole[:2]
