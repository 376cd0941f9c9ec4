"""Sums of products compared as automata: equal where the terms are, and not where one of them is changed."""

from fractions import Fraction

import pytest

import symgrad as sg
from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Number, Quantity
from symgrad.evidence.automaton import same
from symgrad.evidence.paths import graph, terms, unrolled

a, b, c, d = (M.Matrix(Quantity(name)) for name in "abcd")
two = M.Scale(Number(Fraction(2)))
x, y = Quantity("x"), Quantity("y")

EQUAL = [
    (M.Compose((a, M.Sum((b, c)))), M.Sum((M.Compose((a, b)), M.Compose((a, c)))), True),
    (
        M.Compose((M.Sum((a, b)), M.Sum((c, d)))),
        M.Sum((M.Compose((a, M.Sum((c, d)))), M.Compose((b, c)), M.Compose((b, d)))),
        True,
    ),
    (M.Compose((two, a)), M.Sum((a, a)), True),
    (M.Product("j", 1, 3, a), M.Compose((a, a, a)), True),
    (M.Block(((a, b),)), M.Block(((a, b),)), True),
    (M.Compose((a, b)), M.Compose((b, a)), False),
    (M.Compose((a, b)), M.Compose((a, b, b)), False),
    (M.Sum((a, b)), M.Sum((a, c)), False),
    (M.Compose((two, a)), a, False),
    (M.Compose((M.Sum((a, b)), M.Sum((c, d)))), M.Sum((M.Compose((a, c)), M.Compose((b, d)))), False),
    (M.ZERO, a, False),
    (M.ZERO, M.Sum((a, M.Compose((M.Scale(Number(Fraction(-1))), a)))), True),
]


@pytest.mark.parametrize(("left", "right", "equal"), [row for row in EQUAL if not isinstance(row[0], M.Block)])
def test_two_sums_of_products_are_compared_exactly(left, right, equal):
    walked = [(y, [(x, left)]), (x, [])]
    assert same(walked, y, {x: right}) is equal
    assert (terms(left) == terms(right)) is equal


def diamonds(n):
    lines = [f"a{i} = tanh(x{i})\nb{i} = sin(x{i})\nx{i + 1} = a{i} + b{i}" for i in range(n)]
    return sg.parse("\n".join(["x0 = w", *lines, f"E = loss(x{n})"])).derivative("E", "w")


def test_a_changed_factor_among_many_paths_is_found():
    form = diamonds(15)
    walked = graph(form.of, unrolled(form.network, form.wrt, 1))
    assert same(walked, form.of, {form.wrt: form.map})
    changed = M.rewrite(form.map, lambda e: Quantity("x7") if str(e).count("x14") and "sin" in str(e) else e)
    assert changed != form.map
    assert not same(walked, form.of, {form.wrt: changed})
