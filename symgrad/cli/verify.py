"""``symgrad verify``: read a derivation from JSON, check every step of it again, and read its page back."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from symgrad.api.printed.steps import read_back
from symgrad.cli.bounded import bounded, timeout_option
from symgrad.derivation.derivation import Derivation
from symgrad.errors import ReadError
from symgrad.export.stored import LARGEST, moved, read_stored
from symgrad.files import read_at_most
from symgrad.visible import visible

FAILED = 1


@click.command("verify")
@click.argument("file", metavar="FILE")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the points of the checks.")
@click.option(
    "--digits", type=click.IntRange(15, 10_000), default=60, show_default=True, help="Precision of the checks."
)
@timeout_option
def command(file: str, seed: int, digits: int, timeout: float) -> int:
    """Check every step of a derivation again, and read its page back; tell which equations are printed differently now.

    FILE is JSON that symgrad wrote.

    \b
    Example:
      symgrad derive chain --of C --wrt 'b[1]' --detail steps --format json -o chain.json && symgrad verify chain.json

    The exit code is 0, or 1 if a step is refuted or undecided or is printed differently, or 2 if FILE is no derivation.
    """
    derivation, kept = read_stored(_text(file), file)
    with bounded(timeout):
        checked = read_back(derivation.checked(seed, digits), seed=seed, digits=digits)
    changed = moved(checked, kept)
    Console().print(_table(checked, changed))
    click.echo(f"{checked.verdict}: {visible(derivation.title)}")
    return FAILED if changed or not checked.verdict.passes else 0


def _text(file: str) -> str:
    try:
        return read_at_most(file, LARGEST).decode()
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "it is not UTF-8 text"
        raise ReadError(f"cannot read {file}: {reason}", todo="give the path of a derivation in JSON") from None


def _table(derivation: Derivation, changed: list[int]) -> Table:
    table = Table("step", "claim", "rule", "verdict", box=None, pad_edge=False)
    for number, step in enumerate(derivation.steps, start=1):
        assert step.evidence is not None  # it was checked
        verdict = str(step.evidence.verdict) + (", printed differently" if number in changed else "")
        passes = step.evidence.verdict.passes and number not in changed
        table.add_row(str(number), _cell(str(step.claim)), step.rule.name, verdict, style="" if passes else "bold red")
        failed = derivation.failed_premise(number)
        if failed is not None:
            table.add_row("", f"it rests on step {failed}, which did not pass", style="bold red")
        if step.evidence.counterexample:
            table.add_row("", _cell(step.evidence.counterexample))
    for erratum in derivation.errata:
        shown = "refuted, as it should be" if erratum.shown else "NOT REFUTED"
        table.add_row("", _cell(f"erratum: {erratum.printed}"), "", shown, style="" if erratum.shown else "bold red")
    return table


def _cell(text: str) -> str:
    return escape(visible(text))
