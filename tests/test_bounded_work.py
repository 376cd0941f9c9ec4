"""Generated networks that are deep, wide or tangled: each is answered, or refused, within 30 s of CPU and 1 GB."""

import json
import os
import subprocess
import sys

import pytest

from symgrad.cli.main import main

resource = pytest.importorskip("resource")

SECONDS, MEMORY = 30, 1 << 30

PROGRAM = f"""
import json, resource, sys
resource.setrlimit(resource.RLIMIT_DATA, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
import symgrad as sg
text, of, wrt, depth, what = json.load(sys.stdin)
try:
    form = sg.parse(text).derivative(of, wrt, depth)
    if what == "print":
        print(len(str(form)) < 10_000)
    elif what == "evaluate":
        import numpy as np
        form.evaluate(dict(W=np.ones((1000, 1000)), x=np.ones(1000)))
    else:
        from symgrad.evidence.verify import verify
        print(verify(form).verdict)
except sg.SymgradError as error:
    print(type(error).__name__)
"""

CHAIN = "z[j] = w[j]*a[j-1] + b[j]\na[j] = sigma(z[j])\nC = cost(a[L])"


def tangle(n):
    """A step of n equations, each of which reads all before it."""
    reads = ["s[j-1]" + "".join(f" + w*z{k}[j]" for k in range(i)) for i in range(n)]
    return "\n".join([*(f"z{i}[j] = tanh({r})" for i, r in enumerate(reads)), f"s[j] = z{n - 1}[j]", "E = loss(s[L])"])


def diamonds(n):
    """A chain of n diamonds, 2^n paths."""
    lines = [f"a{i} = tanh(x{i})\nb{i} = sin(x{i})\nx{i + 1} = a{i} + b{i}" for i in range(n)]
    return "\n".join(["x0 = w", *lines, f"E = loss(x{n})"])


def nested(n):
    return f"s[j] = {'tanh(' * n}w*s[j-1]{')' * n}\nE = loss(s[L])"


def layer_norm(n):
    return f"x: ({n},)\nmu = sum(x)/{n}\nv = sum((x - mu)**2)/{n}\ny = (x - mu)/sqrt(v + eps)\nE = loss(y)"


def doubled(n):
    return "\n".join(f"x{i + 1} = 2*x{i}" for i in range(n))


def chained(n):
    return "\n".join([f"x1[j] = w*x{n}[j-1]", *(f"x{i + 1}[j] = tanh(x{i}[j])" for i in range(1, n))])


def openings(n):
    return "\n".join([*(f"m{i + 1} = m{i} + v" for i in range(n)), f"s[j] = tanh(w*s[j-1] + m{n})", "E = loss(s[L])"])


WORK = [
    ("equations that read each other", tangle(50), "E", "s[0]", None, "verify", "TooLarge"),
    ("a few of them", tangle(6), "E", "s[0]", None, "verify", "PROVED"),
    ("2^22 paths", diamonds(22), "E", "w", None, "verify", "PROVED"),
    ("a deep call", nested(95), "E", "s[0]", None, "verify", "PROVED"),
    ("layer norm", layer_norm(8), "E", "x", None, "verify", "PROVED"),
    ("a huge matrix", "W: (10000000, 10000000)\nx: (10000000,)\nE = sum(W@x)", "E", "x", None, "verify", "PROVED"),
    ("a huge Jacobian", "W: (d, d)\nx: (d,)\ny = W@x", "y", "W", None, "evaluate", "TooLarge"),
    ("many equations", doubled(1_000), "x1000", "x0", None, "verify", "PROVED"),
    ("a long step", chained(100), "x100[L]", "w", None, "verify", "PROVED"),
    ("many openings", openings(300), "E", "v", None, "verify", "PROVED"),
    ("a million layers", CHAIN, "C", "b[1]", 1_000_000, "print", "True"),
    ("ten thousand layers", CHAIN, "C", "b[1]", 10_000, "print", "False"),
]


@pytest.mark.parametrize(
    ("text", "of", "wrt", "depth", "what", "outcome"), [r[1:] for r in WORK], ids=[r[0] for r in WORK]
)
def test_work_is_bounded(text, of, wrt, depth, what, outcome):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([text, of, wrt, depth, what]),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert (done.returncode, done.stdout.strip()) == (0, outcome), done.stderr[-2_000:]


def test_a_command_ends_in_its_time(tmp_path, capsys):
    """Fifty equations of which each reads two others of the step before."""
    pairs = [(i, (i + 1) % 50, (i + 7) % 50) for i in range(50)]
    steps = [f"z{i}[j] = tanh(w*z{a}[j-1] + z{b}[j-1])" for i, a, b in pairs]
    file = tmp_path / "tangled.eq"
    file.write_text("\n".join([*steps, "C = cost(z49[L])"]))
    assert main(["derive", str(file), "--of", "C", "--wrt", "w", "--timeout", "0.5"]) == 2
    assert "--timeout 5" in capsys.readouterr().err
