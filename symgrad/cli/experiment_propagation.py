"""``symgrad experiment propagation``: the gradient by layer of random networks, beside the predicted line."""

from __future__ import annotations

import click

from symgrad.cli.experiment_options import directory, file_options, keeping, progress, told
from symgrad.cli.output import write
from symgrad.cli.stopped import stoppable
from symgrad.cli.workers import workers_of, workers_options

MUCH = 10**9
"""Weights that are drawn, beyond which several processes are worth their start."""


@click.command("propagation", short_help="Deep random networks beside the predicted line.")
@click.argument("activation", required=False)
@click.option("--weight-variance", default="1", show_default=True, metavar="NUMBER", help="σ_w², of √n_in w.")
@click.option("--bias-variance", default="0", show_default=True, metavar="NUMBER", help="σ_b².")
@click.option("--width", type=click.IntRange(1), default=1000, show_default=True, help="Neurons of each layer.")
@click.option("--depth", type=click.IntRange(2), default=50, show_default=True, help="Layers.")
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True, help="Networks of each kind.")
@workers_options
@file_options
def propagation_command(
    activation: str | None,
    weight_variance: str,
    bias_variance: str,
    width: int,
    depth: int,
    seeds: int,
    workers: int | None,
    scheduler: str | None,
    seed: int,
    figures: tuple[str, ...],
    output: str,
) -> int:
    """Draw random networks, and compare ‖δ^l‖ of each layer with the predicted χ₁^((L-l)/2).

    ACTIVATION is any of the registry, as tanh or 'leaky_relu(0.2)'; without it five well-known choices are drawn into
    one figure. Ctrl-C keeps what is done, and the same command goes on there.

    \b
    Examples:
      symgrad experiment propagation
      symgrad experiment propagation tanh --weight-variance 25/9
      symgrad experiment propagation relu --weight-variance 2 --width 300 --depth 100 --seeds 20
    """
    from symgrad.experiments.figures import by_layer, save_figure
    from symgrad.experiments.propagation import SHOWN, predict, propagation
    from symgrad.experiments.results import save

    folder = directory(output)
    wanted = [(activation, weight_variance, bias_variance)] if activation else SHOWN
    predictions = [predict(*settings) for settings in wanted]
    head = {"experiment": "propagation", "of": wanted, "width": width, "depth": depth, "seed": seed, "seeds": seeds}
    jobs = len(predictions) * seeds
    chosen = workers_of(workers, scheduler, lambda n: min(n, jobs) if jobs * depth * width**2 > MUCH else 1)
    with (
        stoppable() as stop,
        keeping(folder, head, chosen) as executor,
        progress(jobs, "drawing networks") as tick,
    ):
        found = propagation(predictions, width, depth, seed, seeds, executor, tick)
        first = f"width {width}, depth {depth}, seeds {seed} to {seed + seeds - 1}"
        write(f"{first}; χ₁ is the factor of ‖δ‖² per layer\n")
        for p in found:
            at = p.prediction
            name = f"{at.activation}, σ_w² = {at.weight_variance:.6g}, σ_b² = {at.bias_variance:.6g}"
            write(f"  {name:<44}predicted {at.rate:.6f}, measured {p.rate:.6f}\n")
        save(found, folder / "propagation")
        for suffix in figures if found else ():
            save_figure(by_layer(found), folder / f"propagation.{suffix}", 4.6)
        if complete := len(found) == len(predictions):
            executor.kept.finish()
    write(told(folder, complete))
    return 0 if complete else stop.code
