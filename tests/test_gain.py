"""Gains, fixed points and critical lines: the published constants, mpmath's root finder, and what is said of each."""

import json
from fractions import Fraction

import pytest
from click.testing import CliRunner
from flint import arb, ctx

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.cli.critical import command as critical_command
from symgrad.cli.gain import command as gain_command
from symgrad.numbers.expectation.gain import root
from symgrad.numbers.expectation.mean_field import Layer, moment
from symgrad.numbers.expectation.root import enclosed_root
from symgrad.numbers.magnitude.magnitude import magnitude
from symgrad.ops.activation import ACTIVATIONS
from symgrad.ops.elementwise import elementwise

MP = arithmetic("mp", 40)
M = MP.context


def mean(f, which, q):
    """E[φ²] or E[φ'²] by mpmath."""
    value = f.slope_at if which == "slope_second" else f
    root_q = M.sqrt(q)
    nodes = [-14, -6, -2, 0, 2, 6, 14]
    return M.quad(lambda z: value(MP, root_q * z) ** 2 * M.exp(-z * z / 2), nodes) / M.sqrt(2 * M.pi)


# --- published constants ---------------------------------------------------------------------------


def test_selu_keeps_mean_0_and_variance_1():
    selu = sg.gain("selu")
    with ctx.workprec(300):
        assert abs(selu.mean.ball(250)) < arb(10) ** -59
        assert abs(selu.second.ball(250) - 1) < arb(10) ** -58
    parameters = dict(elementwise("selu").parameters)
    A = arithmetic("ball", 40)
    root_e, erfc = "exp(1/2)", "erfc(sqrt(1/2))"
    alpha = f"sqrt(2/pi)/(1 - {root_e}*{erfc})"
    # equation 14 of arXiv:1706.02515
    scale = (
        f"(1 - {erfc}*{root_e})*sqrt(2*pi)*(2*erfc(sqrt(2))*exp(2) + pi*{erfc}^2*exp(1) - 2*(2 + pi)*{erfc}*{root_e}"
    )
    for formula, name, shown in (
        (alpha, "alpha", "1.6732632423543772848170429916717"),
        (f"{scale} + pi + 2)^(-1/2)", "lambda", "1.0507009873554804934193349852946"),
    ):
        with A.working():
            exact = arb(sg.claim(f"{formula} = 0").left(A))
            assert abs(exact - A.number(parameters[name])) < arb(10) ** -38
        assert magnitude(parameters[name]).to(32) == shown


def test_the_gain_of_pytorch_for_tanh_is_chaotic_and_no_criterion_gives_it():
    torch = sg.gain("tanh")["PyTorch"]
    assert torch.yielded_by == ()
    assert torch.layer.output.to(12) == "0.651347047693"
    assert torch.layer.chi.to(9) == "1.20983132"
    assert torch.layer.phase == "chaotic"
    q = M.findroot(lambda q: M.mpf(25) / 9 * mean(elementwise("tanh"), "second", q) - q, 1.2)
    assert torch.layer.fixed_point.to(30) == M.nstr(q, 30)


@pytest.mark.parametrize(
    ("bias", "weight_variance", "fixed_point"),
    [("0.05", "1.760954639606739131631552", "0.5700478816407641499901556"), ("0", "1.000000000000000000000000", "0")],
)
def test_the_critical_line_of_tanh(bias, weight_variance, fixed_point):
    found = sg.critical("tanh", bias)
    assert (found.weight_variance.to(25), found.fixed_point.to(25)) == (weight_variance, fixed_point)


@pytest.mark.parametrize(
    "name",
    ["tanh", "selu", *(pytest.param(f, marks=pytest.mark.long) for f in ("erf", "gelu", "softsign", "logistic"))],
)
def test_a_critical_point_is_the_root_that_mpmath_finds(name):
    f, found = elementwise(name), sg.critical(name, "0.05")
    q = M.findroot(
        lambda q: q - mean(f, "second", q) / mean(f, "slope_second", q) - M.mpf(1) / 20, float(found.fixed_point)
    )
    assert found.fixed_point.to(25) == M.nstr(q, 25, strip_zeros=False)
    assert found.weight_variance.to(20) == M.nstr(1 / mean(f, "slope_second", q), 20, strip_zeros=False)
    with ctx.workprec(200):
        assert found.layer.variance(found.fixed_point.ball(120), 120).overlaps(found.fixed_point.ball(120))


def test_on_the_line_a_layer_is_critical():
    layer = sg.critical("erf", "0.05").layer
    assert layer.phase == "critical"
    assert layer.depth_scale is None


def test_the_critical_line_of_erf_in_closed_form():
    found, A = sg.critical("erf", "0.05"), arithmetic("ball", 40)
    with A.working():
        closed = arb(sg.claim(f"{found.formula} = 0").left(A, q=found.fixed_point.ball(120)))
        assert closed.overlaps(found.weight_variance.ball(120))
        assert closed.rad() < arb(10) ** -30


def test_the_line_runs_through_the_point():
    from itertools import pairwise

    found = sg.critical("tanh", "0.05")
    points = list(found.line())
    assert points[0] == (0, 1)
    assert all(x < u and y < v for (x, y), (u, v) in pairwise(points))
    [(before, after)] = [p for p in pairwise(points) if p[0][0] <= 0.05 <= p[1][0]]
    assert before[1] <= float(found.weight_variance) <= after[1]


def test_relu_is_critical_at_one_point_alone():
    found = sg.critical("relu")
    assert (found.weight_variance.exact, found.fixed_point) == (2, None)
    with pytest.raises(sg.SymgradError, match=r"the point σ_w² = 2\.0"):
        sg.critical("relu", "0.1")
    with pytest.raises(sg.SymgradError, match="no point"):
        sg.critical("softplus", "0.1")
    with pytest.raises(sg.SymgradError, match="is one point"):
        list(found.line())


# --- every activation --------------------------------------------------------------------------------


@pytest.mark.parametrize("f", ACTIVATIONS, ids=lambda f: f.name)
def test_a_gain_does_what_its_criterion_asks(f):
    g = sg.gain(f)
    with ctx.workprec(200):
        kept = {"second moment": g.second, "variance": g.variance, "backward": g.slope_second}
        for name, m in kept.items():
            assert (g[name].squared.ball(120) * m.ball(120)).contains(1), name
            assert g[name].gain.ball(120).overlaps(g[name].squared.ball(120).sqrt())
        if g.slope is not None:
            assert (g["slope"].gain.ball(120) * g.slope.ball(120)).contains(1)
        assert not g.variance.ball(120) > g.second.ball(120)
        assert not g.slope_second.ball(120) * g.second.ball(120) < g.cross.ball(120) ** 2  # Cauchy and Schwarz
    assert (g.slope is None) == (f.name in ("relu", "leaky_relu", "selu", "relu6"))


THIRDS = [
    pytest.param(f, third, id=f"{f.name}-{third}", marks=[] if third == n % 3 else [pytest.mark.long])
    for n, f in enumerate(ACTIVATIONS)
    for third in range(3)
]
"""Each activation with a third of its criteria; the other two belong to the campaign."""


@pytest.mark.parametrize(("f", "third"), THIRDS)
def test_a_fixed_point_is_one_and_the_phase_is_the_side_of_1(f, third):
    for c in sg.gain(f, "1/10").criteria[third::3]:
        if c.layer is None:
            continue
        q = c.layer.fixed_point
        if q is None:
            continue
        with ctx.workprec(200):
            ball = q.ball(120)
            assert c.layer.variance(ball, 120).overlaps(ball)
            chi = c.layer.weight_variance.ball(120) * moment(f, "slope_second", ball, 120)
            assert chi.overlaps(c.layer.chi.ball(120))
            assert c.layer.phase == ("ordered" if chi < 1 else "chaotic" if chi > 1 else "critical")


GIVEN_BY = {
    "identity": ("slope", "second moment", "variance", "backward"),
    "relu": ("second moment", "backward"),
    "leaky_relu": ("second moment", "backward"),
    "tanh": (),
    "selu": (),
    "logistic": (),
}


@pytest.mark.parametrize("name", GIVEN_BY)
def test_which_criterion_gives_the_constant_of_pytorch(name):
    assert sg.gain(name)["PyTorch"].yielded_by == GIVEN_BY[name]


def test_the_activations_with_a_constant_of_pytorch_are_those():
    assert {f.name for f in ACTIVATIONS if "PyTorch" in dict(f.gains)} == set(GIVEN_BY)


def test_the_constants_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    names = {"identity": "linear", "logistic": "sigmoid"}
    for name in GIVEN_BY:
        known = torch.nn.init.calculate_gain(names.get(name, name))
        assert float(sg.gain(name)["PyTorch"].gain) == pytest.approx(known, rel=1e-15)
    known = torch.nn.init.calculate_gain("leaky_relu", 0.2)
    assert float(sg.gain("leaky_relu(0.2)")["PyTorch"].gain) == pytest.approx(known, rel=1e-15)


def test_the_constants_of_keras_are_given_by_some_criteria():
    assert sg.gain("relu")["Keras He"].yielded_by == ("second moment", "backward")
    assert sg.gain("selu")["Keras LeCun"].yielded_by == ("second moment", "variance")
    assert sg.gain("tanh")["Keras LeCun"].yielded_by == ("slope",)
    assert sg.gain("gelu")["Keras He"].yielded_by == ()


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "identity", "abs", "negative_part"])
def test_what_a_homogeneous_activation_does_with_a_variance(name):
    f = elementwise(name)
    critical = 1 / Layer(f, magnitude(1), magnitude(0)).chi.exact
    layers = [Layer(f, magnitude(critical * k), magnitude(b)) for k in (Fraction(1, 2), 1, 2) for b in (0, 1)]
    assert [layer.every_variance for layer in layers] == [False, False, True, False, False, False]
    assert [q and float(q) for q in (layer.fixed_point for layer in layers)] == [0.0, 2.0, None, None, None, None]
    assert [layer.phase for layer in layers] == ["ordered"] * 2 + ["critical"] * 2 + ["chaotic"] * 2


def test_a_variance_without_a_fixed_point_has_no_chi():
    layer = Layer(elementwise("gelu"), magnitude(4), magnitude(0))
    assert layer.fixed_point is None
    with pytest.raises(sg.SymgradError, match="grows beyond 10000"):
        _ = layer.chi


def test_gelu_moves_away_from_the_variance_that_its_second_moment_keeps():
    assert sg.gain("gelu")["second moment"].layer.repelling
    assert not sg.gain("tanh")["second moment"].layer.repelling


def test_a_root_is_enclosed_or_refused():
    with pytest.raises(sg.SymgradError, match="no single zero"):
        enclosed_root(lambda x, _: x * x + 1, lambda x, _: 2 * x, arb(1), 64)
    with pytest.raises(sg.SymgradError, match="no single zero"):
        enclosed_root(lambda x, _: x * x, lambda x, _: 2 * x, arb(1), 64)  # a double one
    assert root(magnitude(Fraction(25, 9))).exact == Fraction(5, 3)
    assert root(magnitude(2)).exact is None


@pytest.mark.parametrize("name", ["sign", "step", "log", "tan"])
def test_what_has_no_gain(name):
    for call in (sg.gain, sg.critical):
        with pytest.raises(sg.SymgradError, match="is no activation of a deep network"):
            call(name)


def test_a_variance_is_not_negative():
    for call in (sg.gain, sg.critical):
        with pytest.raises(sg.SymgradError, match="a bias variance of -1"):
            call("tanh", -1)


# --- the command line --------------------------------------------------------------------------------


def run(command, *arguments):
    found = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert found.exit_code == 0
    return found.output


def test_gain_says_what_pytorch_has():
    printed = run(gain_command, "tanh")
    [line] = [line for line in printed.splitlines() if "PyTorch" in line]
    for part in ("1.66666666667", "0.651347047693", "1.20983132", "chaotic", "given by no criterion"):
        assert part in line


@pytest.mark.parametrize("format_", ["text", pytest.param("latex", marks=pytest.mark.long)])
def test_the_table_of_all_has_every_activation(format_):
    printed = run(gain_command, "--all", "--digits", "4", "--format", format_)
    for f in ACTIVATIONS:
        assert f.name in printed.replace(r"\_", "_")


def test_gain_and_critical_as_json():
    record = json.loads(run(gain_command, "relu", "--format", "json"))
    assert record["slope"] is None
    by_name = {c["name"]: c for c in record["gains"]}
    assert by_name["PyTorch"]["given_by"] == ["second moment", "backward"]
    assert by_name["backward"]["fixed_point"] == "every"
    record = json.loads(run(critical_command, "tanh", "--bias-variance", "0.05", "--format", "json"))
    assert record["weight_variance"] == "1.760954639606739131631552"
    assert record["repelling"] is False


def test_a_phase_diagram_is_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    file = tmp_path / "phases.svg"
    assert "0.5700478816407641499901556" in run(
        critical_command, "tanh", "--bias-variance", "0.05", "--plot", str(file)
    )
    assert file.read_text().count("<path") > 10


def test_one_activation_or_all_of_them():
    for arguments in ([], ["tanh", "--all"]):
        with pytest.raises(sg.SymgradError, match="one activation, or all"):
            CliRunner().invoke(gain_command, arguments, catch_exceptions=False)
