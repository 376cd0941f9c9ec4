"""``symgrad catalogue``: the derivations of the catalogue, one of them on a page, and the errors of their sources."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from symgrad.api.printed.steps import formats_of, read_back
from symgrad.calculus.layout_name import LAYOUTS
from symgrad.cli.entries import equations, find_entry
from symgrad.cli.options import depth_option, output_option
from symgrad.cli.output import write, write_json
from symgrad.cli.page import STANDALONE, STANDALONE_FORMATS, page
from symgrad.cli.pipe import complain
from symgrad.cli.progress import progress_bar
from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.entry import Entry
from symgrad.errors import SymgradError
from symgrad.export.chapter import chapter
from symgrad.export.errata import errata_document, errata_records
from symgrad.export.formats import FORMATS
from symgrad.export.notation import notation as find_notation
from symgrad.export.steps import COMMENT, NOWHERE
from symgrad.export.stored import stored

FAILED = 1
DETAILS = ("steps", "results")

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS, "json"]),
    default="text",
    show_default=True,
    help="What is written; json is for scripts, and for symgrad verify.",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    default=0,
    show_default=True,
    help="Seed of the points of the checks.",
)


@click.group("catalogue", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List the derivations of the catalogue, print one, or print the errors of their sources.

    \b
    Examples:
      symgrad catalogue
      symgrad catalogue show rnn --detail results
      symgrad catalogue show chain --depth 3 --format latex --standalone -o chain.tex
      symgrad catalogue errata deep-linear --format markdown
    """
    if context.invoked_subcommand is None:
        Console().print(_table(catalogue()))


def _table(entries: dict[str, Entry]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("name", no_wrap=True)
    for title in ("title", "options"):
        table.add_column(title, overflow="fold")
    for entry in entries.values():
        options = ", ".join(f"{name}={default}" for name, default in entry.options.items())
        table.add_row(*map(escape, (entry.name, entry.title, options)))
    return table


@command.command("show")
@click.argument("name")
@click.option(
    "--detail",
    type=click.Choice(DETAILS),
    default=DETAILS[0],
    show_default=True,
    help="Every step, or what each section comes to.",
)
@depth_option
@click.option("--activation", metavar="NAME", help="The activation, where the derivation has a choice: tanh.")
@click.option("--layout", type=click.Choice(LAYOUTS), help="How Jacobians are arranged, where there is a choice.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Another option of the derivation: weight=50. Can be given several times.",
)
@click.option(
    "--notation", metavar="NAME|FILE", help="As symgrad notation list shows, or a TOML file; else the source's own."
)
@format_option
@click.option(
    "--standalone", is_flag=True, help=f"With --format {STANDALONE_FORMATS}: a complete file, not a part of one."
)
@click.option("--verify/--no-verify", default=True, show_default=True, help="Check every step before it is printed.")
@seed_option
@output_option
def show(
    name: str,
    detail: str,
    depth: int | None,
    activation: str | None,
    layout: str | None,
    settings: tuple[str, ...],
    notation: str | None,
    format_: str,
    standalone: bool,
    verify: bool,
    seed: int,
    output: str | None,
) -> int:
    """Print the derivation NAME of the catalogue, with the evidence for each step.

    \b
    Examples:
      symgrad catalogue show rnn --format latex --detail steps
      symgrad catalogue show activations --activation tanh
      symgrad catalogue show exploding --depth 6 --set weight=50
      symgrad catalogue show lstm --notation mybook.toml --format html --standalone -o lstm.html
      symgrad catalogue show window --format json -o window.json && symgrad verify window.json

    The exit code is 0, or 1 if a step is refuted or undecided, or 2 if the input is wrong.
    """
    if standalone and format_ not in STANDALONE:
        raise click.UsageError(f"--standalone is for --format {STANDALONE_FORMATS}.", click.get_current_context())
    entry = find_entry(name)
    named = {"depth": depth, "activation": activation, "layout": layout}
    derivation = entry.derivation(**{**_settings(settings), **{k: v for k, v in named.items() if v is not None}})
    if verify:
        shown_in = find_notation(notation or entry.notation)
        derivation = read_back(derivation.checked(seed), shown_in, formats_of(format_), seed)
    if format_ == "json":
        write_json(stored(derivation), output)
    else:
        shown = chapter(entry, derivation, equations(entry), find_notation(notation or entry.notation))
        shown = shown if detail == "steps" else shown.results()
        document = shown.document(NOWHERE if format_ == "text" else COMMENT)
        write(page(document, format_, output, entry.title, standalone), output)
    return _code(entry, derivation) if verify else 0


def _settings(settings: tuple[str, ...]) -> dict[str, Any]:
    """Return the options in NAME=VALUE; a whole number is one."""
    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not (name and equals and value):
            raise SymgradError(f"{setting!r} sets no option", todo="write it as --set weight=50")
        found[name] = int(value) if value.lstrip("-").isdecimal() and len(value) < 10 else value
    return found


def _code(entry: Entry, derivation: Derivation) -> int:
    if derivation.verdict.passes:
        return 0
    complain(f"{derivation.verdict}: a step of {entry.name}, or an erratum, did not pass its check")
    return FAILED


@command.command("errata")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@format_option
@seed_option
@output_option
def errata(names: tuple[str, ...], format_: str, seed: int, output: str | None) -> int:
    """Print what the sources print wrongly, what is right, and the evidence; of all derivations, or of those named.

    \b
    Examples:
      symgrad catalogue errata chain
      symgrad catalogue errata rnn deep-linear --format markdown -o errata.md
      symgrad catalogue errata exploding unstable --format json

    The exit code is 0, or 1 if a step, or that something is an error, is not shown, or 2 if the input is wrong.
    """
    entries = [find_entry(name) for name in names] if names else list(catalogue().values())
    shown = {}
    with progress_bar(len(entries), "checking") as bar:
        for entry in entries:
            bar.say(f"checking {entry.name}")
            derivation = entry.derivation()
            if derivation.errata:
                shown[entry.name] = entry, derivation.checked(seed)
            bar.step()
    if format_ == "json":
        write_json(errata_records(shown), output)
    else:
        write(page(errata_document(shown), format_, output, "Errata"), output)
    return 0 if all(derivation.verdict.passes for _, derivation in shown.values()) else FAILED
