"""``symgrad audit``: check the formulas and numbers that documents print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

import symgrad
from symgrad.audit.audit import TIMEOUT, Audited
from symgrad.audit.files import Documents, Settings, audit_files, looked_for, worth
from symgrad.audit.report.tally import Tally
from symgrad.cli.audit_report import Report
from symgrad.cli.options import output_option
from symgrad.cli.pipe import complain
from symgrad.cli.progress import Bar, progress_bar
from symgrad.cli.stopped import stoppable
from symgrad.cli.workers import workers_of, workers_options

REFUTED, BAD_INPUT = 1, 2
MOST_NAMES = 8
"""Folders that are named of those which are not read."""


@click.command("audit")
@click.argument("paths", nargs=-1, metavar="PATH...")
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
@click.option("--macros", "preamble", multiple=True, metavar="FILE", help="Commands that the texts use: a preamble.")
@click.option("--baseline", metavar="FILE", help="Report only what this file, of an earlier run, does not know.")
@click.option("--update-baseline", is_flag=True, help="Write what is found to the baseline: it is known from then on.")
@workers_options
@click.option("--shard", metavar="I/N", help="Audit only the I-th of N shares of the files; with --out.")
@click.option("--out", metavar="DIR", help="Keep what is finished in a directory: a run that was ended goes on there.")
@click.option("--merge", metavar="DIR", help="Report what the shards in a directory found, as one run would.")
@output_option
def command(
    paths: tuple[str, ...],
    format_: str,
    everything: bool,
    model: str,
    timeout: float,
    preamble: tuple[str, ...],
    baseline: str | None,
    update_baseline: bool,
    workers: int | None,
    scheduler: str | None,
    shard: str | None,
    out: str | None,
    merge: str | None,
    output: str | None,
) -> int:
    """Check the formulas and numbers that documents print: Markdown, LaTeX, reStructuredText, notebooks, text.

    PATH is a file, or a directory, of which all such files are read. What is not understood is never guessed.

    \b
    Examples:
      symgrad audit notes/*.md chapter5.tex
      symgrad audit --all chapter5.tex
      symgrad audit --model rnn lecture.ipynb
      symgrad audit --macros preamble.tex chapters/
      symgrad audit --format html -o audit.html book/
      symgrad audit --format sarif -o audit.sarif docs/
      symgrad audit --format json notes.md --timeout 0.5 --workers 2
      symgrad audit book/ --baseline known.json --update-baseline
      symgrad audit book/ --shard 1/1 --out found/ && symgrad audit --merge found/

    The exit code is 0 when nothing is refuted, 1 when something is, 2 for input that cannot be read. In a directory
    a file that is no text is passed over, and said to be.
    """
    _refuse(bool(paths), bool(baseline), update_baseline, shard, out, merge)
    known = Known(baseline, update_baseline)
    report = Report(format_, output)
    if merge:
        from symgrad.audit.shards import merged

        return _told(merged(Path(merge)), report, known, frozenset())
    settings = Settings(timeout, everything, _text_of_model(model), _text_of(preamble))
    given = looked_for(paths)
    run = partial(_run, settings=settings, workers=workers, scheduler=scheduler)
    with stoppable():
        if out:
            from symgrad.audit.shards import keep, kept_in, merged
            from symgrad.workers.shard import Shard

            part = Shard.read(shard or "1/1")
            with kept_in(Path(out), part, given.files, settings, symgrad.__version__) as kept:
                total = len(range(part.number - 1, len(given.files), part.of))
                if kept.count:
                    complain(f"note: {kept.count:,} of {total:,} files are finished, and are not read again")
                try:
                    with progress_bar(total - kept.count, "audit") as bar:
                        for _ in keep(kept, part, given.files, partial(run, bar=bar)):
                            bar.step()
                except KeyboardInterrupt:
                    complain(f"stopped: {kept.count:,} of {total:,} files are finished, and kept in {out}")
                    raise
            if shard:
                _left_out(given)
                return BAD_INPUT if given.left else 0
            code = _told(merged(Path(out)), report, known, given.named)
        else:
            with progress_bar(len(given.files), "audit") as bar:
                found = _counted(run(given.files, bar=bar), bar)
                code = _told(found, report, known, given.named, bar, len(given.files))
    _left_out(given)
    return BAD_INPUT if given.left else code


def _refuse(
    paths: bool, baseline: bool, update_baseline: bool, shard: str | None, out: str | None, merge: str | None
) -> None:
    """Refuse options that do not go together."""
    context = click.get_current_context()
    if update_baseline and not baseline:
        raise click.UsageError("--update-baseline needs --baseline FILE.", context)
    if shard and not out:
        raise click.UsageError("--shard needs --out DIR, where what it finds is kept.", context)
    if merge and (paths or shard or out):
        raise click.UsageError("--merge DIR takes no PATH, no --shard and no --out: it reads what they left.", context)
    if not merge and not paths:
        raise click.UsageError("Missing argument 'PATH...'.", context)


def _text_of_model(name: str) -> str:
    """Return a built-in model's name, or the equations of another."""
    if not name:
        return ""
    from symgrad.api.model import models
    from symgrad.cli.source import find_model

    network = find_model(name)
    return name if name in models() else network.text


def _text_of(files: Sequence[str]) -> str:
    """Return the text of files, one after the other; raises ReadError for one that cannot be read."""
    from symgrad.audit.source.format import read_text

    return "\n".join(read_text(Path(name)) for name in files)


def _run(
    files: Sequence[Path], settings: Settings, workers: int | None, scheduler: str | None, bar: Bar
) -> Iterator[Audited]:
    chosen = workers_of(workers, scheduler, lambda n: worth(files, n))
    return audit_files(files, settings, chosen, lambda line: bar.say(f"audit, line {line}"))


def _counted(found: Iterable[Audited], bar: Bar) -> Iterator[Audited]:
    for audited in found:
        bar.step()
        yield audited


@dataclass(frozen=True)
class Known:
    """The baseline that is asked for: what is known is left out of a report."""

    file: str | None
    update: bool

    def left(self, found: Iterable[Audited]) -> tuple[Iterable[Audited], Callable[[], int]]:
        """Return what is not known, and what says how many known findings are there no more."""
        if self.file is None:
            return found, lambda: 0
        from symgrad.audit.baseline import Baseline

        if self.update:
            found = list(found)
            Baseline.of(found, self.file).write(self.file)
        leaving = Baseline.read(self.file).leaving()
        return map(leaving.of, found), lambda: leaving.mended


def _told(
    found: Iterable[Audited],
    report: Report,
    known: Known,
    named: frozenset[Path],
    bar: Bar | None = None,
    files: int | None = None,
) -> int:
    """Report what is found, as it is found, and return the exit code."""
    bar = bar or Bar()
    tally = Tally()
    stopped: list[KeyboardInterrupt] = []
    left, mended = known.left(_until_stopped(found, stopped))
    report.write(tally.of(left), tally, bar)
    with bar.aside():
        for file in tally.unread:
            _unread(file, named)
        if number := mended():
            complain(f"note: {number:,} findings of the baseline are there no more: --update-baseline takes them out")
        if stopped:
            complain(f"stopped: {tally.files} of {files or 'the'} files are audited")
            raise stopped[0]
    if any(_is_bad(file, named) for file in tally.unread):
        return BAD_INPUT
    return REFUTED if tally.flagged else 0


def _until_stopped(found: Iterable[Audited], stopped: list[KeyboardInterrupt]) -> Iterator[Audited]:
    """Yield what is found until Ctrl-C or SIGTERM, which is remembered."""
    try:
        yield from found
    except KeyboardInterrupt as stop:
        stopped.append(stop)


def _is_bad(file: Audited, named: frozenset[Path]) -> bool:
    """Tell whether a file could not be read that ought to be: one that is named, or that is a text."""
    return bool(file.error) and (file.is_text or Path(file.file) in named)


def _unread(file: Audited, named: frozenset[Path]) -> None:
    """Say on standard error that a file was not read, and why."""
    if _is_bad(file, named):
        complain(file.error)
    else:
        what, *where = file.error.splitlines()
        complain(f"note: passed over: {what}, {where[0].strip() if where else file.file}")


def _left_out(given: Documents) -> None:
    """Say on standard error which folders and files were not read."""
    if given.skipped:
        names = ", ".join(str(path) for path in given.skipped[:MOST_NAMES])
        more = f" and {len(given.skipped) - MOST_NAMES:,} more" if len(given.skipped) > MOST_NAMES else ""
        complain(f"note: folders that are not read unless they are named: {names}{more}")
    if given.left:
        complain(
            f"{given.left:,} files are not audited: {len(given.files):,} are the most of one run\n"
            "  what to do: audit the directory part by part"
        )
