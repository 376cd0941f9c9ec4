"""Backpropagation as authors write it: on the network that the text defines, that a mark names, or the usual one."""

import pytest

from symgrad.audit.audit import audit_text
from symgrad.audit.check import findings
from symgrad.audit.finding import Passage, Place

NIELSEN = (
    r"$z^l = w^l a^{l-1} + b^l$, $a^l = \sigma(z^l)$, $\delta^l = \frac{\partial C}{\partial z^l}$, $(w^{l+1})^T$."
)
LAYERS = r"$$z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$$ $$a^{[l]} = g^{[l]}(z^{[l]})$$"
BOLD = r"""$$\mathbf{z}^{(l)} = \mathbf{W}^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}$$
$$\mathbf{a}^{(l)} = f(\mathbf{z}^{(l)})$$"""
NONE = "The weights of layer $l$ lead to it."

RIGHT = [
    (NIELSEN, r"\delta^L = \nabla_a C \odot \sigma'(z^L)"),
    (NIELSEN, r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)"),
    (NIELSEN, r"\frac{\partial C}{\partial b^l} = \delta^l"),
    (NIELSEN, r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T"),
    (LAYERS, r"dz^{[l]} = da^{[l]} * g^{[l]\prime}(z^{[l]})"),
    (LAYERS, r"dW^{[l]} = dz^{[l]} a^{[l-1]T}"),
    (LAYERS, r"da^{[l-1]} = W^{[l]T} dz^{[l]}"),
    (
        BOLD,
        r"\boldsymbol{\delta}^{(l)} = (\mathbf{W}^{(l+1)})^\top \boldsymbol{\delta}^{(l+1)} \circ f'(\mathbf{z}^{(l)})",
    ),
    (BOLD, r"\nabla_{\mathbf{W}^{(l)}} \mathcal{L} = \boldsymbol{\delta}^{(l)} (\mathbf{a}^{(l-1)})^\top"),
    (NONE, r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)"),
    (NONE, r"\delta^{(l)} = (\Theta^{(l)})^T \delta^{(l+1)} \odot g'(z^{(l)})"),
    (NONE, r"\delta_l = \operatorname{diag}(f'(z_l)) W_{l+1}^\top \delta_{l+1}"),
]
WRONG = [
    (NIELSEN, r"\delta^l = (w^{l+1})^T \delta^{l+1}", "a slope is missing: σ'(z^{l})"),
    (NIELSEN, r"\delta^l = (w^{l+1} \delta^{l+1}) \odot \sigma'(z^l)", "a transpose is missing: w^{l+1}"),
    (NIELSEN, r"\delta^l = ((w^{l})^T \delta^{l+1}) \odot \sigma'(z^l)", "an index is off by one: w^{l}"),
    (NIELSEN, r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma(z^l)", "a prime is missing: σ(z^{l})"),
    (NIELSEN, r"\frac{\partial C}{\partial w^l} = \delta^l (a^l)^T", "an index is off by one: a^{l}"),
    (LAYERS, r"da^{[l-1]} = W^{[l]} dz^{[l]}", "a transpose is missing: W^{[l]}"),
    (LAYERS, r"dW^{[l]} = dz^{[l]} a^{[l]T}", "an index is off by one: a^{[l]}"),
]
ON_RNN = [
    (r"\frac{\partial E}{\partial W} = \sum_{k=1}^{t} \delta_k s_{k-1}^T", "confirmed"),
    (r"\frac{\partial E}{\partial U} = \sum_{k=1}^{t} \delta_k x_k^T", "confirmed"),
    (r"\delta_t = W^T \delta_{t+1} \odot \sigma'(a_t)", "confirmed"),
    (r"\frac{\partial E}{\partial W} = \sum_{k=1}^{t} \delta_k s_k^T", "refuted"),
    (r"\frac{\partial E}{\partial W} = \sum_{k=2}^{t} \delta_k s_{k-1}^T", "refuted"),
]
LEFT_ALONE = [
    (NONE, r"\delta^l = M^{l+1} \delta^{l+1}"),
    (NONE, r"\delta^l = W^{l+1} \delta^{l+1} q"),
    (NONE, r"\delta = \alpha W"),
    (LAYERS, r"dW^{[l]} = \frac{1}{m} dz^{[l]} a^{[l-1]T}"),
    (NIELSEN, r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)"),
]


def last(text, claim):
    return audit_text("notes.md", f"{text}\n\n$${claim}$$", everything=True).findings[-1]


@pytest.mark.parametrize(("text", "claim"), RIGHT)
def test_right_ones(text, claim):
    found = last(text, claim)
    assert str(found.word) == "confirmed", found


@pytest.mark.parametrize(("text", "claim", "told"), WRONG)
def test_wrong_ones_and_their_slips(text, claim, told):
    found = last(text, claim)
    assert (str(found.word), found.reason) == ("refuted", told)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (r"\delta^l = (W^{l+1})^T \delta^{l+1}", "a slope is missing: σ'(z^{l}), on the usual network"),
        (
            r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma(z^l)",
            "a prime is missing: σ(z^{l}), on the usual network",
        ),
    ],
)
def test_without_a_network_a_slip_is_noted(claim, told):
    found = last(NONE, claim)
    assert (str(found.word), found.reason) == ("note", told)


@pytest.mark.parametrize(("claim", "verdict"), ON_RNN)
def test_through_time(claim, verdict):
    [found] = findings(Passage(claim, Place("notes.md", 1), known=(("model", "rnn"),)))
    assert str(found.word) == verdict, found


@pytest.mark.parametrize(("text", "claim"), LEFT_ALONE)
def test_what_may_mean_something_else_is_left_alone(text, claim):
    assert str(last(text, claim).word) in ("not checkable", "definition")
