"""The figures of the chapter, drawn by matplotlib: a bar on each neuron, and the speed of each layer against epoch."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from symgrad.errors import SymgradError, UnknownName
from symgrad.experiments.learning_speed import Spread
from symgrad.experiments.perceptron import INITIALISATIONS
from symgrad.experiments.propagation import Propagation
from symgrad.experiments.training import Training
from symgrad.experiments.training_seeds import AccuracySeeds, TrainingSeeds
from symgrad.export.figure import HEIGHT, STYLE, WIDTH
from symgrad.export.figure_network import COLOURS, draw_bars
from symgrad.files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf", "pgf")
METADATA: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""No date, so that the same figure gives the same file."""
NEURONS = 6
"""Of each layer that are drawn, as in the chapter."""

Draw = Callable[["Axes"], None]
"""What draws one figure."""


def save_figure(draw: Draw, path: Path, height: float = HEIGHT) -> None:
    """Draw a figure to a file in the format of its suffix; .pgf is for \\input in LaTeX, and needs LaTeX to be made.

    Raises SymgradError where matplotlib or LaTeX is missing, or where the file cannot be written.
    """
    format_ = path.suffix.removeprefix(".")
    if format_ not in FORMATS:
        raise UnknownName("format of a figure", format_, FORMATS)
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise SymgradError("figures need matplotlib", todo="pip install 'symgrad[experiments]'") from None
    pgf: dict[Any, Any] = {"pgf.texsystem": "pdflatex", "pgf.rcfonts": False, "svg.hashsalt": path.stem}
    with matplotlib.rc_context({**STYLE, **pgf}):
        canvas = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(canvas.add_subplot())
        write_whole(path, _drawn(canvas, format_), todo="name another directory")


def _drawn(canvas: Figure, format_: str) -> str | bytes:
    out: io.StringIO | io.BytesIO = io.StringIO() if format_ == "pgf" else io.BytesIO()
    try:
        options: dict[str, Any] = {"metadata": METADATA[format_]} if format_ in METADATA else {}
        canvas.savefig(out, format=format_, dpi=200, **options)
    except RuntimeError as error:
        if format_ != "pgf":
            raise
        what = str(error).splitlines()[0]
        raise SymgradError(
            f"a PGF figure is measured by LaTeX, which fails: {what}", todo="install pdflatex, or take svg or pdf"
        ) from None
    return out.getvalue()


def neurons(run: Training) -> Draw:
    """Return what draws the first hidden neurons with a bar for |∂C/∂b| each, before the first step."""

    def draw(axes: Axes) -> None:
        draw_bars(axes, tuple(layer[:NEURONS] for layer in run.start), r"|\partial C/\partial b|")

    return draw


def speed(found: Training | TrainingSeeds) -> Draw:
    r"""Return what draws \|δ^l\| of each hidden layer against the epoch, on a logarithmic scale.

    Of several seeds it draws the median, in a band that holds 5 % to 95 % of them.
    """
    runs = found if isinstance(found, TrainingSeeds) else TrainingSeeds((found,))

    def draw(axes: Axes) -> None:
        middle, low, high = (runs.quantile(q) for q in (0.5, 0.05, 0.95))
        for k in range(middle.shape[1]):
            colour = COLOURS[k % len(COLOURS)]
            if len(runs.runs) > 1:
                axes.fill_between(range(len(low)), low[:, k], high[:, k], color=colour, alpha=0.25, linewidth=0)
            axes.plot(middle[:, k], color=colour, linewidth=1.3, label=f"hidden layer {k + 1}")
        axes.set_yscale("log")
        axes.locator_params(axis="x", integer=True)
        axes.set_xlabel("number of epochs of training")
        axes.set_ylabel(r"speed of learning, $\|\delta^l\|$")
        seeds = f"; median, and 5 % to 95 %, of {len(runs.runs)} seeds" if len(runs.runs) > 1 else ""
        count = len(runs.hidden)
        axes.set_title(f"{count} hidden layer{'s' if count > 1 else ''}{seeds}", fontsize=10)
        axes.margins(x=0.02)
        axes.legend(frameon=False, fontsize=9)

    return draw


def spread(spreads: tuple[Spread, ...]) -> Draw:
    """Return what draws the speeds at the start of one network over the seeds, beside the chapter's numbers."""

    def draw(axes: Axes) -> None:
        layers = range(1, len(spreads[0].setting.hidden) + 1)
        width = 0.8 / len(spreads)
        for i, s in enumerate(spreads):
            at = [k + (i - (len(spreads) - 1) / 2) * width for k in layers]
            low, high = s.quantile(0.05), s.quantile(0.95)
            weights = INITIALISATIONS[s.setting.initialisation].replace("1/n_in", r"$1/n_\mathrm{in}$")
            label = f"{weights}, {s.setting.cost.replace('_', '-')}"
            axes.vlines(at, low, high, color=COLOURS[i % len(COLOURS)], linewidth=5, alpha=0.45)
            axes.plot(at, s.median, "_", color=COLOURS[i % len(COLOURS)], markersize=9, label=label)
        if spreads[0].chapter:
            ends = ([k - 0.45 for k in layers], [k + 0.45 for k in layers])
            axes.hlines(spreads[0].chapter, *ends, color="#1b1b1b", linestyle=":", label="the chapter, MNIST")
        axes.set_yscale("log")
        axes.set_xticks(list(layers))
        axes.set_xlabel("hidden layer")
        axes.set_ylabel(r"$\|\delta^l\|$ at the start")
        axes.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1), ncol=2)

    return draw


def accuracies(found: Sequence[AccuracySeeds]) -> Draw:
    """Return what draws the validation accuracy of several networks against the epoch, a line for each seed."""

    def draw(axes: Axes) -> None:
        for k, seeds in enumerate(found):
            label = f"[{', '.join(map(str, seeds.hidden))}]"
            for i, run in enumerate(seeds.runs):
                epochs, colour = range(1, len(run.accuracies) + 1), COLOURS[k % len(COLOURS)]
                axes.plot(epochs, run.accuracies, color=colour, linewidth=1.3, label="" if i else label)
        axes.set_xlabel("epochs of training by mini-batches")
        axes.set_ylabel("validation accuracy")
        axes.set_ylim(0, 1)
        axes.locator_params(axis="x", integer=True)
        axes.legend(frameon=False, fontsize=9, title="hidden layers", title_fontsize=9)

    return draw


def by_layer(found: Sequence[Propagation]) -> Draw:
    """Return what draws the gradient by layer of random networks, every seed, beside the predicted lines."""

    def draw(axes: Axes) -> None:
        for k, p in enumerate(found):
            at, colour = p.prediction, COLOURS[k % len(COLOURS)]
            layers = range(1, p.norms.shape[1] + 1)
            axes.fill_between(
                layers, p.relative.min(axis=0), p.relative.max(axis=0), color=colour, alpha=0.35, linewidth=0
            )
            label = rf"{at.activation}, $\sigma_w^2={at.weight_variance:.4g}$, $\sigma_b^2={at.bias_variance:.4g}$"
            axes.plot(layers, np.exp(np.log(p.relative).mean(axis=0)), color=colour, linewidth=1.2, label=label)
            axes.plot(layers, at.line(len(layers)), color="#1b1b1b", linewidth=1, linestyle=(0, (1, 2)))
        axes.plot([], [], color="#1b1b1b", linewidth=1, linestyle=(0, (1, 2)), label=r"predicted, $\chi_1^{(L-l)/2}$")
        axes.set_yscale("log")
        axes.set_xlabel("layer $l$")
        axes.locator_params(axis="x", integer=True)
        axes.set_ylabel(r"$\|\delta^l\|/\|\delta^L\|$")
        axes.margins(x=0.02)
        axes.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1), ncol=2)

    return draw
