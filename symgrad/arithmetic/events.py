"""What arithmetic does silently by default, noticed: float64 that underflows, a slope that is taken at a kink."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np


@dataclass
class FloatEvents:
    """Whether any operation underflowed, overflowed, divided by zero, or was not defined."""

    underflow: bool = False
    overflow: bool = False
    divide: bool = False
    invalid: bool = False

    def __bool__(self) -> bool:
        return self.underflow or self.overflow or self.divide or self.invalid

    def _note(self, event: str, _: int) -> None:
        setattr(self, event.split()[0], True)


@contextmanager
def float_events() -> Iterator[FloatEvents]:
    """Collect the events of all numpy operations inside, without warnings.

    >>> with float_events() as events:
    ...     tiny = np.float64(0.5) ** 1100
    >>> float(tiny), events.underflow, events.overflow
    (0.0, True, False)
    """
    events = FloatEvents()
    with np.errstate(all="call", call=events._note):
        yield events


def signal_underflow() -> None:
    """Underflow, as an operation that numpy does not see would have had to."""
    np.multiply(np.finfo(np.float64).tiny, np.finfo(np.float64).tiny)


def signal_overflow() -> None:
    """Overflow, as an operation that numpy does not see would have had to."""
    np.multiply(np.finfo(np.float64).max, np.finfo(np.float64).max)


@dataclass
class KinkEvents:
    """Whether a step or a sign was taken of exactly 0, where its value is a convention and no limit."""

    met: bool = False


_KINKS: ContextVar[KinkEvents | None] = ContextVar("kinks", default=None)


@contextmanager
def kink_events() -> Iterator[KinkEvents]:
    """Notice each step and sign of exactly 0 inside, in the exact arithmetic and in balls.

    The slopes of relu, abs and their kin are made of these two: at a kink they are PyTorch's, 0 for relu and for abs.

    >>> from symgrad.arithmetic import arithmetic
    >>> with kink_events() as events:
    ...     print(arithmetic("exact").step(arithmetic("exact").number(0)), events.met)
    0 True
    """
    events = KinkEvents()
    token = _KINKS.set(events)
    try:
        yield events
    finally:
        _KINKS.reset(token)


def note_kink() -> None:
    """Note that a convention was used."""
    events = _KINKS.get()
    if events is not None:
        events.met = True
