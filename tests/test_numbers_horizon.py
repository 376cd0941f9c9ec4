"""Horizons and float formats: the closed form against ml_dtypes and NumPy, power by power and value by value."""

from fractions import Fraction
from itertools import pairwise
from math import inf

import ml_dtypes
import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import symgrad as sg
from symgrad.cli.main import main
from symgrad.errors import SymgradError, UnknownName, ValuesError
from symgrad.numbers.bound.growth import layer_growth
from symgrad.numbers.magnitude.float_format import FORMATS, float_format
from symgrad.numbers.magnitude.horizon import horizon
from symgrad.numbers.magnitude.magnitude import magnitude

DTYPES = {
    "fp8_e4m3": ml_dtypes.float8_e4m3fn,
    "fp8_e5m2": ml_dtypes.float8_e5m2,
    "fp16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "fp32": np.float32,
    "fp64": np.float64,
}
SMALL = [name for name in DTYPES if name not in ("fp32", "fp64")]


def as_float64(q):
    """Return a fraction as the nearest float64, or infinity."""
    try:
        return float(q)
    except OverflowError:
        return inf if q > 0 else -inf


def kind(name, q):
    """Return what a format makes of a fraction, by ml_dtypes; rounding to float64 first must not matter."""
    dtype = DTYPES[name]
    with np.errstate(all="ignore"):
        y = np.array(as_float64(q), dtype=np.float64).astype(dtype)[()]
    if np.isnan(y):
        return "nan"
    if np.isinf(y):
        return "inf"
    if y == 0:
        return "zero"
    return "subnormal" if abs(float(y)) < float(ml_dtypes.finfo(dtype).smallest_normal) else "normal"


def brute_force(name, base):
    """Return the first depths at which base^n is subnormal, 0, and beyond all numbers, by trying every n."""
    q, n, first = Fraction(1), 0, {}
    while not {"zero", "inf", "nan"} & first.keys():
        first.setdefault(kind(name, q), n)
        q, n = q * base, n + 1
    zero = first.get("zero")
    overflow = first.get("inf", first.get("nan"))
    return first.get("subnormal"), zero, overflow


BASES = [
    "0.5",
    "1.5",
    "0.25",
    "0.75",
    "0.9",
    "-0.5",
    "2",
    "-3",
    "1.1",
    "10",
    "0.1",
    "0.01",
    "1/3",
    "3/2",
    "100",
    "0.0001",
    "1/1000",
    "1e-400",
]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("name", DTYPES)
def test_the_horizon_is_that_of_brute_force(name, base):
    loss = sg.horizon(base)[name]
    assert (loss.subnormal, loss.zero, loss.overflow) == brute_force(name, abs(Fraction(base)))


KNOWN = {
    "0.5": {"fp16": 25, "bf16": 134, "fp32": 150, "fp64": 1075},
    "1.5": {"fp16": 28, "bf16": 219, "fp32": 219, "fp64": 1751},
}


@pytest.mark.parametrize("base", KNOWN)
def test_the_horizons_of_the_book(base):
    found = sg.horizon(base)
    assert {name: found[name].zero or found[name].overflow for name in KNOWN[base]} == KNOWN[base]


@settings(max_examples=60)
@given(st.fractions(min_value=Fraction(1, 50), max_value=50, max_denominator=1000), st.sampled_from(list(DTYPES)))
def test_the_horizon_of_any_base_is_that_of_brute_force(base, name):
    assume(not Fraction(9, 10) < base < Fraction(11, 10))
    loss = horizon(base)[name]
    assert (loss.subnormal, loss.zero, loss.overflow) == brute_force(name, base)


@given(st.fractions(min_value=Fraction(99, 100), max_value=Fraction(101, 100), max_denominator=10**6))
def test_close_to_1_the_depth_is_the_first_one(base):
    """b^n is compared with the threshold in integers, one before the horizon and at it."""
    assume(base != 1 and abs(base - 1) > Fraction(1, 3000))
    for loss in horizon(base, ["fp16"]).losses:
        f = loss.format
        for n, threshold, reached in (
            (loss.zero, f.zero, lambda x, t: x <= t),
            (loss.subnormal, f.subnormal, lambda x, t: x < t),
            (loss.overflow, f.overflow, lambda x, t: x >= t),
        ):
            if n is not None:
                assert reached(base**n, threshold)
                assert not reached(base ** (n - 1), threshold)


def every_number(name):
    """Return all finite numbers of a format of 8 or 16 bits, from its bit patterns."""
    dtype = np.dtype(DTYPES[name])
    patterns = np.arange(2 ** (8 * dtype.itemsize), dtype=f"u{dtype.itemsize}")
    with np.errstate(invalid="ignore"):  # signalling NaNs
        values = patterns.view(dtype).astype(np.float64)
    return sorted({Fraction(float(x)) for x in values[np.isfinite(values)]})


def near(numbers, step):
    """Return numbers, the points in the middle between neighbours, and points on both sides of those."""
    middles = [(x + y) / 2 for x, y in pairwise(numbers)]
    aside = Fraction(1, 2**10)
    return numbers[::step] + [
        m + side * aside * (y - m)
        for m, y in list(zip(middles, numbers[1:], strict=False))[::step]
        for side in (-1, 0, 1)
    ]


@pytest.mark.parametrize("name", SMALL)
def test_rounding_is_that_of_ml_dtypes(name):
    f, dtype, numbers = float_format(name), DTYPES[name], every_number(name)
    assert (numbers[-1], numbers[0]) == (f.largest, -f.largest)
    assert min(x for x in numbers if x > 0) == f.smallest
    beyond = [f.overflow * k for k in (Fraction(999, 1000), 1, Fraction(1001, 1000), 2)]
    points = near(numbers, 1 if len(numbers) < 300 else 97) + beyond
    with np.errstate(all="ignore"):
        theirs = np.array([float(q) for q in points]).astype(dtype).astype(np.float64)
    for q, y in zip(points, theirs, strict=True):
        mine = f.round(magnitude(q))
        if mine.value is None:
            assert np.isnan(y) if mine.kind == "nan" else np.isinf(y)
        else:
            assert float(mine.value) == y, q
            assert mine.kind == kind(name, q)


@given(st.integers(-160, 130), st.integers(0, 2**25))
def test_rounding_to_fp32_is_that_of_numpy(exponent, fraction):
    q = Fraction(2**25 + fraction, 2**25) * Fraction(2) ** exponent
    mine = FORMATS["fp32"].round(magnitude(q))
    with np.errstate(all="ignore"):
        y = np.float32(float(q))  # 26 bits of significand: exact in float64
    assert (mine.value is None and np.isinf(y)) or float(mine.value) == y


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**10), 2**10))
def test_rounding_to_fp64_is_that_of_python(x, part):
    q = Fraction(x) * (1 + Fraction(part, 2**63))
    mine = FORMATS["fp64"].round(magnitude(q))
    assert float(q) == mine.value if mine.value is not None else as_float64(q) in (inf, -inf)


def test_an_irrational_base():
    found, rational = sg.horizon("sqrt(2)"), sg.horizon("2")
    for loss, other in zip(found.losses, rational.losses, strict=True):
        assert (loss.overflow + 1) // 2 == other.overflow
    assert sg.horizon("1/sqrt(2)")["fp64"].zero == 2150


def test_a_base_that_is_hardly_less_than_1():
    loss = sg.horizon("0.999999999999")["fp32"]
    assert loss.zero == 103972077083940
    assert loss.subnormal == 87336544810115


@pytest.mark.parametrize("places", [20, 26, 100, 900])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_base_that_64_bits_do_not_tell_from_1(places, side):
    base = 1 + side * Fraction(1, 10**places)
    with mpmath.workdps(3 * places + 50):
        for loss in horizon(base).losses:
            f = loss.format
            for n, threshold in ((loss.subnormal, f.subnormal), (loss.zero, f.zero), (loss.overflow, f.overflow)):
                if n is not None:
                    log_t, log_b = (mpmath.log(mpmath.mpf(q.numerator) / q.denominator) for q in (threshold, base))
                    assert n == mpmath.ceil(log_t / log_b)


def test_a_power_that_jumps_over_the_subnormal_numbers_is_lost_at_once(capsys):
    loss = sg.horizon("1/1000")["fp8_e5m2"]
    assert (loss.subnormal, loss.zero) == (None, 2)
    assert main(["horizon", "1/1000"]) == 0
    assert "fp8_e5m2  2: 0\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "activation", "weight", "growth"),
    [
        ("chain", "logistic", 1, Fraction(1, 4)),
        ("chain", "logistic", "1.5", Fraction(3, 8)),
        ("chain", "tanh", "0.9", Fraction(9, 10)),
        ("rnn", "tanh", "0.9", Fraction(9, 10)),
        ("mlp", "logistic", 2, Fraction(1, 2)),
        ("residual", "tanh", 1, Fraction(2)),
        ("deep_linear", None, "0.5", Fraction(1, 2)),
    ],
)
def test_the_bound_of_a_models_gradient(name, activation, weight, growth):
    model = sg.model(name).bind(activation) if activation else sg.model(name)
    found = layer_growth(model, weight).value
    assert found.exact == growth
    for loss in horizon(found).losses:
        assert (loss.subnormal, loss.zero, loss.overflow) == brute_force(loss.format.name, growth)


def test_a_growth_that_is_only_enclosed():
    growth = layer_growth(sg.model("chain").bind("silu"), 1).value
    assert growth.exact is None
    assert growth.to(19) == "1.099839320128866917"
    n = horizon(growth)["fp32"].overflow
    assert growth.ball(200) ** n > FORMATS["fp32"].overflow.numerator
    assert growth.ball(200) ** (n - 1) < FORMATS["fp32"].overflow.numerator


def test_the_curve_and_the_levels_meet_at_the_horizon():
    found = sg.horizon("0.5")
    assert found.curve(10)[0] == (0, 0.0)
    levels = {name: (low, high) for name, low, high in found.levels()}
    depth, size = next((n, y) for n, y in found.curve(2000) if y <= levels["fp32"][0])
    assert depth == found["fp32"].zero
    assert levels["fp32"][0] == pytest.approx(-150 * 0.30103, rel=1e-5)
    assert levels["fp32"][1] == pytest.approx(-126 * 0.30103, rel=1e-5)
    assert size < -45


@pytest.mark.parametrize("base", ["1", "-1", "0", "x", "", "1/0", "nan", None])
def test_a_base_without_a_horizon_is_an_error(base):
    with pytest.raises(SymgradError) as caught:
        sg.horizon(base)
    assert caught.value.todo


def test_an_enclosed_base_that_cannot_be_told_from_1_is_an_error():
    with pytest.raises(ValuesError, match="cannot be told from 1"):
        horizon(magnitude("1 +/- 0.01"))
    with pytest.raises(UnknownName, match="fp17"):
        horizon("0.5", ["fp17"])
