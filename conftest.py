"""What holds of every test and doctest: it leaves the precision of the libraries as it was."""

import sys

import pytest

PRECISIONS = {"flint": "ctx", "mpmath": "mp"}
"""The libraries that keep a precision for all who use them, and where."""


@pytest.fixture(autouse=True)
def the_precision_is_left_as_it_was():
    """Fail a test after which FLINT or mpmath computes with another precision: the next one would suffer for it."""
    yield
    for library, context in PRECISIONS.items():
        if library in sys.modules:
            settings = getattr(sys.modules[library], context)
            left, settings.prec = settings.prec, 53
            assert left == 53, f"{library}.{context}.prec is {left} after the test, not 53: restore it where it is set"
