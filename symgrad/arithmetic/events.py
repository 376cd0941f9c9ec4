"""What float64 arithmetic does silently by default, noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
