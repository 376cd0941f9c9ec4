"""Pictures of networks: every arrow is a dependence of the model and none is left out; words are escaped."""

from __future__ import annotations

import re
import runpy
import shlex
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from campaign import campaign
from random_networks import networks, values_for

import symgrad as sg
from symgrad.algebra.expression import written
from symgrad.algebra.expression_tree import quantities, reads
from symgrad.algebra.index import Index
from symgrad.cli import draw as draw_command
from symgrad.cli.main import main
from symgrad.draw.drawing import Arrow
from symgrad.draw.factors import path_sum
from symgrad.draw.faults import faults
from symgrad.draw.geometry import line
from symgrad.draw.network import VIEWS
from symgrad.draw.operations import of_one_step, weights_of
from symgrad.draw.written import sizes, written_out
from symgrad.errors import SymgradError
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.verdict import Verdict
from symgrad.export.text import math_text
from symgrad.network.built_in import builtin_names, builtin_text
from symgrad.network.schedule import under


def dependences(model, steps):
    """Read the equations anew, with numbers put into their text: (x, y) for each step."""
    ends = sizes(model, steps, {})
    found = set()
    for e in model.equations:
        letters = model.free(e)
        for numbers in product(*(s.numbers(ends) for s in letters)):
            at = {**ends, **{s.symbol: n for s, n in zip(letters, numbers, strict=True)}}
            for q, spans in reads(e.value):
                for here in under(spans, at):
                    found.add((q.name, q.place(here), e.target.name, e.target.place(at)))
    return found


MODELS = {name: sg.model(name) for name in builtin_names()}


@pytest.mark.parametrize("view", ["equations", "units"])
@pytest.mark.parametrize("name", MODELS)
def test_the_arrows_are_the_dependences_of_the_model(name, view):
    model = MODELS[name]
    for steps in (1, 2):
        drawing = model.draw(steps, view=view)
        said = {tuple(pair) for pair in drawing.dependences}
        expected = {(str(written(a, b)), str(written(c, d))) for a, b, c, d in dependences(model, steps)}
        zero = {(x, y) for x, y in expected - said if name == "conv1d" or "[-" in x}
        assert said == expected - zero
        assert len(zero) < len(expected) / 2
        assert drawing == model.draw(steps, view=view)
        assert not faults(drawing)
        root = ET.fromstring(drawing.svg())
        assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
        assert drawing.tikz().count("{") == drawing.tikz().count("}")


def test_what_lies_beyond_a_padded_family_is_0_and_not_drawn():
    said = sg.model("conv1d").draw(1).dependences
    assert ("a[0,1]", "z[1,1]") in said
    assert not any(x in ("a[0,0]", "a[0,4]") for x, _ in said)


@campaign(8, 500, networks())
def test_a_random_network_is_drawn(case):
    model = sg.parse(case.text)
    expected = {(str(q), str(w.target)) for w in written_out(model, 2) for q in w.reads}
    for view in ("equations", "units", "cell"):
        drawing = model.draw(2 if view != "cell" else None, view=view)
        assert not faults(drawing)
        assert view == "cell" or drawing.dependences == expected
        ET.fromstring(drawing.svg())
    wrt = case.name if case.index is None else f"{case.name}[{case.index}]"
    try:
        drawing = model.derivative(case.of, wrt, depth=case.depth).draw()
    except SymgradError as error:  # one of many steps, or one that is 0
        assert re.search("no path leads|do not fit|finds no room|in the drawing", str(error))  # noqa: PT017
    else:
        assert not faults(drawing)


BUILT_IN = sorted((Path(sg.__file__).parent / "network" / "builtin").glob("*.eq"))
PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
PAGE = PICTURES.parent / "pictures.md"
CORPUS = sorted((Path(__file__).parent / "corpus" / "rows").glob("*.eq"))


@pytest.mark.parametrize(
    "files", [pytest.param(CORPUS[::6], id="some"), pytest.param(CORPUS, id="all", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("view", ["equations", "units"])
def test_nothing_overlaps_in_the_networks_of_the_corpus(view, files):
    assert len(files) > 15
    for file in files:
        try:
            model = sg.parse(file.read_text("utf-8"), file.stem)
        except SymgradError:
            continue
        drawing = model.draw(2, view=view)
        assert not faults(drawing), file.stem
        expected = {(str(q), str(w.target)) for w in written_out(model, 2) for q in w.reads}
        assert drawing.dependences == expected, file.stem


def test_faults_are_seen():
    drawing = sg.model("rnn").draw(2)
    [node, *_] = [n for n in drawing.nodes if n.key == "a[1]"]
    elsewhere = next(n for n in drawing.nodes if n.key == "s[1]")
    on_top = replace(drawing, nodes=(*drawing.nodes, replace(node, keys=("q",))))
    assert "node a[1] overlaps node q" in faults(on_top)
    label = replace(drawing.labels[0], x=node.x, y=(node.y + elsewhere.y) / 2, end="")
    touched = faults(replace(drawing, labels=(label,)))
    assert [f for f in touched if f.startswith("arrow a[1] -> s[1] touches label")]
    way = Arrow("s[0]", "E", line((0, node.y), (drawing.width, node.y)))
    assert "arrow s[0] -> E runs through a[1]" in faults(replace(drawing, arrows=(way,)))
    assert any(f.endswith("leaves the page") for f in faults(replace(drawing, width=drawing.width / 2)))


def test_paths_are_marked_and_no_other_arrow():
    drawing = sg.model("residual").draw(2, "b[2]", "C")
    expected = {("b[2]", "z[2]"), ("z[2]", "a[2]"), ("a[2]", "C")}
    assert {(a.start, a.end) for a in drawing.arrows if a.marked} == expected
    assert [(m.keys, m.end) for m in drawing.labels if m.marked] == [(("b[2]",), "z[2]")]


def test_a_name_is_escaped():
    svg = sg.parse("C = w*x", 'a <b> & "c"').draw().svg()
    assert "<b>" not in svg
    ET.fromstring(svg)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chain", "-o", "net.png"], "ends in .svg"),
        (["chain", "--from", "q", "--to", "C"], "there is no q"),
        (["chain", "--from", "C"], "go together"),
        (["chain", "--from", "a[2]", "--to", "z[1]"], "no path leads"),
        (["mlp", "--view", "neurons", "--from", "a[2]", "--to", "z[1]"], "no path leads"),
        (["lstm", "--view", "cell", "--steps", "2"], "one step"),
        (["chain", "--factors"], "--factors needs"),
        (["chain", "--steps", "500"], "do not fit"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments, words, capsys):
    assert main(["draw", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("name", ["residual", "lstm"])
def test_typst_takes_a_drawing(name, tmp_path):
    typst = pytest.importorskip("typst")
    (tmp_path / "net.typ").write_text(sg.model(name).draw().typst(), "utf-8")
    typst.compile(str(tmp_path / "net.typ"), format="svg")


def test_factors_that_are_not_known_to_be_right_are_not_drawn(monkeypatch, tmp_path, capsys):
    wrong = Evidence("∂C/∂b_1", (Check("backpropagation", Verdict.REFUTED, counterexample="at 1"),))
    monkeypatch.setattr("symgrad.api.gradient.Gradient.verify", lambda *_, **__: wrong)
    file = tmp_path / "net.svg"
    assert main(["draw", "chain", "--from", "b[1]", "--to", "C", "--factors", "-o", str(file)]) == 1
    assert "REFUTED" in capsys.readouterr().err
    assert not file.exists()


def test_the_command_writes_a_file(tmp_path):
    assert main(["draw", "rnn", "-o", str(tmp_path / "rnn.tikz")]) == 0
    assert r"\begin{tikzpicture}" in (tmp_path / "rnn.tikz").read_text("utf-8")


def test_the_pictures_of_the_documentation_are_what_is_drawn(tmp_path):
    made = runpy.run_path(str(PICTURES / "make.py"))
    made["main"](tmp_path)
    shown = set(re.findall(r"\(pictures/(.*?)\.svg\)", PAGE.read_text("utf-8")))
    assert shown == {p.stem for p in PICTURES.glob("*.svg")} == made["PICTURES"].keys() | made["PLOTS"].keys()
    for name in made["PICTURES"]:
        kept, drawn = ((folder / f"{name}.svg").read_text("utf-8") for folder in (PICTURES, tmp_path))
        assert kept == drawn, f"run docs/pictures/make.py: {name} is old"


COMMANDS = re.findall(r"^\$ symgrad (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_documentation_run(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = shlex.split(command)
    assert main(arguments) == 0
    assert Path(arguments[arguments.index("-o") + 1]).read_bytes()


def test_nothing_overlaps_in_the_picture_of_the_idea():
    assert not faults(runpy.run_path(str(PICTURES / "make.py"))["in_one_picture"]())


@pytest.mark.parametrize(
    ("model", "of", "depths", "words"),
    [("chain", "a[L]", (), "no depths"), ("chain", "a[L]", (1,), "is 0 at the depth 1")],
)
def test_what_has_no_size_is_not_plotted(model, of, depths, words):
    gradient = sg.model(model).bind("identity").derivative(of, "a[0]")
    with pytest.raises(SymgradError, match=words):
        gradient.plot(depths, lambda depth: {"w": [0] * depth, "b": [0] * depth, "a[0]": 1})


DERIVATIVES = [
    ("chain", "C", "b[1]", 3),
    ("chain", "C", "w[2]", 3),
    ("residual", "C", "b[1]", 3),
    ("deep_linear", "C", "a[0]", 2),
    ("mlp", "C", "b[1]", 2),
    ("mlp", "C", "W[1]", 2),
    ("layer_norm_mlp", "C", "a[0]", 2),
    ("rnn", "E", "W", 3),
    ("rnn", "s[3]", "s[1]", 3),
    ("seq_rnn", "E", "s[1]", 3),
    ("ssm", "E", "B", 2),
    ("lstm", "c[2]", "c[0]", 2),
    ("lstm", "E", "U_f", 2),
    ("gru", "E", "h[0]", 2),
    ("attention", "L", "X", 1),
    ("transformer", "C", "X[0]", 1),
]


@pytest.mark.parametrize(("name", "of", "wrt"), [("stacked_rnn", "E", "h[1,1]"), ("conv1d", "C", "a[0,1]")])
def test_the_factors_of_a_grid(name, of, wrt):
    model = sg.parse(builtin_text(name).replace("n+1", "4").replace("range(-r, r+1)", "range(-1, 2)"), name)
    drawing = model.derivative(of, wrt, depth=2).draw()
    assert not faults(drawing)
    along = {m.along for m in drawing.labels if m.along}
    assert along == {(a.start, a.end) for a in drawing.arrows if a.marked}


def known(name):
    """Return a built-in network with a function in the place of each letter: σ tanh, a loss of one argument Σ s³."""
    text = re.sub(r"(?:loss|cost)\(([^,()]+)\)", r"sum(\1*\1*\1)", builtin_text(name))
    model = sg.parse(text.replace("sigma(", "tanh("), name)
    return model.bind(cost="quadratic") if re.search("loss|cost", text.split("#")[-1].partition("\n")[2]) else model


@pytest.mark.parametrize(("name", "of", "wrt", "depth"), DERIVATIVES)
def test_the_factors_on_the_paths_give_the_derivative(name, of, wrt, depth):
    model = known(name)
    gradient = model.derivative(of, wrt, depth=depth)
    drawing = gradient.draw()
    assert not faults(drawing)
    values = values_for(model, depth, 1, lambda d: 3)
    by_paths = replace(gradient, map=path_sum(model, gradient.of, gradient.wrt, depth))
    found, expected = (g.evaluate(values, "float", depth=depth) for g in (by_paths, gradient))
    assert np.allclose(np.array(found, float), np.array(expected, float), rtol=1e-9, atol=0)
    assert np.any(np.array(expected, float) != 0)
    marked = [a for a in drawing.arrows if a.marked]
    told = [m.along for m in drawing.labels if m.along]
    assert len(told) >= len(marked) - sum(a.start == wrt for a in marked)


def test_what_is_not_on_a_path_has_no_factors():
    with pytest.raises(SymgradError, match="no path leads"):
        sg.model("chain").derivative("a[1]", "b[2]", depth=2).draw()
    with pytest.raises(SymgradError, match="has no number"):
        sg.model("rnn").derivative("s[t]", "s[k]").draw()


def read_in_a_cell(drawing):
    """Return what each equation reads by the wires: operations inside an equation, f[j]:1, belong to it."""
    owner = {k: n.keys for n in drawing.nodes for k in n.keys}
    of = lambda key: owner[key][0].partition(":")[0]  # noqa: E731
    wires = {(a.start, of(a.end)) for a in drawing.arrows if not a.end.startswith("out ")}
    inner = {(x.partition(":")[0], y.partition(":")[0]) for n in drawing.nodes for x, y in pairwise(n.keys)}
    return {(x, y) for x, y in wires if ":" not in x} | {(x, y) for x, y in inner if x != y}


@pytest.mark.parametrize("file", [*CORPUS[::5], *BUILT_IN], ids=lambda f: f.stem)
def test_the_wires_of_a_cell_are_what_the_equations_read(file):
    try:
        model = sg.parse(file.read_text("utf-8"), file.stem)
    except SymgradError:
        return
    drawing = model.draw(view="cell")
    assert not faults(drawing)
    equations = of_one_step(model)
    weights = weights_of(model, equations)
    families = {e.target.name: str(e.target) for e in equations if e.target.index is None and e.target.indices}
    expected = set()
    for e in equations:
        for q in quantities(e.value):
            before = any(isinstance(p, Index) and p.offset for p in q.indices)  # of another step
            key = str(q) if before or q.name == e.target.name else families.get(q.name, str(q))
            expected |= {(key, str(e.target))} if str(q) not in weights else set()
    said = read_in_a_cell(drawing)
    assert said == expected
    assert {str(e.target) for e in equations} <= {k for n in drawing.nodes for k in n.keys}


def test_a_weight_multiplies_what_flows_or_is_added_to_it():
    def found(text):
        model = sg.parse(text)
        return set(weights_of(model, of_one_step(model)))

    assert found("W: (d, d)\nx: (d,)\ny = W@x + b") == {"W", "b"}
    assert found("h[t] = tanh(w*h[t-1] + x[t])") == {"w"}
    assert found("g: (d,)\ny = tau*g/norm(g)") == set()
    assert found("k[t]: (d,)\nS[0]: (d, d)\nS[t] = S[t-1] + outer(S[t-1]@k[t], k[t])") == set()


def test_the_views_of_the_command_are_those_of_the_function():
    assert draw_command.VIEWS == VIEWS


def test_a_map_whose_value_goes_on_keeps_its_box():
    model = sg.parse(
        "W: (d, d)\ns[0]: (d,)\nz[0]: (d,)\nz[t] = W@s[t-1] + z[t-1]\nu[t] = W@s[t-1]\ns[t] = tanh(u[t]) + u[t-1]"
    )
    outs = {n.key for n in model.draw(view="cell").nodes if n.key.startswith("out ")}
    assert outs == {"out z[t]", "out u[t]", "out s[t]"}


def test_a_cell_is_one_step():
    with pytest.raises(SymgradError, match="one step"):
        sg.model("lstm").draw(2, view="cell")
    with pytest.raises(SymgradError, match="view"):
        sg.model("lstm").draw(view="sell")


def test_layers_of_neurons():
    drawing = sg.model("mlp").draw(2, view="neurons", ends={"n[0]": 3, "n[1]": 4, "n[2]": 2})
    lines = Counter((a.start, a.end) for a in drawing.arrows)
    assert lines == {("a[0]", "z[1]"): 12, ("a[1]", "z[2]"): 8, ("a[2]", "C"): 2}
    assert drawing.dependences == sg.model("mlp").draw(2, view="units").dependences
    dots = sg.model("mlp").draw(1, view="neurons", ends={"n": 7})
    assert sum(n.shape == "dots" for n in dots.nodes) == 2
    normalised = sg.model("layer_norm_mlp").draw(1, view="neurons", ends={"n": 3})
    assert sum((a.start, a.end) == ("x_hat[1]", "a[1]") for a in normalised.arrows) == 3


@pytest.mark.parametrize("file", [*CORPUS[::9], *BUILT_IN], ids=lambda f: f.stem)
def test_nothing_overlaps_in_layers_of_neurons(file):
    try:
        model = sg.parse(file.read_text("utf-8"), file.stem)
    except SymgradError:
        return
    try:
        drawing = model.draw(2, view="neurons", ends={"d": 3, "n": 3})
    except SymgradError:
        with pytest.raises(SymgradError, match="is a matrix"):
            model.draw(2, view="neurons")
        return
    assert not faults(drawing)


@pytest.mark.parametrize("size", ["n", "n=0", "=3", "n=x", "n=99999"])
def test_a_size_is_a_number(size, capsys):
    assert main(["draw", "mlp", "--view", "neurons", "--size", size]) == 2
    assert "gives no size" in capsys.readouterr().err


@pytest.mark.parametrize(("equation", "box"), [("logdet(A)", "logdet"), ("tr(A)", "tr"), ("log(det(A))", "ln")])
def test_a_box_says_what_it_does_to_what_flows_into_it(equation, box):
    drawing = sg.parse(f"A: (n, n)\nE = {equation}").draw(view="cell")
    assert box in [math_text(n.label) for n in drawing.nodes if n.shape == "box"]


def test_only_a_gate_stands_for_the_weights_before_it():
    boxes = [math_text(n.label) for n in sg.parse("X: (B, n)\ng: (n,)\nE = sum(X*g)").draw(view="cell").nodes[1:]]
    assert boxes == ["g", "outer", "X", "sum", "E"]
    gate = sg.parse("W: (d, d)\nU: (d, d)\nx[t]: (d,)\nh[0]: (d,)\nh[t] = sigma(W@h[t-1] + U@x[t])").draw(view="cell")
    assert [math_text(n.label) for n in gate.nodes if n.shape == "box"] == ["σ"]
