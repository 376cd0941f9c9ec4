"""Ordered products of matrices as SymPy objects: put in for k and t, written out, typeset, and evaluated."""

import re

import numpy as np
import pytest
import sympy as sp
from campaign import in_turn

import symgrad as sg
from symgrad.errors import TooLarge
from symgrad.export.sympy_product import OrderedProduct

CASES = [
    ("rnn", "s[t]", "s[k]", "t", "k"),
    ("rnn", "E", "s[k]", "t", "k"),
    ("rnn", "s[t]", "x[k]", "t", "k"),
    ("mlp", "a[L]", "a[l]", "L", "l"),
    ("mlp", "C", "b[l]", "L", "l"),
    ("gru", "h[t]", "h[k]", "t", "k"),
    ("lstm", "h[t]", "h[k]", "t", "k"),
    ("deep_linear", "a[L]", "a[k]", "L", "k"),
]


def symbol(name):
    return sp.Symbol(name, integer=True)


def at(text, **places):
    for name, place in places.items():
        text = re.sub(rf"\[{name}\]", f"[{place}]", text)
    return text


@pytest.mark.parametrize(("model", "of", "wrt", "last", "first", "layout"), in_turn(CASES, "numerator", "denominator"))
def test_written_out_it_is_the_derivative_at_that_depth(model, of, wrt, last, first, layout):
    network = sg.model(model)
    general = network.derivative(of, wrt, layout=layout).sympy()
    for low, high in ((1, 3), (2, 3), (1, 4)):
        places = {symbol(last): high, symbol(first): low}
        known = network.derivative(at(of, **{last: high}), at(wrt, **{first: low}), high, layout=layout).sympy()
        found = general.subs(places).doit()
        assert flat(found) == flat(known)
        assert [sp.Symbol(str(d)) for d in found.shape] == [sp.Symbol(str(d)) for d in known.shape]


def flat(e):
    """Return the text of an expression, without the brackets of products in products."""
    text = sp.MatMul(*[y for x in sp.MatMul.make_args(e) for y in sp.MatMul.make_args(x)], evaluate=False)
    return re.sub(r"_?Dummy_\d+|_x\d*", "x", str(text))


def test_its_value_is_that_of_evaluate():
    lines = sg.model("rnn").text.replace("(d, d)", "(2, 2)").replace("(d, n)", "(2, 1)")
    lines = lines.replace("(d,)", "(2,)").replace("(n,)", "(1,)")
    rnn = sg.parse(lines, "small").bind("tanh")
    values = {"W": [[0.5, -1.0], [0.25, 0.75]], "U": [[1.0], [-0.5]], "b": [0.1, -0.2], "s[0]": [0.3, 0.4]}
    values |= {"x": [[0.7], [-0.1], [0.2], [0.9]]}
    W, U, b, s = (np.array(values[n]) for n in ("W", "U", "b", "s[0]"))
    states = {}
    for j in range(1, 5):
        states[j] = U @ np.array(values["x"][j - 1]) + W @ s + b
        s = np.tanh(states[j])
    gradient = rnn.derivative("s[t]", "s[k]")
    product = gradient.sympy().subs({symbol("k"): 1, symbol("t"): 4}).doit()
    numbers = {sp.MatrixSymbol(f"a_{j}", 2, 1): sp.Matrix(a) for j, a in states.items()}
    numbers |= {sp.MatrixSymbol("W", 2, 2): sp.Matrix(W)}
    found = np.eye(2)
    for factor in product.args:
        found = found @ np.array(sp.Matrix(factor.xreplace(numbers).doit()).tolist(), dtype=float)
    right = gradient.evaluate(values, depth=4, indices={"k": 1, "t": 4})
    assert np.allclose(found, right, rtol=1e-12, atol=0)
    for wrong in (found.T, found[::-1]):
        assert not np.allclose(wrong, right, rtol=1e-3, atol=0)


def product():
    return sg.model("rnn").bind("tanh").derivative("s[t]", "s[k]").sympy()


def test_the_index_is_bound_and_the_rest_is_free():
    p = product()
    assert isinstance(p, OrderedProduct)
    j, k, t = map(symbol, "jkt")
    assert {x.name for x in p.free_symbols} == {"W", "d", "k", "t"}
    assert p.subs(j, 7) == p
    moved = p.subs(k, t - 2)
    assert (moved.lower, moved.upper) == (t - 1, t)
    assert moved.doit() == moved
    assert p.subs(sp.Symbol("d", integer=True, positive=True), 3).shape == (3, 3)
    assert p.func(*p.args) == p
    assert p == p.T.T
    assert p.T.descending is False


def test_no_factor_one_factor_and_too_many():
    p, (k, t) = product(), map(symbol, "kt")
    assert p.subs({k: 3, t: 3}).doit() == sp.Identity(p.shape[0])
    assert len(p.subs({k: 2, t: 3}).doit().args) == 2
    assert isinstance(p.subs({k: 5, t: 3}).doit(), OrderedProduct)
    with pytest.raises(TooLarge, match="100000 matrices"):
        p.subs({k: 0, t: 100_000}).doit()


def test_latex_has_the_product_sign():
    page = sp.latex(product())
    assert page.startswith(r"\prod_{j=k + 1}^{t} ")
    assert "{a_{j}}" in page
    assert r"\overrightarrow{\prod}" in sp.latex(product().T)
    both = sp.latex(sg.model("rnn").derivative("E", "s[k]").sympy())
    assert r"\frac{\partial E}{\partial s_{t}}" in both
    assert "∂" not in both
    assert r"{z_{u}}_{j}" in sp.latex(sg.model("gru").derivative("h[t]", "h[k]").sympy())
    assert str(product()).endswith("*W, (j, k + 1, t))")


def test_a_product_of_matrices_of_numbers_is_written_out():
    network = sg.parse("s[j] = w*s[j-2] + v[j]*s[j-1]\nC = cost(s[L], y)")
    general = network.derivative("s[L]", "v[k]").sympy()
    found = general.subs({symbol("L"): 4, symbol("k"): 1}).doit()
    w, v2, v3, v4, s0 = sp.symbols("w v_2 v_3 v_4 s_0")
    by_hand = s0 * (v4 * v3 * v2 + v4 * w + w * v2)
    named = {a: sp.Symbol(str(a).replace("[", "_").rstrip("]")) for a in found.atoms(sp.Indexed)}
    assert sp.expand(found.subs(named) - by_hand) == 0
