"""``symgrad quarto``: the extension for Quarto, whose filter pandoc takes alone too."""

from __future__ import annotations

from pathlib import Path

import click

from symgrad.cli.output import write
from symgrad.desk.shipped import shipped
from symgrad.errors import SymgradError
from symgrad.files import write_whole
from symgrad.visible import visible

FILES = ("_extension.yml", "symgrad.lua")


@click.command("quarto")
@click.argument("folder", default="_extensions/symgrad", metavar="[FOLDER]")
def command(folder: str) -> None:
    """Write the extension for Quarto into FOLDER, _extensions/symgrad if none is named.

    \b
    Examples:
      symgrad quarto
      symgrad quarto filters

    For Quarto, in the document's head, under filters: a line "- symgrad". For pandoc alone:
    pandoc notes.md --lua-filter filters/symgrad.lua -o notes.pdf
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SymgradError(f"cannot make {folder}: {error.strerror}", todo="name another folder") from None
    for name in FILES:
        write_whole(target / name, shipped(name))
        write(f"{visible(str(target / name))}\n")
