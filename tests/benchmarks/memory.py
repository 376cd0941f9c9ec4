"""The memory of a chain of great depth, each task in a process of its own; on Linux."""

import subprocess
import sys
from dataclasses import dataclass

DEPTH = 100_000
START = "import numpy, sympy, flint, mpmath, symgrad as sg; from symgrad.arithmetic import ball, multiprecision"
DERIVE = f"g = sg.model('chain').derivative('C', 'b[1]', depth={DEPTH})"
VALUES = f"values = {{'w': [1.5] * {DEPTH}, 'b': [0.25] * {DEPTH}, 'a[0]': 0.5, 'y': 0}}"
COMMAND = "derive", "chain", "--of", "C", "--wrt", "b[1]", "--depth", "1000000", "--no-verify", "-o", "/dev/null"
MILLION = "g = sg.model('chain').derivative('C', 'b[1]', depth=10**6); from symgrad.calculus.expand import expand"
BIND = "m = sg.model('chain').bind('softsign', cost='quadratic')"
TASKS = {
    "the libraries alone": "",
    "derive, products kept": DERIVE,
    "… and write the 200,000 factors out": f"{DERIVE}; from symgrad.calculus.expand import expand; "
    f"expand(g.map, longest={DEPTH})",
    "… and print it": f"{DERIVE}; str(g)",
    "evaluate in float64": f"{BIND}; {VALUES}; m.derivative('C', 'b[1]').evaluate(values)",
    "evaluate in balls of 50 digits": f"{BIND}; {VALUES}; m.derivative('C', 'b[1]').evaluate(values, 'ball', 50)",
    "all gradients in float64": f"{BIND}; {VALUES}; m.gradients('C', values=values)",
    "all gradients in balls of 50 digits": f"{BIND}; {VALUES}; m.gradients('C', values=values, arithmetic='ball')",
    "`symgrad derive chain --of C --wrt 'b[1]' --depth 1000000 -o FILE`": "from symgrad.cli.main import main; "
    f"main({list(COMMAND)})",
    "depth 1,000,000, its 2,000,000 factors written out, to a file": f"{MILLION}; "
    "open('/dev/null', 'w').writelines(f'{x.c} ' for x in expand(g.map, longest=10**6).maps)",
}
MEASURE = """
import re, time, warnings
warnings.simplefilter("ignore")
start = time.process_time()
{task}
print(time.process_time() - start, re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1])
"""
"""The kernel's own high-water mark: that of getrusage is not less than what the process that started this one had."""


@dataclass(frozen=True)
class Peak:
    """CPU seconds, and the largest resident memory of the process in MB."""

    seconds: float
    megabytes: float


def peaks() -> dict[str, Peak]:
    """Run each task and return its cost."""
    found = {}
    for name, task in TASKS.items():
        program = START + MEASURE.format(task=task)
        done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
        elapsed, kilobytes = done.stdout.split()
        found[name] = Peak(float(elapsed), int(kilobytes) / 1024)
    return found
