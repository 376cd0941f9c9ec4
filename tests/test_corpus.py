"""The rows of the corpus that docs/corpus.md says are reached stay reached; what does not match is found."""

import re
from dataclasses import replace

import pytest

from symgrad.errors import SymgradError
from symgrad.reading.page.document import formula, latex_page
from tests.corpus import library, oracle
from tests.corpus.cases import TABLES, answer, cases
from tests.corpus.form import normal, same
from tests.corpus.row import rows
from tests.corpus.run import BOOK, ask
from tests.corpus.score import DOCS

ROWS = {row.id: row for row in rows()}
REACHED = re.findall(rf"^\| \[(\w+)\]\(.*\| {BOOK} \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", REACHED)
def test_a_row_that_was_reached_stays_so(name):
    for question in ROWS[name].questions:
        found = ask(ROWS[name], question)
        assert found.state == BOOK, f"{question.shown}: {found.state}, {found.detail}\n{found.page}"


def test_there_are_rows():
    assert len(ROWS) >= 103
    assert len(REACHED) >= 10


NOT_REACHED = set(re.findall(r"^\| ([^|]*) \| `", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
CASES = [c for table in TABLES for c in cases(table) if c.name not in NOT_REACHED]


@pytest.mark.parametrize("case", [c for c in CASES if c in cases("tensorgrad")][::12], ids=lambda c: c.name)
def test_a_case_of_a_table(case):
    assert answer(case) == ""


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_every_case_of_a_table(case):
    assert answer(case) == ""


def test_cases_of_a_table_have_names_of_their_own():
    for table in TABLES:
        names = [c.name for c in cases(table)]
        assert len(names) == len(set(names))
    assert len(CASES) > 70


def test_a_wrong_derivative_is_no_known_one():
    (case,) = [c for c in cases("cookbook") if c.name == "bilinear form"]
    assert answer(case) == ""
    assert "REFUTED" in answer(replace(case, known=r"a b^{\mathsf T} + X"))
    assert "REFUTED" in answer(replace(case, known=r"2 a b^{\mathsf T}"))


def agreeing(other):
    """Return the rows whose derivatives another library has too, and how many; every one agrees."""
    compared, derivatives = set(), 0
    for name, row in ROWS.items():
        try:
            for shown, difference in oracle.compared(row, library=other):
                assert difference < oracle.BOUND, f"{name}: {shown}"
                derivatives += 1
                compared.add(name)
        except (oracle.UnsupportedError, SymgradError, KeyError):  # its equations are not run here, or not read yet
            continue
    return compared, derivatives


def test_numbers_by_autograd():
    compared, derivatives = agreeing(oracle.AUTOGRAD)
    assert len(compared) >= 70
    assert derivatives > 120


@pytest.mark.long
@pytest.mark.parametrize(("needs", "other"), [("torch", library.pytorch), ("jax", library.jax)])
def test_numbers_by_pytorch_and_by_jax(needs, other):
    pytest.importorskip(needs)
    compared, derivatives = agreeing(other())
    assert len(compared) >= 70
    assert derivatives > 120


def test_an_equation_of_another_network_has_other_numbers(tmp_path):
    text = ROWS["G02"].text.replace("S = Q@K.T/sqrt(d)", "S = Q@K.T/d")
    (tmp_path / "G02.eq").write_text(text, encoding="utf-8")
    wrong = replace(ROWS["G02"], path=tmp_path / "G02.eq")
    assert any(d > 0.01 for _, d in oracle.compared(ROWS["G02"], wrong.text))


def tree(text):
    return normal(formula(text).sides[0], {"m", "s", "epsilon"}.__contains__)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"2 X^{\mathsf T} (X w - y)", r"X^{\mathsf T}\, 2\, (-y + X\, w)"),
        (r"\frac{1}{m} X Y", r"\frac{X\, Y}{m}"),
        (r"\frac{1}{m s} (X - Y)", r"\frac{1}{s} \frac{X - Y}{m}"),
        (r"-2 U (X - U V)", r"2 U (U V - X)"),
        (r"\sigma'(z) \odot (W^{\mathsf T} d)", r"(W^{\mathsf T} d) \circ \sigma'(z)"),
        (r"\operatorname{diag}(a) \operatorname{diag}(b) W", r"\operatorname{diag}(a \odot b) W"),
        (r"\operatorname{diag}(a - b) \operatorname{diag}(c)", r"\operatorname{diag}(c \odot (a - b))"),
        (r"\sum_{k=1}^{N} p_{k} z_{k}", r"\sum_{j=1}^{N} p_{j} z_{j}"),
        (
            r"P \odot (G - \operatorname{rowsum}(P \odot G))",
            r"(G - (P \odot G)\, \mathbf{1}\, \mathbf{1}^{\mathsf T}) \odot P",
        ),
        (
            r"\frac{\gamma}{s} \odot D",
            r"((\mathbf{1}\, \gamma^{\mathsf T}) \odot D) \oslash (\mathbf{1}\, s^{\mathsf T})",
        ),
        (r"\exp(z/m)", r"\exp\left(\frac{z}{m}\right)"),
    ],
)
def test_the_same_form(one, other):
    assert tree(one) == tree(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"X^{\mathsf T} Y", r"Y X^{\mathsf T}"),
        (r"X^{\mathsf T} Y", r"X Y"),
        (r"a \odot (b - c)", r"a \odot b - a \odot c"),
        (r"\frac{1}{2} (a - b)", r"\frac{1}{2} a - \frac{1}{2} b"),
        (r"\operatorname{diag}(a) b", r"a \odot b"),
        (r"\sum_{k=1}^{N} z_{k}", r"\sum_{k=0}^{N} z_{k}"),
        (r"\sum_{k=1}^{N} z_{k}", r"\sum_{k=1}^{N} z_{k-1}"),
        (r"X (I + Y)", r"X + X Y"),
        (r"\frac{X}{m}", r"m X"),
        (r"A - B", r"A + B"),
    ],
)
def test_another_form(one, other):
    assert tree(one) != tree(other)


PAGE = latex_page(
    r"""
\begin{align*}
    \delta_{l} &= \frac{\partial C}{\partial z_{l}} \\
    \delta_{l} &= \sigma'(z_{l}) \odot (W_{l+1}^{\mathsf T}\, \delta_{l+1}) \\
    \frac{\partial C}{\partial W_{l}} &= \delta_{l}\, a_{l-1}^{\mathsf T}
\end{align*}
"""
)


@pytest.mark.parametrize(
    ("line", "stands"),
    [
        (r"\frac{\partial C}{\partial W_{k}} = \frac{\partial C}{\partial z_{k}} a_{k-1}^{\mathsf T}", True),
        (
            r"\frac{\partial C}{\partial z_{l-1}} = "
            r"(W_{l}^{\mathsf T} \frac{\partial C}{\partial z_{l}}) \odot \sigma'(z_{l-1})",
            True,
        ),
        (r"\frac{\partial C}{\partial W_{k}} = \frac{\partial C}{\partial z_{k}} a_{k}^{\mathsf T}", False),
        (r"\frac{\partial C}{\partial W_{k}} = \frac{\partial C}{\partial a_{k}} a_{k-1}^{\mathsf T}", False),
        (
            r"\frac{\partial C}{\partial z_{l}} = "
            r"(W_{l}^{\mathsf T} \frac{\partial C}{\partial z_{l+1}}) \odot \sigma'(z_{l})",
            False,
        ),
    ],
)
def test_an_equation_on_a_page(line, stands):
    assert same(line, PAGE, lambda _: False) is stands
