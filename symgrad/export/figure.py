"""Figures as SVG for pages and PDF for LaTeX, drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from symgrad.derivation.figure import ChainDiagram, Diagram, Drawing, Level, NeuronBars, Plot
from symgrad.errors import SymgradError
from symgrad.export.figure_network import COLOURS, draw_bars, draw_chain, draw_diagram

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

WIDTH, HEIGHT = 6.2, 3.4
"""Inches."""
DASHES = ("-", "--", "-.", ":", (0, (6, 1.5, 1, 1.5, 1, 1.5)))
"""Lines that are told apart in grey too."""
HALO = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0}
STYLE: dict[Any, Any] = {
    "font.family": "serif",
    "font.size": 10,
    "mathtext.fontset": "cm",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "path",
}


def figure_svg(figure: Drawing) -> str:
    """Return a figure as SVG, without a reference to anything outside it; the same figure gives the same text."""
    return _drawn(figure, "svg", {"Date": None}).decode("utf-8")


def figure_pdf(figure: Drawing) -> bytes:
    """Return a figure as PDF, for \\includegraphics."""
    return _drawn(figure, "pdf", {"CreationDate": None})


def _drawn(figure: Drawing, format_: str, metadata: dict[str, None]) -> bytes:
    try:
        import matplotlib
        from matplotlib.figure import Figure as Canvas
    except ImportError:
        raise SymgradError("figures need matplotlib", todo="pip install 'symgrad[figures]'") from None
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": figure.name}):
        match figure:
            case Plot():
                canvas = Canvas(figsize=(WIDTH, HEIGHT), layout="constrained")
                _plot(canvas, figure)
            case ChainDiagram():
                canvas = Canvas(figsize=(WIDTH, 1.7), layout="constrained")
                draw_chain(canvas.add_subplot(), figure)
            case NeuronBars(layers=layers, told=told):
                canvas = Canvas(figsize=(WIDTH, HEIGHT), layout="constrained")
                draw_bars(canvas.add_subplot(), layers, told)
            case Diagram():
                left, right = (f(node.x for node in figure.nodes) for f in (min, max))
                canvas = Canvas(figsize=(WIDTH, WIDTH * figure.height / (right - left + 1)), layout="constrained")
                draw_diagram(canvas.add_subplot(), figure)
        out = BytesIO()
        canvas.savefig(out, format=format_, metadata=metadata)
    return out.getvalue()


# --- plots ----------------------------------------------------------------------------------------


def _plot(canvas: Canvas, plot: Plot) -> None:
    axes = canvas.add_subplot()
    for i, curve in enumerate(plot.curves):
        x, y = zip(*curve.points, strict=True)
        colour = COLOURS[i % len(COLOURS)]
        if curve.band:
            at, bottom, top = zip(*curve.band, strict=True)
            axes.fill_between(at, bottom, top, color=colour, alpha=0.25, linewidth=0)
        axes.plot(x, y, color=colour, label=curve.label, linewidth=1.5, linestyle=DASHES[i % len(DASHES)])
    for mark in plot.marks:
        axes.plot([mark.x], [mark.y], "o", color="#1b1b1b", markersize=4)
        axes.annotate(mark.label, (mark.x, mark.y), textcoords="offset points", xytext=(6, 6), bbox=HALO)
    for level in plot.levels:
        axes.axhline(level.y, color="#777777", linewidth=0.8, linestyle=":")
        if level.since is not None:
            axes.axhspan(level.y, level.since, color=COLOURS[0], alpha=0.12, linewidth=0)
    low, high = axes.get_ylim()
    for place, label in _stacked(plot.levels, (high - low) / 20):
        axes.text(1.01, place, label, transform=axes.get_yaxis_transform(), fontsize=8, color="#444444", va="center")
    if plot.log:
        axes.set_yscale("log")
    axes.set_xlabel(plot.x_label)
    axes.set_ylabel(plot.y_label)
    axes.margins(x=0.02)
    if all(float(x).is_integer() for curve in plot.curves for x, _ in curve.points):
        axes.locator_params(axis="x", integer=True)
    if any(curve.label for curve in plot.curves):
        axes.legend(frameon=False, fontsize=9)


def _stacked(levels: Iterable[Level], gap: float) -> Iterator[tuple[float, str]]:
    """Yield where the names of levels stand: those of levels close to each other below one another."""
    groups: list[list[Level]] = []
    for level in sorted(levels, key=lambda level: -level.y):
        if groups and groups[-1][0].y - level.y < gap * len(groups[-1]):
            groups[-1].append(level)
        else:
            groups.append([level])
    for group in groups:
        yield (group[0].y + group[-1].y) / 2, "\n".join(level.label for level in group)
