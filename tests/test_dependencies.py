"""What is installed: every dependency has a floor, and what is locked satisfies pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from floors import DEVELOPERS, floors
from lock import BUILD, EXTRAS, LOCK, locked
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPTIONAL = PROJECT["optional-dependencies"]
ASKED = [*PROJECT["dependencies"], *(x for extra in EXTRAS.split(",") for x in OPTIONAL[extra]), *BUILD]


def name_of(requirement):
    return requirement.name.lower().replace("_", "-")


@pytest.mark.parametrize("asked", sorted(set(ASKED)))
def test_what_is_locked_satisfies_what_is_asked_for(asked):
    requirement = Requirement(asked)
    version, digest = locked(LOCK.read_text(encoding="utf-8"))[name_of(requirement)]
    assert requirement.specifier.contains(version)
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest)


def test_the_lock_has_nothing_else_than_versions_and_digests():
    text = LOCK.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) == len(locked(text)) > 20
    assert lines == sorted(lines)
    assert not re.search(r"https?:|//|--index|--find-links", text)


def test_every_dependency_of_a_user_has_a_floor():
    users = [x for name, extra in OPTIONAL.items() if name not in DEVELOPERS for x in extra] + PROJECT["dependencies"]
    assert len(floors(PROJECT)) == len({name_of(Requirement(x)) for x in users})


def test_make_installs_the_extras_that_are_locked():
    assert f"EXTRAS := {EXTRAS}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
