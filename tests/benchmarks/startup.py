"""How long the command line takes to say what it can do, beside Python itself."""

import subprocess
import sys
from functools import partial
from pathlib import Path

from .pairs import in_pairs
from .row import Row

SYMGRAD = Path(sys.executable).parent / "symgrad"


def row() -> Row:
    """Measure `symgrad --help` against `python -c pass`, whole processes."""
    run = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL)
    pairs = in_pairs(partial(run, [SYMGRAD, "--help"]), partial(run, [sys.executable, "-c", "pass"]), 31)
    return Row("`symgrad --help`, the whole process", "`python -c pass`", pairs, 3, inverse=True)
