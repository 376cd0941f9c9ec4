"""Make random single mutants of the kernel, run the fast tests of their layer, and report the share that died.

    python -m tests.mutation --number 200 --seed 0 --results build/mutants.jsonl

The tests run in a copy of the tree, one mutant after the other; a run that was stopped goes on where it was. A mutant
is killed by a test that fails, or by one that takes too long. Survivors are printed: each is a hole of the tests, or
means the same as the original.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.mutants import Mutant, count, mutant

ROOT = Path(__file__).parent.parent.parent
TESTS = {
    "algebra": ["kernel_branches", "tree", "linear_map", "closed_forms", "backward", "indices", "gradients", "rows"],
    "arithmetic": ["interval", "arithmetic", "extreme_scores", "elementwise", "rows", "numbers_extrema"],
    "ops": [
        *("regularity", "records", "loss", "vector_functions", "extreme_scores", "matrix_functions", "units", "rows"),
        *("activation_formula", "elementwise"),
    ],
    "network": ["reader", "kernel_branches", "indices", "boundary", "vector_functions", "gradients", "rows"],
    "calculus": [
        *("forward_form", "second", "kernel_branches", "simplified", "projectors", "closed_forms", "backward"),
        *("indices", "units", "boundary", "evaluate", "gradients", "rows", "export"),
    ],
    "evidence": ["kernel_branches", "sign", "evidence", "backward", "claims", "mutants"],
}
"""The layers of the kernel, and the fast tests that cover each, those first that are quick."""
COPIED = ("symgrad", "tests", "derivations", "docs", "pyproject.toml", "README.md")


def modules() -> list[Path]:
    """Return the modules of the kernel, those that hold more than imports."""
    found = (p for layer in TESTS for p in sorted((ROOT / "symgrad" / layer).rglob("*.py")))
    return [p.relative_to(ROOT) for p in found if p.name != "__init__.py"]


def drawn(number: int, seed: int) -> Iterator[tuple[Path, Mutant]]:
    """Yield mutants of the kernel, each place as likely as any other."""
    texts = {p: (ROOT / p).read_text(encoding="utf-8") for p in modules()}
    places = [(p, n) for p, text in texts.items() for n in range(count(text))]
    for p, n in random.Random(seed).sample(places, min(number, len(places))):
        yield p, mutant(texts[p], n)


def tests_of(module: Path) -> list[str]:
    """Return what is run against a mutant: the doctests of its module, and the tests of its layer."""
    names = (f"tests/test_{name}.py" for name in TESTS[module.parts[1]])
    return [str(module), *(n for n in names if (ROOT / n).exists())]


def killed(module: Path, mutant: Mutant, folder: Path, seconds: float) -> str:
    """Return what killed a mutant, in a copy of the tree; nothing for one that survived."""
    original = (folder / module).read_text(encoding="utf-8")
    (folder / module).write_text(mutant.source, encoding="utf-8")
    try:
        return failure(tests_of(module), folder, seconds)
    finally:
        (folder / module).write_text(original, encoding="utf-8")


def failure(tests: list[str], folder: Path, seconds: float) -> str:
    """Return the first test that fails, "time" where they take too long, and nothing where all pass."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-m", "not long", "-p", "no:cacheprovider"]
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, "--doctest-modules", *tests],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "time"
    if done.returncode == 0:
        return ""
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0][:120] if failed else f"exit code {done.returncode}"


def main() -> int:
    """Run the campaign; exit code 0 if at least 95 % of the mutants died."""
    options = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    options.add_argument("--number", type=int, default=200)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--seconds", type=float, default=300, help="for the tests of one mutant")
    options.add_argument("--hours", type=float, default=24, help="after which no more mutants are begun")
    options.add_argument("--results", type=Path, default=ROOT / "build" / "mutants.jsonl")
    options.add_argument("--trusted", action="store_true", help="do not run the tests without a mutant first")
    given = options.parse_args()
    given.results.parent.mkdir(parents=True, exist_ok=True)
    lines = given.results.read_text(encoding="utf-8").splitlines() if given.results.exists() else []
    known = {(r["module"], r["line"], r["before"], r["after"]): r["killed"] for r in map(json.loads, lines)}
    end = time.monotonic() + 3600 * given.hours
    chosen = list(drawn(given.number, given.seed))
    with tempfile.TemporaryDirectory() as name, given.results.open("a", encoding="utf-8") as results:
        folder = Path(name)
        for part in COPIED:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        for layer in [] if given.trusted else sorted({module.parts[1] for module, _ in chosen}):
            if wrong := failure([f"tests/test_{name}.py" for name in TESTS[layer]], folder, 10 * given.seconds):
                print(f"without a mutant the tests of {layer} do not pass: {wrong}", file=sys.stderr)
                return 2
        for module, m in chosen:
            key = (str(module), m.line, m.before, m.after)
            if key in known or time.monotonic() > end:
                continue
            known[key] = killed(module, m, folder, given.seconds)
            row = dict(zip(("module", "line", "before", "after"), key, strict=True)) | {"killed": known[key]}
            results.write(json.dumps(row) + "\n")
            results.flush()
    return report([(str(p), m.line, m.before, m.after) for p, m in chosen], known)


def report(chosen: list[tuple[str, int, str, str]], known: dict[tuple[str, int, str, str], str]) -> int:
    """Print the survivors and the share of the mutants that died."""
    done = [key for key in chosen if key in known]
    survivors = [key for key in done if not known[key]]
    for module, line, before, after in sorted(survivors):
        print(f"{module}:{line}: {before[:100]}  ->  {after[:100]}")
    died = len(done) - len(survivors)
    print(f"{died} of {len(done)} mutants died ({100 * died / max(len(done), 1):.1f} %)")
    return 0 if done and died >= 0.95 * len(done) else 1


if __name__ == "__main__":
    sys.exit(main())
