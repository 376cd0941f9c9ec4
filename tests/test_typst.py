"""Pages in Typst: words and names of all kinds are escaped, what is printed is read back, and Typst takes it."""

from __future__ import annotations

import pytest

import symgrad as sg
from symgrad.derivation.figure import Table
from symgrad.export.math import Comment, Display, Document, Heading, Listing, Name, Num, Symbol, Text
from symgrad.export.table import table_typst
from symgrad.export.typst import typst, typst_file
from symgrad.export.typst_math import math_typst
from symgrad.export.typst_words import escaped, prose
from symgrad.reading.page.document import formula, typst_page
from symgrad.reading.page.typst import typst_tokens

HOSTILE = [
    '#eval("1")',
    "$x$ #let x = 1",
    "= heading",
    "- list",
    "1. list",
    "/ term: x",
    "// comment",
    "/* comment",
    "<label> @ref",
    "*bold* _slanted_ `raw`",
    "a \\ b",
    '"quoted" -- --- ... -?',
    "http://example.org",
    "[content]",
    "#[x]",
    "x_1#y",
    "$",
    "\\",
    "~ \u202e tab\tline\nbreak",
]
MODELS = [("chain", "C", "b[1]"), ("lstm", "c[t]", "c[k]"), ("mlp", "C", "W[1]"), ("rnn", "E", "W")]


def compiled(source, tmp_path):
    """Compile a file, where the extra is installed; returns its text as Typst sees it."""
    typst_module = pytest.importorskip("typst")
    file = tmp_path / "page.typ"
    file.write_text(source, encoding="utf-8")
    return typst_module.compile(str(file), format="svg")


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words, tmp_path):
    """A file with them compiles, and shows them: what was read as a command would be gone, or an error."""
    document = Document(
        (
            Heading(words),
            Text(words),
            Text((words, Name("x"), words)),
            Listing(words),
            Comment(words),
            Display(Name(words, whole=True), Symbol(words, r"\operatorname{x}"), label=words),
        )
    )
    page = typst_file(document, words)
    compiled(page + table_typst(Table("t", "", (words,), ((words,),))), tmp_path)


def test_what_is_escaped_says_the_same():
    for words in HOSTILE:
        said = " ".join(words.replace("\u202e", "").split())
        for sentence in typst_page(typst(Document((Text(("A ", escaped("x"), " ", words)),)))).sentences:
            assert "".join(sentence.words.split()).endswith("".join(said.split())) or "x_1" in words


def test_a_label_is_what_an_author_refers_to(tmp_path):
    page = typst(Document((Display(Name("x"), Num(1), label="eq-7"), Display(Name("y"), Num(2), name="eq:two"))))
    assert page == ("#math.equation(block: true, numbering: _ => [(eq-7)], $ x = 1 $) <eq-7>\n\n$ y = 2 $ <eq:two>\n")
    settings = '#set math.equation(numbering: "(1)")\n'
    compiled(f"{settings}{page}\nSee @eq-7 and @eq:two.", tmp_path)


@pytest.mark.parametrize("question", MODELS, ids=" ".join)
@pytest.mark.parametrize("notation", ["nielsen", "ng"])
def test_typst_takes_the_pages_of_models(question, notation, tmp_path):
    name, of, wrt = question
    for form in ("folded", "unfolded"):
        page = sg.model(name).derivative(of, wrt).presentation(notation, form).document()
        compiled(typst_file(page, f"{of} by {wrt}"), tmp_path)
    whole = sg.model(name).backward("C" if "C" in of else "E").presentation(notation).document()
    compiled(typst_file(whole, name), tmp_path)


TWICE = [
    (r"\sigma'(z_{1})\, w_{2}", "sigma'(z_1) thin w_2"),
    (r"\frac{\partial C}{\partial a_{2}}", "frac(∂ C, ∂ a_2)"),
    (r"\frac{\partial^{+} s_{k}}{\partial W}\, \mathrm{d}W", "frac(∂^+ s_k, ∂ W) thin dif W"),
    (r"\prod_{j=k+1}^{t} W\, \operatorname{diag}(\sigma'(a_{j}))", 'product_(j=k+1)^t W thin "diag"(sigma\'(a_j))'),
    (r"\begin{pmatrix} a & b_{1, 2} \\ c & d \end{pmatrix}", "mat(a, b_(1, 2); c, d)"),
    (
        r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        'cases(x & "if " x > 0, 0 & "otherwise")',
    ),
    (r"\mathbf{1}\{x > 0\} \cdot 2", "bold(1){x > 0} ⋅ 2"),
    (r"\Vert W \Vert^{2} + \sqrt{\vert x \vert}", "norm(W)^2 + sqrt(abs(x))"),
    (
        r"\hat{\theta}_{\mathrm{max}, j}\, W^{\mathsf T} A^{-\mathsf T}",
        'hat(theta)_("max", j) thin W^sans("T") A^(-sans("T"))',
    ),
    (r"W^{[l]}\, a^{(l)}", "W^([l]) thin a^((l))"),
    (r"f_{1}(x) + f\, (x)", "f_1 (x) + f thin (x)"),
    (r"\Bigl(a + b \Bigr)", r"stretch(\(, size: #200%) a + b \)"),
]


@pytest.mark.parametrize(("latex", "shown"), TWICE)
def test_a_formula_says_the_same_in_latex_and_in_typst(latex, shown):
    assert formula(shown, "typst").sides == formula(latex).sides
    assert not formula(shown, "typst").reason


@pytest.mark.parametrize("shown", ["frac(a", "a)", "unknown(x)", "sqrt(a, b)", r"a \# b", '"a', "#eval(x)", "(" * 1000])
def test_what_is_not_understood_says_why(shown):
    assert formula(shown, "typst").reason


def test_letters_are_named_and_words_are_upright():
    assert math_typst(Name("sigma_max", Name("j"), primes=1)) == 'sigma\'_("max", j)'
    assert math_typst(Name("W_xi")) == 'W_"xi"'
    assert prose("λ^L of σ_w²") == "$lambda^L$ of $sigma_w^2$"


@pytest.mark.parametrize("number", ["0.6827", "13780.6", "42"])
def test_a_number_that_is_one_string_is_a_number(number):
    assert [(t.kind, t.text) for t in typst_tokens(f'≈ "{number}"')][1] == ("number", number)
