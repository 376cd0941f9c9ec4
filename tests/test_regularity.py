"""How smooth a function is, derived from its rule: against a table, and against its values in float64."""

from __future__ import annotations

import pytest

import symgrad as sg
from symgrad.network.formula import read_formula
from symgrad.ops.elementwise import ACTIVATIONS, ELEMENTARY, ELEMENTWISE, Elementwise
from symgrad.ops.regularity import Regularity, of_expression, regularity, slope_regularity

WITH_KINKS = {"abs", "negative_part", "relu", "leaky_relu", "elu", "selu", "softsign", "celu"}
WITH_KINKS |= {"hard_tanh", "relu6", "hard_sigmoid", "hard_swish"}
WITH_JUMPS = {"sign", "step"}
HARD_TANH = Elementwise(
    "hard_tanh_of_a_test",
    value=lambda A, x: A.relu(x + 1) - A.relu(x - 1) - 1,
    slope=lambda A, x: A.step(x + 1) - A.step(x - 1),
)


@pytest.mark.parametrize("record", [*ELEMENTARY, *ACTIVATIONS], ids=lambda r: r.name)
def test_a_record_is_as_regular_as_its_rule(record: Elementwise) -> None:
    jumps, kinks = record.name in WITH_JUMPS, record.name in WITH_KINKS
    expected = Regularity.DISCONTINUOUS if jumps else Regularity.CONTINUOUS if kinks else Regularity.ANALYTIC
    assert regularity(record) is expected


@pytest.mark.parametrize("record", [*ELEMENTARY, *ACTIVATIONS], ids=lambda r: r.name)
def test_a_slope_is_as_regular_as_its_rule(record: Elementwise) -> None:
    if record.name in ("softsign", "celu"):
        assert slope_regularity(record) is Regularity.CONTINUOUS
    elif record.name in WITH_KINKS | WITH_JUMPS:
        assert slope_regularity(record) is Regularity.DISCONTINUOUS
    else:
        assert slope_regularity(record) is Regularity.ANALYTIC


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x**2 + tanh(x)/3", "ANALYTIC"),
        ("softmax_cross_entropy(x, y)", "ANALYTIC"),
        ("exp(abs(x))", "CONTINUOUS"),
        ("x*relu'(x)", "DISCONTINUOUS"),
        ("softsign'(x)", "CONTINUOUS"),
        ("sigma(x)", "UNKNOWN"),
        ("cost(x, y)", "UNKNOWN"),
        ("sum(relu(x))", "CONTINUOUS"),
    ],
)
def test_an_expression_is_as_regular_as_its_least_regular_part(text: str, expected: str) -> None:
    assert of_expression(read_formula(text).expression).name == expected


def test_a_rule_that_does_not_run_on_symbols_is_unknown() -> None:
    branching = Elementwise("branching", value=lambda A, x: x if x > 0 else -x, slope=lambda A, x: A.sign(x))
    assert regularity(branching) is Regularity.UNKNOWN
    assert regularity(Elementwise("odd", value=lambda A, x: A.arccosh(x), slope=lambda A, x: x)) is Regularity.UNKNOWN


def test_an_activation_with_kinks_is_not_analytic_without_being_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ELEMENTWISE, HARD_TANH.name, HARD_TANH)
    found = sg.maximise(f"{HARD_TANH.name}(x)", domain="0 <= x <= 3/2")
    assert found.value is not None
    assert found.value.exact == 1
    assert (found.where, found.attained, found.unique) == ("on [1.000000000, 1.500000000]", True, False)
