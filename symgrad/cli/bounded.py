"""Commands with a bound on their time and memory, which the user may raise: --timeout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from symgrad import deadline
from symgrad.cli.output import write

SECONDS = 30.0


@contextmanager
def waiting(most: float) -> Iterator[None]:
    """Show on a terminal for how many seconds something has been going on, and how many it may take."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    import threading

    from symgrad.cli.progress import clock

    done = threading.Event()
    shown = threading.Thread(target=clock, args=(done, most), daemon=True)
    shown.start()
    try:
        yield
    finally:
        done.set()
        shown.join()


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Bound the time and memory of what is done within, and show on a terminal that it is still going on."""
    with waiting(seconds), deadline.bounded(seconds):
        yield


timeout_option = click.option(
    "--timeout", type=float, metavar="SECONDS", default=SECONDS, show_default=True, help="Time it may take."
)


def bounded_command(command: Callable[..., str], items: Callable[..., int] = lambda **_: 1) -> Callable[..., Any]:
    """Return a command with the option --timeout, which bounds it; it stands below click's own decorators.

    command: it returns its output, which is written when nothing can interrupt it any more. items: of how many
    things the options ask for, each has this time.
    """

    @wraps(command)
    def within(*, timeout: float, **options: Any) -> None:
        with bounded(timeout * items(**options)):
            text = command(**options)
        write(text)

    return timeout_option(within)
