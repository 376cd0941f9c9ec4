"""``symgrad experiment accuracy``: what deeper networks reach by mini-batches, beside the chapter's accuracies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from symgrad.cli.experiment_options import INTERRUPTED, data_options, directory, file_options, hyphenated, progress
from symgrad.cli.output import write

if TYPE_CHECKING:
    from symgrad.experiments.training import Accuracy


@click.command("accuracy", short_help="What deeper networks reach by mini-batches.")
@data_options
@click.option("--epochs", type=click.IntRange(1), default=30, show_default=True)
@click.option("--batch", type=click.IntRange(1), default=10, show_default=True, help="Images of a mini-batch.")
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
    seed: int,
    figures: tuple[str, ...],
    output: str,
) -> int:
    """Train by mini-batches, and tell the accuracy on the last sixth of the images, which it is not trained with.

    Ctrl-C keeps what is done.

    \b
    Examples:
      symgrad experiment accuracy
      symgrad experiment accuracy --hidden 30 --epochs 100 -o accuracy
      symgrad experiment accuracy --data ~/mnist
    """
    from symgrad.experiments import accuracy, read_data
    from symgrad.experiments.chapter import ACCURACIES, NETWORKS
    from symgrad.experiments.figures import accuracies, save_figure
    from symgrad.experiments.results import save

    folder, chosen = directory(output), read_data(data)
    runs: list[Accuracy] = []
    for sizes in hidden or NETWORKS:
        with progress(epochs, f"training {list(sizes)}") as tick:
            run = accuracy(sizes, chosen, epochs, initialisation, cost, seed, rate, decay, batch, tick)
        if not runs:
            write(
                f"{run.images:,} images of {chosen.name} to train with, {run.validation:,} to validate, seed {seed}\n"
            )
        runs.append(run)
        reached = f"{run.accuracies[-1]:.2%}" if run.accuracies else "not one epoch"
        beside = f"; the chapter, on MNIST: {ACCURACIES[sizes]:.2%}" if sizes in ACCURACIES else ""
        write(f"{list(sizes)}: {reached} after {len(run.accuracies)} epochs{beside}\n")
        save(run, folder / f"accuracy-{hyphenated(sizes)}")
        if not run.complete:
            break
    for suffix in figures:
        save_figure(accuracies(runs), folder / f"accuracy.{suffix}")
    complete = runs[-1].complete
    write(f"wrote {folder}\n" if complete else f"interrupted; wrote what is done to {folder}\n")
    return 0 if complete else INTERRUPTED
