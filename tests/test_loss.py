"""Losses: loss x witness, loss x arithmetic, mutant x witness."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.errors import NotClosed, UnknownName
from symgrad.ops.loss import LOSSES, loss

RECORDS = tuple({record.name: record for record in LOSSES.values()}.values())
SHAPES = [(), (2,), (3,)]

each_record = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def data(shape, seed=1):
    """An output and a target, all entries in (0, 1)."""
    rng = random.Random(seed)
    numbers = [Fraction(rng.randint(1, 1023), 1024) for _ in range(2 * int(np.prod(shape)))]
    a, y = np.array(numbers, object).reshape((2, *shape))
    return a, y


def entries(x):
    return list(x.flat) if isinstance(x, np.ndarray) else [x]


def gradients(record, A, a, y):
    return entries(record.gradient(A, a, y)), entries(record.gradient_target(A, a, y))


def agree(x, y):
    """Do two balls overlap, both with 30 digits or more, or both exactly 0?"""
    sharp = all(ball.rel_accuracy_bits() > 100 or ball.is_zero() for ball in (x, y))
    return sharp and x.overlaps(y)


def sympy_agrees(record, shape):
    """SymPy's derivatives of the value minus the gradients simplify to 0."""
    A, n = arithmetic("symbolic"), int(np.prod(shape))
    a, y = (np.array(sympy.symbols(f"{letter}:{n}", positive=True), object).reshape(shape) for letter in "ay")
    a, y = (a, y) if shape else (a[()], y[()])
    value = record.value(A, a, y)
    return all(
        sympy.simplify(sympy.diff(value, x) - rule) == 0
        for variables, rules in zip((a, y), gradients(record, A, a, y), strict=True)
        for x, rule in zip(entries(variables), rules, strict=True)
    )


def taylor_agrees(record, shape):
    """The tangent of the value in each direction, differentiated by FLINT, overlaps the gradient."""
    A, T = arithmetic("ball", 60), arithmetic("taylor", 60)
    with T.working():
        given = [A.array(d, shape) for d in data(shape)]
        for k, rules in enumerate(gradients(record, A, *given)):
            for i, rule in enumerate(rules):
                arguments = [T.array(g, shape) for g in given]
                unit = np.array([int(j == i) for j in range(len(rules))], object).reshape(shape)
                arguments[k] = T.variable(arguments[k], unit[()])
                tangent = record.value(T, *arguments).tangent
                if not agree(tangent, rule):
                    return False
    return True


WITNESSES = (sympy_agrees, taylor_agrees)


@each_record
@each_shape
@pytest.mark.parametrize("witness", WITNESSES)
def test_witness_agrees_with_the_gradients(record, shape, witness):
    assert witness(record, shape)


def test_softmax_cross_entropy_of_one_number_is_0():
    A, record = arithmetic("symbolic"), loss("softmax_cross_entropy")
    a, y = sympy.symbols("a y", real=True)
    assert record.value(A, a, y) == 0
    assert gradients(record, A, a, y) == ([0], [0])


MUTANTS = [
    ("quadratic", {"gradient": lambda A, a, y: 2 * (a - y)}),
    ("quadratic", {"gradient": lambda A, a, y: y - a}),
    ("quadratic", {"gradient_target": lambda A, a, y: a - y}),
    ("binary_cross_entropy", {"gradient": lambda A, a, y: a - y}),
    ("binary_cross_entropy", {"gradient_target": lambda A, a, y: A.log(a) - A.log(1 - a)}),
    ("softmax_cross_entropy", {"gradient": lambda A, a, y: A.softmax(a) - y}),
    ("softmax_cross_entropy", {"gradient_target": lambda A, a, y: -a}),
]


@pytest.mark.parametrize("witness", WITNESSES)
@pytest.mark.parametrize(("name", "rules"), MUTANTS)
def test_every_witness_kills_every_mutant(name, rules, witness):
    assert not witness(replace(loss(name), **rules), (2,))


@each_record
@each_shape
def test_float64_is_near_the_ball_and_a_batch_is_a_loop(record, shape):
    F, batch, B = arithmetic("float"), arithmetic("batch"), arithmetic("ball", 30)
    pairs = [data(shape, seed) for seed in range(3)]
    stacked = [batch.array(np.stack([p[k] for p in pairs], axis=-1), shape) for k in (0, 1)]
    for rule in (record.value, record.gradient, record.gradient_target):
        together = rule(batch, *stacked)
        for i, pair in enumerate(pairs):
            x = rule(F, *(F.array(d, shape) for d in pair))
            np.testing.assert_allclose(together[..., i], x, rtol=1e-13)
            with B.working():
                true = entries(rule(B, *(B.array(d, shape) for d in pair)))
                assert all(abs(arb(float(v)) - t) <= 1e-13 * abs(t) for v, t in zip(entries(x), true, strict=True))


@each_record
def test_exact_is_closed_for_the_quadratic_loss_only(record):
    A = arithmetic("exact")
    a, y = (A.array(d, (2,)) for d in data((2,)))
    if record.name == "quadratic":
        assert record.value(A, a, y) == ((a - y) ** 2).sum() / 2
    else:
        with pytest.raises(NotClosed):
            record.value(A, a, y)


def test_names_and_aliases_are_found():
    assert loss("half_squared_error") is loss("quadratic")
    assert len(LOSSES) == sum(1 + len(record.aliases) for record in RECORDS)
    with pytest.raises(UnknownName, match="did you mean 'quadratic'"):
        loss("quadratik")
