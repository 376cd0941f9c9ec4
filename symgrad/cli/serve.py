"""``symgrad serve``: the live page, on one's own machine."""

from __future__ import annotations

import os

import click

from symgrad.cli.pipe import complain, say
from symgrad.cli.stopped import stoppable
from symgrad.errors import SymgradError
from symgrad.visible import visible

HOST, PORT = "127.0.0.1", 8000


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any that is free.")
@click.option(
    "--host", default=HOST, show_default=True, metavar="ADDRESS", help="Another one lets other machines in; see below."
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name by which others call this machine; may be repeated.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes that answer; by default one for each core, and 4 at least.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=20,
    show_default=True,
    metavar="SECONDS",
    help="Time that one answer may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(64, 65536),
    default=1024,
    show_default=True,
    metavar="MB",
    help="Memory of an answer.",
)
def command(host: str, port: int, names: tuple[str, ...], workers: int | None, timeout: float, memory: int) -> int:
    """Serve the live page: equations on the left, the gradient typeset on the right; sizes; the audit of a text.

    It is for your own machine: no other one can reach it unless --host says so, and there is no password. What runs
    are symgrad's own questions, each in a process with bounds of time and memory; no text is executed.

    \b
    Examples:
      symgrad serve
      symgrad serve --port 0 --timeout 60
      symgrad serve --host 0.0.0.0 --name lab.example.org

    It ends with Ctrl-C.
    """
    try:
        from symgrad.serve.limits import Limits
        from symgrad.serve.run import is_of_this_machine, run
    except ImportError as error:
        raise missing("the live page", error) from None
    if not is_of_this_machine(host):
        complain(f"warning: whoever reaches {visible(host)} can use this page, and this machine's time")
    complain("the workers start; this takes some seconds")
    limits = Limits(workers or max(4, os.cpu_count() or 1), timeout, memory * 2**20)
    with stoppable():
        run(host, port, limits, names, lambda address: say(f"{address} is ready; Ctrl-C ends it\n"))
    return 0


def missing(what: str, error: ImportError) -> SymgradError:
    """Return the error of what an extra brings."""
    return SymgradError(f"{what} needs {error.name}, which is not installed", todo="pip install 'symgrad[serve]'")
