"""What a request must be before anything is done for it, and what every answer says to the browser.

A page of another site can make a browser send requests here: by its own name for this address (DNS rebinding), or as a
form. The first has another Host, the second is no JSON of this origin; neither gets an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from symgrad.serve.limits import BODY_SECONDS, LARGEST_BODY

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port; "" for what is none.

    >>> host_name("localhost:8000"), host_name("[::1]:80"), host_name("a b")
    ('localhost', '::1', '')
    """
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdecimal() or (name.count(":") and not name.endswith("]")):
        name = host
    name = name.removeprefix("[").removesuffix("]").lower()
    return name if all(c.isascii() and (c.isalnum() or c in ".-:") for c in name) else ""


def is_address(name: str) -> bool:
    """Tell whether a host is an address and no name: no name service can turn it to this machine."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class RefusedError(Exception):
    """A request that is not answered; ``status`` is that of HTTP."""

    def __init__(self, status: int, what: str, todo: str) -> None:
        super().__init__(what)
        self.status, self.what, self.todo = status, what, todo


@dataclass
class Guard:
    """An application behind its checks: host, origin, kind and size of the body, and the time within which it comes.

    names: the hosts by which it may be called; addresses: whether any address is one, where it listens to others.
    """

    app: ASGIApp
    names: Collection[str] = LOOPBACK
    addresses: bool = False
    largest: int = LARGEST_BODY
    seconds: float = BODY_SECONDS
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        try:
            self._check(Headers(scope=scope), scope["method"])
            body = await self._body(receive)
        except RefusedError as error:
            answer = JSONResponse(
                {"error": {"what": error.what, "where": "", "todo": error.todo}},
                error.status,
                {"Connection": "close"},  # what it still sends is not read
            )
            await answer(scope, receive, sent)
            return
        await self.app(scope, _again(body, receive), sent)

    def _check(self, headers: Headers, method: str) -> None:
        hosts = headers.getlist("host")
        name = host_name(hosts[0]) if len(hosts) == 1 else ""
        if not (name in self.names or (self.addresses and is_address(name))):
            raise RefusedError(421, "this server is not called by that name", "open it as http://localhost")
        if method in ("GET", "HEAD"):
            return
        if method != "POST":
            raise RefusedError(405, f"{method} is not answered here", "use GET or POST")
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "same-origin")
        if (origin is not None and origin.partition("://")[2] != hosts[0]) or site not in ("same-origin", "none"):
            raise RefusedError(403, "a page of another site asks", "open this server's own page")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise RefusedError(415, "the body is not said to be JSON", "send Content-Type: application/json")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > self.largest:
            raise self._too_large()

    def _too_large(self) -> RefusedError:
        return RefusedError(413, f"a request of more than {self.largest:,} bytes", "send less at once")

    async def _body(self, receive: Receive) -> bytes:
        """Return the whole body; it is bounded, and so is the time within which it comes."""
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self.seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise RefusedError(400, "the body ends too early", "send it whole")
                    parts.append(message.get("body", b""))
                    if sum(map(len, parts)) > self.largest:
                        raise self._too_large()
                    if not message.get("more_body", False):
                        return b"".join(parts)
        except TimeoutError:
            raise RefusedError(408, "the request did not come in time", "send it again") from None


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that gives the body once, and then what comes after it: that the reader has gone."""
    given = False

    async def received() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
