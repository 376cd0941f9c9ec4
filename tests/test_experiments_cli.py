"""``symgrad experiment``: what is printed and written, exit codes, and what wrong input is told."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from symgrad.cli.main import main
from symgrad.experiments.chapter import BATCH_DECAY, DECAY
from symgrad.workers.kept import Kept

QUICK = ["--images", "30", "--epochs", "2", "--runs", "2", "--figures", "none"]


def run(capsys, *arguments):
    code = main(["experiment", *map(str, arguments)])
    return code, *capsys.readouterr()


def test_speed(capsys, tmp_path):
    arguments = ("speed", "--hidden", "30,30", "--hidden", "5", "--seeds", 3, *QUICK, "-o", tmp_path / "a" / "b")
    code, out, err = run(capsys, *arguments)
    assert (code, err) == (0, "")
    assert "30 images of scikit-learn's digits" in out
    assert "the median of the seeds 0 to 2" in out
    assert "  the chapter, MNIST    0.07" in out
    assert "nearest to the chapter: scaled, cross_entropy" in out
    assert "[30, 30]: ‖δ^l‖ from" in out
    assert "in 2 epochs; medians of the seeds 0 to 1" in out
    assert "in the end the first hidden layer learns slower than the last by" in out
    said = json.loads((tmp_path / "a" / "b" / "training-30-30.json").read_text(encoding="utf-8"))
    assert [run["seed"] for run in said["seeds"]] == [0, 1]
    assert said["options"]["decay"] == DECAY == 0.005
    names = sorted(p.name for p in (tmp_path / "a" / "b").iterdir())
    stems = ("start", "training-30-30", "training-5")
    assert names == [f"{stem}.{kind}" for stem in stems for kind in ("csv", "json")]
    again = run(capsys, *arguments[:-1], tmp_path / "c")
    assert again[1].replace("/c", "/a/b") == out
    for name in names:
        assert (tmp_path / "c" / name).read_bytes() == (tmp_path / "a" / "b" / name).read_bytes()


SMALL = ("--figures", "none")
EXPERIMENTS = {
    "speed": ("--hidden", "4", "--hidden", "5,4", "--seeds", 30, "--images", 20, "--epochs", 3, "--runs", 3, *SMALL),
    "accuracy": ("--hidden", "4", "--hidden", "5,4", "--epochs", 1, "--runs", 2, *SMALL),
    "propagation": ("relu", "--width", 20, "--depth", 5, "--seeds", 5, *SMALL),
}


def written(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_workers_do_not_change_what_is_written(name, capsys, tmp_path):
    one, two = (run(capsys, name, *EXPERIMENTS[name], "--workers", n, "-o", tmp_path / str(n)) for n in (1, 2))
    assert (one[0], one[1].replace("/1\n", "/2\n"), one[2]) == two == (0, two[1], "")
    assert written(tmp_path / "1") == written(tmp_path / "2") != {}
    assert not [file for file in written(tmp_path / "2") if file.startswith(".")]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_was_ended_goes_on_where_it_was(name, capsys, tmp_path, monkeypatch):
    """Ended when a few pieces were done, as by a kill; what is done is kept, and the files are those of one run."""
    whole, ended = tmp_path / "whole", tmp_path / "ended"
    assert run(capsys, name, *EXPERIMENTS[name], "-o", whole)[0] == 0
    add, done = Kept.add, []

    def until(kept, record):
        if len(done) == 3:
            raise MemoryError("killed")
        add(kept, record)
        done.append(record)

    with monkeypatch.context() as patched:
        patched.setattr(Kept, "add", until)
        assert run(capsys, name, *EXPERIMENTS[name], "-o", ended)[0] == 3
    assert [p.name for p in ended.iterdir() if p.name.startswith(".")] == [f".{name}.jsonl"]
    code, _, told = run(capsys, name, *EXPERIMENTS[name], "-o", ended)
    assert (code, told) == (0, "symgrad: note: 3 pieces of the work are done, and are not done again\n")
    assert written(ended) == written(whole)


def test_figures(capsys, tmp_path):
    code, _, _ = run(capsys, "speed", "--hidden", "5,4", "--seeds", 2, *QUICK, "--figures", "png,svg", "-o", tmp_path)
    assert code == 0
    drawn = {p.name for p in tmp_path.iterdir() if p.suffix in (".png", ".svg")}
    assert drawn == {f"{stem}-5-4.{kind}" for stem in ("start", "neurons", "speed") for kind in ("png", "svg")}


def test_accuracy(capsys, tmp_path):
    code, out, _ = run(capsys, "accuracy", "--hidden", "30", "--epochs", 2, "--figures", "svg", "-o", tmp_path)
    assert code == 0
    assert "1,497 images of scikit-learn's digits (8x8) to train with, 300 to validate, seed 0" in out
    assert "after 2 epochs; the chapter, on MNIST: 96.48%" in out
    said = json.loads((tmp_path / "accuracy-30.json").read_text(encoding="utf-8"))
    assert said["columns"] == ["seed", "epoch", "accuracy"]
    assert f"[30]: {said['rows'][-1][2]:.2%} after" in out
    assert said["options"]["decay"] == BATCH_DECAY == 0.0001
    assert (tmp_path / "accuracy.svg").exists()


def test_propagation(capsys, tmp_path):
    size = ("--width", 20, "--depth", 4, "--seeds", 2, "--figures", "svg", "-o", tmp_path)
    code, out, _ = run(capsys, "propagation", "relu", "--weight-variance", "0.5", *size)
    assert code == 0
    assert "relu, σ_w² = 0.5, σ_b² = 0" in out
    assert "predicted 0.250000" in out
    assert (tmp_path / "propagation.svg").exists()
    assert len((tmp_path / "propagation.csv").read_text().splitlines()) == 1 + 2 * 4


WRONG = [
    (["speed", "--hidden", "30,x"], "'30,x' are no sizes of hidden layers: write them as 30,30."),
    (["speed", "--hidden", "30,0"], "'30,0' are no sizes of hidden layers"),
    (["speed", "--hidden", ""], "'' are no sizes of hidden layers"),
    (["speed", "--data", "nowhere"], "there is no folder nowhere"),
    (["speed", "--images", "1798"], "1,798 images of scikit-learn's digits (8x8)\n  what to do: give 1 to 1,797"),
    (["speed", "--figures", "gif"], "unknown format of a figure 'gif'"),
    (["speed", "--cost", "cubic"], "unknown value of --cost 'cubic'"),
    (["speed", "--rate", "-1", "--seeds", "1"], "a learning rate of -1.0"),
    (["speed", "--seeds", "0"], "Invalid value for '--seeds'"),
    (["speed", "--runs", "0"], "Invalid value for '--runs'"),
    (["fetch", "cifar"], "'cifar' is not 'mnist'"),
    (["accuracy", "--decay", "11"], "a decay of 11.0 at the rate 0.1"),
    (["propagation", "tnh"], "did you mean 'tanh'"),
    (["propagation", "tanh", "--weight-variance", "x"], "'x'"),
    (["propagation", "tanh", "--weight-variance", "0"], "variances 0.0 of weights"),
    (["propagation", "relu", "--bias-variance", "-1"], "give σ_w² above 0 and σ_b² of 0 or more"),
    (["spead"], "No such command 'spead'"),
    ([], "Missing command."),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(a) for a, _ in WRONG])
def test_wrong_input(capsys, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *arguments)
    assert code == 2, err
    assert said in err
    assert "Traceback" not in err


def test_a_file_in_the_place_of_the_directory(capsys, tmp_path):
    (tmp_path / "out").write_text("")
    code, _, err = run(capsys, "speed", "-o", tmp_path / "out")
    assert code == 2
    assert "cannot make the directory" in err


@pytest.mark.skipif(sys.platform == "win32", reason="there a process is interrupted otherwise")
def test_ctrl_c_keeps_what_is_done(tmp_path):
    """Interrupted in the middle of its training, it writes the epochs that are done."""
    heard = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a job may ignore it
    program = f"{heard}; from symgrad.cli.main import main; sys.exit(main())"
    options = [
        "--hidden",
        "30",
        "--seeds",
        "1",
        "--runs",
        "1",
        "--images",
        "1000",
        "--epochs",
        "1000000",
        "--figures",
        "none",
    ]
    command = [sys.executable, "-c", program, "experiment", "speed", *options, "-o", str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUTF8": "1"}
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while not (tmp_path / "start.json").exists():
                assert time.monotonic() < deadline
                time.sleep(0.05)
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, err.decode()
    assert "interrupted; wrote what is done to" in out.decode("utf-8")
    said = json.loads((tmp_path / "training-30.json").read_text(encoding="utf-8"))
    assert said["complete"] is False
    assert len(said["rows"]) > 1
