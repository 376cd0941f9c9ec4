"""The witness as printed: right pages pass in every notation, layout, form and format, and seeded faults are caught."""

from __future__ import annotations

from functools import lru_cache

import page_faults as fault
import pytest
from campaign import in_turn

import symgrad as sg
from symgrad.api.printed.witness import check_printed
from symgrad.errors import NotDefined
from symgrad.evidence.verdict import Verdict
from symgrad.export.html import html
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.math import Display, Document
from symgrad.export.text import text
from symgrad.export.typst import typst

WRITERS = {"text": text, "latex": latex, "markdown": markdown, "html": html, "typst": typst}
OWN = {
    "batch": "W: (m, n)\nX: (n, B)\nY: (m, B)\nE = quadratic(W@X, Y)",
    "pow": "a: (d,)\nW: (d, d)\nx[0]: (d,)\nx[j] = (W**2)@x[j-1]\nC = sum(x[L]**3)",
    "ratio": "v[j] = v[j-1]/alpha\nC = v[L]**2",
}


@lru_cache(maxsize=64)
def presentation(name, of, wrt, notation="nielsen", layout="numerator", form="folded", depth=None):
    model = sg.parse(OWN[name], name) if name in OWN else sg.model(name)
    return model.derivative(of, wrt, depth, layout).presentation(notation, form)


RIGHT = [
    ("chain", "C", "b[1]"),
    ("residual", "C", "w[k]"),
    ("rnn", "E", "W"),
    ("rnn", "s[t]", "s[k]"),
    ("mlp", "C", "W[1]"),
    ("gru", "h[t]", "h[t-1]"),
]


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("notation", ["nielsen", "ng", "rnn"])
@pytest.mark.parametrize("question", RIGHT, ids=" ".join)
def test_right_pages_pass(question, notation, layout):
    for form in ("folded", "unfolded"):
        page = presentation(*question, notation, layout, form)
        document = page.document()
        pages = {format_: write(document) for format_, write in WRITERS.items()}
        pages["text"] = text(document, 60)
        check = check_printed(page, pages)
        assert check.verdict is Verdict.SAMPLED, f"{check}\n{pages['text']}"
        assert check.required
        assert check.points > 0


LAGGED = "W[j]: (d, d)\ns[0]: (d,)\ny: (d,)\ns[j] = {step}\nC = cost(s[L], y)"
ROWS = "W: (d, d)\nH[0]: (B, d)\nH[l] = relu(H[l-1]@W)"
GATED = "W: (d, d)\nU: (d, d)\nS[0]: (d, B)\ng[j]: ()\nS[j] = tanh(W@S[j-1] + U@S[j-1]*g[j])"
PAIR = (
    "W: (d, d)\nU: (d, d)\nS[0]: (d, B)\nT[0]: (B, d)\n"
    "S[j] = tanh(W@S[j-1] + U@T[j-1].T)\nT[j] = sin((U@S[j-1]).T)*T[j-1]"
)
HARD = [
    # a number added to matrices is a multiple of I, also inside a product between two matrices
    ("W: (d, d)\nV[j]: (d, d)\nS[0]: (d, B)\nS[j] = W.T@S[j-1] + V[j]@S[j-1] + k*S[j-1]\nC = sum(S[L]**2)/2", "C", "W"),
    ("W: (d, d)\nS[0]: (d, B)\nS[j] = -S[j-1]/k + W.T@S[j-1]\nC = sum(S[L]**2)/2", "C", "W"),
    # a weight that acts transposed, or both ways, on vectors with a lag: the products ∏ on a page have one order
    (LAGGED.format(step="tanh(s[j-3]) + s[j-2]@W[j-1] + 1.5*s[j-1]"), "C", "W[k]"),
    (LAGGED.format(step="tanh(s[j-3]) + s[j-2]@W[j-1] + W[j-1]@s[j-1]"), "C", "W[k]"),
    (LAGGED.format(step="tanh(s[j-3]) + s[j-2]@W[j-1] + W[j-1]@s[j-1]"), "s[L]", "W[k]"),
    # a step that reads a state at a fixed number
    (LAGGED.format(step="sin(s[0])*s[j-3] + s[j-3]@W[j-1] + 1.5*s[j-2]"), "C", "W[k]"),
    ("M: (B, B)\nS[0]: (d, B)\nS[j] = sigma(S[j-1])@M + S[0]@M\nC = cost(S[L])", "C", "M"),
    ("Y: (d, B)\nS[0]: (d, B)\nS[j] = sin(S[j-1]) + sigma(S[0])\nC = k*sum(S[L]*Y)", "C", "S[0]"),
    ("W: (d, d)\nb: (d, B)\nS[0] = tanh(b)\nS[j] = W@S[j-1] - S[j-1]/a + sin(S[0])\nC = sum(S[L]**2)", "C", "b"),
    # ∂⁺s_1/∂s_0 of the step before is not that of the s_0 which every step reads
    (
        "W: (d, d)\nb: (d,)\nc[0]: (d,)\ns[0] = tanh(b)\ns[j] = s[j-1] + W@(sin(s[0])*c[j-1])\n"
        "c[j] = c[j-2] + tanh(s[j-1])*s[j-1]",
        "s[L]",
        "b",
    ),
    # ∂⁺D/∂c by the equation of D alone is not that by the whole step
    (
        "V[j]: (d, d)\nW: (d, d)\nc[0]: (d,)\nv[j] = V[j]@(sigma(c[j-1])*c[j-1]) + sin(V[j]@c[j-1])\n"
        "c[j] = c[j-1] + W@sin(v[j])\nD = loss(v[L], c[L-1])",
        "D",
        "W",
    ),
    (
        "u[j] = s[j-1] + where(s[j-1] > 0 or c[j-1] < k, c[j-1]*s[j-1], s[j-1])\ns[j] = s[j-1]\n"
        "c[j] = sigma(c[j-1]) + s[j-1]**2\nD = loss(u[L], c[L-1])",
        "D",
        "s[0]",
    ),
    # a loss that reads a quantity which the states read, too
    ("W: (d, d)\nS[0]: (d, B)\nV[j] = W@S[j-1]\nS[j] = tanh(V[j]) + S[j-1]\nD = loss(S[L], V[L])", "D", "W"),
    # the root of a number that is a matrix product
    ("x: (d,)\ng: (d,)\nr = sqrt(x@x/d + eps)\ny = g*x/r\nE = cost(y)", "E", "x"),
    # a number uᵀ v before a change
    ("W: (d, d)\nb: (d,)\ns[0] = tanh(b)\ns[j] = (b@sigma(s[j-1]))*(W@s[j-1] + b)\nC = cost(s[L])", "C", "W"),
    # a matrix by a number
    ("W: (n, n)\nS[0]: (n, m)\nS[j] = c*W@S[j-1]\nC = sum(S[L])", "S[L]", "c"),
    # a product of maps of matrices, which act on the change one after the other
    (ROWS, "H[L]", "H[0]"),
    (GATED, "S[L]", "S[0]"),
    (GATED, "S[L]", "W"),
    (GATED, "S[L]", "g[k]"),
    # a matrix of such maps, whose transpose is printed in denominator layout
    ("W: (d, d)\nS[0]: (d, B)\nS[j] = tanh(W@S[j-1]) + S[j-2]", "S[L]", "S[0]"),
    (PAIR, "S[L]", "S[0]"),
    (PAIR, "S[L]", "W"),
]


@pytest.mark.parametrize(("equations", "of", "wrt", "layout"), in_turn(HARD, "numerator", "denominator"))
def test_the_page_of_a_network_is_right(equations, of, wrt, layout):
    for form in ("folded", "unfolded"):
        for depth in (None, 4):
            asked = wrt if depth is None else wrt.replace("k", "1")
            page = sg.parse(equations).derivative(of, asked, depth, layout).presentation("nielsen", form)
            pages = {format_: write(page.document()) for format_, write in WRITERS.items()}
            check = check_printed(page, pages)
            assert check.verdict is Verdict.SAMPLED, f"{check}\n{pages['text']}"
            assert "·" not in pages["text"]


def test_where_nothing_but_a_dot_would_do_the_page_is_refused():
    equations = "M: (B, B)\nS[0]: (d, B)\nS[j] = sigma(S[j-2])@M + S[0]\nC = sum(S[L]**2)/2"
    with pytest.raises(NotDefined, match="no product of matrices"):
        sg.parse(equations).derivative("C", "S[k]", 3).presentation("nielsen").document()


# --- seeded faults --------------------------------------------------------------------------------------

CHAIN, RESIDUAL = ("chain", "C", "b[1]"), ("residual", "C", "w[k]")
RNN, SHARED, LSTM, MLP = ("rnn", "s[t]", "s[k]"), ("rnn", "E", "W"), ("lstm", "h[t]", "h[k]"), ("mlp", "C", "W[1]")
ENTRIES, BATCH, POWER, RATIO = ("gru", "E", "U_g"), ("batch", "E", "W"), ("pow", "C", "x[0]"), ("ratio", "C", "alpha")
PLAIN, ANG, HINTON = ("nielsen", "numerator"), ("ng", "denominator"), ("rnn", "numerator")
BELOW, RIGHT_NG = ("nielsen", "denominator"), ("ng", "numerator")

FAULTS = [
    (fault.transpose_dropped, RNN, BELOW),
    (fault.transpose_dropped, MLP, ANG),
    (fault.transpose_dropped, SHARED, ANG),
    (fault.transpose_added, RNN, PLAIN),
    (fault.transpose_added, MLP, HINTON),
    (fault.factors_swapped, MLP, PLAIN),
    (fault.factors_swapped, SHARED, ANG),
    (fault.factors_reversed, RNN, PLAIN),
    (fault.factor_dropped, CHAIN, PLAIN),
    (fault.factor_dropped, RNN, ANG),
    (fault.factor_dropped, MLP, HINTON),
    (fault.last_factor_dropped, CHAIN, ANG),
    (fault.last_factor_dropped, SHARED, PLAIN),
    (fault.factor_doubled, CHAIN, HINTON),
    (fault.range_begins_later, CHAIN, PLAIN),
    (fault.range_begins_later, RNN, ANG),
    (fault.range_begins_earlier, RNN, PLAIN),
    (fault.range_ends_earlier, CHAIN, ANG),
    (fault.range_ends_earlier, SHARED, PLAIN),
    (fault.range_turned, RNN, HINTON),
    (fault.sum_for_product, CHAIN, PLAIN),
    (fault.sum_for_product, SHARED, BELOW),
    (fault.prime_dropped, CHAIN, PLAIN),
    (fault.prime_dropped, RNN, ANG),
    (fault.entrywise_for_product, RNN, PLAIN),
    (fault.diag_dropped, RNN, PLAIN),
    (fault.diag_dropped, MLP, ANG),
    (fault.index_dropped, CHAIN, PLAIN),
    (fault.index_dropped, RNN, RIGHT_NG),
    (fault.index_moved, CHAIN, ANG),
    (fault.index_moved, MLP, PLAIN),
    (fault.name_exchanged, CHAIN, PLAIN),
    (fault.name_exchanged, RNN, PLAIN),
    (fault.name_exchanged, MLP, ANG),
    (fault.derivative_turned, CHAIN, PLAIN),
    (fault.immediate_for_total, LSTM, PLAIN),
    (fault.sign_turned, RESIDUAL, PLAIN),
    (fault.last_sign_turned, RESIDUAL, ANG),
    (fault.term_dropped, RESIDUAL, PLAIN),
    (fault.parenthesis_dropped, RESIDUAL, PLAIN),
    (fault.grid_turned, LSTM, PLAIN),
    (fault.grid_rows_swapped, LSTM, PLAIN),
    (fault.product_for_entrywise, ENTRIES, BELOW),
    (fault.dot_for_applied, MLP, PLAIN),
    (fault.dot_for_applied, SHARED, ANG),
    (fault.trace_of_dot, BATCH, BELOW),
    (fault.power_changed, POWER, PLAIN),
    (fault.number_changed, RATIO, PLAIN),
    (fault.fraction_turned, RATIO, RIGHT_NG),
]
BELOW_IT = [
    (fault.prime_dropped, LSTM, PLAIN),
    (fault.transpose_dropped, LSTM, BELOW),
    (fault.grid_turned, LSTM, PLAIN),
    (fault.sign_turned, ("gru", "h[t]", "h[k]"), PLAIN),
    (fault.term_dropped, LSTM, ANG),
    (fault.index_moved, LSTM, PLAIN),
    (fault.diag_dropped, SHARED, PLAIN),
    (fault.factors_swapped, SHARED, PLAIN),
    (fault.name_exchanged, LSTM, PLAIN),
]


def caught(page, document, format_):
    check = check_printed(page, {format_: WRITERS[format_](document)})
    return check.verdict in (Verdict.REFUTED, Verdict.UNKNOWN)


@pytest.mark.parametrize(("change", "question", "style"), FAULTS, ids=lambda x: getattr(x, "__name__", str(x)))
def test_a_fault_in_the_formula_is_caught(change, question, style):
    page = presentation(*question, *style)
    if change is fault.immediate_for_total:
        document = next(fault.seeded(page.document(), change, "where"))
    else:
        found = list(fault.seeded(page.document(), change))
        document = found[0]
    for format_ in ("text", "latex"):
        assert WRITERS[format_](document) != WRITERS[format_](page.document())
        assert caught(page, document, format_), WRITERS[format_](document)


@pytest.mark.parametrize(("change", "question", "style"), BELOW_IT, ids=lambda x: getattr(x, "__name__", str(x)))
def test_a_fault_in_a_line_below_is_caught(change, question, style):
    page = presentation(*question, *style)
    document = next(fault.seeded(page.document(), change, "where"))
    for format_ in ("text", "latex"):
        assert caught(page, document, format_), WRITERS[format_](document)


WORDS = [
    (RNN, "highest", "lowest"),
    (RNN, "Layout: numerator", "Layout: denominator"),
    (RNN, "Layout: numerator. ", ""),
    (RNN, " In ∏ the factor of the highest index stands leftmost.", ""),
    (MLP, "Layout: numerator", "Layout: denominator"),
    (SHARED, "highest", "lowest"),
]


@pytest.mark.parametrize(("question", "old", "new"), WORDS)
def test_a_fault_in_the_words_is_caught(question, old, new):
    page = presentation(*question)
    document = fault.said_otherwise(page.document(), old, new)
    for format_ in WRITERS:
        assert WRITERS[format_](document) != WRITERS[format_](page.document())
        assert caught(page, document, format_)


OF_MATRICES = [
    (ROWS, "range_turned", "main"),
    (ROWS, "prime_dropped", "where"),
    (ROWS, "factors_reversed", "where"),
    (GATED, "prime_dropped", "where"),
    (GATED, "term_dropped", "where"),
    (PAIR, "grid_turned", "where"),
    (PAIR, "prime_dropped", "where"),
]


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(("equations", "change", "parts"), OF_MATRICES)
def test_a_fault_in_a_product_of_maps_of_matrices_is_caught(equations, change, parts, layout):
    of, wrt = ("H[L]", "H[0]") if equations == ROWS else ("S[L]", "S[0]")
    page = sg.parse(equations).derivative(of, wrt, layout=layout).presentation("nielsen")
    documents = list(fault.seeded(page.document(), getattr(fault, change), parts))
    assert documents
    for document in documents:
        assert caught(page, document, "text"), text(document)
        if change == "prime_dropped":
            assert check_printed(page, {"text": text(document)}).verdict is Verdict.REFUTED


@pytest.mark.parametrize("equations", [ROWS, GATED, PAIR])
@pytest.mark.parametrize("depth", [None, 4])
def test_maps_of_matrices_in_reverse_order_are_refuted(equations, depth):
    of, wrt = ("H[L]", "H[0]") if equations == ROWS else ("S[L]", "S[0]")
    page = sg.parse(equations).derivative(of, wrt, depth).presentation("nielsen")
    if depth is None:
        document = fault.said_otherwise(page.document(), "highest", "lowest")
    else:
        document = next(fault.seeded(page.document(), fault.maps_reversed))
    assert check_printed(page, {"text": text(document)}).verdict is Verdict.REFUTED


def test_a_line_that_is_lost_is_missed():
    page = presentation(*LSTM)  # the line of J_j; each of those of ∂⁺ is a derivative that needs no line
    assert caught(page, fault.without(page.document(), Display, 1), "text")


def test_what_is_assumed_is_read():
    page = presentation(*RNN)
    for old, new in (("t ≥ k", "t ≥ k - 1"), ("t ≥ k", "k ≥ t"), ("For t ≥ k.", "")):
        shown = text(page.document())
        assert old in shown
        assert check_printed(page, {"text": shown.replace(old, new)}).verdict is Verdict.UNKNOWN


SPELLINGS = [
    ("latex", r"\sigma'", r"\sigma"),
    ("latex", r"^{\mathsf T}", ""),
    ("latex", r"_{j}", r"_{k}"),
    ("latex", r"\prod_{j=k+1}^{t}", r"\prod_{j=k}^{t}"),
    ("latex", r"\operatorname{diag}", ""),
    ("text", "∏_{j=k+1}^{t}", "∏_{j=k+1}^{t-1}"),
    ("text", "Wᵀ", "W"),
    ("text", "σ'", "σ"),
    ("text", "a_j", "a_k"),
    ("text", "diag(σ'(a_j))", "σ'(a_j)"),
    ("text", "∂s_t/∂s_k", "∂s_k/∂s_t"),
]


@pytest.mark.parametrize(("format_", "old", "new"), SPELLINGS)
def test_a_fault_of_one_format_is_caught(format_, old, new):
    page = presentation(*RNN, *BELOW)
    shown = WRITERS[format_](page.document())
    assert old in shown
    assert check_printed(page, {format_: shown.replace(old, new)}).verdict in (Verdict.REFUTED, Verdict.UNKNOWN)


def test_a_fault_of_one_format_is_named():
    page = presentation(*CHAIN)
    pages = {"text": text(page.document()), "latex": latex(page.document()).replace(r"\sigma'", r"\sigma")}
    check = check_printed(page, pages)
    assert (check.verdict, check.detail) == (Verdict.REFUTED, "latex")
    assert check.counterexample.startswith("at depth 1, ")


def test_what_is_not_read_is_not_printed(monkeypatch, capsys):
    from symgrad.cli.run import run
    from symgrad.export.derivative import Presentation

    whole = Presentation.document
    monkeypatch.setattr(Presentation, "document", lambda p: next(fault.seeded(whole(p), fault.dot_for_applied)))
    assert run(["derive", "chain", "--of", "C", "--wrt", "b[1]"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "UNKNOWN  as printed (text: not read: ∂C/∂b_1 = " in err
    assert run(["derive", "chain", "--of", "C", "--wrt", "b[1]", "--no-verify"]) == 0
    assert "∂C/∂b_1 = " in capsys.readouterr().out


def test_an_empty_page_says_nothing():
    page = presentation(*CHAIN)
    for document in (Document(()), Document((Display(page.left, page.left),))):
        assert check_printed(page, {"text": text(document)}).verdict is not Verdict.SAMPLED


@pytest.mark.parametrize(
    ("equations", "wrt", "right", "wrong"),
    [
        ("x: (d,)\nx: positive\ny: (d,)\nE = sum(x**y)", "y", "ln(x) ⊙ x^y", "ln(y) ⊙ x^y"),
        ("x: (d,)\nx: positive\ny: (d,)\nE = sum(x**y)", "x", "y ⊙ x^(y-1)", "y ⊙ x^y"),
        ("y: (d,)\nE = sum(2**y)", "y", "ln(2) 2^y", "ln(2) 3^y"),
    ],
)
def test_a_power_whose_exponent_is_a_vector(equations, wrt, right, wrong):
    page = sg.parse(equations).derivative("E", wrt, layout="denominator").presentation()
    words = "\n\nLayout: denominator."
    assert check_printed(page).verdict.passes
    assert check_printed(page, {"text": f"∂E/∂{wrt} = {right}{words}"}).verdict.passes
    assert check_printed(page, {"text": f"∂E/∂{wrt} = {wrong}{words}"}).verdict.name == "REFUTED"


def test_slopes_of_an_open_function_of_two_arguments_depend_on_both():
    """Otherwise the difference of two slopes by the first is 0 wherever it is evaluated, and decides nothing."""
    model = sg.parse("F: scalar\nx: (d,)\ny: (n,)\nz: (n,)\na = F(x, y)\nb = F(x, z)\nE = a - b")
    assert model.derivative("E", "x").verify().verdict.name == "PROVED"
