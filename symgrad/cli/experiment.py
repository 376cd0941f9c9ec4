"""``symgrad experiment``: the experiments of the chapter, each a command of its own."""

from __future__ import annotations

import click

from symgrad.cli.experiment_accuracy import accuracy_command
from symgrad.cli.experiment_fetch import fetch_command
from symgrad.cli.experiment_propagation import propagation_command
from symgrad.cli.experiment_speed import speed_command
from symgrad.cli.experiment_summary import summary_command


@click.group("experiment", no_args_is_help=False)
def command() -> None:
    """Measure how fast each layer of a network learns, on real data, and write tables and figures."""


for each in (speed_command, accuracy_command, propagation_command, summary_command, fetch_command):
    command.add_command(each)
