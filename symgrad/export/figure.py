"""Figures as SVG for pages and PDF for LaTeX, drawn by matplotlib; a chain of neurons also as TikZ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from symgrad.derivation.figure import ChainDiagram, Drawing, Level, Plot
from symgrad.errors import SymgradError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

WIDTH, HEIGHT = 6.2, 3.4
"""Inches."""
STYLE: dict[Any, Any] = {
    "font.family": "serif",
    "font.size": 10,
    "mathtext.fontset": "cm",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "path",
}
COLOURS = ("#124b8f", "#b3401f", "#1d6b34", "#7a5195", "#8a6d00", "#444444")
GAP = 1.6
"""Distance of two neurons of a chain, in units of the drawing."""


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
                _chain(canvas, figure)
        out = BytesIO()
        canvas.savefig(out, format=format_, metadata=metadata)
    return out.getvalue()


# --- plots ----------------------------------------------------------------------------------------


def _plot(canvas: Canvas, plot: Plot) -> None:
    axes = canvas.add_subplot()
    for i, curve in enumerate(plot.curves):
        x, y = zip(*curve.points, strict=True)
        axes.plot(
            x, y, color=COLOURS[i % len(COLOURS)], label=curve.label, linewidth=1.5, linestyle=("-", "--")[i // 6 % 2]
        )
    for mark in plot.marks:
        axes.plot([mark.x], [mark.y], "o", color="#1b1b1b", markersize=4)
        axes.annotate(mark.label, (mark.x, mark.y), textcoords="offset points", xytext=(6, 6))
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


# --- chains ---------------------------------------------------------------------------------------


def _chain(canvas: Canvas, chain: ChainDiagram) -> None:
    axes = canvas.add_subplot()
    for x, neuron, over in zip(_places(chain), chain.neurons, chain.factors_over_neurons, strict=True):
        axes.plot([x], [0], "o", markersize=19, markerfacecolor="white", markeredgecolor="#1b1b1b")
        _write(axes, x, 0, neuron)
        _write(axes, x, 0.95, over)
    for x, weight, over in zip(_places(chain), chain.weights, chain.factors_over_weights, strict=True):
        _arrow(axes, x - GAP + 0.32, x - 0.34)
        _write(axes, x - GAP / 2, -0.32, weight)
        _write(axes, x - GAP / 2, 0.95, over)
    end = (len(chain.neurons)) * GAP
    _arrow(axes, end - GAP + 0.34, end - 0.3)
    _write(axes, end, 0, chain.end)
    _write(axes, end, 0.95, chain.factor_over_end)
    axes.set_xlim(-GAP, end + 0.5)
    axes.set_ylim(-0.75, 1.5)
    axes.set_axis_off()


def _places(chain: ChainDiagram) -> list[float]:
    return [i * GAP for i in range(len(chain.neurons))]


def _write(axes: Axes, x: float, y: float, latex: str) -> None:
    if latex:
        size = 15 if r"\frac" in latex else 10
        axes.text(x, y, f"${latex}$", ha="center", va="center", fontsize=size)


def _arrow(axes: Axes, start: float, end: float) -> None:
    axes.annotate("", (end, 0), (start, 0), arrowprops={"arrowstyle": "->", "color": "#1b1b1b", "linewidth": 1})


def chain_tikz(chain: ChainDiagram) -> str:
    """Return a chain of neurons as a tikzpicture."""
    lines = [r"\begin{tikzpicture}[>=stealth, neuron/.style={circle, draw, inner sep=1pt, minimum size=7mm}]"]
    for i, (x, neuron, over) in enumerate(zip(_places(chain), chain.neurons, chain.factors_over_neurons, strict=True)):
        lines.append(rf"  \node[neuron] (n{i}) at ({x:.1f}, 0) {{${neuron}$}};")
        lines += _over(x, over)
    for i, (x, weight, over) in enumerate(zip(_places(chain), chain.weights, chain.factors_over_weights, strict=True)):
        start = f"(n{i - 1})" if i else f"({x - GAP:.1f}, 0)"
        lines.append(rf"  \draw[->] {start} -- node[below] {{${weight}$}} (n{i});")
        lines += _over(x - GAP / 2, over)
    end = len(chain.neurons) * GAP
    lines.append(rf"  \node (end) at ({end:.1f}, 0) {{${chain.end}$}};")
    lines.append(rf"  \draw[->] (n{len(chain.neurons) - 1}) -- (end);")
    lines += _over(end, chain.factor_over_end)
    return "\n".join([*lines, r"\end{tikzpicture}"])


def _over(x: float, latex: str) -> list[str]:
    return [rf"  \node at ({x:.1f}, 1.0) {{${latex}$}};"] if latex else []
