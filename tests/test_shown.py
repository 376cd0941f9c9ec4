"""What a notebook shows: HTML without a script whose evidence unfolds, LaTeX that pdflatex sets, and tables."""

from __future__ import annotations

import base64
import builtins
import re
import shutil
import subprocess
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pytest

import symgrad as sg
from symgrad.errors import SymgradError
from symgrad.experiments import to_frame as experiment_frame
from symgrad.experiments import train
from symgrad.numbers.magnitude.magnitude import to_frame
from symgrad.reading.page.document import html_page, latex_page

SHOWN = {
    "model": lambda: sg.model("lstm"),
    "gradient": lambda: sg.model("lstm").derivative("h[t]", "h[k]"),
    "entry": lambda: sg.parse("z: (n,)\np = softmax(z)").derivative("p[i]", "z[j]"),
    "hessian": lambda: sg.parse("z: (n,)\np = softmax(z)\nC = sum(p**2)").hessian("C", "z"),
    "backward": lambda: sg.model("rnn").backward("E"),
    "hvp": lambda: sg.model("deep_linear").bind(cost="quadratic").hvp("C", "W"),
    "steps": lambda: sg.model("deep_linear").derive("a[l]", "a[l-1]").checked(),
    "maximum": lambda: sg.maximise("z/(2*cosh(z/2)^2)", "z", "[0, oo)", digits=12),
    "limit": lambda: sg.maximise("1/(1 + exp(-theta_1))"),
    "unbounded": lambda: sg.maximise("x**2"),
    "gain": lambda: sg.gain("leaky_relu(0.2)"),
}
LATEX = SHOWN | {
    "value": lambda: sg.evaluate("sqrt(2) + x", {"x": "1/3"}),
    "power": lambda: sg.power("1.5", 149),
    "bound": lambda: sg.model("chain").bind("logistic").derivative("a[L]", "a[0]").bound("abs(w) <= 3"),
}


class Elements(HTMLParser):
    """Counts the elements that are begun, and sees that each is ended."""

    def __init__(self, text):
        super().__init__()
        self.begun, self.open = [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.begun.append(tag)
        assert not any(name.startswith("on") or "javascript" in (value or "") for name, value in attributes)
        if tag not in ("meta", "br", "link", "path", "use"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.begun.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("path", "use"):
            assert self.open.pop() == tag


@pytest.mark.parametrize("name", SHOWN)
def test_html_stands_by_itself(name):
    shown = SHOWN[name]()._repr_html_()
    begun = Elements(shown).begun
    assert "script" not in begun
    assert " id=" not in shown  # two cells may show the same
    if name in ("model", "steps", "maximum", "limit", "unbounded", "gain"):
        assert "details" in begun


def test_html_says_what_is_known():
    assert "<summary>not proved</summary>" not in SHOWN["maximum"]()._repr_html_()
    assert "global; the only one" in SHOWN["maximum"]()._repr_html_()
    open_question = sg.maximise("sin(exp(x))*exp(-x**2)", "x", "[0, 9]", timeout=0.05)
    if not open_question.proved:
        assert "<summary>not proved</summary>" in open_question._repr_html_()
    unchecked = sg.model("deep_linear").derive("a[l]", "a[l-1]")._repr_html_()
    assert "not checked" in unchecked
    assert "PROVED" not in unchecked


def test_a_step_that_is_wrong_shows_no_formula():
    draft = sg.Draft("Wrong")
    draft.states("logistic'(z) <= 1/5", because="It is not.")
    shown = draft.derivation().checked()._repr_html_()
    assert "REFUTED" in shown
    assert "<math" not in shown


def test_names_and_titles_are_escaped():
    model = sg.parse("C = w**2", "<script>alert(1)</script>")
    assert "<script" not in model._repr_html_()
    draft = sg.Draft("<img src=x onerror=alert(1)>", source="<b>")
    draft.states("x**2 >= 0", because="<i>always</i> & everywhere")
    shown = draft.derivation()._repr_html_()
    assert not {"img", "b", "i"} & set(Elements(shown).begun)


def test_what_is_shown_is_read_back():
    gradient = SHOWN["gradient"]()
    page = html_page(gradient._repr_html_())
    assert len(page.equations) == 1 + len(gradient.presentation().definitions())
    assert not any(e.reason for e in page.equations)
    printed = latex_page(gradient._repr_latex_())
    assert [e.sides for e in printed.equations] == [e.sides for e in page.equations]


@pytest.mark.parametrize("name", LATEX)
def test_latex_stands_between_dollars(name):
    shown = LATEX[name]()._repr_latex_()
    assert shown.count("$") % 2 == 0
    if name != "steps":
        assert re.fullmatch(r"\$\$\n[^$]*\n\$\$|\$[^$]*\$", shown)
    assert shown.isascii()


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")
def test_pdflatex_sets_what_a_notebook_shows(tmp_path):
    body = "\n\n".join(show()._repr_latex_() for show in LATEX.values())
    head = (
        "\\documentclass{article}\n\\usepackage[T1]{fontenc}\\usepackage{lmodern,amsmath,amssymb}\n\\begin{document}\n"
    )
    (tmp_path / "shown.tex").write_text(f"{head}{body}\n\\end{{document}}\n", encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "shown.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120)
    log = run.stdout.decode("latin-1")
    assert run.returncode == 0, log[-2000:]
    assert "Missing character" not in log


def test_a_plot_has_its_picture_and_its_numbers():
    pytest.importorskip("matplotlib")
    gradient = sg.model("chain").bind("logistic").derivative("a[L]", "a[0]")
    plot = gradient.plot((10, 100), lambda L: {"w": ["1/2"] * L, "b": [0] * L, "a[0]": "1/2"})
    begun = Elements(plot._repr_html_()).begun
    assert {"svg", "figcaption"} <= set(begun)
    assert "script" not in begun
    assert plot._repr_pdf_().startswith(b"%PDF")
    table = plot.to_frame()
    assert table["depth"].to_list() == [10, 100]
    assert table["log10"].round(3).to_list() == [-9.117, -91.188]


def test_tables_of_numbers():
    pytest.importorskip("pandas")
    horizon = sg.horizon("1.5").to_frame()
    assert dict(zip(horizon["format"], horizon["overflow"], strict=True))["fp32"] == 219
    assert str(horizon["overflow"].dtype) == "Int64"
    places = sg.maximise("cos(x)", "x", "[-1, 7]", digits=8).to_frame()
    assert places["place"].to_list() == ["0", "6.2831853"]
    gains = sg.gain("relu").to_frame()
    assert gains.set_index("criterion")["gain"]["backward"] == pytest.approx(2**0.5, rel=1e-15)
    sizes = to_frame({"small": sg.power("0.1", 5000), "zero": sg.power(0, 3)}, 3)
    assert sizes["value"].to_list() == ["1.00e-5000", "0"]
    assert sizes["log10"].iloc[0] == -5000
    assert sizes["log10"].isna().to_list() == [False, True]
    run = experiment_frame(train((30,), epochs=2))
    assert list(run.columns) == ["epoch", "cost", "speed_1"]
    assert len(run) == 3


def test_without_pandas_a_sentence_helps(monkeypatch):
    original = builtins.__import__

    def missing(name, *rest):
        if name == "pandas":
            raise ImportError(name)
        return original(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(SymgradError, match="need pandas") as error:
        sg.horizon("1.5").to_frame()
    assert "pip install" in error.value.todo


def notebook(things):
    """Return a notebook that shows things, as a kernel would make it."""
    from IPython.core.interactiveshell import InteractiveShell
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    show = InteractiveShell.instance().display_formatter.format
    cells = []
    for name, thing in things.items():
        data, _ = show(thing)
        data = {kind: base64.b64encode(x).decode() if isinstance(x, bytes) else x for kind, x in data.items()}
        shown = new_output("execute_result", data=data, execution_count=1)
        cells.append(new_code_cell(name, outputs=[shown], execution_count=1))
    return new_notebook(cells=cells)


def has_latex(package):
    found = shutil.which("kpsewhich") and subprocess.run(["kpsewhich", package], capture_output=True, check=False)
    return bool(found) and found.returncode == 0


@pytest.mark.skipif(not has_latex("ulem.sty"), reason="nbconvert asks for packages of LaTeX that are not installed")
def test_a_notebook_becomes_a_page_and_a_pdf(tmp_path, monkeypatch):
    nbconvert = pytest.importorskip("nbconvert")
    pytest.importorskip("IPython")
    pytest.importorskip("matplotlib")
    monkeypatch.setenv("JUPYTER_PATH", str(Path(nbconvert.__file__).parents[4] / "share" / "jupyter"))
    gradient = sg.model("chain").bind("logistic").derivative("a[L]", "a[0]")
    plot = gradient.plot((10, 100), lambda L: {"w": ["1/2"] * L, "b": [0] * L, "a[0]": "1/2"})
    shown = notebook({name: show() for name, show in LATEX.items()} | {"plot": plot, "drawing": sg.model("rnn").draw()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of nbconvert itself
        page, _ = nbconvert.HTMLExporter().from_notebook_node(shown)
        tex, resources = nbconvert.LatexExporter().from_notebook_node(shown)
    assert page.count("<details>") + page.count("<details ") >= 6
    assert page.count("<math") > 20
    assert tex.count(r"\begin{aligned}") > 4
    for name, data in resources["outputs"].items():
        (tmp_path / name).write_bytes(data)
    assert any(name.endswith(".pdf") for name in resources["outputs"])
    (tmp_path / "shown.tex").write_text(tex, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "shown.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=240)
    log = run.stdout.decode("latin-1")
    assert run.returncode == 0, log[-2000:]
    assert "Missing character" not in log
