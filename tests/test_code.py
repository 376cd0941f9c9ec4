"""Programs that symgrad writes: run here, and compared with symgrad's own gradients."""

import contextlib
import inspect
import io
import re

import numpy as np
import pytest

import symgrad as sg
from symgrad.cli.main import main
from symgrad.code import LANGUAGES
from symgrad.code.sample import Sample
from symgrad.code.table import BACKENDS, backend
from symgrad.code.write import written
from symgrad.errors import NotDefined, UnknownName
from symgrad.network.functions import opaque
from tests.corpus.row import rows

NUMBERS = dict.fromkeys(("rnn", "gru", "lstm", "seq_rnn", "ssm", "stacked_rnn"), "E") | {"attention": "L"}
OPEN_LOSS = re.compile(r"\b(?:loss|cost)\((\w+(?:\[[^\]]*\])?)\)")


def built_in(name):
    """Return a built-in model whose open functions are known ones."""
    model = sg.parse(OPEN_LOSS.sub(r"sum(\1**3)", sg.model(name).text), name)
    kinds = {op.name: "tanh" if op.kind == "function" else "quadratic" for op in opaque(model).values()}
    return model.bind(**kinds) if kinds else model


def run(text):
    """Run a program, and return its functions."""
    space = {"__name__": "program"}
    exec(compile(text, "program", "exec"), space)
    return space


def numbers(x, random=None):
    """Return exact values as floats, or floats in their place."""
    if isinstance(x, list):
        return [numbers(y, random) for y in x]
    return random.uniform(0.2, 0.8, np.shape(x)) if random else np.array(x, dtype=float)


def given(x, language):
    """Return a value as a user gives it: an array, or a list of arrays of different shapes."""
    if isinstance(x, list) and len({np.shape(y) for y in x}) > 1:
        return [given(y, language) for y in x]
    if language == "torch":
        import torch

        return torch.tensor(np.array(x))
    return np.array(x)


def close(found, expected):
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(close, found, expected))
    found, expected = np.array(found.tolist()), np.asarray(expected)
    scale = np.abs(expected).max(initial=0)
    return found.shape == expected.shape and (np.abs(found - expected) <= 1e-9 * scale).all()


def compare(model, of, language, wrt=None):
    """Run the program for a number and its gradients, with its self-test, and compare them with symgrad's."""
    equations = model.backward(of, wrt)
    program, text = written(equations, backend(language))
    space, sample, random = run(text), Sample(equations), np.random.default_rng(1)
    values = {a.name: numbers(sample.value(a), None if sample.has_domain(a) else random) for a in program.given}
    arguments = {name: given(x, language) for name, x in values.items()}
    letters = {program.w.letter(x): n for x, n in sample.ends.items()}
    missing = set(inspect.signature(space["gradients"]).parameters) - set(arguments)
    number, slopes = space["gradients"](**arguments, **{n: letters[n] for n in missing})
    names = {a.name: str(a.q) if a.q.name in model.by_name or not a.open else a.q.name for a in program.given}
    own = {names[name]: x for name, x in values.items()} | {x: sample.ends[x] for x in model.members}
    expected = model.gradients(of, list(slopes), own, depth=sample.depth)
    for name, slope in slopes.items():
        assert close(slope, expected[name]), name
    if "check" in space:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            space["check"]()
        assert "agree" in out.getvalue()
    return number


@pytest.mark.parametrize("name", sg.models())
def test_numpy_gives_the_gradients_of_every_built_in_model(name):
    compare(built_in(name), NUMBERS.get(name, "C"), "numpy")


@pytest.fixture
def jax():
    jax = pytest.importorskip("jax")
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield jax
    jax.config.update("jax_enable_x64", before)


@pytest.mark.parametrize("name", ["chain", "rnn", "lstm"])
def test_jax_gives_the_gradients(name, jax):
    compare(built_in(name), NUMBERS.get(name, "C"), "jax")


@pytest.mark.long
@pytest.mark.parametrize("name", sg.models())
def test_jax_gives_the_gradients_of_every_built_in_model(name, jax):
    compare(built_in(name), NUMBERS.get(name, "C"), "jax")


@pytest.mark.long
@pytest.mark.parametrize("name", sg.models())
def test_torch_gives_the_gradients_of_every_built_in_model(name):
    pytest.importorskip("torch")
    compare(built_in(name), NUMBERS.get(name, "C"), "torch")


NETWORKS = {
    "families": "i: range(1, H+1)\na[l] = a[l-1] + sum[i](u[l,i]*tanh(v[i]*a[l-1]))\nC = a[L]**2",
    "backwards": "x[t]: (n,)\nb[T+1]: (d,)\nU: (d, d)\nW: (d, n)\nb[t] = tanh(W@x[t] + U@b[t+1])\nC = sum(b[1]**2)",
    "several lags": "a[j] = tanh(w*a[j-1] + v*a[j-2])\nC = a[L]**2",
    "a mask": "M: mask\nM: (n, n)\nX: (n, d)\nP = softmax(X@X.T + M)\nC = sum(P@X)**2",
    "a simplex": "y: simplex\ny: (n,)\nz: (n,)\nC = softmax_cross_entropy(z, y)",
    "a product over an index": "i: range(1, n+1)\nC = prod[i](x[i] + 1)",
    "parts": "x: (4,)\nW: (2, 4)\nz = W@x\nC = sum(concat(z, x[2:3])**2) + x[1]*W[1,2]",
    "matrices": "A: (n, n)\nA: positive_definite\nB: (n, n)\nC = logdet(A) + tr(inv(A)@B) + sum(kron(A, B)**2)",
    "a power of a matrix": "A: (n, n)\nx: (n,)\nk: integer\nC = x@matrix_power(A, k)@x",
    "reductions": "x: (n,)\nC = norm(x) + logsumexp(x)*std(x) + max(x) + sum(abs(x))",
    "piecewise": "C = where(x > y, x**2, y) + relu(x - 1) + min(x, y) + erf(x)",
    "a constant": "x: (n,)\nW: (m, n)\nz = W@x\nC = sum(z)",
    "names": "lambda[j] = tanh(np*lambda[j-1] + sum)\nreturn_[j] = lambda[j]**2\nC = return_[L]",
}


@pytest.mark.parametrize("text", NETWORKS.values(), ids=NETWORKS)
def test_numpy_gives_the_gradients_of_other_networks(text):
    compare(sg.parse(text), "C", "numpy")


@pytest.mark.long
@pytest.mark.parametrize("text", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("language", ["jax", "torch"])
def test_other_languages_give_the_gradients_of_other_networks(text, language, jax):
    pytest.importorskip("torch")
    compare(sg.parse(text), "C", language)


@pytest.mark.long
@pytest.mark.parametrize("row", rows(), ids=lambda r: r.id)
def test_numpy_gives_the_gradients_of_the_corpus(row):
    model = sg.parse(row.text, row.id)
    for question in row.questions:
        options = dict(zip(question.options[::2], question.options[1::2], strict=False))
        of = options.get("--of", "")
        try:
            if model.shape(model.resolve(model.arranged(sg.network.syntax.read.read_quantity(of)))):
                continue
            model.backward(of)
        except sg.errors.SymgradError:  # of an entry, or by one quantity alone
            continue
        if not opaque(model):
            compare(model, of, "numpy")


def test_what_only_the_next_step_reads_is_no_table():
    text = built_in("mlp").code()
    assert "delta_z = vecmat(delta_z, W[l + 1])" in text
    assert "if l < L:" in text
    assert "delta_a[j]" in sg.parse(NETWORKS["several lags"]).code()


def test_items_of_a_batch_lie_in_front_and_share_what_has_none():
    gradients = run(built_in("mlp").code())["gradients"]
    random = np.random.default_rng(0)
    W, b = [random.normal(size=s) for s in ((3, 2), (4, 3))], [random.normal(size=n) for n in (3, 4)]
    x, y = random.normal(size=(5, 2)), random.normal(size=(5, 4))
    number, slopes = gradients(W, b, y, x)
    each = [gradients(W, b, y[k], x[k]) for k in range(5)]
    assert np.allclose(number, [n for n, _ in each], rtol=1e-12)
    for name in ("W", "b"):
        for layer in range(2):
            assert np.allclose(slopes[name][layer], sum(s[name][layer] for _, s in each), rtol=1e-12)
    assert np.allclose(slopes["a[0]"], [s["a[0]"] for _, s in each], rtol=1e-12)


def test_a_parameter_of_each_item_has_a_gradient_of_each_item():
    gradients = run(built_in("chain").code())["gradients"]
    random = np.random.default_rng(0)
    w, b, x, y = random.normal(size=(4, 6)), random.normal(size=(4, 6)), random.normal(size=6), random.normal(size=6)
    _, slopes = gradients(w, b, y, x)
    for k in range(6):
        _, one = gradients(w[:, k], b[:, k], y[k], x[k])
        assert np.allclose(slopes["w"][:, k], one["w"], rtol=1e-12)


@pytest.mark.parametrize(("of", "wrt", "index"), [("s[t]", "s[k]", 2), ("s[t]", "s[0]", None), ("s[3]", "x[1]", None)])
def test_a_jacobian_has_the_shape_of_what_is_derived_and_then_of_what_by(of, wrt, index):
    gradient = sg.model("rnn").bind("tanh").derivative(of, wrt)
    random = np.random.default_rng(0)
    values = {"W": (3, 3), "U": (3, 2), "b": (3,), "x": (4, 2), "s[0]": (3,)}
    values = {name: random.normal(size=shape) for name, shape in values.items()}
    names = {name.replace("[0]", "_0"): x for name, x in values.items()}
    gradients = run(gradient.code("numpy"))["gradients"]
    _, slopes = gradients(**names, **({"k": index} if index else {}))
    [found] = slopes.values()
    assert np.allclose(found, gradient.evaluate(values, indices={"k": index} if index else None), rtol=1e-12)


def test_a_function_that_is_left_open_is_an_argument():
    gradients = run(sg.model("chain").code())["gradients"]
    known = run(built_in("chain").code())["gradients"]
    values = {"w": [0.5, 2.0], "b": [0.1, 0.2], "y": 0.3, "a_0": 0.4}
    _, slopes = gradients(
        **values,
        sigma=np.tanh,
        d_sigma=lambda z: 1 - np.tanh(z) ** 2,
        cost=lambda a, y: (a - y) ** 2 / 2,
        d_cost_1=lambda a, y: a - y,
    )
    assert np.allclose(slopes["w"], known(**values)[1]["w"], rtol=1e-12)


def test_text_of_a_user_becomes_no_code(tmp_path):
    text = 'x: (n,)  # """\\nimport os\nC = sum(x)  # \x1b[2J"""; raise SystemExit'
    space = run(sg.parse(text).code())
    assert space["gradients"](np.ones(2))[0] == 2
    assert "os" not in space


def test_what_is_not_known_is_refused():
    with pytest.raises(UnknownName, match="fortran"):
        sg.model("chain").code("fortran")
    with pytest.raises(NotDefined, match="say what is derived"):
        sg.parse("a = x**2\nb = x**3").code()


def test_the_languages_are_those_of_the_table():
    assert set(BACKENDS) <= set(LANGUAGES)


def test_derive_writes_a_program_that_passes_its_own_test(tmp_path, capsys):
    path = tmp_path / "gradients.py"
    options = ["derive", "chain", "--of", "C", "--wrt", "w", "--activation", "tanh", "--cost", "quadratic"]
    assert main([*options, "--format", "numpy", "-o", str(path)]) == 0
    run(path.read_text(encoding="utf-8"))["check"]()
    assert "agree" in capsys.readouterr().out
    assert main([*options, "--format", "numpy", "--form", "paths"]) == 2
