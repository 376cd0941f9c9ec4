"""``symgrad experiment accuracy``: what deeper networks reach by mini-batches, beside the chapter's accuracies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from symgrad.cli.experiment_options import data_options, directory, file_options, hyphenated, keeping, progress, told
from symgrad.cli.output import write
from symgrad.cli.stopped import stoppable
from symgrad.cli.workers import workers_of, workers_options

if TYPE_CHECKING:
    from symgrad.experiments.training_seeds import AccuracySeeds

MUCH = 1_000_000
"""Images by which networks are trained, beyond which several processes are worth their start."""


@click.command("accuracy", short_help="What deeper networks reach by mini-batches.")
@data_options(decay=5 / 50_000)
@click.option("--epochs", type=click.IntRange(1), default=30, show_default=True)
@click.option("--batch", type=click.IntRange(1), default=10, show_default=True, help="Images of a mini-batch.")
@click.option("--runs", type=click.IntRange(1), default=1, show_default=True, help="Seeds of each network.")
@workers_options
@file_options
def accuracy_command(
    hidden: tuple[tuple[int, ...], ...],
    data: str,
    initialisation: str,
    cost: str,
    rate: float,
    decay: float,
    epochs: int,
    batch: int,
    runs: int,
    workers: int | None,
    scheduler: str | None,
    seed: int,
    figures: tuple[str, ...],
    output: str,
) -> int:
    """Train by mini-batches, and tell the accuracy on the last sixth of the images, which it is not trained with.

    Ctrl-C keeps what is done, and the same command goes on there.

    \b
    Examples:
      symgrad experiment accuracy
      symgrad experiment accuracy --hidden 30 --epochs 100 -o accuracy
      symgrad experiment accuracy --data mnist --runs 3 --workers 4
    """
    from symgrad.experiments import read_data
    from symgrad.experiments.chapter import ACCURACIES, NETWORKS
    from symgrad.experiments.figures import accuracies, save_figure
    from symgrad.experiments.results import save
    from symgrad.experiments.training_seeds import accuracy_networks

    folder, chosen, networks = directory(output), read_data(data), hidden or NETWORKS
    done: list[AccuracySeeds] = []
    options: dict[str, Any] = {"epochs": epochs, "initialisation": initialisation, "cost": cost}
    options |= {"rate": rate, "decay": decay, "batch": batch}
    head = {"experiment": "accuracy", "data": chosen.digest, "networks": networks, "seed": seed, "runs": runs}
    jobs = len(networks) * runs
    work = workers_of(workers, scheduler, lambda n: min(n, jobs) if jobs * epochs * len(chosen) > MUCH else 1)
    with (
        stoppable() as stop,
        keeping(folder, head | options, work) as executor,
        progress(jobs * epochs, "training") as tick,
    ):
        for found in accuracy_networks(networks, chosen, seed, runs, executor, tick, **options):
            if not done:
                write(_head(found))
            done.append(found)
            sizes = found.hidden
            last = found.runs[-1].accuracies
            reached = ", ".join(f"{run.accuracies[-1]:.2%}" for run in found.runs if run.accuracies) or "not one epoch"
            beside = f"; the chapter, on MNIST: {ACCURACIES[sizes]:.2%}" if sizes in ACCURACIES else ""
            write(f"{list(sizes)}: {reached} after {len(last)} epochs{beside}\n")
            save(found, folder / f"accuracy-{hyphenated(sizes)}")
        for suffix in figures if done else ():
            save_figure(accuracies(done), folder / f"accuracy.{suffix}")
        complete = len(done) == len(networks) and done[-1].complete
        if complete:
            executor.kept.finish()
    write(told(folder, complete))
    return 0 if complete else stop.code


def _head(found: AccuracySeeds) -> str:
    run = found.runs[0]
    first, last = run.seed, found.runs[-1].seed
    seeds = f"seed {first}" if first == last else f"seeds {first} to {last}"
    images = f"{run.images:,} images of {run.data.name} to train with, {run.validation:,} to validate"
    return f"{images}, {seeds}\n"
