"""Sums of products compared as automata: equal where the terms are, and not where one of them is changed."""

from fractions import Fraction

import pytest

import symgrad as sg
from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Number, Quantity
from symgrad.algebra.linear_map import Block, Compose, Matrix, Product, Scale, Sum
from symgrad.evidence.automaton import same
from symgrad.evidence.paths import graph, terms, unrolled

a, b, c, d = (Matrix(Quantity(name)) for name in "abcd")
two = Scale(Number(Fraction(2)))
x, y = Quantity("x"), Quantity("y")

EQUAL = [
    (Compose((a, Sum((b, c)))), Sum((Compose((a, b)), Compose((a, c)))), True),
    (
        Compose((Sum((a, b)), Sum((c, d)))),
        Sum((Compose((a, Sum((c, d)))), Compose((b, c)), Compose((b, d)))),
        True,
    ),
    (Compose((two, a)), Sum((a, a)), True),
    (Product("j", 1, 3, a), Compose((a, a, a)), True),
    (Block(((a, b),)), Block(((a, b),)), True),
    (Compose((a, b)), Compose((b, a)), False),
    (Compose((a, b)), Compose((a, b, b)), False),
    (Sum((a, b)), Sum((a, c)), False),
    (Compose((two, a)), a, False),
    (Compose((Sum((a, b)), Sum((c, d)))), Sum((Compose((a, c)), Compose((b, d)))), False),
    (M.ZERO, a, False),
    (M.ZERO, Sum((a, Compose((Scale(Number(Fraction(-1))), a)))), True),
]


@pytest.mark.parametrize(("left", "right", "equal"), [row for row in EQUAL if not isinstance(row[0], Block)])
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
    changed = map_tree.rewrite(form.map, lambda e: Quantity("x7") if str(e).count("x14") and "sin" in str(e) else e)
    assert changed != form.map
    assert not same(walked, form.of, {form.wrt: changed})
