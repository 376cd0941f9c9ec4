"""The projects of docs/examples, each built as its README says, looked into, changed, and spoilt.

A second build runs with nothing that derives or draws, so that all it shows is what was kept.
"""

import json
import math
import os
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
FAILED, WRONG = 1, 2
AGAIN = "symgrad writes something else now; look at it, and: make readme"
ONLY_KEPT = """
import os
if os.environ.get("ONLY_KEPT"):
    import symgrad.desk.answer, symgrad.desk.figure
    def refused(*_): raise RuntimeError("it is not kept")
    symgrad.desk.answer._answer = symgrad.desk.figure._drawn = refused
"""


def needs(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} is not installed")


def imports(*modules):
    missing = [m for m in modules if find_spec(m) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} is not installed")


def commands(readme):
    """Return the lines of a README that a test runs."""
    lines = re.findall(r"^    (\S.*)$", readme.read_text(encoding="utf-8"), re.MULTILINE)
    return [line for line in lines if not line.startswith(("pip install", "myst start"))]


class Project:
    """A copy of an example in a folder of its own, with a cache of its own."""

    def __init__(self, name, tmp_path):
        self.folder = tmp_path / name
        kept = shutil.ignore_patterns("_build", "_extensions", "*.pdf", "*.html", "*.aux", "*.log", "*.out", "symgrad")
        shutil.copytree(EXAMPLES / name, self.folder, ignore=kept)
        site, command = tmp_path / "site" / "sitecustomize.py", tmp_path / "bin" / "symgrad"
        site.parent.mkdir()
        site.write_text(ONLY_KEPT, encoding="utf-8")
        command.parent.mkdir()
        command.write_text(f"#!{sys.executable}\nimport sys\nfrom symgrad.cli.main import main\nsys.exit(main())\n")
        command.chmod(0o755)
        self.env = {
            **os.environ,
            "PATH": os.pathsep.join((str(command.parent), str(Path(sys.executable).parent), os.environ["PATH"])),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(site.parent), *sys.path))),
            "SYMGRAD_CACHE": str(tmp_path / "cache"),
            "SYMGRAD_COMMAND": str(command),
        }

    def run(self, *command, code=0, **env):
        """Run a command in the project; return what it says. It ends with the code that is expected."""
        done = subprocess.run(
            [sys.executable if c == "python" else c for c in command],
            cwd=self.folder,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def follow(self):
        """Run what the README says, but for what installs or needs the network; return what it says."""
        said = [self.run("bash", "-c", line) for line in commands(self.folder / "README.md")]
        assert said
        return "".join(said)

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def change(self, name, old, new):
        text = self.read(name)
        assert old in text
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def project(request, tmp_path):
    return Project(request.param, tmp_path)


def example(name):
    return pytest.mark.parametrize("project", [name], indirect=True)


def without_pictures(text):
    """Return a document without the drawings in it: where a circle stands is no matter of what is said."""
    drawn = r"\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}|#figure\(\n(?!image).*?\ncaption:"
    found, times = re.subn(drawn, "", text, flags=re.DOTALL)
    assert times
    return found


def scientific(value, digits=3):
    """Return a number to so many digits, by Python's own arithmetic, as LaTeX."""
    exponent = math.floor(math.log10(value))
    mantissa = Fraction(value) / Fraction(10) ** exponent
    return rf"{float(mantissa):.{digits - 1}f} \times 10^{{{exponent}}}"


def test_every_example_is_in_the_table_and_has_a_test():
    folders = {p.name for p in EXAMPLES.iterdir() if p.is_dir()}
    assert folders == set(re.findall(r"\]\(([\w-]+)/README.md\)", (EXAMPLES / "README.md").read_text("utf-8")))
    assert folders == set(re.findall(r'@example\("([\w-]+)"\)', Path(__file__).read_text("utf-8")))


def test_every_command_of_the_page_on_documents_is_run():
    page = (EXAMPLES.parent / "desk.md").read_text("utf-8")
    asked = re.findall(
        r"`((?:symgrad (?!derive)|pandoc |sphinx-build |jupyter )[^`]*)`", re.sub("(?s)```.*?```", "", page)
    )
    assert len(asked) > 4
    consoles = "".join(re.findall("(?s)```console(.*?)```", page))
    run = consoles + "\n".join(line for p in EXAMPLES.glob("*/README.md") for line in commands(p))
    assert [c for c in asked if " ".join(c.split()) not in run] == []


# --- LaTeX ----------------------------------------------------------------------------------------


def chain_sizes(depths, weight, start):
    """Return log10 |∂a_L/∂a_0| of a chain of logistic neurons without biases, by floats."""
    a, size, found = start, 0.0, {}
    for depth in range(1, max(depths) + 1):
        a = 1 / (1 + math.exp(-weight * a))
        size += math.log10(weight * a * (1 - a))
        found[depth] = size
    return [found[d] for d in depths]


def plotted(tikz):
    """Return the heights of the curve of a plot in TikZ, in the units of its axis."""
    ticks = {float(n): float(y) for y, n in re.findall(r"\(0,([\d.]+)\) -- \+\+\(-0\.1,0\).*?\{\$(-?[\d.]+)\$\}", tikz)}
    (low, y0), *_, (high, y1) = sorted(ticks.items())
    [curve] = re.findall(r"thick\] ((?:\([\d.]+,[\d.]+\)(?: -- )?){9,});", tikz)
    return [low + (float(y) - y0) * (high - low) / (y1 - y0) for y in re.findall(r",([\d.]+)\)", curve)]


@needs("pdflatex", "pdftotext")
@example("latex")
def test_the_chain_in_latex(project):
    committed = project.read("chapter.tex")
    weave = ("symgrad", "weave", "chapter.tex")
    project.follow()
    assert without_pictures(project.read("chapter.tex")) == without_pictures(committed), AGAIN
    assert "undefined" not in project.read("chapter.log")
    page = project.run("pdftotext", "-layout", "chapter.pdf", "-")
    assert "??" not in page
    assert re.search(r"figure 1\b.*Figure 1: Three neurons.*Figure 2 shows.*Figure 2: The size", page, re.DOTALL)
    assert r"&= \sigma'(z_{1})\, \left(\prod_{j=2}^{L} w_{j}\, \sigma'(z_{j})\right)\, \frac" in committed
    beside = "".join(p.read_text("utf-8") for p in (project.folder / "symgrad").iterdir())
    for power in (10, 100):
        number = scientific(Fraction(1, 4) ** power)
        assert number in beside
        assert f"{number.split()[0]} × 10" in page
    assert plotted(committed) == [pytest.approx(y, abs=0.02) for y in chain_sizes(range(1, 61), 0.5, 0.5)]

    project.run(*weave, "--check", ONLY_KEPT="1")
    project.change("chapter.tex", r"w_{j}\, \sigma'(z_{j})\right)", r"\sigma'(z_{j})\right)")
    assert "chapter.tex is stale" in project.run(*weave, "--check", code=FAILED)
    project.change("chain.eq", "a[j] = sigma(z[j])", "a[j] = z[j] + sigma(z[j])")
    project.run(*weave)
    assert r"&= (1 + \sigma'(z_{1}))\, \left(\prod_{j=2}^{L} w_{j}\, (1 +" in project.read("chapter.tex")
    project.change("chapter.tex", "of=C wrt=b[1] only=equation", "of=C wrt=q only=equation")
    said = project.run(*weave, code=WRONG)
    line = project.read("chapter.tex").partition("wrt=q")[0].count("\n") + 1
    assert f"chapter.tex, line {line}" in said
    assert "unknown quantity 'q'" in said


# --- Typst ----------------------------------------------------------------------------------------


@imports("typst", "matplotlib")
@example("typst")
def test_the_residual_network_in_typst(project):
    committed = project.read("residual.typ")
    project.follow()  # Typst fails for a label that is not there
    assert without_pictures(project.read("residual.typ")) == without_pictures(committed), AGAIN
    assert (project.folder / "residual.pdf").read_bytes()[:5] == b"%PDF-"
    assert f"${1.1**50:.0f}$" in committed
    assert "frac(∂ a_l, ∂ a_(l-1)) = 1 + w_l thin tanh'(z_l) $ <eq:layer>" in committed
    [plot] = (project.folder / "symgrad").iterdir()
    assert plot.name in committed

    project.run("symgrad", "weave", "--check", "residual.typ", ONLY_KEPT="1")
    project.change("residual.eq", "tanh(z[l])", "sin(z[l])")
    project.run("symgrad", "weave", "--check", "residual.typ", code=FAILED)
    project.run("symgrad", "weave", "residual.typ")
    assert "= 1 + w_l thin cos(z_l) $" in project.read("residual.typ")
    project.change("residual.typ", "residual.eq of=C", "none.eq of=C")
    assert re.search(
        r"none\.eq[^§]*residual\.typ, line \d+", project.run("symgrad", "weave", "residual.typ", code=WRONG)
    )


# --- Sphinx ---------------------------------------------------------------------------------------


@imports("sphinx", "myst_parser", "matplotlib")
@example("sphinx-myst")
def test_the_recurrent_network_in_sphinx(project):
    project.follow()
    page, other = (project.read(f"_build/html/{name}.html") for name in ("gradient", "vanishing"))
    assert re.search(r'href="#fig-unrolled"><span class="std std-numref">Fig. 1<', page)
    assert re.search(r'href="#fig-size"><span class="std std-numref">Fig. 2<', other)
    assert 'href="gradient.html#equation-eq-jacobian">(1)</a>' in other
    assert r"\frac{\partial s_{T}}{\partial s_{k}} = \prod_{t=k+1}^{T} \operatorname{diag}(\tanh'(a_{t}))\, W" in page
    assert r"E = \mathcal{L}(s_{T})" in page
    assert all(scientific(Fraction(1, 2) ** n) in other for n in (20, 150))
    assert f"{1 - math.tanh(2) ** 2:.4f}" in other

    project.run("python", "-m", "sphinx", "-q", "-W", "-E", ".", "_build/html", ONLY_KEPT="1")
    project.change("rnn.eq", "h[t] = tanh", "h[t] = sin")
    project.run("python", "-m", "sphinx", "-q", "-W", ".", "_build/html")
    assert r"\operatorname{diag}(\cos(a_{t}))\, W" in project.read("_build/html/gradient.html")
    project.change("gradient.md", ":of: h[T]\n", ":of: q[T]\n")
    said = project.run("python", "-m", "sphinx", "-q", ".", "_build/html", code=FAILED)
    assert "gradient.md:20: ERROR: symgrad: unknown quantity 'q" in said
    assert "Traceback" not in said


# --- Quarto's filter under pandoc -------------------------------------------------------------------


@needs("pandoc", "pdflatex", "pdftotext")
@example("quarto")
def test_attention_under_pandoc(project):
    project.follow()
    lua = ("--from", "markdown", "--standalone", "--lua-filter", "_extensions/symgrad/symgrad.lua")
    build = ("pandoc", "attention.qmd", *lua)
    page = re.sub(r"\s+", " ", project.read("attention.html"))
    assert '<a href="#fig-attention">Figure 1</a>' in page
    assert '<figure id="fig-attention">' in page
    assert '<a href="#eq-back-2">(2)</a>' in page
    assert 'alt="From W_Q over Q' in page
    assert "@" not in re.sub(r"@media[^{]*", "", page)
    assert "symgrad:" not in page
    pdf = project.run("pdftotext", "-layout", "attention.pdf", "-")
    assert "as in Figure 1." in pdf
    assert "??" not in pdf
    tex = project.run(*build, "-t", "latex", ONLY_KEPT="1")
    assert r"\frac{\partial L}{\partial W_{Q}} = X^{\mathsf T}\, \delta_{Q}" in tex
    assert r"\delta_{Q} = \frac{1}{\sqrt{d}}\, \delta_{S}\, K" in tex
    for gap, digits in ((8, 6), (1, 3)):
        assert f"{1 / (1 + math.exp(gap)):.{digits}f}" in tex
    assert r"\usepackage{tikz}" in tex
    assert re.search(r"\\begin\{figure\}.*\\begin\{tikzpicture\}.*\\label\{fig-attention\}", tex, re.DOTALL)

    project.change("attention.eq", "S = Q@K.T/sqrt(d)", "S = Q@K.T/d")
    assert r"\delta_{Q} = \frac{1}{d}\, \delta_{S}\, K" in project.run(*build, "-t", "latex")
    project.change("attention.qmd", "wrt=W_V only", "wrt=W_O only")
    said = project.run(*build, "-t", "latex", code=83)
    assert "unknown quantity 'W_O'" in said
    assert "request 2: attention.eq of=L" in said


# --- a notebook -----------------------------------------------------------------------------------


@imports("nbconvert", "ipykernel", "myst_nb")
@example("notebook")
@pytest.mark.long
def test_the_lstm_in_a_notebook(project):
    import nbconvert

    project.env["JUPYTER_PATH"] = str(Path(nbconvert.__file__).parents[4] / "share" / "jupyter")
    committed = project.read("lstm.ipynb")
    project.follow()
    assert project.read("lstm.ipynb") == committed, AGAIN
    page = project.read("_build/html/lstm.html")
    assert '<a class="reference internal" href="#equation-eq-cell">(1)</a>' in page
    assert 'alt="One step of an LSTM: gates, cell and state."' in page
    assert 'alt="One step of an LSTM: gates, cell and state."' in project.read("lstm.html")
    assert r"\prod_{j=1}^{L} \operatorname{diag}(f_{j})" in page
    execute = ("python", "-m", "nbconvert", "--execute", "--output-dir", "_build")
    project.run(*execute, "--to", "notebook", "lstm.ipynb")
    cells = json.loads(project.read("_build/lstm.ipynb"))["cells"]
    shown = [o["data"] for c in cells for o in c.get("outputs", ()) if "data" in o]
    figure, backward, cell, number = shown
    assert 'alt="One step of an LSTM: gates, cell and state."' in "".join(figure["text/html"])
    assert r"\frac{\partial E}{\partial U_{f}} = \sum_{j=1}^{t} \delta_{z_{f}, j}" in "".join(backward["text/markdown"])
    assert r"\label{eq:cell}" in "".join(cell["text/latex"])
    assert r"\prod_{j=1}^{L} \operatorname{diag}(f_{j})" in "".join(cell["text/markdown"])
    assert float("".join(number["text/plain"])) == pytest.approx(0.99**100, rel=1e-12)
    assert f"{0.99**100:.3f}" in committed
    project.run(*execute, "--to", "latex", "lstm.ipynb", ONLY_KEPT="1")
    tex = project.read("_build/lstm.tex")
    assert r"\label{eq:cell}" in tex
    assert "lstm_files" in tex or find_spec("typst") is None

    project.change("lstm.ipynb", '"c[j] = f[j]*c[j-1] + i[j]*g[j]"', '"c[j] = sin(f[j])*c[j-1] + i[j]*g[j]"')
    project.run(*execute, "--to", "latex", "lstm.ipynb")
    assert r"\operatorname{diag}(\sin(f_{j}))" in project.read("_build/lstm.tex")
    project.change("lstm.ipynb", "--wrt c[0]", "--wrt q[0]")
    said = project.run(*execute, "--to", "latex", "lstm.ipynb", code=FAILED)
    assert "UsageError: symgrad: unknown quantity 'q" in re.sub("\x1b[^m]*m", "", said)
    said = project.run("python", "-m", "sphinx", "-q", "-W", ".", "_build/html", code=FAILED)
    assert "lstm.ipynb: WARNING: Executing notebook failed" in said
    assert "UsageError: symgrad: unknown quantity 'q" in said


# --- mystmd -----------------------------------------------------------------------------------------


def formulas(node):
    """Yield the nodes of a page, each before those inside it."""
    yield node
    for child in node.get("children", ()):
        yield from formulas(child)


@needs("myst")
@example("jupyter-book-2")
@pytest.mark.long
def test_the_classifier_in_jupyter_book_2(project):
    template = project.folder / "template" / "template.yml"  # themes come from the network
    template.parent.mkdir()
    template.write_text("jtex: v1\ntitle: local\nversion: 1.0.0\n", encoding="utf-8")
    project.change("myst.yml", "template: book-theme", "template: ./template")
    assert "⛔" not in project.follow()
    index, why = (project.read(f"_build/exports/{name}.md") for name in ("index", "why"))
    assert r"\frac{\partial C}{\partial o} = \mathrm{softmax}(o) - y" in index
    assert "[Figure\u00a01](#fig:net)" in index
    assert "[(1)](#eq:belief)" in index
    assert scientific(Fraction(1, 4) ** 20) in why
    assert scientific(Fraction(1, 2) ** 50) in why

    site = ("myst", "build", "--site")
    project.run(*site, ONLY_KEPT="1")
    for name in ("index", "why"):
        nodes = list(formulas(json.loads(project.read(f"_build/site/content/{name}.json"))["mdast"]))
        maths = [n for n in nodes if n["type"] in ("math", "inlineMath")]
        assert maths
        assert all(n.get("html") and not n.get("error") for n in maths)
        links = [n for n in nodes if n["type"] == "crossReference"]
        assert links
        assert all(n["resolved"] for n in links)
        pictures = [n for n in nodes if n["type"] == "image"]
        assert [n["url"].endswith(".svg") for n in pictures] == [True]
    project.change("classifier.eq", "relu(z[l])", "tanh(z[l])")
    project.run(*site)
    assert r"\\odot \\tanh'(z_{l})" in project.read("_build/site/content/index.json")
    project.change("why.md", "of=a[l] wrt=a[l-1]", "of=a[l] wrt=q")
    said = project.run(*site, code=FAILED)
    assert "unknown quantity 'q'" in said
    assert re.search(r"line \d+ of the page", said)
