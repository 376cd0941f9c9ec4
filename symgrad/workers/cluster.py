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
    try:
        import distributed
    except ImportError:
        raise SymgradError("a cluster needs Dask", todo="pip install 'symgrad[scale]'") from None
    try:
        dask: Any = distributed
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SymgradError(f"no scheduler answers at {address}: {told}", todo="start one: dask scheduler") from None

    def stop(pool: Executor) -> None:
        pool.shutdown(wait=False)
        client.close()

    return Workers(
        max(LEAST, sum(client.nthreads().values())),
        lambda: client.get_executor(pure=False),
        stop,
        stop,
        (dask.KilledWorker, EndedError),
        (CancelledError,),
        kept=True,
        each=partial(each_in_child, os.getcwd()),
    )
