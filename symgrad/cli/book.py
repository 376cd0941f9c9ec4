"""``symgrad book``: run every derivation of the catalogue, check it, and print the book."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from symgrad.api.printed.steps import not_read, read_back
from symgrad.cli.bounded import bounded
from symgrad.cli.entries import equations
from symgrad.cli.pdf import HOW_TO_GET, PROGRAMS, book_pdf
from symgrad.cli.progress import progress_bar
from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.derivation import Derivation
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.export.book import Book, book_latex, book_markdown
from symgrad.export.book_html import book_html
from symgrad.export.book_typst import book_typst
from symgrad.export.chapter import Chapter, chapter
from symgrad.export.figure import figure_pdf, figure_svg
from symgrad.export.notation import notation
from symgrad.files import write_whole

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


@click.command("book")
@click.option("-o", "--output", default="build/book", show_default=True, help="Directory to write to.")
@click.option("--seed", default=0, show_default=True, help="Seed of the points at which formulas are compared.")
@click.option(
    "--timeout", type=float, metavar="SECONDS", default=600, show_default=True, help="Time one derivation may take."
)
@click.option(
    "--pdf",
    type=click.Choice(PROGRAMS),
    help="What makes book.pdf: typst (pip install 'symgrad[typst]'), or pdflatex; the first that is here if not given.",
)
def command(output: str, seed: int, timeout: float, pdf: str | None) -> int:
    """Run every derivation of the catalogue, check it, and write book.typ, .tex, .md, HTML pages and book.pdf.

    The exit code is 1 if any verdict is REFUTED or UNKNOWN. The PDF needs typst or pdflatex.
    """
    directory = _directory(output)
    entries = catalogue()
    rows: list[Row] = []
    chapters: list[Chapter] = []
    unread = Counter[str]()
    with progress_bar(len(entries)) as bar:
        for entry in entries.values():
            bar.say(entry.name)
            begin = time.perf_counter()
            with bounded(timeout):
                derivation = read_back(entry.derivation().checked(seed), notation(entry.notation), BOOK, seed)
            unread += not_read(derivation)
            rows.append(Row(entry.name, derivation, time.perf_counter() - begin))
            chapters.append(chapter(entry, derivation, equations(entry), notation(entry.notation)))
            bar.step()
    Console().print(_table(rows))
    click.echo(_read_back(rows, unread))
    _write(Book(TITLE, tuple(chapters)), directory, pdf)
    return 0 if all(row.derivation.verdict.passes for row in rows) else FAILED


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
    click.echo("wrote " + ", ".join(map(str, written)))
    if pdf is None and program != "none":
        click.echo(HOW_TO_GET)
