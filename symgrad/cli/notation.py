"""``symgrad notation``: the notations that there are, and how one writes the names of a network."""

from __future__ import annotations

import click

from symgrad.cli.options import output_option
from symgrad.cli.output import write, write_json

FORMATS = ("text", "latex", "markdown", "html", "json")


@click.group("notation")
def command() -> None:
    """List the notations, or show how one writes every name of a network.

    \b
    Examples:
      symgrad notation list
      symgrad notation show goodfellow lstm
      symgrad notation show mybook.toml my_network.eq
      symgrad notation show mybook.toml my_network.eq --format latex -o names.tex
    """


@command.command("list")
def list_command() -> None:
    """List the notations that come with symgrad, each with an equation.

    \b
    Examples:
      symgrad notation list
    """
    from symgrad.api.model import model
    from symgrad.export.notation import NOTATIONS
    from symgrad.export.text import text

    errors = model("mlp").backward("C", "W")
    for name in NOTATIONS:
        page = errors.presentation(name)
        document = page.typesetter.suited.document(page.backward[-1:])
        write(f"{name:<12}{text(document)}", None)


@command.command("show")
@click.argument("notation", metavar="NAME|FILE.toml")
@click.argument("models", metavar="MODEL...", nargs=-1, required=True)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How the table is written; text shows the LaTeX of each name too.",
)
@output_option
def show_command(notation: str, models: tuple[str, ...], format_: str, output: str | None) -> None:
    """Print a table of every name of MODEL, with the notation's way of writing it.

    NAME is a notation, or FILE.toml; each MODEL is a built-in model or a file of equations. What the notation names and
    none of the models has is an error, unless it is shared, and so are two names that would look alike.

    \b
    Examples:
      symgrad notation show nielsen chain
      symgrad notation show goodfellow lstm
      symgrad notation show mybook.toml my_network.eq
      symgrad notation show mybook.toml rnn mlp --format json
    """
    from symgrad.cli.source import find_model
    from symgrad.export.notation import notation as find_notation
    from symgrad.export.notation_table import check_all, names_table, records

    found, networks = find_notation(notation), [find_model(m) for m in models]
    check_all(found, networks)
    if format_ == "json":
        write_json({"notation": found.name, "names": [r for n in networks for r in records(n, found)]}, output)
        return
    write("\n".join(names_table(n, found, format_) for n in networks), output)
