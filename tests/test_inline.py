"""Mathematics in the sentence of a step: read once, typeset in every format, and nothing passed on."""

from __future__ import annotations

import shutil
import subprocess

import pytest

import symgrad as sg
from symgrad.errors import SymgradError
from symgrad.export.html import html
from symgrad.export.inline import as_far_as_understood, inline
from symgrad.export.latex import latex, latex_file
from symgrad.export.latex_math import math_latex
from symgrad.export.markdown import markdown
from symgrad.export.math import Document, Text
from symgrad.export.rst import rst
from symgrad.export.text import math_text, text
from symgrad.export.typst import typst
from symgrad.reading.page.document import formula

FORMULAS = [
    ("t", "t", "t"),
    (r"\sigma'(z_j) \le 1/4", "σ'(z_j) ≤ 1/4", r"\sigma'(z_{j}) \le \frac{1}{4}"),
    (r"0 < \alpha \leq 1.50", "0 < α ≤ 1.50", r"0 < \alpha \le 1.50"),
    (r"W_{hh} h_{t-1} + b", "W_hh h_{t-1} + b", r"W_{\mathrm{hh}}\, h_{t-1} + b"),
    (r"\frac{\partial C}{\partial w_l}", "∂C/∂w_l", r"\frac{\partial C}{\partial w_{l}}"),
    (r"\partial C/\partial w", "∂C/∂w", r"\frac{\partial C}{\partial w}"),
    (
        r"\sum_{k=1}^{t} \delta_k s_{k-1}^\top",
        "∑_{k=1}^{t} δ_k s_{k-1}ᵀ",
        r"\sum_{k=1}^{t} \delta_{k}\, s_{k-1}^{\mathsf T}",
    ),
    (r"|w| < 4", "|w| < 4", r"\lvert w \rvert < 4"),
    (r"\lVert W \rVert \ge \sqrt{2}", "‖W‖ ≥ √2", r"\lVert W \rVert \ge \sqrt{2}"),
    (r"W^{[l]} a^{[l-1]}", "W^[l] a^[l-1]", r"W^{[l]}\, a^{[l-1]}"),
    (r"f(x, y) = e^{-x} \odot \hat{y}", "f(x, y) = e^(-x) ⊙ y_hat", r"f(x, y) = e^{-x} \odot \hat{y}"),
    (r"-x + 2^{10}", "-x + 2^10", "-x + 2^{10}"),
]


@pytest.mark.parametrize(("tex", "as_text", "as_latex"), FORMULAS)
def test_formulas_are_read_and_written(tex, as_text, as_latex):
    [m] = inline(f"${tex}$")
    assert not isinstance(m, str)
    assert (math_text(m), math_latex(m)) == (as_text, as_latex)


@pytest.mark.parametrize(("tex", "as_text", "as_latex"), [f for f in FORMULAS if "hh" not in f[0]])  # hh is a word
def test_what_is_written_says_what_was_meant(tex, as_text, as_latex):
    meant, printed = formula(tex), formula(as_latex)
    assert not meant.reason
    assert (printed.sides, printed.relations) == (meant.sides, meant.relations)


def test_prose_stays_prose():
    assert inline("50% of w_max & <b>, {x} #1") == ("50% of w_max & <b>, {x} #1",)
    assert inline(r"it costs \$5") == ("it costs $5",)
    assert inline("for $i, j$ alike")[1:4:2] == inline("$i$ and $j$")[0::2]


WRONG = [
    ("it costs $5", "has no other that ends"),
    ("from $5 and $6", "has no other that ends"),
    ("$ x $", "has no other that ends"),
    (r"$\input{secret}$", "not known here"),
    (r"$\write18{x}$", "not known here"),
    (r"$\frac{1}$", "ends too early"),
    (r"$\frac{1}{2$", "lacks '}'"),
    ("$x_$", "ends too early"),
    ("$a^b^c$", "twice"),
    ("$x_i_j$", "twice"),
    ("$a/b/c$", "divides twice"),
    ("$a}$", "not understood from '}'"),
    ("$(a$", "lacks '\\)'"),
    ("$|a$", "lacks '\\|'"),
    (r"$\sum k$", "lacks '_'"),
    ("$" + "(" * 40 + "x" + ")" * 40 + "$", "nests too deep"),
    ("$" + "x+" * 400 + "x$", "more than 500"),
    ("$<script>$", "ends too early|not"),
    ("$é$", "not known here"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_what_is_not_understood_is_refused_by_the_draft_and_prose_in_what_is_read(words, said):
    with pytest.raises(SymgradError, match=said) as error:
        sg.Draft("d").states("x**2 >= 0", because=words)
    assert error.value.todo
    assert as_far_as_understood(words) == (words,)
    page = Document((Text(as_far_as_understood(words)),))
    assert "<script" not in html(page)
    assert "\\input" not in latex(page).replace("textbackslash{}input", "")


def derivation() -> sg.Derivation:
    draft = sg.Draft("Slopes")
    draft.states(
        "logistic'(z) <= 1/4",
        because=r"The slope $\sigma'(z)$ is largest at $z = 0$, 50% & more.",
        by="bound on the slope",
    )
    return draft.derivation()


SHOWN = {
    text: "The slope σ'(z) is largest at z = 0, 50% & more.",
    latex: r"The slope $\sigma'(z)$ is largest at $z = 0$, 50\% \& more.",
    markdown: r"The slope $\sigma'(z)$ is largest at $z = 0$, 50% & more.",
    rst: r"The slope :math:`\sigma'(z)` is largest at :math:`z = 0`, 50% & more.",
    typst: "The slope $sigma'(z)$ is largest at $z = 0$, 50% & more.",
}


@pytest.mark.parametrize("write", SHOWN, ids=lambda f: f.__name__)
def test_a_step_has_its_mathematics_in_every_format(write):
    assert SHOWN[write] in write(derivation().document())


def test_a_step_has_its_mathematics_in_html_and_in_books():
    from symgrad.derivation.entry import Entry
    from symgrad.export.book import Book, book_latex, book_markdown
    from symgrad.export.book_html import chapter_html
    from symgrad.export.book_typst import book_typst
    from symgrad.export.chapter import chapter

    d = derivation()
    shown = html(d.document())
    assert "The slope <math>" in shown
    assert "50% &amp; more." in shown
    assert "$" not in shown
    entry = Entry("slopes", "Slopes", "a lecture", derivation)
    book = Book("Slopes", (chapter(entry, d, "", sg.notation("nielsen")),))
    assert SHOWN[latex] in book_latex(book)
    assert SHOWN[markdown] in book_markdown(book)
    assert SHOWN[typst] in book_typst(book)
    assert "The slope <math>" in "".join(chapter_html(book, 0))
    assert "The slope <math>" in d._repr_html_()


def test_a_step_that_did_not_pass_keeps_its_sentence():
    draft = sg.Draft("Wrong")
    draft.states("logistic'(z) <= 1/5", because="As $z = 0$ says.")
    checked = draft.derivation().checked()
    assert "(1) As $z = 0$ says. REFUTED" in latex(checked.document())


def test_sentences_are_kept_as_they_were_written():
    d = derivation()
    assert sg.Derivation.from_json(d.to_json()) == d
    assert r"$\sigma'(z)$" in d.steps[0].because


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")
def test_pdflatex_sets_every_formula(tmp_path):
    words = ", ".join(f"${tex}$" for tex, _, _ in FORMULAS)
    (tmp_path / "page.tex").write_text(latex_file(Document((Text(inline(words)),))), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120).returncode == 0
