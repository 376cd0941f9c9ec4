"""``symgrad draw``: a picture of a network."""

from __future__ import annotations

from pathlib import Path

import click

from symgrad.api.model import Model
from symgrad.cli.bounded import SECONDS, bounded
from symgrad.cli.options import model_options, notation_option, output_option
from symgrad.cli.output import write
from symgrad.cli.pipe import complain
from symgrad.draw.network import VIEWS, draw
from symgrad.draw.written import FEW
from symgrad.errors import SymgradError
from symgrad.files import write_whole

SUFFIXES = {".svg": "svg", ".tikz": "tikz", ".tex": "tikz", ".typ": "typst", ".pdf": "pdf"}
FAILED = 1
MOST = 1000
"""The largest size of a layer."""


def _sizes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    """Return the sizes of layers and families, {"n[1]": 4}."""
    found = {}
    for value in values:
        name, _equals, number = (part.strip() for part in value.partition("="))
        if not (name and number.isascii() and number.isdigit() and 0 < int(number[:9]) <= MOST):
            raise click.BadParameter(f"{value!r} gives no size: write it as n=4, or 'n[1]=4', up to {MOST}.")
        found[name.replace(" ", "")] = int(number)
    return found


@click.command("draw")
@model_options
@click.option("--steps", type=click.IntRange(1), metavar="N", help="How many steps or layers are drawn.")
@click.option("--from", "start", metavar="QUANTITY", help="With --to: the paths from this quantity are marked.")
@click.option("--to", "end", metavar="QUANTITY", help="The quantity in which they end.")
@click.option(
    "--factors",
    is_flag=True,
    help="With --from and --to: on each arrow its factor in the derivative, which is checked.",
)
@click.option("--view", type=click.Choice(VIEWS), help="What is drawn of each equation or step.")
@click.option("--size", "sizes", multiple=True, metavar="NAME=N", callback=_sizes, help="Size of a layer: 'n[1]=4'.")
@notation_option
@output_option
def command(
    model: Model,
    steps: int | None,
    start: str | None,
    end: str | None,
    factors: bool,
    view: str | None,
    sizes: dict[str, int],
    notation: str,
    output: str | None,
) -> int:
    """Draw MODEL: an arrow from x to y where the equation of y reads x.

    --view equations, each a circle; units, an activation in one circle with what it is of; neurons, a circle for each
    entry of a vector; cell, the operations of one step. The file name says the format: .svg, .pdf, .tikz or .tex for a
    tikzpicture, .typ for Typst; standard output is SVG.

    \b
    Examples:
      symgrad draw chain -o chain.svg
      symgrad draw rnn --steps 3 --from 's[1]' --to E -o rnn.tikz
      symgrad draw chain --steps 2 --from 'b[1]' --to C --factors -o mnemonic.svg
      symgrad draw lstm --view cell
      symgrad draw mlp --view neurons --size 'n[0]=3' --size n=4
    """
    suffix = Path(output).suffix if output else ".svg"
    if suffix not in SUFFIXES:
        ending = "give a file name that ends in .svg, .pdf, .tikz, .tex or .typ"
        raise SymgradError(f"cannot draw {output}", todo=ending)
    if (start is None) != (end is None):
        raise click.UsageError("--from and --to go together.", click.get_current_context())
    if factors and (start is None or view is not None):
        raise click.UsageError("--factors needs --from and --to, and no --view.", click.get_current_context())
    if factors and start is not None and end is not None:
        gradient = model.derivative(end, start, depth=steps or FEW)
        with bounded(SECONDS):
            evidence = gradient.verify()
        if not evidence.verdict.passes:
            complain(str(evidence))
            return FAILED
        drawing = gradient.draw(notation=notation)
    else:
        drawing = draw(model, steps, start, end, notation, view, sizes)
    if SUFFIXES[suffix] == "pdf" and output:
        write_whole(output, drawing.pdf())
    else:
        written = {"svg": drawing.svg, "tikz": drawing.tikz, "typst": drawing.typst}[SUFFIXES[suffix]]
        write(written(), output)
    return 0
