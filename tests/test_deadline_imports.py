"""Work that is limited in time is not interrupted in the middle of an import, and is right after it."""

import importlib
import signal
import sys

import pytest

from symgrad.deadline import TimeUp, limited

SLOW = """
import time
begun = True
end = time.monotonic() + 0.4
while time.monotonic() < end:
    pass
whole = True
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there nothing is interrupted")
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
