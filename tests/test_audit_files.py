"""Files that are none of text: a pipe, a pointer of Git LFS; and notebooks of an old format."""

import json
import os
from pathlib import Path

import pytest

from symgrad.audit.audit import Audited, audit_file
from symgrad.audit.files import Settings, audit_files
from symgrad.audit.source.format import read_text
from symgrad.audit.source.passages import passages
from symgrad.cli.main import main
from symgrad.errors import ReadError
from symgrad.workers.processes import processes


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "a.md"
    os.mkfifo(pipe)
    with pytest.raises(ReadError, match="pipe"):
        read_text(pipe)


def test_a_pointer_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n")
    assert "Git LFS" in audit_file(file).error


def test_a_notebook_of_format_3_is_read(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["$1 + 1 = 3$"]},
        {"cell_type": "code", "input": ["print(2 + 2)"], "outputs": [{"output_type": "stream", "text": ["5\n"]}]},
    ]
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert [str(f.word) for f in audit_file(file).findings] == ["refuted", "refuted"]


def test_a_lone_surrogate_costs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    cells = r'[{"cell_type": "markdown", "source": ["$11 \\cdot 11 = 122$ \ud800 $12 \\cdot 12 = 145$"]}]'
    file.write_text(f'{{"cells": {cells}}}')
    assert [str(f.word) for f in audit_file(file).findings] == ["refuted", "refuted"]


# --- a whole run on a directory -----------------------------------------------------------------------------

WRONG = "So $11 \\cdot 11 = 122$.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with everything in it that has ended a run, or might."""
    monkeypatch.chdir(tmp_path)
    for name, content in {
        "good.md": "So $11 \\cdot 11 = 121$.\n",
        "wrong.md": WRONG,
        ".git/x.md": WRONG,
        "node_modules/x.md": WRONG,
        "a\n\x1b[31mb.md": WRONG,
        "escapes.md": "So $11 \\cdot 11 = 122$ \x1b[31m \u202e\n",
        "lfs.md": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
        "book.ipynb": '{"cells": [{"cell_type": "markdown", "source": ["$11 \\\\cdot 11 = 122$ \\ud800"]}]}',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    Path(os.fsdecode(b"caf\xe9.md")).write_text(WRONG)
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\x00\x01")
    (tmp_path / "latin.md").write_bytes(b"caf\xe9 $1 + 1 = 3$")
    os.mkfifo(tmp_path / "pipe.md")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["audit", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_directory_is_audited_whatever_is_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, ".")
    assert code == 1
    assert out.count(": refuted") == 5
    assert "10 files: 5 refuted, 1 confirmed" in out
    for told in ("picture.txt", "latin.md", "Git LFS", "pipe.md: a pipe", ".git, node_modules"):
        assert told.partition(": ")[0] in err
    assert all(line.startswith("symgrad: note: ") for line in err.splitlines())


def test_no_raw_escape_reaches_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys, "--all", ".")
    assert not {"\x1b", "\u202e"} & set(out + err)
    assert len([line for line in out.splitlines() if line.startswith("a\\n\\x1b[31mb.md:1: ")]) == 1


@pytest.mark.parametrize("format_", ["json", "sarif", "html", "text"])
def test_every_report_is_written_whole(format_: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--format", format_, "-o", "../report", ".")[0] == 1
    written = (folder / "../report").read_text(encoding="utf-8")
    assert written.count("122") >= 5
    if format_ in ("json", "sarif"):
        assert json.loads(written)


def test_what_is_named_must_be_a_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "picture.txt", ".")[0] == 2
    assert run(capsys, "pipe.md")[0] == 2
    assert run(capsys, ".git")[0] == 1  # a folder that is named is read, whatever its name


def test_more_files_than_one_run_takes(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("symgrad.audit.files.MOST_FILES", 2)
    code, _, err = run(capsys, ".")
    assert code == 2
    assert "files are not audited: 2 are the most of one run" in err


def test_a_fault_of_one_file_loses_no_other(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(name: str, text: str, *_: object) -> object:
        if name == "good.md":
            raise ZeroDivisionError
        return passages(name, text)

    monkeypatch.setattr("symgrad.audit.audit.passages", faulty)
    code, out, err = run(capsys, ".")
    assert code == 2
    assert out.count(": refuted") == 5
    assert "a fault of symgrad: ZeroDivisionError" in err


def end_of_a_process(path: Path, **_: object) -> Audited:
    if path.name == "wrong.md":
        os._exit(9)
    return Audited(str(path), counts={})


@pytest.mark.long
def test_a_process_that_is_ended_loses_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symgrad.audit.files.audit_file", end_of_a_process)
    paths = [Path("good.md"), Path("wrong.md")]
    found = {a.file: a.error for a in audit_files(paths, Settings(), processes(2))}
    assert found["good.md"] == ""
    assert "its process was ended" in found["wrong.md"]


# --- baselines ----------------------------------------------------------------------------------------------


def test_a_baseline_leaves_what_is_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("book").mkdir()
    Path("book/a.md").write_text(WRONG * 2)
    with_baseline = ("book", "--baseline", "known.json")
    assert run(capsys, *with_baseline)[0] == 2  # there is none yet: a slip of the pen does not pass
    assert run(capsys, *with_baseline, "--update-baseline")[:2] == (
        0,
        "1 file: nothing new, 2 known from the baseline\n",
    )
    Path("book/a.md").write_text("\nA new line above.\n\n" + WRONG * 2)
    assert run(capsys, *with_baseline)[0] == 0
    Path("book/a.md").write_text(WRONG * 3)
    code, out, _ = run(capsys, *with_baseline)
    assert code == 1
    assert out.splitlines() == [
        "book/a.md:3: refuted  11 · 11 = 122  121",
        "1 file: 1 refuted, 2 known from the baseline",
    ]
    Path("book/a.md").write_text(WRONG)
    code, _, err = run(capsys, *with_baseline)
    assert code == 0
    assert "1 findings of the baseline are there no more" in err
    monkeypatch.chdir(tmp_path / "book")  # its files are relative to it
    assert run(capsys, "a.md", "--baseline", "../known.json")[0] == 0


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{"file": 3}]}', "[" * 100_000],
)
def test_what_is_no_baseline_is_refused(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(WRONG)
    Path("known.json").write_text(content)
    code, _, err = run(capsys, "a.md", "--baseline", "known.json")
    assert code == 2
    assert "what to do" in err


# --- a network of one's own -----------------------------------------------------------------------------------


def test_a_model_from_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.eq").write_text("h[j] = tanh(w*h[j-1] + x[j])\nE = loss(h[t])\n")
    step = r"\frac{\partial E}{\partial h_{t-1}} = w (1-h_t%s) \frac{\partial E}{\partial h_t}"
    Path("a.md").write_text(f"$${step % '^2'}$$\n\n$${step % ''}$$\n")
    code, out, _ = run(capsys, "--all", "--model", "my.eq", "a.md")
    assert code == 1
    assert [line.split()[1] for line in out.splitlines() if line.startswith("a.md")] == ["confirmed", "refuted"]


def test_a_number_for_a_vector_is_no_crash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text("$\\frac{∂E}{∂o_t} = 2$\n\nSo $11 \\cdot 11 = 122$.\n")
    code, out, _ = run(capsys, "--all", "--model", "lstm", "a.md")
    assert code == 1
    assert "a.md:1: not checkable" in out
    assert "a.md:3: refuted" in out
