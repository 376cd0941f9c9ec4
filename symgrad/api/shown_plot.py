"""A plot that a notebook shows, and that is written as SVG, PDF or TikZ."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.derivation.figure import Plot


@dataclass(frozen=True)
class ShownPlot(Plot):
    """A plot with its pictures."""

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

    def _repr_svg_(self) -> str:
        """Show the plot in a notebook."""
        return self.svg()
