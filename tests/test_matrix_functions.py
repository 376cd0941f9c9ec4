"""Functions of matrices and functions with cases: the gradient as the book prints it, proved, and read back."""

import pytest
from proved import assert_proved

import symgrad as sg
from symgrad.export.text import text

X, XS = "X: (n, n)", "X: (m, n)"
VECTORS = "a: (n,)\nb: (n,)"
TRIPLET = "a: (n,)\np: (n,)\nq: (n,)\nC = max(sum((a - p)**2) - sum((a - q)**2) + m, 0)"

GRADIENTS = [
    (f"{X}\nC = tr(X)", "X", "I"),
    (f"{X}\nC = det(X)", "X", "det(X) X⁻ᵀ"),
    (f"{X}\nC = logdet(X)", "X", "X⁻ᵀ"),
    (f"{X}\nC = log(det(X)**2)", "X", "2 X⁻ᵀ"),
    (f"{X}\n{VECTORS}\nC = a@inv(X)@b", "X", "-X⁻ᵀ a bᵀ X⁻ᵀ"),
    (f"{X}\nA: (n, n)\nC = tr(inv(X)@A)", "X", "-X⁻ᵀ Aᵀ X⁻ᵀ"),
    (f"{XS}\nA: (p, m)\nB: (n, p)\nC = tr(A@X@B)", "X", "Aᵀ Bᵀ"),
    (f"{XS}\nC = logdet(X@X.T)", "X", "2 (X Xᵀ)⁻¹ X"),
    (f"{X}\nA: (m, n)\nB: (n, m)\nC = det(A@X@B)", "X", "det(A X B) Aᵀ (A X B)⁻ᵀ Bᵀ"),
    ("x: (n,)\ny: (m,)\nA: (n, m)\nC = sum(outer(x, y)*A)", "x", "A y"),
    ("x: (n,)\nA: (n, n)\nC = tr(diag(x)@A)", "x", "diag(A)"),
    ("A: (n, n)\nb: (n,)\nC = b@diag(A)", "A", "diag(b)"),
    ("C = max(x, y)", "x", "1{x ≥ y}"),
    ("C = max(x, y)", "y", "1{y > x}"),
    ("C = min(x, y)", "y", "1{y < x}"),
    ("x: (n,)\nC = sum(clip(x, -1, 1))", "x", "1{-1 < x < 1}"),
    ("x: (n,)\nC = sum(where(x > 0, x, alpha*x))", "x", "1{x > 0} + α 1{x ≤ 0}"),
    ("x: (n,)\nC = sum(where(x > 0, x, alpha*x))", "alpha", "xᵀ 1{x ≤ 0}"),
    ("C = where(x > 0, x**2, where(x > -1, x, -1))", "x", "{2 x, if x > 0; 1, if x > -1; 0, otherwise}"),
    ("K: (n, n)\nK: symmetric\ny: (n,)\na = inv(K)@y\nC = -y@a/2 - logdet(K)/2", "K", "(1/2) (a aᵀ - K⁻¹)"),
    ("K: (n, n)\nK: positive_definite\nC = logdet(K)", "K", "K⁻¹"),
    ("l = f(t)\nf: scalar\nC = exp(l - stop_gradient(l))", "t", "∂l/∂t"),
    ("C = (r + g*stop_gradient(u) - v)**2/2", "v", "-(r + g u - v)"),
    ("A: (n, n)\nC = tr(matrix_power(A, 3))", "A", "3 (Aᵀ)^2"),
    (
        "A: (n, n)\nx: (n,)\nC = x@matrix_power(A, 3)@x",
        "A",
        "x xᵀ (Aᵀ)^2 + Aᵀ x (A x)ᵀ + (Aᵀ)^2 x xᵀ",
    ),
    ("X: (m, n)\nY = X.T@X\nC = logdet(Y)", "X", "2 X Y⁻¹"),  # at sizes where Y has an inverse
    ("A: (m, m)\nA: symmetric\nX: (m, n)\nY = X.T@A@X\nC = det(Y)", "X", "2 det(Y) A X Y⁻¹"),
    ("A: (n, n)\nk: integer\nC = tr(matrix_power(A, k))", "A", "k (Aᵀ)^(k-1)"),
    (
        "A: (n, n)\nx: (n,)\nk: integer\nC = x@matrix_power(A, k)@x",
        "A",
        "∑_{i=0}^{k-1} (Aᵀ)^i x xᵀ (Aᵀ)^(k-1-i)",
    ),
    (
        "A: (n, n)\nx[0]: (n,)\nx[t] = tanh(x[t-1])\nC = x[T]@matrix_power(A, T)@x[T]",
        "A",
        "∑_{i=0}^{T-1} (Aᵀ)^i x_T x_Tᵀ (Aᵀ)^(T-1-i)",
    ),
    ("A: (n, n)\nx: (n,)\nC = x@expm(t*A)@x", "t", "xᵀ A e^(t A) x"),
    ("A: (n, n)\nB: (n, n)\nC = tr(inv(A)@A@B)", "B", "I"),
    ("C = where(x > 0 and y > 0, x*y, 0)", "x", "1{x > 0 ∧ y > 0} y"),
    ("C = where(x > 0 or y > 0, x*y, 0)", "x", "1{x > 0 ∨ y > 0} y"),
    ("C = where(0 < x < 1, x**2, 2*x)", "x", "{2 x, if 0 < x < 1; 2, otherwise}"),
    ("C = min(r*A, clip(r, 1 - c, 1 + c)*A)", "r", "1{(A > 0 ∧ r < 1 + c) ∨ (A < 0 ∧ r > 1 - c)} A"),
    ("C = max(A*r, clip(r, -1, 2)*A)", "r", "1{(A > 0 ∧ r > -1) ∨ (A < 0 ∧ r < 2)} A"),
    ("x: (n,)\nC = sum(clip(x, a, b))", "a", "1{x ≤ a < b}ᵀ 𝟏"),
    ("C = clip(x, a, b)", "b", "1{x ≥ b ∨ a ≥ b}"),
]


@pytest.mark.parametrize(("text", "wrt", "expected"), GRADIENTS)
def test_a_gradient_is_printed_as_in_the_book_and_proved(text, wrt, expected):
    assert_proved(text, "C", wrt, expected, "denominator")


HOLD = "A: (n, n)\nB: (n, m)\nA_bar = expm(Delta*A)\nB_bar = inv(A)@(A_bar - I)@B"


@pytest.mark.parametrize(("of", "expected"), [("A_bar", "A A_bar"), ("B_bar", "A_bar B")])
def test_an_exponential_is_a_factor_of_its_derivative(of, expected):
    gradient = sg.parse(HOLD).derivative(of, "Delta")
    assert str(gradient) == expected
    assert gradient.verify(seed=0).verdict.name == "PROVED"


def test_the_derivative_by_the_matrix_in_an_exponential_is_refused_and_backpropagated():
    model = sg.parse("A: (2, 2)\nC = tr(expm(t*A)@A)")
    with pytest.raises(sg.SymgradError, match="no product of matrices") as caught:
        model.derivative("C", "A")
    assert "model.gradients" in caught.value.todo
    values = {"A": [[1, 2], [0, 1]], "t": 1}
    found = model.gradients("C", values=values, arithmetic="ball")["A"]
    e = 2.718281828459045  # by hand: ∂/∂A tr(A e^A) = (e^A + A e^A)ᵀ, where e^A = e [[1, 2], [0, 1]]
    expected = [[2 * e, 0], [6 * e, 2 * e]]
    assert [[float(x) for x in row] for row in found] == [pytest.approx(row, rel=1e-12, abs=0) for row in expected]


def test_the_exponent_of_a_matrix_is_an_integer_and_the_page_says_so():
    with pytest.raises(sg.SymgradError, match="no whole number") as caught:
        sg.parse("A: (n, n)\nC = tr(matrix_power(A, k))")
    assert "'k: integer'" in caught.value.todo
    model = sg.parse("A: (n, n)\nk: integer\nC = tr(matrix_power(A, k))")
    assert [str(a) for a in model.assumptions] == ["k: integers", "k: entries > 0"]
    found = model.derivative("C", "A", layout="denominator").evaluate({"A": [[1, 1], [0, 2]], "k": 3}, "exact")
    assert found.tolist() == [[3, 0], [9, 12]]  # 3 (A²)ᵀ


BACKWARD = [
    ("A: (n, n)\nx: (n,)\nC = x@expm(t*A)@x", ["t"], "∂C/∂t = xᵀ A e^(t A) x"),
    (
        "A: (n, n)\nx: (n,)\nk: integer\nC = x@matrix_power(A, k)@x",
        None,
        "∂C/∂A = ∑_{i=0}^{k-1} (Aᵀ)^i x xᵀ (Aᵀ)^(k-1-i)",
    ),
    ("C = (r + g*stop_gradient(u) - v)**2/2", ["v"], "∂C/∂v = v - r - g u"),
    ("X: (m, n)\nY = X.T@X\nC = logdet(Y)", None, "∂C/∂X = X δᵀ + X δ"),
]


@pytest.mark.parametrize(("text", "wrt", "expected"), BACKWARD)
def test_backward_equations_are_proved_and_read_back(text, wrt, expected):
    equations = sg.parse(text).backward("C", wrt)
    assert expected in str(equations).splitlines()
    assert equations.verify(seed=0).verdict.passes


def test_there_is_no_derivative_by_the_exponent_of_a_matrix():
    with pytest.raises(sg.SymgradError, match="k is an integer"):
        sg.parse("A: (n, n)\nk: integer\nC = tr(matrix_power(A, k))").derivative("C", "k")


def test_the_derivative_by_the_matrix_of_an_exponential_has_no_backward_equation():
    with pytest.raises(sg.SymgradError, match="no product of matrices"):
        sg.parse("A: (n, n)\nC = tr(expm(t*A))").backward("C", ["A"])


SYMPY = [
    ("X: (n, n)\nC = det(X)", "X", "Determinant(X)*X.T**(-1)"),
    ("A: (n, n)\nC = tr(matrix_power(A, 3))", "A", "3*A.T**2"),
    ("C = max(x, y)", "x", "Piecewise((1, x >= y), (0, True))"),
]


@pytest.mark.parametrize(("text", "wrt", "expected"), SYMPY)
def test_sympy_has_what_it_has_objects_for(text, wrt, expected):
    assert str(sg.parse(text).derivative("C", wrt, layout="denominator").sympy()) == expected


def test_a_condition_is_bounded_by_1():
    network = sg.parse("x[0]: (n,)\nW: (n, n)\nx[l] = max(W@x[l-1], 0)")
    assert str(network.derivative("x[L]", "x[0]").bound("norm(W) <= 1/2")) == "2^(-L)"


def test_an_elementwise_function_of_several_numbers_is_left_open():
    chain = sg.parse("f: elementwise\na[j] = f(a[j-1], w[j])\nC = cost(a[L])")
    gradient = chain.derivative("C", "w[1]")
    assert str(gradient) == "∂a_1/∂w_1 (∏_{j=2}^{L} ∂a_j/∂a_{j-1}) ∂C/∂a_L"
    assert gradient.verify(seed=0).verdict.name == "PROVED"
    with pytest.raises(sg.SymgradError, match="'f: vector' declares one of vectors"):
        sg.parse("f: elementwise\na[0]: (d,)\nw: (d,)\na[j] = f(a[j-1], w)")


def test_a_half_width_that_is_not_declared_positive_is_taken_to_be_so_and_said():
    objective = "L = min(r*A, clip(r, 1 - e_1, 1 + e_1)*A)"
    assert "e_1 is taken to be positive" in sg.parse(objective).notes[0]
    assert not sg.parse(f"{objective}\ne_1: positive").notes
    assert "clip" in str(sg.parse("L = min(r*A, clip(r, a, b)*A)").derivative("L", "r"))  # a < b is not known


def test_a_square_matrix_that_is_raised_entry_by_entry_has_a_note():
    assert "A**2 acts entry by entry" in sg.parse("A: (n, n)\nx: (n,)\ny = A**2@x").notes[0]
    assert not sg.parse("A: (n, n)\nC = sum(A**2)").notes


def test_the_page_says_where_a_case_is_a_convention():
    page = text(sg.parse("C = max(x, y)").derivative("C", "x").presentation().document())
    assert "Where x = y, the case is a convention: there may be no derivative." in page
