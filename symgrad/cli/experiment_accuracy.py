"""``symgrad experiment accuracy``: what deeper networks reach by mini-batches, beside the chapter's accuracies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from symgrad.cli.experiment_options import INTERRUPTED, data_options, directory, file_options, hyphenated, progress
from symgrad.cli.output import write

if TYPE_CHECKING:
    from symgrad.experiments.training import AccuracySeeds


@click.command("accuracy", short_help="What deeper networks reach by mini-batches.")
@data_options(decay=5 / 50_000)
@click.option("--epochs", type=click.IntRange(1), default=30, show_default=True)
@click.option("--batch", type=click.IntRange(1), default=10, show_default=True, help="Images of a mini-batch.")
@click.option("--runs", type=click.IntRange(1), default=1, show_default=True, help="Seeds of each network.")
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
      symgrad experiment accuracy --data mnist --runs 3
    """
    from symgrad.experiments import accuracy_seeds, read_data
    from symgrad.experiments.chapter import ACCURACIES, NETWORKS
    from symgrad.experiments.figures import accuracies, save_figure
    from symgrad.experiments.results import save

    folder, chosen = directory(output), read_data(data)
    done: list[AccuracySeeds] = []
    options = {"epochs": epochs, "initialisation": initialisation, "cost": cost, "batch": batch}
    for sizes in hidden or NETWORKS:
        with progress(runs * epochs, f"training {list(sizes)}") as tick:
            found = accuracy_seeds(sizes, chosen, seed, runs, tick, rate=rate, decay=decay, **options)
        if not done:
            write(_head(found))
        done.append(found)
        last = found.runs[-1].accuracies
        reached = ", ".join(f"{run.accuracies[-1]:.2%}" for run in found.runs if run.accuracies) or "not one epoch"
        beside = f"; the chapter, on MNIST: {ACCURACIES[sizes]:.2%}" if sizes in ACCURACIES else ""
        write(f"{list(sizes)}: {reached} after {len(last)} epochs{beside}\n")
        save(found, folder / f"accuracy-{hyphenated(sizes)}")
        if not found.complete:
            break
    for suffix in figures:
        save_figure(accuracies(done), folder / f"accuracy.{suffix}")
    complete = done[-1].complete
    write(f"wrote {folder}\n" if complete else f"interrupted; wrote what is done to {folder}\n")
    return 0 if complete else INTERRUPTED


def _head(found: AccuracySeeds) -> str:
    run = found.runs[0]
    first, last = run.seed, found.runs[-1].seed
    seeds = f"seed {first}" if first == last else f"seeds {first} to {last}"
    images = f"{run.images:,} images of {run.data.name} to train with, {run.validation:,} to validate"
    return f"{images}, {seeds}\n"
