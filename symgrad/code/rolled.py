"""What a loop needs of one step alone: an error that only the next step reads is one variable, and no table.

A program that keeps every step of it takes memory for nothing, and most of its time on what is small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from symgrad.algebra.index import Index, Position, difference
from symgrad.code.loops import Block, Loop
from symgrad.code.task import Key, Read, Task


@dataclass(frozen=True)
class Inside:
    """How a loop computes a key: the task that does, and the step before the first, where that is computed ahead."""

    loop: Loop
    task: Task
    ahead: Task | None

    @property
    def first(self) -> Position:
        """The first step that the task computes."""
        span = self.task.spans[0]
        return span.upper if self.loop.down else span.lower

    @property
    def last(self) -> Position:
        """The last step."""
        span = self.task.spans[0]
        return span.lower if self.loop.down else span.upper

    @property
    def before(self) -> Position:
        """The step before the first."""
        return self.first + (1 if self.loop.down else -1)


def inside(blocks: list[Block], key: Key) -> Inside | None:
    """Return how one loop computes the steps of a key; None where it is not so simple."""
    writers = [(n, b, t) for n, b in enumerate(blocks) for t in tasks(b) if t.key == key]
    loops = [(n, b, t) for n, b, t in writers if isinstance(b, Loop)]
    ahead = [(n, t) for n, b, t in writers if not isinstance(b, Loop)]
    if len(loops) != 1 or len(ahead) > 1:
        return None
    [(at, loop, task)] = loops
    if not isinstance(loop, Loop) or task.positions != (Index(loop.span.symbol),) or not _is_plain(loop):
        return None
    found = Inside(loop, task, ahead[0][1] if ahead else None)
    if ahead and (ahead[0][0] > at or difference(ahead[0][1].positions[0], found.before) != 0):
        return None
    return found


def _is_plain(loop: Loop) -> bool:
    """Tell whether a loop holds no other one, and runs over a whole range."""
    own = all(isinstance(b, Task) and len(b.spans) == 1 and not _limited(b) for b in loop.body)
    return own and not loop.span.within and not loop.span.without


def _limited(t: Task) -> bool:
    return any(s.within or s.without for s in t.spans)


def is_rolled(blocks: list[Block], key: Key, results: Collection[Read], given: Collection[Key]) -> bool:
    """Tell whether each step of a key is read by its own step and by the next alone; the last one also afterwards."""
    found = inside(blocks, key) if key not in given else None
    if found is None:
        return False
    for reader, r in readings(blocks, key, results):
        if r.sums or (reader is not None and reader in found.loop.body and not in_turn(found, reader, r)):
            return False
        if (reader is None or reader not in found.loop.body) and (
            (reader is not None and reader.spans) or difference(r.positions[0], found.last) != 0
        ):
            return False
    return _reaches(found)


def in_turn(found: Inside, reader: Task, r: Read) -> bool:
    """Tell whether a read in the loop finds the step that it wants in the variable: the last that was computed."""
    body = [t for t in found.loop.body if isinstance(t, Task)]
    gap = difference(r.positions[0], Index(found.loop.span.symbol))
    if gap == 0:
        return body.index(reader) > body.index(found.task)
    if gap == (1 if found.loop.down else -1):
        return found.ahead is not None and body.index(reader) <= body.index(found.task)
    return False


def _reaches(found: Inside) -> bool:
    """Tell whether the loop begins where the task does, or one step before, where its value is known."""
    span = found.loop.span
    first = span.upper if found.loop.down else span.lower
    return difference(first, found.first) == 0 or (found.ahead is not None and difference(first, found.before) == 0)


def readings(blocks: list[Block], key: Key, results: Collection[Read]) -> Iterator[tuple[Task | None, Read]]:
    """Yield what reads a key, with the task that does; None stands for what a program returns."""
    for b in blocks:
        for t in tasks(b):
            yield from ((t, r) for r in t.reads if r.key == key)
    yield from ((None, r) for r in results if r.key == key)


def tasks(b: Block) -> list[Task]:
    """Return the tasks of a block."""
    return list(b.tasks) if isinstance(b, Loop) else [b]
