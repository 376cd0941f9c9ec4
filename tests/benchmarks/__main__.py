"""Measure everything and write docs/benchmarks.md; what stands there by hand, below the tables, is kept."""

import platform
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from . import all_gradients, audit, closed_form, experiments, float_code, memory, numbers, startup
from .row import HEAD, Row, figure, shown

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
MARK = "<!-- What follows is written by hand. -->"
LIBRARIES = ("sympy", "symengine", "numpy", "mpmath", "python-flint", "torch")


def main() -> None:
    """Run every measurement, print its row at once, and write the page."""
    rows: list[Row] = []
    gradients = (all_gradients.rigorous(), *all_gradients.machine())
    for row in (*closed_form.rows(), *gradients, *experiments.rows(), startup.row()):
        rows.append(row)
        print(row.markdown(), flush=True)
    parts = [
        _head(),
        HEAD,
        *[row.markdown() for row in rows],
        "",
        *float_code.section(),
        *_growth(),
        "",
        *_memory(),
        "",
        *numbers.section(),
        "",
        *audit.section(),
        "",
        MARK,
    ]
    kept = PAGE.read_text(encoding="utf-8").partition(MARK)[2] if PAGE.exists() else "\n"
    PAGE.write_text("\n".join(parts) + kept, encoding="utf-8")
    print(f"written: {PAGE}")


def _head() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"""# Benchmarks

`make bench` measures all of this again and writes the tables anew.

Measured on {date.today().isoformat()} on {_machine()}; CPython {platform.python_version()}, {versions}.

Ours and theirs run in turn in one process (for `--help`, in processes of their own). A time is the median, a ratio is
theirs / ours (ours / theirs for `--help`), the median over the pairs. Before each run garbage is collected, and for a
closed form all caches of symgrad and SymPy are emptied. Both sides begin with the same input: equations, Python floats,
or arrays (for PyTorch, tensors). Before gradients are timed, both results are compared.
"""


def _machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.platform()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{platform.system()}, {len(models)} cores of {models[0]}" if models else platform.platform()


def _growth() -> list[str]:
    times = closed_form.growth()
    head = ["## Depth", "", "∂C/∂b_1 of the chain, CPU time, the least of two runs.", ""]
    columns = " | ".join(f"{depth:,}" for depth in closed_form.GROWTH)
    table = [f"| depth | {columns} | exponent (at most 1.1) |", "| --- |" + " ---: |" * (len(closed_form.GROWTH) + 1)]
    for name, at in times.items():
        cells = " | ".join(shown(s) for s in at.values())
        table.append(f"| {name} | {cells} | {figure(closed_form.exponent(at))} |")
        print(table[-1], flush=True)
    return [*head, *table]


def _memory() -> list[str]:
    head = [
        "CPU time and memory at depth 100,000, in the last two rows at 1,000,000; each task in its own process, with",
        "the libraries loaded.",
        "",
    ]
    table = ["| task | CPU seconds | largest resident memory |", "| --- | ---: | ---: |"]
    for name, peak in memory.peaks().items():
        table.append(f"| {name} | {figure(peak.seconds)} | {peak.megabytes:,.0f} MB |")
        print(table[-1], flush=True)
    return [*head, *table]


if __name__ == "__main__":
    sys.exit(main())
