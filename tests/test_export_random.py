"""Derivatives of random networks are printed, read back and evaluated: any states, lags, skips and depths."""

import re
import warnings
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from printed import Reader, latex_text
from random_networks import networks, values_for

import symgrad as sg
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.values import read_values
from symgrad.errors import IndexRangeError, NotDefined, PrecisionWarning, TooLarge
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.math import Display, Document
from symgrad.export.text import display_text, text

quick = settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def logistic(x):
    return np.exp(-np.logaddexp(0, -x))


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


FUNCTIONS = {
    ("σ", 0): logistic,
    ("σ", 1): lambda x: logistic(x) * logistic(-x),
    ("φ", 0): lambda x: np.logaddexp(0, x),
    ("φ", 1): logistic,
    ("tanh", 0): np.tanh,
    ("tanh", 1): lambda x: 1 - np.tanh(x) ** 2,
    ("sin", 0): np.sin,
    ("sin", 1): np.cos,
    ("cos", 0): np.cos,
    ("exp", 0): np.exp,
    ("expm1", 0): np.expm1,
    ("logistic", 0): logistic,
    ("softmax", 0): softmax,
    ("sum", 0): np.sum,
}


def reader(model, values, depth, indices):
    """Return a reader with the values of every quantity, vectors as columns."""
    known = read_values(model, values, "float", None, depth)
    forward(model, known, Compiler(known), wanted=())
    sizes = {x.shape[0] for layers in known.env.values() for x in layers.values() if np.ndim(x)}

    def value(base, index):
        for name, at in ((base, index), *_split(base, index)):
            if at in known.env.get(name, {}):
                x = known.env[name][at]
                return np.asarray(x, dtype=float).reshape(len(x), -1) if np.ndim(x) else float(x)
        raise KeyError(f"{base}, {index}")

    def named(shown):
        raise KeyError(shown)

    at = {model.depth_symbol: depth, **indices}
    return Reader(value, lambda *f: FUNCTIONS[f], named, at, number=float, size=max(sizes, default=1))


def _split(base, index):
    """Yield what a page writes W_{1,3} for: the layer 3 of W1."""
    if index is not None:
        number, _, layer = str(index).partition(",")
        yield base + number, int(layer) if layer else None


@pytest.mark.parametrize("form", ["folded", "unfolded"])
@quick
@given(networks())
def test_the_printed_derivative_of_a_random_network_has_its_value(form, case):
    assume(case.of.endswith("[L]") and not (case.name.startswith("W") and "@" in case.text))
    assume("sigma(" in case.text and "phi(" in case.text)
    model = sg.parse(case.text).bind(sigma="logistic", phi="softplus")
    g = model.derivative(case.of, case.wrt, depth=None if case.symbolic else case.depth)
    values = values_for(model, case.depth, case.seed)
    indices = {"k": case.index} if case.symbolic_index else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PrecisionWarning)
        try:
            expected = np.asarray(g.evaluate(values, depth=case.depth, indices=indices), dtype=float)
        except IndexRangeError:  # this depth is not one of those for which the closed form holds
            reject()
    displays = [d for d in g.presentation(form=form).document().parts if isinstance(d, Display)]
    for written in (display_text, lambda d: display_text(d, 40), lambda d: latex_text(latex(Document((d,))))):
        lines = [re.sub(r"\s+", " ", written(d)).strip() for d in displays]
        printed = reader(model, values, case.depth, indices).document("\n".join(lines))
        if np.ndim(printed) == 0 and expected.ndim:  # 0, or a multiple of the identity
            printed = printed * np.eye(len(expected)) if expected.ndim == 2 else np.zeros(len(expected)) * printed
        found = np.asarray(printed, dtype=float).reshape(expected.shape)
        assert found == pytest.approx(expected, rel=1e-8, abs=1e-10 * np.abs(expected).max())


@quick
@given(networks())
def test_every_format_takes_every_derivative(case):
    g = sg.parse(case.text).derivative(case.of, case.wrt, depth=None if case.symbolic else case.depth)
    for layout in ("numerator", "denominator"):
        page = sg.parse(case.text).derivative(case.of, case.wrt, g.depth, layout).presentation(sg.notation("ng"))
        for written in (text, latex, markdown):
            assert written(page.document())
        assert all(len(line) <= 100 for line in text(page.document(), 100).split("\n"))
    with suppress(NotDefined, TooLarge):
        g.sympy()
