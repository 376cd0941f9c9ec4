"""Notations: every style, each ready one, and random ones, over networks, layouts and forms, are read back."""

from __future__ import annotations

import pytest

import symgrad as sg
from symgrad.export.formats import FORMATS
from symgrad.export.notation import Notation
from symgrad.export.style import VALUES, Style

WRITTEN = ("text", "latex", "markdown", "rst", "html", "typst")
QUESTIONS = [("chain", "C", "b[1]"), ("mlp", "C", "W[1]"), ("rnn", "s[t]", "s[k]"), ("lstm", "h[t]", "h[k]")]
STYLES = [{key: value} for key, values in VALUES.items() for value in values[1:]]


def read_back(name, of, wrt, notation, layout="numerator", form="folded"):
    """Return the check of the pages of a derivative, in every format, and the pages."""
    model = sg.model(name) if isinstance(name, str) else name
    depth = 3 if form == "inputs" and of == "C" else None
    gradient = model.derivative(of, wrt, depth, layout)
    page = gradient.presentation(notation, form)
    pages = {format_: FORMATS[format_].write(page.document()) for format_ in WRITTEN}
    return gradient.verify(pages=pages, presentation=page).checks[-1], pages


@pytest.mark.parametrize("style", STYLES, ids=lambda s: "-".join(*s.items()))
def test_every_style_is_read_back(style):
    notation = Notation("mine", style=Style(**style))
    check, _ = read_back("mlp", "C", "W[1]", notation, "denominator")
    assert str(check.verdict) == "SAMPLED", str(check)
    assert str(sg.model("mlp").backward("C").verify(notation=notation).checks[-1].verdict) == "SAMPLED"


@pytest.mark.long
@pytest.mark.parametrize("form", ["folded", "unfolded", "inputs"])
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q[0])
@pytest.mark.parametrize("style", STYLES, ids=lambda s: "-".join(*s.items()))
def test_every_style_is_read_back_in_every_layout_and_form(style, question, layout, form):
    check, _ = read_back(*question, Notation("mine", style=Style(**style)), layout, form)
    assert str(check.verdict) == "SAMPLED", str(check)


LOOKS = [  # of one derivative, ∂C/∂z of the MLP's last layers but one
    ({"index": "superscript"}, "text", "∂C/∂z^1"),
    ({"index": "bracket", "transpose": r"\top"}, "latex", r"W^{[l]\top}"),
    ({"transpose": "T"}, "latex", "W_{l}^{T}"),
    ({"transpose": r"\mathrm T"}, "typst", 'W_l^sans("T")'),
    ({"transpose": r"\top"}, "typst", "W_l^⊤"),
    ({"transpose": r"\top"}, "html", "⊤"),
    ({"derivative": r"\mathrm d"}, "latex", r"\frac{\mathrm{d} C}{\mathrm{d} z_{1}}"),
    ({"derivative": r"\mathrm d"}, "typst", "frac(dif C, dif z_1)"),
    ({"jacobian": "square"}, "latex", r"\left[\frac{\partial C}{\partial a_{L}}\right]"),
    ({"jacobian": "round"}, "text", "(∂C/∂a_L)"),
    ({"product": "dot"}, "latex", r"W_{l}^{\mathsf T} \cdot \operatorname{diag}"),
    ({"product": "dot"}, "text", "W_lᵀ · diag"),
    ({"vectors": "bold", "matrices": "bold"}, "latex", r"\mathbf{W}_{l}^{\mathsf T}"),
    ({"vectors": "bold italic"}, "latex", r"\boldsymbol{z}_{l}"),
    ({"vectors": "bold"}, "text", "∂C/∂𝐳_1"),
    ({"vectors": "bold"}, "html", "<mi>𝐳</mi>"),
    ({"vectors": "bold"}, "typst", "upright(bold(z))_1"),
    ({"range": "between"}, "latex", r"\prod_{2 \le l \le L} "),
    ({"range": "between"}, "text", "∏_{2≤l≤L} "),
]


@pytest.mark.parametrize(("style", "format_", "expected"), LOOKS)
def test_what_a_style_looks_like(style, format_, expected):
    gradient = sg.model("mlp").derivative("C", "z[1]", layout="denominator")
    document = gradient.presentation(Notation("mine", style=Style(**style))).document()
    assert expected in FORMATS[format_].write(document)


def test_subscripts_and_matrices():
    model = sg.parse("W_hh: (d, d)\nx: (d,)\ny_out = tanh(W_hh@x)\nC = cost(y_out)")
    italic = Notation("mine", style=Style(subscripts="italic"))
    check, pages = read_back(model, "y_out", "x", italic)
    assert str(check.verdict) == "SAMPLED"
    assert r"\frac{\partial y_{out}}{\partial x}" in pages["latex"]
    check, pages = read_back("lstm", "h[t]", "h[k]", Notation("mine", style=Style(matrix="square")))
    assert str(check.verdict) == "SAMPLED"
    assert r"\begin{bmatrix}" in pages["latex"]
    assert 'mat(delim: "["' in pages["typst"]
