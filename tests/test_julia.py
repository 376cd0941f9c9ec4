"""Programs in Julia, which is not at hand: their words and blocks are read, and the same lines are run as Python."""

import re

import numpy as np
import pytest

import symgrad as sg
from symgrad.code.julia import FUNCTIONS, WORDS, julia
from symgrad.errors import NotDefined
from tests.test_code import NETWORKS, NUMBERS, built_in

WRITTEN = ["chain", "mlp", "rnn", "lstm", "gru", "residual", "seq_rnn", "ssm", "deep_linear", "attention", "batch_mlp"]
TEXTS = {name: built_in(name).code("julia", NUMBERS.get(name, "C")) for name in WRITTEN}
TOKEN = re.compile(r'#.*|"[^"\n]*"|\w+|\.?[-+*/^<>=!]=?|[^\s\w]')


def tokens(text):
    return [t for t in TOKEN.findall(text) if not t.startswith(("#", '"'))]


@pytest.mark.parametrize("name", WRITTEN)
def test_blocks_and_brackets_close_and_every_name_is_known(name):
    words, open_, brackets = tokens(TEXTS[name]), [], []
    for t in words:
        if t in "([{":
            brackets.append(t)
        elif t in ")]}":
            assert brackets.pop() + t in ("()", "[]", "{}")
        elif not brackets and t in ("function", "for", "if"):  # in brackets, for and if belong to a comprehension
            open_.append(t)
        elif t == "end":
            open_.pop()
    assert not open_
    assert not brackets
    assert not {"def", "None", "np", "math", "lambda", "range", "@", "**"} & set(words)
    places = re.findall(
        r"^ *(?:local (.*)|(?:function )?\w+\(([^()]*)\).*|for (\w+) in .*)$", TEXTS[name], re.MULTILINE
    )
    known = {x for groups in places for g in groups for x in re.findall(r"\w+", g)}
    known |= {x for loop in re.findall(r"for \(?([\w, ]+)\)? in", TEXTS[name]) for x in re.findall(r"\w+", loop)}
    known |= WORDS | set(re.findall(r"^(?:function )?(\w+)\(", TEXTS[name], re.MULTILINE)) | {"dims", "init", "in"}
    assert {t for t in words if t.isidentifier()} - known - {"x", "y", "powers", "top", "found"} == set()


def as_python(text):
    """Return the function of a program as Python: the same lines, with ranges, tables and operators of Python."""
    body = text[text.index("function gradients") :]
    body = re.sub(r"^ *(?:end|local .*)\n", "", body, flags=re.MULTILINE)
    body = re.sub(
        r"Dict\{Any,Any\}\((k(?: [-+] \d+)?) => v for \(k, v\) in enumerate\((\w+)\)\)",
        r"table(\2, lambda k: \1)",
        body,
    )
    body = re.sub(r"Dict(?:\{Any,Any\})?\((.*)\)$", r"{\1}", body, flags=re.MULTILINE).replace(" => ", ": ")
    body = re.sub(r" in ([^:\n]+):-1:([^\]\n]+)", r" in range(\1, (\2) - 1, -1)", body)
    body = re.sub(r" in ([^:\n]+):([^\])\n,]+)", r" in range(\1, (\2) + 1)", body)
    body = re.sub(r"(\w)\.\(", r"\1(", body)
    body = re.sub(r" \.([-+*/]) ", r" \1 ", body).replace(" .^ ", " ** ")
    return re.sub(r"^(function .*| *for .*| *if .*)$", r"\1:", body, flags=re.MULTILINE).replace("function", "def")


SPACE = {
    name: getattr(np, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "abs", "ones", "transpose")
} | {
    "float": lambda x: np.asarray(x, dtype=float),
    "length": len,
    "table": lambda values, place: {place(k): v for k, v in enumerate(values, start=1)},
    "matvec": lambda A, x: A @ x,
    "vecmat": lambda x, A: A.T @ x,
    "like": lambda g, p: g * np.ones(np.shape(p)),
    "outer_like": lambda x, y, p: np.outer(x, y),
    "outer_sum": lambda xs, ys, p: sum(np.outer(x, y) for x, y in zip(xs, ys, strict=True)),
    "stacked": lambda steps: steps,
    "total": sum,
    "rowsum": lambda x: x.sum(-1),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
}


@pytest.mark.parametrize("name", ["chain", "mlp", "rnn", "lstm", "gru", "residual", "seq_rnn"])
def test_the_lines_run_as_python_give_the_gradients(name):
    model, of = built_in(name), NUMBERS.get(name, "C")
    from symgrad.code.sample import Sample
    from symgrad.code.table import backend
    from symgrad.code.write import written

    equations = model.backward(of, None)
    (program, text), sample, space = written(equations, backend("julia")), Sample(equations), dict(SPACE)
    exec(compile(as_python(text), "program", "exec"), space)
    values = {a.name: _floats(sample.value(a)) for a in program.given}
    _, slopes = space["gradients"](**values)
    names = {a.name: str(a.q) if a.q.name in model.by_name or not a.open else a.q.name for a in program.given}
    expected = model.gradients(of, list(slopes), {names[n]: x for n, x in values.items()}, depth=sample.depth)
    for key, found in slopes.items():
        assert same(found, expected[key]), key


def _floats(x):
    return [_floats(y) for y in x] if isinstance(x, list) else np.array(x, dtype=float)


def same(x, y):
    if isinstance(x, list):
        return len(x) == len(y) and all(map(same, x, y))
    return np.shape(x) == np.shape(y) and np.allclose(x, y, rtol=1e-9)


def test_a_lexer_of_others_knows_every_token():
    lexers = pytest.importorskip("pygments.lexers")
    from pygments.token import Error

    for text in TEXTS.values():
        assert not [t for kind, t in lexers.get_lexer_by_name("julia").get_tokens(text) if kind is Error]


def test_what_is_not_written_is_refused_and_words_of_julia_are_no_names():
    with pytest.raises(NotDefined, match="Julia"):
        sg.model("rnn").bind("tanh").derivative("s[t]", "s[0]").code("julia")
    with pytest.raises(NotDefined, match="not written for Julia"):
        sg.parse(NETWORKS["families"]).code("julia", "C")
    text = sg.parse("end[j] = tanh(begin*end[j-1])\nC = end[L]**2").code("julia", "C")
    assert "end_[j] = " in text
    assert "begin_" in text


def test_operators_are_broadcast_and_indices_are_not():
    loop = "    for j in range(2, w + 1):\n        y[j - 1] = -(x + 1) ** 2 / w - (x - (w - x))\n"
    text = f"def gradients(w, x):\n{loop}    return y, {{}}"
    assert "y[j - 1] = -(x .+ 1) .^ 2 ./ w .- (x .- (w .- x))" in julia(text)
    assert "for j in 2:w" in julia(text)
    assert set(FUNCTIONS["np.tanh"]) >= set("tanh.")
