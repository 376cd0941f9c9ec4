"""Seeded mutants: a wrong rule must be refuted by verification, by the checks that the table names."""

from dataclasses import replace
from itertools import count

import pytest
from mutants import MISREAD, MUTANTS
from test_oracle import builtin, compare, hips

import symgrad as sg
from symgrad.evidence.evidence import Evidence
from symgrad.evidence.verdict import Verdict


@pytest.fixture
def put():
    """Replace attributes, of frozen records too, and restore them."""
    replaced = []

    def replace(holder, name, value):
        replaced.append((holder, name, getattr(holder, name)))
        assign(holder, name, value)

    yield replace
    for holder, name, value in reversed(replaced):
        assign(holder, name, value)


def assign(holder, name, value):
    """Set an attribute of a module, a class or a frozen record."""
    setter = type.__setattr__ if isinstance(holder, type) else object.__setattr__
    setter(holder, name, value)


NUMBERS = count()


def fresh(network):
    """Return a network by another name, so that nothing that was computed of it is remembered."""
    return replace(network, name=f"{network.name} {next(NUMBERS)}")


def verdicts(mutant):
    """Return the verdict of each check of the mutant's question."""
    model = fresh(sg.parse(mutant.text) if "=" in mutant.text else sg.model(mutant.text))
    evidence = model.derivative(mutant.of, mutant.wrt, depth=mutant.depth).verify(seed=0)
    return {c.method: c.verdict for c in evidence.checks}, evidence


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.what)
def test_without_the_mutant_the_derivative_verifies(mutant):
    found, evidence = verdicts(mutant)
    assert evidence.verdict.passes
    assert Verdict.REFUTED not in found.values()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.what)
def test_the_mutant_is_killed(mutant, put):
    mutant.install(put)
    found, evidence = verdicts(mutant)
    assert evidence.verdict is Verdict.REFUTED
    assert {method for method in ("backpropagation", "tangents") if found[method] is Verdict.REFUTED} == set(
        mutant.killers
    )
    assert evidence.counterexample


@pytest.mark.parametrize(("what", "install", "name", "of", "wrt", "page"), MISREAD, ids=[m[0] for m in MISREAD])
def test_a_wrong_meaning_of_an_operation_is_killed_by_the_oracle_alone(what, install, name, of, wrt, page, put):
    """Value, Jacobian and pull-back agree here on another operation: a right derivative of wrong equations.

    Only where the page writes the sign of the operation does its reader, who knows what the sign means, refute it too.
    """
    compare(hips, builtin(name), of, wrt, 2, seed=1)
    install(put)
    evidence = fresh(builtin(name)).derivative(of, wrt).verify()
    assert Evidence(evidence.claim, tuple(c for c in evidence.checks if not c.of_page)).verdict.passes
    assert [c.verdict for c in evidence.checks if c.of_page] == [page]
    with pytest.raises(AssertionError):
        compare(hips, fresh(builtin(name)), of, wrt, 2, seed=1)
