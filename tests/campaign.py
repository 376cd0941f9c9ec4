"""One property at two lengths: a few examples in every run, many in a campaign."""

import functools

import pytest
from hypothesis import HealthCheck, given, settings

PATIENT = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def campaign(quick, long, *strategies):
    """Turn a property of drawn values into a test of ``quick`` examples, and of ``long`` ones where it is marked so.

    The property has an argument for each strategy, and no fixtures. It stays with the test as ``holds``, and what is
    drawn as ``strategies``, for a soak that draws from seeds of its own.
    """

    def turn(holds):
        @functools.wraps(holds, updated=())
        @pytest.mark.parametrize("examples", [quick, pytest.param(long, marks=pytest.mark.long)])
        def test(examples):
            settings(PATIENT, max_examples=examples)(given(*strategies)(holds))()

        del test.__wrapped__  # pytest would read the arguments of the property, which are no fixtures
        test.holds, test.strategies = holds, strategies
        return test

    return turn


def in_turn(cases, *options):
    """Return each case with one of the options, the next one with the next; with the others in the campaign.

    A case is a tuple, or a pytest.param of one.
    """
    found = []
    for n, case in enumerate(cases):
        values, name = getattr(case, "values", case), getattr(case, "id", None)
        for i, option in enumerate(options):
            marks = [] if n % len(options) == i else [pytest.mark.long]
            found.append(pytest.param(*values, option, marks=marks, id=name and f"{name}, {option}"))
    return found
