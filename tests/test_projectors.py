"""Normalisations: their Jacobians are projectors, written with what the network names, and read back."""

import pytest
from proved import assert_proved

PRINTED = [
    ("v: (n,)\nu = v/norm(v)", "u", "v", "(1/‖v‖) (I - u uᵀ)"),
    ("x: (n,)\ns = std(x)\ny = (x - mean(x))/s", "y", "x", "(1/s) (I - (1/n) 𝟏 𝟏ᵀ - (1/n) y yᵀ)"),
    (
        "x: (n,)\ny = (x - mean(x))/sqrt(var(x) + epsilon)",
        "y",
        "x",
        "(1/√(var(x) + ε)) (I - (1/n) 𝟏 𝟏ᵀ - (1/n) y yᵀ)",
    ),
    # written out, with quantities for the mean and the variance, and without
    (
        "x: (n,)\nm = sum(x)/n\nv = sum((x-m)**2)/n\ny = (x - m)/sqrt(v + epsilon)",
        "y",
        "x",
        "(1/√(v + ε)) (I - (1/n) y yᵀ - (1/n) 𝟏 𝟏ᵀ)",
    ),
    (
        "x: (n,)\ny = (x - sum(x)/n)/sqrt(sum((x - sum(x)/n)**2)/n)",
        "y",
        "x",
        "(1/√(sum((x - sum(x)/n)^2)/n)) (I - (1/n) 𝟏 𝟏ᵀ - (1/n) y yᵀ)",
    ),
    (
        "x: (n,)\ng: (n,)\nr = sqrt(mean(x**2) + epsilon)\nx_hat = x/r\ny = g*x_hat",
        "y",
        "x",
        "(1/r) diag(g) (I - (1/n) x_hat x_hatᵀ)",
    ),
    ("x: (n,)\ng: (n,)\ny = g*x/sqrt(mean(x**2))", "y", "x", "(1/√(mean(x^2))) diag(g) (I - (1/(n mean(x^2))) x xᵀ)"),
    ("x: (n,)\na: positive\nz = a*x\ns = std(z)\ny = (z - mean(z))/s", "y", "x", "(a/s) (I - (1/n) 𝟏 𝟏ᵀ - (1/n) y yᵀ)"),
    # weight normalisation, and the cosine of two vectors
    ("x: (n,)\nv: (n,)\nw = g*v/norm(v)\ny = w@x", "y", "v", "(g/‖v‖) xᵀ (I - (1/‖v‖^2) v vᵀ)"),
    ("x: (n,)\nv: (n,)\nc = x@v/(norm(x)*norm(v))", "c", "x", "(1/‖v‖) ((1/‖x‖) v - ((xᵀ v)/‖x‖^3) x)ᵀ"),
    # the covariance of a softmax keeps its form
    ("K: (m,n)\nq: (n,)\np = softmax(K@q)\no = K.T@p", "o", "q", "Kᵀ (diag(p) - p pᵀ) K"),
]


@pytest.mark.parametrize(("equations", "of", "wrt", "printed"), PRINTED)
def test_projector_forms(equations, of, wrt, printed):
    assert_proved(equations, of, wrt, printed)
