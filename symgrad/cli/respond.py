"""``symgrad respond``: many requests, answered by one process, for the filters of other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from symgrad.cli.output import write
from symgrad.cli.pipe import complain
from symgrad.desk.cache import usual_cache
from symgrad.desk.request import Number, read_block
from symgrad.desk.respond import NotPassed, Place, number_text, respond
from symgrad.desk.weave.syntax import scientific_in
from symgrad.errors import ReadError, SymgradError
from symgrad.export.formats import FORMATS
from symgrad.export.page_options import PageOptions
from symgrad.export.setting import LABELS

SEPARATOR = "\x1e"
LARGEST = 20_000_000
FAILED = 1


@click.command("respond")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="markdown", show_default=True)
@click.option("--labels", type=click.Choice(LABELS), help="How equations are named where they have a label.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="FOLDER",
    help="From where files are named.",
)
def command(format_: str, labels: str | None, folder: Path) -> int:
    """Answer the requests on standard input, one after the other, each as symgrad weave has it in its mark.

    Between two requests, and between two answers, stands the character U+001E. A request may hold its equations below
    its first line. Files are read below the folder where the command runs.

    \b
    Examples:
      echo 'chain of=C wrt=b[1] label=eq:c' | symgrad respond
      printf 'of=C wrt=w\\nC = w**3' | symgrad respond --format latex
    """
    requests = _text().split(SEPARATOR)
    here = Path.cwd()
    root = here if folder.resolve().is_relative_to(here) else folder
    answers, failed = [], False
    for number, text in enumerate(requests, start=1):
        try:
            answers.append(_answer(text, format_, labels, Place(folder, root, usual_cache())))
        except SymgradError as error:
            failed = failed or isinstance(error, NotPassed)
            where = f"{error.where}\n" if error.where else ""
            shown = type(error) if isinstance(error, NotPassed) else SymgradError
            begin = next(iter(text.strip().splitlines()), "")
            wrong = shown(error.what, f"{where}request {number}: {begin}", error.todo)
            if not isinstance(error, NotPassed):
                raise wrong from None
            complain(str(wrong))
    if failed:
        return FAILED
    write(SEPARATOR.join(answers))
    return 0


def _answer(text: str, format_: str, labels: str | None, place: Place) -> str:
    request, equations = read_block(text)
    if isinstance(request, Number):
        return f"${number_text(request, scientific_in(format_))}$"
    here = Place(place.folder, place.root, place.cache, equations)
    found = respond(request, here, PageOptions(format=format_, labels=labels if request.once("label") else None))
    for note in found.notes:
        complain(f"note: {note}")
    return found.pages[format_]


def _text() -> str:
    try:
        data = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin is not None else b""
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ReadError("standard input is not UTF-8 text", todo="send UTF-8") from None
    if len(data) > LARGEST:
        raise ReadError(f"standard input is longer than {LARGEST:,} bytes", todo="send less")
    return text
