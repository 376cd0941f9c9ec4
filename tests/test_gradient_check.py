"""Arrays of authors beside the derivatives that they are meant to be: right ones pass, and slips are named."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

import symgrad as sg
from symgrad.cli.main import main
from symgrad.evidence.slips.precision import FORMATS, agreement
from symgrad.evidence.verdict import Verdict

RNN = """W: (d, d)
U: (d, n)
b: (d,)
y: (d,)
x[j]: (n,)
s[0]: (d,)
a[j] = U@x[j] + W@s[j-1] + b
s[j] = tanh(a[j])
E = sum((s[t]-y)**2)/2"""
T, D, N = 4, 3, 2


def recurrent_values(seed: int = 0, d: int = D) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {"W": (d, d), "U": (d, N), "b": (d,), "y": (d,), "x": (T, N), "s[0]": (d,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def bptt(v: dict[str, np.ndarray], slip: str = "") -> dict[str, np.ndarray]:
    """Backpropagation through time as students write it, with a slip."""
    s, a = [v["s[0]"]], [np.zeros(0)]
    for x in v["x"]:
        a.append(v["U"] @ x + v["W"] @ s[-1] + v["b"])
        s.append(np.tanh(a[-1]))
    g, out = s[T] - v["y"], {"W": np.zeros_like(v["W"]), "U": np.zeros_like(v["U"]), "b": np.zeros_like(v["b"])}
    if slip == "no minus y":
        g = s[T] + v["y"]
    for t in range(T, 0, -1):
        slope = 1 - (a[t] if slip == "slope of a" else s[t]) ** 2
        da = g if slip == "no slope" or (slip == "no slope at 2" and t == 2) else g * slope
        if slip == "value for slope":
            da = g * s[t]
        if slip != "last step" or t == T:
            out["W"] += np.outer(da, s[t if slip == "s[t]" else t - 1])
        if slip != "not the first" or t > 1:
            out["U"] += np.outer(da, v["x"][t - 1])
        out["b"] += da
        g = (v["W"] if slip == "not transposed" else v["W"].T) @ da
    return out


SLIPS = [
    ("no slope", "W", "a slope is missing: tanh' in s[j]"),
    ("no slope at 2", "W", "a slope is missing: tanh' in s[j], at j = 2 only"),
    ("no slope at 2", "b", "a slope is missing: tanh' in s[j], at j = 2 only"),
    ("slope of a", "W", "a slope is taken at the wrong place: the slope by the output is taken of a[j]"),
    ("value for slope", "b", "a prime is missing: tanh(a[j]) stands for tanh'(a[j])"),
    ("last step", "W", "the last step only: j = 4"),
    ("s[t]", "W", "an index is off by one: in the derivative of a[j], s[j] for s[j-1]"),
    ("not transposed", "W", "a transpose is missing: W"),
    ("not transposed", "U", "a transpose is missing: W"),
    ("not the first", "U", "the first steps are left out: j = 2 to 4"),
]


@pytest.mark.parametrize(("slip", "wrt", "told"), SLIPS)
def test_a_slip_of_bptt_is_named(slip, wrt, told):
    v = recurrent_values()
    network = sg.parse(RNN)
    right = network.check("E", wrt, v, bptt(v)[wrt])
    assert right.verdict is Verdict.SAMPLED
    assert not right.slips
    wrong = network.check("E", wrt, v, bptt(v, slip)[wrt])
    assert wrong.verdict is Verdict.REFUTED
    assert not wrong
    assert told in wrong.slips


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda g: g.T, "it is transposed"),
        (lambda g: -g, "the sign is wrong: it is -1 times the derivative"),
        (lambda g: 3 * g, "it is 3 times the derivative, as if 1/d were missing (d = 3)"),
        (lambda g: g / 4, "it is 1/4 times the derivative, as if t were missing (t = 4)"),
        (lambda g: 0.37 * g, "it is 0.3700 times the derivative"),
        (lambda g: g[::-1], "the order is reversed"),
    ],
)
def test_an_array_that_is_wrong_as_a_whole(change, told):
    v = recurrent_values()
    found = sg.parse(RNN).check("E", "W", v, change(bptt(v)["W"]))
    assert found.verdict is Verdict.REFUTED
    assert any(told in slip for slip in found.slips)


def test_two_things_wrong_at_once():
    v = recurrent_values()
    found = sg.parse(RNN).check("E", "W", v, -bptt(v, "not transposed")["W"])
    assert found.slips == ("a transpose is missing: W; and the sign is wrong: it is -1 times the derivative",)


def test_a_matrix_of_another_shape_is_its_transpose():
    v = recurrent_values()
    found = sg.parse(RNN).check("E", "U", v, bptt(v)["U"].T)
    assert found.slips == ("it is transposed",)


def test_what_is_none_of_the_slips_is_refuted_all_the_same():
    v = recurrent_values()
    found = sg.parse(RNN).check("E", "W", v, bptt(v)["W"] + np.eye(D))
    assert found.verdict is Verdict.REFUTED
    assert "none of the slips" in str(found)
    assert found.entries.worst == "W[0,0]"


def test_the_derivative_by_something_else():
    network = sg.model("chain").bind("tanh", cost="quadratic")
    values = {"w": [0.5, 2.0, 1.5], "b": [0.1, 0.2, -0.3], "a[0]": 0.7, "y": 1.0}
    other = network.gradients("C", ["b[2]"], values)["b[2]"]
    assert "it is the derivative by something else: ∂C/∂b[2]" in network.check("C", "w[2]", values, other).slips


def test_layers_of_several_shapes_and_a_gradient_that_leaves_its_layer():
    rng = np.random.default_rng(1)
    sizes = (2, 3, 2)
    W = [rng.normal(size=(m, n)) for n, m in itertools.pairwise(sizes)]
    values = {"W": W, "b": [rng.normal(size=m) for m in sizes[1:]], "a[0]": rng.normal(size=2), "y": rng.normal(size=2)}
    network = sg.model("mlp").bind("tanh", cost="quadratic")
    right = network.gradients("C", ["W"], values)["W"]
    assert network.check("C", "W", values, right)
    assert network.check("C", "W", values, {"W[1]": right[0], "W[2]": right[1]})
    found = network.check("C", "W", values, [right[0] * 0, right[1]])
    assert "at l = 1 only" in found.slips[0] or "immediate" in found.slips[0]


COSTS_AT_EACH_STEP = """W: (d, d)
V: (k, d)
s[0]: (d,)
x[j]: (d,)
y[j]: (k,)
s[j] = tanh(W@s[j-1] + x[j])
o[j] = V@s[j]
e[j] = sum((o[j] - y[j])**2)/2
E = sum[t](e[t])"""


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ("", None),
        ("immediate", "it is immediate, not total: nothing goes back from a step to the one before"),
        ("overwritten", "a path is missing: from o[j] to s[j], at each j but the last"),
    ],
)
def test_costs_at_each_step(slip, told):
    rng = np.random.default_rng(0)
    shapes = {"W": (3, 3), "V": (2, 3), "s[0]": (3,), "x": (5, 3), "y": (5, 2)}
    v = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    s, gradient, later = [v["s[0]"]], np.zeros((3, 3)), np.zeros(3)
    for x in v["x"]:
        s.append(np.tanh(v["W"] @ s[-1] + x))
    for t in range(5, 0, -1):
        own = v["V"].T @ (v["V"] @ s[t] - v["y"][t - 1])
        ds = own if slip == "immediate" else later if slip == "overwritten" and t < 5 else own + later
        da = ds * (1 - s[t] ** 2)
        gradient += np.outer(da, s[t - 1])
        later = v["W"].T @ da
    found = sg.parse(COSTS_AT_EACH_STEP).check("E", "W", v, gradient)
    assert bool(found) == (told is None)
    assert told is None or told in found.slips


def test_a_mean_over_a_batch_that_was_forgotten():
    rng = np.random.default_rng(0)
    values = {"W": [rng.normal(size=(3, 2))], "b": [rng.normal(size=2)], "A[0]": rng.normal(size=(4, 3))}
    values["Y"] = np.eye(2)[[0, 1, 1, 0]]
    network = sg.model("batch_mlp").bind("tanh")
    right = network.gradients("C", ["W"], values)["W"]
    [told] = network.check("C", "W", values, [4 * x for x in right]).slips
    assert told.endswith("it is 4 times the derivative, as if 1/m were missing (m = 4)")


def test_a_softmax_without_its_other_entries():
    z, y = np.array([0.3, -1.2, 0.5]), np.array([1.0, 0, 0])
    p = np.exp(z) / np.exp(z).sum()
    network = sg.parse("z: (k,)\ny: (k,)\np = softmax(z)\nC = sum((p - y)**2)/2")
    found = network.check("C", "z", {"z": z, "y": y}, (p - y) * p * (1 - p))
    assert found.slips == ("the entries off the diagonal are missing: the Jacobian of softmax in p",)


def test_a_path_of_a_gate_is_left_out():
    network = sg.parse(sg.model("gru").text.replace("E = loss(h[t])", "F = sum(h[t]**2)"))
    rng = np.random.default_rng(3)
    d, n = 2, 3
    shapes = dict.fromkeys(("W_u", "W_r", "W_g"), (d, n)) | dict.fromkeys(("U_u", "U_r", "U_g"), (d, d))
    values = {q: rng.normal(size=s) for q, s in shapes.items()} | {b: rng.normal(size=d) for b in ("b_u", "b_r", "b_g")}
    values |= {"x": rng.normal(size=(3, n)), "h[0]": rng.normal(size=d)}
    right = network.gradients("F", ["U_g"], values)["U_g"]
    assert network.check("F", "U_g", values, right)
    cut = network.text.replace("z_r[j] = W_r@x[j] + U_r@h[j-1]", "z_r[j] = W_r@x[j] + U_r@stop_gradient(h[j-1])")
    wrong = sg.parse(cut).gradients("F", ["U_g"], values)["U_g"]
    assert "a path is missing: from z_r[j] to h[j-1]" in network.check("F", "U_g", values, wrong).slips


def test_a_jacobian_has_a_layout():
    v = recurrent_values()
    network = sg.parse(RNN)
    right = np.array(network.derivative("s[3]", "s[1]").evaluate(v, depth=T), dtype=float)
    assert network.check("s[3]", "s[1]", v, right)
    assert network.check("s[3]", "s[1]", v, right.T, layout="denominator")
    assert network.check("s[3]", "s[1]", v, right.T).slips == ("it is transposed",)


# --- rounding: relative, and nothing else ---------------------------------------------------------------


def vanishing(depth: int) -> tuple[sg.Model, dict, float]:
    network = sg.model("chain").bind("logistic", cost="quadratic")
    values = {"w": [0.5] * depth, "b": [0.25] * depth, "a[0]": 0.5, "y": 1.0}
    return network, values, float(network.gradients("C", ["b[1]"], values)["b[1]"])


def test_a_gradient_of_1e_160_has_a_sign_and_a_size():
    network, values, right = vanishing(180)
    assert 1e-190 < abs(right) < 1e-140
    assert network.check("C", "b[1]", values, right)
    for wrong in (-right, 1.0001 * right):
        assert network.check("C", "b[1]", values, wrong).verdict is Verdict.REFUTED


def test_what_float64_cannot_show_is_not_called_right():
    network = sg.parse("C = (x + 1) - x - 1 + z")
    found = network.check("C", "x", {"x": 3.0, "z": 1.0}, 0.0)
    assert found  # exactly 0
    close = sg.parse("C = exp(x) - exp(y)*x/y")
    values = {"x": 1.0, "y": 1.0 + 1e-15}
    found = close.check("C", "x", values, 5e-16)
    assert found.verdict is Verdict.UNKNOWN
    assert "hides" in found.reason


SATURATED = {
    "tanh": lambda a: 1 - a**2,
    "logistic": lambda a: a * (1 - a),
}


@pytest.mark.parametrize("name", SATURATED)
@pytest.mark.parametrize("z", [3.0, 15.0, 17.5, 20.0])
def test_right_code_is_not_refuted_for_what_it_rounds_where_a_unit_saturates(name, z):
    network = sg.parse(f"a = {name}(w*x)\nC = a*y")
    values = {"w": z / 3, "x": 3.0, "y": 0.75}
    a = np.tanh(z) if name == "tanh" else 1 / (1 + np.exp(-z))
    found = network.check("C", "w", values, SATURATED[name](a) * 2.25)  # 1 - a has few digits, or is 0
    assert found.verdict in ((Verdict.SAMPLED,) if z == 3 else (Verdict.SAMPLED, Verdict.UNKNOWN))
    right = float(network.gradients("C", ["w"], values)["w"])
    assert network.check("C", "w", values, right)
    for wrong in (2.25, a * 2.25, 1e-6, *((-right, 2 * right) if z <= 15 else ())):
        assert network.check("C", "w", values, wrong).verdict is Verdict.REFUTED


def test_what_rounding_hides_of_saturated_units_is_said():
    network = sg.parse("a = tanh(z)\nC = a**2/2")
    found = network.check("C", "z", {"z": 15.0}, np.tanh(15.0) * (1 - np.tanh(15.0) ** 2))
    assert found.verdict is Verdict.UNKNOWN
    assert found.reason == "the rounding of float64 hides 1 of 1 entries"


def test_an_array_in_float32_is_judged_as_one():
    v = recurrent_values()
    single = {name: x.astype(np.float32) for name, x in v.items()}
    exact = bptt({name: x.astype(float) for name, x in single.items()})["W"]
    network = sg.parse(RNN)
    assert network.check("E", "W", single, exact.astype(np.float32))
    assert network.check("E", "W", single, exact.astype(np.float32).astype(float))
    nearly = network.check("E", "W", single, exact * (1 + 1e-7 * np.sin(np.arange(9)).reshape(3, 3)))
    assert nearly.verdict is Verdict.UNKNOWN
    assert "float32" in nearly.reason


def test_entries_are_compared_each_with_itself():
    from flint import arb

    sharp = {"W": np.array([arb(1), arb("1e-20")], dtype=object)}
    wrong = {"W": np.array([arb(1), arb("2e-20")], dtype=object)}
    assert agreement(sharp, sharp, sharp, FORMATS["float64"]).agrees
    assert agreement(wrong, sharp, sharp, FORMATS["float64"]).wrong == 1


# --- files ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    v = recurrent_values()
    (tmp_path / "rnn.eq").write_text(RNN)
    np.savez(tmp_path / "V.npz", **v)
    np.savez(tmp_path / "G.npz", W=bptt(v)["W"])
    np.save(tmp_path / "slip.npy", bptt(v, "not transposed")["W"])
    (tmp_path / "V.json").write_text(json.dumps({name: x.tolist() for name, x in v.items()}))
    (tmp_path / "rounded.json").write_text(json.dumps(bptt(v)["W"].round(5).tolist()))
    (tmp_path / "deep.json").write_text("[" * 200_000)
    (tmp_path / "nan.json").write_text('{"W": [[NaN]]}')
    (tmp_path / "words.json").write_text('{"W": [["a", "1", "1"], ["1", "1", "1"], ["1", "1", "1"]]}')
    (tmp_path / "latin.json").write_bytes(b'{"W": "\xe9"}')
    np.savez(tmp_path / "nan.npz", W=np.full((D, D), np.nan))
    np.savez(tmp_path / "pickle.npz", W=np.array([{"a": 1}], dtype=object))
    np.savez(tmp_path / "shape.npz", W=np.zeros((2, 5)))
    np.savez(tmp_path / "complex.npz", W=np.zeros((D, D), dtype=complex))
    (tmp_path / "torn.npz").write_bytes((tmp_path / "G.npz").read_bytes()[:150])
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)})
    with zipfile.ZipFile(tmp_path / "huge.npz", "w") as archive:
        archive.writestr("W.npy", header.getvalue())
    (tmp_path / "text.npz").write_text("W = 3")
    (tmp_path / "empty.npz").write_bytes(b"")
    return tmp_path


def run(folder: Path, gradient: str, *more: str, values: str = "V.npz") -> int:
    files = ["--values", str(folder / values), "--gradient", str(folder / gradient)]
    return main(["check", "--model", str(folder / "rnn.eq"), "--of", "E", "--wrt", "W", *files, *more])


@pytest.mark.parametrize(
    ("gradient", "values", "code", "told"),
    [
        ("G.npz", "V.npz", 0, "SAMPLED  it is ∂E/∂W at these values: all 9 entries agree"),
        ("G.npz", "V.json", 0, "SAMPLED"),
        ("rounded.json", "V.npz", 0, "SAMPLED"),
        ("slip.npy", "V.npz", 1, "a transpose is missing: W"),
    ],
)
def test_files_are_judged(folder, capsys, gradient, values, code, told):
    assert run(folder, gradient, values=values) == code
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("gradient", "told"),
    [
        ("nan.json", "holds NaN"),
        ("nan.npz", "holds NaN or an infinity"),
        ("pickle.npz", "holds Python objects (a pickle), which are not read"),
        ("shape.npz", "has the shape (2, 5), and (3, 3) is expected"),
        ("complex.npz", "holds complex128, and not real numbers"),
        ("huge.npz", "holds more than 2,000,000 numbers"),
        ("torn.npz", "is no whole .npz file"),
        ("text.npz", "is neither .npz nor JSON"),
        ("empty.npz", "is neither .npz nor JSON"),
        ("deep.json", "is nested too deeply"),
        ("words.json", "cannot be read"),
        ("latin.json", "is neither .npz nor JSON"),
        ("missing.npz", "does not exist"),
        (".", "is no file"),
    ],
)
def test_hostile_files_get_a_message(folder, capsys, gradient, told):
    assert run(folder, gradient) == 2
    shown = capsys.readouterr().err
    assert told in shown
    assert "what to do" in shown


def test_json_for_scripts(folder, capsys):
    assert run(folder, "slip.npy", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "REFUTED"
    assert found["slips"] == ["a transpose is missing: W"]
    assert found["first"]["entry"] == "W[0,0]"
    assert found["precision"] == "float64"


def test_layers_one_by_one(tmp_path, capsys):
    values = {"w[1]": 2, "w[2]": 3, "b[1]": 0, "b[2]": 1, "a[0]": 1, "y": 6}
    (tmp_path / "V.json").write_text(json.dumps(values))
    (tmp_path / "G.json").write_text('{"w[1]": 3, "w[2]": 2}')
    options = ["--activation", "identity", "--cost", "quadratic", "--of", "C", "--wrt", "w"]
    files = ["--values", str(tmp_path / "V.json"), "--gradient", str(tmp_path / "G.json")]
    assert main(["check", "--model", "chain", *options, *files]) == 0
