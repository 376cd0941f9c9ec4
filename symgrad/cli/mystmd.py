"""``symgrad mystmd``: the plugin for mystmd and Jupyter Book 2."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from symgrad.cli.output import write
from symgrad.cli.pipe import complain
from symgrad.desk.cache import usual_cache
from symgrad.desk.mystmd import SHIM, SPEC, TRANSFORM, transformed
from symgrad.desk.respond import NotPassed, Place
from symgrad.errors import ReadError

LARGEST = 100_000_000
FAILED = 1


@click.command("mystmd")
@click.option("--transform", metavar="NAME", help="What mystmd calls: the page is read as JSON, and written.")
@click.option("--spec", is_flag=True, help="Write what the plugin has, as JSON.")
def command(transform: str | None, spec: bool) -> int:
    """Write the plugin for mystmd and Jupyter Book 2: a small Python file, which is then made executable.

    \b
    Examples:
      symgrad mystmd > symgrad-plugin.py && chmod +x symgrad-plugin.py
      symgrad mystmd --spec

    In myst.yml, under project: plugins: a line "- type: executable" and "path: symgrad-plugin.py" below it.
    """
    if spec:
        write(json.dumps(SPEC) + "\n")
        return 0
    if transform is None:
        write(SHIM.replace("{spec}", json.dumps(SPEC)))
        return 0
    if transform != TRANSFORM:
        raise click.UsageError(f"there is no transform {transform!r}: give {TRANSFORM}", click.get_current_context())
    here = Path.cwd()
    try:
        page = transformed(_page(), Place(here, here, usual_cache()))
    except NotPassed as error:
        complain(str(error))
        return FAILED
    write(json.dumps(page))
    return 0


def _page() -> dict[str, object]:
    try:
        page = json.loads(sys.stdin.buffer.read(LARGEST)) if sys.stdin is not None else None
    except (ValueError, RecursionError):
        page = None
    if not isinstance(page, dict):
        raise ReadError("standard input is no page in JSON", todo="let mystmd call it")
    return page
