"""The oldest versions that pyproject.toml promises to work with, as constraints for pip: ``make test-floor``."""

import re
import tomllib
from pathlib import Path

DEVELOPERS = {"test", "fuzz", "bench", "long"}
"""Extras whose oldest versions are not promised: nothing that a user installs needs them."""


def floors(project: dict) -> list[str]:
    """Return name==version for every ``name>=version``.

    >>> floors({"dependencies": ["click>=8.1"], "optional-dependencies": {"figures": ["matplotlib>=3.10"]}})
    ['click==8.1', 'matplotlib==3.10']
    """
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(x for name in extras if name not in DEVELOPERS for x in extras[name])]
    found = {re.sub(r"\[.*?\]", "", x).partition(";")[0].strip().replace(">=", "==") for x in wanted if ">=" in x}
    return sorted(found)


if __name__ == "__main__":
    told = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    print("\n".join(floors(told["project"])))
