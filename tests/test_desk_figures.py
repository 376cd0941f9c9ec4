"""Figures in documents of every kind: captions, labels, words for who cannot see them, and what is refused."""

import base64
import json
import re
from pathlib import Path

import pytest

import symgrad as sg
from symgrad.cli.main import main
from symgrad.desk.figure import picture, read_depths
from symgrad.desk.jupyter import show
from symgrad.desk.mystmd import transformed
from symgrad.desk.request import read_request
from symgrad.desk.respond import Place
from symgrad.errors import SymgradError

CHAIN = "z[j] = w[j]*a[j-1] + b[j]\na[j] = sigma(z[j])\nC = cost(a[L], y)\n"
NET = "figure chain.eq steps=2 label=fig:net caption='The chain, $L = 2$.'"
PLOT = "figure chain.eq activation=logistic of=a[L] wrt=a[0] depths=10:100:30 at=w=1/2 at=b=0 at=a[0]=1/2"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMGRAD_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "book"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("chain.eq").write_text(CHAIN, encoding="utf-8")
    return folder


def drawn(line, format_="svg"):
    return picture(read_request(line), Place(Path(), Path()), format_)


PAGES = [
    ("a.tex", "% {}\n% symgrad: end\n", r"\caption{The chain, $L = 2$.}" + "\n    \\label{fig:net}\n\\end{figure}"),
    ("a.md", "<!-- {} -->\n<!-- symgrad: end -->\n", ".svg\n:name: fig:net\n:alt: The network chain"),
    ("a.qmd", "<!-- {} -->\n<!-- symgrad: end -->\n", "::: {#fig-net}\n![](symgrad/chain-"),
    ("a.rst", ".. {}\n.. symgrad: end\n", ".svg\n   :name: fig:net\n   :alt: The network chain"),
    ("a.typ", "// {}\n// symgrad: end\n", "caption: [The chain, $L = 2$.],\n) <fig:net>"),
]


@pytest.mark.parametrize(("name", "text", "shown"), PAGES)
def test_a_figure_is_woven_and_stays_as_it_is(name, text, shown):
    Path(name).write_text(text.format(f"symgrad: {NET}"), encoding="utf-8")
    assert main(["weave", name]) == 0
    assert shown in Path(name).read_text(encoding="utf-8")
    assert main(["weave", "--check", name]) == 0


def test_a_picture_beside_a_document_is_the_network_of_today(capsys):
    Path("a.md").write_text(f"<!-- symgrad: {NET} -->\n<!-- symgrad: end -->\n", encoding="utf-8")
    main(["weave", "a.md"])
    [path] = Path("symgrad").glob("chain-*.svg")
    assert path.read_text(encoding="utf-8") == sg.model("chain").draw(2).svg()
    Path("chain.eq").write_text(CHAIN.replace("w[j]", "v[j]"), encoding="utf-8")
    capsys.readouterr()
    assert main(["weave", "--check", "a.md"]) == 1
    assert str(path) in capsys.readouterr().out
    assert main(["weave", "a.md"]) == 0
    assert ">v<" in path.read_text(encoding="utf-8")
    path.unlink()
    assert main(["weave", "--check", "a.md"]) == 1


def test_factors_stand_on_the_arrows():
    shown = drawn("figure chain steps=2 from=b[1] to=C view=factors", "tikz")
    assert r"\sigma'(z_{1})" in shown.code
    assert shown.alt.endswith("are marked, with their factors.")
    assert drawn("figure chain steps=2 view=units").code == sg.model("chain").draw(2, view="units").svg()


FACTORS = "figure chain.eq steps=2 from=b[1] to=C view=factors label=fig:net caption='The chain, $L = 2$.'"


@pytest.mark.parametrize(("name", "text", "shown"), PAGES)
def test_factors_are_woven_and_stay_as_they_are(name, text, shown):
    Path(name).write_text(text.format(f"symgrad: {FACTORS}"), encoding="utf-8")
    assert main(["weave", name]) == 0
    page = Path(name).read_text(encoding="utf-8")
    assert shown in page
    factors = sg.model("chain").derivative("C", "b[1]", 2).draw()
    beside = [path.read_text(encoding="utf-8") for path in Path("symgrad").glob("*.svg")]
    if name.endswith((".tex", ".typ")):
        assert (factors.tikz() if name.endswith(".tex") else factors.typst().lstrip("#")).strip() in page
    else:
        assert beside == [factors.svg()]
    assert main(["weave", "--check", name]) == 0


OWN = '[macros]\nsignal = "\\\\mathbf{s}"\n[latex]\na = "\\\\signal"\n'
OF_OWN = "chain.eq of=C wrt=b[1] notation=own.toml"


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [("a.md", "<!-- ", " -->"), ("a.rst", ".. ", ""), ("a.typ", "// ", ""), ("a.tex", "% ", "")],
)
@pytest.mark.parametrize(
    "request_",
    [OF_OWN, f"{OF_OWN} detail=steps", "chain.eq of=C form=backward notation=own.toml", f"figure {OF_OWN[:8]} steps=1"],
)
def test_commands_of_a_notation_stand_in_latex_alone(name, begin, end, request_):
    Path("own.toml").write_text(OWN, encoding="utf-8")
    request_ += "" if "notation" in request_ else " notation=own.toml"
    Path(name).write_text(f"{begin}symgrad: {request_}{end}\n{begin}symgrad: end{end}\n", encoding="utf-8")
    assert main(["weave", name]) == 0
    assert ("\\signal" in Path(name).read_text(encoding="utf-8")) == (name == "a.tex")


def test_a_drawing_for_a_page_that_defines_no_commands_has_none():
    Path("own.toml").write_text(OWN, encoding="utf-8")
    line = read_request("figure chain.eq steps=1 notation=own.toml")
    with_, without = (picture(line, Place(Path(), Path()), "tikz", macros=m).code for m in (True, False))
    assert "\\signal_{0}" in with_
    assert without == with_.replace("\\signal", "\\mathbf{s}")


def test_a_wide_drawing_is_made_as_wide_as_the_text_in_typst():
    typst = pytest.importorskip("typst")
    Path("a.typ").write_text("// symgrad: figure chain.eq steps=6\n// symgrad: end\n", encoding="utf-8")
    assert main(["weave", "a.typ"]) == 0
    page = "#set page(width: 200pt, height: auto, margin: 10pt)\n" + Path("a.typ").read_text(encoding="utf-8")
    inside = "#context { let here = query(<end>).first().location().position(); assert(here.y < 60pt) }\n"
    typst.compile((page + "#metadata(0)<end>\n" + inside).encode())


def test_a_plot_has_the_sizes_that_the_gradient_has():
    code = drawn(PLOT, "tikz").code
    gradient = sg.model("chain").bind("logistic").derivative("a[L]", "a[0]")
    logs = [
        float(gradient.magnitude({"w": ["1/2"] * n, "b": [0] * n, "a[0]": "1/2"}, depth=n).log10().to(9))
        for n in (10, 40, 70, 100)
    ]
    [line] = re.findall(r"\\draw\[blue!60!black, thick\] (.*);", code)
    ys = [float(y) for y in re.findall(r",([\d.]+)\)", line)]
    ticks = {float(label): float(at) for at, label in re.findall(r"\(0,([\d.]+)\) -- \+\+\(-0.1,0\).*\$(.*)\$", code)}
    low, high = min(ticks), max(ticks)
    slope = (ticks[high] - ticks[low]) / (high - low)
    assert ys == [pytest.approx(ticks[low] + slope * (y - low), abs=0.002) for y in logs]
    assert "at the depth 100" in drawn(PLOT, "tikz").alt


def test_a_plot_is_the_same_however_it_is_drawn(capsys):
    pytest.importorskip("matplotlib")
    Path("a.md").write_text(f"<!-- symgrad: {PLOT} -->\n<!-- symgrad: end -->\n", encoding="utf-8")
    assert main(["weave", "a.md"]) == 0
    [path] = Path("symgrad").glob("chain-*.svg")
    path.write_text(path.read_text(encoding="utf-8").replace("<svg", "<svg  ", 1), encoding="utf-8")
    assert main(["weave", "--check", "a.md"]) == 0
    path.write_text(re.sub("data ..", "data ++", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert main(["weave", "--check", "a.md"]) == 1


WRONG = [
    ("figure", "no model"),
    (
        "figure rnn activation=tanh of=s[t] wrt=s[0] depths=1:3 at=W=1 at=U=1 at=b=0 at=x=1 at=s[0]=1",
        "network of numbers",
    ),
    ("figure chain rnn", "one model, and 2"),
    ("figure chain steps=0", "0 steps"),
    ("figure chain steps=many", "no whole number"),
    ("figure chain from=w[1]", "two ends"),
    ("figure chain from=q to=C", "there is no q"),
    ("figure chain view=tree", "unknown view 'tree'"),
    ("figure chain view=factors", "add from= and to="),
    ("figure chain wrt=w[1]", "has no wrt"),
    ("figure chain of=a[L] wrt=a[0] depths=1:9 steps=3", "has no steps"),
    ("figure chain of=C wrt=w[1]", "needs depths"),
    ("figure chain of=a[L] wrt=a[0] depths=9:1", "none, or more"),
    ("figure chain of=a[L] wrt=a[0] depths=all", "are no depths"),
    ("figure chain of=a[L] wrt=a[0] depths=1:9 at=w", "says nothing of a name"),
    ("figure chain of=a[L] wrt=q depths=1:9", "unknown quantity 'q'"),
    ("figure chain of=a[T] wrt=a[0] depths=1:9", "write of=a[L]"),
    ("figure chain activation=tanh of=a[L] wrt=a[0] depths=1:9 at=w=1", "write each as at=w=1/2"),
    ("figure chain activation=relu of=a[L] wrt=a[0] depths=1:9 at=w=1 at=b=0 at=a[0]=0", "at a kink"),
    ("figure chain colour=red", "unknown option 'colour'"),
    ("figure chain label=1x", "is not a label"),
    ("figure none.eq", "cannot read"),
    ("figure ../x.eq", "lies outside of"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_what_is_wrong_is_said(line, said):
    with pytest.raises(SymgradError) as error:
        drawn(line)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("a.tex", "caption='50 % off'", "comment of LaTeX"),
        ("a.tex", "caption='a } b'", "{ } in pairs"),
        ("a.typ", "caption='a ] b'", "[ ] in pairs"),
        ("a.typ", "caption='a // b'", "comment of Typst"),
        ("a.tex", "label=fig:x", "has no caption"),
    ],
)
def test_a_caption_cannot_end_its_figure(name, options, said, capsys):
    mark = "%" if name == "a.tex" else "//"
    Path(name).write_text(f"x\n{mark} symgrad: figure chain {options}\n{mark} symgrad: end\n", encoding="utf-8")
    assert main(["weave", name]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert f"{name}, line 2" in err


def test_what_is_not_known_to_be_true_is_not_plotted(monkeypatch):
    import symgrad.evidence.verify
    from symgrad.evidence.evidence import Check, Evidence
    from symgrad.evidence.verdict import Verdict

    refuted = Evidence("it", (Check("tangents", Verdict.REFUTED, counterexample="at w = 1"),))
    monkeypatch.setattr(symgrad.evidence.verify, "verify", lambda *_, **__: refuted)
    with pytest.raises(SymgradError, match="REFUTED"):
        drawn(PLOT, "tikz")


def test_read_depths_takes_both_ends():
    assert list(read_depths("3:9:3")) == [3, 6, 9]


def test_a_notebook_shows_a_figure():
    shown = show("figure --steps 2", CHAIN)
    page = shown._repr_mimebundle_()
    assert f'alt="{shown!r}"' in page["text/html"]
    assert "application/pdf" not in page or base64.b64decode(page["application/pdf"])[:5] == b"%PDF-"
    assert page["image/svg+xml"] == sg.parse(CHAIN, "network").draw(2).svg()
    assert repr(shown) == "A network, drawn as a graph: 2 steps."
    assert show("figure chain", None).picture.code == sg.model("chain").draw().svg()
    with pytest.raises(SymgradError, match="no label"):
        show("figure chain --label fig:a", None)


def test_mystmd_has_a_figure_with_its_number():
    block = {"type": "code", "lang": "symgrad", "value": f"figure steps=2 label=Fig:a caption='A chain.'\n{CHAIN}"}
    tree = transformed({"type": "root", "children": [block]}, Place(Path(), Path()))
    [figure] = tree["children"]
    image, caption = figure["children"]
    assert (figure["kind"], figure["identifier"], figure["enumerated"]) == ("figure", "fig:a", True)
    assert base64.b64decode(image["url"].partition(",")[2]).decode() == sg.parse(CHAIN, "network").draw(2).svg()
    assert "A chain." in json.dumps(caption)
    block["value"] = block["value"].replace("A chain.", "Of $w$.")
    with pytest.raises(SymgradError, match="no mathematics in the caption"):
        transformed({"type": "root", "children": [block]}, Place(Path(), Path()))


def test_respond_refuses_a_label_that_is_given_twice(monkeypatch, capsys):
    import io
    import sys

    asked = "chain of=C wrt=b[1] label=eq:a\x1efigure chain label=eq:a caption=x"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(asked.encode())))
    assert main(["respond"]) == 2
    assert "eq:a is given by request 1 already" in " ".join(capsys.readouterr().err.split())
