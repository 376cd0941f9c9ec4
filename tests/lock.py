"""The versions and digests that continuous integration installs: ``make lock`` writes them to .ci/lock.txt.

They are what pip chooses for pyproject.toml on the Python and the machine that it runs on, which the file names; on
another one ``make`` installs what pyproject.toml asks for.
"""

import json
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / ".ci/lock.txt"
EXTRAS = "test,experiments,typst"
BUILD = ("hatchling>=1.25", "editables")
"""What an editable installation needs."""


def machine() -> str:
    """Return the Python and the machine, as CPython 3.11 on Linux x86_64."""
    version = ".".join(platform.python_version_tuple()[:2])
    return f"{platform.python_implementation()} {version} on {platform.system()} {platform.machine()}"


def locked(text: str) -> dict[str, tuple[str, str]]:
    """Return version and digest by name.

    >>> locked("# of\\nclick==8.5.1 --hash=sha256:ab\\n")
    {'click': ('8.5.1', 'sha256:ab')}
    """
    return {n: (v, h) for n, v, h in re.findall(r"^(\S+)==(\S+) --hash=(\S+)$", text, re.MULTILINE)}


def chosen() -> list[str]:
    """Return a line for each package that pip chooses."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([*pip, "--report", str(report), f"{ROOT}[{EXTRAS}]", *BUILD], check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    lines = []
    for package in found:
        about, where = package["metadata"], package["download_info"]
        if about["name"] != "symgrad":
            digest = where["archive_info"]["hashes"]["sha256"]
            lines.append(f"{about['name'].lower().replace('_', '-')}=={about['version']} --hash=sha256:{digest}")
    return sorted(lines)


if __name__ == "__main__":
    if sys.argv[1:] == ["machine"]:  # whether the lock is of this one
        sys.exit(f"# {machine()}\n" not in LOCK.read_text(encoding="utf-8"))
    head = f"# What .ci/run installs; `make lock` writes it anew.\n# {machine()}\n"
    LOCK.write_text(head + "\n".join(chosen()) + "\n", encoding="utf-8")
