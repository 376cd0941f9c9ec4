"""Gradients by all quantities in one sweep, against the closed form of each and against a count by hand."""

import warnings

import numpy as np
import pytest
from flint import arb, fmpq
from random_networks import values_for

import symgrad as sg
from symgrad.algebra.index import Index
from symgrad.api.model import Model
from symgrad.errors import IndexRangeError, ShapeError, UnknownName, ValuesError
from symgrad.network.read import read_network

EQUATIONS = {
    "reads ahead and behind": "a[j] = tanh(w[j-1]*a[j-1] + v*b[j])\nC = (a[L] - y)**2 / 2",
    "two lags": "s[j] = tanh(w*s[j-1] + u[j]*s[j-2]) + s[j-1]/4\nC = s[L]*s[L-1]",
    "opening": "K = p*q\na[j] = K*tanh(a[j-1] + b[j])\nC = a[L]**2 + p",
    "a layer read by the cost": "a[j] = w[j]*a[j-1]\nC = a[L] + w[1]*w[L]",
    "matrices": "A[j]: (n, n)\na[0]: (n,)\nv: (n,)\na[j] = A[j].T @ tanh(a[j-1]) + v*c[j]\nC = v @ a[L] / sum(v)",
    "all of one network": "a[j] = exp(w[j]) / (1 + a[j-1]**2) - log(2 + v**2) * w[j]\nC = a[L]**3",
}


def bound(name):
    """Return a model with a value: a built-in one, or one of the equations above."""
    if name in EQUATIONS:
        return sg.parse(EQUATIONS[name])
    model = sg.model(name)
    functions = {"sigma": "gelu", "cost": "quadratic", "loss": "quadratic"}
    text = model.text.replace("loss(h[t])", "loss(h[t], h[t-1])").replace("loss(s[t])", "loss(s[t], s[t-1])")
    bindings = {f: functions[f] for f in functions if f + "(" in text and f + ":" not in text}
    return read_network(text, name, tuple(bindings.items()), kind=Model)


NAMES = ("chain", "deep_linear", "mlp", "rnn", "residual", "lstm", "gru", *EQUATIONS)


def size(d):
    """Give neighbouring layers of the multi-layer perceptron different sizes."""
    return 2 if d.index is None else 2 + d.index % 2


def cost_of(model):
    return model.closings[-1].target.name


def places(model, q, depth):
    """Return the quantities that a parameter's name stands for."""
    if not isinstance(q.index, Index):
        return [str(q)]
    return [f"{q.name}[{k}]" for k in range(model.first_index(q.name), model.last_index(q.name, depth) + 1)]


def flat(x):
    """Return all numbers in an array, or in a list of arrays."""
    return [e for row in x for e in np.ravel(row)] if isinstance(x, list) else list(np.ravel(x))


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_agrees_with_its_closed_form(name):
    model, depth = bound(name), 4
    values, cost = values_for(model, depth, seed=2, size=size), cost_of(bound(name))
    balls = model.gradients(cost, values=values, arithmetic="ball", digits=40, depth=depth)
    assert list(balls) == [str(q) if isinstance(q.index, int) else q.name for q in model.parameters]
    for q, found in zip(model.parameters, balls.values(), strict=True):
        names = places(model, q, depth)
        for at, mine in zip(names, found if isinstance(q.index, Index) else [found], strict=True):
            form = model.derivative(cost, at, depth, layout="denominator")
            closed = form.evaluate(values, "ball", 40, depth=depth)
            assert np.shape(mine) == np.shape(closed)
            for x, y in zip(np.ravel(mine), np.ravel(closed), strict=True):
                assert x.overlaps(y)
                assert x.is_zero() or x.rel_accuracy_bits() > 90
        assert any(not x.is_zero() for x in flat(found))


@pytest.mark.parametrize("name", NAMES)
def test_the_arithmetics_agree(name):
    model, depth = bound(name), 5
    values, cost = values_for(model, depth, seed=4, size=size), cost_of(bound(name))
    balls, sharper, floats = (
        model.gradients(cost, None, values, *arithmetic, depth=depth)
        for arithmetic in (("ball", 40), ("mp", 60), ("float",))
    )
    assert balls.keys() == sharper.keys() == floats.keys()
    for key in balls:
        exactly, rounded = flat(balls[key]), flat(floats[key])
        largest = max(abs(float(x.mid())) for x in exactly)
        for ball, mp, machine in zip(exactly, flat(sharper[key]), rounded, strict=True):
            assert abs(float(mp) - float(ball.mid())) <= 1e-15 * abs(float(ball.mid()))
            assert abs(machine - float(ball.mid())) <= 1e-12 * largest


def test_a_count_by_hand_exactly():
    # z_1 = 2*1 + 0 = 2, z_2 = 3*2 + 1 = 7, C = (7 - 6)^2 / 2: delta_2 = 1, delta_1 = 3
    model = sg.model("chain").bind("identity", cost="quadratic")
    values = {"w": [2, 3], "b": [0, 1], "a[0]": 1, "y": 6}
    found = model.gradients("C", ["z", "w", "b[2]", "a[0]", "a[1]", "y", "C"], values, "exact")
    assert {k: np.array(v).tolist() for k, v in found.items()} == {
        "z": [3, 1],
        "w": [3, 2],
        "b[2]": 1,
        "a[0]": 6,
        "a[1]": 3,
        "y": -1,
        "C": 1,
    }
    assert all(isinstance(x, fmpq) for v in found.values() for x in np.ravel(v))


@pytest.mark.parametrize("name", ["chain", "mlp", "rnn", "lstm", "two lags", "matrices"])
def test_a_batch_is_its_items(name):
    model, depth = bound(name), 3
    cost = cost_of(model)
    items = [values_for(model, depth, seed, size) for seed in range(4)]
    shared = {str(model.parameters[0]) if model.parameters[0].index is None else model.parameters[0].name}

    def batch(key, *xs):
        if key in shared:
            return xs[0]
        if isinstance(xs[0], list):
            return [batch("", *x) for x in zip(*xs, strict=True)]
        return np.stack([np.array(x, dtype=float) for x in xs], axis=-1)

    together = model.gradients(cost, values={k: batch(k, *(i[k] for i in items)) for k in items[0]}, depth=depth)
    for i, item in enumerate(items):
        alone = model.gradients(cost, values={**item, **{k: items[0][k] for k in shared}}, depth=depth)
        for key, found in together.items():
            rows = list(zip(found, alone[key], strict=True)) if isinstance(found, list) else [(found, alone[key])]
            for many, one in rows:
                assert many[..., i].shape == np.shape(one)
                assert np.max(abs(many[..., i] - one)) <= 1e-13 * np.max(abs(one))


def test_layers_of_different_shapes_are_a_list():
    model = bound("mlp")
    found = model.gradients("C", values=values_for(model, 2, seed=1, size=size))
    assert [x.shape for x in found["W"]] == [(3, 2), (2, 3)]
    square = model.gradients("C", "W", values_for(model, 2, seed=1), depth=2)
    assert square["W"].shape == (2, 2, 2)


def test_what_is_not_read_needs_no_value_and_has_no_gradient():
    model = bound("chain")
    values = {"w": [0.5, 0.25], "b": [0, 1], "a[0]": 1}
    assert list(model.gradients("a[L]", values=values)) == ["w", "b", "a[0]"]
    found = model.gradients("a[L]", ["y", "w"], {**values, "y": 2})
    assert found["y"] == 0
    assert model.gradients("a[1]", "w", values)["w"].tolist()[1] == 0


DEEP = 100_000


def test_depth_100_000_encloses_what_float64_loses():
    model = sg.model("chain").bind("tanh", cost="quadratic")
    values = {"w": ["1/2"] * DEEP, "b": [0] * DEEP, "a[0]": 0, "y": -1}
    found = model.gradients("C", "b", values, "ball", 20)["b"]  # 1/2 for each layer behind
    assert found[-1] == 1
    assert found[0].overlaps(arb(2) ** (1 - DEEP))
    with pytest.warns(sg.PrecisionWarning, match="underflow while the gradients of C were evaluated"):
        assert model.gradients("C", "b", values)["b"][0] == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model.gradients("C", "b", {**values, "w": [1] * DEEP})["b"][0] == 1


BAD = [
    (("a[L]",), "mlp", ShapeError, "a[L] is an array"),
    (("C", "q"), "chain", UnknownName, "unknown quantity 'q'"),
    (("C", "b[9]"), "chain", IndexRangeError, "b[9] does not exist"),
    (("C", "b[k]"), "chain", IndexRangeError, "the index of b[k] has no number"),
    (("a[k]", "b"), "chain", IndexRangeError, "the index k of a[k] has no number"),
    (("a[7]", "b"), "chain", IndexRangeError, "a[7] does not exist"),
]


@pytest.mark.parametrize(("asked", "name", "kind", "what"), BAD)
def test_bad_questions_are_named(asked, name, kind, what):
    model = bound(name)
    with pytest.raises(kind) as caught:
        model.gradients(*asked, values=values_for(model, 3, seed=1, size=size))
    assert what in str(caught.value)


def test_missing_values_are_named():
    with pytest.raises(ValuesError, match="no value is given for w, b, y"):
        bound("chain").gradients("C", values={"a[0]": 1})


def test_gradients_by_what_a_batch_shares_are_summed_where_that_is_asked_for():
    model, random = sg.model("mlp").bind("tanh", cost="quadratic"), np.random.default_rng(3)
    values = {"W": random.normal(size=(3, 2, 2)), "b": random.normal(size=(3, 2)), "a[0]": random.normal(size=(2, 5))}
    values["y"] = random.normal(size=(2,))
    names = ["W", "b", "a[0]", "y", "z"]
    each, summed = model.gradients("C", names, values), model.gradients("C", names, values, summed=True)
    for name in ("W", "b", "y"):
        assert np.allclose(summed[name], each[name].sum(-1), rtol=1e-13)
    for name in ("a[0]", "z"):
        assert np.array_equal(summed[name], each[name])
    own = values | {"b": random.normal(size=(3, 2, 5))}  # each item has its own: there is nothing to sum
    assert np.array_equal(model.gradients("C", "b", own, summed=True)["b"], model.gradients("C", "b", own)["b"])
    one = {name: x[..., 0] if x.ndim > 1 and name == "a[0]" else x for name, x in values.items()}
    assert np.array_equal(model.gradients("C", "W", one, summed=True)["W"], model.gradients("C", "W", one)["W"])


def test_what_is_returned_is_not_what_was_given():
    x = np.arange(3.0)
    model = sg.parse("w: (n,)\nx: (n,)\nC = sum(w*x)")
    found = model.gradients("C", ["w", "x"], {"w": np.ones(3), "x": x})
    assert not np.shares_memory(found["w"], x)
    assert not np.shares_memory(model.derivative("C", "w").evaluate({"w": np.ones(3), "x": x}), x)
