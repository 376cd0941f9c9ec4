"""The two trees of the kernel, expressions and linear maps: one fold, one rebuild, and what is written on them."""

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest

import symgrad as sg
from symgrad.algebra import linear_map, map_tree
from symgrad.algebra import map_algebra as M
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import ADD, Expression, Quantity
from symgrad.algebra.expression_tree import inside, nodes, rebuilt, replaced
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
)
from symgrad.algebra.substitution import substitute
from symgrad.algebra.tree import fold, walk
from symgrad.calculus import closed_form
from symgrad.calculus.expand import leaves
from symgrad.errors import NotDefined
from symgrad.export.order import in_order

MODELS = ("chain", "deep_linear", "gru", "lstm", "mlp", "residual", "rnn")
DEEP = 20_000
SUMS = "s[t] = tanh(w*s[t-1])\nE = sum[t](loss(s[t], y[t])/t)"
"""Sums over an index, and an index as a number."""


PLACES = ("algebra/linear_map", "calculus/evaluate", "calculus/cotangent", "calculus/rank", "export/maps")
"""Where a kind of map stands that is a leaf: the record; how it is applied, to numbers and to expressions; its axes;
how it is printed. All else is written on the fold, or refuses what it has no rule for."""


def forms():
    for model in (*map(sg.model, MODELS), sg.parse(SUMS, "sums")):
        [of] = [e.target for e in model.closings]
        for wrt in (*model.parameters, *(e.target for e in model.steps)):
            at = 2 if isinstance(wrt.index, Index) else wrt.index
            yield closed_form.derive(model, of, Quantity(wrt.name, at))


def maps():
    return [m for form in forms() for m in (form.map, form.named)]


def same(x):
    return x


def test_a_map_rebuilt_of_what_is_inside_it_is_the_same():
    kinds = set()
    for m in maps():
        for x in walk(m, linear_map.inside):
            kinds.add(type(x))
            assert map_tree.rebuilt(x, same) == x
            assert M.transpose(M.transpose(x)) == x
    assert kinds > {Compose, Sum, Product, IndexedSum, Block, Named, Transpose, Scale, Right}


def test_an_expression_rebuilt_of_what_is_inside_it_is_the_same():
    for m in maps():
        for e in map_tree.expressions(m):
            assert all(rebuilt(x, same) == x for x in nodes(e))


def values(x):
    """Yield the values of the fields of a node, those of tuples one by one."""
    pending = [getattr(x, f.name) for f in fields(x)]
    while pending:
        v = pending.pop()
        pending += v if type(v) is tuple else ()
        yield v


def test_inside_misses_no_field_that_holds_a_map_or_an_expression():
    of_partial = {"of", "wrt"}  # they are names
    for m in maps():
        for x in walk(m, linear_map.inside):
            assert {id(v) for v in values(x) if isinstance(v, LinearMap)} == {id(v) for v in linear_map.inside(x)}
        for e in map_tree.expressions(m):
            for x in nodes(e):
                names = [getattr(x, n) for n in of_partial] if isinstance(x, Partial | Cotangent) else []
                found = {id(v) for v in values(x) if isinstance(v, Expression)} - set(map(id, names))
                assert found == {id(v) for v in inside(x)}


def test_a_shared_node_is_valued_once_and_deep_trees_are_no_matter():
    seen = []
    e = Quantity("x")
    for _ in range(DEEP):
        e = e + e  # 2^20000 nodes, written out
    depth = fold(e, inside, lambda x, of: seen.append(x) or 1 + max(map(of, inside(x)), default=0))
    assert depth == DEEP + 1
    assert len(seen) == DEEP + 1
    assert substitute(e, {}).arguments[0].op == ADD


@pytest.mark.parametrize(
    "operation",
    [
        M.transpose,
        map_tree.unnamed,
        map_tree.opened,
        lambda m: map_tree.at_index(m, {"j": 3}),
        lambda m: map_tree.rewrite(m, same),
        lambda m: sum(1 for _ in map_tree.parts(m)),
        lambda m: sum(1 for _ in map_tree.expressions(m)),
        lambda m: map_tree.extent(m, {}),
    ],
)
def test_operations_on_maps_do_not_recurse(operation):
    m = Scale(Quantity("w", Index("j")))
    for i in range(2_000):
        m = Sum((Compose((Matrix(Quantity("A", i)), m)), M.IDENTITY))
    assert operation(m)


def test_a_symbol_that_a_product_binds_is_left_alone():
    factor = Scale(Quantity("w", Index("j")) * Quantity("v", Index("k")))
    m = M.compose(Product("j", 1, Index("k"), factor), factor)
    moved = map_tree.at_index(m, {"j": 7, "k": 2})
    inner = Scale(Quantity("w", Index("j")) * Quantity("v", 2))
    outer = Scale(Quantity("w", 7) * Quantity("v", 2))
    assert moved == M.compose(Product("j", 1, 2, inner), outer)


def test_opened_takes_one_level_and_unnamed_all_but_what_stays():
    a, b, c = (Quantity(x) for x in "abc")
    m = Named(c, a, M.compose(Named(c, b, Scale(c)), Named(b, a, Scale(b))))
    assert map_tree.opened(m) == m.map
    assert map_tree.unnamed(m) == M.compose(Scale(c), Scale(b))
    assert map_tree.unnamed(m, stays=lambda n: n.wrt == b) == M.compose(Named(c, b, Scale(c)), Scale(b))


def test_replaced_leaves_what_it_puts_alone():
    x, y = Quantity("x"), Quantity("y")
    assert replaced(x * y, lambda e: x + y if e == x else None) == (x + y) * y


def test_a_gradient_is_derived_once_however_often_it_is_printed():
    before = closed_form._solved.cache_info().misses
    text = "a[0]: (3,)\nW: (3, 3)\na[l] = tanh(W@a[l-1])\nC = sum(a[L])"
    gradient = sg.parse(text).derivative("C", "W")
    assert str(gradient)
    assert gradient.latex()
    assert gradient.latex("ng")
    assert closed_form._solved.cache_info().misses == before + 1


def test_paths_that_cancel_are_said_to_cancel():
    model = sg.parse("b = a\nc = -a\nd = b + c", "cancelling")
    gradient = model.derivative("d", "a")
    assert gradient.map == M.ZERO
    assert gradient.reason == "the paths from a to d cancel each other"


@pytest.mark.parametrize("kind", [Diagonal, Column, Matrix, Right, Swap])
def test_a_kind_of_linear_map_stands_in_five_files(kind):
    for place in PLACES:
        text = (Path(sg.__file__).parent / f"{place}.py").read_text(encoding="utf-8")
        assert re.search(rf"(case .*\b|class ){kind.__name__}\(", text), place


@dataclass(frozen=True, slots=True)
class Rotated(LinearMap):
    """A kind that nothing knows of."""


def test_what_only_walks_takes_a_kind_that_it_does_not_know():
    m = Product("j", 1, Index("L"), M.compose(Rotated(), Matrix(Quantity("W", Index("j")))))
    assert map_tree.at_index(m, {"L": 1}) == M.compose(Rotated(), Matrix(Quantity("W", 1)))
    assert list(map_tree.expressions(m)) == [Quantity("W", Index("j"))]
    assert map_tree.unnamed(m) == map_tree.rewrite(m, same) == map_tree.opened(m) == m
    assert leaves(m) == map_tree.extent(m.body, {}) == 2
    assert in_order(m, False).of.descending is False
    assert M.transpose(Rotated()) == Transpose(Rotated())  # it is not taken to be symmetric


def test_a_bound_of_a_kind_without_a_rule_is_refused():
    gradient = sg.model("rnn").derivative("s[t]", "s[k]")
    with pytest.raises(NotDefined, match="no rule bounds the norm of a map of the kind Rotated"):
        replace(gradient, map=Rotated()).bound()
