"""A Dask cluster that runs already: its scheduler's address is all that is needed."""

from __future__ import annotations

import os
from concurrent.futures import CancelledError, Executor
from functools import partial
from typing import Any

from symgrad.errors import SymgradError
from symgrad.workers.child import EndedError, each_in_child
from symgrad.workers.workers import Workers

PATIENCE = "10s"
"""How long a scheduler may take to answer."""
LEAST = 8
"""Items on their way at least: a cluster may grow."""


def cluster(address: str) -> Workers:
    """Return workers that are those of the Dask scheduler at an address, as tcp://10.0.0.1:8786.

    The work of each runs in a process of its own, where its time can be limited. A worker that is lost loses nothing:
    the scheduler gives what it ran to another. Raises SymgradError without Dask, or where nothing answers.

    >>> cluster("tcp://")
    Traceback (most recent call last):
        ...
    symgrad.errors.SymgradError: tcp:// is no address of a scheduler
      what to do: give it as tcp://HOST:PORT
    """
    scheme, _, place = address.partition("://")
    if scheme not in ("tcp", "tls", "ws", "wss", "ucx") or not place.rpartition(":")[2].isdigit():
        raise SymgradError(f"{address} is no address of a scheduler", todo="give it as tcp://HOST:PORT")
    connection = _Connection(address)
    connection.start()
    size = max(LEAST, sum(connection.client.nthreads().values()))
    return Workers(
        size,
        connection.start,
        connection.stop,
        connection.stop,
        connection.ended,
        (CancelledError,),
        kept=True,
        each=partial(each_in_child, os.getcwd()),
    )


class _Connection:
    """A client of a scheduler, and its executor: open while a map runs, and opened again for the next one."""

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise SymgradError("a cluster needs Dask", todo="pip install 'symgrad[scale]'") from None
        self.dask: Any = distributed
        self.address = address
        self.client: Any = None
        self.ended = (self.dask.KilledWorker, EndedError)

    def start(self) -> Executor:
        """Return an executor, whose client is connected if it was not yet."""
        if self.client is None:
            self.client = self._connected()
        executor: Executor = self.client.get_executor(pure=False)
        return executor

    def _connected(self) -> Any:
        try:
            return self.dask.Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            told = str(error).splitlines()[0] if str(error) else type(error).__name__
            message = f"no scheduler answers at {self.address}: {told}"
            raise SymgradError(message, todo="start one: dask scheduler") from None

    def stop(self, pool: Executor) -> None:
        """End what an executor runs, and the connection."""
        pool.shutdown(wait=False)
        client, self.client = self.client, None
        client.close()
