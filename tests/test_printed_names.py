"""Names that mean something else elsewhere, in every place of an index: the page is read back."""

from itertools import product

import pytest

import symgrad as sg
from symgrad.api.printed.witness import check_printed
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.export.html import html
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.notation import Notation
from symgrad.export.style import VALUES, Style
from symgrad.export.text import text
from symgrad.export.typst import typst

WRITERS = {"text": text, "latex": latex, "markdown": markdown, "html": html, "typst": typst}
NAMES = [
    "e",
    "I",
    "d",
    "t",
    "T",
    "W_xi",
    "a_pi",
    "long_name_with_words",
    "δ_x",
    "x_hat",
    "i",
    "x1",
    "A_T",
    "theta_hat_max",
]
ROLES = ["state", "weight", "bias"]


def model(role, name):
    s, w, b = (name if role == r else own for r, own in zip(ROLES, "swb", strict=True))
    shapes = f"{w}: (n, n)\n{b}: (n,)\n{s}: (n,)\n"
    return sg.parse(f"{shapes}{s}[j] = tanh({w}@{s}[j-1] + {b})\nE = loss({s}[L])"), s, w


RICH = {
    "vectors": "bold",
    "matrices": "bold italic",
    "derivative": r"\mathrm d",
    "subscripts": "italic",
    "product": "dot",
}


@pytest.mark.parametrize(
    ("name", "role", "style"),
    [(n, r, VALUES["index"][k % 4]) for k, (n, r) in enumerate(product(NAMES, ROLES))],
)
def test_a_page_with_a_name_of_ones_own_is_read_back(name, role, style):
    network, s, w = model(role, name)
    of, wrt = (f"{s}[L]", f"{s}[k]") if style in ("subscript", "bracket") else ("E", w)
    for more in ({}, RICH):
        page = network.derivative(of, wrt).presentation(Notation("own", style=Style(index=style, **more)))
        document = page.document()
        check = check_printed(page, {format_: write(document) for format_, write in WRITERS.items()})
        assert check.verdict is Verdict.SAMPLED, check


@pytest.mark.parametrize("name", ["E", "E_hat"])
def test_a_step_that_reads_what_is_defined_after_the_last_is_refused(name):
    with pytest.raises(SymgradError, match="defined after the last step"):
        sg.parse(f"s[j] = tanh(w*s[j-1] + {name})\n{name} = loss(s[L])")


@pytest.mark.parametrize(
    "equations",
    [
        "x_0: (n,)\ne: (n,)\nx_t = a*x_0 + t*e\nL = x_t@x_t",  # x_t is no x at an index t
        "W: (n, n)\nA: (n, n)\nX: (m, n)\nY = X@(stop_gradient(W) + A)\nL = sum(Y*Y)",
    ],
)
def test_names_of_backward_equations_are_read(equations):
    assert sg.parse(equations).backward("L").verify().verdict.name == "PROVED"


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("depth", [3, None])
def test_a_state_that_is_read_as_the_one_before_and_by_its_number(depth, layout):
    """At the first step ∂⁺c_1/∂s_0 of the one way would be the name of the other: the one is written out."""
    equations = "c[0]: (d,)\ns[0]: (d,)\ns[j] = tanh(s[j-1])\nc[j] = 2*s[j-1] + c[j-1] + s[0]"
    page = sg.parse(equations).derivative("c[L]", "s[0]", depth=depth, layout=layout).presentation()
    assert str(check_printed(page).verdict) == "SAMPLED"
    assert "∂⁺c_j/∂s_{j-1}" not in text(page.document())
