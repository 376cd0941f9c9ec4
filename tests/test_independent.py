"""Recurrences that do not read each other: a product for each, at a symbolic depth, whichever way it runs."""

import pytest

import symgrad as sg
from symgrad.api.printed.witness import check_printed
from symgrad.errors import NotDefined
from symgrad.evidence.verdict import Verdict
from symgrad.export.text import text

BOTH = """
U: (d, d)
V: (d, d)
P: (q, d)
Q: (q, d)
x[t]: (d,)
f[0]: (d,)
b[T+1]: (d,)
a[t] = x[t] + U@f[t-1]
f[t] = sigma(a[t])
c[t] = x[t] + V@b[t+1]
b[t] = sigma(c[t])
o[t] = P@f[t] + Q@b[t]
E = sum[t](loss(o[t]))
"""
STACKED = """
W: (d, d)
x[t]: (d,)
f[0]: (d,)
b[T+1]: (d,)
f[t] = sigma(x[t] + W@f[t-1])
b[t] = sigma(f[t] + W@b[t+1])
"""


@pytest.mark.parametrize(
    ("of", "wrt", "layout", "printed"),
    [
        (
            "o[t]",
            "x[k]",
            "numerator",
            "1{k ≤ t} P (∏_{j=k+1}^{t} diag(σ'(a_j)) U) diag(σ'(a_k)) "
            "+ 1{k ≥ t} Q (∏_{j=t}^{k-1} diag(σ'(c_j)) V) diag(σ'(c_k))",
        ),
        (
            "o[t]",
            "x[k]",
            "denominator",
            "1{k ≤ t} diag(σ'(a_k)) (∏_{j=k+1}^{t} Uᵀ diag(σ'(a_j))) Pᵀ "
            "+ 1{k ≥ t} diag(σ'(c_k)) (∏_{j=t}^{k-1} Vᵀ diag(σ'(c_j))) Qᵀ",
        ),
        ("b[t]", "b[k]", "numerator", "1{k ≥ t} (∏_{j=t}^{k-1} diag(σ'(c_j)) V)"),
        ("o[t]", "f[0]", "numerator", "P (∏_{j=1}^{t} diag(σ'(a_j)) U)"),
        ("o[t]", "b[T+1]", "numerator", "Q (∏_{j=t}^{T} diag(σ'(c_j)) V)"),
        ("f[t]", "x[t-1]", "numerator", "diag(σ'(a_t)) U diag(σ'(a_{t-1}))"),
        ("f[t]", "x[t+1]", "numerator", "0"),
        ("o[t]", "V", "numerator", "∑_{k=t}^{T} Q (∏_{j=t}^{k-1} diag(σ'(c_j)) V) diag(σ'(c_k)) dV b_{k+1}"),
    ],
)
def test_each_recurrence_has_its_product(of, wrt, layout, printed):
    gradient = sg.parse(BOTH).derivative(of, wrt, layout=layout)
    assert str(gradient) == printed
    assert gradient.verify().verdict is Verdict.PROVED


def test_a_wrong_condition_range_or_order_is_refuted():
    page = sg.parse(BOTH).derivative("o[t]", "x[k]").presentation()
    right = text(page.document())
    assert check_printed(page, {"text": right}).verdict is Verdict.SAMPLED
    for old, new in [("k ≤ t", "k < t"), ("^{k-1}", "^{k}"), ("nearest to t", "nearest to k")]:
        assert old in right
        assert check_printed(page, {"text": right.replace(old, new)}).verdict is Verdict.REFUTED


def test_numbers_at_a_depth():
    gradient = sg.parse(BOTH.replace("sigma", "tanh")).derivative("f[t]", "f[k]")
    deep = sg.parse("f[t] = u*f[t-1]\nb[t] = v*b[t+1]\no[t] = f[t]*b[t]").derivative("b[t]", "b[k]")
    assert str(deep) == "v^(k-t) 1{k ≥ t}"
    assert gradient.verify().verdict is Verdict.PROVED


def test_what_reads_the_other_is_refused():
    with pytest.raises(NotDefined, match="not written at a symbolic depth"):
        sg.parse(STACKED).derivative("b[t]", "x[k]")
    assert str(sg.parse(STACKED).derivative("f[t]", "f[k]")).startswith("1{k ≤ t} (∏_{j=k+1}^{t}")
