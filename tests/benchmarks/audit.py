"""symgrad audit against the clock and the memory: a book of 1 MB, and hostile ones, each in a process of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from symgrad.audit.audit import audit_text

from .row import figure, shown

SIZE = 1_000_000
MEASURE = """
import re, sys, time
from pathlib import Path
from symgrad.audit.audit import audit_file
begin = time.perf_counter()
found = audit_file(Path(sys.argv[1]))
print(sum(found.counts.values()), time.perf_counter() - begin, re.search(r"VmHWM:\\s*(\\d+) kB",
      Path("/proc/self/status").read_text())[1])
"""
BOOK = ("the book of the catalogue in LaTeX, again and again", 5.0, 1000.0)
HOSTILE = {
    "formulas that are right": "$1=1$ ",
    "parentheses": "$" + "(" * 5_000 + "$ ",
    "fractions": "$" + r"\frac{1}{" * 300 + "2" + "}" * 300 + " = 3$ ",
    "towers": "$9^{9^{9^9}} = 3$ ",
    "factorials": "$100000! = 3$ ",
    "long sums": r"$\sum_{k=1}^{1000000} 1/k = 3$ ",
    "a chain of relations": "$" + "1=1=" * 3_000 + "1$ ",
    "derivatives": r"$\frac{d}{dx} x^x \sin(x^x) = x^x$ ",
    "integrals": r"$\int \frac{\sin x}{x^2+a^2} dx = \frac{1}{x} + C$ ",
    "identities that are wrong": r"$\sigma'(x) = \sigma(x)(1-\sigma(x))^2$ ",
    "dollars": "$ ",
    "listings": "```python\nx = 1.5\n" + "x = x * 1.5\n" * 200 + "print(x)  # 3\n```\n",
    "marks": "<!-- symgrad: skip -->\n",
}
LIMIT = (30.0, 1000.0)
"""Seconds and megabytes of a hostile file."""


@dataclass(frozen=True)
class Cost:
    """What one file of 1 MB took."""

    claims: int
    seconds: float
    megabytes: float


def cost(text: str, suffix: str) -> Cost:
    """Audit a text, repeated to 1 MB, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_text((text * (SIZE // len(text) + 1))[:SIZE], encoding="utf-8")
        program = [sys.executable, "-c", MEASURE, str(path)]
        done = subprocess.run(program, check=True, capture_output=True, text=True)
    claims, seconds, kilobytes = done.stdout.split()
    return Cost(int(claims), float(seconds), int(kilobytes) / 1024)


def book() -> str:
    """Return the body of the catalogue's book in LaTeX."""
    with tempfile.TemporaryDirectory() as folder:
        symgrad = Path(sys.executable).parent / "symgrad"
        subprocess.run([symgrad, "book", "-o", folder], check=True, stdout=subprocess.DEVNULL)
        text = (Path(folder) / "book.tex").read_text(encoding="utf-8")
    assert audit_text("book.tex", text).counts
    return text.partition(r"\begin{document}")[2].partition(r"\end{document}")[0]


def costs() -> Iterator[tuple[str, Cost, float, float]]:
    """Yield each file with its cost and its limits."""
    what, seconds, megabytes = BOOK
    yield what, cost(book(), ".tex"), seconds, megabytes
    for name, text in HOSTILE.items():
        yield f"hostile: {name}", cost(text, ".md"), *LIMIT


def section() -> list[str]:
    """Return the section of the page."""
    lines = ["## Auditing 1 MB", "", "Each file in a process of its own.", ""]
    lines += ["| file of 1 MB | claims | time | at most | memory | at most | |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: | --- |"]
    for what, c, seconds, megabytes in costs():
        met = c.seconds <= seconds and c.megabytes <= megabytes
        lines.append(
            f"| {what} | {c.claims:,} | {shown(c.seconds)} | {shown(seconds)} | {figure(c.megabytes)} MB "
            f"| {figure(megabytes)} MB | {'reached' if met else '**not reached**'} |"
        )
        print(lines[-1], flush=True)
    return lines


if __name__ == "__main__":
    section()
