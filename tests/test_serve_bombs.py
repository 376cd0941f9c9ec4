"""Questions to the live page that would take ten gigabytes: each is answered or refused, and no worker grows so far."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra serve is not installed")

from symgrad.serve.limits import Limits
from symgrad.serve.pool import Pool

LIMITS = Limits(workers=1, seconds=10.0)
HUGE = "W: (40000, 40000)\nx: (40000,)\n"
BOMBS = {
    "a matrix of 13 GB": ("answer", {"equations": HUGE + "C = sum(tanh(W@x))", "of": "C", "wrt": ["x"]}),
    "a Jacobian of 500 TB": ("answer", {"equations": HUGE + "y = W@x", "of": "y", "wrt": ["W"]}),
    "products of Kronecker": (
        "answer",
        {"equations": "W: (200, 200)\nK = kron(W, W)\nC = tr(K@K)", "of": "C", "wrt": ["W"]},
    ),
    "2^800 products": ("model", {"equations": "x0 = w\n" + "\n".join(f"x{i + 1} = x{i}*x{i}" for i in range(800))}),
    "an exact number of 10^10 digits": ("audit", {"text": "$10^{10^{10}} = 3$, $(10^9)! = 1$, $9^{9^{9}} = 2$"}),
    "a sum of 10^10 terms": ("audit", {"text": r"$\sum_{k=1}^{10000000000} \frac{1}{k} = 3$"}),
    "a matrix of a page": ("audit", {"text": "$\\begin{pmatrix}" + "1 & " * 200_000 + "1\\end{pmatrix} = 1$"}),
}


def largest(pid: int) -> int:
    """Return the most memory that a process has held, in bytes."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(told.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc")
def test_what_would_take_ten_gigabytes_is_answered_or_refused_within_the_bound():
    async def ask():
        pool = Pool(LIMITS)
        await pool.start()
        try:
            return [await pool.ask(task, fields) for task, fields in BOMBS.values()], [
                largest(worker.process.pid) for worker in pool.workers
            ]
        finally:
            await pool.close()

    found, held = asyncio.run(ask())
    for name, answer in zip(BOMBS, found, strict=True):
        assert set(answer) in ({"result"}, {"error"}), name
    assert held
    assert max(held) < LIMITS.memory


ALLOCATE = f"""
import json, sys
import symgrad.serve.tasks
from symgrad.serve.worker import _bound_memory, answered

def bomb(arguments, seconds):
    if arguments["how"] == "bytes":
        return len(bytearray(10 * 2**30))
    import numpy
    return float(numpy.ones(10 * 2**27).sum())

symgrad.serve.tasks.find_task = lambda name: bomb
import numpy
_bound_memory({LIMITS.memory})
print(json.dumps(answered("bomb", {{"how": sys.argv[1]}}, 10.0, {LIMITS.memory})["error"]["what"]))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc")
@pytest.mark.parametrize("how", ["bytes", "numpy"])
def test_an_allocation_at_once_that_no_clock_sees_is_refused_too(how):
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = [sys.executable, "-c", ALLOCATE, how]
    done = subprocess.run(run, capture_output=True, text=True, timeout=100, check=False, env=path)
    assert f"{LIMITS.memory // 2**20:,} MB" in done.stdout, done.stderr
