"""Certified numbers: the window's width beside mpmath's root finder, a power as a whole process, a range over a box."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import mpmath

import symgrad as sg

from .pairs import in_pairs, seconds
from .row import HEAD, Row, shown

SYMGRAD = Path(sys.executable).parent / "symgrad"


def window(digits: int) -> tuple[str, str]:
    """Enclose the argmax and the maximum of z / (2 cosh²(z/2)), and prove that it is the only one."""
    found = sg.maximise("z/(2*cosh(z/2)^2)", "z", "[0, oo)", digits)
    assert found.proved
    assert found.unique
    return found.at.to(digits), found.value.to(digits)


def by_mpmath(digits: int) -> tuple[str, str]:
    """Return the root of the derivative that mpmath's root finder gives from 1.5, and the value there; no proof."""
    with mpmath.workdps(digits + 10):
        f = _by_border
        z = mpmath.findroot(lambda z: mpmath.diff(f, z), 1.5)
        return mpmath.nstr(z, digits, strip_zeros=False), mpmath.nstr(f(z), digits, strip_zeros=False)


def _by_border(z: mpmath.mpf) -> mpmath.mpf:
    return z / (2 * mpmath.cosh(z / 2) ** 2)


def rows() -> Iterator[Row]:
    """Measure the window at 40 and at 1,000 digits; both results must agree."""
    for digits, rounds in ((40, 31), (1_000, 7)):
        for mine, theirs in zip(window(digits), by_mpmath(digits), strict=True):
            assert mine[: digits - 5] == theirs[: digits - 5]
        pairs = in_pairs(partial(window, digits), partial(by_mpmath, digits), rounds)
        what = f"the window's argmax and maximum to {digits:,} digits, with the proof that it is the only one"
        yield Row(what, "mpmath, `findroot` on its `diff`, no proof", pairs, 1)
    run = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL)
    peer = [[sys.executable, "-c", "import mpmath"], [SYMGRAD, "--version"]]
    pairs = in_pairs(partial(run, [SYMGRAD, "power", "1.5", "149"]), lambda: [run(command) for command in peer], 31)
    what = "`symgrad power 1.5 149`, the whole process"
    yield Row(what, "`python -c 'import mpmath'` and then `symgrad --version`", pairs, 1.5, inverse=True)


def limits() -> Iterator[tuple[str, float, float]]:
    """Yield what is measured against the clock, the median of its seconds, and how many it may take."""
    yield "the window's argmax and maximum to 40 digits, proved", _median(partial(window, 40), 31), 0.02
    yield "the same to 1,000 digits", _median(partial(window, 1_000), 7), 1
    yield "the range of ∂C/∂b_1 of a chain of depth 4 over -1 ≤ w, b, x ≤ 1, y = 0, to 1 %", _median(box, 3), 2


def box() -> None:
    """Enclose the gradient over the box, to 1 % of the width of its range."""
    g = sg.model("chain").bind("logistic", cost="quadratic").derivative("C", "b[1]")
    found = g.enclose({"w": (-1, 1), "b": (-1, 1), "a[0]": (-1, 1), "y": 0}, width=0.01, depth=4)
    assert found.complete


def _median(run, rounds: int) -> float:
    run()
    return sorted(seconds(run) for _ in range(rounds))[rounds // 2]


def section() -> list[str]:
    """Return the section of the page."""
    lines = ["## Certified numbers", "", HEAD]
    for row in rows():
        lines.append(row.markdown())
        print(lines[-1], flush=True)
    lines += ["", "| what | time | at most | |", "| --- | ---: | ---: | --- |"]
    for what, time, most in limits():
        lines.append(f"| {what} | {shown(time)} | {shown(most)} | {'reached' if time <= most else '**not reached**'} |")
        print(lines[-1], flush=True)
    return lines


if __name__ == "__main__":
    section()
