"""One property at two lengths: a few drawn examples in every run, many in a campaign."""

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
