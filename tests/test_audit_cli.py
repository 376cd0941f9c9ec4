"""The command symgrad audit: exit codes, formats, files that cannot be read, hostile ones, several processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from symgrad.audit.audit import LONGEST_LINE, audit_text
from symgrad.audit.files import Settings, audit_files, documents, worth
from symgrad.audit.finding import Word
from symgrad.cli.main import main
from symgrad.workers.processes import processes

WRONG = "So $1.5^3 \\approx 3.5$.\n"
RIGHT = "So $1.5^3 = 3.375$.\n"
UNCHECKED = "Let $x = 3$.\n"
MEMORY_LINE = 'print([l for l in open("/proc/self/status") if l.startswith("VmHWM")][0].split()[1])'


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"wrong.md": WRONG, "right.md": RIGHT, "sub/wrong.tex": WRONG, "sub/.hidden.md": WRONG}
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def run(capsys, *arguments):
    code = main(["audit", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


CODES = [
    (["right.md"], 0),
    (["wrong.md"], 1),
    (["right.md", "wrong.md"], 1),
    (["."], 1),
    (["missing.md"], 2),
    (["right.md", "missing.md"], 2),
    (["right.md", "--model", "rn"], 2),
    (["right.md", "--timeout", "0"], 2),
    ([], 2),
]


@pytest.mark.parametrize(("arguments", "code"), CODES, ids=[" ".join(a) for a, _ in CODES])
def test_exit_codes(arguments, code, here, capsys):
    found, _, err = run(capsys, *arguments)
    assert found == code
    assert bool(err) == (code == 2)


def test_one_finding_is_one_line(here, capsys):
    assert run(capsys, "wrong.md", "right.md", "sub")[1].splitlines() == [
        "wrong.md:1: refuted  1.5^3 ≈ 3.5  3.375",
        "sub/wrong.tex:1: refuted  1.5^3 ≈ 3.5  3.375",
        "3 files: 2 refuted, 1 confirmed",
    ]


def test_all_tells_what_is_right_and_what_is_not_checkable(here, capsys):
    (here / "right.md").write_text(RIGHT + UNCHECKED, encoding="utf-8")
    _, out, _ = run(capsys, "--all", "right.md")
    assert "right.md:1: confirmed  1.5^3 = 3.375" in out
    assert "right.md:2: definition  x = 3\n    " in out


def test_a_marked_claim_is_told_whatever_its_verdict(here, capsys):
    (here / "right.md").write_text("<!-- symgrad: check -->\n" + RIGHT, encoding="utf-8")
    assert "confirmed  1.5^3 = 3.375" in run(capsys, "right.md")[1]
    (here / "wrong.md").write_text("<!-- symgrad: skip -->\n" + WRONG, encoding="utf-8")
    assert run(capsys, "wrong.md")[0] == 0


@pytest.mark.parametrize("format_", ["json", "sarif", "html", "text"])
def test_formats_are_written_to_files(format_, here, capsys):
    assert run(capsys, "--format", format_, "-o", "report", ".")[:2] == (1, "")
    written = (here / "report").read_text(encoding="utf-8")
    assert "3.375" in written
    assert "\x1b" not in written
    if format_ in ("json", "sarif"):
        assert json.loads(written)


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"\x00\x01", "not a text"), (b"\xff", "not in UTF-8"), (b"<!-- symgrad: skpi -->", "unknown mark 'skpi'")],
    ids=["binary", "encoding", "mark"],
)
def test_a_bad_file_does_not_hide_the_others(content, what, here, capsys):
    (here / "bad.md").write_bytes(content)
    code, out, err = run(capsys, "bad.md", "wrong.md")
    assert code == 2
    assert "wrong.md:1: refuted" in out
    assert what in err
    assert "what to do: " in err


def test_a_directory_is_read_in_the_order_of_its_names(here):
    assert [str(p) for p in documents(["."])] == ["right.md", "wrong.md", "sub/wrong.tex"]


def test_a_link_that_leads_nowhere_or_round_is_passed_over(here):
    (here / "round").symlink_to(here)
    (here / "nowhere.md").symlink_to(here / "missing.md")
    assert len(documents(["."])) == 3


def test_processes_find_the_same(here):
    paths = documents(["."])
    settings = Settings(everything=True)
    assert list(audit_files(paths, settings, processes(2))) == list(audit_files(paths, settings))


def test_little_work_has_no_pool_of_processes(here):
    assert worth(documents(["."]), 2) == 1


def test_a_claim_beyond_its_time_is_not_checkable(monkeypatch):
    def slow(_):
        while True:
            pass

    monkeypatch.setattr("symgrad.audit.audit.findings", slow)
    found = audit_text("a.md", RIGHT, timeout=0.05, everything=True)
    assert [(f.word, f.reason) for f in found.findings] == [(Word.UNCHECKED, "longer than 0.05 s")]


def test_a_file_beyond_its_time_is_not_checked_further(monkeypatch):
    monkeypatch.setattr("symgrad.audit.audit.SECONDS_A_MEGABYTE", 0)
    found = audit_text("a.md", RIGHT, everything=True)
    assert [(f.word, f.reason) for f in found.findings] == [(Word.UNCHECKED, "the time of the file is over")]


HOSTILE = {
    "parentheses": "$" + "(" * 4_000 + "$ ",
    "fractions": "$" + r"\frac{1}{" * 200 + "2" + "}" * 200 + " = 3$ ",
    "towers": "$9^{9^{9^9}} = 3$ and $10^{10^{10}} + 1 = 10^{10^{10}}$ ",
    "factorials": r"$100000!! = 3$ and $\binom{10^9}{5 \cdot 10^8} = 2$ ",
    "sums": r"$\sum_{k=1}^{10000000} \frac{1}{k} = 3$ ",
    "digits": "$" + "9" * 3_000 + "^{9999} = 1$ ",
    "a chain": "$" + "1=1=" * 2_000 + "1$ ",
    "letters": r"$\frac{d}{dx} x^{x^{x}} \sin(x^{x^x}) = \int x^x \, dx + C$ ",
    "code": "```python\nx = 1.5\n" + "x = x**x\n" * 100 + "print(x)  # 3\n```\n",
    "braces": "$a_{" * 1_000 + "\n\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_in_bounded_memory(name, here):
    size = 20_000
    (here / "hostile.md").write_text(HOSTILE[name] * (size // len(HOSTILE[name]) + 1), encoding="utf-8")
    program = f"from symgrad.cli.main import main\nmain(['audit', 'hostile.md'])\n{MEMORY_LINE}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    assert int(done.stdout.split()[-1]) < 1_000_000


def test_long_lines_are_cut_in_what_is_kept():
    found = audit_text("a.md", WRONG.strip() + " " + "word " * 10_000)
    assert max(len(line) for extract in found.extracts for line in extract.lines) <= LONGEST_LINE


def test_the_hook_runs_this_command():
    root = Path(__file__).parent.parent
    hook = (root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "entry: symgrad audit" in hook
    assert os.access(Path(sys.executable).parent / "symgrad", os.X_OK)
