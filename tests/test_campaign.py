"""What a property draws does not depend on what is loaded."""

import importlib.util
import sys

from campaign import PATIENT
from hypothesis import given, settings
from hypothesis import strategies as st


def drawn():
    numbers = []

    @settings(PATIENT, max_examples=400)
    @given(st.integers(0, 10**9))
    def draw(n):
        numbers.append(n)

    draw()
    return numbers


def test_constants_of_loaded_modules_are_not_drawn(tmp_path, monkeypatch):
    before = drawn()
    file = tmp_path / "full_of_numbers.py"
    file.write_text("NUMBERS = " + repr([123_456_000 + n for n in range(500)]))
    spec = importlib.util.spec_from_file_location("full_of_numbers", file)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "full_of_numbers", module)
    spec.loader.exec_module(module)
    assert drawn() == before
    assert not set(module.NUMBERS) & set(before)
