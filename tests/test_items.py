"""What each row of a matrix is divided by: normalisations of items, and what is read back of them."""

import pytest

import symgrad as sg
from symgrad.api.printed.backward import check_backward
from symgrad.export.text import text as math_page

PRINTED = [
    ("Y = layer_norm(X)", "(δ - rowmean(δ) - Y ⊙ rowmean(δ ⊙ Y)) ⊘ (rowstd(X) 𝟏ᵀ)"),
    ("Y = layer_norm(X, epsilon)", "(δ - rowmean(δ) - Y ⊙ rowmean(δ ⊙ Y)) ⊘ (sqrt(rowvar(X) + ε) 𝟏ᵀ)"),
    ("Y = batch_norm(X)", "(δ - colmean(δ) - Y ⊙ colmean(δ ⊙ Y)) ⊘ (𝟏 colstd(X)ᵀ)"),
    ("Y = rms_norm(X)", "(δ - Y ⊙ rowmean(δ ⊙ Y)) ⊘ sqrt(rowmean(X^(∘2)))"),
    ("Y = normalize(X)", "(δ - rowsum(δ ⊙ Y) ⊙ Y) ⊘ (rownorm(X) 𝟏ᵀ)"),
    ("LN(x) = (x - mean(x))/std(x)\nY = LN(X)", "(δ - rowmean(δ) - Y ⊙ rowmean(δ ⊙ Y)) ⊘ (rowstd(X) 𝟏ᵀ)"),
    (
        "Y = (X - mean(X, axis=1, keepdims=True))/std(X, axis=1, keepdims=True)",
        "(δ - rowmean(δ) - Y ⊙ rowmean(δ ⊙ Y)) ⊘ (rowstd(X) 𝟏ᵀ)",
    ),
    ("Y = (X - X.mean(axis=0))/X.std(axis=0)", "(δ - colmean(δ) - Y ⊙ colmean(δ ⊙ Y)) ⊘ (𝟏 colstd(X)ᵀ)"),
]


@pytest.mark.parametrize(("equations", "printed"), PRINTED)
def test_normalisations_of_items(equations, printed):
    assumed = "epsilon: positive\n" * ("epsilon" in equations)
    backward = sg.parse(f"X: (m, n)\n{assumed}{equations}\nC = cost(Y)").backward("C", ["X"])
    assert str(backward) == f"δ = ∂C/∂Y\n∂C/∂X = {printed}"
    assert backward.verify(seed=0).verdict.name == "PROVED"


def test_gain_and_shift():
    layer = "X: (m, n)\ng: (n,)\nb: (n,)\nY = layer_norm(X)\nZ = Y*g + b\nC = cost(Z)"
    assert str(sg.parse(layer).backward("C", ["g", "b"])).splitlines()[1:] == ["∂C/∂g = (δ ⊙ Y)ᵀ 𝟏", "∂C/∂b = δᵀ 𝟏"]


SIX_EQUATIONS = """
X: (m, n)
mu = mean(X, axis=1, keepdims=True)
s = std(X, axis=1, keepdims=True)
Y = (X - mu)/s
C = cost(Y)
"""


def test_the_mean_and_the_deviation_as_quantities():
    backward = sg.parse(SIX_EQUATIONS).backward("C")
    assert str(backward).splitlines() == [
        "δ_Y = ∂C/∂Y",
        "δ_s = -((δ_Y ⊙ Y) 𝟏) ⊘ s",
        "δ_μ = -(δ_Y 𝟏) ⊘ s",
        "∂C/∂X = (1/n) δ_μ 𝟏ᵀ + (1/n) ((δ_s 𝟏ᵀ) ⊙ Y) + δ_Y ⊘ (s 𝟏ᵀ)",
    ]
    assert backward.verify(seed=0).verdict.name == "PROVED"


VANISHING = [
    # what a softmax, or a normalisation, does not see has the derivative 0; its terms cancel at every number of digits
    (
        "Q: (n, d)\nX: (n, d)\nW: (d, d)\nb: (d,)\nV: (n, d)\nK = X@W + b\nP = softmax(Q@K.T)\nL = loss(P@V)",
        "b",
    ),
    ("X: (m, n)\nW: (n, k)\nb: (k,)\nZ = X@W + b\nY = batch_norm(Z)\nL = loss(Y)", "b"),
    ("S: (m, n)\nP = softmax(S)\nL = sum(P)", "S"),
    ("X: (m, n)\ng: (n,)\nmu = mean(X, 0)\nY = g*(X - mu)\nL = sum(Y)", "X"),
]


@pytest.mark.parametrize(("equations", "wrt"), VANISHING)
def test_derivatives_that_cancel(equations, wrt):
    model = sg.parse(equations)
    assert model.backward("L", [wrt]).verify(seed=0).verdict.name == "PROVED"


def test_a_wrong_formula_of_what_cancels_is_refuted():
    page = sg.parse(VANISHING[0][0]).backward("L").presentation()
    text = math_page(page.document())
    assert "∂L/∂b = δ_Kᵀ 𝟏" in text
    wrong = text.replace("∂L/∂b = δ_Kᵀ 𝟏", "∂L/∂b = δ_Kᵀ Q 𝟏")
    assert check_backward(page, {"text": wrong}).verdict.name == "REFUTED"


def test_a_factor_that_is_a_sum_stands_before_a_sum_over_steps():
    model = sg.parse("S: (n, n)\nY: (n, c)\nF[0]: (n, c)\nF[t] = a*S@F[t-1] + (1 - a)*Y\nL = loss(F[T])")
    assert str(model.backward("L", ["Y"])).splitlines()[-1] == "∂L/∂Y = (1 - a) ∑_{t=1}^{T} δ_t"


def test_a_contrastive_loss_of_normalised_rows():
    model = sg.parse("Z: (n, d)\nU: (n, d)\nS = normalize(Z)@normalize(U).T/tau\nL = -mean(diag(log_softmax(S)))")
    assert str(model.backward("L", ["Z"])).splitlines() == [
        "δ = (1/n) softmax(S) - (1/n) I",
        "∂L/∂Z = (1/τ) ((δ normalize(U) - rowsum((δ normalize(U)) ⊙ normalize(Z)) ⊙ normalize(Z)) ⊘ (rownorm(Z) 𝟏ᵀ))",
    ]
