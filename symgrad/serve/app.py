"""The routes of the live page: three pages, their files, and a request for each kind of work."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from symgrad.serve.guard import LOOPBACK, Guard
from symgrad.serve.limits import Limits
from symgrad.serve.pages import NAMES, live_page
from symgrad.serve.pool import Busy, Pool
from symgrad.serve.tasks import TASKS

STATIC = Path(__file__).parent / "static"
KEPT = 16 * 2**20
"""Bytes of answers that are kept, so that a question that comes again is answered at once."""


@dataclass
class Kept:
    """The last answers by their questions; the oldest go where they take too many bytes."""

    most: int = KEPT
    size: int = 0
    found: OrderedDict[str, bytes] = field(default_factory=OrderedDict)

    def get(self, question: str) -> bytes | None:
        """Return the answer to a question, if it is kept."""
        if question in self.found:
            self.found.move_to_end(question)
        return self.found.get(question)

    def put(self, question: str, answer: bytes) -> None:
        """Keep an answer."""
        if question in self.found or len(answer) > self.most // 8:
            return
        self.found[question] = answer
        self.size += len(question) + len(answer)
        while self.size > self.most:
            old, left = self.found.popitem(last=False)
            self.size -= len(old) + len(left)


@dataclass(eq=False)
class Running:
    """Work that is being done, and how many wait for it; when nobody does, it is ended."""

    work: asyncio.Task[dict[str, Any]]
    wanted: int = 0


@dataclass
class Desk:
    """What the routes share: the pool, the answers that are kept, and those that are being found."""

    pool: Pool
    kept: Kept = field(default_factory=Kept)
    running: dict[str, Running] = field(default_factory=dict)

    async def work(self, request: Request) -> Response:
        """Answer a request for work: JSON to JSON, and an error as {"error": what, where, todo}."""
        task = request.path_params["task"]
        if task not in TASKS:
            raise HTTPException(404)
        fields = _fields(await request.body())
        if fields is None:
            return _error(400, "the request is no JSON object", "send the fields of a question as JSON")
        question = json.dumps([task, fields], sort_keys=True)
        if (kept := self.kept.get(question)) is not None:
            return Response(kept, media_type="application/json")
        found = await self._while_wanted(request, question, task, fields)
        if found is None:
            return Response(status_code=499)  # nobody reads it
        answer = json.dumps(found).encode("ascii")
        if "result" in found:
            self.kept.put(question, answer)
        return Response(answer, 200 if "result" in found else 422, media_type="application/json")

    async def _while_wanted(
        self, request: Request, question: str, task: str, fields: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Return what a worker answers, once for all who ask the same; None where the one who asked has gone."""
        running = self.running.get(question)
        if running is None:
            running = self.running[question] = Running(asyncio.create_task(self.pool.ask(task, fields)))
            running.work.add_done_callback(lambda work: self._forget(question, work))
        running.wanted += 1
        gone = asyncio.create_task(_gone(request))
        try:
            await asyncio.wait({running.work, gone}, return_when=asyncio.FIRST_COMPLETED)
            return await running.work if running.work.done() else None
        finally:
            gone.cancel()
            running.wanted -= 1
            if not running.wanted and not running.work.done():
                self._forget(question, running.work)
                running.work.cancel()

    def _forget(self, question: str, work: asyncio.Task[dict[str, Any]]) -> None:
        if question in self.running and self.running[question].work is work:
            del self.running[question]


async def _gone(request: Request) -> None:
    """Return when the one who asked has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _fields(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _error(status: int, what: str, todo: str) -> JSONResponse:
    return JSONResponse({"error": {"what": what, "where": "", "todo": todo}}, status)


async def _failed(request: Request, error: Exception) -> Response:
    """Answer what went wrong in a sentence."""
    if isinstance(error, Busy):
        return _error(503, error.what, error.todo)
    if isinstance(error, HTTPException):
        return _error(error.status_code, "there is no such page", "open the page at /")
    return _error(500, "a fault of symgrad: this is no answer", "report it, with what you asked")


async def _page(request: Request) -> Response:
    name = request.path_params.get("name", NAMES[0])
    if name not in NAMES:
        raise HTTPException(404)
    return HTMLResponse(live_page(name))


def application(limits: Limits | None = None, names: Collection[str] = (), addresses: bool = False) -> Guard:
    """Return the live page as an ASGI application, whose lifespan starts and ends the workers.

    names: hosts by which it may be called, beside those of this machine; addresses: any address is one.
    """
    pool = Pool(limits or Limits())
    desk = Desk(pool)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        pages = asyncio.to_thread(lambda: [live_page(name) for name in NAMES])
        try:
            await asyncio.gather(pool.start(), pages)
            yield
        finally:
            await pool.close()

    routes = [
        Route("/", _page),
        Route("/{name:str}", _page),
        Route("/do/{task:str}", desk.work, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    failures: dict[Any, Any] = {HTTPException: _failed, Busy: _failed, Exception: _failed}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=failures)
    return Guard(app, LOOPBACK | {name.lower() for name in names}, addresses)
