"""symgrad.testing: strategies for Hypothesis, and an assertion that shrinks wrong code and names its slip."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings

import symgrad as sg
from symgrad.calculus.values.read import read_values
from symgrad.calculus.values.values import value_name
from symgrad.network.built_in import builtin_names
from symgrad.testing import assert_gradient, networks
from symgrad.testing.drawn import Drawn

MLP = sg.parse(
    "W[l]: (n[l], n[l-1])\nb[l]: (n[l],)\na[0]: (n[0],)\ny: (n[L],)\n"
    "z[l] = W[l]@a[l-1] + b[l]\na[l] = tanh(z[l])\nC = sum((a[L] - y)**2)/2"
)


def backprop(v, slip=""):
    a = [v["a[0]"]]
    for W, b in zip(v["W"], v["b"], strict=True):
        a.append(np.tanh(W @ a[-1] + b))
    delta, gradient = a[-1] - v["y"], []
    for k in range(len(v["W"]), 0, -1):
        if not (slip == "slope of the last" and k == len(v["W"])):
            delta = delta * (1 - a[k] ** 2)
        gradient.insert(0, np.outer(delta, a[k - 1]))
        delta = v["W"][k - 1].T @ delta
        if slip == "sign":
            delta = -delta
    return [g.T for g in gradient] if slip == "transposed" else gradient


def test_right_code_passes():
    assert_gradient(MLP, "C", "W", backprop)


@pytest.mark.parametrize(
    ("slip", "depth", "told"),
    [
        ("transposed", "at depth 1", "it is transposed"),
        ("sign", "at depth 2", "the sign is wrong: of the path from z[l] to a[l-1]"),
    ],
)
def test_wrong_code_is_shrunk_and_the_slip_named(slip, depth, told):
    with pytest.raises(AssertionError) as caught:
        assert_gradient(MLP, "C", "W", lambda v: backprop(v, slip))
    message = str(caught.value)
    assert depth in message.splitlines()[0]
    assert told in message
    with pytest.raises(AssertionError) as again:
        assert_gradient(MLP, "C", "W", lambda v: backprop(v, slip))
    assert str(again.value) == message  # the same at each run


def test_code_that_raises_is_shrunk_too():
    def no_layers(v):
        if len(v["W"]) > 1:
            raise IndexError("list index out of range")
        return backprop(v)

    with pytest.raises(AssertionError, match="at depth 2") as caught:
        assert_gradient(MLP, "C", "W", no_layers)
    assert "it raises IndexError: list index out of range" in str(caught.value)
    assert isinstance(caught.value.__cause__, IndexError)


def test_an_array_of_another_shape_is_an_error_of_the_code():
    with pytest.raises(AssertionError, match="has the shape"):
        assert_gradient(MLP, "C", "W", lambda v: [np.zeros((5, 7)) for _ in v["W"]])


def test_code_may_not_change_the_values_it_is_given():
    def greedy(v):
        found = backprop(v)
        for W in v["W"]:
            W *= 0
        return found

    assert_gradient(MLP, "C", "W", greedy, examples=10)


def test_one_depth_and_given_sizes():
    seen = set()

    def noted(v):
        seen.add((len(v["W"]), v["a[0]"].shape))
        return backprop(v)

    assert_gradient(MLP, "C", "W", noted, depth=2, examples=10, n=2)
    assert seen == {(2, (2,))}


@pytest.mark.parametrize("name", builtin_names())
def test_values_of_every_model_are_taken(name):
    model = sg.model(name)
    drawn = Drawn(model, 2, Random(0).randint, Random(0), {})
    read = read_values(model, drawn.given, "ball", 30, 2)  # raises for a name, a shape or a domain that is not right
    assert {value_name(q) for q in model.parameters} == set(drawn.given)
    assert read.depth == 2


@settings(max_examples=4, deadline=None, derandomize=True, database=None)
@given(networks())
def test_networks_have_gradients(net):
    form = net.derivative("C", "a[0]", depth=2)
    assert form.verify(seed=1).verdict.passes


def test_the_core_is_importable_without_hypothesis():
    block = (
        "import sys; sys.modules['hypothesis'] = None\nimport symgrad as sg; sg.model('chain').derivative('C', 'b[1]')"
    )
    subprocess.run([sys.executable, "-c", block], check=True, timeout=60)
    refused = subprocess.run(
        [sys.executable, "-c", block + "\nimport symgrad.testing"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "pip install 'symgrad[testing]'" in refused.stderr
