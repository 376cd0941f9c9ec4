"""``symgrad respond``: many requests, answered by one process, for the filters of other programs."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import click

from symgrad.cli.output import write
from symgrad.cli.pipe import complain
from symgrad.desk.cache import usual_cache
from symgrad.desk.figure import SVG, TIKZ, data_url, picture
from symgrad.desk.figure_page import figure_page
from symgrad.desk.request import Figure, Number, read_block
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
    "--pictures",
    type=click.Choice((SVG, TIKZ)),
    default=SVG,
    show_default=True,
    help="How figures are drawn: SVG in the text, or TikZ as a block of LaTeX.",
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="FOLDER",
    help="From where files are named.",
)
def command(format_: str, labels: str | None, pictures: str, folder: Path) -> int:
    """Answer the requests on standard input, one after the other, each as symgrad weave has it in its mark.

    Between two requests, and between two answers, stands the character U+001E. A request may hold its equations below
    its first line. Files are read below the folder where the command runs.

    \b
    Examples:
      echo 'chain of=C wrt=b[1] label=eq:c' | symgrad respond
      printf 'of=C wrt=w\\nC = w**3' | symgrad respond --format latex
    """
    here = Path.cwd()
    root = here if folder.resolve().is_relative_to(here) else folder
    asking = Asking(format_, labels, pictures, Place(folder, root, usual_cache()))
    answers, failed = [], False
    for number, text in enumerate(_text().split(SEPARATOR), start=1):
        try:
            answers.append(asking.answer(text, number))
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


@dataclass
class Asking:
    """How requests are answered; seen: the labels that were given, and by which request."""

    format_: str
    labels: str | None
    pictures: str
    place: Place
    seen: dict[str, int] = field(default_factory=dict)

    def answer(self, text: str, number: int) -> str:
        """Return the answer to a request. Raises SymgradError, and NotPassed for what is not known to be true."""
        request, equations = read_block(text)
        if isinstance(request, Number):
            return f"${number_text(request, scientific_in(self.format_))}$"
        label = request.once("label") or ""
        if label in self.seen:
            what = f"the label {label} is given by request {self.seen[label]} already"
            raise SymgradError(what, todo="give each a label of its own")
        if label:
            self.seen[label] = number
        here = Place(self.place.folder, self.place.root, self.place.cache, equations)
        if isinstance(request, Figure):
            shown = picture(request, here, self.pictures, macros=self.format_ == "latex")
            return figure_page(shown, self.format_, self.labels or "", data_url(shown))
        page = PageOptions(format=self.format_, labels=self.labels if label else None)
        found = respond(request, here, page)
        for note in found.notes:
            complain(f"note: {note}")
        return found.pages[self.format_]


def _text() -> str:
    try:
        data = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin is not None else b""
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ReadError("standard input is not UTF-8 text", todo="send UTF-8") from None
    if len(data) > LARGEST:
        raise ReadError(f"standard input is longer than {LARGEST:,} bytes", todo="send less")
    return text
