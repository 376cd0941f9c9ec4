"""Of every test and doctest: it leaves the precision of the libraries and the tables of symgrad as they were."""

import sys

import pytest

from symgrad.network.functions import LINEAR
from symgrad.ops.elementwise import ELEMENTWISE

collect_ignore_glob = ["docs/examples/*"]  # projects of their own, which tests/test_examples.py builds
PRECISIONS = {"flint": "ctx", "mpmath": "mp"}
"""The libraries that keep a precision for all who use them, and where."""
TABLES = {"LINEAR": LINEAR, "ELEMENTWISE": ELEMENTWISE}
"""The tables of records to which a test may add one of its own, as an author does."""


@pytest.fixture(autouse=True)
def the_precision_is_left_as_it_was():
    """Fail a test after which FLINT or mpmath computes with another precision: the next one would suffer for it."""
    yield
    for library, context in PRECISIONS.items():
        if library in sys.modules:
            settings = getattr(sys.modules[library], context)
            left, settings.prec = settings.prec, 53
            assert left == 53, f"{library}.{context}.prec is {left} after the test, not 53: restore it where it is set"


@pytest.fixture(autouse=True)
def the_tables_are_left_as_they_were():
    """Fail a test after which a table of records has others: a record that is put in has to be taken out again."""
    before = {name: dict(table) for name, table in TABLES.items()}
    yield
    for name, table in TABLES.items():
        changed = {key for key in {*before[name], *table} if before[name].get(key) is not table.get(key)}
        assert not changed, f"{name} is not what it was before the test: {', '.join(sorted(changed))}"
