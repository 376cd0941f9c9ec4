"""``symgrad book``: run every derivation of the catalogue, check it, and print the book."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from symgrad.api.model import model
from symgrad.cli.pdf import HOW_TO_GET, make_pdf
from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.entry import Entry, Wanted
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.export.book import Book, Chapter, Result, book_latex, book_markdown
from symgrad.export.notation import notation
from symgrad.export.steps import told

TITLE = "The gradients of deep networks"
FAILED = 1


@dataclass(frozen=True)
class Row:
    """A line of the table: derivation, verdict, seconds."""

    name: str
    verdict: Verdict
    seconds: float
    counterexample: str = ""


@click.command("book")
@click.option("-o", "--output", default="build/book", show_default=True, help="Directory to write to.")
@click.option("--seed", default=0, show_default=True, help="Seed of the points at which formulas are compared.")
def command(output: str, seed: int) -> int:
    """Run every derivation of the catalogue, check it, and write book.tex, book.md and book.pdf.

    The exit code is 1 if any verdict is REFUTED or UNKNOWN. The PDF needs pdflatex.
    """
    directory = _directory(output)
    entries = catalogue()
    rows: list[Row] = []
    chapters: list[Chapter] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=sum(len(e.derivatives) for e in entries.values()))
        for entry in entries.values():
            results = []
            for wanted, result, row in _run(entry, seed):
                progress.update(task, advance=1, description=escape(f"{entry.name} {wanted}"))
                results.append(result)
                rows.append(row)
            chapters.append(_chapter(entry, results))
    Console().print(_table(rows))
    _write(Book(TITLE, tuple(chapters)), directory)
    return 0 if all(row.verdict.passes for row in rows) else FAILED


def _directory(output: str) -> Path:
    directory = Path(output)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SymgradError(
            f"cannot make the directory {output}: {error.strerror}", todo="name another one: -o build/book"
        ) from None
    return directory


def _run(entry: Entry, seed: int) -> Iterator[tuple[Wanted, Result, Row]]:
    for wanted in entry.derivatives:
        begin = time.perf_counter()
        gradient = model(entry.model).let(*wanted.let).derivative(wanted.of, wanted.wrt, wanted.depth)
        evidence = gradient.verify(seed=seed)
        seconds = time.perf_counter() - begin
        verdict = evidence.verdict
        result = Result(
            lead=wanted.text,
            document=gradient.presentation(notation(entry.notation)).document(),
            verdict=str(verdict),
            passes=verdict.passes,
            evidence=tuple(map(told, evidence.checks)),
        )
        yield wanted, result, Row(f"{entry.name} {wanted}", verdict, seconds, evidence.counterexample)


def _chapter(entry: Entry, results: list[Result]) -> Chapter:
    return Chapter(
        name=entry.name,
        title=entry.title,
        source=entry.source,
        text=entry.text,
        assumptions=entry.assumptions,
        equations=model(entry.model).text,
        results=tuple(results),
    )


def _table(rows: list[Row]) -> Table:
    colours: Mapping[Verdict, str] = {Verdict.REFUTED: "bold red", Verdict.UNKNOWN: "yellow"}
    table = Table("derivation", "verdict", box=None, pad_edge=False)
    table.add_column("seconds", justify="right")
    for row in rows:
        table.add_row(escape(row.name), str(row.verdict), f"{row.seconds:.2f}", style=colours.get(row.verdict, ""))
        if row.counterexample:
            table.add_row(escape(f"  counterexample: {row.counterexample}"))
    return table


def _write(book: Book, directory: Path) -> None:
    tex = directory / "book.tex"
    tex.write_text(book_latex(book), encoding="utf-8")
    (directory / "book.md").write_text(book_markdown(book), encoding="utf-8")
    pdf = make_pdf(tex)
    written = [tex, directory / "book.md", *([pdf] if pdf else [])]
    click.echo("wrote " + ", ".join(map(str, written)))
    if pdf is None:
        click.echo(HOW_TO_GET)
