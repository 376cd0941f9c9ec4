"""Pictures of networks: every arrow is a dependence of the model and none is left out; words are escaped."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pytest
from campaign import campaign
from random_networks import networks

import symgrad as sg
from symgrad.algebra.expression_tree import quantities
from symgrad.cli.main import main
from symgrad.errors import SymgradError
from symgrad.network.built_in import builtin_names


def drawn(model, steps=None):
    if not model.grid:
        return model.draw(steps)
    with pytest.raises(SymgradError, match="several recurrences"):
        model.draw(steps)
    return None


def dependences(model, steps):
    """Read the equations anew: (x, y) for each step, by their text."""
    found = set()
    for e in model.equations:
        for n in range(1, steps + 1) if e in model.steps else (0,):
            at = e.at(model.depth_symbol, steps)
            at = at.at(model.symbol, n) if n else at
            found |= {(str(q), str(at.target)) for q in quantities(at.value)}
    return found


@pytest.mark.parametrize("name", builtin_names())
def test_the_arrows_are_the_dependences_of_the_model(name):
    model = sg.model(name)
    for steps in (1, 2):
        drawing = drawn(model, steps)
        if drawing is None:
            return
        expected = {(x, y) for x, y in dependences(model, steps) if "[-" not in x}
        assert drawing.dependences == expected
        assert drawing == model.draw(steps)
        ET.fromstring(drawing.svg())
        assert drawing.tikz().count("{") == drawing.tikz().count("}")
        for a, b in combinations(drawing.nodes, 2):
            assert abs(a.x - b.x) >= 1 or abs(a.y - b.y) >= 1, "two nodes in one place"


@campaign(15, 500, networks())
def test_a_random_network_is_drawn(case):
    drawing = drawn(sg.parse(case.text), 2)
    if drawing is not None:
        ET.fromstring(drawing.svg())
        places = {n.key: n.x for n in drawing.nodes}
        assert all(places[a.start] < places[a.end] for a in drawing.arrows)


def test_paths_are_marked_and_no_other_arrow():
    drawing = sg.model("residual").draw(2, "b[2]", "C")
    assert {(a.start, a.end) for a in drawing.arrows if a.marked} == {("z[2]", "a[2]"), ("a[2]", "C")}
    assert [b.end for b in drawing.beside if b.marked] == ["z[2]"]


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


def test_the_command_writes_a_file(tmp_path):
    assert main(["draw", "rnn", "-o", str(tmp_path / "rnn.tikz")]) == 0
    assert r"\begin{tikzpicture}" in (tmp_path / "rnn.tikz").read_text("utf-8")


def test_the_pictures_of_the_documentation_are_what_is_drawn():
    folder = Path(__file__).parent.parent / "docs" / "pictures"
    for name in ("chain", "rnn", "lstm"):
        assert (folder / f"{name}.svg").read_text("utf-8") == sg.model(name).draw().svg()
    assert (folder / "residual.svg").read_text("utf-8") == sg.model("residual").draw(3, "w[1]", "C").svg()


@pytest.mark.parametrize(
    ("model", "of", "depths", "words"),
    [("chain", "a[L]", (), "no depths"), ("chain", "a[L]", (1,), "is 0 at the depth 1")],
)
def test_what_has_no_size_is_not_plotted(model, of, depths, words):
    gradient = sg.model(model).bind("identity").derivative(of, "a[0]")
    with pytest.raises(SymgradError, match=words):
        gradient.plot(depths, lambda depth: {"w": [0] * depth, "b": [0] * depth, "a[0]": 1})
