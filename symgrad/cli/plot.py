"""``symgrad plot``: curves of formulas, with their extrema marked."""

from __future__ import annotations

from pathlib import Path

import click

from symgrad.cli.options import output_option
from symgrad.cli.output import write
from symgrad.cli.pipe import complain
from symgrad.errors import SymgradError
from symgrad.files import write_whole

SUFFIXES = (".svg", ".pdf", ".tikz", ".tex")
MARKS = ("maximum", "minimum", "both", "none")


@click.command("plot")
@click.argument("formulas", nargs=-1, required=True, metavar="EXPRESSION...")
@click.option("--over", required=True, metavar="DOMAIN", help="An interval with two ends: '-6 <= z <= 6'.")
@click.option("--mark", type=click.Choice(MARKS), default=MARKS[0], show_default=True, help="What is marked.")
@click.option("--points", type=click.IntRange(2, 10_000), default=361, show_default=True, help="Points of a curve.")
@output_option
def command(formulas: tuple[str, ...], over: str, mark: str, points: int, output: str | None) -> None:
    """Plot one EXPRESSION or several, each with its global maximum found, proved and marked.

    The file name says the format: .svg, .pdf, .tikz or .tex for a tikzpicture; standard output is SVG. SVG and PDF need
    matplotlib.

    \b
    Examples:
      symgrad plot "logistic'(z)" --over '-6 <= z <= 6' -o slope.svg
      symgrad plot "tanh'(z)" "gelu'(z)" --over '-4 <= z <= 4' -o slopes.tikz
      symgrad plot '2*log(w*(1 + sqrt(1 - 4/w))/2 - 1)/w' --over '4 <= w <= 20' -o window.svg
    """
    from symgrad.api.curve import plot_formulas

    suffix = Path(output).suffix if output else ".svg"
    if suffix not in SUFFIXES:
        raise SymgradError(f"cannot plot {output}", todo="give a file name that ends in .svg, .pdf, .tikz or .tex")
    plot = plot_formulas(formulas, over, mark, points)
    if suffix == ".pdf" and output:
        write_whole(output, plot.pdf())
    else:
        write(plot.svg() if suffix == ".svg" else plot.tikz(), output)
    for what in plot.unmarked:
        complain(f"note: not marked: {what}")
