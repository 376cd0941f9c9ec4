"""The experiments: averaged gradients against autograd, draws, seeds, Ctrl-C, and random networks beside the theory."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import symgrad as sg
from symgrad.errors import SymgradError, UnknownName, ValuesError
from symgrad.experiments.chapter import NETWORKS
from symgrad.experiments.data import read_data
from symgrad.experiments.learning_speed import CHUNK, tasks
from symgrad.experiments.perceptron import COSTS, INITIALISATIONS, Perceptron, length, speeds
from symgrad.experiments.propagation import Prediction, predict, propagation

DIGITS = read_data().first(40)
EVERY = [(h, i, c) for h in ((4,), (5, 3)) for i in INITIALISATIONS for c in COSTS]

# --- the gradient -----------------------------------------------------------------------------------------


def average_cost(parameters, images, targets, cost):
    """Return the average cost, one image after the other, as a person writes it."""
    total = 0
    for x, y in zip(images, targets, strict=True):
        a = x
        for W, b in parameters:
            a = 1 / (1 + anp.exp(-(anp.dot(W, a) + b)))
        if cost == "quadratic":
            total = total + anp.sum((a - y) ** 2) / 2
        else:
            total = total - anp.sum(y * anp.log(a) + (1 - y) * anp.log(1 - a))
    return total / len(images)


@pytest.mark.parametrize(("hidden", "initialisation", "cost"), EVERY)
def test_the_averaged_gradient_against_hips_autograd(hidden, initialisation, cost):
    network = Perceptron(hidden, DIGITS, initialisation, cost, seed=3)
    parameters = [(W.copy(), b.copy()) for W, b in zip(network.weights, network.biases, strict=True)]
    found = network.gradient()
    theirs = autograd.grad(average_cost)(parameters, DIGITS.images, DIGITS.targets, cost)
    for layer, (by_w, by_b) in enumerate(theirs, start=1):
        for mine, other in ((found["W"][layer], by_w), (found["b"][layer], by_b)):
            assert np.max(abs(mine - other)) <= 1e-12 * np.max(abs(other))
    value = average_cost(parameters, DIGITS.images, DIGITS.targets, cost)
    assert abs(network.cost() - value) <= 1e-12 * value
    norms = [np.sqrt(sum(x**2 for x in by_b)) for _, by_b in theirs[:-1]]
    assert speeds(found) == pytest.approx(norms, rel=1e-12, abs=0)


@pytest.mark.long
@pytest.mark.parametrize(("hidden", "initialisation", "cost"), EVERY)
def test_the_averaged_gradient_against_pytorch(hidden, initialisation, cost):
    torch = pytest.importorskip("torch")
    network = Perceptron(hidden, DIGITS, initialisation, cost, seed=3)
    W, b = ([torch.tensor(x, requires_grad=True) for x in xs] for xs in (network.weights, network.biases))
    a, y = torch.tensor(DIGITS.images), torch.tensor(DIGITS.targets)
    for W_l, b_l in zip(W, b, strict=True):
        a = torch.sigmoid(a @ W_l.T + b_l)
    losses = {
        "quadratic": lambda: ((a - y) ** 2).sum() / 2,
        "cross_entropy": lambda: torch.nn.functional.binary_cross_entropy(a, y, reduction="sum"),
    }
    (losses[cost]() / len(y)).backward()
    found = network.gradient()
    for name, theirs in (("W", W), ("b", b)):
        for layer, x in enumerate(theirs, start=1):
            other = x.grad.numpy()
            assert np.max(abs(found[name][layer] - other)) <= 1e-12 * np.max(abs(other))


def test_a_length_whose_square_underflows():
    assert length(np.array([3e-200, -4e-200])) == pytest.approx(5e-200, rel=1e-15, abs=0)
    assert length(np.array([3e200, 4e200])) == pytest.approx(5e200, rel=1e-15, abs=0)
    assert length(np.zeros(2)) == 0


def test_how_weights_are_drawn():
    normal, scaled = (Perceptron((50, 40), DIGITS, i, "quadratic", seed=1) for i in INITIALISATIONS)
    for k, n in enumerate((64, 50, 40)):
        assert np.array_equal(normal.biases[k], scaled.biases[k])
        assert np.allclose(normal.weights[k], np.sqrt(n) * scaled.weights[k], rtol=1e-15, atol=0)
    everything = np.concatenate([w.ravel() for w in (*normal.weights, *normal.biases)])
    assert abs(everything.mean()) < 4 / np.sqrt(len(everything))
    assert abs(everything.var() - 1) < 4 * np.sqrt(2 / len(everything))


def test_a_step_goes_down_and_shrinks_the_weights_alone():
    network = Perceptron((5,), DIGITS, "scaled", "cross_entropy", seed=0)
    W, b = network.weights[0].copy(), network.biases[0].copy()
    g = network.gradient()
    network.descend(g, rate=0.5, decay=0.1)
    assert np.allclose(network.weights[0], 0.95 * W - 0.5 * g["W"][1], rtol=1e-14, atol=0)
    assert np.allclose(network.biases[0], b - 0.5 * g["b"][1], rtol=1e-14, atol=0)


def test_accuracy_is_counted():
    network = Perceptron((5,), DIGITS, "scaled", "quadratic", seed=0)
    a = DIGITS.images
    for W, b in zip(network.weights, network.biases, strict=True):
        a = 1 / (1 + np.exp(-(a @ W.T + b)))
    assert network.accuracy(DIGITS) == np.mean(a.argmax(axis=1) == DIGITS.labels)
    half = DIGITS.first(20)
    assert network.accuracy(half) == np.mean(a[:20].argmax(axis=1) == half.labels)


def test_the_gradient_of_a_saturated_output_is_p_minus_y():
    network = Perceptron((5,), DIGITS, "scaled", "cross_entropy", seed=0)
    network.biases[-1][:] = 1e3
    assert np.allclose(network.gradient()["b"][2], 1 - DIGITS.targets.mean(axis=0), rtol=1e-14, atol=0)


def test_a_gradient_that_overflows_is_an_error():
    network = Perceptron((5,), DIGITS, "scaled", "cross_entropy", seed=0)
    network.weights[-1][:] = np.nan
    with pytest.raises(SymgradError, match="the gradient is not finite"):
        network.gradient()


# --- at the start -----------------------------------------------------------------------------------------


def test_the_chapter_had_scaled_weights_and_the_cross_entropy():
    found = sg.experiments.learning_speed(NETWORKS, seeds=30)
    assert found.nearest == ("scaled", "cross_entropy")
    assert found.distance("scaled", "cross_entropy") < 1.5
    assert min(found.distance(i, c) for i, c in (("normal", "quadratic"), ("scaled", "quadratic"))) > 2
    for s in found.spreads:
        if (s.setting.initialisation, s.setting.cost) == ("scaled", "cross_entropy"):
            assert list(s.median) == sorted(s.median)  # the first layer is the slowest
            assert s.below is None or all(0.05 < part < 0.95 for part in s.below)


def test_the_same_seed_gives_the_same_numbers_in_any_company():
    options = {"data": DIGITS, "images": 40, "initialisations": ["scaled"], "costs": ["quadratic"]}
    many = sg.experiments.learning_speed([(4,), (5, 3)], seeds=CHUNK + 3, **options)
    with ThreadPoolExecutor(2) as pool:
        other = sg.experiments.learning_speed([(4,), (5, 3)], seeds=CHUNK + 3, executor=pool, **options)
    (alone,) = sg.experiments.learning_speed([(5, 3)], seed=CHUNK + 1, seeds=1, **options).spreads
    for one, two in zip(many.spreads, other.spreads, strict=True):
        assert np.array_equal(one.norms, two.norms)
    assert np.array_equal(many.spreads[1].norms[CHUNK + 1], alone.norms[0])
    assert len({tuple(row) for row in many.spreads[1].norms}) == CHUNK + 3
    assert many.spreads[1].seeds[-1] == CHUNK + 2
    assert tasks(2, CHUNK + 3) == 4


def interrupting(after):
    """Return a tick that is a Ctrl-C the n-th time."""
    calls = []

    def tick():
        calls.append(None)
        if len(calls) == after:
            raise KeyboardInterrupt

    return tick


def test_ctrl_c_keeps_the_settings_that_are_done():
    found = sg.experiments.learning_speed([(4,), (5,)], DIGITS, 40, seeds=2, tick=interrupting(3))
    assert not found.complete
    whole = sg.experiments.learning_speed([(4,), (5,)], DIGITS, 40, seeds=2)
    assert [s.setting for s in found.spreads] == [s.setting for s in whole.spreads[:2]]
    assert np.array_equal(found.spreads[1].norms, whole.spreads[1].norms)
    assert whole.complete


# --- in training ------------------------------------------------------------------------------------------


def test_training_is_repeated_by_its_seed_and_changed_by_another():
    runs = [sg.experiments.train((5, 4), DIGITS, 40, epochs=8, seed=s) for s in (1, 1, 2)]
    assert runs[0].speeds == runs[1].speeds != runs[2].speeds
    assert runs[0].costs == runs[1].costs
    assert len(runs[0].speeds) == len(runs[0].costs) == 9
    assert runs[0].costs[-1] < runs[0].costs[0]
    start = [np.sqrt(np.sum(np.square(layer))) for layer in runs[0].start]
    assert start == pytest.approx(runs[0].speeds[0], rel=1e-14, abs=0)


def test_seeds_of_a_training_spread_around_their_median():
    found = sg.experiments.train_seeds((5, 4), DIGITS, seed=3, seeds=5, images=40, epochs=4)
    alone = [sg.experiments.train((5, 4), DIGITS, 40, epochs=4, seed=s) for s in range(3, 8)]
    assert [run.speeds for run in found.runs] == [run.speeds for run in alone]
    assert found.seeds == (3, 4, 5, 6, 7)
    assert found.slowdowns == tuple(run.speeds[-1][1] / run.speeds[-1][0] for run in alone)
    assert found.quantile(0.5)[2, 1] == sorted(run.speeds[2][1] for run in alone)[2]
    assert (found.quantile(0.05) < found.quantile(0.5)).all()
    part = sg.experiments.train_seeds((5,), DIGITS, seeds=3, images=40, epochs=4, tick=interrupting(6))
    assert [len(run.speeds) - 1 for run in part.runs] == [4, 2]
    assert (found.complete, part.complete, part.quantile(0.5).shape) == (True, False, (5, 1))


def test_a_slowdown_of_one_layer_and_of_a_layer_that_stands_still():
    run = sg.experiments.train((5,), DIGITS, 40, epochs=1)
    assert run.slowdown == 1
    assert replace(run, speeds=((0.0, 1.0),)).slowdown is None


def test_ctrl_c_keeps_the_epochs_that_are_done():
    whole = sg.experiments.train((5,), DIGITS, 40, epochs=6)
    part = sg.experiments.train((5,), DIGITS, 40, epochs=6, tick=interrupting(3))
    assert whole.complete
    assert not part.complete
    assert part.speeds == whole.speeds[:4]
    assert part.costs == whole.costs[:4]


def test_accuracies_are_repeated_by_their_seed_and_kept_at_ctrl_c():
    whole, again = (sg.experiments.accuracy((10,), epochs=3, seed=5) for _ in range(2))
    part = sg.experiments.accuracy((10,), epochs=3, seed=5, tick=interrupting(2))
    assert whole.accuracies == again.accuracies
    assert part.accuracies == whole.accuracies[:2]
    assert (whole.complete, part.complete) == (True, False)
    assert whole.accuracies[-1] > 0.3
    assert (whole.images, whole.validation) == (1497, 300)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: sg.experiments.learning_speed(seeds=0), ValuesError, "0 seeds"),
        (lambda: sg.experiments.learning_speed(images=2000), ValuesError, "2,000 images"),
        (lambda: sg.experiments.learning_speed([()]), ValuesError, "hidden layers of []"),
        (lambda: sg.experiments.learning_speed([(3, 0)]), ValuesError, "hidden layers of [3, 0]"),
        (lambda: sg.experiments.learning_speed(costs=["quadratc"]), UnknownName, "did you mean 'quadratic'"),
        (lambda: sg.experiments.train_seeds(seeds=0), ValuesError, "0 seeds"),
        (lambda: sg.experiments.train(initialisation="he"), UnknownName, "unknown initialisation 'he'"),
        (lambda: sg.experiments.train(epochs=0), ValuesError, "0 epochs"),
        (lambda: sg.experiments.train(rate=0), ValuesError, "a learning rate of 0"),
        (lambda: sg.experiments.train(rate=float("nan")), ValuesError, "a learning rate of nan"),
        (lambda: sg.experiments.train(decay=20), ValuesError, "a decay of 20"),
        (lambda: sg.experiments.accuracy(batch=0), ValuesError, "batches of 0"),
        (lambda: propagation([], width=0), ValuesError, "width = 0"),
        (lambda: predict("tanh", 0), ValuesError, "variances 0.0 of weights"),
        (lambda: predict("tnh", 1), UnknownName, "unknown"),
        (lambda: propagation([predict("relu", "0.01")], 10, 300, seeds=1), ValuesError, "leaves the range of float64"),
        (lambda: propagation([predict("relu", "10000")], 10, 200, seeds=1), ValuesError, "leaves the range of float64"),
        (lambda: Prediction("tanh", 1, 2, 1, 1), ValuesError, "q = 1 at the start"),
    ],
)
def test_errors(call, error, said):
    with pytest.raises(error) as told:
        call()
    assert said in str(told.value)


# --- random networks beside the prediction ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("activation", "weight_variance", "bias_variance"),
    [("relu", 2, 0), ("relu", 1, 0), ("tanh", "25/9", 0), ("tanh", 1, "0.3"), ("logistic", 1, 1)],
)
def test_the_simulation_meets_the_prediction(activation, weight_variance, bias_variance):
    width, depth, seeds = 400, 12, 3
    (found,) = propagation([predict(activation, weight_variance, bias_variance)], width, depth, seeds=seeds)
    # one layer multiplies ‖δ‖² by χ₁ (1 + ε), ε of a standard deviation of a few 1/√width
    spread_of_mean = 5 / np.sqrt(width * (depth - 1) * seeds)
    assert abs(np.log(found.rate / found.prediction.rate)) < 4 * spread_of_mean
    assert found.relative[:, -1].tolist() == [1] * seeds


def test_the_predictions_are_those_of_the_theory():
    assert predict("relu", 2).rate == 1
    assert predict("relu", 1).rate == 0.5
    assert predict("leaky_relu(0.5)", 1).rate == 0.625
    assert predict("tanh", "25/9").rate == pytest.approx(1.20983132, rel=1e-8, abs=0)
    critical = predict("tanh", "1.760954639606739131631552", "0.05")
    assert critical.rate == pytest.approx(1, rel=1e-12, abs=0)
    assert critical.start == pytest.approx(0.570047881640764149990156, rel=1e-12, abs=0)
    assert critical.line(3).tolist() == pytest.approx([1, 1, 1], rel=1e-12, abs=0)
    assert predict("relu", 1).line(3).tolist() == pytest.approx([0.5, 0.5**0.5, 1], rel=1e-15, abs=0)


def test_the_simulation_is_repeated_by_its_seed_and_kept_at_ctrl_c():
    settings = [predict("relu", 2), predict("relu", 1)]
    whole, again = (propagation(settings, 20, 3, seed=4, seeds=2) for _ in range(2))
    part = propagation(settings, 20, 3, seed=4, seeds=2, tick=interrupting(3))
    assert [np.array_equal(a.norms, b.norms) for a, b in zip(whole, again, strict=True)] == [True, True]
    assert len(part) == 1
    assert np.array_equal(part[0].norms, whole[0].norms)
