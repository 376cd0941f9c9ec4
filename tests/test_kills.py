"""kill -9 in the middle: a few moments of each command that keeps what is finished; ``make kills`` has two hundred."""

import os

import pytest
from kills import COMMANDS, killed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="it is killed otherwise there")


LONG = pytest.mark.long
TIMES = [("audit", 3), ("weave", 2), pytest.param("experiment", 2, marks=LONG), pytest.param("book", 2, marks=LONG)]


@pytest.mark.parametrize(("name", "number"), TIMES)
def test_nothing_is_lost_or_half_written(name, number):
    assert name in COMMANDS
    assert list(filter(None, killed(name, number))) == []
