"""Derivatives where weights act on matrices: what is printed is read back and compared with finite differences.

The reader of the tests reads the page; the other side is a difference quotient of the forward pass.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from campaign import campaign, in_turn
from hypothesis import reject
from hypothesis import strategies as st
from printed import Reader, latex_text

import symgrad as sg
from symgrad.api.printed.witness import check_printed
from symgrad.calculus.backward import backward
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.values.read import read_values
from symgrad.errors import PrecisionWarning, UnknownName
from symgrad.export.latex import latex
from symgrad.export.math import Display, Document, Text
from symgrad.export.text import display_text, text
from symgrad.network.syntax.read import read_quantity


def logistic(x):
    return 1 / (1 + np.exp(-x))


FUNCTIONS = {
    ("σ", 0): logistic,
    ("σ", 1): lambda x: logistic(x) * logistic(-x),
    ("logistic", 0): logistic,
    ("logistic", 1): lambda x: logistic(x) * logistic(-x),
    ("tanh", 0): np.tanh,
    ("tanh", 1): lambda x: 1 - np.tanh(x) ** 2,
    ("ReLU", 0): lambda x: np.maximum(x, 0),
    ("ReLU", 1): lambda x: (x > 0).astype(float),
    ("softmax", 0): lambda x: np.exp(x) / np.sum(np.exp(x)),
    **{(name, 0): getattr(np, name) for name in ("exp", "sin", "cos", "sqrt", "sum", "log", "expm1")},
    ("ln", 0): np.log,
    ("step", 0): lambda x: (x > 0).astype(float),
}
SIZES = {"m": 2, "n": 3, "d": 3, "k": 2, "B": 4, "h": 2, "p": 5}
DEPTH = 3

TABLES = Path(__file__).parent / "equations"


def cases(table):
    """Return a case for each derivative that a line of the table asks for: equations; ... | E by W, X; y by x."""
    found = []
    for line in (TABLES / table).read_text("utf-8").splitlines():
        equations, asked = line.rsplit(" | ", 1)
        for part in asked.split("; "):
            of, by = part.split(" by ")
            for wrt in by.split(", "):
                found.append(
                    pytest.param(equations.replace("; ", "\n"), of, wrt, id=f"{equations[:60]}: {of} by {wrt}")
                )
    return found


def values_for(model, depth, seed):
    random = np.random.default_rng(seed)
    values = {}
    for q in model.parameters:
        shape = tuple(d if isinstance(d, int) else SIZES[d.name] for d in model.shape(q))

        def array(shape=shape):
            return (
                random.uniform(0.3, 1.2, shape) * random.choice((-1, 1), shape) if shape else random.uniform(0.3, 1.2)
            )

        if q.index is not None and not isinstance(q.index, int):
            first, last = model.first_index(q.name), model.last_index(q.name, depth)
            values[q.name] = [array() for _ in range(first, last + 1)]
        else:
            values[str(q)] = array()
    for name in ("y", "Y"):  # a target of a cross-entropy, and what a logarithm takes, are positive
        if name in values and "entropy" in model.text:
            values[name] = np.abs(values[name])
    return values


class Forward:
    """The forward pass, with a change added to one quantity; and the derivative as a difference quotient."""

    def __init__(self, model, values, depth):
        self.model, self.values, self.depth = model, values, depth
        known = self.run(None)
        self.env, self.sizes = known.env, {d.name: n for d, (n, _) in known.sizes.items()}

    def run(self, change):
        known = read_values(self.model, self.values, "float", None, self.depth)
        forward(self.model, known, Compiler(known), change=change)
        return known

    def value(self, q, change=None):
        return np.asarray((self.run(change).env if change else self.env)[q.name][q.index], dtype=float)

    def along(self, of, wrt, change):
        """Return the derivative of ``of`` along a change of ``wrt``, by Richardson's extrapolation."""

        def quotient(h):
            return (self.value(of, (wrt, h * change)) - self.value(of, (wrt, -h * change))) / (2 * h)

        return (4 * quotient(5e-4) - quotient(1e-3)) / 3

    def jacobian(self, of, wrt):
        shape = np.shape(self.value(wrt))
        columns = []
        for i in range(int(np.prod(shape))):
            change = np.zeros(int(np.prod(shape)))
            change[i] = 1
            columns.append(self.along(of, wrt, change.reshape(shape) if shape else change[0]))
        return np.stack(columns, axis=-1).reshape((*np.shape(self.value(of)), *shape))


def column(x):
    x = np.asarray(x, dtype=float)
    return x.reshape(len(x), -1) if x.ndim else float(x)


def reader_for(model, pass_, of, layout, change):
    def value(base, index):
        if base.startswith("d") and base not in pass_.env:
            return column(change)
        if base in pass_.sizes and index is None:
            return float(pass_.sizes[base])
        names = {"α": "alpha", "λ": "lambda", "μ": "mu", "ν": "nu", "θ": "theta"}
        found = pass_.env.get(names.get(base, base))
        if found is None or index not in found:
            number, _, layer = str(index).partition(",")
            found, index = pass_.env[f"{names.get(base, base)}_{number}"], int(layer) if layer else None
        return column(found[index])

    def zeros(shown):
        shape = np.shape(pass_.value(named(shown)))
        turned = layout == "numerator" and len(shape) == 2
        return np.zeros(shape[::-1] if turned else shape) if len(shape) != 1 else np.zeros((1, *shape))

    def named(shown):
        name, k = re.fullmatch(r"∂\w+?(?:_\{\d+\})?/∂(\w+?)(?:_\{(-?\d+)\})?", shown).groups()
        return read_quantity(name if k is None else f"{name}[{k}]")

    def derivative(shown):  # a name that no line defines is that of a known cost by its output
        known, q = pass_.run(None), named(shown)
        found = backward(model, known, of, 1.0, Compiler(known), [q.name])[q.name][q.index]
        return column(found).T if layout == "numerator" and np.ndim(found) else column(found)

    at = {model.depth_symbol: pass_.depth}
    return Reader(value, lambda *f: FUNCTIONS[f], derivative, at, number=float, size=0, zeros=zeros)


def lines_of(parts, written):
    """Return the equations of a page, a line each; after ";;" the steps for which one holds."""
    lines = []
    for part in parts:
        if isinstance(part, Display):
            lines.append(re.sub(r"\s+", " ", written(part)).strip())
        elif isinstance(part, Text) and lines:
            words = text(Document((part,))).strip()
            if steps := re.fullmatch(r"for (\w+) = (.*), …, (.*)\.", words):
                lines[-1] += " ;; " + " ".join(p.replace(" ", "") for p in steps.groups())
    return "\n".join(lines)


WRITTEN = {
    "text": display_text,
    "latex": lambda d: latex_text(latex(Document((d,)))),
}


def check(equations, of, wrt, depths):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PrecisionWarning)
        model = sg.parse(equations)
        pass_ = Forward(model, values_for(model, DEPTH, seed=7), DEPTH)
        for depth in depths:
            for layout in ("numerator", "denominator"):
                g = model.derivative(of, wrt, depth=depth, layout=layout)
                of_, wrt_ = (model.resolve(q, DEPTH) for q in (g.of, g.wrt))
                expected = pass_.jacobian(of_, wrt_)
                change = np.random.default_rng(1).uniform(-1, 1, np.shape(pass_.value(wrt_)) or None)
                folded, unfolded = (g.presentation(form=form) for form in ("folded", "unfolded"))
                compare(model, pass_, folded, of_, layout, expected, change)
                if text(folded.document()) != text(unfolded.document()):
                    compare(model, pass_, unfolded, of_, layout, expected, change)


def compare(model, pass_, page, of, layout, expected, change):
    shown = text(page.document())
    assert not re.search(r"· ?\)|\(·|[∘⊙] ·|tr\(", shown), shown
    parts = page.document().parts
    along = " d" in display_text(parts[0]).split(" = ")[0]
    for name, written in WRITTEN.items():
        reader = reader_for(model, pass_, of, layout, change)
        reader.ascending = "lowest index stands leftmost" in shown
        lines = lines_of(parts, written).split("\n")
        if any("As a matrix" in str(p) for p in parts):  # the last equation writes the same without ∂⁺s_k/∂W
            lines = [lines[-1], *lines[1:-1]]
        printed = reader.document("\n".join(lines))
        right = np.tensordot(expected, change, np.ndim(change)) if along else expected
        if not along and layout == "numerator" and (expected.ndim - np.ndim(change), np.ndim(change)) == (0, 2):
            right = right.T
        if not along and layout == "denominator" and expected.ndim == 2 and np.ndim(change) != 2:
            right = right.T
        found = np.asarray(printed, dtype=float)
        if not right.ndim and found.size == 1:
            found = found.reshape(())
        if found.ndim == 2 and right.ndim == 2:
            found = np.broadcast_to(found, right.shape)
        elif right.ndim and found.size == 1:
            found = np.broadcast_to(found.reshape(()), right.shape)
        found = found.reshape(right.shape) if right.ndim else found
        close = pytest.approx(right, rel=1e-6, abs=1e-8 * max(1e-3, np.abs(right).max()))
        assert found == close, f"{name}, {layout}\n{shown}"


@pytest.mark.parametrize(("equations", "of", "wrt"), cases("matrices.txt"))
def test_a_gradient_through_matrices_has_its_value(equations, of, wrt):
    check(equations, of, wrt, [None])


@pytest.mark.parametrize(("equations", "of", "wrt", "depth"), in_turn(cases("matrix_states.txt"), None, DEPTH))
def test_a_gradient_through_a_recurrence_of_matrices_has_its_value(equations, of, wrt, depth):
    check(equations, of, wrt, [depth])


@st.composite
def matrix_networks(draw):
    """Draw a recurrence of one or two matrix states, a loss, and a derivative to ask for."""
    pick = lambda *options: draw(st.sampled_from(options))  # noqa: E731
    count = draw(st.integers(1, 2))
    lags = [pick(1, 1, 2) for _ in range(count)]
    reads = [f"{'XZ'[i]}[l-{n}]" for i in range(count) for n in range(1, lags[i] + 1)]
    lines = [f"{'XZ'[i]}[{-n}]: (d, B)" for i in range(count) for n in range(lags[i])]
    lines += ["W: (d, d)", "V[l]: (d, d)", "U: (B, B)", "G: (d, B)", "Y: (d, B)"]
    for i in range(count):
        terms = []
        for r in (f"{'XZ'[i]}[l-{lags[i]}]", *(pick(*reads) for _ in range(pick(0, 1, 1)))):
            terms.append(
                pick(
                    f"tanh(W@{r})",
                    f"V[l]@tanh({r})",
                    f"{r}/2 + tanh({r}@U)",
                    f"G*sin(V[l]@{r})",
                    f"(W + W.T)@{r}/4",
                    f"c*tanh({r})",
                    f"tanh({r}@Y.T@{r})/2",
                    f"sum(G*{r})*tanh(W)@G/4",
                )
            )
        lines.append(f"{'XZ'[i]}[l] = {' + '.join(terms)}")
        reads.append(f"{'XZ'[i]}[l]")
    last = "XZ"[count - 1]
    lines.append(
        f"E = {pick(f'quadratic({last}[L], Y)', f'sum({last}[L]**2)/B + quadratic(X[L-1], G)')} + nu*sum(W**2)"
    )
    text_ = "\n".join(lines)
    names = [n for n in ("W", "V[2]", "V[l]", "U", "G", "c", "X[0]", "X[1]") if re.search(rf"\b{n[0]}\b", text_)]
    return text_, "E", pick(*(n for n in names if n != "V[l]"))


@campaign(4, 2000, matrix_networks(), st.sampled_from([None, DEPTH]))
def test_a_gradient_of_a_random_network_of_matrices_has_its_value(case, depth):
    equations, of, wrt = case
    try:
        check(equations, of, wrt, [depth])
    except UnknownName:  # the network does not read this quantity
        reject()


@pytest.mark.parametrize(
    ("layout", "matrix"),
    [
        (
            "numerator",
            "∑_{k=1}^{t} diag(σ'(Wᵀ s_{k-1})) (∏_{j=k+1}^{t} diag(σ'(Wᵀ s_{j-1})) Wᵀ)ᵀ (∂E/∂s_t)ᵀ s_{k-1}ᵀ",
        ),
        (
            "denominator",
            "∑_{k=1}^{t} s_{k-1} (∂E/∂s_t)ᵀ (∏_{j=k+1}^{t} diag(σ'(Wᵀ s_{j-1})) Wᵀ) diag(σ'(Wᵀ s_{k-1}))",
        ),
    ],
)
def test_every_product_of_a_page_runs_the_way_that_the_page_says(layout, matrix):
    model = sg.parse("W: (d, d)\ns: (d,)\ns[j] = sigma(W.T@s[j-1])\nE = loss(s[t])")
    gradient = model.derivative("E", "W", layout=layout)
    page = text(gradient.presentation().document())
    assert f"∂E/∂W = {matrix}\n" in page
    assert page.count("the factor of the highest index stands leftmost") == 1
    assert gradient.verify().verdict.name == "PROVED"


THROUGH_A_NUMBER = [
    ("det(outer(b, c) + W)*h[j-1]", "∂⁺h_k/∂b = det(b cᵀ + W) h_{k-1} cᵀ (b cᵀ + W)⁻¹"),
    ("tr(outer(b, c)@W)*h[j-1]", "∂⁺h_k/∂b = h_{k-1} cᵀ W"),
    ("norm(outer(b, c) + W)*h[j-1]", "∂⁺h_k/∂b = (1/‖b cᵀ + W‖) h_{k-1} ((b cᵀ + W) c)ᵀ"),
    ("tr(W@outer(b, b))*(b*h[j-1])", "∂⁺h_k/∂b = (b ⊙ h_{k-1}) (Wᵀ b + W b)ᵀ + tr(W b bᵀ) diag(h_{k-1})"),
    ("max(det(outer(b, c) + W)*c, b)*h[j-1]", "∂⁺h_k/∂b db = diag(h_{k-1}) ("),
]


@pytest.mark.parametrize(("step", "line"), THROUGH_A_NUMBER)
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_a_vector_that_goes_through_a_number_made_of_matrices(step, line, layout):
    """A product of maps of matrices ends in a number: what is behind it is a row, or is applied to a change."""
    model = sg.parse(f"W: (d, d)\nb: (d,)\nc: (d,)\nh[0]: (d,)\nh[j] = {step}")
    page = model.derivative("h[L]", "b", layout=layout).presentation()
    assert str(check_printed(page).verdict) == "SAMPLED"
    if layout == "numerator":
        assert line in text(page.document())
