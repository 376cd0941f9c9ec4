"""``symgrad book``: run every derivation of the catalogue, check it, and print the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from symgrad.api.printed.steps import not_read
from symgrad.cli.book_checks import Checks, number_of_checks
from symgrad.cli.entries import equations
from symgrad.cli.pdf import HOW_TO_GET, PROGRAMS, book_pdf
from symgrad.cli.pipe import complain
from symgrad.cli.progress import progress_bar
from symgrad.cli.stopped import stoppable
from symgrad.cli.workers import workers_of, workers_options
from symgrad.derivation.catalogue import catalogue, of_symgrad
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.entry import Entry
from symgrad.errors import SymgradError, UnknownName
from symgrad.evidence.verdict import Verdict
from symgrad.export.book import Book, book_latex, book_markdown
from symgrad.export.book_html import book_html
from symgrad.export.book_typst import book_typst
from symgrad.export.chapter import Chapter, chapter
from symgrad.export.figure import figure_pdf, figure_svg
from symgrad.export.notation import notation
from symgrad.files import write_whole
from symgrad.visible import visible

TITLE = "The gradients of deep networks"
FAILED = 1
BOOK = ("latex", "markdown", "html", "typst")
"""The formats that the book is written in."""


@dataclass(frozen=True)
class Row:
    """A line of the table: an entry, its derivation with the verdict, and the seconds that it took."""

    name: str
    derivation: Derivation
    seconds: float

    @property
    def counterexample(self) -> str:
        """What refutes a step, if anything does."""
        checked = [step.evidence for step in self.derivation.steps if step.evidence]
        return next((e.counterexample for e in checked if e.counterexample), "")


KEPT = ".checked.jsonl"
"""What keeps the evidence of the steps that are checked until the book is written."""
FEW = 40
"""Steps that are checked in one process, where nothing else is asked for."""


@click.command("book")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--without", multiple=True, metavar="NAME", help="Leave a derivation out; can be given several times.")
@click.option("--without-built-in", is_flag=True, help="Leave out what comes with symgrad: only other packages' own.")
@click.option("-o", "--output", default="build/book", show_default=True, help="Directory to write to.")
@click.option("--seed", default=0, show_default=True, help="Seed of the points at which formulas are compared.")
@click.option(
    "--timeout", type=float, metavar="SECONDS", default=600, show_default=True, help="Time one step may take."
)
@workers_options
@click.option(
    "--pdf",
    type=click.Choice(PROGRAMS),
    help="What makes book.pdf: typst (pip install 'symgrad[typst]'), or pdflatex; the first that is here if not given.",
)
def command(
    names: tuple[str, ...],
    without: tuple[str, ...],
    without_built_in: bool,
    output: str,
    seed: int,
    timeout: float,
    workers: int | None,
    scheduler: str | None,
    pdf: str | None,
) -> int:
    """Run every derivation of the catalogue, check it, and write book.typ, .tex, .md, HTML pages and book.pdf.

    NAME: only these derivations. What is checked is kept in the directory until the book is written, so that a run
    that was ended goes on there.

    \b
    Examples:
      symgrad book
      symgrad book chain rnn -o build/two
      symgrad book --without criticality --workers 2

    The exit code is 1 if any verdict is REFUTED or UNKNOWN. The PDF needs typst or pdflatex.
    """
    entries = _chosen(names, without, without_built_in)
    directory = _directory(output)
    rows: list[Row] = []
    chapters: list[Chapter] = []
    unread = Counter[str]()
    checks, number = Checks(BOOK, seed, timeout), number_of_checks(entries)
    chosen = workers_of(workers, scheduler, lambda n: n if number > FEW else 1)
    with stoppable(), checks.kept(directory / KEPT, entries) as kept, progress_bar(number) as bar:

        def tell(name: str) -> None:
            bar.say(name)
            bar.step()

        try:
            for entry, derivation, seconds in checks.of(entries, chosen, kept, tell):
                unread += not_read(derivation)
                rows.append(Row(entry.name, derivation, seconds))
                chapters.append(chapter(entry, derivation, equations(entry), notation(entry.notation)))
        except KeyboardInterrupt:
            with bar.aside():
                complain(f"stopped: {kept.count} of {number} steps are checked, and are not checked again in {output}")
            raise
    Console().print(_table(rows))
    click.echo(_read_back(rows, unread))
    _write(Book(TITLE, tuple(chapters)), directory, pdf)
    (directory / KEPT).unlink(missing_ok=True)
    return 0 if all(row.derivation.verdict.passes for row in rows) else FAILED


def _chosen(names: tuple[str, ...], without: tuple[str, ...], without_built_in: bool) -> dict[str, Entry]:
    """Return the entries that are asked for, in the order of the catalogue. Raises UnknownName."""
    entries = catalogue()
    for name in (*names, *without):
        if name not in entries:
            raise UnknownName("derivation", name, entries)
    left_out = {*without, *(of_symgrad() if without_built_in else ())}
    chosen = {n: e for n, e in entries.items() if n not in left_out and (n in names or not names)}
    if not chosen:
        raise SymgradError("no derivation is left", todo="leave fewer out, or install a package that has some")
    return chosen


def _read_back(rows: list[Row], unread: Counter[str]) -> str:
    """Say how many of the printed steps were read back, and of which kinds there is no reader."""
    steps = sum(len(row.derivation.steps) for row in rows)
    said = f"read back as printed: {steps - unread.total()} of {steps} steps"
    kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(unread.items()))
    return f"{said}; no reader: {kinds}" if unread else said


def _directory(output: str) -> Path:
    directory = Path(output)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SymgradError(
            f"cannot make the directory {output}: {error.strerror}", todo="name another one: -o build/book"
        ) from None
    return directory


def _table(rows: list[Row]) -> Table:
    colours: Mapping[Verdict, str] = {Verdict.REFUTED: "bold red", Verdict.UNKNOWN: "yellow"}
    table = Table("derivation", "verdict", box=None, pad_edge=False)
    table.add_column("seconds", justify="right")
    for row in rows:
        verdict = row.derivation.verdict
        table.add_row(escape(row.name), str(verdict), f"{row.seconds:.2f}", style=colours.get(verdict, ""))
        if row.counterexample:
            table.add_row(escape(f"  counterexample: {row.counterexample}"))
    return table


def _write(book: Book, directory: Path, program: str | None) -> None:
    tex, typ = directory / "book.tex", directory / "book.typ"
    write_whole(tex, book_latex(book))
    write_whole(typ, book_typst(book))
    write_whole(directory / "book.md", book_markdown(book))
    figures = directory / "figures"
    figures.mkdir(exist_ok=True)
    for figure in book.drawings():
        write_whole(figures / f"{figure.name}.svg", figure_svg(figure))
        write_whole(figures / f"{figure.name}.pdf", figure_pdf(figure))
    for name, page in book_html(book).items():
        write_whole(directory / name, page)
    pdf = book_pdf(typ, tex, program)
    written = [tex, typ, directory / "book.md", directory / "index.html", *([pdf] if pdf else [])]
    click.echo("wrote " + ", ".join(visible(str(path)) for path in written))
    if pdf is None and program != "none":
        click.echo(HOW_TO_GET)
