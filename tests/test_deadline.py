"""Work that is limited in time is not interrupted in the middle of an import or of what ends a context."""

import importlib
import signal
import sys
import time
from contextlib import contextmanager, suppress

import pytest
from flint import ctx

from symgrad.arithmetic import arithmetic
from symgrad.deadline import TimeUp, limited

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there nothing is interrupted")

SLOW = """
import time
begun = True
end = time.monotonic() + 0.4
while time.monotonic() < end:
    pass
whole = True
"""


def test_an_import_is_not_left_half_done(tmp_path, monkeypatch):
    (tmp_path / "slow_to_import.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "slow_to_import", raising=False)
    with pytest.raises(TimeUp):
        imports_and_goes_on()
    assert sys.modules["slow_to_import"].whole
    monkeypatch.delitem(sys.modules, "slow_to_import")


def imports_and_goes_on():
    with limited(0.1):
        importlib.import_module("slow_to_import")
        while True:
            pass


def test_an_interruption_is_one_whatever_a_library_makes_of_it():
    def library():
        try:
            while True:
                time.sleep(0.001)
        except TimeUp:
            raise SystemError("a library's own") from None

    with pytest.raises(TimeUp), limited(0.05):
        library()


def test_an_error_of_the_work_itself_stays_what_it_is():
    with pytest.raises(ZeroDivisionError), limited(10):
        1 / 0  # noqa: B018


def test_the_end_of_a_context_is_not_interrupted():
    left = []

    @contextmanager
    def slow_to_end():
        try:
            yield
        finally:
            time.sleep(0.2)  # the time is over here, and the signal rings
            for _ in range(1000):
                left.append(1)

    with suppress(TimeUp), limited(0.05), slow_to_end():
        pass
    assert len(left) == 1000


def test_the_precision_is_as_before_wherever_the_time_is_over():
    before = ctx.prec
    for seconds in (0.001, 0.002, 0.003, 0.005, 0.008):
        with pytest.raises(TimeUp), limited(seconds):
            sets_a_precision_again_and_again()
        assert ctx.prec == before


def sets_a_precision_again_and_again():
    ball = arithmetic("ball", digits=50)
    while True:
        with ball.working():
            ball.number(3)
