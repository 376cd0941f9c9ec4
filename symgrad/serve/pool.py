"""A pool of prepared workers: each request is answered in a process that can be ended, and is then replaced."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symgrad.errors import SymgradError, TooLarge
from symgrad.serve.frames import HEAD, length, packed
from symgrad.serve.limits import FREE_AFTER, GRACE, Limits
from symgrad.serve.worker import told, too_large

STARTED = 60.0
"""Seconds that a worker may take to start."""
PAUSE = 1.0
"""Seconds before a worker is started anew that could not start."""


class Busy(SymgradError):  # noqa: N818  # a state of the server, of which nobody is to blame
    """More is asked for than is done at once."""


@dataclass(eq=False)
class Worker:
    """A process, and how many requests it has answered."""

    process: asyncio.subprocess.Process
    answers: int = 0

    async def record(self) -> Any:
        """Return the next record that it writes; raises where it has ended."""
        assert self.process.stdout is not None
        n = length(await self.process.stdout.readexactly(HEAD))
        return json.loads(await self.process.stdout.readexactly(n))

    async def send(self, record: Any) -> None:
        """Send it a record."""
        assert self.process.stdin is not None
        self.process.stdin.write(packed(record))
        await self.process.stdin.drain()

    async def end(self) -> None:
        """End the process, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


@dataclass(eq=False)
class Pool:
    """Workers that wait for work: ``start``, ``ask``, ``close``.

    A worker that takes longer than its time, dies, or has answered often is replaced; the one that asked is told.
    """

    limits: Limits
    idle: asyncio.Queue[Worker] = field(default_factory=asyncio.Queue)
    workers: set[Worker] = field(default_factory=set)
    starting: set[asyncio.Task[None]] = field(default_factory=set)
    waiting: int = 0
    closed: bool = False

    async def start(self) -> None:
        """Start the workers, and return when the first is ready."""
        for _ in range(self.limits.workers):
            self._replace()
        first = await self.idle.get()
        self.idle.put_nowait(first)

    async def ask(self, task: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a worker answers, {"result": ...} or {"error": ...}. Raises Busy where too many wait."""
        if self.waiting >= self.limits.waiting or self.closed:
            raise Busy("the server has more to do than it can", todo="ask again in a few seconds")
        self.waiting += 1
        try:
            while (worker := await self.idle.get()).process.returncode is not None:
                self._replace(worker)  # the system has ended it
        finally:
            self.waiting -= 1
        whole = False
        try:
            async with asyncio.timeout(self.limits.seconds + GRACE):
                await worker.send({"task": task, "arguments": dict(arguments)})
                found: dict[str, Any] = await worker.record()
            whole = True
        except TimeoutError:
            found = {"error": told(too_large(self.limits.seconds, self.limits.memory))}
        except (EOFError, OSError, ValueError):  # the worker is gone
            lost = TooLarge("the process that answered was ended: it took too much memory or time", todo="ask for less")
            found = {"error": told(lost)}
        finally:  # also where the one who asked has gone: what is half done is not kept
            worker.answers += 1
            if whole and worker.answers < FREE_AFTER and not self.closed:
                self.idle.put_nowait(worker)
            else:
                self._replace(worker)
        return found

    async def close(self) -> None:
        """End every worker, and return when they are gone."""
        self.closed = True
        for task in self.starting:
            task.cancel()
        await asyncio.gather(*self.starting, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self.workers))
        self.workers.clear()

    def _replace(self, old: Worker | None = None) -> None:
        task = asyncio.create_task(self._started(old))
        self.starting.add(task)
        task.add_done_callback(self.starting.discard)

    async def _started(self, old: Worker | None) -> None:
        """End a worker, and put a new one in its place."""
        if old is not None:
            await old.end()
            self.workers.discard(old)
        while not self.closed:
            worker = Worker(await self._process())
            self.workers.add(worker)
            try:
                async with asyncio.timeout(STARTED):
                    await worker.record()
                self.idle.put_nowait(worker)
                return
            except (TimeoutError, EOFError, OSError, ValueError):
                await worker.end()
                self.workers.discard(worker)
                await asyncio.sleep(PAUSE)

    async def _process(self) -> asyncio.subprocess.Process:
        home = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "symgrad.serve.worker", str(self.limits.seconds), str(self.limits.memory)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
