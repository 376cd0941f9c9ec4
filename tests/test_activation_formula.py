"""An activation given by a formula, through the whole chain; its values by hand and by mpmath."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.cli.main import main
from symgrad.network.activation import read_activation
from symgrad.ops.regularity import Regularity, regularity
from symgrad.ops.structure import homogeneous, parity

QUICK = "z*logistic(1.702*z)"
"""GELU's approximation by the logistic function."""


def quick(x: mpmath.mpf) -> mpmath.mpf:
    return x / (1 + mpmath.exp(-mpmath.mpf("1.702") * x))


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        ("z*tanh(softplus(z))", "mish"),
        ("x*logistic(x)", "silu"),
        ("z/(1 + abs(z))", "softsign"),
        ("relu(z) + expm1(negative_part(z))", "celu"),
        ("z*erfc(-z/sqrt(2))/2", "gelu"),
        ("z*relu(1 + z/3)/2 - z*relu(z/3 - 1)/2", "hard_swish"),
        ("(exp(z) - exp(-z))/(exp(z) + exp(-z))", "tanh"),
    ],
)
@pytest.mark.parametrize("arithmetic_name", ["ball", "interval", "mp", "symbolic"])
def test_a_formula_is_the_record_that_it_writes_out(formula: str, name: str, arithmetic_name: str) -> None:
    A, f, g = arithmetic(arithmetic_name), read_activation(formula), read_activation(name)
    with A.working():
        for q in (Fraction(-7, 3), Fraction(1, 5), Fraction(4)):
            x = A.number(q)
            for left, right in ((f(A, x), g(A, x)), (f.slope_at(A, x), g.slope_at(A, x))):
                assert abs(float(left) - float(right)) < 1e-14 * (1 + abs(float(right))), (formula, q)


def test_the_gain_of_a_formula() -> None:
    assert sg.gain("z*tanh(softplus(z))")["second moment"].gain.to(12) == "1.48684758127"
    second = mpmath.quad(lambda z: quick(z) ** 2 * mpmath.npdf(z), [-12, -3, 0, 3, 12])
    assert sg.gain(QUICK).second.to(12) == mpmath.nstr(second, 12)


def test_the_critical_line_of_a_formula_is_that_of_the_record() -> None:
    ours, known = sg.critical("z*tanh(softplus(z))", "0.1"), sg.critical("mish", "0.1")
    assert ours.weight_variance.to(25) == known.weight_variance.to(25)


def test_what_a_rule_shows_is_found_for_a_formula_too() -> None:
    assert homogeneous(read_activation("relu(z) - relu(-z)/10"))
    assert parity(read_activation("z^3/(1 + z^2)")) == "odd"
    assert regularity(read_activation("z*relu(z)")) is Regularity.CONTINUOUS
    assert sg.critical("relu(z) - relu(-z)/10").fixed_point is None


def test_a_formula_through_derive_verify_bound_and_print() -> None:
    model = sg.model("chain").bind(sigma=QUICK, cost="quadratic")
    gradient = model.derivative("C", "b[1]", depth=2)
    assert str(gradient) == "σ'(z_1) w_2 σ'(z_2) ∂C/∂a_2"
    evidence = gradient.verify(seed=0)
    assert evidence.verdict.name == "PROVED"
    assert {"SymPy diff", "backpropagation", "tangents"} <= {c.method for c in evidence.checks}
    values = {"w": ["0.5", "0.25"], "b": [0, 1], "a[0]": 1, "y": 0}

    def cost(b: mpmath.mpf) -> mpmath.mpf:
        return quick(mpmath.mpf("0.25") * quick(mpmath.mpf("0.5") + b) + 1) ** 2 / 2

    with mpmath.workdps(40):
        expected = mpmath.diff(cost, 0)
    assert float(gradient.evaluate(values)) == pytest.approx(float(expected), rel=1e-12)
    assert float(gradient.evaluate(values, "ball")) == pytest.approx(float(expected), rel=1e-12)
    bound = model.derivative("a[L]", "a[0]").bound("abs(w) <= 1/2")
    assert str(bound) == f"2^(-L) (sup |({QUICK})'|)^L"
    assert model.derive("C", "b[1]", depth=2).checked(seed=0).verdict.name == "PROVED"


def test_a_wrong_slope_of_a_formula_is_refuted() -> None:
    from dataclasses import replace

    from symgrad.evidence.verify import verify
    from symgrad.network.bind import bind_map
    from symgrad.ops.composed import Composed

    right = sg.model("chain").bind(sigma=QUICK, cost="quadratic").derivative("C", "b[1]", depth=1)
    record = read_activation(QUICK)
    assert isinstance(record.slope, Composed)
    wrong = replace(record, slope=record.value)
    bound = replace(right, map=bind_map(right.map, {"sigma": wrong}))
    assert verify(bound).verdict.name == "REFUTED"


def test_a_line_of_a_file_binds_a_formula() -> None:
    text = "z[j] = w[j]*a[j-1]\na[j] = sigma(z[j])\nC = cost(a[L])\n"
    declared = sg.parse(f"sigma: {QUICK}  # quick\n{text}")
    assert declared.steps == sg.parse(text).bind(sigma=QUICK).steps


def test_the_command_line_prints_the_formula_and_stores_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments = ["derive", "chain", "--of", "a[j]", "--wrt", "a[j-1]", "--activation", QUICK]
    assert main([*arguments, "--detail", "unfolded"]) == 0
    shown = capsys.readouterr().out
    assert "σ(z) = z logistic(1.702 z)." in shown
    assert "w_j logistic(1.702 z_j) (1 + 1.702 z_j logistic(-1.702 z_j))" in shown
    file = tmp_path / "stored.json"
    assert main([*arguments, "--detail", "steps", "--format", "json", "-o", str(file)]) == 0
    assert json.dumps(QUICK) in file.read_text()
    capsys.readouterr()
    assert main(["verify", str(file)]) == 0
    assert "PROVED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("z*w", "has one letter, not z, w"),
        ("1 + 2", "has one letter, not none"),
        ("sum(z)", "sum is no function of one number"),
        ("softmax(z)", "softmax is no function of one number"),
        ("z@z", "@ is no function of one number"),
        ("sigma(z) + z", "sigma is an opaque function"),
        ("relu'(z)", "a second derivative was asked for"),
        ("z*tahn(z)", "unknown function 'tahn'"),
        ("log(z)", "is defined where log(z) is defined"),
        ("sqrt(z)", "is defined where sqrt(z) is defined"),
        ("z +", "this is not an activation"),
        ("__import__('os')", "activation"),
        ("celu(0)", "celu with alpha = 0"),
    ],
)
def test_what_is_no_activation(text: str, said: str) -> None:
    with pytest.raises(sg.SymgradError, match="(?s)" + said.replace("(", r"\(").replace(")", r"\)")):
        sg.gain(text)
