"""Notations: every style, each ready one, and random ones, over networks, layouts and forms, are read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaign import campaign
from corpus.row import rows
from corpus.run import call
from hypothesis import assume, event
from hypothesis import strategies as st
from random_networks import networks
from test_printed_random import UNDECIDED

import symgrad as sg
from symgrad.api.printed.steps import read_back as printed_steps
from symgrad.api.printed.witness import check_printed
from symgrad.derivation.catalogue import catalogue
from symgrad.export.claims.page import ClaimPage
from symgrad.export.formats import FORMATS
from symgrad.export.math import Name
from symgrad.export.notation import Notation
from symgrad.export.notation_file import from_table
from symgrad.export.setting import Setting
from symgrad.export.style import VALUES, Style

WRITTEN = ("text", "latex", "markdown", "rst", "html", "typst")
QUESTIONS = [("chain", "C", "b[1]"), ("mlp", "C", "W[1]"), ("rnn", "s[t]", "s[k]"), ("lstm", "h[t]", "h[k]")]
FORMS = [(q, form) for q in QUESTIONS for form in ("folded", "unfolded", "inputs") if form != "inputs" or q[1] == "C"]
"""An open index cannot be written by the inputs."""
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
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(("question", "form"), FORMS, ids=str)
@pytest.mark.parametrize("style", STYLES, ids=lambda s: "-".join(*s.items()))
def test_every_style_is_read_back_in_every_layout_and_form(style, question, layout, form):
    check, _ = read_back(*question, Notation("mine", style=Style(**style)), layout, form)
    assert str(check.verdict) == "SAMPLED", str(check)


LOOKS = [  # of one derivative, ∂C/∂z of the MLP's last layers but one
    ({"index": "superscript"}, "text", "∂C/∂z^1"),
    ({"index": "bracket", "transpose": r"\top"}, "latex", r"W^{[l]\top}"),
    ({"transpose": "T"}, "latex", "W_{l}^{T}"),
    ({"transpose": r"\mathrm T"}, "typst", 'W_l^sans("T")'),
    ({"transpose": r"\top"}, "typst", "W_l^(⊤)"),
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


# --- the ready-made ones ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sg.NOTATIONS)
def test_a_ready_notation_is_read_back(name):
    check, _ = read_back("lstm", "h[t]", "h[k]", name)
    assert str(check.verdict) == "SAMPLED", str(check)
    for model, of in (("mlp", "C"), ("attention", "L")):
        check = sg.model(model).backward(of).verify(notation=name).checks[-1]
        assert str(check.verdict) == "SAMPLED", str(check)


@pytest.mark.long
@pytest.mark.parametrize("name", sg.NOTATIONS)
@pytest.mark.parametrize("row", rows(), ids=lambda r: r.id)
def test_a_ready_notation_is_read_back_on_the_corpus(row, name):
    for question in row.questions:
        arguments = ["derive", str(row.path), *question.options, "--format", "latex", "--timeout", "100"]
        refused, _, _ = call([*arguments, "--no-verify"])
        code, out, err = call([*arguments, "--notation", name])
        assert code == refused, err
        assert refused or "SAMPLED  as printed" in out


@pytest.mark.long
@pytest.mark.parametrize("entry", catalogue(), ids=str)
def test_the_steps_of_the_catalogue_are_read_back_in_every_notation(entry):
    derivation = catalogue()[entry].derivation().checked()
    for name in sg.NOTATIONS:
        read = printed_steps(derivation, sg.notation(name), ("text", "latex", "html", "typst"))
        assert [s.evidence.verdict for s in read.steps] == [s.evidence.verdict for s in derivation.steps], name


def test_a_letter_of_a_formula_is_no_matrix_where_the_style_has_matrices_bold():
    page = ClaimPage(sg.notation("bishop"))  # S is what names the Jacobian of a step in a network
    assert page.variable("S") == Name("S", place="parenthesis")


def test_an_entry_with_subscripts_keeps_the_letter_of_layers_apart():
    derivation = catalogue()["backpropagation"].derivation().checked()
    for name in ("goodfellow", "prince"):  # which write the layer k, as the entries write a neuron
        read = printed_steps(derivation, sg.notation(name), ("text", "latex"))
        assert [s.evidence.verdict for s in read.steps] == [s.evidence.verdict for s in derivation.steps]


READY = [  # what these books write: the error of one layer by that of the next, and the gradient of its weights
    ("nielsen", r"\delta_{l} &= (W_{l+1}^{\mathsf T}\, \delta_{l+1}) \odot \sigma'(z_{l})"),
    ("ng", r"\mathrm{dW}^{[l]} &= \mathrm{dZ}^{[l]}\, A^{[l-1]\mathsf T}"),
    ("d2l", r"\mathbf{z}^{(l)} &= \mathbf{W}^{(l)}\, \mathbf{h}^{(l-1)} + \mathbf{b}^{(l)}"),
    ("d2l", r"\mathbf{h}^{(l)} &= \phi(\mathbf{z}^{(l)})"),
    ("goodfellow", r"\boldsymbol{a}^{(k)} &= \boldsymbol{W}^{(k)}\, \boldsymbol{h}^{(k-1)} + \boldsymbol{b}^{(k)}"),
    ("bishop", r"\boldsymbol{\delta}^{(l)} &\mathrel{:=} \frac{\partial E}{\partial \mathbf{a}^{(l)}}"),
    ("prince", r"\mathbf{f}_{k} &= \boldsymbol{\Omega}_{k}\, \mathbf{h}_{k-1} + \boldsymbol{\beta}_{k}"),
    ("prince", r"\boldsymbol{\Omega}_{k+1}^{T}\, \boldsymbol{\delta}_{k+1}"),
]


@pytest.mark.parametrize(("name", "line"), READY)
def test_what_a_ready_notation_writes(name, line):
    assert line in sg.model("mlp").backward("C").latex(name)


def test_steps_in_time_have_their_own_place():
    rnn = sg.model("rnn").derivative("s[t]", "s[k]")
    assert rnn.latex("d2l") == r"\prod_{j=k+1}^{t} \operatorname{diag}(\phi'(\mathbf{a}_{j}))\, \mathbf{W}"
    assert r"\boldsymbol{a}^{(j)}" in rnn.latex("goodfellow")


# --- one's own ----------------------------------------------------------------------------------------

BOOK = r"""
[macros]
vh = "\\mathbf{h}"
vect = "\\mathbf{#1}"
[style]
transpose = "\\top"
subscripts = "italic"
[latex]
h = "\\vh"
x = "\\vect{x}"
W_hh = "W_{hh}"
W_hx = "\\hat{W}_{\\mathrm{hx}}"
loss = "\\mathcal{L}"
T = "\\tau"
"""
EQUATIONS = """W_hh: (d, d)
W_hx: (d, n)
x[t]: (n,)
h[0]: (d,)
h[t] = tanh(W_hh@h[t-1] + W_hx@x[t])
E = loss(h[T])
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "book.toml"
    path.write_text(BOOK)
    return sg.notation(str(path))


def test_a_book_with_its_macros(own):
    check, pages = read_back(sg.parse(EQUATIONS), "E", "W_hh", own)
    assert str(check.verdict) == "SAMPLED", str(check)
    assert r"\frac{\partial E}{\partial \vh_{\tau}}" in pages["latex"]
    assert r"\hat{W}_{\mathrm{hx}}\, \vect{x}_{t}" in sg.parse(EQUATIONS).backward("E").latex(own)
    assert r"\frac{\partial E}{\partial \mathbf{h}_{\tau}}" in pages["markdown"]
    assert "∂E/∂𝐡_τ" in pages["text"]
    assert "<mi>𝐡</mi>" in pages["html"]
    assert "upright(bold(h))_tau" in pages["typst"]
    assert str(sg.parse(EQUATIONS).backward("E").verify(notation=own).checks[-1].verdict) == "SAMPLED"


def test_the_macros_are_defined_where_a_file_stands_alone(own):
    document = sg.parse(EQUATIONS).derivative("E", "W_hh").presentation(own).document()
    lines = "\\newcommand{\\vh}{\\mathbf{h}}\n\\newcommand{\\vect}[1]{\\mathbf{#1}}\n"
    assert f"{lines}\\begin{{document}}" in FORMATS["latex"].file(document, "")
    assert "newcommand" not in FORMATS["latex"].write(document)
    assert FORMATS["latex"].write(document, setting=Setting(macros=True)).startswith(lines)


def test_a_wrong_page_in_a_notation_is_refuted(own):
    gradient = sg.parse(EQUATIONS).derivative("E", "W_hh")
    page = gradient.presentation(own)
    right = FORMATS["latex"].write(page.document())
    wrong = right.replace(r"\frac{\partial E}{\partial \vh_{\tau}}", r"\frac{\partial E}{\partial \vh_{k}}")
    assert wrong != right
    check = gradient.verify(pages={"latex": wrong}, presentation=page).checks[-1]
    assert str(check.verdict) == "REFUTED"


def test_a_page_whose_command_nobody_defined_is_not_read(own):
    gradient = sg.parse(EQUATIONS).derivative("E", "W_hh")
    page = gradient.presentation(own)
    wrong = FORMATS["latex"].write(page.document()).replace(r"\vh", r"\vg")
    check = gradient.verify(pages={"latex": wrong}, presentation=page).checks[-1]
    assert str(check.verdict) == "UNKNOWN"


HOSTILE = [
    ('[latex]\nh = "\\\\input{/etc/passwd}"', r"the command \\input, which is not allowed"),
    ('[latex]\nh = "\\\\write18{ls}"', r"the command \\write, which is not allowed"),
    ('[latex]\nh = "\\\\csname x\\\\endcsname"', r"\\csname, which is not allowed"),
    ('[latex]\nh = "\\\\mathbf{h"', "braces that are not closed"),
    ('[latex]\nh = "}\\\\mathbf{h}{"', "braces that are not closed or not opened"),
    ('[latex]\nh = "h%"', "holds '%'"),
    ('[latex]\nh = "^^5cinput"', "holds '\\^\\^'"),
    ('[latex]\nh = "$h$"', "holds '\\$'"),
    ('[latex]\nh = "h & x"', "holds '&'"),
    ('[latex]\nh = "h^2"', "holds '\\^'"),
    ('[latex]\nh = "h\\u001b[31m"', r"holds the character '\\x1b'"),
    ('[latex]\nh = "h\\n\\n"', r"holds the character '\\n'"),
    ('[latex]\nh = "𝐡"', "holds the character"),
    ('[latex]\nh = "hh"', "goes on with 'h' behind the name"),
    ('[latex]\nh = "h x"', "behind the name"),
    ('[latex]\nh = "h_1_2"', "behind the name"),
    ('[latex]\nh = ""', "not a line of LaTeX"),
    ("[latex]\nh = 3", "not a line of LaTeX"),
    ('[latex]\nh = ["h"]', "not a line of LaTeX"),
    ('[latex]\nh = "\\\\mathbf{1}"', "stands for the vector of ones"),
    ('[latex]\nh = "\\\\mathbf{I}"', "stands for the identity"),
    ('[latex]\nh = "\\\\mathcal{5}"', "has no such letters"),
    ('[latex]\n"h[t]" = "h"', "is no name of equations"),
    (f'[latex]\nh = "{"{" * 90}h{"}" * 90}"', "braces"),
    (f'[latex]\nh = "h_{{{"a" * 500}}}"', "has 504 characters"),
    ('[latex]\nh = "\\\\a"', r"\\a, which is not allowed"),
    ('[macros]\na = "\\\\a"\n[latex]\nh = "\\\\a"', "is not allowed"),
    ('[macros]\na = "\\\\b\\\\b\\\\b"\nb = "\\\\a\\\\a"\n[latex]\nh = "\\\\a"', "or has no end"),
    ('[macros]\nmathbf = "x"\n[latex]\nh = "\\\\mathbf{h}"', r"redefines \\mathbf"),
    ('[macros]\ninput = "x"\n[latex]\nh = "\\\\input"', r"redefines \\input"),
    ('[macros]\nv = "\\\\write18"\n[latex]\nh = "\\\\v"', r"the command \\write, which is not allowed"),
    ('[macros]\nv = "\\\\mathbf{#2}"\n[latex]\nh = "\\\\v{x}"', "an argument other than #1"),
    ('[macros]\n"v 1" = "x"\n[latex]\nh = "h"', "is no name of a command"),
    ('[macros]\nv = "x"\n', r"\\v, which no name is written with"),
    ('[names]\nh = "𝐈"', "writes h as 𝐈, the identity"),
    ('[names]\nh = "g"\n[latex]\nh = "g"', r"h stands in \[names\] and in \[latex\]"),
    ('[latex]\nh = "g"\nx = "g"', "writes two things alike, h and x"),
    ('[names]\nx = "g"\n[latex]\nh = "g"', "writes two things alike, x and h"),
    ('[latex]\ndelta = "d"\n"δ" = "e"', "has delta twice"),
    ('[style]\ncolour = "red"', r"unknown key of \[style\] 'colour'"),
    ('[style]\ntranspose = "\\\\write18"', r"unknown transpose of \[style\]"),
    ("[style]\nvectors = 3", r"unknown vectors of \[style\] '3'"),
    ('[style]\ntranspose = "T"\nindex = "superscript"', "would look like an index"),
    ("style = 3", "style in .* is not a table"),
    ('shared = "yes"', "shared of"),
    ("together = 3", "together of"),
    (f'name = "{"x" * 100}"', "not a short line"),
    ('name = "a\\u001b"', "not a short line"),
    ("[names]\n" + "".join(f'n{i} = "m{i}"\n' for i in range(1001)), "has 1,001 entries"),
    ("x = " + "[" * 5000, "is not TOML"),
    ("#" * 100_001, "cannot read the notation"),
    ("\x00", "is not TOML"),
]


@pytest.mark.parametrize(("toml", "message"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_notation_is_refused(toml, message, tmp_path):
    path = tmp_path / "hostile.toml"
    path.write_text(toml)
    with pytest.raises(sg.SymgradError, match=message) as refused:
        sg.notation(str(path))
    assert all(line.isprintable() for line in str(refused.value).splitlines())


CLASHES = [
    ('[latex]\nW = "h"', "writes W and h alike"),
    ('[latex]\nh = "\\\\mathrm{x}"', "writes h and x alike"),
    ('[names]\nU = "W"', "writes U and W alike"),
    ('[style]\nvectors = "bold"\n[latex]\nU = "\\\\mathbf{h}"', "writes U and h alike"),
    ('[indices]\nt = "h"', "the index t as h"),
    ('[style]\ntranspose = "T"', "a transpose as T, which these equations have"),
    ('[names]\nU = "t"', "writes the index t as t, as it writes U"),
    ('[latex]\nU = "x_1"', "writes U as x_1, which looks like a name with an index"),
    ('[latex]\nT = "t"', "writes T and t alike"),
]


@pytest.mark.parametrize(("toml", "message"), CLASHES, ids=range(len(CLASHES)))
def test_two_names_that_would_look_alike_are_an_error(toml, message, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(toml)
    model = sg.parse("W: (d, d)\nU: (d, d)\nx[t]: (d,)\nh[0]: (d,)\nh[t] = tanh(W@h[t-1] + U@x[t])\nE = loss(h[T])")
    with pytest.raises(sg.SymgradError, match=message):
        model.derivative("E", "W").latex(str(path))


def test_a_name_with_a_size_below_it_is_itself():
    model = sg.parse("W_x: (d, n)\nW_q: (q, d)\nx: (n,)\nh = tanh(W_x@x)\nL = loss(W_q@h)")
    assert str(model.backward("L").verify(notation="ng").checks[-1].verdict) == "SAMPLED"


@pytest.mark.parametrize("name", ["ng", "nielsen"])
def test_a_line_for_all_steps_but_the_last_is_not_read_for_the_last(name):
    shapes = "W_q: (q, d)\nW_h: (d, d)\nh[0]: (d,)\ny[t]: (q,)\n"
    model = sg.parse(shapes + "h[t] = W_h@h[t-1]\no[t] = W_q@h[t]\nL = sum[t](loss(o[t], y[t]))")
    assert str(model.backward("L").verify(notation=name).checks[-1].verdict) == "SAMPLED"


def test_a_direction_has_a_dot_on_a_spelled_name(own):
    products = sg.parse(EQUATIONS).hvp("E", "W_hh")
    assert str(products.verify(notation=own).checks[-1].verdict) == "SAMPLED"
    assert r"\dot{\mathbf{h}}" in products.latex(own)


# --- random ones --------------------------------------------------------------------------------------

SPELLINGS = (
    r"\mathbf{%s}",
    r"%s_{\mathrm{in}, \sigma}",
    r"\boldsymbol{%s}",
    r"\hat{%s}",
    r"%s_{new}",
    r"\mathsf{%s}",
    r"\tilde{\mathbf{%s}}_{1}",
)
LETTERS = ("g", "k", "r", "m", "p", r"\mathcal{L}", r"\varphi", r"\Lambda", r"\mathbb{E}")
notations = st.tuples(
    st.fixed_dictionaries({key: st.sampled_from(values) for key, values in VALUES.items()}),
    st.lists(st.tuples(st.sampled_from(SPELLINGS), st.sampled_from(LETTERS)), max_size=4),
    st.booleans(),
)


@campaign(12, 1200, networks(), notations, st.sampled_from(WRITTEN), st.sampled_from(["numerator", "denominator"]))
def test_a_random_network_under_a_random_notation(case, drawn, format_, layout):
    style, spelled, with_macros = drawn
    model = sg.parse(case.text)
    names = [n for n in model.names if n.isalpha()]
    texts = [s % a if len(a) == 1 else a for s, a in spelled]
    latex = dict(zip(names, dict.fromkeys(texts), strict=False))
    macros = {"vm": latex[names[0]]} if with_macros and latex else {}
    table = {"style": style, "macros": macros, "latex": {**latex, **({names[0]: r"\vm"} if macros else {})}}
    try:
        notation = from_table({**table, "shared": True}, Path("drawn.toml"))
        gradient = model.derivative(case.of, case.wrt, None if case.symbolic else case.depth, layout)
        page = gradient.presentation(notation)
        document = page.document()
    except sg.SymgradError as refused:  # what looks alike, a derivative that there is not
        event(type(refused).__name__)
        assume(False)
    written = FORMATS[format_].write(document)
    check = check_printed(page, {format_: written}, case.seed)
    event(str(check.verdict))
    told = f"{case}\n{table}\n{layout}, {format_}\n{written}\n{check}"
    assert str(check.verdict) == "SAMPLED" or any(words in check.detail for words in UNDECIDED), told


def test_the_sentence_of_a_step_has_no_name_that_the_notation_writes_otherwise():
    model = sg.parse("tau: positive\nh[t] = exp(-1/tau)*h[t-1] + tanh(x[t])\nE = loss(h[T])")
    page = model.derive("E", "tau").page("latex", notation="bishop")
    assert "acts at every step" in page
    sentences = [line for line in page.splitlines() if line.startswith("(")]
    assert not any("tau" in line.replace(r"\tau", "") for line in sentences)
