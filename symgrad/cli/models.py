"""``symgrad models``: the built-in models, with their equations."""

from __future__ import annotations

import click

from symgrad.api.model import model, models
from symgrad.cli.output import write


@click.command("models")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the built-in models, with their equations.

    With NAME only that one, as a file that you can change:

    \b
        symgrad models rnn > my_network.eq
    """
    if name is not None:
        write(model(name).text)
        return
    listed = [f"{known}\n{model(known).text}" for known in models()]
    write("\n".join(listed))
