r"""``symgrad latex``: the package for LaTeX, with \symgrad and \symgradnumber."""

from __future__ import annotations

import click

from symgrad.cli.options import output_option
from symgrad.cli.output import write
from symgrad.desk.shipped import shipped


@click.command("latex")
@output_option
def command(output: str | None) -> None:
    """Write the LaTeX package symgrad.sty, with \\symgrad{rnn.eq}{h[T]}{h[k]} and \\symgradnumber{power 1.5 149}.

    \b
    Examples:
      symgrad latex -o symgrad.sty

    They take in what symgrad weave wrote of the document that they stand in.
    """
    write(shipped("symgrad.sty"), output)
