"""A share of many items, the k-th, (k+n)-th, (k+2n)-th ..., for a batch system that knows nothing of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from symgrad.errors import ValuesError

MOST = 100_000
T = TypeVar("T")


@dataclass(frozen=True)
class Shard:
    """The share ``number`` of ``of``, counted from 1.

    >>> list(Shard.read("2/3").of_items("abcdefg")), str(Shard())
    (['b', 'e'], '1/1')
    """

    number: int = 1
    of: int = 1

    @classmethod
    def read(cls, text: str) -> Shard:
        """Read a shard as it is written, 3/16. Raises ValuesError.

        >>> Shard.read("0/3")
        Traceback (most recent call last):
            ...
        symgrad.errors.ValuesError: 0/3 is no shard
          what to do: write i/n with 1 ≤ i ≤ n, as 3/16
        """
        number, _, of = text.partition("/")
        if all(part.isascii() and part.isdigit() and len(part) < 9 for part in (number, of)):
            shard = cls(int(number), int(of))
            if 1 <= shard.number <= shard.of <= MOST:
                return shard
        raise ValuesError(f"{text} is no shard", todo="write i/n with 1 ≤ i ≤ n, as 3/16")

    def of_items(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items of this shard."""
        return islice(items, self.number - 1, None, self.of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def together(shares: Iterable[Iterable[T]]) -> Iterator[T]:
    """Yield the items of all shards in the order in which they were shared out.

    >>> "".join(together(["adg", "be", "cf"]))
    'abcdefg'
    """
    rest = [iter(share) for share in shares]
    while rest:
        for share in rest:
            for item in share:
                yield item
                break
            else:
                return  # the shares behind it have as many as it, or one less
