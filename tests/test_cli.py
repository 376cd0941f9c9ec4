"""The command line: what commands print, what bad input is told, exit codes, and streams of every kind."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import click
import pytest

import symgrad.evidence.verify
from symgrad.cli.commands import COMMANDS
from symgrad.cli.main import main
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.verdict import Verdict

EQUATIONS = Path(__file__).parent / "equations"
SYMGRAD = [sys.executable, "-c", "import sys; from symgrad.cli.main import main; sys.exit(main())"]


def words(command: str) -> list[str]:
    return shlex.split(command)


def shell(command: str, **options) -> subprocess.CompletedProcess[str]:
    """Run a pipeline in which the word symgrad stands for this tree's command."""
    function = f'symgrad() {{ {shlex.join(SYMGRAD)} "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", function + command], capture_output=True, text=True, encoding="utf-8", timeout=100, **options
    )


# --- what is printed -----------------------------------------------------------------------------------

PRINTED = [
    ("derive chain --of C --wrt 'b[1]'", ["∂C/∂b_1 = σ'(z_1) (∏_{j=2}^{L} w_j σ'(z_j)) ∂C/∂a_L", "For L ≥ 1."]),
    (
        "derive chain --of C --wrt 'b[1]' --depth 4",
        ["∂C/∂b_1 = σ'(z_1) w_2 σ'(z_2) w_3 σ'(z_3) w_4 σ'(z_4) ∂C/∂a_4", "PROVED: ∂C/∂b[1] of chain"],
    ),
    (
        "derive rnn --of 's[t]' --wrt 's[k]'",
        ["∂s_t/∂s_k = ∏_{j=k+1}^{t} diag(σ'(a_j)) W", "Layout: numerator.", "highest index stands leftmost"],
    ),
    (
        "derive rnn --of E --wrt W",
        [
            "∂E/∂W = ∑_{k=1}^{t} ∂E/∂s_t (∏_{j=k+1}^{t} diag(σ'(a_j)) W) ∂⁺s_k/∂W",
            "∂⁺s_k/∂W dW = diag(σ'(a_k)) dW s_{k-1}",
        ],
    ),
    (
        "derive rnn --of 's[t]' --wrt 's[k]' --layout denominator",
        ["∏_{j=k+1}^{t} Wᵀ diag(σ'(a_j))", "Layout: denominator.", "lowest index stands leftmost"],
    ),
    (
        "derive rnn --of E --wrt W --format latex",
        [r"\sum_{k=1}^{t}", r"\frac{\partial^{+} s_{k}}{\partial W}", "% PROVED"],
    ),
    ("derive rnn --of E --wrt W --format latex --standalone", [r"\documentclass", r"\end{document}"]),
    ("derive rnn --of E --wrt W --format markdown", ["$$\n", "<!--\nPROVED: ∂E/∂W of rnn"]),
    ("derive rnn --of E --wrt W --format html", ["<math", "PROVED: ∂E/∂W of rnn"]),
    (
        "derive rnn --of E --wrt W --format html --standalone",
        ["<!DOCTYPE html>", "<title>∂E/∂W of rnn</title>", "</html>"],
    ),
    ("models rnn --format html", ["<math"]),
    ("derive rnn --of E --wrt W --no-verify", ["Not checked."]),
    ("derive chain --of C --wrt 'b[1]' --depth 5000000 --no-verify", ["(∏_{j=2}^{5000000} w_j σ'(z_j)) ∂C/∂a_5000000"]),
    ("derive chain --of C --wrt 'b[1]' --no-verify --format latex", ["% Not checked."]),
    (
        "derive deep_linear --of 'a[L]' --wrt 'a[0]' --let 'W[l] = 1.5*I' --depth 150",
        [f"(3/2)^150 = {3**150}/{2**150}", "(3/2)^150 ≈ 2.592321479·10²⁶", "∂a_150/∂a_0 = (3/2)^150 I"],
    ),
    ("derive deep_linear --of 'a[L]' --wrt 'a[0]' --let 'W[l] = 1.5*I'", ["∂a_L/∂a_0 = (3/2)^L I"]),
    ("derive deep_linear --of 'a[L]' --wrt 'a[0]' --let 'W[l] = lambda*I'", ["∂a_L/∂a_0 = λ^L I"]),
    (
        "derive deep_linear --of 'a[L]' --wrt 'a[0]' --let 'W[l] = 0.5*I' --depth 1000000 --no-verify",
        ["(1/2)^1000000 I", "(1/2)^1000000 ≈ 1.010034059·10⁻³⁰¹⁰³⁰"],
    ),
    (
        "derive chain --of C --wrt 'b[1]' --depth 1 --activation tanh --cost quadratic --detail unfolded",
        ["∂C/∂b_1 = (1 - a_1^2) (a_1 - y)"],
    ),
    (
        "derive chain --of C --wrt 'b[1]' --depth 1 --function sigma=logistic --cost quadratic --detail inputs",
        ["σ(w_1 a_0 + b_1) (1 - σ(w_1 a_0 + b_1)) (σ(w_1 a_0 + b_1) - y)"],
    ),
    (
        "derive mlp --of C --wrt 'b[1]' --depth 2 --notation ng",
        ["∂C/∂b^[1] = ∂C/∂A^[2] diag(g'(Z^[2])) W^[2] diag(g'(Z^[1]))"],
    ),
    (
        "derive residual --of C --wrt 'a[0]' --let 'w[j] = 1/2' --activation identity --detail unfolded --depth 30",
        ["∂C/∂a_0 = (3/2)^30 ∂C/∂a_30", f"(3/2)^30 = {3**30}/{2**30}"],
    ),
    (f"derive '{EQUATIONS}/autoencoder.eq' --of C --wrt x", ["∂C/∂x = ∂⁺C/∂x + ∂C/∂r Vᵀ", "held fixed"]),
    (f"derive '{EQUATIONS}/two_costs.eq' --of R --wrt 's[t-1]'", ["∂R/∂s_{t-1} = s_tᵀ diag(φ'("]),
    (
        f"derive '{EQUATIONS}/skip_two.eq' --of C --wrt 'w[1]'",
        ["[∂C/∂a_L, 0] (∏_{j=2}^{L} J_j) [", "J_j = [∂⁺a_j/∂a_{j-1}, ∂⁺a_j/∂a_{j-2}; 1, 0]"],
    ),
    ("derive chain --of C --wrt 'b[1]' --depth 3000", ["PROVED   induction over the depth", "then depth 3000"]),
    (
        "derive rnn --of 's[1500]' --wrt 's[7]' --depth 1501 --timeout 300",
        ["PROVED   induction over the depth", "then depth 1500"],
    ),
    ("derive chain --of 'z[1]' --wrt 'b[3]'", ["∂z_1/∂b_3 = 0", "b[3] comes after z[1]"]),
    ("models", ["chain\n-----", "    z[j] = w[j]*a[j-1] + b[j]\n", "lstm\n----"]),
    ("models rnn", ["s[j] = sigma(a[j])\nE = loss(s[t])\n"]),
    ("models rnn --format latex", [r"a_{j} &= U\, x_{j} + W\, s_{j-1} + b", "For $j$ from 1 to $t$."]),
    ("models mlp --format markdown --notation ng", ["## mlp", "A^{[l]} = g(Z^{[l]})"]),
    ("--version", ["symgrad 0."]),
    ("derive --help", ["Examples:", "--standalone"]),
]


@pytest.mark.parametrize(("command", "fragments"), PRINTED, ids=[c for c, _ in PRINTED])
def test_what_is_printed(command: str, fragments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(command)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for fragment in fragments:
        assert fragment in out


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_names_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    out = capsys.readouterr().out
    for name, line in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", out, re.MULTILINE)


def command_of(name: str) -> click.Command:
    found: click.Command = import_module(f"symgrad.cli.{name}").command
    return found


def examples(name: str) -> list[str]:
    lines = (line.strip() for line in (command_of(name).help or "").splitlines())
    return [line for line in lines if line.startswith("symgrad ")]


FORMULA = "$1.5^2 = 2.25$\n"
NOTEBOOK = '{"cells": [{"cell_type": "markdown", "source": "$1.5^2 = 2.25$"}]}'
AUDITED = dict.fromkeys(("notes.md", "notes/a.md", "chapter5.tex", "book/b.rst", "docs/c.txt"), FORMULA)
VALUES = '{"w": [0.5, 2], "b": [0, 0], "a[0]": 0, "y": 1}'
CHECKED = {"V.json": VALUES, "G.json": "[0.0, 0.0]", "values.json": '{"w": [0.5, 2], "a[0]": 1}'}
CHECKED |= {"my.eq": "a[j] = w[j]*a[j-1]\nE = a[L]**2/2\n", "gradient.json": "0.5", "J.json": "2"}
AUDITED |= {"lecture.ipynb": NOTEBOOK, "preamble.tex": r"\newcommand{\half}{0.5}", "chapters/a.tex": FORMULA}
WOVEN = "% symgrad: chain of=C wrt=b[1]\n% symgrad: end\n"
BOOK = 'shared = true\n[macros]\nvs = "\\\\mathbf{s}"\n[latex]\ns = "\\\\vs"\nq = "Q"\n'
READ = {
    "audit": AUDITED,
    "check": CHECKED,
    "weave": {"chapter.tex": WOVEN, "notes.md": "No mark.\n"},
    "derive": {"mybook.toml": BOOK},
    "notation": {"mybook.toml": BOOK, "my_network.eq": "s[t] = tanh(w*s[t-1])\nq = loss(s[T])\n"},
}
"""The files that the examples of a command read."""


WHOLE = {"book", "catalogue", "gain", "site"}
"""What goes through the whole catalogue, or all activations, once more for an example."""


@pytest.mark.parametrize(
    "name",  # serve has a test of its own
    [pytest.param(c, marks=pytest.mark.long) if c in WHOLE else c for c in sorted(set(COMMANDS) - {"serve"})],
)
def test_the_examples_of_the_help_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first of a command, and what needs a shell, in processes of their own."""
    for n, example in enumerate(e for e in examples(name) if "--watch" not in e):
        directory = tmp_path / str(n)
        directory.mkdir()
        for file, content in READ.get(name, {}).items():
            (directory / file).parent.mkdir(exist_ok=True)
            (directory / file).write_text(content, encoding="utf-8")
        if n == 0 or re.search(r"[|&*]", example):
            done = shell("set -o pipefail; " + example, cwd=directory)
            code, shown, complaint = done.returncode, done.stdout, done.stderr
        else:
            monkeypatch.chdir(directory)
            code = main(words(example)[1:])
            shown, complaint = capsys.readouterr()
        assert (code, complaint) == (0, ""), example
        assert shown or list(directory.iterdir()), example


@pytest.mark.parametrize("name", ["derive", "models"])
def test_every_option_has_an_example(name: str) -> None:
    shown = " ".join(examples(name))
    for parameter in command_of(name).params:
        if isinstance(parameter, click.Option):
            assert any(o in shown for o in [*parameter.opts, *parameter.secondary_opts]), parameter.opts


# --- a user's own files --------------------------------------------------------------------------------

OWN = [
    ("autoencoder", "C", "V"),
    ("autoencoder", "C", "W"),
    ("autoencoder", "C", "x"),
    ("mgu", "E", "U_f"),
    ("mgu", "y_hat", "h[k]"),
    ("light_gru", "E", "U_h"),
    ("two_costs", "J", "W"),
    ("two_costs", "R", "s[k]"),
    ("skip_two", "C", "w[1]"),
    ("skip_two", "a[L]", "a[0]"),
    ("layers", "C", "V[1]"),
    ("layers", "C", "x"),
]


@pytest.mark.parametrize(("name", "of", "wrt"), OWN)
def test_own_equations_are_derived_and_proved(name: str, of: str, wrt: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["derive", str(EQUATIONS / f"{name}.eq"), "--of", of, "--wrt", wrt]
    for more in ([], ["--depth", "2", "--layout", "denominator", "--seed", "3", "--digits", "30"]):
        assert main([*arguments, *more, "--format", "json"]) == 0
        record = json.loads(capsys.readouterr().out)
        assert record["verdict"] == "PROVED", record
        assert record["text"] not in ("", "0")


def test_json_has_what_scripts_need(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words("derive chain --of C --wrt 'b[1]' --depth 2 --format json --seed 5")) == 0
    record = json.loads(capsys.readouterr().out)
    wanted = {"model": "chain", "of": "C", "wrt": "b[1]", "depth": 2, "verdict": "PROVED", "layout": "numerator"}
    assert record | wanted == record
    assert record["factors"] == ["σ'(z_1)", "w_2", "σ'(z_2)", "∂C/∂a_2"]
    assert record["text"] == " ".join(record["factors"])
    assert record["latex"] == r"\sigma'(z_{1})\, w_{2}\, \sigma'(z_{2})\, \frac{\partial C}{\partial a_{2}}"
    methods = {check["method"]: check for check in record["evidence"]}
    assert methods["backpropagation"]["verdict"] == "SAMPLED"
    assert methods["backpropagation"]["seed"] == 5


def test_json_of_what_was_not_checked_has_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words("derive chain --of C --wrt 'b[1]' --format json --no-verify")) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["depth"], record["verdict"], record["evidence"]) == (None, None, [])


def test_a_notation_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mybook.toml"
    path.write_text('[style]\nindex = "superscript"\n[names]\nz = "u"\n[indices]\nL = "N"\n')
    assert main([*words("derive chain --of C --wrt 'b[1]' --notation"), str(path)]) == 0
    assert "∂C/∂b^1 = σ'(u^1) (∏_{j=2}^{N} w^j σ'(u^j)) ∂C/∂a^N" in capsys.readouterr().out


def test_a_file_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gradient.md"
    assert main([*words("derive rnn --of E --wrt W --format markdown -o"), str(path)]) == 0
    assert capsys.readouterr() == ("", "")
    assert path.read_text("utf-8").startswith("$$\n")


# --- what did not pass ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [Verdict.REFUTED, Verdict.UNKNOWN])
@pytest.mark.parametrize("format_", ["text", "latex", "markdown"])
def test_what_did_not_pass_is_not_printed(
    verdict: Verdict, format_: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = Evidence("∂C/∂b", (Check("tangents", verdict, counterexample="at depth 2, w = 1", required=True),))
    monkeypatch.setattr(symgrad.evidence.verify, "verify", lambda *_, **__: evidence)
    assert main([*words("derive chain --of C --wrt 'b[1]' --format"), format_]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{verdict}: ∂C/∂b" in err
    assert "at depth 2, w = 1" in err
    assert main(words("derive chain --of C --wrt 'b[1]' --format json")) == 1
    record = json.loads(capsys.readouterr().out)
    assert (record["verdict"], record["text"], record["latex"], record["factors"]) == (str(verdict), None, None, [])


# --- bad input -----------------------------------------------------------------------------------------

CHAIN = "derive chain --of C --wrt 'b[1]'"
DEEP = "derive deep_linear --of 'a[L]' --wrt 'a[0]'"
BAD = [
    ("foo", ["unknown command 'foo'", "did you mean 'book'"]),
    ("xyzzy", ["unknown command 'xyzzy'", "Known: audit", "derive"]),
    ("derve", ["did you mean 'derive'"]),
    ("--foo", ["--foo", "symgrad --help"]),
    ("derive", ["Missing argument 'MODEL'", "symgrad derive --help"]),
    ("derive chain --of C", ["Missing option '--wrt'"]),
    ("derive chain --wrt C --of", ["'--of' requires an argument"]),
    (f"{CHAIN} more", ["unexpected extra argument", "more"]),
    (f"{CHAIN} --bogus", ["--bogus"]),
    ("derive chian --of C --wrt w", ["unknown model 'chian'", "did you mean 'chain'", "my_network.eq"]),
    ("derive none.eq --of C --wrt w", ["cannot read none.eq: No such file"]),
    ("derive . --of C --wrt w", ["cannot read .: Is a directory"]),
    ("derive binary.eq --of C --wrt w", ["cannot read binary.eq: it is not UTF-8 text"]),
    ("derive /dev/zero --of C --wrt w", ["cannot read /dev/zero: more than 800,000 bytes"]),
    ("derive '' --of C --wrt w", ["cannot read"]),
    ("derive 'a\0b' --of C --wrt w", ["cannot read"]),
    ("derive secret.eq --of C --wrt w", ["cannot read secret.eq: Permission denied"]),
    ("derive empty.eq --of C --wrt w", ["there is no equation", "empty.eq"]),
    (
        "derive wrong.eq --of C --wrt w",
        ["wrong.eq, line 2, column 16", "\n    a[j] = sigma(w*)\n                   ^\n"],
    ),
    (
        "derive future.eq --of C --wrt w --form product",
        ["of one that reads the step after it", "symbolic depth", "--depth 3"],
    ),
    ("derive name.eq --of C --wrt w", ["unknown function 'sgima'", "did you mean 'sigma'", "line 1, column 8"]),
    ("derive shape.eq --of C --wrt W", ["(2, 3)", "(4,)", "line 3"]),
    ("derive number.eq --of C --wrt w", ["unknown quantity 'w'", "number.eq", "Known: C, a"]),
    ("derive chain --of D --wrt 'b[1]'", ["unknown quantity 'D'", "C, a, b, w, y, z"]),
    ("derive chain --of C --wrt b", ["b carries an index", "b[1] or b[L]"]),
    ("derive chain --of C --wrt 'b[1'", ["this is not a quantity", "--wrt, line 1, column 2", "b[1]"]),
    ("derive chain --of C+1 --wrt 'b[1]'", ["'C+1' is not a quantity"]),
    ("derive chain --of C --wrt '__import__(\"os\")'", ["is not a quantity"]),
    ("derive chain --of C --wrt 'b[5]' --depth 3", ["b[5] does not exist", "from 1 to 3"]),
    ("derive chain --of '[bold]x' --wrt w", ["[bold]x"]),
    (f"{CHAIN} --depth 0", ["'0' is not a depth", "1 or more"]),
    (f"{CHAIN} --depth -1", ["'-1' is not a depth"]),
    (f"{CHAIN} --depth abc", ["'abc' is not a depth"]),
    (f"{CHAIN} --depth 1.5", ["'1.5' is not a depth"]),
    (f"{CHAIN} --depth {'9' * 5_000}", ["is not a depth"]),
    (f"{CHAIN} --depth 1000000000", ["a depth of 1,000,000,000 is too large", "symbolic"]),
    (f"{CHAIN} --depth 300 --activation tanh --detail inputs", ["written by the inputs", "use the folded"]),
    (f"{CHAIN} --detail inputs", ["symbolic depth", "give the depth as a number"]),
    (f"{CHAIN} --activation tahn", ["unknown activation 'tahn'", "'tanh'"]),
    (f"{CHAIN} --activation ''", ["this is not an activation: the text is empty", "activation, line 1", "tanh"]),
    (
        f"{CHAIN} --activation 'tanh)'",
        ["unmatched ')'", "activation, line 1, column 5", "    tanh)\n        ^\n", "write it as tanh"],
    ),
    (f"{CHAIN} --activation quadratic", ["sigma is an elementwise function", "quadratic is a scalar", "tanh"]),
    (f"{CHAIN} --cost tanh", ["cost is a scalar", "tanh is an elementwise function", "quadratic"]),
    ("derive deep_linear --of C --wrt 'a[0]' --activation tanh", ["nothing to bind"]),
    (f"{CHAIN} --function sigma", ["'sigma' does not bind a function", "sigma=tanh"]),
    (f"{CHAIN} --function sgima=tanh", ["unknown opaque function 'sgima'", "'sigma'"]),
    (f"{CHAIN} --function activation=tanh", ["unknown opaque function 'activation'"]),
    (f"{CHAIN} --function self=tanh", ["unknown opaque function 'self'"]),
    (f"{CHAIN} --function sigma=tanh --function sigma=relu", ["sigma is bound twice"]),
    (f"{DEEP} --let 'W[l] ='", ["--let, line 1, column 7"]),
    (f"{DEEP} --let 'V[l] = 2*I'", ["unknown parameter 'V'", "W"]),
    (f"{DEEP} --let 'a[l] = 2'", ["a[l] is defined by an equation"]),
    (f"{DEEP} --let 'W = 2*I'", ["W carries an index", "W[j] = ..."]),
    (f"{DEEP} --let 'W[3] = 2*I'", ["W[3] is not a parameter at every layer"]),
    (f"{DEEP} --let 'W[l-1] = 2*I'", ["W[l-1] is not a parameter at every layer"]),
    (f"{DEEP} --let 'W[l] = l*I'", ["l is an index, not a number", "\n    W[l] = l*I\n           ^\n"]),
    (f"{DEEP} --let 'W[l] = V[k]'", ["the index k is not that of W[l]"]),
    (f"{DEEP} --let 'W[l] = 2'", ["W[l] has shape (n, n)", "scalar"]),
    (f"{CHAIN} --let 'w[j] = 2*I'", ["I is the identity matrix, and a scalar stands here"]),
    (f"{CHAIN} --let 'w[j] = 1/0'", ["0"]),
    (f"{CHAIN} --layout wide", ["'wide'", "numerator"]),
    (f"{CHAIN} --detail all", ["'all'", "unfolded"]),
    (f"{CHAIN} --format pdf", ["'pdf'", "markdown"]),
    (f"{CHAIN} --standalone", ["--standalone is for --format latex, html or typst"]),
    (f"{CHAIN} --seed -1", ["--seed"]),
    (f"{CHAIN} --seed x", ["--seed"]),
    (f"{CHAIN} --digits 1", ["--digits"]),
    (f"{CHAIN} --notation nelsen", ["unknown notation 'nelsen'", "did you mean 'nielsen'"]),
    (f"{CHAIN} --notation none.toml", ["cannot read", "none.toml"]),
    (f"{CHAIN} --notation bad.toml", ["bad.toml is not TOML"]),
    (f"{CHAIN} --notation key.toml", ["unknown key", "'indexes'", "'indices'"]),
    (f"{CHAIN} -o none/gradient.md", ["cannot write none/gradient.md"]),
    (f"{CHAIN} -o .", ["cannot write .: Is a directory"]),
    (f"{CHAIN} -o /dev/full", ["cannot write /dev/full: No space left"]),
    (f"{CHAIN} -o ''", ["cannot write"]),
    ("models foo", ["unknown model 'foo'", "chain"]),
    ("models --format pdf", ["'pdf'"]),
]
FILES = {
    "empty.eq": "# nothing\n",
    "wrong.eq": "# a comment\na[j] = sigma(w*)\nC = cost(a[L])\n",
    "future.eq": "a[j] = w*a[j+1]\nC = cost(a[L])\n",
    "name.eq": "a[j] = sgima(w*a[j-1])\nC = cost(a[L])\n",
    "shape.eq": "W: (2, 3)\na[0]: (4,)\na[j] = sigma(W@a[j-1])\nC = cost(a[L])\n",
    "number.eq": "a[j] = j*a[j-1]\nC = cost(a[L])\n",
    "bad.toml": "name = ",
    "key.toml": '[indexes]\nj = "l"\n',
    "secret.eq": "a[j] = a[j-1]\n",
}


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "binary.eq").write_bytes(b"\x7fELF\xff\xfe\x00")
    (tmp_path / "secret.eq").chmod(0)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("command", "fragments"), BAD, ids=[c[:70] for c, _ in BAD])
@pytest.mark.usefixtures("directory")
def test_bad_input_is_told_what_where_and_what_to_do(
    command: str, fragments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    if "secret" in command and os.geteuid() == 0:
        pytest.skip("root reads every file")
    if "/dev/" in command and not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    assert main(words(command)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("symgrad: ")
    assert "Traceback" not in err
    for fragment in fragments:
        assert fragment in err


def test_a_bug_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.delenv("SYMGRAD_TRACEBACK", raising=False)
    monkeypatch.setattr(symgrad.evidence.verify, "verify", broken)
    assert main(words(CHAIN)) == 3
    assert "a bug in symgrad: ZeroDivisionError: by zero" in capsys.readouterr().err
    monkeypatch.setenv("SYMGRAD_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(words(CHAIN))


# --- streams -------------------------------------------------------------------------------------------


def test_standard_input_is_a_model() -> None:
    done = shell("symgrad models rnn | symgrad derive - --of E --wrt b --no-verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("∂E/∂b = ∑")


@pytest.mark.parametrize(("data", "said"), [(b"\xff\xfe", "not UTF-8"), (b"z = = 1", "standard input, line 1")])
def test_standard_input_that_is_no_model(data: bytes, said: str) -> None:
    done = subprocess.run([*SYMGRAD, *words("derive - --of C --wrt w")], input=data, capture_output=True, timeout=100)
    assert done.returncode == 2
    assert said in done.stderr.decode()


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-"])
def test_closed_streams(stream: str) -> None:
    done = shell(f"symgrad derive - --of C --wrt w {stream}", stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["--help", "models", "models chain", "power 1.5 149", CHAIN])
def test_what_is_written_to_a_closed_output_is_not_lost_in_silence(command: str) -> None:
    done = shell(f"symgrad {command} >&-")
    assert (done.returncode, done.stderr) == (2, "symgrad: cannot write to standard output: Bad file descriptor\n")


@pytest.mark.parametrize("command", ["--help", "models", f"{CHAIN} --depth 20000 --no-verify"])
def test_a_reader_that_goes_is_no_error(command: str) -> None:
    done = shell(f"symgrad {command} | head -c 1 | wc -c; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("command", [CHAIN, "--help", "models chain", "power 1.5 149", "catalogue"])
def test_a_full_disk_is_told(command: str) -> None:
    done = shell(f"symgrad {command} > /dev/full")
    assert done.returncode == 2
    assert done.stderr == "symgrad: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
@pytest.mark.parametrize("command", ["derive rnn --of E --wrt W", "models lstm", "derive ∂ --of C --wrt w"])
def test_any_encoding(encoding: str, command: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = subprocess.run([*SYMGRAD, *words(command)], capture_output=True, timeout=100, env=environment)
    assert done.returncode == (2 if "∂" in command else 0)
    assert b"bug" not in done.stderr
    if encoding == "ascii" and "rnn" in command:
        assert done.stdout.startswith(b"dE/dW = sum_{k=1}^{t} dE/ds_t (prod_{j=k+1}^{t} diag(sigma'(a_j)) W) d^+s_k/dW")


def test_json_keeps_its_letters_in_any_encoding() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*SYMGRAD, *words(f"{CHAIN} --format json")], capture_output=True, timeout=100, env=environment
    )
    assert json.loads(done.stdout)["text"] == "σ'(z_1) (∏_{j=2}^{L} w_j σ'(z_j)) ∂C/∂a_L"


@pytest.mark.parametrize("variables", [{"COLUMNS": "40"}, {"COLUMNS": "1"}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_any_terminal(variables: dict[str, str]) -> None:
    for command in ("--help", "models --help", "derive rnn --of 's[t]' --wrt 's[k]'"):
        done = shell(f"symgrad {command}", env=os.environ | variables)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\x1b" not in done.stdout


def test_an_interrupt_is_quiet() -> None:
    program = subprocess.Popen(
        [*SYMGRAD, *words("derive chain --of C --wrt 'b[1]' --depth 100000")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job may ignore it
    )
    time.sleep(1.5)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=60)
    assert (program.returncode, out, err.strip()) == (130, b"", b"")


def test_undecodable_arguments_are_told() -> None:
    done = subprocess.run([*SYMGRAD, "derive", b"\xff", "--of", "C", "--wrt", "w"], capture_output=True, timeout=100)
    assert done.returncode == 2
    assert done.stderr.startswith(b"symgrad: ")


def test_names_are_text_and_no_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "[red]%$&{}.eq"
    path.write_text("w_max: (n, n)\na[j] = sigma(w_max@a[j-1])\na[0]: (n,)\nC = cost(a[L])\n")
    for format_ in ("text", "latex", "markdown"):
        assert main(["derive", str(path), "--of", "C", "--wrt", "w_max", "--format", format_]) == 0
        assert "[red]%$&{}.eq" in capsys.readouterr().out


def test_text_streams_without_a_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams that a program has put in the place of its own."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert main(words(CHAIN)) == 0
    assert out.getvalue().startswith("∂C/∂b_1")


def test_a_file_name_forges_no_line(tmp_path, capsys) -> None:
    path = tmp_path / "a\x1b[2J\nPROVED: everything.eq"
    path.write_text("y = x**2")
    assert main(["derive", str(path), "--of", "y", "--wrt", "x"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "PROVED: ∂y/∂x of a\\x1b[2J\\nPROVED: everything" in out
