"""``symgrad site``: the catalogue and the sliders as a static site."""

from __future__ import annotations

from pathlib import Path

import click

from symgrad.api.printed.steps import read_back
from symgrad.cli.entries import equations, find_entry
from symgrad.cli.output import write
from symgrad.cli.progress import progress_bar
from symgrad.cli.serve import missing
from symgrad.deadline import bounded
from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.entry import Entry
from symgrad.errors import SymgradError
from symgrad.export.book import Book
from symgrad.export.chapter import chapter
from symgrad.export.notation import notation
from symgrad.files import write_whole
from symgrad.visible import visible

TITLE = "The gradients of deep networks"
FAILED = 1


@click.command("site")
@click.option("-o", "--output", default="site", show_default=True, metavar="DIRECTORY", help="Where it is written to.")
@click.option(
    "--only", multiple=True, metavar="NAME", help="A derivation of the catalogue; can be given several times. Else all."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the points of the checks.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 1e6, min_open=True),
    metavar="SECONDS",
    default=600,
    show_default=True,
    help="Time that one derivation may take.",
)
def command(output: str, only: tuple[str, ...], seed: int, timeout: float) -> int:
    """Write the catalogue, checked, with sliders for weight, depth and activation, as files for any web server.

    Nothing in it is computed by a server, every link is relative, and it works from a folder too.

    \b
    Examples:
      symgrad site -o site/
      symgrad site --only window --only exploding -o site/

    The exit code is 0, or 1 if a step is refuted or undecided, or 2 if the input is wrong.
    """
    try:
        from symgrad.serve.site import site
    except ImportError as error:
        raise missing("the site", error) from None
    entries = [find_entry(name) for name in dict.fromkeys(only)] if only else list(catalogue().values())
    directory = _made(Path(output))
    derived: list[tuple[Entry, Derivation]] = []
    with progress_bar(len(entries)) as bar:
        for entry in entries:
            bar.say(entry.name)
            with bounded(timeout):
                checked = read_back(entry.derivation().checked(seed), notation(entry.notation), ("html",), seed)
            derived.append((entry, checked))
            bar.step()
    chapters = tuple(chapter(e, d, equations(e), notation(e.notation)) for e, d in derived)
    number = 0
    for name, content in site(Book(TITLE, chapters)):
        write_whole(directory / name, content)
        number += 1
    write(f"wrote {number} files; open {visible(str(directory / 'index.html'))}\n")
    return 0 if all(d.verdict.passes for _, d in derived) else FAILED


def _made(directory: Path) -> Path:
    try:
        (directory / "static").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"cannot make the directory {directory}: {error.strerror}"
        raise SymgradError(what, todo="name another one: -o site") from None
    return directory
