"""Losses and functions far out, at ±40, ±800 and ±100000: no nan, no 0 that is none; against mpmath."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from symgrad.arithmetic import arithmetic
from symgrad.ops.loss import BINARY_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY

FAR = [3, 40, 800, 100_000]
UNBOUNDED = ["mp", "ball", "interval", "taylor"]
"""The arithmetics with an unbounded exponent."""
TARGETS = [(0, 1, 0), (1, 0, 0), (0, 0, 1), ("0.25", "0.25", "0.5")]


def plain(x: Any) -> mpmath.mpf:
    """A value of any arithmetic as a number: of a ball or an interval its middle."""
    x = getattr(x, "value", x)
    if hasattr(x, "lo"):
        x = x.lo.union(x.hi)
    if hasattr(x, "mid"):
        assert x.rel_accuracy_bits() > 30 or x == 0, x
        x = x.mid().str(30, radius=False)
    return mpmath.mpf(str(x) if not isinstance(x, float) else float(x))


def near(found: Any, expected: mpmath.mpf, digits: int = 14) -> bool:
    return bool(abs(plain(found) - expected) <= mpmath.mpf(10) ** -digits * abs(expected))


def scores(z: int) -> list[int]:
    return [z, 0, -z]


def expected(z: int, y: tuple[Any, ...]) -> tuple[mpmath.mpf, list[mpmath.mpf]]:
    """The softmax cross-entropy and its gradient, by their definitions, at so many digits that nothing is lost."""
    with mpmath.workdps(2 * int(z) + 100):
        powers = [mpmath.exp(s) for s in scores(z)]
        p = [e / sum(powers) for e in powers]
        t = [mpmath.mpf(v) for v in y]
        loss = -sum(ti * mpmath.log(pi) for ti, pi in zip(t, p, strict=True))
        return +loss, [sum(t) * pi - ti for ti, pi in zip(t, p, strict=True)]


@pytest.mark.parametrize("name", [*UNBOUNDED, "float", "batch"])
@pytest.mark.parametrize("y", TARGETS, ids=str)
@pytest.mark.parametrize("z", [3, 40, 800])
def test_the_softmax_cross_entropy_far_out(name: str, y: tuple[Any, ...], z: int) -> None:
    A = arithmetic(name)
    loss, gradient = expected(z, y)
    with A.working(), np.errstate(under="ignore"):
        a, t = A.array(scores(z), (3,)), A.array(list(y), (3,))
        found, slopes = SOFTMAX_CROSS_ENTROPY.value(A, a, t), SOFTMAX_CROSS_ENTROPY.gradient(A, a, t)
        if name == "batch":
            found, slopes = found[0], slopes[:, 0]
        for value, right in ((found, loss), *zip(slopes, gradient, strict=True)):
            if name in ("float", "batch") and abs(right) < 1e-300:
                assert value == 0  # it underflows
            else:
                assert near(value, right), (value, right)


@pytest.mark.parametrize("name", UNBOUNDED)
def test_the_softmax_cross_entropy_very_far_out(name: str) -> None:
    A = arithmetic(name)
    with A.working():
        a, y = A.array(scores(100_000), (3,)), A.array([1, 0, 0], (3,))
        tiny = mpmath.exp(-100_000)
        assert near(SOFTMAX_CROSS_ENTROPY.value(A, a, y), tiny)
        for value, right in zip(SOFTMAX_CROSS_ENTROPY.gradient(A, a, y), (-tiny, tiny, tiny**2), strict=True):
            assert near(value, right)


@pytest.mark.parametrize("name", UNBOUNDED)
@pytest.mark.parametrize("z", [s * x for x in FAR for s in (-1, 1)])
def test_logistic_softplus_and_tanh_far_out(name: str, z: int) -> None:
    A = arithmetic(name)
    with A.working(), mpmath.workdps(60):
        x, e = A.number(z), mpmath.exp(-abs(z))
        assert near(A.logistic(x), 1 / (1 + e) if z > 0 else e / (1 + e))
        assert near(A.softplus(x), mpmath.log1p(e) + max(z, 0))
        assert near(A.tanh(x), mpmath.sign(z) * (1 - e**2) / (1 + e**2))


@pytest.mark.parametrize("z", [s * x for x in FAR for s in (-1, 1)])
def test_float64_far_out_is_right_or_underflows(z: int) -> None:
    A = arithmetic("float")
    e = mpmath.exp(-abs(z))
    with np.errstate(under="ignore"):
        for found, right in (
            (A.logistic(np.float64(z)), 1 / (1 + e) if z > 0 else e / (1 + e)),
            (A.softplus(np.float64(z)), mpmath.log1p(e) + max(z, 0)),
        ):
            assert found == 0 if right < 1e-320 else near(float(found), right)


@pytest.mark.parametrize("name", [*UNBOUNDED, "float", "exact"])
@pytest.mark.parametrize("y", [0, 1])
def test_the_binary_cross_entropy_of_a_certain_output_that_is_right(name: str, y: int) -> None:
    """σ(800) is 1 where numbers are rounded; that the target is 1, too, leaves no 0 ln 0."""
    A = arithmetic(name)
    with A.working():
        a = A.logistic(A.number(800 if y else -800)) if name != "exact" else A.number(y)
        assert abs(float(plain(BINARY_CROSS_ENTROPY.gradient(A, a, A.number(y))))) == 1
        if name != "exact":
            loss = BINARY_CROSS_ENTROPY.value(A, a, A.number(y))
            middle = loss.value.mid() if name == "taylor" else loss.mid() if name == "ball" else loss
            assert abs(float(middle)) < 1e-15


def test_the_binary_cross_entropy_of_an_output_that_is_wrong_is_infinite_and_no_nan() -> None:
    A = arithmetic("float")
    with np.errstate(all="ignore"):
        a, y = np.array([1.0, 1.0, 0.0, 0.5]), np.array([0.0, 0.5, 1.0, 1.0])
        assert not np.isnan(BINARY_CROSS_ENTROPY.gradient(A, a, y)).any()
        assert np.isinf(BINARY_CROSS_ENTROPY.gradient(A, a, y)).tolist() == [True, True, True, False]
        assert BINARY_CROSS_ENTROPY.value(A, a[:1], y[:1]) == np.inf


def test_the_gradient_of_a_softmax_is_accurate_where_1_minus_p_is_small() -> None:
    """At 40 the largest p rounds to 1: p - 1 is -e^-40 all the same."""
    A = arithmetic("float")
    found = SOFTMAX_CROSS_ENTROPY.gradient(A, np.array([40.0, 0.0]), np.array([1.0, 0.0]))
    assert found.tolist() == pytest.approx([-float(mpmath.exp(-40)), float(mpmath.exp(-40))], rel=1e-14)
