"""``symgrad models``: the built-in models, with their equations."""

from __future__ import annotations

import click

from symgrad.api.model import model, models
from symgrad.cli.options import notation_option, output_option
from symgrad.cli.output import write, write_json
from symgrad.cli.page import page
from symgrad.export.equations import listing, network_document, network_record
from symgrad.export.formats import FORMATS
from symgrad.export.math import Document
from symgrad.export.notation import notation as find_notation


@click.command("models")
@click.argument("name", required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS, "json"]),
    default="text",
    show_default=True,
    help="text: as the files say; latex, markdown and html: typeset; json: for scripts.",
)
@notation_option
@output_option
def command(name: str | None, format_: str, notation: str, output: str | None) -> None:
    """List the built-in models with their equations, or, with NAME, print one of them.

    \b
    Examples:
      symgrad models
      symgrad models lstm --format markdown
      symgrad models mlp --format latex --notation ng
      symgrad models rnn -o my_network.eq
    """
    chosen = [model(n) for n in ([name] if name else models())]
    style = find_notation(notation)
    match format_:
        case "json":
            records = [network_record(m) for m in chosen]
            write_json(records[0] if name else records, output)
            return
        case "text":
            shown = chosen[0].text if name else page(_joined([listing(m) for m in chosen]), "text", output)
        case _:
            shown = page(_joined([network_document(m, style) for m in chosen]), format_, output)
    write(shown, output)


def _joined(documents: list[Document]) -> Document:
    return Document(tuple(part for d in documents for part in d.parts))
