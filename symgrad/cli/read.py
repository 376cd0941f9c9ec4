"""``symgrad read``: a network as it was understood."""

from __future__ import annotations

import click

from symgrad.api.model import Model
from symgrad.cli.options import model_options, notation_option, output_option
from symgrad.cli.output import write, write_json
from symgrad.cli.page import page
from symgrad.export.equations import understood, understood_record
from symgrad.export.formats import FORMATS
from symgrad.export.notation import notation as find_notation


@click.command("read")
@model_options
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS, "json"]),
    default="text",
    show_default=True,
    help="What is written; json is for scripts.",
)
@notation_option
@output_option
def command(model: Model, format_: str, notation: str, output: str | None) -> None:
    """Show MODEL as it was understood: its equations typeset, and what every name was taken for.

    MODEL is a built-in model, a file of equations, or - for standard input. A name that may have been meant as
    something else, as wh for w*h, has a note.

    \b
    Examples:
      symgrad read chain
      symgrad read lstm --format markdown
      symgrad models rnn | symgrad read - --activation tanh --format json
    """
    if format_ == "json":
        write_json(understood_record(model), output)
    else:
        write(page(understood(model, find_notation(notation)), format_, output, model.name), output)
