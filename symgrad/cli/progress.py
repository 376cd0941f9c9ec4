"""Progress on standard error, where a person reads it: how much is done, and how long the rest will take."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # only a terminal needs it
    from rich.progress import Progress, TaskID


PATIENCE = 2.0
"""Seconds after which a person wants to see that something goes on."""


class Bar:
    """A bar that vanishes when all is done; elsewhere than on a terminal it is not there."""

    def __init__(self, shown: Progress | None = None, task: TaskID | None = None) -> None:
        self._shown, self._task = shown, task

    def step(self, number: int = 1) -> None:
        """Say that so many more are done."""
        if self._shown is not None and self._task is not None:
            self._shown.advance(self._task, number)

    def say(self, what: str) -> None:
        """Say what is being done."""
        if self._shown is not None and self._task is not None:
            from rich.markup import escape

            self._shown.update(self._task, description=escape(what))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away while something else is written."""
        if self._shown is None:
            yield
            return
        self._shown.stop()
        try:
            yield
        finally:
            self._shown.start()


@contextmanager
def progress_bar(total: int, what: str = "") -> Iterator[Bar]:
    """Show a bar with the time that is left; not for a file or a pipe."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield Bar()
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as shown:
        yield Bar(shown, shown.add_task(escape(what), total=total))


def clock(done: threading.Event, most: float) -> None:
    """Show, once it takes long, for how many seconds something has been going on, and how many it may take."""
    if done.wait(PATIENCE):
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = SpinnerColumn("line"), TextColumn("{task.description}")
    with Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    ) as shown:
        task, seconds, over = shown.add_task(""), PATIENCE, False
        while not over:
            shown.update(task, description=f"{seconds:.0f} s, of at most {most:g} s (--timeout)")
            over = done.wait(1)
            seconds += 1
