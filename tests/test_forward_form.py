"""The forward recursion: the derivative of a state by that of the state before, printed, proved and read back."""

import pytest

import symgrad as sg
from symgrad.api.printed.witness import check_printed

RNN = "W: (d, d)\nb: (d,)\ns[0]: (d,)\ns[t] = tanh(W@s[t-1] + b)"
OPAQUE = "f: vector\nx[t]: (n,)\nh[0]: (d,)\nh[t]: (d,)\nw: (p,)\nh[t] = f(x[t], h[t-1], w)"
TWO = "c[t] = f*c[t-1] + w*h[t-1]\nh[t] = tanh(c[t])"

STEPS = [
    (RNN, "s[t]", "b", "∂s_t/∂b = diag(1 - s_t^2) (I + W ∂s_{t-1}/∂b)"),
    (RNN, "s[t]", "W", "∂s_t/∂W dW = diag(1 - s_t^2) (dW s_{t-1} + W ∂s_{t-1}/∂W dW)"),
    (OPAQUE, "h[t]", "w", "∂h_t/∂w = ∂⁺h_t/∂w + ∂f/∂h_{t-1} ∂h_{t-1}/∂w"),
    (TWO, "c[t]", "w", "∂c_t/∂w = h_{t-1} + ∂c_{t-1}/∂w f + ∂h_{t-1}/∂w w"),
]


@pytest.mark.parametrize(("text", "of", "wrt", "expected"), STEPS)
def test_a_step_is_printed_and_read_back(text, of, wrt, expected):
    page = sg.parse(text).derivative(of, wrt).recurrence(form="unfolded")
    assert page.equation() == expected
    assert check_printed(page).verdict.name == "SAMPLED"


def test_a_step_with_a_wrong_factor_is_refuted():
    page = sg.parse(TWO).derivative("c[t]", "w").recurrence()
    wrong = "∂c_t/∂w = h_{t-1} + ∂c_{t-1}/∂w f + ∂h_{t-1}/∂w\n\nFor t ≥ 1.\n"
    assert check_printed(page, {"text": wrong}).verdict.name == "REFUTED"


def test_what_is_no_recursion_is_refused():
    with pytest.raises(sg.SymgradError, match="no recursion") as caught:
        sg.parse("a[j] = tanh(w[j]*a[j-1])").derivative("a[L]", "w[1]").recurrence().equation()
    assert "--wrt W" in caught.value.todo
