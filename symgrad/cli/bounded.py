"""Commands with a bound on their time and memory, which the user may raise: --timeout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from symgrad.cli.output import write
from symgrad.errors import TooLarge

SECONDS = 30.0
MEMORY = 2**30


timeout_option = click.option(
    "--timeout", type=float, metavar="SECONDS", default=SECONDS, show_default=True, help="Time it may take."
)


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise TooLarge where work takes more than so many seconds, or more than a gigabyte."""
    from symgrad.deadline import Deadline, TimeUp, limited

    Deadline(seconds)  # refuses a time that is none
    try:
        with limited(seconds, MEMORY):
            yield
    except (TimeUp, MemoryError):
        raise TooLarge(
            f"more than {seconds:g} seconds, or {MEMORY // 2**20:,} MB, would be needed",
            todo=f"allow more time, as --timeout {10 * seconds:g}, or ask for less",
        ) from None


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
