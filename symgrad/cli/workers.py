"""Where a command does its work: the options --workers and --scheduler."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from symgrad.errors import ValuesError

if TYPE_CHECKING:  # one process needs none of it
    from symgrad.workers.workers import Workers

C = TypeVar("C", bound=Callable[..., Any])
MOST = 256


def workers_options(command: C) -> C:
    """Give a command the options of where it runs; its parameters are ``workers`` and ``scheduler``."""
    scheduler = click.option(
        "--scheduler", metavar="ADDRESS", help="A Dask scheduler, as tcp://10.0.0.1:8786: its workers do the work."
    )
    number = click.option(
        "--workers",
        "--jobs",
        type=click.IntRange(1, MOST),
        metavar="N",
        help="Processes; by default one for each core, and one alone for little work.",
    )
    return number(scheduler(command))


def workers_of(number: int | None, scheduler: str | None, worth: Callable[[int], int] = lambda n: n) -> Workers | None:
    """Return the workers that the options ask for, None for this process.

    worth: of so many processes, how many are worth their start, where none are asked for. Raises SymgradError.
    """
    if scheduler is not None:
        if number is not None:
            raise ValuesError("--workers and --scheduler", todo="give one of them: a cluster has workers of its own")
        from symgrad.workers.cluster import cluster

        return cluster(scheduler)
    if number is None:
        from os import cpu_count

        number = worth(min(cpu_count() or 1, MOST))
    if number == 1:
        return None
    from symgrad.workers.processes import processes

    return processes(number)
