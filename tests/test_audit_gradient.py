"""Printed gradients of networks: right ones in any layout are confirmed, of wrong ones it is told what is wrong."""

import pytest

from symgrad.audit.audit import audit_text
from symgrad.audit.check import findings
from symgrad.audit.finding import Passage, Place, Word
from symgrad.audit.network.equations import Equations


def by(of, wrt):
    return rf"\frac{{\partial {of}}}{{\partial {wrt}}}"


def judged(model, text):
    [found] = findings(Passage(text, Place("notes.md", 1), known=(("model", model),)))
    return found


RIGHT = [
    ("chain", by("C", "b_1") + r" = \sigma'(z_1) w_2 \sigma'(z_2) w_3 \sigma'(z_3) w_4 \sigma'(z_4) " + by("C", "a_4")),
    ("chain", by("C", "b_1") + r" = \sigma'(z_1) \prod_{j=2}^{L} w_j \sigma'(z_j) " + by("C", "a_L")),
    ("chain", by("C", "w_j") + " = a_{j-1} " + by("C", "z_j")),
    ("rnn", by("s_t", "s_k") + r" = \prod_{j=k+1}^t " + by("s_j", "s_{j-1}")),
    ("rnn", by("s_j", "s_{j-1}") + r" = \text{diag}(\sigma'(a_j)) W"),
    ("rnn", by(r"\mathcal{L}", "W") + " = " + by(r"\mathcal{L}", "s_t") + by("s_t", "W")),
    ("mlp", by("C", "a_{l-1}") + " = W_l^T " + by("C", "z_l")),
    ("mlp", by("C", "a^{[l-1]}") + r" = (W^{[l]})^\top " + by("C", "z^{[l]}")),
    ("mlp", by("C", "W_l") + " = " + by("C", "z_l") + " a_{l-1}^T"),
    ("mlp", by("C", "z_l") + " = W_{l+1}^T " + by("C", "z_{l+1}") + r" \odot \sigma'(z_l)"),
    ("deep_linear", by("a_L", "a_0") + " = W_4 W_3 W_2 W_1"),
    ("rnn", by("s_t", "s_k") + " = " + by("s_t", "s_{t-1}") + r" \dots " + by("s_{k+1}", "s_k")),
    ("rnn", by("s_t", "s_k") + r" = \prod_{j=k+1}^{t} \text{diag}(\sigma'(a_j))\, W"),
    ("chain", by("C", "b_j") + r" = \delta_j"),
    ("rnn", by("s_t", "s_k") + r" = (\prod_{j=k+1}^{t} \text{diag}(\sigma'(a_j)) W)"),
]
WRONG = [
    (
        "chain",
        by("C", "b_1") + r" = \sigma'(z_1) w_2 \sigma(z_2) w_3 \sigma'(z_3) w_4 \sigma'(z_4) " + by("C", "a_4"),
        "a prime is missing: σ(z_2)",
    ),
    (
        "chain",
        by("C", "b_1") + r" = \sigma'(z_1) \prod_{j=1}^{L} w_j \sigma'(z_j) " + by("C", "a_L"),
        "the index range is off by one: j = 1",
    ),
    ("chain", by("C", "w_j") + " = a_j " + by("C", "z_j"), "an index is off by one: a_j"),
    ("chain", by("C", "b_j") + " = -" + by("C", "z_j"), "the sign is wrong"),
    ("rnn", by("s_t", "s_k") + r" = \prod_{j=k}^t " + by("s_j", "s_{j-1}"), "the index range is off by one: j = k"),
    ("rnn", by("s_j", "s_{j-1}") + r" = W \text{diag}(\sigma'(a_j))", "factors are in the wrong order"),
    ("rnn", by("s_j", "a_j") + r" = \text{diag}(\sigma(a_j))", "a prime is missing: σ(a_j)"),
    ("mlp", by("C", "a_{l-1}") + " = W_l " + by("C", "z_l"), "a transpose is missing: W_l"),
    ("mlp", by("C", "W_l") + " = " + by("C", "z_l") + " a_{l-1}", "a transpose is missing: a_{l-1}"),
    ("deep_linear", by("a_L", "a_0") + " = W_1 W_2 W_3 W_4 W_4", "it differs from the gradient of the network"),
]
NOTED = [
    ("rnn", by("s_j", "s_{j-1}") + r" = W^T \text{diag}(\sigma'(a_j))", "right in denominator layout only"),
    (
        "rnn",
        by("E", "W") + " = " + by("E", "s_t") + r"\sum_{k=1}^t " + by("s_t", "s_k") + by("s_k", "W"),
        "the immediate derivative",
    ),
]
UNCHECKED = [
    ("rnn", by("h_t", "h_k") + " = W"),
]


@pytest.mark.parametrize(("model", "text"), RIGHT)
def test_right_gradients(model, text):
    assert judged(model, text).word is Word.CONFIRMED


@pytest.mark.parametrize(("model", "text", "reason"), WRONG)
def test_wrong_gradients_and_what_is_wrong(model, text, reason):
    found = judged(model, text)
    assert (found.word, found.reason) == (Word.REFUTED, reason)


@pytest.mark.parametrize(("model", "text", "reason"), NOTED)
def test_right_in_one_reading(model, text, reason):
    found = judged(model, text)
    assert found.word is Word.NOTE
    assert reason in found.reason


@pytest.mark.parametrize(("model", "text"), UNCHECKED)
def test_what_the_network_does_not_have_is_left_alone(model, text):
    assert judged(model, text).word is Word.UNCHECKED


def test_without_a_model_nothing_is_said():
    [found] = findings(Passage(by("C", "b_j") + " = -" + by("C", "z_j"), Place("notes.md", 1)))
    assert found.word is Word.UNCHECKED


DEFINED = {
    "a recurrence": (
        [r"a_j = Ux_j + Ws_{j-1} + b", r"s_j = \sigma(a_j)"],
        [by("s_j", "s_{j-1}") + r" = \text{diag}(\sigma'(a_j)) W"],
        [by("s_j", "s_{j-1}") + r" = \text{diag}(\sigma(a_j)) W"],
    ),
    "in one line": (
        [r"h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b_h)"],
        [
            by("h_t", "h_{t-1}") + r" = \text{diag}(1 - h_t^2) W_{hh}",
            by("h_T", "h_t") + r" = \prod_{k=t+1}^T " + by("h_k", "h_{k-1}"),
        ],
        [
            by("h_t", "h_{t-1}") + r" = \text{diag}(1 - h_t^2) W_{hh}^T",
            by("h_T", "h_t") + r" = \prod_{k=t}^T " + by("h_k", "h_{k-1}"),
        ],
    ),
    "layers above": (
        [r"z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}", r"a^{[l]} = g(z^{[l]})"],
        [by("C", "a^{[l-1]}") + r" = (W^{[l]})^T " + by("C", "z^{[l]}")],
        [by("C", "a^{[l-1]}") + r" = W^{[l]} " + by("C", "z^{[l]}")],
    ),
    "numbers": (
        [r"z_j = w_j a_{j-1} + b_j, \quad a_j = \sigma(z_j)"],
        [by("a_j", "a_{j-1}") + r" = w_j \sigma'(z_j)"],
        [by("a_j", "a_{j-1}") + r" = w_j \sigma(z_j)"],
    ),
}


@pytest.mark.parametrize("name", DEFINED)
def test_a_text_that_defines_its_network(name):
    equations, right, wrong = DEFINED[name]
    text = "\n\n".join(f"$${e}$$" for e in [*equations, *right, *wrong])
    found = [f for f in audit_text("notes.md", text, everything=True).findings if f.kind == "gradient"]
    assert [f.word for f in found] == [Word.CONFIRMED] * len(right) + [Word.REFUTED] * len(wrong)


@pytest.mark.parametrize("text", [r"x_t = x_{t-1} + 1", r"p_k = q p_{k-1}", "a_j = b_j", r"y_j = \sigma(z_j)", "="])
def test_what_is_no_network(text):
    network = Equations()
    network.read(text)
    assert not network.text()
