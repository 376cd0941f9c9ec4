"""Plots of formulas: what is marked is the extremum that ``maximise`` proves, exact where it is closed."""

from __future__ import annotations

import math

import pytest

import symgrad as sg
from symgrad.api.curve import plot_formulas
from symgrad.cli.main import main
from symgrad.errors import SymgradError
from symgrad.ops.elementwise import ELEMENTWISE

WINDOW = "2*log(w*(1 + sqrt(1 - 4/w))/2 - 1)/w"


@pytest.mark.parametrize(
    ("formula", "over", "marks"),
    [
        ("logistic'(z)", "-6 <= z <= 6", [(0.0, 0.25, "$1/4$ at $z = 0$")]),
        ("tanh'(z)", "-3 <= z <= 3", [(0.0, 1.0, "$1$ at $z = 0$")]),
        ("gelu'(z)", "-4 <= z <= 4", [(2**0.5, 1.128904145185155, r"$\approx 1.1289$ at $z \approx 1.4142$")]),
        (WINDOW, "4 <= w <= 20", [(6.894151032729, 0.447743204694303, r"$\approx 0.44774$ at $w \approx 6.8942$")]),
        ("z^2", "-1 <= z <= 2", [(2.0, 4.0, "$4$ at $z = 2$")]),
        ("sqrt(z)", "0 <= z <= 8", [(8.0, 8**0.5, r"$2\, \sqrt{2}$ at $z = 8$")]),
        ("relu'(z)", "-1 <= z <= 1", []),
    ],
)
def test_the_maximum_is_marked(formula, over, marks):
    plot = plot_formulas([formula], over, points=41)
    assert [m.label for m in plot.marks] == [label for *_, label in marks]
    for m, (x, y, _) in zip(plot.marks, marks, strict=True):
        assert math.isclose(m.x, x, rel_tol=1e-9, abs_tol=0)
        assert math.isclose(m.y, y, rel_tol=1e-12, abs_tol=0)
        assert all(v <= m.y * (1 + 1e-12) for _, v in plot.curves[0].points)


@pytest.mark.parametrize("name", [n for n, record in ELEMENTWISE.items() if not record.parameters][::4])
def test_the_slope_of_an_activation_is_plotted(name):
    try:
        plot = plot_formulas([f"{name}'(z)"], "1/2 <= z <= 3", points=25, mark="both")
    except SymgradError:
        return  # one that is not defined, or not differentiable, on all of the interval
    values = [y for _, y in plot.curves[0].points]
    assert len(values) == 25
    margin = 1e-9 * max(map(abs, values))
    for m in plot.marks:
        assert 0.5 <= m.x <= 3
        assert m.y <= min(values) + margin or m.y >= max(values) - margin


def test_a_curve_plots_itself():
    plot = sg.curve("$z^2$", "z^2", "0 <= z <= 1", points=3).plot(mark="both")
    assert [(m.x, m.y) for m in plot.marks] == [(1.0, 1.0), (0.0, 0.0)]
    assert plot.curves[0].points == ((0.0, 0.0), (0.5, 0.25), (1.0, 1.0))
    assert plot.svg()[plot.svg().index("<svg") :] in plot._repr_html_()
    assert plot.tikz().startswith(r"\begin{tikzpicture}")
    assert plot.pdf().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["z^2", "--over", "z >= 0"], "has no end"),
        (["log(z)", "--over", "0 <= z <= 1"], "has no value"),
        (["z*w", "--over", "0 <= z <= 1"], "w"),
        (["z^2", "--over", "0 <= z <= 1", "-o", "a.png"], "ends in .svg"),
        (["z", "--over", "0 <= z <= 0"], "ends are the same"),
        (["z", "--over", "0 <= z <= 1e400"], "too large"),
        (["exp(z)", "--over", "0 <= z <= 1000"], "the values of exp(z) are too large"),
        (["1e-400*z", "--over", "0 <= z <= 1"], "are too small"),
    ],
)
def test_what_cannot_be_plotted_is_said(arguments, words, capsys):
    assert main(["plot", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("formula", "kind", "why"),
    [
        ("relu'(z)", "maximum", "the maximum of relu'(z) is on (0, 1.000000000]"),
        ("1 + 0*z", "minimum", "the minimum of 1 + 0*z is on [-1.000000000, 1.000000000]"),
        ("z^2", "minimum", ""),
    ],
)
def test_what_has_no_mark_is_said(formula, kind, why, tmp_path, capsys):
    arguments = ["plot", formula, "--over", "-1 <= z <= 1", "--mark", kind, "-o", str(tmp_path / "a.tikz")]
    assert main([*arguments, "--points", "3"]) == 0
    assert capsys.readouterr().err == (f"symgrad: note: not marked: {why}\n" if why else "")


def test_a_search_without_an_end_is_said(monkeypatch):
    from symgrad.numbers.extremum import extremum

    ended = extremum.maximise
    monkeypatch.setattr(extremum, "maximise", lambda *asked: ended(*asked, timeout=1e-6))
    plot = plot_formulas(["z*exp(-z^2)"], "-1 <= z <= 1", points=3)
    assert not plot.marks
    assert plot.unmarked == ("the maximum of z*exp(-z^2) was not found: the search did not come to its end",)


def test_files_of_a_plot(tmp_path):
    for suffix, start in (("svg", b"<?xml"), ("pdf", b"%PDF"), ("tikz", b"\\begin{tikzpicture}")):
        path = tmp_path / f"slope.{suffix}"
        assert main(["plot", "logistic'(z)", "--over", "-6 <= z <= 6", "-o", str(path), "--points", "11"]) == 0
        assert path.read_bytes().startswith(start)
