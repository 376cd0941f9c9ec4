"""``symgrad models``: the built-in models, with their equations."""

from __future__ import annotations

import click

from symgrad.cli.options import notation_option, output_option
from symgrad.cli.output import write, write_json
from symgrad.cli.page import page
from symgrad.export.formats import FORMATS
from symgrad.export.math import Document, Heading, Listing
from symgrad.network.built_in import builtin_names, builtin_text


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
    names = [name] if name else builtin_names()
    if format_ == "text":  # as the files say: no network is read
        texts = {n: builtin_text(n) for n in names}
        listed = (part for n, text in texts.items() for part in (Heading(n, 2), Listing(text.rstrip())))
        write(texts[name] if name else page(Document(tuple(listed)), "text", output), output)
        return
    from symgrad.api.model import model
    from symgrad.export.equations import network_document, network_record
    from symgrad.export.notation import notation as find_notation

    models = [model(n) for n in names]
    if format_ == "json":
        records = [network_record(m) for m in models]
        write_json(records[0] if name else records, output)
        return
    style = find_notation(notation)
    typeset = (part for m in models for part in network_document(m, style).parts)
    document = Document(tuple(typeset), tuple(style.macros.items()))
    write(page(document, format_, output), output)
