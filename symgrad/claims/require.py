"""What every claim must be, whoever wrote it: conditions that records check when they are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from symgrad.errors import ModelError, UnknownName
from symgrad.numbers.extremum.domain import Domain

EXAMPLE = "write 'z in [0, oo)', 'w >= 4', '0 < y < 1'"


def known(what: str, name: str, names: Iterable[str]) -> None:
    """Raise UnknownName unless a name is one of those that are known."""
    if name not in (names := tuple(names)):
        raise UnknownName(what, name, names)


def domain(intervals: Domain) -> None:
    """Raise ModelError for an empty interval, or two of one variable."""
    for i in intervals:
        if (
            i.low is not None
            and i.high is not None
            and (i.low > i.high or (i.low == i.high and (i.open_low or i.open_high)))
        ):
            raise ModelError(f"the interval {i} is empty", todo=EXAMPLE)
    for name, count in Counter(i.variable for i in intervals).items():
        if count > 1:
            raise ModelError(f"{name} has {count} intervals", todo=f"give one, as '0 < {name} < 1'")


def free_of(what: str, variables: Iterable[str], variable: str) -> None:
    """Raise ModelError if ``what`` depends on a variable that it cannot depend on."""
    if variable in variables:
        raise ModelError(f"{what} depends on {variable}", todo=f"write it without {variable}")
