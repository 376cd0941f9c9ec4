"""What each row of a matrix is divided by: normalisations of items, and what is read back of them."""

import pytest

import symgrad as sg

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
