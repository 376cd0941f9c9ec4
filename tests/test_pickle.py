"""What is kept and read again: pickles of all that Python holds, and JSON that nothing is taken on trust from."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
from campaign import campaign
from random_networks import networks

import symgrad as sg
from symgrad.api.derivation import Derivation
from symgrad.api.load import load, loads
from symgrad.derivation.catalogue import catalogue
from symgrad.errors import SymgradError
from symgrad.network.read import read_builtin

SOFTMAX = "z: (n,)\np = softmax(z/T)\nC = sum(p**2)"
HELD = {
    "model": lambda: sg.model("lstm"),
    "bound": lambda: sg.model("mlp").bind("leaky_relu(0.2)", cost="quadratic"),
    "formula": lambda: sg.model("chain").bind("z*tanh(softplus(z))"),
    "put": lambda: sg.model("deep_linear").let("W[l] = 1.5*I"),
    "network": lambda: read_builtin("rnn"),
    "number": lambda: sg.model("chain").derivative("C", "b[1]", depth=4),
    "layout": lambda: sg.model("rnn").derivative("s[t]", "s[k]", layout="denominator"),
    "zero": lambda: sg.model("chain").derivative("a[1]", "w[2]"),
    "recursion": lambda: sg.model("gru").derivative("E", "U_g"),
    "entry": lambda: sg.parse(SOFTMAX).derivative("p[i]", "z[j]"),
    "hessian": lambda: sg.parse(SOFTMAX).hessian("C", "z"),
    "mixed": lambda: sg.parse("C = sin(x*y)").hessian("C", "x", "y", "denominator"),
    "backward": lambda: sg.model("mlp").backward("C", ["W", "b[1]"], detail="unfolded"),
    "stack": lambda: sg.model("stacked_rnn").backward(str(sg.model("stacked_rnn").equations[-1].target)),
    "hvp": lambda: sg.model("rnn").hvp("E", "W"),
    "steps": lambda: sg.model("deep_linear").derive("a[l]", "a[l-1]").checked(),
    "evidence": lambda: sg.model("chain").derivative("a[L]", "a[0]").verify(),
    "maximum": lambda: sg.maximise("z/(2*cosh(z/2)^2)", "z", "[0, oo)", digits=12),
    "minimum": lambda: sg.minimise("x**2"),
    "gain": lambda: sg.gain("leaky_relu(0.2)", "1/20"),
    "power": lambda: sg.power("1.5", 150),
    "notation": lambda: sg.notation("ng"),
    "drawing": lambda: sg.model("rnn").draw(steps=2),
}


@pytest.mark.parametrize("name", HELD)
def test_what_is_pickled_is_equal(name):
    held = HELD[name]()
    found = pickle.loads(pickle.dumps(held))
    assert found == held
    assert type(found) is type(held)
    assert name == "notation" or hash(found) == hash(held)  # a notation holds tables
    assert (str(found), repr(found)) == (str(held), repr(held))


NUMBERS = {
    "root": lambda: sg.evaluate("sqrt(2)").magnitude,
    "value": lambda: sg.evaluate("exp(x)", {"x": "1/3"}),
    "horizon": lambda: sg.horizon("sqrt(2)", ["fp16", "fp32"]),
    "ball": lambda: sg.horizon(sg.evaluate("exp(1)").magnitude),
    "critical": lambda: sg.critical("tanh", "0.05"),
    "bound": lambda: sg.model("rnn").derivative("s[t]", "s[k]").bound("norm(W) <= lambda"),
    "growth": lambda: sg.gain("tanh")["second moment"].gain,
}


@pytest.mark.parametrize("name", NUMBERS)
def test_what_has_no_exact_value_is_shown_alike(name):
    held = NUMBERS[name]()
    found = pickle.loads(pickle.dumps(held))
    assert type(found) is type(held)
    assert (str(found), repr(found)) == (str(held), repr(held))


def test_a_number_without_an_exact_value_keeps_its_enclosure():
    x = sg.evaluate("sqrt(2)").magnitude
    found = pickle.loads(pickle.dumps(x))
    assert found.to(300) == x.to(300)
    assert found.ball(2000).overlaps(x.ball(2000))
    assert found.to(400) != x.to(400)  # so many digits were not kept, and none is made up
    assert x.to(400).startswith(found.to(400)[:-1])


def test_different_questions_are_different():
    chain = sg.model("chain")
    assert chain.derivative("C", "b[1]") != chain.derivative("C", "b[1]", layout="denominator")
    p = sg.parse(SOFTMAX)
    assert p.derivative("p[i]", "z[j]") != p.derivative("p[1]", "z[j]")
    assert sg.model("mlp").backward("C", "W") != sg.model("mlp").backward("C", "W", detail="unfolded")
    assert sg.gain("tanh") != sg.gain("relu")
    assert sg.maximise("logistic'(x)") != sg.minimise("logistic'(x)")
    assert sg.model("chain") != sg.model("chain").bind("tanh")
    assert sg.power(2, 3) == sg.power(8, 1) != sg.power(2, 4)


def test_a_network_that_was_changed_is_not_pickled_as_another():
    changed = replace(sg.model("chain"), depth_symbol="N")
    with pytest.raises(pickle.PicklingError, match="was changed after it was read"):
        pickle.dumps(changed)


def test_a_pickle_is_read_in_another_process(tmp_path):
    (tmp_path / "g.pickle").write_bytes(pickle.dumps(sg.gain("tanh")) + pickle.dumps(HELD["layout"]()))
    program = "import pickle\nwith open('g.pickle', 'rb') as f: print(pickle.load(f), pickle.load(f), sep='\\n')"
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.rstrip("\n").split("\n") == [repr(sg.gain("tanh")), *str(HELD["layout"]()).split("\n")]


@campaign(15, 400, networks())
def test_derivatives_of_random_networks_are_kept(case):
    model = sg.parse(case.text)
    depth = None if case.symbolic else case.depth
    for layout in ("numerator", "denominator"):
        g = model.derivative(case.of, case.wrt, depth, layout)
        assert pickle.loads(pickle.dumps(g)) == g == loads(g.page("json"))
    d = model.derive(case.of, case.wrt, depth)
    assert pickle.loads(pickle.dumps(d)) == d == Derivation.from_json(d.to_json())


@pytest.mark.long
def test_the_whole_catalogue_is_kept():
    for entry in catalogue().values():
        d = entry.derivation()
        assert pickle.loads(pickle.dumps(d)) == d, entry.name
        assert Derivation.from_json(d.to_json()) == replace(d, figures=(), places=()), entry.name


LOADED = ["bound", "number", "layout", "entry", "hessian", "mixed", "backward", "stack", "hvp"]


@pytest.mark.parametrize("name", [n for n in LOADED if n != "bound"])
def test_json_is_read_again(name, tmp_path):
    held = HELD[name]()
    path = tmp_path / "held.json"
    path.write_text(held.page("json"), encoding="utf-8")
    assert load(path) == held


def test_evidence_is_not_taken_on_trust(tmp_path):
    d = HELD["steps"]()
    data = json.loads(d.to_json())
    assert data["verdict"] == "PROVED"
    path = tmp_path / "steps.json"
    path.write_text(d.page("json"), encoding="utf-8")
    found = load(path)
    assert str(found.verdict) == "UNKNOWN"
    assert found.checked() == d


WRONG = [
    ("[]", "holds no derivative"),
    ("{}", "holds no derivative: 'bindings' is missing"),
    ("{", "is not JSON"),
    ('{"steps": []}', "this is not a derivation"),
    (
        '{"of": "C", "wrt": "w", "equations": "C = w", "model": "m", "forms": [], "bindings": [], "depth": "3"}',
        "a depth of",
    ),
    (
        '{"of": ["C"], "wrt": "w", "equations": "C = w", "model": "m", "forms": [], "bindings": [], "depth": null}',
        "is no text",
    ),
    (
        '{"of": "C", "wrt": "q", "layout": "numerator", "equations": "C = w", "model": "m", "forms": [], "bindings": []'
        ', "depth": null}',
        "unknown quantity 'q'",
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_no_derivative_is_refused(text, said, tmp_path):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(SymgradError, match=said):
        load(tmp_path / "a.json")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SymgradError, match="cannot read"):
        load(tmp_path / "none.json")
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(SymgradError, match="not UTF-8"):
        load(tmp_path / "latin")


def test_json_has_every_line_with_its_label_and_number():
    record = json.loads(sg.model("lstm").derivative("c[t]", "c[k]").page("json", label="eq:c"))
    lines = record["lines"]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert [line["label"] for line in lines[:3]] == ["eq:c", "eq:c-2", "eq:c-3"]
    assert lines[0]["role"] == "equation"
    assert lines[0]["latex"] == record["latex"]
    assert {line["role"] for line in lines[1:]} == {"definition"}
    said = [s["text"] for s in record["said"]]
    assert "For k ≥ 1, t ≥ k." in said, said


def test_json_of_the_command_line_has_the_lines_too(capsys):
    from symgrad.cli.main import main

    assert main(["derive", "mlp", "--of", "C", "--form", "backward", "--format", "json", "--label", "eq:m"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {line["role"] for line in record["lines"]} == {"forward", "definition", "backward", "gradient"}
    assert all(line["label"].startswith("eq:m") for line in record["lines"])
    assert loads(json.dumps(record)) == sg.model("mlp").backward("C")


PAGES = {
    "latex": r"\label{eq:a}",
    "markdown": "$$ (eq:a)",
    "html": 'id="eq:a"',
    "typst": "<eq:a>",
    "rst": ":label: eq:a",
}


@pytest.mark.parametrize("format_", PAGES)
def test_pages_from_python_are_those_of_the_command_line(format_, capsys):
    from symgrad.cli.main import main

    for held, args in (
        (sg.model("chain").derivative("C", "b[1]"), ["chain", "--of", "C", "--wrt", "b[1]"]),
        (
            sg.model("mlp").backward("C", ["W", "b"]),
            ["mlp", "--of", "C", "--wrt", "W", "--wrt", "b", "--form", "backward"],
        ),
        (sg.model("chain").derive("a[j]", "a[j-1]"), ["chain", "--of", "a[j]", "--wrt", "a[j-1]", "--detail", "steps"]),
    ):
        page = held.page(format_, only="steps" if "steps" in args else "equation", label="eq:a", notation="ng")
        assert PAGES[format_] in page
        options = ["--format", format_, "--only", "steps" if "steps" in args else "equation", "--label", "eq:a"]
        assert main(["derive", *args, *options, "--notation", "ng", "--no-verify"]) == 0
        printed = capsys.readouterr().out
        assert page.strip() in printed
