"""What cancels in a derivative is cancelled on the page, and each page is read back and compared."""

import pytest
from proved import assert_proved

from symgrad.calculus.simplified import simplified
from symgrad.network.formula import read_formula, scalars

CANCELLED = [
    # logistic regression, written out: p (1 - p) cancels
    ("x: (n,)\nw: (n,)\np = logistic(w@x)\nC = -(t*log(p) + (1-t)*log(1-p))", "C", "w", "(p - t) x"),
    # softmax with cross-entropy: the entries of q, of a smoothed target sum to 1
    ("v: (N,)\nz: (N,)\nq = softmax(v/T)\nC = -sum(q*log(softmax(z/T)))", "C", "z", "(1/T) (softmax(z/T) - q)"),
    (
        "z: (K,)\nt: (K,)\nt: simplex\ny = (1-epsilon)*t + epsilon/K\np = softmax(z)\nC = -sum(y*log(p))",
        "C",
        "z",
        "p - y",
    ),
    (
        "Z: (m, d)\nz: (d,)\np = softmax(Z@z/tau)\ny: (m,)\ny: simplex\nC = -sum(y*log(p))",
        "C",
        "z",
        "(1/τ) Zᵀ (p - y)",
    ),
    # the slope of the logistic function by its output, where it is divided by it
    (
        "u: (d,)\nv: (d,)\nw: (d,)\nC = -log(logistic(u@v)) - log(logistic(-w@v))",
        "C",
        "v",
        "-(1 - logistic(uᵀ v)) u + (1 - logistic(-wᵀ v)) w",
    ),
    ("D = logistic(a)\nC = log(1-D)", "C", "a", "-D"),
    ("D = logistic(a)\nC = -log(D)", "C", "a", "-(1 - D)"),
    ("x: (n,)\nh: (n,)\nu = beta*(x@h)\nC = -log(logistic(u))", "C", "h", "-β (1 - logistic(u)) x"),
    ("x: (n,)\nh: (n,)\nC = softplus(-beta*(x@h))", "C", "h", "-β logistic(-β xᵀ h) x"),
    # sums of rows and of diagonals are one
    ("r: (n,)\nmu: (n,)\nK = sum(exp(r) + mu**2 - 1 - r)/2", "K", "r", "(1/2) (exp(r) - 1)"),
    # a fraction in front and the number that all terms share
    ("s: (n,)\nK = -sum(1 + 2*s - exp(2*s))/2", "K", "s", "exp(2 s) - 1"),
    ("K = -(1 + 2*s - exp(2*s))/2", "K", "s", "-(1 - exp(2 s))"),
    # powers of one base, the focal loss
    ("p = sigmoid(z)\nC = -(1-p)**g*log(p)", "C", "z", "(1 - p)^g (ln(p) g p - 1 + p)"),
    ("C = x**n*x**2", "C", "x", "n x^(n+1) + 2 x^(n+1)"),
    ("C = x**n", "C", "x", "n x^(n-1)"),
    ("C = x**n*y/x**3", "C", "y", "x^(n-3)"),
    ("a: (d,)\np: (d,)\nn: (d,)\nC = (a-p)@(a-p) - (a-n)@(a-n)", "C", "a", "2 (n - p)"),
    ("a: (d,)\np: (d,)\nn: (d,)\nC = (a-p)@(a-p) - (a-n)@(a-n)", "C", "p", "2 (p - a)"),
    (
        "x: (n,)\nU: (n, n)\nT = logistic(U@x)\nh: (n,)\ny = T*h + (1-T)*x",
        "y",
        "x",
        "diag(1 - T) + Uᵀ diag(logistic'(U x)) diag(h - x)",
    ),
]


@pytest.mark.parametrize(("equations", "of", "wrt", "printed"), CANCELLED)
def test_what_cancels(equations, of, wrt, printed):
    assert_proved(equations, of, wrt, printed, "denominator")


PRODUCTS = [
    # a product of exponentials is one
    (
        "a: (n,)\nh[0]: (n,)\nb[t]: (n,)\nh[t] = exp(d[t]*a)*h[t-1] + d[t]*b[t]",
        "diag(exp((∑_{j=k+1}^{t} d_j) a))",
    ),
    ("h[t] = exp(-r[t])*h[t-1] + x[t]", "exp(-(∑_{j=k+1}^{t} r_j))"),
    ("h[t] = exp(-r[t])*g[t]*h[t-1] + x[t]", "∏_{j=k+1}^{t} exp(-r_j) g_j"),
    # and a power of a matrix
    ("A: (n, n)\nh[0]: (n,)\nb[t]: (n,)\nh[t] = A@h[t-1] + b[t]", "A^(t-k)"),
]


@pytest.mark.parametrize(("equations", "printed"), PRODUCTS)
def test_products_over_the_steps(equations, printed):
    assert_proved(equations, "h[t]", "h[k]", printed)


FORMULAS = [
    ("(t/p - (1 - t)/(1 - p))*(p*(1 - p))", "t - p"),
    ("2*n - 2*p", "2*(n - p)"),
    ("(a + b)/c*c", "a + b"),
    ("logistic'(z)/logistic(z)", "1 - logistic(z)"),
    # what would only get longer, or what a person wrote so, stays
    ("p*(1 - p)", "p*(1 - p)"),
    ("(a + b)*(c + d)", "(a + b)*(c + d)"),
    ("tanh'(z)/tanh(z)", "tanh'(z)/tanh(z)"),
    ("x*(y + z) - x*z", "x*y"),
    ("sqrt(x)/x", "1/sqrt(x)"),
    ("y*sqrt(x)**2", "y*x"),
]


@pytest.mark.parametrize(("written", "shortest"), FORMULAS)
def test_the_shortest_form(written, shortest):
    found = simplified(scalars(), read_formula(written).expression)
    assert found == read_formula(shortest).expression


def test_a_sum_over_many_terms_is_not_multiplied_out():
    long = "*".join(f"(a{i} + b{i})" for i in range(12))
    assert simplified(scalars(), read_formula(long).expression) == read_formula(long).expression
