"""Figures as data: what is drawn, not how. An exporter draws them, and computes nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
    """Points joined by a line; the label stands in the legend, with mathematics between dollar signs.

    >>> Curve("$x^2$", ((0.0, 0.0), (1.0, 1.0))).label
    '$x^2$'
    """

    label: str
    points: tuple[tuple[float, float], ...]


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
class Table:
    """Rows of words under a header: a summary of what the steps show. No mathematics between dollar signs.

    >>> Table("depths", "Depths.", ("format", "depth"), (("fp32", "150"),)).rows
    (('fp32', '150'),)
    """

    name: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Drawing = Plot | ChainDiagram
Figure = Drawing | Table
