"""What symgrad ships for other programs: a LaTeX package, and a filter for pandoc, each used by its program."""

import os
import shutil
import subprocess
import sys

import pytest

import symgrad as sg
from symgrad.cli.main import main

pandoc = pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
pdflatex = pytest.mark.skipif(
    not (shutil.which("pdflatex") and shutil.which("pdftotext")), reason="pdflatex or pdftotext is not installed"
)

TEX = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{tikz}
\usepackage{symgrad}
\begin{document}
The Jacobian is \symgrad{rnn.eq}{s[t]}{s[k]} and a power \symgradnumber{power 1.5 149 digits=3}.
\begin{figure}\symgradfigure{rnn.eq steps=2}\caption{The network.}\end{figure}
\end{document}
"""
NOTES = """```symgrad
rnn.eq of=s[t] wrt=s[k] label=eq:jac
```

See @eq-jac, `symgrad: power 1.5 149 digits=3`.
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with the equations of a network, and a command symgrad that is this one."""
    command = tmp_path / "bin" / "symgrad"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nimport sys\nfrom symgrad.cli.main import main\nsys.exit(main())\n")
    command.chmod(0o755)
    monkeypatch.setenv("SYMGRAD_COMMAND", str(command))
    monkeypatch.setenv("SYMGRAD_CACHE", "off")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rnn.eq").write_text(sg.model("rnn").text, encoding="utf-8")
    return tmp_path


@pdflatex
def test_a_latex_document_takes_in_what_weave_wrote(desk):
    (desk / "doc.tex").write_text(TEX, encoding="utf-8")
    assert main(["latex", "-o", "symgrad.sty"]) == 0
    assert main(["weave", "doc.tex"]) == 0
    assert main(["weave", "--check", "doc.tex"]) == 0
    subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "doc.tex"], check=True, stdout=-3)
    words = subprocess.run(["pdftotext", "doc.pdf", "-"], check=True, capture_output=True, text=True).stdout
    assert "1.73 × 10" in words
    assert "diag" in words
    assert "Figure 1: The network." in words
    (desk / "doc.tex").write_text(TEX.replace("\\usepackage{tikz}", ""), encoding="utf-8")
    asked = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "doc.tex"]
    said = subprocess.run(asked, check=False, capture_output=True, text=True)
    assert said.returncode
    assert "Package symgrad Error: Figures are drawn by TikZ" in said.stdout


@pandoc
def test_the_filter_numbers_an_equation_that_can_be_referred_to(desk):
    (desk / "notes.md").write_text(NOTES, encoding="utf-8")
    assert main(["quarto", "filters"]) == 0
    asked = ["pandoc", "notes.md", "--lua-filter", "filters/symgrad.lua", "-t", "latex"]
    page = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    assert r"\label{eq-jac}" in page
    assert r"\eqref{eq-jac}" in page
    assert r"\prod_{j=k+1}^{t} \operatorname{diag}(\sigma'(a_{j}))\, W" in page
    assert r"1.73 \times 10^{26}" in page


@pandoc
def test_a_wrong_equation_fails_the_build(desk):
    (desk / "rnn.eq").write_text("s[t] = ", encoding="utf-8")
    (desk / "notes.md").write_text(NOTES, encoding="utf-8")
    main(["quarto", "filters"])
    done = subprocess.run(["pandoc", "notes.md", "--lua-filter", "filters/symgrad.lua"], capture_output=True, text=True)
    assert done.returncode != 0
    assert "rnn.eq" in done.stderr
