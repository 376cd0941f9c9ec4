"""The magics of notebooks and the plugin of mystmd: what they show, and what is wrong."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from symgrad.cli.main import main
from symgrad.desk.jupyter import load, show
from symgrad.desk.mystmd import SPEC, transformed
from symgrad.desk.respond import Place
from symgrad.errors import SymgradError

CUBE = "C = w**3\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMGRAD_CACHE", "off")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_cell_is_text_markdown_and_latex_with_its_label():
    shown = show("--of C --wrt w --label eq:cube", CUBE)
    page = shown._repr_mimebundle_()
    assert page["text/plain"] == "∂C/∂w = 3 w^2"
    assert page["text/markdown"].strip().endswith("$$ (eq:cube)")
    assert r"\label{eq:cube}" in page["text/latex"]
    assert show("chain --of C --wrt b[1] --depth 1", None).pages["text"].startswith("∂C/∂b_1 = σ'(z_1) ∂C/∂a_1")


WRONG = [
    ("--of C --wrt", CUBE, "--wrt has no value"),
    ("--of C x", CUBE, "'x' is no option"),
    ("--of C", None, "there is no model"),
    ("--of C --wrt q", CUBE, "unknown quantity 'q'"),
    ("../a.eq --of C", None, "lies outside of"),
]


@pytest.mark.parametrize(("line", "cell", "said"), WRONG)
def test_a_magic_says_what_is_wrong(line, cell, said):
    with pytest.raises(SymgradError) as error:
        show(line, cell)
    assert said in str(error.value)


def test_ipython_knows_the_magics():
    pytest.importorskip("IPython")
    from IPython.core.error import UsageError

    known = {}

    class Shell:
        def register_magic_function(self, function, kind, name):
            known[name] = (function, kind)

    load(Shell())
    function, kind = known["symgrad"]
    assert kind == "line_cell"
    assert "3 w^2" in repr(function("--of C --wrt w", CUBE))
    with pytest.raises(UsageError, match="unknown quantity"):
        function("--of C --wrt q", CUBE)


def page(*children):
    return {"type": "root", "children": [{"type": "block", "children": list(children)}]}


def block(value):
    return {"type": "code", "lang": "symgrad", "value": value, "position": {"start": {"line": 7}}}


def test_a_page_of_mystmd_has_its_equations_and_numbers():
    number = {"type": "paragraph", "children": [{"type": "inlineCode", "value": "symgrad: power 1.5 149 digits=3"}]}
    left = {"type": "code", "lang": "python", "value": "symgrad"}
    tree = transformed(page(block(f"of=C wrt=w label=eq:Cube\n{CUBE}"), number, left), Place(Path(), Path()))
    [math, shown, same] = tree["children"][0]["children"]
    assert math["value"] == r"\frac{\partial C}{\partial w} = 3\, w^{2}"
    assert (math["identifier"], math["html_id"], math["enumerated"]) == ("eq:cube", "eq-cube", True)
    [power] = shown["children"]
    assert (power["type"], power["value"]) == ("inlineMath", r"1.73 \times 10^{26}")
    assert re.sub("<[^>]*>", "", power["html"]) == "1.73×1026"
    assert "<mi>w</mi>" in math["html"]
    assert same == left


ASKED = [
    "chain of=C wrt=b[1] only=rhs",
    "chain of=C wrt=b[1] depth=2 detail=steps",
    "rnn of=E wrt=W wrt=b form=backward env=align",
    "mlp of=C wrt=W form=backward only=backward label=eq:a",
    "residual of=C wrt=w[1] form=paths depth=2 env=gather label=eq:a",
    "rnn of=s[t] wrt=s[k] notation=ng",
]


@pytest.mark.parametrize("asked", ASKED)
def test_every_formula_on_a_page_of_mystmd_is_typeset(asked):
    """mystmd does not typeset what its plugins write: a theme shows an error for a formula without its HTML."""
    children = transformed(page(block(asked)), Place(Path(), Path()))["children"][0]["children"]
    formulas = [n for top in children for n in (top, *top.get("children", ())) if n["type"] in ("math", "inlineMath")]
    assert formulas
    assert all(n["html"].startswith("<math") and "class='" not in n["html"] for n in formulas)


def test_what_is_wrong_on_a_page_is_said_with_its_line():
    with pytest.raises(SymgradError) as error:
        transformed(page(block(f"of=C wrt=q\n{CUBE}")), Place(Path(), Path()))
    assert "line 7 of the page" in str(error.value)


def test_the_plugin_says_what_it_has(capsys):
    assert main(["mystmd", "--spec"]) == 0
    assert json.loads(capsys.readouterr().out) == SPEC
    assert main(["mystmd"]) == 0
    assert capsys.readouterr().out.startswith("#!/usr/bin/env python3\n")
    assert main(["mystmd", "--transform", "other"]) == 2


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("myst"), reason="mystmd is not installed")
def test_mystmd_builds_a_page_and_stops_at_a_wrong_one(here, capsys):
    assert main(["mystmd"]) == 0
    plugin = here / "plugin.py"
    plugin.write_text(f"#!{sys.executable}\n{capsys.readouterr().out}", encoding="utf-8")
    plugin.chmod(0o755)
    config = "version: 1\nproject:\n  plugins:\n    - type: executable\n      path: plugin.py\n"
    config += "site:\n  template: ./template\n"
    (here / "template").mkdir()
    (here / "template/template.yml").write_text("jtex: v1\ntitle: local\nversion: 1.0.0\n", encoding="utf-8")
    (here / "myst.yml").write_text(config, encoding="utf-8")
    text = f"# T\n\nBy [](#eq:cube).\n\n```symgrad\nof=C wrt=w label=eq:cube\n{CUBE}```\n"
    (here / "index.md").write_text(text, encoding="utf-8")
    build = ["myst", "build", "index.md", "--md"]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    shown = (here / "_build/exports/index.md").read_text(encoding="utf-8")
    assert r"\frac{\partial C}{\partial w} = 3\, w^{2}" in shown
    assert "[(1)](#eq:cube)" in shown
    site = ["myst", "build", "--site"]
    subprocess.run(site, check=True, capture_output=True, timeout=120)
    found = json.loads((here / "_build/site/content/index.json").read_text(encoding="utf-8"))
    assert '"resolved": true' in json.dumps(found)
    (here / "_build/exports/index.md").unlink()
    (here / "index.md").write_text(text.replace("wrt=w", "wrt=q"), encoding="utf-8")
    for command, code in ((site, 1), (build, 0)):  # mystmd 1.8 ends an export with 0, and exports nothing
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == code
        assert "unknown quantity 'q'" in done.stdout + done.stderr
    assert not (here / "_build/exports/index.md").exists()
