"""Ranges over boxes: 10^5 points of a box, and none is outside; and the range is no wider than was asked."""

from fractions import Fraction

import numpy as np
import pytest

import symgrad as sg
from symgrad.algebra.index import Index

POINTS = 100_000
UNIT = {"w": (-1, 1), "b": (-1, 1), "a[0]": (-1, 1)}
SHARED = "s[j] = tanh(w*s[j-1] + b)\nC = cost(s[L], y)"


def chain(activation, cost=None):
    return sg.model("chain").bind(activation, cost=cost)


CASES = {
    "the chain": (chain("logistic", "quadratic").derivative("C", "b[1]", 4), {**UNIT, "y": (0, 1)}),
    "a weight": (chain("tanh", "quadratic").derivative("C", "w[2]", 3), {**UNIT, "y": 1}),
    "one layer apart": (chain("tanh").derivative("a[L]", "a[1]", 3), {**UNIT, "w[2]": ("1/2", 2), "b[3]": 0}),
    "kinks": (chain("leaky_relu", "quadratic").derivative("C", "b[1]", 3), {**UNIT, "y": (-1, 0)}),
    "kinks and slopes": (chain("selu").derivative("a[L]", "a[0]", 2), {**UNIT, "b": ("-0.1", 2)}),
    "no monotone activation": (chain("silu").derivative("a[L]", "b[1]", 2), UNIT),
    "cross entropy": (chain("logistic", "cross_entropy").derivative("C", "b[1]", 2), {**UNIT, "w": 1, "y": (0, 1)}),
    "skips": (sg.model("residual").bind("tanh").derivative("a[L]", "b[1]", 2), UNIT),
    "shared": (sg.parse(SHARED).derivative("s[L]", "b", 2), {"w": (0, 1), "b": (-1, 1), "s[0]": (0, 1)}),
    "no width": (chain("tanh").derivative("a[L]", "a[0]", 2), {"w": "1/3", "b": 0, "a[0]": 1}),
}


def points(g, box, count):
    """Draw values of the parameters: inside of the box, and a quarter of them at its corners."""
    rng, values = np.random.default_rng(7), {}
    for q in g.network.parameters:
        indexed = isinstance(q.index, Index)
        names = [f"{q.name}[{k}]" for k in range(1, g.depth + 1)] if indexed else [str(q)]
        ends = [box.get(name, box.get(q.name)) for name in names]
        if None in ends:
            continue
        part = rng.random((len(names), count))
        part[:, : count // 4] = rng.integers(0, 2, (len(names), count // 4))
        low, high = np.array([[float(Fraction(e)) for e in (x if isinstance(x, tuple) else (x, x))] for x in ends]).T
        rows = low[:, None] + (high - low)[:, None] * part
        values[q.name if indexed else str(q)] = rows if indexed else rows[0]
    return values


@pytest.mark.parametrize("name", CASES)
def test_no_point_is_outside(name):
    g, box = CASES[name]
    found = g.enclose(box, width=0.05)
    sampled = g.evaluate(points(g, box, POINTS))
    rounding = 1e-13 * max(abs(found.low), abs(found.high))  # of the samples, which are floats
    assert found.low - rounding <= np.min(sampled)
    assert np.max(sampled) <= found.high + rounding
    assert found.complete
    inside = found.inner_high - found.inner_low
    assert found.high - found.low <= 1.05 * inside + 2 * rounding
    assert found.inner_high >= np.max(sampled) - 0.05 * inside - rounding


def test_the_range_of_a_vanishing_gradient():
    """∂C/∂b_1 is at most 4^-3 max s^2 (1 - s) = 4^-3 (4/27), where w_j = ±1 and y = 0 or 1."""
    g, box = CASES["the chain"]
    found = g.enclose(box)
    assert found.complete
    for end in (-found.low, found.high):
        assert 1 / 432 <= end <= 1.02 / 432
    narrower = g.enclose(box, width=1e-3)
    assert narrower.high - narrower.low <= 1.001 * (2 / 432)


def test_what_is_known_when_the_time_is_over():
    g = sg.model("residual").bind("gelu", cost="quadratic").derivative("C", "b[1]", depth=4)
    box = {**UNIT, "y": (0, 1)}
    found = g.enclose(box, width=1e-6, timeout=0.2)
    assert not found.complete
    assert "the best so far" in str(found)
    sampled = g.evaluate(points(g, box, 10_000))
    assert found.low <= np.min(sampled) <= np.max(sampled) <= found.high
    assert found.low <= found.inner_low <= found.inner_high <= found.high


def test_the_depth_is_given_late():
    g = chain("logistic").derivative("a[L]", "a[0]")
    assert g.enclose(UNIT, depth=10).high == 4.0**-10


def test_a_network_without_layers_needs_no_depth():
    found = sg.parse("C = x*x").derivative("C", "x").enclose({"x": (-1, 2)})
    assert (found.low, found.high) == (-2.0, 4.0)


BAD = [
    ({"w": (1, -1)}, "is empty"),
    ({"w": (-1, float("inf"))}, "not finite"),
    ({"w": (-1, float("nan"))}, "not finite"),
    ({"w": (-1, 0, 1)}, "no interval"),
    ({"w": "wide"}, "no decimal number"),
    ({"w": None}, "NoneType"),
    ({"v": 1}, "unknown parameter 'v'"),
    ({"w[3]": 1}, "unknown parameter"),
    ({"2 w": 1}, "not a quantity"),
]


@pytest.mark.parametrize(("entries", "message"), BAD)
def test_bad_boxes(entries, message):
    g = chain("logistic").derivative("a[L]", "a[0]", depth=2)
    with pytest.raises(sg.SymgradError, match=message):
        g.enclose({**UNIT, **entries})


def test_other_bad_input():
    g = chain("logistic").derivative("a[L]", "a[0]")
    with pytest.raises(sg.SymgradError, match="no interval is given for b"):
        g.enclose({"w": 1, "a[0]": 1}, depth=2)
    with pytest.raises(sg.SymgradError, match="depth is not given"):
        g.enclose(UNIT)
    with pytest.raises(sg.SymgradError, match="depth"):
        g.enclose(UNIT, depth=2.5)
    with pytest.raises(sg.SymgradError, match="width"):
        g.enclose(UNIT, depth=2, width=0)
    with pytest.raises(sg.SymgradError, match="no scalar"):
        sg.model("deep_linear").derivative("a[L]", "a[0]").enclose({}, depth=2)
    with pytest.raises(sg.SymgradError, match="opaque"):
        sg.model("chain").derivative("a[L]", "a[0]").enclose(UNIT, depth=2)
    with pytest.raises(sg.SymgradError, match="not defined"):
        sg.parse("a[j] = ln(w*a[j-1])").derivative("a[L]", "w").enclose({"w": (-2, -1), "a[0]": 1}, depth=1)
