"""``symgrad experiment summary``: what the results in a directory come to, in one file with its digest."""

from __future__ import annotations

import json
from pathlib import Path

import click

from symgrad.cli.options import output_option
from symgrad.cli.output import write


@click.command("summary", short_help="What the results in a directory come to, in one file.")
@click.argument("folder", metavar="DIRECTORY")
@output_option
def summary_command(folder: str, output: str | None) -> int:
    """Write the medians and spreads of the results in a DIRECTORY as JSON, with SHA-256 of each table and of itself.

    DIRECTORY is what -o of the other commands was. The book's chapter on learning speeds takes its numbers from such
    a file.

    \b
    Examples:
      symgrad experiment speed --data mnist --runs 20 -o mnist
      symgrad experiment accuracy --data mnist --runs 3 -o mnist
      symgrad experiment summary mnist -o mnist.json
    """
    from symgrad.experiments.summary import summarise

    found = summarise(Path(folder))
    parts = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in found.items())
    write(f"{{\n{parts}\n}}\n", output)
    return 0
