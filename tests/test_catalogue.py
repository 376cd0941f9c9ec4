"""The catalogue: every entry passes, its results are proved or enclosed, its errata are errors, and JSON keeps it."""

import json
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

import symgrad as sg
import symgrad.derivation.step
from derivations import activations
from symgrad.cli.main import main
from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.data import to_data
from symgrad.derivation.restore import from_data
from symgrad.evidence.check import check
from symgrad.ops.activation import ACTIVATIONS

ENTRIES = catalogue()
SLOW = ("activations", "criticality", "identity-neuron", "initialisation", "lstm", "window")
"""Entries of which every step is checked in the campaign, and by ``make book``."""


@pytest.fixture(autouse=True, scope="module")
def _each_claim_is_checked_once():
    """Entries, choices among them and the page of errata share steps; a claim, a seed and digits are all of a check."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(symgrad.derivation.step, "check", cache(symgrad.derivation.step.check))
        yield


@cache
def checked(name):
    """An entry, written as JSON, read back, and checked."""
    return from_data(json.loads(json.dumps(to_data(ENTRIES[name].derivation())))).checked()


def results(derivation):
    """The steps that a section comes to."""
    steps = derivation.steps
    return [s for s, after in zip(steps, [*steps[1:], None], strict=True) if after is None or after.section]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in SLOW else name for name in ENTRIES]
)
def test_every_step_passes_and_every_result_is_proved_or_enclosed(name):
    derivation = checked(name)
    weak = [str(s.evidence) for s in derivation.steps if s.evidence.verdict < sg.Verdict.SAMPLED]
    assert weak == []
    assert [str(s.evidence) for s in results(derivation) if s.evidence.verdict < sg.Verdict.ENCLOSED] == []
    assert [e.printed for e in derivation.errata if not e.shown] == []
    assert derivation.verdict.passes


@pytest.mark.parametrize("name", ENTRIES)
def test_json_keeps_it_and_a_reader_is_told_of_every_step_why_it_is_so(name):
    derivation = ENTRIES[name].derivation()
    data = to_data(derivation)
    assert to_data(from_data(json.loads(json.dumps(data)))) == json.loads(json.dumps(data))
    assert derivation.source
    unsaid = [str(s.claim) for s in derivation.steps if not s.because and s.rule.name != "definition"]
    assert unsaid == []
    for erratum in derivation.errata:
        assert all(1 <= n <= len(derivation.steps) for n in erratum.steps)
    assert len({f.name for f in derivation.figures}) == len(derivation.figures)


NAMES = [name for part in activations.PARTS.values() for name in part]


def test_the_activations_of_the_entry_are_in_the_registry():
    said = " ".join(str(s.claim) for s in checked("activations").steps)
    assert [name for name in NAMES if f"{name}'(" not in said] == []
    assert set(NAMES) <= {f.name for f in ACTIVATIONS}


@pytest.mark.parametrize("activation", NAMES)
def test_one_activation_alone(activation):
    derivation = ENTRIES["activations"].derivation(activation=activation)
    assert any(f"{activation}'(" in str(s.claim) for s in derivation.steps)
    assert set(map(str, (s.claim for s in derivation.steps))) < set(
        map(str, (s.claim for s in checked("activations").steps))
    )


def test_the_table_of_activations_says_what_the_search_finds():
    [table] = [f for f in ENTRIES["activations"].derivation().figures if isinstance(f, sg.Table)]
    assert len(table.rows) == len(NAMES)
    for name, (_, top, at, least, *_) in zip(NAMES, table.rows, strict=True):
        found = sg.maximise(f"{name}'(z)", domain="z real", digits=20)
        slope = float(found.value)
        assert f"{slope:.4f}" == f"{float(Fraction(top.split(',')[0])):.4f}"
        assert f"{1 / slope:.4f}" == f"{float(least.removeprefix('> ')):.4f}"
        assert ("→" in at) == ("not reached" in top) == (">" in least) == (found.attained is False)
        if "." in at:
            assert f"{float(found.at):.4f}" == at


def test_an_activation_that_is_none():
    with pytest.raises(sg.SymgradError, match="unknown activation 'sine'"):
        ENTRIES["activations"].derivation(activation="sine")


def test_the_widest_window_is_found_by_an_optimiser_and_a_root_finder_too():
    steps = [s for s in checked("window").steps if str(s.claim).startswith("maximum")]
    assert len(steps) == 2
    for step in steps:
        assert [(c.method, str(c.verdict)) for c in step.evidence.checks] == [
            ("branch and bound, interval Newton", "ENCLOSED"),
            ("SciPy minimize_scalar", "SAMPLED"),
            ("mpmath findroot", "SAMPLED"),
        ]


def test_the_best_identity_neuron_is_no_better_with_other_digits():
    claim = checked("identity-neuron").steps[-1].claim
    for value in ("0.05605", "0.056050384"):
        assert str(check(type(claim)(**{**vars(claim), "value": value})).verdict) == "ENCLOSED"
    for value in ("0.05604", "0.05606"):
        assert str(check(type(claim)(**{**vars(claim), "value": value})).verdict) == "REFUTED"


def test_the_errata_of_the_docs_are_those_of_the_entries(tmp_path):
    page = tmp_path / "errata.md"
    assert main(["catalogue", "errata", "--format", "markdown", "-o", str(page)]) == 0
    assert page.read_text("utf-8") == (Path(__file__).parents[1] / "docs" / "errata.md").read_text("utf-8"), (
        "make readme writes docs/errata.md anew"
    )


CHOICES = [
    ("chain", {"depth": 1}, 23),
    ("chain", {"depth": 7, "activation": "tanh"}, 44),
    ("exploding", {"depth": 1, "weight": 3}, 9),
    ("deep-linear", {"depth": 40}, 53),
    ("backpropagation", {"layout": "numerator"}, 13),
    ("rnn", {"depth": 5, "k": 0, "d": 2, "layout": "denominator"}, 46),
    ("residual", {"depth": 2}, 20),
    ("lstm", {"layout": "denominator"}, 41),
    ("gru", {"layout": "denominator"}, 22),
]


@pytest.mark.parametrize(("name", "options", "steps"), CHOICES)
def test_a_reader_chooses_depth_activation_and_layout(name, options, steps):
    derivation = ENTRIES[name].derivation(**options).checked()
    assert derivation.verdict.passes
    assert len(derivation.steps) == steps
    assert derivation.layout == options.get("layout", "numerator")


@pytest.mark.parametrize(
    ("name", "options", "what"),
    [
        ("chain", {"activation": "relu"}, "no chain with 'relu'"),
        ("chain", {"layout": "numerator"}, "unknown option of chain 'layout'"),
        ("exploding", {"weight": 0}, "4 neurons with the weight 0"),
        ("rnn", {"depth": 1}, "the times 1 and 1"),
        ("rnn", {"d": "2.5"}, "d of rnn is '2.5'"),
        ("chain", {"depth": 0}, "a cascade through 0 neurons"),
        ("deep-linear", {"depth": 10**6}, "a table up to layer 1000000"),
        ("rnn", {"layout": "mixed"}, "unknown layout 'mixed'"),
        ("residual", {"depth": 60}, "cannot be written out"),
    ],
)
def test_a_choice_that_an_entry_does_not_have(name, options, what):
    with pytest.raises(sg.SymgradError, match=what):
        ENTRIES[name].derivation(**options)


@pytest.mark.parametrize("format_", ["text", "latex", "markdown", "html", "json"])
def test_the_command_line_shows_an_entry(format_, capsys):
    assert main(["catalogue", "show", "exploding", "--depth", "3", "--set", "weight=8", "--format", format_]) == 0
    shown = capsys.readouterr().out
    assert {"json": '"layout": "numerator"', "latex": r"\begin{align*}", "html": 'id="exploding-8"'}.get(
        format_, "against that of the last"
    ) in shown
    if format_ == "markdown":
        assert "$$ (exploding-8)" in shown


def test_results_are_the_last_step_of_each_section(capsys):
    assert main(["catalogue", "show", "chain", "--detail", "results"]) == 0
    shown = capsys.readouterr().out
    assert [n for n in range(1, 40) if f"\n({n}) " in shown] == [14, 24, 31, 35]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["catalogue", "show", "rn"], "did you mean 'rnn'"),
        (["catalogue", "show", "lstm", "--depth", "3"], "unknown option of lstm 'depth'"),
        (["catalogue", "show", "chain", "--depth", "0"], "is not a depth"),
        (["catalogue", "show", "chain", "--set", "depth"], "sets no option"),
        (["catalogue", "show", "chain", "--set", "depth=many"], "what to do"),
        (["catalogue", "show", "chain", "--notation", "nowhere.toml"], "nowhere.toml"),
        (["catalogue", "show", "chain", "--standalone"], "--standalone is for"),
        (["catalogue", "errata", "nothing"], "unknown derivation 'nothing'"),
        (["catalogue", "shwo"], "No such command"),
    ],
)
def test_a_mistake_gets_one_message(arguments, what, capsys):
    assert main(arguments) == 2
    assert what in capsys.readouterr().err
