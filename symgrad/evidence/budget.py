"""Work of SymPy with a budget of time and memory: what is out of budget is not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from symgrad.deadline import TimeUp, limited

T = TypeVar("T")

SECONDS = 12.0


def attempt(work: Callable[[], T], otherwise: T, seconds: float = SECONDS) -> T:
    """Return what the work returns, or ``otherwise`` where its time or memory is over, or it nests too deep.

    >>> attempt(lambda: 1 + 1, 0)
    2
    """
    try:
        with limited(seconds):
            return work()
    except (TimeUp, RecursionError, MemoryError):
        return otherwise
