"""Oracles that nobody here wrote: HIPS autograd, and in the long run PyTorch, run the equations as they stand.

A line of an equation file is also a line of NumPy, so the oracle executes the lines of the texts in this
file and of the built-in models, and differentiates what it ran. Compared is relative to the largest
entry of the Jacobian, to 1e-11: float64 at ordinary magnitudes, some hundred operations.
"""

import re

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from campaign import PATIENT, campaign
from hypothesis import assume, given, settings
from random_networks import networks, sizes, values_for

import symgrad as sg
from symgrad.algebra.expression import Quantity
from symgrad.network.bind import bind_network
from symgrad.network.syntax.read import read_quantity
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.witness import Witness

BOUND = 1e-11
BINDINGS = {"phi": ELEMENTWISE["softplus"], "cost": Witness(), "loss": Witness(shift=1)}


def functions(np):
    """The functions that the equations call, by a numpy, or what has its names."""

    def logistic(x):
        return (1 + np.tanh(x / 2)) / 2  # 1 / (1 + e^-x), whose power does not overflow

    def softmax(x):
        e = np.exp(x)
        return e / np.sum(e)

    def family(shift):
        def total(*xs):
            return sum(np.sum(np.sin(1 + shift + 2 * i + x) + x**2 / 3) for i, x in enumerate(xs))

        return lambda *xs: total(*xs) + total(*xs) ** 2 / 7

    return {
        "sigma": logistic,
        "phi": lambda x: (x + abs(x)) / 2 + np.log(1 + np.exp(-abs(x))),  # ln(1 + e^x), which does not overflow
        "tanh": np.tanh,
        "sin": np.sin,
        "softmax": softmax,
        "sum": np.sum,
        "cost": family(0),
        "loss": family(1),
    }


def cases(np):
    """Functions with cases, and of matrices, by a numpy."""
    return {
        "where": np.where,
        "max": np.maximum,
        "min": np.minimum,
        "clip": np.clip,
        "outer": np.outer,
        "diag": np.diag,
    }


class Run:
    """The lines of a text, executed at a depth; one quantity may be replaced as soon as it is known."""

    def __init__(self, model, values, depth, array, functions):
        lines = [line.split("#")[0].strip() for line in model.text.split("\n")]
        self.lines = [line for line in lines if " = " in line]
        self.model, self.depth, self.array, self.functions = model, depth, array, functions
        self.values = values

    def quantities(self):
        """Return the parameters by name, indexed ones by name and index."""
        env = dict(self.functions)
        for name, x in self.values.items():
            base, _, index = name.rstrip("]").partition("[")
            if index:
                env.setdefault(base, {})[int(index)] = self.array(x)
            elif isinstance(x, list):
                first = self.model.first_index(name)
                env.setdefault(name, {}).update({k: self.array(v) for k, v in enumerate(x, start=first)})
            else:
                env[name] = self.array(x)
        for e in self.model.equations:
            if e.target.index is not None:
                env.setdefault(e.target.name, {})
        return env

    def __call__(self, of, wrt=None, x=None):
        """Return the value of ``of``, with ``wrt`` replaced by x."""
        env = self.quantities()
        self._replace(env, wrt, x)
        symbol, depth = self.model.symbol, self.model.depth_symbol
        closing = {e.target.name for e in self.model.closings}
        steps = [line for line in self.lines if line.split(" = ")[0].endswith(f"[{symbol}]")]
        last = [line for line in self.lines if line.split(" = ")[0] in closing]
        opening = [line for line in self.lines if line not in steps and line not in last]
        where = [(line, {}) for line in opening]
        where += [(line, {symbol: j}) for j in range(1, self.depth + 1) for line in steps]
        where += [(line, {depth: self.depth}) for line in last]
        for line, at in where:
            env |= at
            exec(line, env)
            if wrt is not None and self._target(line, at) == wrt:
                self._replace(env, wrt, x)
        return env[of.name] if of.index is None else env[of.name][of.index]

    @staticmethod
    def _target(line, at):
        name, _, index = line.split(" = ")[0].rstrip("]").partition("[")
        return Quantity(name, at.get(index, int(index) if index.lstrip("-").isdigit() else None))

    @staticmethod
    def _replace(env, q, x):
        if q is not None and q.index is None:
            env[q.name] = x
        elif q is not None:
            env[q.name][q.index] = x


def hips(model, values, of, wrt, depth):
    """Return ∂of/∂wrt by HIPS autograd, of the shape of + wrt."""
    run = Run(model, values, depth, lambda x: anp.array(x, dtype=float), functions(anp) | cases(anp))
    return np.asarray(autograd.jacobian(lambda x: anp.array(run(of, wrt, x)))(anp.array(run(wrt))))


def by_pytorch(model, values, of, wrt, depth):
    """Return ∂of/∂wrt by PyTorch, of the shape of + wrt."""
    torch = pytest.importorskip("torch")
    run = Run(
        model,
        values,
        depth,
        lambda x: torch.tensor(np.array(x, dtype=float), dtype=torch.float64),
        functions(torch),
    )
    return torch.autograd.functional.jacobian(lambda x: run(of, wrt, x), run(wrt)).numpy()


def laid_out(jacobian, rank, layout):
    """Turn the axes (of, wrt) into those of a layout."""
    first, second = list(range(rank)), list(range(rank, jacobian.ndim))
    return jacobian.transpose(first + second[::-1] if layout == "numerator" else second + first[::-1])


def close(mine, theirs):
    """Tell whether all entries agree to BOUND times the largest; all zeros agree with zeros alone."""
    return mine.shape == theirs.shape and np.max(abs(mine - theirs)) <= BOUND * np.max(abs(theirs))


def compare(oracle, model, of, wrt, depth, seed, size=lambda d: 2, form_depth=None, indices=None, name=None):
    """Evaluate the closed form in float64 in both layouts, and compare it with the oracle."""
    form = model.derivative(of, wrt, depth=form_depth)
    values = values_for(model, depth, seed, size)
    of = model.resolve(read_quantity(of), depth)
    wrt = name or model.resolve(read_quantity(wrt), depth)
    theirs = oracle(model, values, of, wrt, depth)
    rank = len(sizes(model, of, depth, size))
    for layout in ("numerator", "denominator"):
        g = model.derivative(str(form.of), str(form.wrt), depth=form_depth, layout=layout)
        mine = np.asarray(g.evaluate(values, "float", depth=depth, indices=indices or {}))
        assert close(mine, laid_out(theirs, rank, layout)), (mine, laid_out(theirs, rank, layout))


BUILTIN = [
    ("chain", "C", ("b[1]", "w[2]", "w[L]", "a[0]", "z[1]", "a[2]", "y")),
    ("chain", "a[L]", ("b[1]", "w[3]", "a[0]")),
    ("residual", "C", ("b[1]", "w[2]", "a[0]", "a[2]", "z[2]")),
    ("deep_linear", "C", ("W[1]", "W[L]", "a[0]", "a[1]", "y")),
    ("deep_linear", "a[L]", ("W[2]", "a[0]")),
    ("mlp", "C", ("W[1]", "W[2]", "b[1]", "b[L]", "a[0]", "z[1]")),
    ("mlp", "a[L]", ("W[1]", "b[2]", "a[0]", "a[1]")),
    ("rnn", "E", ("W", "U", "b", "s[0]", "x[1]", "x[2]", "s[1]")),
    ("rnn", "s[t]", ("W", "U", "b", "s[0]", "s[1]", "a[1]")),
    ("lstm", "E", ("W_f", "U_i", "U_g", "b_o", "h[0]", "c[0]", "x[1]", "c[1]", "h[1]", "f[2]")),
    ("lstm", "c[t]", ("W_o", "U_f", "b_g", "c[0]", "h[1]")),
    ("gru", "E", ("W_u", "U_r", "U_g", "b_u", "h[0]", "x[2]", "h[1]", "r[1]")),
    ("gru", "h[t]", ("U_u", "b_g", "h[0]", "u[2]")),
]
QUESTIONS = [(name, of, wrt) for name, of, many in BUILTIN for wrt in many]


def layer_size(d):
    """Give neighbouring layers, and the dimensions d and n, different sizes."""
    return 3 if d.index is None and d.name == "n" else 2 if d.index is None else 2 + d.index % 2


def builtin(name):
    """Return a built-in model with its opaque functions bound to those of the oracle."""
    logistic = ELEMENTWISE["logistic"]
    return bind_network(sg.model(name), BINDINGS | {"sigma": logistic})


@pytest.mark.parametrize("form_depth", [None, 3], ids=["symbolic", "depth 3"])
@pytest.mark.parametrize(("name", "of", "wrt"), QUESTIONS)
def test_builtin_models_against_hips_autograd(name, of, wrt, form_depth):
    compare(hips, builtin(name), of, wrt, 3, seed=1, size=layer_size, form_depth=form_depth)


def compare_random(oracle, case):
    """Compare a random derivative of what the oracle knows, off kinks, the largest entry of ordinary magnitude."""
    known = {*functions(np), *(cases(np) if oracle is hips else ())}
    assume({*re.findall(r"(\w+)\(", case.text)} <= known and " or " not in case.text)
    model = bind_network(sg.parse(case.text), BINDINGS | {"sigma": ELEMENTWISE["logistic"]})
    form = model.derivative(case.of, case.wrt, depth=None if case.symbolic else case.depth)
    indices = {"k": case.index} if case.symbolic_index else {}
    assume(all(a.holds({model.depth_symbol: case.depth, **indices}) for a in form.assumptions))
    values = values_for(model, case.depth, case.seed)
    try:
        enclosed = np.ravel(form.evaluate(values, "ball", 30, depth=case.depth, indices=indices))
    except sg.KinkWarning:  # there an oracle may keep to another convention
        assume(False)
    largest = max(float(abs(b).upper()) for b in enclosed)
    assume(form.reason or 2**-20 < largest < 2**20)
    at = {"form_depth": form.depth, "indices": indices, "name": Quantity(case.name, case.index)}
    try:
        compare(oracle, model, case.of, case.wrt, case.depth, case.seed, **at)
    except sg.PrecisionWarning:
        assume(False)


@pytest.mark.filterwarnings("ignore:Output seems independent of input")
@campaign(50, 1000, networks())
def test_random_models_against_hips_autograd(case):
    compare_random(hips, case)


@pytest.mark.long
@pytest.mark.parametrize(("name", "of", "wrt"), QUESTIONS)
def test_builtin_models_against_pytorch(name, of, wrt):
    compare(by_pytorch, builtin(name), of, wrt, 3, seed=1, size=layer_size)


@pytest.mark.long
@given(networks())
@settings(PATIENT, max_examples=500)
def test_random_models_against_pytorch(case):
    compare_random(by_pytorch, case)
