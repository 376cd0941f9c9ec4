"""Gradients summed over a batch by the derived linear maps: against pull-backs item by item, and HIPS autograd."""

from itertools import pairwise

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from random_networks import values_for
from test_gradients import NAMES, bound, cost_of, size

import symgrad as sg
from symgrad.errors import IndexRangeError, ShapeError, UnknownName, ValuesError
from symgrad.experiments.batch import BatchGradient

DEPTH, ITEMS = 4, 3


def names(model):
    return [str(q) if isinstance(q.index, int) else q.name for q in model.parameters]


def is_data(name):
    return name in ("x", "y", "c", "p") or name.endswith("]")


def with_batch(items, shared):
    """Put the values of several items beside each other; those in ``shared`` are all the first item's."""

    def together(name, *xs):
        if isinstance(xs[0], list):
            return [together(name, *x) for x in zip(*xs, strict=True)]
        stacked = [np.array(x, dtype=float) for x in xs]
        return stacked[0] if name in shared else np.stack(stacked, axis=-1)

    return {name: together(name, *(item[name] for item in items)) for name in items[0]}


@pytest.mark.parametrize("name", NAMES)
def test_the_sum_is_that_of_the_items_by_pullbacks(name):
    """Reverse accumulation reads no linear map; nor does it know of sums."""
    model, cost = bound(name), cost_of(bound(name))
    items = [values_for(model, DEPTH, seed, size) for seed in range(ITEMS)]
    shared = [n for n in names(model) if not is_data(n)]
    assert 0 < len(shared) < len(items[0])
    items = [{**item, **{n: items[0][n] for n in shared}} for item in items]
    found = BatchGradient(model, cost, with_batch(items, shared), shared, DEPTH)()
    assert list(found) == shared
    for key, layers in found.items():
        labels = [key if k is None else f"{key}[{k}]" for k in layers]
        alone = [model.gradients(cost, labels, item, depth=DEPTH) for item in items]
        expected = [np.sum([np.asarray(one[label]) for one in alone], axis=0) for label in labels]
        largest = max(np.max(abs(e)) for e in expected)
        for mine, theirs in zip(layers.values(), expected, strict=True):
            assert mine.shape == theirs.shape
            assert np.max(abs(mine - theirs)) <= 1e-13 * largest
        assert largest > 0


LOSS = "C = binary_cross_entropy(a[L], y)"
SATURATED = {
    "steps": f"z[l] = w[l]*a[l-1] + b[l]\na[l] = logistic(z[l])\n{LOSS}",
    "one equation": f"a[l] = logistic(w[l]*a[l-1] + b[l])\n{LOSS}",
    "inside": "a[l] = w[l]*a[l-1] + b[l]\nC = 1*binary_cross_entropy(logistic(a[L]), y)",
    "after": "a[l] = w[l]*a[l-1] + b[l]\np = logistic(a[L])\nC = binary_cross_entropy(p, y)",
}


@pytest.mark.parametrize("text", SATURATED.values(), ids=SATURATED)
@pytest.mark.parametrize("y", [0, 0.25, 1])
@pytest.mark.parametrize("z", [-800, 800])
@pytest.mark.filterwarnings("ignore::symgrad.errors.PrecisionWarning")  # of p = e^-800, and of C itself
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_a_loss_meets_a_saturated_output(text, y, z):
    """∂C/∂b = p - y, where p (1 - p) is 0 in float64; ∂C/∂w = (p - y) a_0."""
    model, p = sg.parse(text), float(z > 0)
    values = {"w": [1.0], "b": [0.0], "a[0]": float(z), "y": float(y)}
    found = model.gradients("C", ["w", "b", "a[0]"], values)
    assert (found["w"][0], found["b"][0], found["a[0]"]) == ((p - y) * z, p - y, p - y)
    assert model.derivative("C", "b[1]").evaluate(values) == p - y
    batched = {**values, "a[0]": np.array([z, z, 0.0]), "y": np.array([y, 0.5, 0.5])}
    with np.errstate(divide="ignore", under="ignore"):
        summed = BatchGradient(model, "C", batched, ["w", "b"], 1)()
    assert (summed["w"][1], summed["b"][1]) == ((p - y + p - 0.5) * z, p - y + p - 0.5)


def test_the_output_past_which_a_loss_is_pulled_has_its_own_derivative():
    """At a = 1/4, y = 1/2: ∂C/∂a = (a - y)/(a (1 - a)) = -4/3, ∂C/∂z = a - y, and ∂C/∂y = ln((1 - a)/a) = ln 3."""
    model = sg.parse(SATURATED["steps"] + "\n")
    values = {"w": [1.0], "b": [0.0], "a[0]": -np.log(3.0), "y": 0.5}
    found = model.gradients("C", ["a[1]", "b", "y"], values)
    assert [float(np.ravel(g)[0]) for g in found.values()] == pytest.approx([-4 / 3, -1 / 4, np.log(3.0)], rel=1e-14)


# --- a perceptron as a person writes it ------------------------------------------------------------------

SIZES = (5, 4, 3, 2)


def perceptron(seed=0, items=7):
    """Return values of a perceptron: weights, biases, inputs (n, items) and targets."""
    random = np.random.default_rng(seed)
    return {
        "W": [random.normal(size=(m, n)) for n, m in pairwise(SIZES)],
        "b": [random.normal(size=m) for m in SIZES[1:]],
        "a[0]": random.normal(size=(SIZES[0], items)),
        "y": random.random(size=(SIZES[-1], items)),
    }


def quadratic(a, y):
    return anp.sum((a - y) ** 2) / 2


def cross_entropy(a, y):
    return -anp.sum(y * anp.log(a) + (1 - y) * anp.log(1 - a))


def by_autograd(values, cost):
    def total(parameters):
        a = values["a[0]"]
        for W, b in parameters:
            a = 1 / (1 + anp.exp(-(W @ a + b[:, None])))
        return cost(a, values["y"])

    return autograd.grad(total)(list(zip(values["W"], values["b"], strict=True)))


def mlp(cost):
    return sg.model("mlp").bind("logistic", cost=cost.__name__)


def assert_close(found, theirs):
    for layer, (W, b) in enumerate(theirs, start=1):
        for mine, other in ((found["W"][layer], W), (found["b"][layer], b)):
            assert np.max(abs(mine - other)) <= 1e-13 * np.max(abs(other))


@pytest.mark.parametrize("cost", [quadratic, cross_entropy])
def test_the_perceptron_against_hips_autograd(cost):
    values = perceptron()
    assert_close(BatchGradient(mlp(cost), "C", values, ["W", "b"])(), by_autograd(values, cost))


def test_another_batch_and_other_parameters_are_read_at_the_next_call():
    gradient = BatchGradient(mlp(quadratic), "C", perceptron(), ["W", "b"])
    gradient()
    other = perceptron(seed=1, items=2)
    gradient.feed("a[0]", other["a[0]"])
    gradient.feed("y", other["y"])
    for layer in (1, 2, 3):
        gradient.parameter("W", layer)[:] = other["W"][layer - 1]
        gradient.parameter("b", layer)[:] = other["b"][layer - 1]
    assert_close(gradient(), by_autograd(other, quadratic))
    assert gradient.value("C").shape == (2,)


@pytest.mark.parametrize(
    ("of", "wrt", "change", "error", "said"),
    [
        ("C", ["v"], {}, UnknownName, "unknown parameter 'v'"),
        ("a[L]", ["W"], {}, ShapeError, "a[L] is an array"),
        ("C", ["W", "y"], {}, ValuesError, "y differs from item to item"),
        ("C", ["a[0]"], {}, ValuesError, "a differs from item to item"),
        ("a[l]", ["W"], {}, IndexRangeError, "the index l of a[l] has no number"),
        ("C", ["W"], {"a[0]": np.ones(5), "y": np.ones(2)}, ValuesError, "no value has a batch"),
    ],
)
def test_errors(of, wrt, change, error, said):
    with pytest.raises(error) as told:
        BatchGradient(mlp(quadratic), of, perceptron() | change, wrt)
    assert said in str(told.value)
