"""Pictures of networks: a chain with its factors (also as TikZ), bars on neurons, and nodes with arrows."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

from symgrad.derivation.figure import ChainDiagram, Diagram

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#124b8f", "#b3401f", "#1d6b34", "#7a5195", "#8a6d00", "#444444")
INK, FAINT = "#1b1b1b", "#888888"
GAP = 1.6
"""Distance of two neurons of a chain, in units of the drawing."""
LONGEST_BAR = 0.6
"""In units of the distance of two layers."""
RADIUS = 11
"""Of a node, in points."""

# --- chains ---------------------------------------------------------------------------------------


def draw_chain(axes: Axes, chain: ChainDiagram) -> None:
    """Draw a chain of neurons with its factors."""
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


# --- bars on neurons ------------------------------------------------------------------------------


def draw_bars(axes: Axes, layers: tuple[tuple[float, ...], ...], told: str) -> None:
    """Draw layers of neurons with a bar on each; ``told`` is what the longest bar is."""
    longest = max(max(layer) for layer in layers) or 1.0
    for x, (left, right) in enumerate(pairwise(layers)):
        for y, k in product(range(len(left)), range(len(right))):
            axes.plot([x, x + 1], [-y, -k], color="#bbbbbb", linewidth=0.5, zorder=1)
    for x, layer in enumerate(layers):
        for y, size in enumerate(layer):
            end, colour = x + LONGEST_BAR * size / longest, COLOURS[x % len(COLOURS)]
            axes.plot([x], [-y], "o", markersize=20, markerfacecolor="white", markeredgecolor=INK, zorder=2)
            axes.plot([x, end], [-y, -y], linewidth=5, solid_capstyle="butt", color=colour, zorder=3)
        axes.text(x, 0.75, f"hidden layer {x + 1}", ha="center", fontsize=9)
    lowest = -max(map(len, layers))
    axes.text(len(layers) - 0.2, lowest + 0.2, f"longest bar: ${told} = {longest:.3g}$", ha="right", fontsize=8)
    axes.set_xlim(-0.4, len(layers) - 0.2)
    axes.set_ylim(lowest, 1.1)
    axes.set_axis_off()


# --- nodes and arrows -----------------------------------------------------------------------------


def draw_diagram(axes: Axes, diagram: Diagram) -> None:
    """Draw the nodes and arrows of a network."""
    places = {node.name: node for node in diagram.nodes}
    for arrow in diagram.arrows:
        start, end = places[arrow.start], places[arrow.end]
        colour = COLOURS[(arrow.colour - 1) % len(COLOURS)] if arrow.colour else FAINT
        style = {
            "arrowstyle": "->",
            "color": colour,
            "linewidth": 1.5 if arrow.colour else 0.9,
            "shrinkA": RADIUS,
            "shrinkB": RADIUS,
        }
        here, there = (start.x, start.y + arrow.shift), (end.x, end.y + arrow.shift)
        axes.annotate("", there, here, arrowprops=style, zorder=1)
        if arrow.label:
            middle = ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
            axes.annotate(
                f"${arrow.label}$", middle, textcoords="offset points", xytext=(0, 7), ha="center", fontsize=9
            )
    for node in diagram.nodes:
        if node.kind == "neuron":
            axes.plot(
                [node.x], [node.y], "o", markersize=2 * RADIUS, markerfacecolor="white", markeredgecolor=INK, zorder=2
            )
        box = {"boxstyle": "round,pad=0.25", "facecolor": "#dfe8f3", "edgecolor": "none"}
        axes.text(
            node.x,
            node.y,
            f"${node.label}$" if node.label else "",
            ha="center",
            va="center",
            fontsize=13 if r"\frac" in node.label else 10,
            bbox=box if node.kind == "shared" else None,
            zorder=3,
        )
    axes.set_xlim(min(n.x for n in diagram.nodes) - 0.5, max(n.x for n in diagram.nodes) + 0.5)
    axes.set_ylim(min(n.y for n in diagram.nodes) - 0.5, max(n.y for n in diagram.nodes) + 0.5)
    axes.set_axis_off()
