"""The SymPy object of a derivative has the value of the derivative: evaluated here by a walk of our own."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.special import OneMatrix
from test_export_values import forward_pass, given_values, matrix_model

import symgrad as sg
from symgrad.errors import NotDefined
from symgrad.evidence.draw import Draw

DIGITS = 40
COSTS = {"cost": lambda a, y: (a - y) ** 2 / 2}  # what an opaque cost stands for
SIGMA = {"sigma": mpmath.tanh, "phi": mpmath.tanh}


class Walk:
    """Evaluates a SymPy object of numbers, with symbols and indexed symbols at given values."""

    def __init__(self, env: dict[str, dict[Any, Any]], at: dict[str, int]) -> None:
        self.env, self.at = env, dict(at)
        self.dummies: dict[Any, Any] = {}

    def __call__(self, e: Any) -> Any:
        match e:
            case sp.Rational():
                return mpmath.mpf(int(e.p)) / int(e.q)
            case sp.Symbol() if e in self.dummies:
                return self.dummies[e]
            case sp.Symbol() if e.is_integer:
                return self.at[e.name]
            case sp.Symbol():
                return mpmath.mpf(self.env[e.name][None])
            case sp.Indexed():
                return mpmath.mpf(self.env[str(e.base)][int(self(e.indices[0]))])
            case sp.Add() | sp.Mul() | sp.Pow():
                first, *rest = map(self, e.args)
                return reduce({sp.Add: lambda x, y: x + y, sp.Mul: lambda x, y: x * y}.get(e.func, pow), rest, first)
            case sp.Product() | sp.Sum():
                return self._over(e)
            case sp.Subs():
                self.dummies |= dict(zip(e.variables, map(self, e.point), strict=True))
                return self(e.expr)
            case sp.Derivative():
                return self._slope(e)
            case sp.Piecewise():
                return next(self(x) for x, holds in e.args if holds == True or self._holds(holds))  # noqa: E712
            case sp.Max() | sp.Min():
                return (max if e.func is sp.Max else min)(map(self, e.args))
        if e == sp.pi:
            return +mpmath.pi
        name = e.func.__name__
        f = SIGMA.get(name) or COSTS.get(name) or {"Abs": abs}.get(name) or getattr(mpmath, name)
        return f(*map(self, e.args))

    def _over(self, e: Any) -> Any:
        symbol, lower, upper = e.limits[0]
        parts = []
        for j in range(int(self(lower)), int(self(upper)) + 1):
            self.at[symbol.name] = j
            parts.append(self(e.function))
        return reduce(
            (lambda x, y: x * y) if isinstance(e, sp.Product) else (lambda x, y: x + y),
            parts,
            mpmath.mpf(isinstance(e, sp.Product)),
        )

    def _slope(self, e: Any) -> Any:
        [(variable, order)] = e.variable_count
        assert order == 1
        f, place = e.expr, e.expr.args.index(variable)
        function = SIGMA.get(f.func.__name__) or COSTS[f.func.__name__]
        x = [self(a) for a in f.args]
        return mpmath.diff(lambda z: function(*x[:place], z, *x[place + 1 :]), x[place])

    def _holds(self, condition: Any) -> bool:
        return bool(self(condition.lhs) > self(condition.rhs))


SKIPS = "u[j] = tanh(p*u[j-1] + q[j]*v[j-1])\nv[j] = sin(u[j-1])*v[j-1]\nC = (u[L] - 2*v[L])**2"
SHARED = "a[j] = sigma(w*a[j-1] + x[j])\nC = cost(a[L], y)"
NUMBERS = [
    ("chain", "C", "b[1]", {}),
    ("chain", "C", "w[k]", {"k": 2}),
    ("chain", "a[j]", "a[k]", {"j": 3, "k": 1}),
    ("residual", "C", "w[1]", {}),
    (SHARED, "C", "w", {}),
    ("z[j] = -w[j]**2/(a[j-1] - 3) + 0.1*phi(2*a[j-1])\na[j] = sigma(z[j])\nC = cost(a[L]*a[L], y)", "C", "w[1]", {}),
]


def model_of(text: str) -> sg.Model:
    return sg.parse(text) if "\n" in text else sg.model(text)


@pytest.mark.parametrize("depth", [None, 3])
@pytest.mark.parametrize(("text", "of", "wrt", "indices"), NUMBERS)
def test_a_number_by_a_number(text, of, wrt, indices, depth):
    opaque = model_of(text)
    bound = opaque.bind(**{name: "tanh" for name in SIGMA if f"{name}(" in opaque.text}, cost="quadratic")
    draw = Draw(bound, 3, seed=5)
    with mpmath.workdps(DIGITS):
        walk = Walk(forward_pass(draw, "mp", DIGITS), {opaque.depth_symbol: 3, **indices})
        for model in (opaque, bound):
            g = model.derivative(of, wrt, depth=depth)
            expected = mpmath.mpf(
                bound.derivative(of, wrt, depth=depth).evaluate(
                    given_values(draw), "mp", DIGITS, depth=3, indices=indices
                )
            )
            assert abs(walk(g.sympy()) - expected) <= abs(expected) * mpmath.mpf(10) ** -18
            assert expected != 0


@pytest.mark.parametrize(
    "activation",
    [
        "logistic",
        "relu",
        "leaky_relu",
        "elu",
        "selu",
        "gelu",
        "gelu_tanh",
        "silu",
        "softplus",
        "softsign",
        "erf",
        "lecun_tanh",
    ],
)
def test_bound_activations_are_written_out(activation):
    g = sg.model("chain").bind(activation, cost="binary_cross_entropy").derivative("C", "w[1]", depth=2)
    draw = Draw(g.network, 2, seed=2, attempt=1)
    for name, index in draw.exact:
        draw.exact[name, index] = draw.exact[name, index] / (2 if name == "w" else 8)
    with mpmath.workdps(DIGITS):
        values = given_values(draw)
        expected = mpmath.mpf(g.evaluate(values, "mp", DIGITS))
        walk = Walk(forward_pass(draw, "mp", DIGITS), {})
        assert abs(walk(g.sympy()) - expected) <= abs(expected) * mpmath.mpf(10) ** -25
        assert expected != 0


def array(e: Any, env: dict[str, Any], sizes: dict[str, int]) -> Any:
    """Evaluate a SymPy matrix expression with NumPy."""

    def size(n: Any) -> int:
        return int(n) if n.is_Integer else sizes[n.name]

    def inner(x: Any) -> Any:
        return array(x, env, sizes)

    match e:
        case sp.MatrixSymbol():
            return env[e.name]
        case sp.ImmutableDenseMatrix():
            return np.array(e.tolist(), dtype=float)
        case sp.BlockMatrix():
            return np.block(
                [[inner(e.blocks[i, k]) for k in range(e.blocks.shape[1])] for i in range(e.blocks.shape[0])]
            )
        case sp.MatMul() | sp.Mul():
            return reduce(lambda x, y: x @ y if np.ndim(x) and np.ndim(y) else x * y, map(inner, e.args))
        case sp.MatAdd() | sp.Add():
            return sum(map(inner, e.args))
        case sp.Transpose():
            return inner(e.arg).T
        case sp.Identity():
            return np.eye(size(e.shape[0]))
        case OneMatrix():
            return np.ones((size(e.shape[0]), size(e.shape[1])))
        case sp.ZeroMatrix():
            return np.zeros((size(e.shape[0]), size(e.shape[1])))
        case HadamardProduct():
            return reduce(lambda x, y: x * y, map(inner, e.args))
        case HadamardPower():
            return inner(e.base) ** float(e.exp)
        case DiagMatrix():
            return np.diag(inner(e.args[0]).ravel())
        case ElementwiseApplyFunction():
            return np.vectorize(lambda x: float(e.function(sp.Float(x)).evalf()))(inner(e.expr))
        case MatrixElement():
            return inner(e.parent)[int(e.i), int(e.j)]
        case sp.MatPow():
            return np.linalg.matrix_power(inner(e.base), int(e.exp))
    return float(e.xreplace({x: sp.Float(inner(x)) for x in e.atoms(MatrixElement)}))


ARRAYS = [
    ("deep_linear", "a[L]", "a[0]"),
    ("deep_linear", "C", "W[1]"),
    ("mlp", "C", "W[2]"),
    ("mlp", "C", "b[1]"),
    ("mlp", "a[L]", "z[1]"),
    ("rnn", "E", "W"),
    ("rnn", "s[t]", "b"),
    ("lstm", "E", "b_f"),
    ("lstm", "E", "W_f"),
    ("lstm", "h[t]", "c[1]"),
    ("lstm", "c[t]", "c[0]"),
    ("gru", "E", "U_g"),
    ("gru", "h[t]", "h[0]"),
]


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(("name", "of", "wrt"), ARRAYS)
def test_arrays(name, of, wrt, layout):
    model = matrix_model(name)
    g = model.derivative(of, wrt, depth=2, layout=layout)
    draw = Draw(model, 2, seed=4)
    env: dict[str, Any] = {}
    for quantity, layers in forward_pass(draw, "float").items():
        for index, x in layers.items():
            column = np.reshape(np.asarray(x, float), (len(x), -1)) if np.ndim(x) else float(x)
            env[quantity if index is None else f"{quantity}_{index}"] = column
    sizes = {d.name if d.index is None else f"{d.name}_{d.index}": n for d, n in draw._sizes.items()}
    expected = np.asarray(g.evaluate(given_values(draw), depth=2), dtype=float)
    found = array(g.sympy(), env, sizes)
    assert found.reshape(expected.shape) == pytest.approx(expected, rel=1e-9, abs=1e-12 * np.abs(expected).max())


def test_states_that_are_numbers_give_a_product_of_matrices_of_numbers():
    g = sg.parse(SKIPS).derivative("C", "u[0]", depth=3)
    draw = Draw(g.network, 3, seed=6)
    env = forward_pass(draw, "mp", DIGITS)
    product = g.sympy().parent
    with mpmath.workdps(DIGITS):
        walk = Walk(env, {})
        value = reduce(
            lambda x, y: x * y, [mpmath.matrix([[walk(e) for e in r] for r in m.tolist()]) for m in product.args]
        )
        expected = mpmath.mpf(g.evaluate(given_values(draw), "mp", DIGITS))
        assert abs(value[0, 0] - expected) <= abs(expected) * mpmath.mpf(10) ** -30


@pytest.mark.parametrize(
    ("name", "of", "wrt", "depth", "todo"),
    [
        ("transformer", "C", "X[0]", None, "evaluate"),
        ("rnn", "s[t]", "W", 2, "differentiate a number"),
    ],
)
def test_where_sympy_has_no_object_the_error_says_what_to_do(name, of, wrt, depth, todo):
    with pytest.raises(NotDefined) as error:
        sg.model(name).derivative(of, wrt, depth=depth).sympy()
    assert todo in error.value.todo


def test_powers_and_deep_products():
    linear = sg.model("deep_linear")
    L, n = sp.Symbol("L", integer=True), sp.Symbol("n", integer=True, positive=True)
    assert linear.let("W[l] = lambda*I").derivative("a[L]", "a[0]").sympy() == sp.MatMul(
        sp.Symbol("lambda") ** L, sp.Identity(n)
    )
    exact = linear.let("W[l] = 1.5*I").derivative("a[L]", "a[0]", depth=150).sympy()
    assert exact.args[0] == sp.Rational(*(Fraction(3, 2) ** 150).as_integer_ratio())
    assert len(sg.model("chain").derivative("C", "b[1]", depth=5_000).sympy().args) == 10_000


def test_a_power_of_blocks_tells_the_sizes_of_the_blocks_beside_it():
    lines = ("W1: (2, 2)", "s[0]: (2,)", "c[0]: (2,)", "s[j] = s[j-1] + W1.T@s[j-1]", "c[j] = W1.T@c[j-1] + s[j-1]")
    g = sg.parse("\n".join([*lines, "C = cost(c[L])"])).derivative("c[L]", "s[0]", depth=3)
    W = sp.Matrix([[1, 2], [3, 4]])
    A, one, zero = W.T, sp.eye(2), sp.zeros(2)
    step = sp.Matrix(sp.BlockMatrix([[one + A, zero], [one, A]]))
    written = g.sympy()
    assert written.shape == (2, 2)
    assert sp.Matrix(written.subs({sp.MatrixSymbol("W1", 2, 2): W}).doit()) == (step**3)[2:, :2]
