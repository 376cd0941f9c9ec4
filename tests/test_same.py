"""Two formulas that someone types: equal, equal on a part of the domain, or different, in LaTeX and as plain text."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import symgrad as sg
from symgrad.cli.main import main
from symgrad.errors import ReadError
from symgrad.evidence.verdict import Verdict

EQUAL = [
    (r"\sigma'(z)", r"\sigma(z)(1-\sigma(z))", "PROVED"),
    ("sigma'(z)", r"\sigma(z) \cdot (1 - \sigma(z))", "PROVED"),
    ("sin(x)^2 + cos(x)^2", "1", "PROVED"),
    ("tanh(x)", "2*sigma(2x) - 1", "PROVED"),
    (r"\tanh x", r"\frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}", "PROVED"),
    ("log(1 + exp(x))", "softplus(x)", "PROVED"),
    ("relu(x)", "max(0, x)", "PROVED"),
    ("relu(x) - relu(-x)", "x", "PROVED"),
    ("abs(x)", "x*sign(x)", "PROVED"),
    ("(a+b)^2", "a^2 + 2a b + b^2", "PROVED"),
    (r"\lambda x + \mu x", "(lambda + mu)*x", "PROVED"),
    ("0.1 + 0.2", "0.3", "PROVED"),
    (r"5! \cdot 2", r"\sum_{k=1}^{15} 2k", "PROVED"),
    (r"\frac{d}{dx} x^2", "2x", "SAMPLED"),
    (r"\sum_{i=1}^{3} i x", "6x", "SAMPLED"),
]


@pytest.mark.parametrize(("left", "right", "verdict"), EQUAL)
def test_equal(left, right, verdict):
    found = sg.same(left, right)
    assert found
    assert str(found.verdict) == verdict
    assert not found.different


@pytest.mark.parametrize(
    ("left", "right", "domains"),
    [
        ("sqrt(x^2)", "x", ["x ≥ 0"]),
        ("sqrt(x^2)", "-x", ["x ≤ 0"]),
        ("x/x", "1", ["x < 0", "x > 0"]),
        ("log(x^2)", "2 log(x)", ["x > 0"]),
        ("relu(x - 1/3)", "x - 1/3", ["x ≥ 1/3"]),
        ("|x-1| + |x+1|", "2", ["-1 ≤ x ≤ 1"]),
        ("sqrt(x)*sqrt(y)", "sqrt(x*y)", ["x > 0, y > 0"]),
        (r"\frac{x^2 - 1}{x - 1}", "x + 1", ["x < 1", "x > 1"]),
        ("log(x*y)", "log(x) + log(y)", ["x > 0, y > 0"]),
    ],
)
def test_equal_on_a_part(left, right, domains):
    found = sg.same(left, right)
    assert not found
    assert [domain for domain, _, _ in found.where] == domains
    assert found.different or found.undefined


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("(x+1)^2", "x^2 + 1"),
        (r"\sigma'(z)", r"\sigma(z)(1+\sigma(z))"),
        ("sin(2x)", "2 sin(x)"),
        ("exp(x + y)", "exp(x) + exp(y)"),
        ("0.1 + 0.2", "0.31"),
        (r"\frac{d}{dx} x^3", "3x"),
        ("tanh'(x)", "1 - tanh(x)"),
        ("exp(1000)", "exp(1000) + 1"),
        ("1e-400", "2e-400"),
        ("5!", "121"),
    ],
)
def test_different(left, right):
    found = sg.same(left, right)
    assert found.verdict is Verdict.REFUTED
    assert found.different
    assert not found.where or found.where[0][0] == "some points"


@pytest.mark.parametrize(("left", "right"), [("x", "x + 10^{-30} x"), ("1/3", "0.33333333333333")])
def test_the_values_that_differ_are_shown_to_the_digit_that_does(left, right):
    first, second = sg.same(left, right).different.rpartition(": ")[2].split(" against ")
    assert first != second


def test_a_difference_is_at_the_plainest_point():
    assert sg.same("(x+1)^2", "x^2 + 1").different == "at x = 1: 4.00000 against 2.00000"
    assert sg.same("1/(1+exp(-x))", "lambda").different.startswith("at x = 0, lambda = 0:")


def test_numbers_that_are_too_long_to_compare_are_not_called_equal():
    assert sg.same("exp(10^9)", "exp(10^9) + 1").verdict is Verdict.UNKNOWN


def test_where_both_are_defined_they_are_equal():
    found = sg.same("log(x^2)", "2 log|x|")
    assert found
    assert found.shared
    assert [domain for domain, _, _ in found.where] == ["x < 0", "x > 0"]


def test_a_domain_is_taken_as_given():
    assert sg.same("sqrt(x^2)", "x", "x > 0").verdict is Verdict.PROVED
    assert sg.same("log(x*y)", "log(x) + log(y)", "x > 0", "y > 0").verdict is Verdict.PROVED
    assert not sg.same("sqrt(x^2)", "x", "x > -1")


def test_another_reading_is_said():
    found = sg.same(r"\log_{10} x", r"\log x")
    assert found
    assert found.reading == "log to base 10"
    assert "read with log to base 10" in str(found)


def test_the_end_of_a_part_is_found_exactly():
    found = sg.same("|x - 3/7|", "x - 3/7")
    assert [domain for domain, _, _ in found.where] == [f"x ≥ {Fraction(3, 7)}"]


def test_an_end_that_is_no_fraction_is_rounded_inwards():
    found = sg.same("|x^2 - 2|", "x^2 - 2")
    assert [domain for domain, _, _ in found.where] == ["x ≤ -1.414214", "x ≥ 1.414214"]


@pytest.mark.parametrize("text", ["f(x)", "x = 2", "", "x +", r"\begin{foo}", "1" * 3_000, "x ; y", "(" * 900 + "x"])
def test_what_is_no_formula_is_refused(text, capsys):
    with pytest.raises(ReadError) as caught:
        sg.same(text, "x")
    assert caught.value.todo
    assert main(["same", "x", text]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_command(capsys):
    assert main(["same", "sin(x)^2+cos(x)^2", "1"]) == 0
    assert capsys.readouterr().out == "PROVED  equal: SymPy simplify\n"
    assert main(["same", "sqrt(x^2)", "-x", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["equal_for"][0]["domain"] == "x ≤ 0"
    assert main(["same", "sqrt(x^2)", "x", "--for", "x >"]) == 2
