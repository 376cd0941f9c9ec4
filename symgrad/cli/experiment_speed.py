"""``symgrad experiment speed``: the speed of each hidden layer, at the start over many seeds, and in training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symgrad.cli.experiment_options import data_options, directory, file_options, hyphenated, keeping, progress, told
from symgrad.cli.output import write
from symgrad.cli.stopped import stoppable
from symgrad.cli.workers import workers_of, workers_options
from symgrad.errors import ValuesError

if TYPE_CHECKING:
    from symgrad.experiments.learning_speed import LearningSpeed
    from symgrad.experiments.training_seeds import TrainingSeeds

COLUMN = 30
MUCH = 10_000_000
"""Images by which gradients are averaged, beyond which several processes are worth their start."""


@click.command("speed", short_help="‖∂C/∂b‖ of each hidden layer, at the start and in training.")
@data_options(decay=5 / 1000)
@click.option("--images", type=click.IntRange(1), default=1000, show_default=True, help="The first ones are taken.")
@click.option("--epochs", type=click.IntRange(0), default=500, show_default=True, help="0: no training.")
@click.option(
    "--seeds", type=click.IntRange(1), default=100, show_default=True, help="Draws of each network at the start."
)
@click.option("--runs", type=click.IntRange(1), default=10, show_default=True, help="Seeds of the training.")
@workers_options
@file_options
def speed_command(
    hidden: tuple[tuple[int, ...], ...],
    data: str,
    initialisation: str,
    cost: str,
    rate: float,
    decay: float,
    images: int,
    epochs: int,
    seeds: int,
    runs: int,
    workers: int | None,
    scheduler: str | None,
    seed: int,
    figures: tuple[str, ...],
    output: str,
) -> int:
    """Measure ‖∂C/∂b‖ of every hidden layer, the gradient averaged over the images, and draw the chapter's figures.

    At the start: for weights of variance 1 and of 1/n_in, for the quadratic cost and the cross-entropy, over many
    seeds, beside the chapter's numbers. Then in training by batch gradient descent, with several seeds, and how much
    slower the first hidden layer learns than the last when it ends. Ctrl-C keeps what is done, and the same command
    goes on there.

    \b
    Examples:
      symgrad experiment speed
      symgrad experiment speed --hidden 30,30 --data digits -o speed
      symgrad experiment speed --data mnist --runs 20 --figures svg,pgf
    """
    from symgrad.experiments import learning_speed, read_data
    from symgrad.experiments.chapter import NETWORKS
    from symgrad.experiments.learning_speed import settings, tasks
    from symgrad.experiments.perceptron import COSTS, INITIALISATIONS
    from symgrad.experiments.results import save
    from symgrad.experiments.training_seeds import train_networks

    if rate <= 0:
        raise ValuesError(f"a learning rate of {rate}", todo="give a number above 0: --rate 0.1")
    networks, folder = hidden or NETWORKS, directory(output)
    chosen = read_data(data).first(images)
    options: dict[str, Any] = {"images": images, "epochs": epochs, "initialisation": initialisation, "cost": cost}
    options |= {"rate": rate, "decay": decay}
    head = {"experiment": "speed", "data": chosen.digest, "networks": networks, **options}
    head |= {"seed": seed, "seeds": seeds, "runs": runs}
    gradients = len(networks) * images * (len(INITIALISATIONS) * len(COSTS) * seeds + runs * epochs)
    jobs = max(len(networks) * runs if epochs else seeds, 1)
    work = workers_of(workers, scheduler, lambda n: min(n, jobs) if gradients > MUCH else 1)
    with stoppable() as stop, keeping(folder, head, work) as executor:
        with progress(tasks(len(settings(networks)), seeds), "at the start") as tick:
            found = learning_speed(networks, chosen, images, seed, seeds, executor=executor, tick=tick)
        write("".join(line + "\n" for line in _lines(found)))
        save(found, folder / "start")
        if figures:
            _draw_start(found, networks, folder, figures)
        complete, done = found.complete, 0
        if complete and epochs:
            with progress(len(networks) * runs * epochs, "training") as tick:
                for trained in train_networks(networks, chosen, seed, runs, executor, tick, **options):
                    write("".join(line + "\n" for line in _told(trained)))
                    save(trained, folder / f"training-{hyphenated(trained.hidden)}")
                    if figures:
                        _draw(trained, folder, figures)
                    done += trained.complete
            complete = done == len(networks)
        if complete:
            executor.kept.finish()
    write(told(folder, complete))
    return 0 if complete else stop.code


def _lines(found: LearningSpeed) -> Iterator[str]:
    """Yield the table of the speeds at the start."""
    if not found.spreads:
        return
    seeds = found.spreads[0].seeds
    yield f"‖δ^l‖ at the start on {len(found.data):,} images of {found.data.name}, the gradient averaged over them;"
    yield f"the median of the seeds {seeds[0]} to {seeds[-1]}, in brackets 5 % to 95 % of them"
    for sizes in dict.fromkeys(s.setting.hidden for s in found.spreads):
        spreads = [s for s in found.spreads if s.setting.hidden == sizes]
        yield ""
        yield f"{list(sizes)!s:<24}" + "".join(f"layer {k + 1}".ljust(COLUMN) for k in range(len(sizes))).rstrip()
        if spreads[0].chapter:
            yield "  the chapter, MNIST    " + "".join(f"{x:g}".ljust(COLUMN) for x in spreads[0].chapter).rstrip()
        for s in spreads:
            columns = zip(s.median, s.quantile(0.05), s.quantile(0.95), strict=True)
            cells = "".join(f"{m:.3g} ({low:.2g} to {high:.2g})".ljust(COLUMN) for m, low, high in columns)
            yield f"  {s.setting.initialisation + ', ' + s.setting.cost:<22}" + cells.rstrip()
    if found.complete and found.nearest:
        weights, cost = found.nearest
        factor = found.distance(weights, cost)
        yield ""
        yield f"nearest to the chapter: {weights}, {cost}; its medians are off by a factor of {factor:.2f} on average"


def _told(found: TrainingSeeds) -> Iterator[str]:
    """Yield the speeds of the medians, and how much slower the first layer learns in the end, by seed."""
    from symgrad.experiments.chapter import NETWORKS, SLOWDOWN

    middle = found.quantile(0.5)
    start, end = (", ".join(f"{x:.3g}" for x in middle[k]) for k in (0, -1))
    yield ""
    yield f"{list(found.hidden)}: ‖δ^l‖ from {start} to {end} in {len(middle) - 1} epochs{_medians(found)}"
    if len(found.hidden) > 1:
        ratios = ", ".join("∞" if s is None else f"{s:.3g}" for s in found.slowdowns)
        beside = f"; the chapter, MNIST: roughly {SLOWDOWN}" if found.hidden == NETWORKS[-1] else ""
        yield f"  in the end the first hidden layer learns slower than the last by {ratios}{beside}"


def _medians(found: TrainingSeeds) -> str:
    first, last = found.seeds[0], found.seeds[-1]
    return "" if first == last else f"; medians of the seeds {first} to {last}"


def _draw_start(
    found: LearningSpeed, networks: tuple[tuple[int, ...], ...], folder: Path, formats: tuple[str, ...]
) -> None:
    from symgrad.experiments.figures import save_figure, spread

    for sizes in networks:
        spreads = tuple(s for s in found.spreads if s.setting.hidden == sizes)
        for suffix in formats if spreads else ():
            save_figure(spread(spreads), folder / f"start-{hyphenated(sizes)}.{suffix}", 4.2)


def _draw(found: TrainingSeeds, folder: Path, formats: tuple[str, ...]) -> None:
    from symgrad.experiments.figures import neurons, save_figure, speed

    for suffix in formats:
        save_figure(neurons(found.runs[0]), folder / f"neurons-{hyphenated(found.hidden)}.{suffix}")
        save_figure(speed(found), folder / f"speed-{hyphenated(found.hidden)}.{suffix}")
