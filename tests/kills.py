"""kill -9 at random moments of commands that write: ``make kills``, or python -m tests.kills --number 200.

A command is begun, killed, and begun again, until it ends; then anew, until it was killed so often. After each kill
every file that it writes is as it was or whole, and nothing that was finished before is lost; where it ends, its files
are those of a run that nobody killed. A file that was being written stays beside its place, hidden, as .NAME.*.part:
nothing reads it, and the next process that writes NAME takes it away.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
PAGE = """The Jacobian is

<!-- symgrad: chain of=a[L] wrt=b[1] -->
<!-- symgrad: end -->

and 1.5^149 is <!-- symgrad: power 1.5 149 digits=3 -->0<!-- symgrad: end -->.
"""


def library(folder: Path) -> None:
    """Write what is audited."""
    (folder / "lib").mkdir()
    for n in range(40):
        text = f"So ${n} \\cdot 11 = {11 * n}$ and $1.5^3 = 3.375$.\n\n"
        (folder / f"lib/{n:02}.md").write_text(text * 10)


def page(folder: Path) -> None:
    """Write what is woven."""
    (folder / "page.md").write_text(PAGE)


@dataclass(frozen=True)
class Killed:
    """A command that is killed: what it needs, what it writes, and the file in which it keeps what is finished."""

    arguments: tuple[str, ...]
    writes: str
    prepare: Callable[[Path], None] = lambda _: None
    keeps: str = ""


COMMANDS = {
    "book": Killed(
        ("book", "exploding", "--pdf", "none", "-o", "out", "--workers", "2"), "out", keeps=".checked.jsonl"
    ),
    "experiment": Killed(
        ("experiment", "accuracy", "--hidden", "4", "--hidden", "5,4", "--epochs", "1", "--runs", "2", "-o", "out"),
        "out",
        keeps=".accuracy.jsonl",
    ),
    "weave": Killed(("weave", "page.md"), ".", page),
    "audit": Killed(("audit", "lib", "--workers", "2", "--out", "out"), "out", library, "1-of-1.jsonl"),
}


def files(folder: Path) -> dict[str, bytes]:
    """Return what the files below a folder hold, but for those that are hidden or of Python."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and not any(part.startswith(".") for part in p.relative_to(folder).parts)
    }


def finished(path: Path) -> list[bytes]:
    """Return the results that are kept, whole lines."""
    lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    return [line for line in lines[1:] if line.endswith(b"\n")]


def begun(command: Killed, folder: Path) -> subprocess.Popen[bytes]:
    """Begin a command in a folder."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    settings = {**os.environ, "PYTHONPATH": path, "SYMGRAD_CACHE": str(folder / ".cache")}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-m", "symgrad", *command.arguments], cwd=folder, env=settings, **silent)


def killed(name: str, number: int, seed: int = 0) -> Iterator[str]:
    """Kill a command so often, and yield what each time was found wrong, or ""."""
    command, draw = COMMANDS[name], Random(f"{name} {seed}")
    with TemporaryDirectory() as beside:
        whole = Path(beside, "whole")
        whole.mkdir()
        command.prepare(whole)
        before = files(whole)
        start = time.monotonic()
        assert begun(command, whole).wait() == 0
        longest, right = time.monotonic() - start, files(whole)
        folder, done, ended = Path(beside, "0"), [], True
        for n in range(number):
            if ended:  # begin from nothing
                folder, done = Path(beside, f"{n + 1}"), []
                folder.mkdir()
                command.prepare(folder)
            process = begun(command, folder)
            time.sleep(draw.uniform(0, longest))
            process.kill()
            ended = process.wait() == 0
            now = finished(folder / command.writes / command.keeps) if command.keeps else []
            yield "; ".join(_wrong(files(folder), before, right, command, done if not ended else [], now))
            done = now
            if ended:
                shutil.rmtree(folder)
        if ended:
            return
        if begun(command, folder).wait() != 0 or files(folder) != right:
            yield "begun again to its end, it does not write what a run that nobody killed does"
        if left := [str(p) for p in folder.rglob(".*.part") if ".cache" not in p.parts]:
            yield f"left behind: {', '.join(left)}"


def _wrong(
    found: dict[str, bytes],
    before: dict[str, bytes],
    right: dict[str, bytes],
    command: Killed,
    done: list[bytes],
    now: list[bytes],
) -> Iterator[str]:
    """Yield what is wrong with the files after a kill."""
    kept = str(Path(command.writes, command.keeps))
    for file, content in found.items():
        if file != kept and content not in (before.get(file), right.get(file)):
            yield f"{file} is half written"
    yield from (f"{file} is gone" for file in before if file not in found)
    if now[: len(done)] != done and now:  # none: what was kept is part of the output, and was taken away
        yield f"of {len(done)} results that were kept {len(now)} are left"


def main() -> int:
    """Kill every command, and say what was found."""
    parser = argparse.ArgumentParser(prog="tests.kills", description=__doc__)
    parser.add_argument("--number", type=int, default=200, help="kills in all")
    parser.add_argument("--seed", type=int, default=0)
    told = parser.parse_args()
    wrong = 0
    for name in COMMANDS:
        found = list(killed(name, told.number // len(COMMANDS), told.seed))
        faults = [what for what in found if what]
        wrong += len(faults)
        print(
            f"{name:<12}{told.number // len(COMMANDS):>5} kills, {len(faults)} faults", *faults, sep="\n  ", flush=True
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
