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
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.entry import Entry, Wanted
from symgrad.derivation.erratum import Erratum
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.export.book import Book, Chapter, Result, book_latex, book_markdown
from symgrad.export.book_html import book_html
from symgrad.export.figure import figure_pdf, figure_svg
from symgrad.export.notation import notation
from symgrad.export.steps import StepPresentation

TITLE = "The gradients of deep networks"
FAILED = 1


@dataclass(frozen=True)
class Row:
    """A line of the table: derivation, verdict, seconds; and what refutes it, if anything does."""

    name: str
    verdict: Verdict
    seconds: float
    counterexample: str = ""


@click.command("book")
@click.option("-o", "--output", default="build/book", show_default=True, help="Directory to write to.")
@click.option("--seed", default=0, show_default=True, help="Seed of the points at which formulas are compared.")
def command(output: str, seed: int) -> int:
    """Run every derivation of the catalogue, check it, and write book.tex, book.md, HTML pages and book.pdf.

    The exit code is 1 if any verdict is REFUTED or UNKNOWN. The PDF needs pdflatex.
    """
    directory = _directory(output)
    entries = catalogue()
    rows: list[Row] = []
    chapters: list[Chapter] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=sum(map(_length, entries.values())))
        for entry in entries.values():
            results: list[Result] = []
            derivation: Derivation | None = None
            for wanted in entry.derivatives:
                progress.update(task, description=escape(f"{entry.name} {wanted}"))
                result, row = _formula(entry, wanted, seed)
                results.append(result)
                rows.append(row)
                progress.advance(task)
            if entry.build:
                progress.update(task, description=escape(entry.name))
                derivation, row = _steps(entry, seed)
                results += _lines(derivation, entry)
                rows.append(row)
                progress.advance(task)
            chapters.append(_chapter(entry, results, derivation))
    Console().print(_table(rows))
    _write(Book(TITLE, tuple(chapters)), directory)
    return 0 if all(row.verdict.passes for row in rows) else FAILED


def _length(entry: Entry) -> int:
    return len(entry.derivatives) + (entry.build is not None)


def _directory(output: str) -> Path:
    directory = Path(output)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SymgradError(
            f"cannot make the directory {output}: {error.strerror}", todo="name another one: -o build/book"
        ) from None
    return directory


def _formula(entry: Entry, wanted: Wanted, seed: int) -> tuple[Result, Row]:
    """Derive and check one formula of an entry."""
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
        evidence=tuple(map(str, evidence.checks)),
    )
    return result, Row(f"{entry.name} {wanted}", verdict, seconds, evidence.counterexample)


def _steps(entry: Entry, seed: int) -> tuple[Derivation, Row]:
    """Build and check the steps of an entry."""
    begin = time.perf_counter()
    derivation = entry.derivation().checked(seed)
    seconds = time.perf_counter() - begin
    checked = [step.evidence for step in derivation.steps if step.evidence]
    counterexample = next((e.counterexample for e in checked if e.counterexample), "")
    return derivation, Row(entry.name, derivation.verdict, seconds, counterexample)


def _lines(derivation: Derivation, entry: Entry) -> Iterator[Result]:
    lines = StepPresentation(derivation, notation(entry.notation), derivation.layout).lines()
    for line, step in zip(lines, derivation.steps, strict=True):
        lead = f"({line.number}) {line.because} [{line.note}]".replace("  ", " ")
        yield Result(lead, line.document, line.verdict, line.passes, line.evidence, step.section)


def _erratum(erratum: Erratum) -> str:
    if not erratum.shown:
        return f"{erratum.place}: not shown to be an error, and left out."
    assert erratum.evidence is not None  # it is shown
    against = f" Against what is printed: {erratum.evidence.counterexample}." if erratum.evidence.counterexample else ""
    steps = f" (steps {', '.join(map(str, erratum.steps))})" if erratum.steps else ""
    place = erratum.place[:1].upper() + erratum.place[1:]
    return f"{place} prints {erratum.printed}. Right is {erratum.right}{steps}.{against}"


def _chapter(entry: Entry, results: list[Result], derivation: Derivation | None) -> Chapter:
    return Chapter(
        name=entry.name,
        title=entry.title,
        source=entry.source,
        text=entry.text,
        assumptions=entry.assumptions,
        equations=model(entry.model).text if entry.model else "",
        results=tuple(results),
        errata=tuple(map(_erratum, derivation.errata)) if derivation else (),
        figures=derivation.figures if derivation else (),
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
    figures = directory / "figures"
    figures.mkdir(exist_ok=True)
    for figure in book.drawings():
        (figures / f"{figure.name}.svg").write_text(figure_svg(figure), encoding="utf-8")
        (figures / f"{figure.name}.pdf").write_bytes(figure_pdf(figure))
    for name, page in book_html(book).items():
        (directory / name).write_text(page, encoding="utf-8")
    pdf = make_pdf(tex)
    written = [tex, directory / "book.md", directory / "index.html", *([pdf] if pdf else [])]
    click.echo("wrote " + ", ".join(map(str, written)))
    if pdf is None:
        click.echo(HOW_TO_GET)
