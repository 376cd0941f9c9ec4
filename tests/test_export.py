"""How derivatives are written: pairs of text and LaTeX, notations, hostile names, pages that LaTeX sets."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from fractions import Fraction

import pytest

import symgrad as sg
from symgrad.algebra.decimals import decimal
from symgrad.errors import PrecisionWarning, SymgradError, TooLarge, UnknownName
from symgrad.export.latex import latex, latex_file
from symgrad.export.latex_math import math_latex
from symgrad.export.latex_words import prose
from symgrad.export.markdown import markdown
from symgrad.export.math import Display, Document, Heading, Listing, Name, Num, Row, Text
from symgrad.export.notation import notation as find_notation
from symgrad.export.text import math_text, text

PDFLATEX = shutil.which("pdflatex")
needs_pdflatex = pytest.mark.skipif(
    PDFLATEX is None, reason="pdflatex is not installed: apt-get install texlive-latex-recommended lmodern"
)

PAIRS = [
    (
        ("chain", "C", "b[1]", None, "nielsen"),
        "∂C/∂b_1 = σ'(z_1) (∏_{j=2}^{L} w_j σ'(z_j)) ∂C/∂a_L",
        r"\frac{\partial C}{\partial b_{1}} &= \sigma'(z_{1})\, \left(\prod_{j=2}^{L} w_{j}\, \sigma'(z_{j})\right)\, "
        r"\frac{\partial C}{\partial a_{L}}",
    ),
    (
        ("chain", "C", "b[1]", 2, "nielsen"),
        "∂C/∂b_1 = σ'(z_1) w_2 σ'(z_2) ∂C/∂a_2",
        r"\frac{\partial C}{\partial b_{1}} &= \sigma'(z_{1})\, w_{2}\, \sigma'(z_{2})\, "
        r"\frac{\partial C}{\partial a_{2}}",
    ),
    (
        ("chain", "C", "w[k]", None, "ng"),
        "∂C/∂W^[k] = A^[k-1] g'(Z^[k]) (∏_{l=k+1}^{L} W^[l] g'(Z^[l])) ∂C/∂A^[L]",
        r"\frac{\partial C}{\partial W^{[k]}} &= A^{[k-1]}\, g'(Z^{[k]})\, "
        r"\left(\prod_{l=k+1}^{L} W^{[l]}\, g'(Z^{[l]})\right)\, \frac{\partial C}{\partial A^{[L]}}",
    ),
    (
        ("chain", "a[L]", "a[0]", None, "rnn"),
        "∂s_t/∂s_0 = ∏_{j=1}^{t} w_j σ'(a_j)",
        r"\frac{\partial s_{t}}{\partial s_{0}} &= \prod_{j=1}^{t} w_{j}\, \sigma'(a_{j})",
    ),
    (
        ("residual", "a[L]", "a[0]", None, "nielsen"),
        "∂a_L/∂a_0 = ∏_{j=1}^{L} (1 + w_j σ'(z_j))",
        r"\frac{\partial a_{L}}{\partial a_{0}} &= \prod_{j=1}^{L} (1 + w_{j}\, \sigma'(z_{j}))",
    ),
    (
        ("rnn", "s[t]", "s[k]", None, "rnn"),
        "∂s_t/∂s_k = ∏_{j=k+1}^{t} diag(σ'(a_j)) W",
        r"\frac{\partial s_{t}}{\partial s_{k}} &= \prod_{j=k+1}^{t} \operatorname{diag}(\sigma'(a_{j}))\, W",
    ),
    (
        ("rnn", "E", "W", None, "rnn"),
        "∂E/∂W = ∑_{k=1}^{t} ∂E/∂s_t (∏_{j=k+1}^{t} diag(σ'(a_j)) W) ∂⁺s_k/∂W",
        r"\frac{\partial E}{\partial W} &= \sum_{k=1}^{t} \frac{\partial E}{\partial s_{t}}\, "
        r"\left(\prod_{j=k+1}^{t} \operatorname{diag}(\sigma'(a_{j}))\, W\right)\, "
        r"\frac{\partial^{+} s_{k}}{\partial W}",
    ),
    (
        ("mlp", "C", "W[1]", 2, "ng"),
        "∂C/∂W^[1] = A^[0] ∂C/∂A^[2] diag(g'(Z^[2])) W^[2] diag(g'(Z^[1]))",
        r"\frac{\partial C}{\partial W^{[1]}} &= A^{[0]}\, \frac{\partial C}{\partial A^{[2]}}\, "
        r"\operatorname{diag}(g'(Z^{[2]}))\, W^{[2]}\, \operatorname{diag}(g'(Z^{[1]}))",
    ),
    (
        ("lstm", "h[t]", "h[k]", None, "nielsen"),
        "∂h_t/∂h_k = [0, I] (∏_{j=k+1}^{t} J_j) [0; I]",
        r"\frac{\partial h_{t}}{\partial h_{k}} &= \begin{pmatrix} 0 & I \end{pmatrix}\, "
        r"\left(\prod_{j=k+1}^{t} J_{j}\right)\, \begin{pmatrix} 0 \\ I \end{pmatrix}",
    ),
    (
        ("gru", "h[t]", "h[k]", None, "nielsen"),
        "∂h_t/∂h_k = ∏_{j=k+1}^{t} ∂h_j/∂h_{j-1}",
        r"\frac{\partial h_{t}}{\partial h_{k}} &= \prod_{j=k+1}^{t} \frac{\partial h_{j}}{\partial h_{j-1}}",
    ),
]


def document(name, of, wrt, depth, notation="nielsen", layout="numerator", form="folded"):
    return (
        sg.model(name)
        .derivative(of, wrt, depth=depth, layout=layout)
        .presentation(sg.notation(notation), form)
        .document()
    )


@pytest.mark.parametrize(
    ("case", "as_text", "as_latex"), PAIRS, ids=lambda x: "-".join(map(str, x)) if isinstance(x, tuple) else ""
)
def test_pairs_of_text_and_latex(case, as_text, as_latex):
    page = document(*case)
    assert text(page).split("\n")[0] == as_text
    assert as_latex in latex(page).replace(" \\\\\n", "\n")


def test_a_block_jacobian_is_written_out_entry_by_entry():
    lines = text(document("lstm", "E", "W_f", 4)).split("\n")
    assert "J_j = [∂⁺c_j/∂c_{j-1}, ∂⁺c_j/∂h_{j-1}; ∂⁺h_j/∂c_{j-1}, ∂⁺h_j/∂h_{j-1}]" in lines
    assert "∂⁺h_j/∂c_{j-1} = diag(o_j) diag(tanh'(c_j)) diag(f_j)" in lines
    assert "∂⁺c_k/∂W_f dW_f = diag(c_{k-1}) diag(σ'(z_{f,k})) dW_f x_k" in lines


def test_the_denominator_layout_turns_products_round():
    lines = text(document("lstm", "E", "h[0]", 2, layout="denominator")).split("\n")
    assert lines[0] == "∂E/∂h_0 = [0, I] J_1 J_2 [0; ∂E/∂h_2]"
    assert "J_j = [∂⁺c_j/∂c_{j-1}, ∂⁺h_j/∂c_{j-1}; ∂⁺c_j/∂h_{j-1}, ∂⁺h_j/∂h_{j-1}]" in lines
    assert "∂⁺h_j/∂c_{j-1} = diag(f_j) diag(tanh'(c_j)) diag(o_j)" in lines


def test_a_matrix_that_is_transposed_twice_is_itself():
    model = sg.parse("B: (d, d)\nh[0]: (d,)\nh[l] = B.T@tanh(h[l-1])\nC = cost(h[L])")
    shown = text(model.derivative("C", "h[0]", depth=1, layout="denominator").presentation().document())
    assert shown.startswith("∂C/∂h_0 = diag(tanh'(h_0)) B ∂C/∂h_1")
    square = sg.parse("A: (n, n)\nB = A@A.T\nC = cost(B)").derivative("C", "A", layout="denominator")
    assert str(square) == "∂C/∂B A + (∂C/∂B)ᵀ A"


@pytest.mark.parametrize(("name", "of", "wrt"), [("deep_linear", "a[l]", "a[l-1]"), ("chain", "a[j]", "a[j-1]")])
def test_no_step_says_that_a_thing_is_itself(name, of, wrt):
    shown = [p for p in sg.model(name).derive(of, wrt).document().parts if isinstance(p, Display)]
    assert shown
    assert all(p.left != p.right for p in shown)


def test_a_loss_is_called_by_its_whole_name():
    draft = sg.parse("a[j] = tanh(w*a[j-1])\nC = binary_cross_entropy(a[L], y)").derive("C", "a[L]")
    assert "C := binary_cross_entropy(a_L, y)" in text(draft.document())
    assert r"\operatorname{binary\_cross\_entropy}(a_{L}, y)" in latex(draft.document())


def test_only_names_that_are_printed_are_explained():
    lines = text(document("rnn", "E", "W", None, layout="denominator"))
    assert "∂⁺" not in lines
    assert lines.startswith("∂E/∂W = ∑_{k=1}^{t} diag(σ'(a_k)) (∏_{j=k+1}^{t} Wᵀ diag(σ'(a_j))) ∂E/∂s_t s_{k-1}ᵀ")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("case", [("chain", "C", "b[1]", 30), ("rnn", "E", "W", 8), ("lstm", "E", "x[k]", None)])
def test_lines_keep_to_the_width_of_a_terminal(case, width):
    assert max(map(len, text(document(*case), width).split("\n"))) <= width


def test_an_array_by_a_matrix_is_explained_by_what_it_does_to_a_change():
    assert "∂a_2/∂W_1 dW_1 = W_2 dW_1 a_0" in text(document("deep_linear", "a[L]", "W[1]", 2))


@pytest.mark.parametrize("depth", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_deep_product_is_written_without_recursion_over_its_layers(depth):
    g = sg.model("chain").derivative("C", "b[1]", depth=depth)
    page = g.presentation()
    assert str(g).count("σ'") == depth
    assert latex(page.document()).count(r"\sigma'") == depth
    assert len(text(page.document(), 80).split("\n")) < depth
    assert len(g.factors) == 2 * depth


def test_forms_are_refused_where_they_would_not_be_readable():
    g = sg.model("chain").bind("tanh", cost="quadratic").derivative("C", "b[1]", depth=1_000)
    with pytest.raises(TooLarge, match="inputs"):
        g.presentation(form="inputs").document()
    with pytest.raises(UnknownName, match="form"):
        g.presentation(form="flat").document()


def test_what_a_function_is_stands_below_the_equation_that_writes_it_out():
    g = sg.model("chain").bind("selu", cost="quadratic").derivative("C", "b[1]", depth=1)
    lines = text(g.presentation(form="unfolded").document()).split("\n")
    assert lines[0] == "∂C/∂b_1 = λ ((1 - α) step(z_1) + α exp(negative_part(z_1))) (a_1 - y)"
    assert "σ is SELU." in lines
    assert "SELU has, by convention, slope lambda alpha at 0." in lines
    assert "λ = 1.050700987355480493419334985294606351958981204376404546977878" in lines
    assert "σ is SELU." not in text(g.presentation().document())


def test_powers_of_numbers_and_letters():
    model = sg.model("deep_linear")
    assert str(model.let("W[l] = lambda*I").derivative("a[L]", "a[0]")) == "λ^L I"
    assert str(model.let("W[l] = -1.5*I").derivative("a[L]", "a[0]")) == "(-3/2)^L I"
    page = model.let("W[l] = 1.5*I").derivative("a[L]", "a[0]", depth=150).presentation().document()
    assert f"(3/2)^150 = {Fraction(3, 2) ** 150}" in text(page)
    assert "(3/2)^150 ≈ 2.592321479·10²⁶" in text(page)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(1, 100), "0.01"), (Fraction(-17159, 10000), "-1.7159"), (Fraction(3, 2), None), (Fraction(1, 3), None)],
)
def test_a_fraction_is_a_decimal_where_that_is_exact_and_shorter(value, shown):
    assert decimal(value) == shown
    assert shown is None or Fraction(shown) == value


# --- names and notations -----------------------------------------------------------------------------

HOSTILE = """w_max[j]: ()
theta_hat: ()
z[j] = w_max[j]*a[j-1]*x1 + theta_hat + é*frac + newcommand + ħ_1 - alpha_0 + __ + a_b_c*sigma_w
a[j] = phi(z[j])
C = cost(a[L], Δt)"""


def hostile() -> sg.Model:
    return sg.parse(HOSTILE.replace("w_max[j]: ()\ntheta_hat: ()\n", ""), "100% a_b & #1 {x} \\end ~ ^ é ж")


@pytest.mark.parametrize(
    ("name", "as_text", "as_latex"),
    [
        ("w_max", "w_max", r"w_{\mathrm{max}}"),
        ("x1", "x_1", "x_{1}"),
        ("theta_hat", "θ_hat", r"\hat{\theta}"),
        ("é", "é", r"\text{é}"),
        ("frac", "frac", r"\mathrm{frac}"),
        ("ħ", "ħ", r"\text{U+0127}"),
        ("log", "log", r"\log"),
        ("a_b_c", "a_{b,c}", r"a_{b, c}"),
        ("__", "__", r"\mathrm{\_\_}"),
        ("Omega_bar", "Ω_bar", r"\bar{\Omega}"),
    ],
)
def test_names_are_split_and_escaped(name, as_text, as_latex):
    page = Document((Text((Name(name),)),))
    assert text(page) == as_text + "\n"
    assert latex(page) == f"${as_latex}$\n"


def test_two_names_are_never_written_alike():
    model = sg.parse("z[j] = x[j]*z[j-1] + x1\nC = z[L]")
    shown = [text(model.derivative("C", q, depth=2).presentation().document()).split(" = ")[0] for q in ("x1", "x[1]")]
    assert shown == ["∂C/∂x1", "∂C/∂x_1"]


def test_a_notation_keeps_apart_what_the_equations_keep_apart():
    model = sg.parse("z[j] = w*W*z[j-1]\nC = z[L]")
    shown = text(model.derivative("C", "z[0]", depth=1).presentation(sg.notation("ng")).document())
    assert shown.startswith("∂C/∂Z^[0] = w W")
    model = sg.parse("z[j] = t*tanh(z[j-1])\nC = z[L]")
    shown = text(model.derivative("C", "z[0]").presentation(sg.notation("rnn")).document())
    assert shown.startswith("∂C/∂z_0 = ∏_{j=1}^{L} tanh'(z_{j-1}) t")


def test_a_notation_by_its_name():
    g = sg.model("chain").derivative("C", "b[1]", depth=1)
    assert g.latex("ng") == g.latex(sg.notation("ng")) != g.latex()


def test_a_notation_from_a_file(tmp_path):
    path = tmp_path / "mybook.toml"
    path.write_text(
        '[style]\nindex = "superscript"\n[names]\nz = "s"\n"σ" = "f"\n[indices]\nj = "m"\n', encoding="utf-8"
    )
    shown = text(document("chain", "C", "b[1]", None, str(path)))
    assert shown.startswith("∂C/∂b^1 = f'(s^1) (∏_{m=2}^{L} w^m f'(s^m)) ∂C/∂a^L")


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("colour = 1", "unknown key of a notation 'colour'"),
        ('[style]\nindex = "above"', "unknown index of .style. 'above'"),
        ("[style]\nindex = 3", "unknown index of .style. '3'"),
        ('index = "bracket"', "index of .* stands outside of .style."),
        ("name = 3", "is '3', not a short line"),
        ('names = "Z"', "names in .* is not a table"),
        ('[names]\nz = "a b"', "writes z as 'a b', which is not a name"),
        ("[names]\nz = 3", "writes z as '3'"),
        ('[names]\nz = "s"\nw = "s"', "writes two things alike, z and w, as 's'"),
        ("[names", "is not TOML"),
    ],
)
def test_a_bad_notation_is_told_what_is_wrong(tmp_path, toml, message):
    path = tmp_path / "bad.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(SymgradError, match=message):
        sg.notation(str(path))


@pytest.mark.parametrize(("name", "message"), [("nielson", "nielsen"), ("gone.toml", "cannot read")])
def test_a_notation_that_is_not_there(name, message):
    with pytest.raises(SymgradError, match=message):
        sg.notation(name)


# --- pages -------------------------------------------------------------------------------------------

PAGES = {
    "chain": [("C", "b[1]"), ("C", "w[k]"), ("a[L]", "a[0]"), ("C", "y")],
    "deep_linear": [("a[L]", "a[0]"), ("C", "W[1]"), ("a[L]", "W[1]")],
    "mlp": [("C", "W[1]"), ("C", "b[1]"), ("a[L]", "a[0]")],
    "rnn": [("s[t]", "s[k]"), ("E", "W"), ("s[t]", "W"), ("E", "x[k]")],
    "residual": [("C", "b[1]"), ("a[L]", "a[0]")],
    "lstm": [
        ("h[t]", "h[k]"),
        ("c[t]", "c[k]"),
        ("E", "W_f"),
        ("E", "U_o"),
        ("E", "x[k]"),
        ("E", "b_i"),
        ("E", "h[0]"),
    ],
    "attention": [("L", "W_Q"), ("L", "W_V"), ("L", "X")],
    "batch_mlp": [("C", "W[l]"), ("C", "b[1]"), ("C", "A[0]")],
    "layer_norm_mlp": [("C", "W[l]"), ("C", "g[1]"), ("C", "b[L]"), ("C", "a[0]")],
    "seq_rnn": [("E", "W"), ("E", "V"), ("E", "s[k]"), ("s[t]", "s[k]")],
    "ssm": [("E", "A"), ("E", "C"), ("x[t]", "x[k]")],
    "gru": [("h[t]", "h[k]"), ("E", "U_g"), ("E", "W_r"), ("E", "b_u"), ("E", "x[k]")],
}


def compiled(page: Document, directory) -> str:
    """Run pdflatex on a document and return its log; a line that LaTeX stops at fails the test."""
    (directory / "page.tex").write_text(latex_file(page), encoding="utf-8")
    command = [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    run = subprocess.run(command, cwd=directory, capture_output=True, timeout=120, check=False)
    log = run.stdout.decode("latin-1")
    assert run.returncode == 0, log[-2000:]
    return log


@needs_pdflatex
@pytest.mark.parametrize("layout", ["numerator", pytest.param("denominator", marks=pytest.mark.long)])
def test_no_line_of_a_builtin_model_runs_off_the_page(tmp_path, layout):
    others = {"transformer", "transformer_post_ln", "stacked_rnn", "conv1d"}  # whose answers are backward equations
    assert set(PAGES) | others == set(sg.models())
    parts = []
    for notation in ("nielsen", "ng"):
        for name, pairs in PAGES.items():
            for of, wrt in pairs:
                for depth in (None, 4):
                    parts += [Text(f"{name}: {of} by {wrt}"), *document(name, of, wrt, depth, notation, layout).parts]
    chain = (
        sg.model("chain").bind("gelu_tanh", cost="binary_cross_entropy").derivative("C", "b[1]", depth=3, layout=layout)
    )
    for form in ("folded", "unfolded", "inputs"):
        parts += chain.presentation(form=form).document().parts
    selu = sg.model("chain").bind("selu", cost="quadratic").derivative("C", "b[1]", depth=3)
    parts += selu.presentation(form="unfolded").document().parts
    deep = sg.model("deep_linear").let("W[l] = 1.5*I").derivative("a[L]", "a[0]", depth=200)
    parts += [*deep.presentation().document().parts, *document("chain", "C", "b[1]", 100).parts]
    log = compiled(Document(tuple(parts)), tmp_path)
    assert "Overfull" not in log


@needs_pdflatex
def test_hostile_names_and_words_compile(tmp_path):
    model = hostile()
    page = model.derivative("C", "w_max[1]", depth=3).presentation()
    words = "".join(map(chr, range(32, 0x250))) + "жあ𝟏∂⁺∏≥⊘☃"
    parts = [Heading(model.name), Listing(model.text), *page.document().parts, Text(words), Listing(words)]
    labelled = Display(page.left, page.right, label=words)
    numbers = Display(Name("x"), Row((Num(Fraction(2)), Num(Fraction(-3, 7)), Num(Fraction(10**80)))))
    compiled(Document((*parts, labelled, numbers)), tmp_path)


def test_a_snippet_has_no_preamble_and_a_label_numbers_its_equation():
    page = document("chain", "C", "b[1]", 2)
    assert latex(page).startswith("\\begin{align*}\n")
    assert r"\documentclass" not in latex(page)
    assert latex_file(page).startswith(r"\documentclass[11pt,a4paper]{article}")
    labelled = Document((Display(Name("x"), Name("y"), label="eq-1"), Display(Name("a"), Name("b"))))
    assert re.sub(r"\s+", " ", latex(labelled)) == (
        r"\begin{align*} x &= y \tag{eq-1}\label{eq-1} \\ a &= b \end{align*} "
    )
    assert markdown(Document(labelled.parts[:1])) == "$$\nx = y \\tag{eq-1}\n$$ (eq-1)\n"


def test_markdown_escapes_its_own_signs():
    page = Document((Heading("my_b *c*", 2), Text("100% [x] $y$ `z` <b>"), Listing("```")))
    assert markdown(page) == "## my_b \\*c\\*\n\n100% \\[x\\] \\$y\\$ \\`z\\` \\<b\\>\n\n````\n```\n````\n"


def test_a_long_equation_in_markdown_is_aligned():
    shown = markdown(document("chain", "C", "b[1]", 12))
    assert shown.startswith("$$\n\\begin{aligned}\n\\frac{\\partial C}{\\partial b_{1}} &= ")
    assert shown.rstrip().endswith("\\end{aligned}\n$$")


def test_prose_is_escaped():
    assert prose("50% of #1 & my_b {x}") == r"50\% of \#1 \& my\_b \{x\}"


WRITTEN_OUT = [
    ("W: (m, n)\nX: (n, B)\nY: (m, B)\nE = quadratic(W@X, Y)", "E", "W", "X (W X - Y)ᵀ", "(W X - Y) Xᵀ"),
    ("W: (d, n)\nE = sqrt(sum(W**2))", "E", "W", "(1/√(sum(W^(∘2)))) Wᵀ", "(1/√(sum(W^(∘2)))) W"),
    ("A: (d, d)\nE = sum(A*I)", "E", "A", "I", "I"),
    ("x: (m, 1)\ny: (n, 1)\nE = sum(x@y.T)", "E", "x", "yᵀ 𝟏 𝟏ᵀ", "𝟏 (yᵀ 𝟏)ᵀ"),
    ("Q: (n, d)\nK: (n, d)\nV: (n, d)\nE = sum(Q@(K.T@V))", "E", "K", "Qᵀ 𝟏 (V 𝟏)ᵀ", "V 𝟏 (Qᵀ 𝟏)ᵀ"),
    ("W: (d, d)\nx: (d,)\nE = x@W@x/2", "E", "x", "(1/2) xᵀ (W + Wᵀ)", "(1/2) (W + Wᵀ) x"),
    ("r: (n,)\nC = (r.T@r)/2", "C", "r", "rᵀ", "r"),
    ("x: (n,)\nC = sum(x**2)/2", "C", "x", "xᵀ", "x"),
    ("E = x**0", "E", "x", "0", "0"),
    ("E = x**1", "E", "x", "1", "1"),
    ("E = exp(x) + ln(x) + sqrt(x)", "E", "x", "exp(x) + 1/x + 1/(2 √x)", "exp(x) + 1/x + 1/(2 √x)"),
    ("E = sin(x) + softplus(x)", "E", "x", "cos(x) + logistic(x)", "cos(x) + logistic(x)"),
    ("z: (n,)\ny: (n,)\np = logistic(z)\nC = binary_cross_entropy(p, y)", "C", "z", "(p - y)ᵀ", "p - y"),
    ("z: (n,)\ny: (n,)\ny: simplex\np = softmax(z)\nC = -sum(y*log(p))", "C", "z", "(p - y)ᵀ", "p - y"),
    ("z: (n,)\ny: (n,)\ny: simplex\nC = softmax_cross_entropy(z, y)", "C", "z", "(softmax(z) - y)ᵀ", "softmax(z) - y"),
    (
        "z: (n,)\ny: (n,)\nC = softmax_cross_entropy(z, y)",
        "C",
        "z",
        "(sum(y) softmax(z) - y)ᵀ",
        "sum(y) softmax(z) - y",
    ),
]


@pytest.mark.parametrize(("equations", "of", "wrt", "numerator", "denominator"), WRITTEN_OUT)
def test_a_derivative_reads_as_in_a_book(equations, of, wrt, numerator, denominator):
    model = sg.parse(equations)
    for layout, expected in (("numerator", numerator), ("denominator", denominator)):
        page = model.derivative(of, wrt, layout=layout).presentation()
        assert text(page.document()).split("\n")[0] == f"∂{of}/∂{wrt} = {expected}"


def test_what_a_file_declares_is_said_where_it_is_used():
    declared = sg.parse("z: (n,)\ny: (n,)\ny: simplex\nC = softmax_cross_entropy(z, y)")
    assert "Assumed of y: entries ≥ 0 that sum to 1." in text(declared.derivative("C", "z").presentation().document())


def test_a_multiple_of_a_number_is_no_multiple_of_the_identity():
    model = sg.parse("v[0]: (n,)\nv[j] = v[j-1]/alpha\nC = sum(v[L])/alpha")
    assert text(model.derivative("C", "alpha").presentation().document()).split("\n")[0].endswith("+ (-sum(v_L))/α^2")


def test_a_derivative_that_is_its_own_name_is_no_result():
    page = sg.parse("v: (n,)\nC = cost(v)").derivative("C", "v").presentation().document()
    assert text(page).startswith("There is nothing to derive: ∂C/∂v is the derivative of cost, an opaque function")


def test_the_gradient_of_a_matrix_state_is_a_recursion():
    model = sg.parse("X[0]: (n, d)\nW[l]: (d, d)\nX[l] = X[l-1] + sigma(X[l-1]@W[l])\nE = loss(X[L])")
    assert text(model.derivative("E", "W[1]", layout="denominator").presentation().document()) == (
        "∂E/∂W_1 = X_0ᵀ (σ'(X_0 W_1) ⊙ (∂E/∂X_1))\n\nwhere, step by step from the last to the first,\n\n"
        "∂E/∂X_l = ∂E/∂X_{l+1} + (σ'(X_l W_{l+1}) ⊙ (∂E/∂X_{l+1})) W_{l+1}ᵀ\n\nfor l = 1, …, L - 1.\n\n"
        "For L ≥ 1.\n\nLayout: denominator.\n"
    )
    assert text(model.derivative("X[L]", "X[0]").presentation().document()).startswith(
        "∂X_L/∂X_0 dX_0 = (∏_{l=1}^{L} ∂X_l/∂X_{l-1}) dX_0\n\nwhere\n\n"
        "∂X_l/∂X_{l-1} dX_{l-1} = dX_{l-1} + σ'(X_{l-1} W_l) ⊙ (dX_{l-1} W_l)\n"
    )


@pytest.mark.parametrize(
    ("name", "as_latex"),
    [("W_xi", r"W_{\mathrm{xi}}"), ("W_pi", r"W_{\mathrm{pi}}"), ("xi", r"\xi"), ("xi_1", r"\xi_{1}")],
)
def test_a_subscript_of_several_letters_is_a_word(name, as_latex):
    assert math_latex(Name(name)) == as_latex


@pytest.mark.parametrize("arithmetic", ["float", "mp", "ball"])
def test_a_cross_entropy_meets_its_output_without_a_division(arithmetic):
    g = sg.parse("z: (n,)\ny: (n,)\np = logistic(z)\nC = binary_cross_entropy(p, y)").derivative("C", "z")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PrecisionWarning)  # e^-800 is below float64
        found = [float(x) for x in g.evaluate({"z": [800, -800, 40, 0], "y": [0, 1, 1, 1]}, arithmetic)]
    assert found == pytest.approx([1, -1, -4.248354255291589e-18, -0.5], rel=1e-12)


def test_the_last_layer_of_a_deep_network_meets_its_loss():
    chain = sg.model("chain").bind("logistic", cost="binary_cross_entropy").derivative("C", "b[1]")
    values = {"w": ["1", "2", "300"], "b": [0, 0, 0], "a[0]": 1, "y": 0}
    exact = float(chain.evaluate(values, "ball"))
    assert chain.evaluate(values) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(("sign", "as_latex"), [("⊙", r"\odot"), ("∘", r"\circ")])
def test_the_product_entry_by_entry_is_an_option_of_the_notation(sign, as_latex, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(f'[style]\nhadamard = "{sign}"', encoding="utf-8")
    gradient = sg.parse("u: (n,)\nv: (n,)\ny = u*v\nC = cost(y)").derivative("C", "u", layout="denominator")
    page = gradient.presentation(find_notation(str(path)), "unfolded").typesetter
    product = page.network.equations[0].value
    assert math_text(page.expression(product)) == f"u {sign} v"
    assert math_latex(page.expression(product)) == f"u {as_latex} v"
    assert gradient.verify(notation=find_notation(str(path))).verdict.name == "PROVED"
