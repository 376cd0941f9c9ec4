"""``symgrad draw``: a picture of a network."""

from __future__ import annotations

from pathlib import Path

import click

from symgrad.api.model import Model
from symgrad.cli.options import model_options, notation_option, output_option
from symgrad.cli.output import write
from symgrad.errors import SymgradError
from symgrad.files import write_whole

VIEWS = ("equations", "units", "cell")
FEW = 2
"""Steps of a drawing with factors, where no number is given."""
SUFFIXES = {".svg": "svg", ".tikz": "tikz", ".tex": "tikz", ".typ": "typst", ".pdf": "pdf"}


@click.command("draw")
@model_options
@click.option("--steps", type=click.IntRange(1), metavar="N", help="How many steps or layers are drawn.")
@click.option("--from", "start", metavar="QUANTITY", help="With --to: the paths from this quantity are marked.")
@click.option("--to", "end", metavar="QUANTITY", help="The quantity in which they end.")
@click.option(
    "--view", type=click.Choice(VIEWS), help="Equations, units with their activations, or the operations of one step."
)
@click.option("--factors", is_flag=True, help="With --from and --to: on each arrow its factor in the derivative.")
@notation_option
@output_option
def command(
    model: Model,
    steps: int | None,
    start: str | None,
    end: str | None,
    view: str | None,
    factors: bool,
    notation: str,
    output: str | None,
) -> None:
    """Draw MODEL: an arrow from x to y where the equation of y reads x.

    The file name says the format: .svg, .pdf, .tikz or .tex for a tikzpicture, .typ for Typst; standard output is SVG.

    \b
    Examples:
      symgrad draw chain -o chain.svg
      symgrad draw rnn --steps 3 --from 's[1]' --to E -o rnn.tikz
      symgrad draw lstm --view cell
      symgrad draw chain --steps 2 --from 'b[1]' --to C --factors -o mnemonic.pdf
    """
    from symgrad.draw.network import draw

    suffix = Path(output).suffix if output else ".svg"
    if suffix not in SUFFIXES:
        raise SymgradError(
            f"cannot draw {output}", todo="give a file name that ends in .svg, .pdf, .tikz, .tex or .typ"
        )
    if (start is None) != (end is None):
        raise click.UsageError("--from and --to go together.", click.get_current_context())
    if factors:
        if start is None or end is None:
            raise click.UsageError("--factors needs --from and --to.", click.get_current_context())
        drawing = model.derivative(end, start, depth=steps or FEW).draw(notation=notation)
    else:
        drawing = draw(model, steps, start, end, notation, view)
    if SUFFIXES[suffix] == "pdf" and output:
        write_whole(output, drawing.pdf())
        return
    written = {"svg": drawing.svg, "tikz": drawing.tikz, "typst": drawing.typst}[SUFFIXES[suffix]]
    write(written(), output)
