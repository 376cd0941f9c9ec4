"""What SECURITY.md promises, for every command: hostile text and names are shown, not obeyed; nothing is half written.

The faults that were found by attacking version 0.1.0, each a kind, and the tests that hold it:

| fault | tests |
|---|---|
| escape sequences of an .eq file, a file name, a TOML key, a JSON title reach the terminal | here, test_stored |
| newlines in titles and file names forge lines | here, test_cli, test_files, test_stored, test_audit_files |
| a small archive becomes gigabytes | test_experiments_data, here (every reader is bounded: test_files) |
| writes are not atomic: a full disk truncates a good file | here, test_files, test_kills |
| workers survive SIGTERM | test_workers |
| ``models chain >&-`` loses output with exit code 0; a full disk is reported as standard output | here, test_cli |
| SECURITY.md | here |
| floors of dependencies, a lock | test_dependencies |
"""

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from symgrad.cli.commands import COMMANDS
from symgrad.cli.main import main

FORGED = "PROVED: everything"
HOSTILE = f"x\x1b[2J\u202e\n{FORGED}"
"""Clears the screen, turns what follows around, and begins a line of its own."""
EQUATIONS = "z[j] = w[j]*a[j-1] + b[j]\na[j] = sigma(z[j])\nC = cost(a[L])"
DERIVE = ["derive", "FILE", "--of", "C", "--wrt", "b[1]", "--no-verify"]


def assert_shown(told: str) -> None:
    """Fail where a control character is there, or a line that only a hostile text begins."""
    assert not [c for c in told if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in "\n\t"]
    assert not [line for line in told.splitlines() if line.startswith(FORGED)]


READERS = {
    "derive": DERIVE,
    "verify": ["verify", "FILE"],
    "check": ["check", "--model", "chain", "--of", "C", "--wrt", "w", "--values", "FILE", "--gradient", "FILE"],
    "check the model": ["check", "--model", "FILE", "--of", "C", "--wrt", "w", "--values", "x", "--gradient", "x"],
    "read": ["read", "FILE"],
    "draw": ["draw", "FILE"],
    "models": ["models", "FILE"],
    "notation": ["notation", "FILE", "chain"],
    "derive in a notation": ["derive", "chain", "--of", "C", "--wrt", "b[1]", "--notation", "FILE"],
    "derive with labels": ["derive", "chain", "--of", "C", "--wrt", "b[1]", "--labels", "FILE"],
    "audit": ["audit", "FILE"],
    "audit for a model": ["audit", "README.md", "--model", "FILE"],
    "audit with macros": ["audit", "README.md", "--macros", "FILE"],
    "audit with a baseline": ["audit", "README.md", "--baseline", "FILE"],
    "audit that is put together": ["audit", "--merge", "FILE"],
    "audit in shards": ["audit", "README.md", "--out", "FILE/x"],
    "same": ["same", "FILE", "x"],
    "evaluate": ["evaluate", "FILE"],
    "power": ["power", "FILE", "3"],
    "horizon": ["horizon", "FILE"],
    "maximise": ["maximise", "FILE"],
    "minimise": ["minimise", "FILE"],
    "plot": ["plot", "FILE"],
    "gain": ["gain", "FILE"],
    "critical": ["critical", "FILE"],
    "experiment": ["experiment", "speed", "--data", "FILE", "-o", "out"],
    "experiment summary": ["experiment", "summary", "FILE"],
    "weave": ["weave", "FILE"],
    "latex": ["latex", "-o", "FILE/x"],
    "quarto": ["quarto", "FILE/x"],
    "mystmd": ["mystmd", "--transform", "FILE"],
    "catalogue": ["catalogue", "show", "FILE"],
    "book": ["book", "FILE"],
    "book in a file": ["book", "chain", "-o", "FILE/x"],
    "site": ["site", "-o", "FILE/x"],
    "serve": ["serve", "--host", "FILE"],
}
"""Every command that is given a name or a file of the user's."""


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """A folder with files whose names are hostile, as is what they hold."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("$1 + 1 = 2$\n")
    for suffix in ("", ".eq", ".toml", ".json", ".md", ".tex"):
        (tmp_path / f"{HOSTILE}{suffix}").write_text(f"{HOSTILE} = '{HOSTILE}'\n<!-- symgrad: {HOSTILE} -->")
    return tmp_path


def test_every_command_stands_in_the_table():
    assert {arguments[0] for arguments in READERS.values()} == set(COMMANDS) - {"respond"}  # its input is below


SUFFIXES = {
    "derive": ".eq",
    "derive in a notation": ".toml",
    "notation": ".toml",
    "verify": ".json",
    "check": ".json",
    "audit with a baseline": ".json",
    "audit": ".md",
    "weave": ".md",
    "audit with macros": ".tex",
}
WRITTEN_BELOW = {"latex", "quarto", "book in a file", "site", "audit in shards"}
"""What they are given is a file where there should be a folder; a name that is free would be written to."""
HOSTILE_NAMES = [
    (name, suffix)
    for name in READERS
    for suffix in ("", SUFFIXES.get(name), None if name in WRITTEN_BELOW else ".none")
    if suffix is not None
]


@pytest.mark.parametrize(("name", "suffix"), HOSTILE_NAMES)
def test_a_hostile_name_and_what_its_file_holds_are_shown(name, suffix, hostile, capsys):
    code = main([part.replace("FILE", f"./{HOSTILE}{suffix}") for part in READERS[name]])
    out, err = capsys.readouterr()
    assert code in (0, 1, 2)
    assert_shown(out)
    assert_shown(err)
    if err:
        assert all(line.startswith(("symgrad: ", "  ")) for line in err.splitlines()), err


INSIDE = {
    "a comment": ("net.eq", f"# {HOSTILE}\n{EQUATIONS}", DERIVE),
    "a name": ("net.eq", EQUATIONS.replace("b[", "b\x1b[31m["), DERIVE),
    "a character that begins a line": ("net.eq", EQUATIONS + f"\u2028{FORGED}", DERIVE),
    "a key": ("n.toml", f'"{json.dumps(HOSTILE)[1:-1]}" = "x"', READERS["derive in a notation"]),
    "a value": ("n.toml", f'name = "{json.dumps(HOSTILE)[1:-1]}"', READERS["derive in a notation"]),
    "a key of names": ("n.toml", f'[names]\n"{json.dumps(HOSTILE)[1:-1]}" = "x"', READERS["derive in a notation"]),
    "a title": ("d.json", json.dumps({"title": HOSTILE, "format": 1, "steps": []}), READERS["verify"]),
    "a key of JSON": ("d.json", json.dumps({HOSTILE: HOSTILE}), READERS["verify"]),
    "a kind of claim": (
        "d.json",
        json.dumps({"title": "x", "steps": [{"claim": {"kind": HOSTILE}}]}),
        READERS["verify"],
    ),
    "a document": ("a.md", f"So $1 + 1 = 3$ {HOSTILE} and $\\frac{{1}}{{\x1b[2J}}$\n", READERS["audit"]),
    "a mark": ("a.md", f"<!-- symgrad: {HOSTILE} of=C wrt=w -->\n<!-- symgrad: end -->", READERS["weave"]),
    "a name of an array": ("v.json", json.dumps({HOSTILE: [1, 2]}), READERS["check"]),
}


@pytest.mark.parametrize("name", INSIDE)
def test_hostile_contents_are_shown(name, hostile, capsys):
    file, content, arguments = INSIDE[name]
    Path(file).write_text(content, encoding="utf-8")
    code = main([part.replace("FILE", f"./{file}") for part in arguments])
    out, err = capsys.readouterr()
    assert code in (0, 1, 2)
    assert_shown(out)
    assert_shown(err)


@pytest.mark.parametrize("request_", [HOSTILE, json.dumps(HOSTILE), json.dumps({"requests": [HOSTILE]}), "[[[["])
def test_requests_of_other_programs_are_shown(request_, hostile):
    run = [sys.executable, "-m", "symgrad", "respond"]
    done = subprocess.run(run, input=request_.encode(), capture_output=True, timeout=100, check=False)
    assert done.returncode in (0, 1, 2)
    assert_shown(done.stdout.decode())
    assert_shown(done.stderr.decode())


# --- a disk that is full ------------------------------------------------------------------------------------------

WRITERS = {
    "derive": ["derive", "chain", "--of", "C", "--wrt", "b[1]", "--no-verify", "-o", "out.md"],
    "draw": ["draw", "chain", "-o", "out.svg"],
    "audit": ["audit", "README.md", "--format", "html", "-o", "out.html"],
    "audit that keeps": ["audit", "README.md", "--out", "out"],
    "baseline": ["audit", "README.md", "--baseline", "out.json", "--update-baseline"],
    "weave": ["weave", "page.md"],
    "latex": ["latex", "-o", "out.sty"],
    "experiment": ["experiment", "accuracy", "--hidden", "4", "--epochs", "1", "--figures", "none", "-o", "out"],
}
"""Commands that write files; a limit of the size of any file is a disk on which there is no room."""
FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
from symgrad.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name != "posix", reason="no limit of the size of files there")
@pytest.mark.parametrize("name", WRITERS)
def test_on_a_full_disk_files_stay_as_they_were(name, tmp_path):
    (tmp_path / "README.md").write_text("$1 + 1 = 3$\n")
    (tmp_path / "page.md").write_text("It is <!-- symgrad: power 1.5 149 digits=3 -->0<!-- symgrad: end -->\n")
    for file in ("out.md", "out.svg", "out.html", "out.sty"):
        (tmp_path / file).write_text("as it was")
    before = {p.name: p.read_text() for p in tmp_path.iterdir()}
    done = subprocess.run(
        [sys.executable, "-c", FULL, *WRITERS[name]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "SYMGRAD_CACHE": "off"},
        capture_output=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 2, done.stderr.decode()
    told = done.stderr.decode()
    assert re.search(r"symgrad: cannot write \S+: File too large\n  what to do: ", told), told
    assert "standard output" not in told
    assert {p.name: p.read_text() for p in tmp_path.iterdir() if p.is_file()} == before


def test_the_threat_model_says_what_is_promised():
    told = Path(__file__).parents[1].joinpath("SECURITY.md").read_text(encoding="utf-8")
    for title in ("What is not trusted", "What is promised", "What is not promised", "How to report"):
        assert f"## {title}\n" in told
