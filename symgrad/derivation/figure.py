"""Figures as data: what is drawn, not how. An exporter draws them, and computes nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
    """Points joined by a line; the label stands in the legend, with mathematics between dollar signs.

    band: (x, low, high), what is shaded behind the line: how far measurements spread.

    >>> Curve("$x^2$", ((0.0, 0.0), (1.0, 1.0))).label
    '$x^2$'
    """

    label: str
    points: tuple[tuple[float, float], ...]
    band: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Mark:
    """A point that is marked and named, in the units of the axes.

    >>> Mark(0.0, 0.25, "1/4").y
    0.25
    """

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Level:
    """A horizontal line with its name at the right end: from there on something is lost.

    since: the other border of a band that ends at the line, within which the loss begins.

    >>> Level(2.0**-149, "fp32", since=2.0**-126).label
    'fp32'
    """

    y: float
    label: str
    since: float | None = None


@dataclass(frozen=True)
class Plot:
    """Curves over one axis. ``log``: the vertical axis is logarithmic. Labels hold mathematics between dollar signs.

    >>> plot = Plot("square", "A square.", "$x$", "$x^2$", (Curve("$x^2$", ((0.0, 0.0), (1.0, 1.0))),))
    >>> len(plot.curves), plot.log
    (1, False)
    """

    name: str
    caption: str
    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...] = ()
    log: bool = False
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True)
class ChainDiagram:
    """A chain of neurons with a factor over each weight and each neuron: the network as a mnemonic.

    neurons, weights: their names along the chain, weights[i] leading into neurons[i]; factors_over_neurons and
    factors_over_weights: what stands over each, "" for nothing; end: what stands at the end, as ∂C/∂a_4. All in
    LaTeX without dollar signs.

    >>> one = ChainDiagram("one", "One neuron.", ("z_1",), ("w_1",), (r"\\sigma'(z_1)",), ("",), "C", "")
    >>> one.neurons
    ('z_1',)
    """

    name: str
    caption: str
    neurons: tuple[str, ...]
    weights: tuple[str, ...]
    factors_over_neurons: tuple[str, ...]
    factors_over_weights: tuple[str, ...]
    end: str
    factor_over_end: str


@dataclass(frozen=True)
class NeuronBars:
    """Layers of neurons, each with a bar; bars of the same length stand for the same size.

    layers: the sizes, layer by layer, 0 or more. told: what the longest bar is, in LaTeX, as "|∂C/∂b|".

    >>> NeuronBars("bars", "Two layers.", ((0.1, 0.2), (0.4, 0.3)), "x").layers[1]
    (0.4, 0.3)
    """

    name: str
    caption: str
    layers: tuple[tuple[float, ...], ...]
    told: str


@dataclass(frozen=True)
class Node:
    """A node of a diagram at (x, y), with a label in LaTeX without dollar signs.

    kind: "neuron" has a circle, "text" has none, "shared" is shaded.

    >>> Node("s_1", 1, 0, "s_1").kind
    'neuron'
    """

    name: str
    x: float
    y: float
    label: str = ""
    kind: str = "neuron"


@dataclass(frozen=True)
class Arrow:
    """An arrow between two nodes, by their names. colour: 0 is grey, 1 and more are those of curves.

    shift: by how much it is moved upwards, so that several can run side by side.

    >>> Arrow("s_1", "s_2").colour
    0
    """

    start: str
    end: str
    label: str = ""
    colour: int = 0
    shift: float = 0.0


@dataclass(frozen=True)
class Diagram:
    """A network, drawn: nodes and arrows, in units of the distance of two neighbours.

    >>> one = Diagram("one", "One step.", (Node("a", 0, 0, "s_0"), Node("b", 1, 0, "s_1")), (Arrow("a", "b"),))
    >>> one.height
    1.0
    """

    name: str
    caption: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]

    @property
    def height(self) -> float:
        """From the middle of the lowest node to that of the highest, and half a unit on either side."""
        places = [node.y for node in self.nodes]
        return max(places) - min(places) + 1.0


@dataclass(frozen=True)
class Table:
    """Rows of words under a header: a summary of what the steps show. No mathematics between dollar signs.

    >>> Table("depths", "Depths.", ("format", "depth"), (("fp32", "150"),)).rows
    (('fp32', '150'),)
    """

    name: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Program:
    """A short session, of Python after >>> and ..., or of a shell after $, and below each what it prints.

    >>> Program("half", "A power.", ">>> 0.5 ** 2\\n0.25").session
    '>>> 0.5 ** 2\\n0.25'
    """

    name: str
    caption: str
    session: str


Drawing = Plot | ChainDiagram | NeuronBars | Diagram
Figure = Drawing | Table | Program
