"""The server: a socket on this machine, uvicorn, and the workers, until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection

import uvicorn

from symgrad.errors import SymgradError
from symgrad.serve.app import application
from symgrad.serve.guard import LOOPBACK
from symgrad.serve.limits import Limits
from symgrad.serve.protocol import PromptProtocol

BACKLOG = 128
LONGEST_HEAD = 16_384
"""Bytes of the head of a request."""
GRACEFUL = 3
"""Seconds that requests may still take when the server is stopped."""


def is_of_this_machine(host: str) -> bool:
    """Tell whether only this machine reaches a host."""
    return host in LOOPBACK or host.startswith("127.")


def listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises SymgradError where the port is taken, or the host is not of this machine."""
    try:
        host.encode("idna")
    except UnicodeError:
        raise SymgradError(f"{host!r} is no host", todo="give a name or an address of this machine") from None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SymgradError(
            f"cannot listen at {host}, port {port}: {reason}", todo="give another --port, or 0 for any that is free"
        ) from None


class Server(uvicorn.Server):
    """uvicorn, which tells when it is ready."""

    ready: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell."""
        await super().startup(sockets)
        if self.started:
            self.ready()


def run(host: str, port: int, limits: Limits, names: Collection[str], ready: Callable[[str], None]) -> None:
    """Serve until interrupted; ``ready`` is called with the address when the page can be opened."""
    own = is_of_this_machine(host)
    sock = listener(host, port)
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        application(limits, {*names, *([] if own else [host])}, addresses=not own),
        http=PromptProtocol,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=limits.connections,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=GRACEFUL,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
    server = Server(config)
    server.ready = lambda: ready(f"http://{shown}:{sock.getsockname()[1]}/")
    try:
        server.run(sockets=[sock])
    except KeyboardInterrupt:  # uvicorn has ended what it had begun, and says so in its own way
        pass
    finally:
        sock.close()
