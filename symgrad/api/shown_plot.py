"""A plot that a notebook shows, and that is written as SVG, PDF or TikZ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from symgrad.derivation.figure import Plot

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class ShownPlot(Plot):
    """A plot with its pictures. unmarked: the extrema that have no mark, and why."""

    unmarked: tuple[str, ...] = ()

    def svg(self) -> str:
        """Return the plot as SVG; needs matplotlib."""
        from symgrad.export.figure import figure_svg

        return figure_svg(self)

    def pdf(self) -> bytes:
        """Return the plot as PDF; needs matplotlib."""
        from symgrad.export.figure import figure_pdf

        return figure_pdf(self)

    def tikz(self) -> str:
        """Return the plot as a tikzpicture."""
        from symgrad.export.plot_tikz import plot_tikz

        return plot_tikz(self)

    def to_frame(self) -> pandas.DataFrame:
        """Return the points, one a row, with the curve that each is of; needs pandas."""
        from symgrad.numbers.frame import frame

        return frame({"curve": c.label, "x": x, "y": y} for c in self.curves for x, y in c.points)

    def _repr_html_(self) -> str:
        """Show the plot with its caption in a notebook."""
        from symgrad.api.notebook import figure_html

        return figure_html(self)

    def _repr_pdf_(self) -> bytes:
        """Show the plot in LaTeX."""
        return self.pdf()
