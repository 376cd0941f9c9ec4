"""∂vec(Y)/∂vec(X) of matrices: a Kronecker product, printed below what the derivative does to a change, and read."""

import pytest

import symgrad as sg
from symgrad.api.printed.witness import check_printed
from symgrad.export.text import text

SHAPES = "A: (m, n)\nX: (n, p)\nB: (p, q)\n"
SQUARE = "A: (n, n)\nX: (n, n)\n"

KRONECKER = [
    (SHAPES + "Y = A@X@B", "Bᵀ ⊗ A"),
    (SHAPES + "Y = 3*A@X@B", "Bᵀ ⊗ (3 A)"),
    (SHAPES + "Y = A@X", "I ⊗ A"),
    (SHAPES + "Y = X@B", "Bᵀ ⊗ I"),
    (SQUARE + "Y = A@X - X@A", "I ⊗ A - Aᵀ ⊗ I"),
    (SQUARE + "Y = inv(X)", "-X⁻ᵀ ⊗ X⁻¹"),
    (SQUARE + "Y = X@A@X", "(Xᵀ Aᵀ) ⊗ I + I ⊗ (X A)"),
]


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(("equations", "expected"), KRONECKER)
def test_the_kronecker_product_is_printed_and_read_back(equations, expected, layout):
    page = sg.parse(equations).derivative("Y", "X", layout=layout).presentation()
    if layout == "numerator":
        assert f"∂vec(Y)/∂vec(X) = {expected}" in text(page.document())
    assert check_printed(page).verdict.name == "SAMPLED"


def test_its_factors_in_the_other_order_are_refuted():
    page = sg.parse("A: (2, 2)\nX: (2, 2)\nB: (2, 2)\nY = A@X@B").derivative("Y", "X").presentation()
    wrong = "∂vec(Y)/∂vec(X) = A ⊗ Bᵀ\n\nLayout: numerator.\n"
    assert check_printed(page, {"text": wrong}).verdict.name == "REFUTED"


def test_what_acts_entry_by_entry_has_no_such_line():
    page = sg.parse("X: (n, n)\nY = tanh(X)").derivative("Y", "X").presentation()
    assert "vec" not in text(page.document())
