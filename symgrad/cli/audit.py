"""``symgrad audit``: check the formulas and numbers that documents print."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

import symgrad
from symgrad.api.model import models
from symgrad.audit.audit import TIMEOUT, Audited
from symgrad.audit.baseline import Baseline
from symgrad.audit.files import Documents, audit_files, executor, looked_for
from symgrad.audit.report.text import text
from symgrad.cli.options import output_option
from symgrad.cli.output import takes_unicode, write
from symgrad.cli.pipe import complain
from symgrad.cli.source import find_model

REFUTED, BAD_INPUT = 1, 2
PLAIN_WIDTH = 80
MOST_NAMES = 8
"""Folders that are named of those which are not read."""


@click.command("audit")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "sarif", "html"]),
    default="text",
    show_default=True,
    help="For reading, for scripts, for code scanning, for a browser.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Tell also what is confirmed, and what is not checkable and why."
)
@click.option("--model", default="", metavar="NAME|FILE", help="The network that gradients speak of, such as rnn.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 3600, min_open=True),
    metavar="SECONDS",
    default=TIMEOUT,
    show_default=True,
    help="Time for the claims of one formula.",
)
@click.option("--baseline", metavar="FILE", help="Report only what this file, of an earlier run, does not know.")
@click.option("--update-baseline", is_flag=True, help="Write what is found to the baseline: it is known from then on.")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes; by default one for each core.")
@output_option
def command(
    paths: tuple[str, ...],
    format_: str,
    everything: bool,
    model: str,
    timeout: float,
    baseline: str | None,
    update_baseline: bool,
    jobs: int | None,
    output: str | None,
) -> int:
    """Check the formulas and numbers that documents print: Markdown, LaTeX, reStructuredText, notebooks, text.

    PATH is a file, or a directory, of which all such files are read. What is not understood is never guessed.

    \b
    Examples:
      symgrad audit notes/*.md chapter5.tex
      symgrad audit --all chapter5.tex
      symgrad audit --model rnn lecture.ipynb
      symgrad audit --format html -o audit.html book/
      symgrad audit --format sarif -o audit.sarif docs/
      symgrad audit --format json notes.md --timeout 0.5 --jobs 2
      symgrad audit book/ --baseline known.json --update-baseline

    The exit code is 0 when nothing is refuted, 1 when something is, 2 for input that cannot be read. In a directory
    a file that is no text is passed over, and said to be.
    """
    if update_baseline and not baseline:
        raise click.UsageError("--update-baseline needs --baseline FILE.", click.get_current_context())
    known = Baseline.read(baseline) if baseline and not update_baseline else None
    network = find_model(model) if model else None
    given = looked_for(paths)
    files = given.files
    text_of_model = "" if network is None else model if model in models() else network.text
    found, finished = _audited(files, timeout, everything, text_of_model, jobs)
    if baseline and update_baseline and finished:
        Baseline.of(found, baseline).write(baseline)
        known = Baseline.read(baseline)
    found, mended = known.left(found) if known else (found, 0)
    write(_report(found, format_, output), output)
    _remarks(given, found, mended)
    if not finished:
        complain(f"stopped: {len(found)} of {len(files)} files are audited")
        raise KeyboardInterrupt
    if given.left or any(_is_bad(file, given) for file in found):
        return BAD_INPUT
    return REFUTED if any(file.flagged for file in found) else 0


def _is_bad(file: Audited, given: Documents) -> bool:
    """Tell whether a file could not be read that ought to be: one that is named, or that is a text."""
    return bool(file.error) and (file.is_text or Path(file.file) in given.named)


def _remarks(given: Documents, found: Sequence[Audited], mended: int) -> None:
    """Say on standard error what was not read, and why."""
    for file in found:
        if _is_bad(file, given):
            complain(file.error)
        elif file.error:
            what, *where = file.error.splitlines()
            complain(f"note: passed over: {what}, {where[0].strip() if where else file.file}")
    if given.skipped:
        names = ", ".join(str(path) for path in given.skipped[:MOST_NAMES])
        more = f" and {len(given.skipped) - MOST_NAMES:,} more" if len(given.skipped) > MOST_NAMES else ""
        complain(f"note: folders that are not read unless they are named: {names}{more}")
    if given.left:
        complain(
            f"{given.left:,} files are not audited: {len(given.files):,} are the most of one run\n"
            "  what to do: audit the directory part by part"
        )
    if mended:
        complain(f"note: {mended:,} findings of the baseline are there no more: --update-baseline takes them out")


def _audited(
    files: Sequence[Path], timeout: float, everything: bool, model: str, jobs: int | None
) -> tuple[list[Audited], bool]:
    """Return what is found, in the order of the files, and whether all of them are finished."""
    done: dict[str, Audited] = {}
    finished = True
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("audit", total=len(files))

        def tell(line: int) -> None:
            progress.update(task, description=f"audit, line {line}")

        try:
            for found in audit_files(files, timeout, everything, model, executor(files, jobs), tell):
                done[found.file] = found
                progress.advance(task)
        except KeyboardInterrupt:
            finished = False
    return [done[str(path)] for path in files if str(path) in done], finished


def _report(found: Sequence[Audited], format_: str, output: str | None) -> str:
    match format_:
        case "json":
            from symgrad.audit.report.record import audit_json

            return audit_json(found, escaped=not takes_unicode(output))
        case "sarif":
            from symgrad.audit.report.sarif import sarif

            return sarif(found, symgrad.__version__, escaped=not takes_unicode(output))
        case "html":
            from symgrad.audit.report.page import audit_page

            return audit_page(found)
    console = Console(soft_wrap=True, highlight=False)
    width = min(shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns, 200)
    with console.capture() as capture:
        for line in text(found, width):
            console.print(line)
    return capture.get() if output is None else "\n".join(line.plain for line in text(found, width)) + "\n"
